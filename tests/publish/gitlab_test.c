/* SPDX-License-Identifier: MIT */
/* What GitLab may answer, and what is made of it. A row that begins with a letter and two
 * digits is that row of forge-vectors.md. */
#include "publish/deeds.h"

#define PROJECT        "/api/v4/projects/acme%2Fshop"
#define GITLAB_PROJECT PROJECT
#define P              "/api/v4/projects/42"
#define HERE                                 \
	{                                    \
		PROJECT,                     \
		{                            \
			"200\n\n{\"id\":42}" \
		}                            \
	}
#define GITLAB_LIST(state) \
	P "/merge_requests?state=" state "&source_branch=bot%2Fx&per_page=100&page=1"
#define ALL_OPEN    P "/merge_requests?state=opened&per_page=100&page="
#define GITLAB_POST P "/merge_requests"
#define NOTES(number) \
	P "/merge_requests/" number "/notes?sort=desc&order_by=created_at&per_page=100&page="
#define GROUP                                                                                  \
	"/api/v4/groups/acme/projects?include_subgroups=true&with_shared=false&archived=false" \
	"&min_access_level=30&with_merge_requests_enabled=true&per_page=100&page="
#define PERSON                                                            \
	"/api/v4/users/acme/projects?archived=false&min_access_level=30&" \
	"with_merge_requests_enabled=true&per_page=100&page=1"
#define SEARCH "/api/v4/projects?membership=true&search=shop&per_page=100&page=1"
#define GITLAB_ITEM_IN(number, state, project)                                     \
	"{\"iid\":" number ",\"state\":\"" state "\",\"source_branch\":\"bot/x\"," \
	"\"target_branch\":\"main\",\"source_project_id\":" project "}"
#define GITLAB_ITEM(number, project) GITLAB_ITEM_IN(number, "opened", project)
#define IS_PLAIN                             \
	{                                    \
		P,                           \
		{                            \
			"200\n\n{\"id\":42}" \
		}                            \
	}
#define TRAIN                                                            \
	"POST " P "/merge_trains/merge_requests/6 {\"auto_merge\":true," \
	"\"sha\":\"abc\"}"
#define MERGE                                                                      \
	"PUT " P "/merge_requests/6/merge {\"merge_when_pipeline_succeeds\":true," \
	"\"should_remove_source_branch\":true,\"sha\":\"abc\"}"
#define CANCEL_AT P "/merge_requests/6/cancel_merge_when_pipeline_succeeds"
#define BOARD_3   P "/issues?iids%5B%5D=3&scope=created_by_me"
#define POST_ONE                                                                        \
	"POST " GITLAB_POST " {\"source_branch\":\"bot/x\",\"target_branch\":\"main\"," \
	"\"title\":\"Bump x\",\"description\":\"Bumps x.\",\"remove_source_branch\":true}"

static const Deed deeds[] = {
	{ "c08_passes_over_the_branch_of_a_fork",
	  OPEN,
	  { { GITLAB_PROJECT, { "200\n\n{\"id\":42}" } },
	    { GITLAB_LIST("opened"), { "200\n\n[" GITLAB_ITEM("3", "99") "]" } },
	    { GITLAB_POST, { "201\n\n{\"iid\":5}" } } },
	  "opened 5" },
	{ "c10_says_it_exists_in_a_list",
	  OPEN,
	  { { GITLAB_PROJECT, { "200\n\n{\"id\":42}" } },
	    { GITLAB_LIST("opened"), { "200\n\n[]", "200\n\n[" GITLAB_ITEM("38", "42") "]" } },
	    { GITLAB_POST,
	      { "409\n\n{\"message\":[\"Another open merge request already exists for this "
		"source branch: !38\"]}" } } },
	  "open before 38" },
	{ "c11_does_not_see_the_branch_yet",
	  OPEN,
	  { { GITLAB_PROJECT, { "200\n\n{\"id\":42}" } },
	    { GITLAB_LIST("opened"), { "200\n\n[]" } },
	    { GITLAB_POST,
	      { "400\n\n{\"message\":{\"source_branch\":[\"does not exist\"]}}",
		"201\n\n{\"iid\":5}" } } },
	  "opened 5" },
	{ "c14_error_is_a_bare_array",
	  OPEN,
	  { { GITLAB_PROJECT, { "200\n\n{\"id\":42}" } },
	    { GITLAB_LIST("opened"), { "200\n\n[]" } },
	    { GITLAB_POST, { "422\n\n[\"You can't use same project/branch\"]" } } },
	  "INPUT: 422: You can't use same project/branch" },
	{ "c05_token_lacks_a_scope",
	  OPEN,
	  { { GITLAB_PROJECT,
	      { "403\n\n{\"error\":\"insufficient_scope\",\"error_description\":\"The request "
		"requires higher privileges\",\"scope\":\"api\"}" } } },
	  "DENIED: scope: api" },

	{ "c01_group_in_a_group_is_named_by_its_number",
	  LOOK,
	  { HERE, { P "/merge_requests/6", { "200\n\n" GITLAB_ITEM_IN("6", "merged", "42") } } },
	  "6 merged main" },
	{ "c02_is_hidden_by_a_proxy",
	  LOOK,
	  { { PROJECT, { "404\n\n<html>" } },
	    { SEARCH,
	      { "200\n\n[{\"id\":7,\"path_with_namespace\":\"acme/shop2\"},"
		"{\"id\":42,\"path_with_namespace\":\"Acme/Shop\"}]" } },
	    { P "/merge_requests/6", { "200\n\n" GITLAB_ITEM("6", "42") } } },
	  "6 open main" },
	{ "c02_has_no_such_project",
	  LOOK,
	  { { PROJECT, { "404\n\n{\"message\":\"404 Project Not Found\"}" } },
	    { SEARCH, { "200\n\n[]" } } },
	  "ABSENT: AllowEncodedSlashes NoDecode" },
	{ "c03_has_moved_the_project",
	  LOOK,
	  { { PROJECT, { "301\nLocation: https://h/api/v4/projects/81\n\n{}" } },
	    { "/api/v4/projects/81", { "200\n\n{\"id\":81}" } },
	    { "/api/v4/projects/81/merge_requests/6", { "200\n\n" GITLAB_ITEM("6", "81") } } },
	  "6 open main" },
	{ "c04_refuses_the_token",
	  LOOK,
	  { { PROJECT, { "401\n\n{\"message\":\"401 Unauthorized\"}" } } },
	  "DENIED: does not accept the token: 401 Unauthorized" },
	{ "c07_has_no_merge_requests",
	  OPEN,
	  { { PROJECT, { "200\n\n{\"id\":42,\"merge_requests_access_level\":\"disabled\"}" } } },
	  "INPUT: merge requests are disabled",
	  "" },
	{ "c09_is_told_all_that_it_needs",
	  OPEN,
	  { HERE,
	    { GITLAB_LIST("opened"), { "200\n\n[]" } },
	    { GITLAB_POST, { "201\n\n{\"iid\":5,\"detailed_merge_status\":\"preparing\"}" } } },
	  "opened 5",
	  POST_ONE },
	{ "c11_never_sees_the_branch",
	  OPEN,
	  { HERE,
	    { GITLAB_LIST("opened"), { "200\n\n[]" } },
	    { GITLAB_POST, { "400\n\n{\"message\":{\"source_branch\":[\"does not exist\"]}}" } } },
	  "INPUT: 400: source_branch: does not exist",
	  POST_ONE "\n" POST_ONE "\n" POST_ONE "\n" POST_ONE "\n" POST_ONE },
	{ "c12_holds_the_project_for_another",
	  OPEN,
	  { HERE,
	    { GITLAB_LIST("opened"), { "200\n\n[]" } },
	    { GITLAB_POST,
	      { "409\n\n{\"message\":\"409 Conflict: Resource lock\"}", "201\n\n{\"iid\":5}" } } },
	  "opened 5",
	  POST_ONE "\n" POST_ONE },
	{ "c13_does_not_like_what_we_ask",
	  OPEN,
	  { HERE,
	    { GITLAB_LIST("opened"), { "200\n\n[]" } },
	    { GITLAB_POST,
	      { "400\n\n{\"message\":\"400 (Bad request) \\\"title\\\" not given\"}" } } },
	  "INPUT: \"title\" not given",
	  POST_ONE },
	{ "c15_wants_to_be_left_alone",
	  OPEN,
	  { HERE,
	    { GITLAB_LIST("opened"), { "200\n\n[]" } },
	    { GITLAB_POST, { "429\nContent-Type: text/plain\nRetry-After: 30\n\nRetry later" } } },
	  "BUSY: asks for a pause",
	  POST_ONE },
	{ "c17_has_another_to_that_base",
	  UPDATE,
	  { HERE,
	    { P "/merge_requests/6",
	      { "409\n\n{\"message\":[\"Another open merge request already exists\"]}" } } },
	  "INPUT: updating the merge request: 409: Another open merge request",
	  "PUT " P "/merge_requests/6 {\"title\":\"Bump x\",\"description\":\"Bumps x.\","
	  "\"target_branch\":\"main\"}" },
	{ "closes_one",
	  CLOSE,
	  { HERE, { P "/merge_requests/6", { "200\n\n{\"iid\":6}" } } },
	  "",
	  "PUT " P "/merge_requests/6 {\"state_event\":\"close\"}" },
	{ "c23_c24_does_not_know_somebody",
	  DRESS,
	  { HERE,
	    { "/api/v4/users?username=alice", { "200\n\n[{\"id\":1}]" } },
	    { "/api/v4/users?username=ghost", { "200\n\n[]" } },
	    { "/api/v4/users?username=acme%2Fteam", { "200\n\n[{\"id\":2}]" } },
	    { P "/merge_requests/6",
	      { "200\n\n{}", "200\n\n{\"assignees\":[{\"id\":1}],\"reviewers\":[{\"id\":1}]}" } } },
	  "there is no user 'ghost'\nGitLab has not taken all reviewers\n",
	  "PUT " P "/merge_requests/6 {\"add_labels\":\"dependencies,docker\",\"assignee_ids\":[1],"
	  "\"reviewer_ids\":[1,2],\"milestone_id\":4}" },
	{ "has_people_on_it_already",
	  DRESS,
	  { HERE,
	    { "/api/v4/users?username=alice", { "200\n\n[{\"id\":1}]" } },
	    { "/api/v4/users?username=ghost", { "200\n\n[{\"id\":3}]" } },
	    { "/api/v4/users?username=acme%2Fteam", { "200\n\n[{\"id\":2}]" } },
	    { P "/merge_requests/6",
	      { "200\n\n{\"assignees\":[{\"id\":8},{\"id\":1}],\"reviewers\":[{\"id\":9}]}",
		"200\n\n{\"assignees\":[{\"id\":8},{\"id\":1},{\"id\":3}],"
		"\"reviewers\":[{\"id\":9},{\"id\":1},{\"id\":2}]}" } } },
	  "",
	  "PUT " P "/merge_requests/6 {\"add_labels\":\"dependencies,docker\","
	  "\"assignee_ids\":[8,1,3],\"reviewer_ids\":[9,1,2],\"milestone_id\":4}" },
	{ "does_not_dress_it",
	  DRESS,
	  { HERE,
	    { "/api/v4/users?username=alice", { "200\n\n[]" } },
	    { "/api/v4/users?username=ghost", { "200\n\n[]" } },
	    { "/api/v4/users?username=acme%2Fteam", { "200\n\n[]" } },
	    { P "/merge_requests/6", { "400\n\n{\"message\":\"400 Bad\"}" } } },
	  "there is no user 'alice'\nthere is no user 'ghost'\nthere is no user 'alice'\n"
	  "there is no user 'acme/team'\ndressing: 400: 400 Bad\n" },
	{ "tells_what_people_said",
	  HEAR,
	  { HERE,
	    { P "/merge_requests?state=all&scope=all&updated_after=2026-01-01T00:00:00Z"
		"&per_page=100&page=1",
	      { "200\n\n[{\"iid\":6,\"updated_at\":\"2026-03-02T00:00:00Z\"},{\"iid\":7}]" } },
	    { NOTES("6") "1",
	      { "200\n\n[{\"id\":3,\"body\":\"added 1 commit\",\"system\":true,\"author\":"
		"{\"username\":\"a\"},\"created_at\":\"2026-01-02T00:00:00Z\"},"
		"{\"id\":4,\"body\":\"b\",\"author\":{\"id\":3,\"username\":\"project_4_bot_x\"},"
		"\"created_at\":\"2026-01-02T00:00:00Z\",\"updated_at\":\"2026-01-02T00:00:00Z\"}"
		"]" } } },
	  "project_4_bot_x on 6: b (bot); the last 2026-03-02T00:00:00Z" },
	{ "tells_what_people_said_no_further_back_than_that",
	  HEAR,
	  { HERE,
	    { P "/merge_requests?state=all&scope=all&updated_after=2026-01-01T00:00:00Z"
		"&per_page=100&page=1",
	      { "200\n\n[{\"iid\":6,\"updated_at\":\"2026-01-02T00:00:00Z\"}]" } },
	    { NOTES("6") "1",
	      { "200\nLink: <https://h/?page=2>; rel=\"next\"\n\n[{\"id\":4,\"body\":\"b\","
		"\"author\":{\"id\":3,\"username\":\"ann\"},"
		"\"created_at\":\"2026-01-02T00:00:00Z\",\"updated_at\":\"2026-01-02T00:00:00Z\"},"
		"{\"id\":3,\"body\":\"a\",\"author\":{\"id\":3,\"username\":\"ann\"},"
		"\"created_at\":\"2025-01-02T00:00:00Z\",\"updated_at\":\"2025-01-02T00:00:00Z\"}"
		"]" } },
	    { NOTES("6") "2", { "500\n\n{}" } } },
	  "ann on 6: b; the last 2026-01-02T00:00:00Z" },
	{ "lets_a_developer_push",
	  MAY_PUSH,
	  { HERE, { P "/members/all/3", { "200\n\n{\"access_level\":30}" } } },
	  "may" },
	{ "lets_a_reporter_not",
	  MAY_PUSH,
	  { HERE, { P "/members/all/3", { "200\n\n{\"access_level\":20}" } } },
	  "may not" },
	{ "does_not_know_a_member",
	  MAY_PUSH,
	  { HERE, { P "/members/all/3", { "404\n\n{}" } } },
	  "may not" },
	{ "lets_a_token_do_all_that_is_needed",
	  CHECK,
	  { { "/api/v4/projects/acme%2Fshop",
	      { "200\n\n{\"id\":42,\"permissions\":{\"project_access\":{\"access_level\":30}}}" } },
	    { "/api/v4/personal_access_tokens/self", { "200\n\n{\"scopes\":[\"api\"]}" } },
	    { "/api/v4/user", { "200\n\n{\"username\":\"bot\"}" } },
	    { P,
	      { "200\n\n{\"id\":42,\"permissions\":{\"project_access\":{\"access_level\":30}}}" } },
	    { P "/issues", { "400\n\n{\"error\":\"title is missing\"}" } } },
	  "bot\n"
	  "+ read the project\n"
	  "+ open and close merge requests\n"
	  "+ keep the dashboard" },
	{ "lacks_the_scope_of_a_token",
	  CHECK,
	  { { "/api/v4/projects/acme%2Fshop",
	      { "200\n\n{\"id\":42,\"permissions\":{\"project_access\":{\"access_level\":30}}}" } },
	    { "/api/v4/personal_access_tokens/self",
	      { "200\n\n{\"scopes\":[\"read_api\",\"write_repository\"]}" } },
	    { "/api/v4/user", { "200\n\n{\"username\":\"bot\"}" } },
	    { P,
	      { "200\n\n{\"id\":42,\"permissions\":{\"project_access\":{\"access_level\":30}}}" } },
	    { P "/issues", { "403\n\n{\"message\":\"no\"}" } } },
	  "bot\n"
	  "+ read the project\n"
	  "- open and close merge requests: the token lacks the scope 'api'\n"
	  "- keep the dashboard: the token may not do this: no" },
	{ "counts_what_a_token_may_do_beyond_need",
	  CHECK,
	  { { "/api/v4/projects/acme%2Fshop",
	      { "200\n\n{\"id\":42,\"permissions\":{\"project_access\":{\"access_level\":30}}}" } },
	    { "/api/v4/personal_access_tokens/self",
	      { "200\n\n{\"scopes\":[\"api\",\"sudo\",\"admin_mode\"],\"expires_at\":\"2026-12-"
		"24\"}" } },
	    { "/api/v4/user", { "200\n\n{\"username\":\"bot\"}" } },
	    { P,
	      { "200\n\n{\"id\":42,\"permissions\":{\"project_access\":{\"access_level\":30}}}" } },
	    { P "/issues", { "400\n\n{\"error\":\"title is missing\"}" } } },
	  "bot\n"
	  "+ read the project\n"
	  "+ open and close merge requests\n"
	  "+ keep the dashboard\n"
	  "* the scope 'sudo' is not needed\n"
	  "* the scope 'admin_mode' is not needed\n"
	  "* the token expires on 2026-12-24" },
	{ "lets_an_account_only_report",
	  CHECK,
	  { { "/api/v4/projects/acme%2Fshop",
	      { "200\n\n{\"id\":42,\"permissions\":{\"project_access\":{\"access_level\":20}}}" } },
	    { "/api/v4/personal_access_tokens/self", { "200\n\n{\"scopes\":[\"api\"]}" } },
	    { "/api/v4/user", { "200\n\n{\"username\":\"bot\"}" } },
	    { P,
	      { "200\n\n{\"id\":42,\"permissions\":{\"project_access\":{\"access_level\":20}}}" } },
	    { P "/issues", { "400\n\n{\"error\":\"title is missing\"}" } } },
	  "bot\n"
	  "+ read the project\n"
	  "- open and close merge requests: its account is no Developer here\n"
	  "+ keep the dashboard" },
	{ "does_not_tell_what_a_token_of_oauth_is_for",
	  CHECK,
	  { HERE,
	    { "/api/v4/personal_access_tokens/self",
	      { "400\n\n{\"message\":\"400 Bad request - This endpoint requires token type to be "
		"a personal access token\"}" } },
	    { "/api/v4/user", { "200\n\n{\"id\":7,\"username\":\"bot\"}" } },
	    { P,
	      { "200\n\n{\"id\":42,\"permissions\":{\"project_access\":null,\"group_access\":null}"
		"}" } },
	    { P "/members/all/7", { "200\n\n{\"id\":7,\"access_level\":30}" } },
	    { P "/merge_requests", { "400\n\n{\"error\":\"title is missing\"}" } },
	    { P "/issues", { "400\n\n{\"error\":\"title is missing\"}" } } },
	  "bot\n"
	  "+ read the project\n"
	  "+ open and close merge requests\n"
	  "+ keep the dashboard" },
	{ "grants_a_token_one_right_and_not_the_other",
	  CHECK,
	  { HERE,
	    { "/api/v4/personal_access_tokens/self", { "200\n\n{\"scopes\":[\"granular\"]}" } },
	    { "/api/v4/user", { "200\n\n{\"id\":7,\"username\":\"bot\"}" } },
	    { P,
	      { "200\n\n{\"id\":42,\"permissions\":{\"project_access\":{\"access_level\":30}}}" } },
	    { P "/merge_requests",
	      { "403\n\n{\"error\":\"insufficient_granular_scope\",\"error_description\":\"Access "
		"denied: write_merge_request\"}" } },
	    { P "/issues", { "400\n\n{\"error\":\"title is missing\"}" } } },
	  "bot\n"
	  "+ read the project\n"
	  "- open and close merge requests: the token may not do this: "
	  "insufficient_granular_scope; error_description: Access denied: write_merge_request\n"
	  "+ keep the dashboard" },
	{ "shows_a_project_to_somebody_who_is_no_member",
	  CHECK,
	  { HERE,
	    { "/api/v4/personal_access_tokens/self", { "200\n\n{\"scopes\":[\"api\"]}" } },
	    { "/api/v4/user", { "200\n\n{\"id\":7,\"username\":\"bot\"}" } },
	    { P, { "200\n\n{\"id\":42}" } },
	    { P "/members/all/7", { "404\n\n{}" } },
	    { P "/issues", { "400\n\n{\"error\":\"title is missing\"}" } } },
	  "bot\n"
	  "+ read the project\n"
	  "- open and close merge requests: its account is no Developer here\n"
	  "+ keep the dashboard" },
	{ "has_no_merge_requests",
	  CHECK,
	  { { "/api/v4/projects/acme%2Fshop",
	      { "200\n\n{\"id\":42,\"permissions\":{\"project_access\":{\"access_level\":30}},"
		"\"merge_requests_access_level\":\"disabled\",\"archived\":true}" } },
	    { "/api/v4/personal_access_tokens/self", { "200\n\n{\"scopes\":[\"api\"]}" } },
	    { "/api/v4/user", { "200\n\n{\"username\":\"bot\"}" } },
	    { P,
	      { "200\n\n{\"id\":42,\"permissions\":{\"project_access\":{\"access_level\":30}},"
		"\"merge_requests_access_level\":\"disabled\",\"archived\":true}" } },
	    { P "/issues", { "400\n\n{\"error\":\"title is missing\"}" } } },
	  "bot\n"
	  "+ read the project\n"
	  "- open and close merge requests: merge requests are disabled\n"
	  "+ keep the dashboard\n"
	  "* the project is archived" },
	{ "has_no_issues",
	  CHECK,
	  { { "/api/v4/projects/acme%2Fshop",
	      { "200\n\n{\"id\":42,\"permissions\":{\"project_access\":{\"access_level\":30}}}" } },
	    { "/api/v4/personal_access_tokens/self", { "200\n\n{\"scopes\":[\"api\"]}" } },
	    { "/api/v4/user", { "200\n\n{\"username\":\"bot\"}" } },
	    { P,
	      { "200\n\n{\"id\":42,\"permissions\":{\"project_access\":{\"access_level\":30}}}" } },
	    { P "/issues", { "404\n\n{}" } } },
	  "bot\n"
	  "+ read the project\n"
	  "+ open and close merge requests\n"
	  "- keep the dashboard: keep the dashboard: 404" },
	{ "shows_the_dashboard_that_it_knows_to_be_ours",
	  READ_BOARD,
	  { HERE,
	    { BOARD_3,
	      { "200\n\n[{\"iid\":3,\"state\":\"closed\",\"title\":\"x\","
		"\"description\":\"<!-- upkeepd:dashboard -->\"}]" } } },
	  "3" },
	{ "shows_no_dashboard_of_somebody_else",
	  READ_BOARD,
	  { HERE,
	    { P "/issues/3",
	      { "200\n\n{\"iid\":3,\"state\":\"opened\",\"author\":{\"username\":\"eve\"},"
		"\"description\":\"<!-- upkeepd:dashboard -->\"}" } },
	    { BOARD_3, { "200\n\n[]" } },
	    { P "/issues?state=opened&scope=created_by_me&per_page=100&page=1",
	      { "200\n\n[{\"iid\":7,\"state\":\"opened\","
		"\"description\":\"<!-- upkeepd:dashboard -->\"}]" } } },
	  "7 open" },
	{ "has_the_thumb_already",
	  NOD,
	  { HERE,
	    { P "/merge_requests/6/notes/5/award_emoji",
	      { "404\n\n{\"message\":\"404 Award Emoji Name has already been taken Not "
		"Found\"}" } } },
	  "",
	  "POST " P "/merge_requests/6/notes/5/award_emoji {\"name\":\"thumbsup\"}" },
	{ "limits_what_is_said",
	  SAY,
	  { HERE,
	    { P "/merge_requests/6/notes",
	      { "429\n\n{\"message\":{\"error\":\"This endpoint has been requested too many "
		"times. Try again later.\"}}" } } },
	  "BUSY: asks for a pause",
	  "POST " P "/merge_requests/6/notes {\"body\":\"text\"}" },
	{ "lists_all_that_are_open",
	  LIST,
	  { HERE,
	    { ALL_OPEN "1",
	      { "200\nLink: <https://wrong/api/v4/x?page=2>; rel=\"next\"\n\n[" GITLAB_ITEM(
		      "7", "42") "]" } },
	    { ALL_OPEN "2",
	      { "200\n\n[" GITLAB_ITEM("6", "42") "," GITLAB_ITEM("5", "99") "]" } } },
	  "7 open main, 6 open main" },
	{ "finds_the_newest_that_was_closed",
	  FIND,
	  { HERE,
	    { GITLAB_LIST("opened"), { "200\n\n[]" } },
	    { GITLAB_LIST("all"),
	      { "200\n\n[" GITLAB_ITEM_IN("3", "closed", "42") "," GITLAB_ITEM_IN("4", "merged",
										  "42") "]" } } },
	  "4 merged main" },
	{ "c06_c26_lists_a_groups_projects",
	  DISCOVER,
	  { { GROUP "1",
	      { "200\nLink: <https://wrong/api/v4/x?page=2>; rel=\"next\"\n\n"
		"[{\"path_with_namespace\":\"acme/a\"},"
		"{\"path_with_namespace\":\"acme/old\",\"archived\":true},"
		"{\"path_with_namespace\":\"acme/mirror\",\"mirror\":true},"
		"{\"path_with_namespace\":\"acme/"
		"empty\",\"empty_repo\":true,\"default_branch\":null},"
		"{\"path_with_namespace\":\"acme/fork\",\"forked_from_project\":{\"id\":1}}]" } },
	    { GROUP "2", { "200\n\n[{\"path_with_namespace\":\"acme/sub/b\"}]" } } },
	  "a.git b.git" },

	{ "lists_a_persons_projects",
	  DISCOVER,
	  { { GROUP "1", { "404\n\n{\"message\":\"404 Group Not Found\"}" } },
	    { PERSON, { "200\n\n[{\"path_with_namespace\":\"acme/c\"}]" } } },
	  "c.git" },
	{ "does_not_show_a_group_to_this_token",
	  DISCOVER,
	  { { GROUP "1", { "403\n\n{\"message\":\"403 Forbidden - SSO is required\"}" } },
	    { PERSON, { "404\n\n{\"message\":\"404 User Not Found\"}" } } },
	  "DENIED: SSO is required" },
	{ "does_not_list_a_part_for_the_whole",
	  DISCOVER,
	  { { GROUP "1",
	      { "200\nLink: <https://h/x?page=2>; rel=\"next\"\n\n"
		"[{\"path_with_namespace\":\"acme/a\"}]" } },
	    { GROUP "2", { "502\n\n{}" } },
	    { PERSON, { "200\n\n[]" } } },
	  "NET: listing projects: the forge answers 502" },
	{ "opens_a_draft",
	  OPEN_DRAFT,
	  { HERE,
	    { GITLAB_LIST("opened"), { "200\n\n[]" } },
	    { GITLAB_POST, { "201\n\n{\"iid\":5}" } } },
	  "opened 5",
	  "POST " GITLAB_POST " {\"source_branch\":\"bot/x\",\"target_branch\":\"main\","
	  "\"title\":\"Draft: Bump x\",\"description\":\"Bumps "
	  "x.\",\"remove_source_branch\":true}" },
	{ "c21_merges_it_later",
	  AUTOMERGE,
	  { HERE,
	    IS_PLAIN,
	    { P "/merge_requests/6/merge", { "405\n\n{}", "405\n\n{}", "200\n\n{}" } } },
	  "",
	  MERGE "\n" MERGE "\n" MERGE },
	{ "c21_does_not_merge_it",
	  AUTOMERGE,
	  { HERE,
	    IS_PLAIN,
	    { P "/merge_requests/6/merge",
	      { "405\n\n{\"message\":\"405 Method Not Allowed\"}" } } },
	  "merging it once all checks pass: 405: 405 Method Not Allowed\n" },
	{ "takes_back_that_it_is_merged_later",
	  CANCEL_AUTOMERGE,
	  { HERE, IS_PLAIN, { CANCEL_AT, { "201\n\n{}" } } },
	  "",
	  "POST " CANCEL_AT " " },
	{ "was_not_going_to_merge_it",
	  CANCEL_AUTOMERGE,
	  { HERE, IS_PLAIN, { CANCEL_AT, { "406\n\n{\"message\":\"406 Not Acceptable\"}" } } },
	  "",
	  "POST " CANCEL_AT " " },
	{ "has_merged_it",
	  CANCEL_AUTOMERGE,
	  { HERE, IS_PLAIN, { CANCEL_AT, { "405\n\n{\"message\":\"405 Method Not Allowed\"}" } } },
	  "not merging it by itself: 405: 405 Method Not Allowed\n",
	  "POST " CANCEL_AT " " },
	{ "puts_it_on_the_merge_train_of_the_project",
	  AUTOMERGE,
	  { HERE,
	    { P, { "200\n\n{\"id\":42,\"merge_trains_enabled\":true}" } },
	    { P "/merge_trains/merge_requests/6", { "405\n\n{}", "202\n\n{}" } } },
	  "",
	  TRAIN "\n" TRAIN },
	{ "c22_sees_another_head",
	  AUTOMERGE,
	  { HERE,
	    IS_PLAIN,
	    { P "/merge_requests/6/merge",
	      { "409\n\n{\"message\":\"SHA does not match HEAD of source branch: def\"}" } } },
	  "merging it once all checks pass: 409: SHA does not match HEAD of source branch: def\n",
	  MERGE },
};

static void is_done_right(gconstpointer row)
{
	deed_run(&forge_gitlab, row);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	DEEDS_ADD(&forge_gitlab, deeds, is_done_right)
	return g_test_run();
}
