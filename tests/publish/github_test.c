/* SPDX-License-Identifier: MIT */
/* What GitHub may answer, and what is made of it. A row that begins with a letter and two
 * digits is that row of forge-vectors.md. */
#include "publish/deeds.h"
#include "store/directory.h"
#include "store/store.h"

#define REPO "/api/v3/repos/acme/shop"
#define GITHUB_LIST(state)         \
	REPO "/pulls?state=" state \
	     "&head=acme:bot%2Fx&sort=updated&direction=desc&per_page=100&page=1"
#define GITHUB_POST REPO "/pulls"
#define ALL_OPEN    REPO "/pulls?state=open&sort=updated&direction=desc&per_page=100&page="
#define LABELS      REPO "/labels?per_page=100&page=1"
#define COMMENTS        \
	REPO "/issues/" \
	     "comments?since=2026-01-01T00:00:00Z&sort=updated&direction=asc&per_page=100&page="
#define MINE \
	"/api/v3/user/repos?affiliation=owner,collaborator,organization_member&per_page=100&page="
#define ITEM_OF(number, state, repository)                                                     \
	"{\"number\":" number ",\"state\":\"" state "\",\"head\":{\"ref\":\"bot/x\",\"repo\":" \
	"{\"full_name\":\"" repository "\"}},\"base\":{\"ref\":\"main\"}}"
#define ITEM(number, state) ITEM_OF(number, state, "acme/shop")
#define PAIR(number, source, target)                                             \
	"{\"number\":" number ",\"state\":\"open\",\"head\":{\"ref\":\"bot/x\"," \
	"\"repo\":{\"full_name\":\"" source "\"}},\"base\":{\"ref\":\"main\","   \
	"\"repo\":{\"full_name\":\"" target "\"}}}"
#define BOARD_BODY "\"body\":\"x\\n<!-- upkeepd:dashboard -->\""
#define BOTH       "{\"labels\":[\"dependencies\",\"docker\"]}"
#define ASSIGNED   "{\"assignees\":[{\"login\":\"Alice\"}]}"
#define MUTATION(method)                                                                    \
	"{\"query\":\"mutation($input: EnablePullRequestAutoMergeInput!) { "                \
	"enablePullRequestAutoMerge(input: $input) { clientMutationId } }\",\"variables\":" \
	"{\"input\":{\"pullRequestId\":\"PR_6\",\"mergeMethod\":\"" method                  \
	"\",\"expectedHeadOid\":\"abc\"}}}"
#define CANCEL                                                                               \
	"{\"query\":\"mutation($input: DisablePullRequestAutoMergeInput!) { "                \
	"disablePullRequestAutoMerge(input: $input) { clientMutationId } }\",\"variables\":" \
	"{\"input\":{\"pullRequestId\":\"PR_6\"}}}"
#define LABELLED "POST " REPO "/issues/6/labels " BOTH "\n"
#define ASSIGN   "POST " REPO "/issues/6/assignees {\"assignees\":[\"alice\",\"ghost\"]}"
#define REVIEWS      \
	"POST " REPO \
	"/pulls/6/requested_reviewers {\"reviewers\":[\"alice\"],\"team_reviewers\":[\"team\"]}"
#define DRESSED_ELSE "PATCH " REPO "/issues/6 {\"milestone\":4}\n" ASSIGN "\n" REVIEWS
#define POST_ONE                                                                           \
	"POST " GITHUB_POST " {\"title\":\"Bump x\",\"head\":\"bot/x\",\"base\":\"main\"," \
	"\"body\":\"Bumps x.\",\"maintainer_can_modify\":false}"

static const Deed deeds[] = {
	{ "b14_lists_another_branch_for_a_filter_it_ignored",
	  OPEN,
	  { { GITHUB_LIST("open"),
	      { "200\n\n[{\"number\":3,\"state\":\"open\",\"head\":{\"ref\":\"other\","
		"\"repo\":{\"full_name\":\"acme/shop\"}},\"base\":{\"ref\":\"main\"}}]" } },
	    { GITHUB_POST, { "201\n\n{\"number\":9}" } } },
	  "opened 9" },
	{ "b18_says_it_exists",
	  OPEN,
	  { { GITHUB_LIST("open"),
	      { "200\n\n[]",
		"200\n\n[{\"number\":5,\"state\":\"open\",\"head\":{\"ref\":\"bot/x\","
		"\"repo\":{\"full_name\":\"Acme/Shop\"}},\"base\":{\"ref\":\"main\"}}]" } },
	    { GITHUB_POST,
	      { "422\n\n{\"message\":\"Validation Failed\",\"errors\":[{\"resource\":"
		"\"PullRequest\",\"code\":\"custom\",\"message\":\"A pull request already "
		"exists for acme:bot/x.\"}]}" } } },
	  "open before 5" },
	{ "b19_has_no_commits_between",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST, { "422\n\n{\"errors\":[\"No commits between main and bot/x\"]}" } } },
	  "nothing to open" },
	{ "b20_base_vanished",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST,
	      { "422\n\n{\"message\":\"Validation Failed\",\"errors\":[{\"field\":\"base\","
		"\"code\":\"invalid\"}]}" } } },
	  "INPUT: 422: Validation Failed; field: base" },
	{ "b29_token_lacks_a_right",
	  OPEN,
	  { { GITHUB_LIST("open"),
	      { "403\nX-Accepted-GitHub-Permissions: pull_requests=write\n\n"
		"{\"message\":\"Resource not accessible by integration\"}" } } },
	  "DENIED: it needs pull_requests=write" },
	{ "b08_is_archived",
	  OPEN,
	  { { GITHUB_LIST("open"),
	      { "403\n\n{\"message\":\"Repository was archived so is read-only.\"}" } } },
	  "INPUT: archived" },
	{ "b05_refuses_the_token",
	  OPEN,
	  { { GITHUB_LIST("open"), { "401\n\n{\"message\":\"Bad credentials\"}" } } },
	  "DENIED: Bad credentials" },
	{ "a08_has_renamed_the_repository",
	  OPEN,
	  { { GITHUB_LIST("open"), { "301\nLocation: @SELF/x\n\n{}" } },
	    { "/api/v3/repos/acme/shop",
	      { "301\nLocation: https://other/api/v3/repositories/42\n\n{}" } },
	    { "/api/v3/repositories/42/pulls?state=open&head=acme:bot%2Fx&sort=updated"
	      "&direction=desc&per_page=100&page=1",
	      { "200\n\n[]" } },
	    { "/api/v3/repositories/42/pulls", { "201\n\n{\"number\":9}" } } },
	  "opened 9" },
	{ "a08_knows_its_own_by_the_name_that_it_has_now",
	  LIST,
	  { { ALL_OPEN "1", { "301\nLocation: @SELF/x\n\n{}" } },
	    { REPO, { "301\nLocation: https://other/api/v3/repositories/42\n\n{}" } },
	    { "/api/v3/repositories/42/pulls?state=open&sort=updated&direction=desc"
	      "&per_page=100&page=1",
	      { "200\n\n[" PAIR("6", "acme/store", "acme/store") "," PAIR("7", "mallory/shop",
									  "acme/store") "]" } } },
	  "6 open main" },
	{ "a07_sends_us_elsewhere",
	  OPEN,
	  { { GITHUB_LIST("open"), { "302\nLocation: https://evil.example/x\n\n{}" } },
	    { "/api/v3/repos/acme/shop", { "302\nLocation: https://evil.example/x\n\n{}" } } },
	  "CONFIG: has moved" },
	{ "a20_echoes_the_token",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST,
	      { "400\n\n{\"message\":\"bad token ghp_AAAAbbbb1111 or s3cr3t-t0ken\"}" } } },
	  "INPUT: 400: bad token *** or ***" },

	{ "a02_b17_makes_one_that_has_no_number",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } }, { GITHUB_POST, { "201\n\n{}" } } },
	  "NET: names no number" },
	{ "a10_makes_one_and_dies",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]", "200\n\n[]", "200\n\n[" ITEM("7", "open") "]" } },
	    { GITHUB_POST, { "201 reset\n\n{}" } } },
	  "open before 7",
	  POST_ONE },
	{ "a11_makes_none_and_dies",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST, { "201 reset\n\n{}", "201\n\n{\"number\":9}" } } },
	  "opened 9",
	  POST_ONE "\n" POST_ONE },
	{ "a11_dies_again",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } }, { GITHUB_POST, { "502\n\n<html>" } } },
	  "NET: 502",
	  POST_ONE "\n" POST_ONE },
	{ "a13_lists_one_twice",
	  HEAR,
	  { { COMMENTS "1",
	      { "200\nLink: <https://wrong/?page=2>; rel=\"next\"\n\n[{\"id\":5,\"issue_url\":"
		"\"https://h/issues/9\",\"body\":\"a\",\"user\":{\"login\":\"eve\"},"
		"\"created_at\":\"2026-01-02T00:00:00Z\",\"updated_at\":\"2026-01-02T00:00:00Z\"}"
		"]" } },
	    { COMMENTS "2",
	      { "200\n\n[{\"id\":5,\"issue_url\":"
		"\"https://h/issues/9\",\"body\":\"a\",\"user\":{\"login\":\"eve\"},"
		"\"created_at\":\"2026-01-02T00:00:00Z\",\"updated_at\":\"2026-01-02T00:00:00Z\"}"
		"]" } } },
	  "eve on 9: a; the last 2026-01-02T00:00:00Z" },
	{ "a03_sends_half_an_answer",
	  LIST,
	  { { ALL_OPEN "1",
	      { "200\nETag: \"x\"\n\n[{\"number\":1,\"ti",
		"200\nETag: \"x\"\n\n[" ITEM("7", "open") "]" } } },
	  "7 open main" },
	{ "a03_never_sends_a_whole_answer",
	  LIST,
	  { { ALL_OPEN "1", { "200\n\n[{\"number\":1,\"ti" } } },
	  "NET: listing the proposals: the forge's answer" },
	{ "a05_lists_nothing_that_is_a_list",
	  LIST,
	  { { ALL_OPEN "1", { "200\n\n{\"id\":1}" } } },
	  "NET: listing the proposals: the answer has no list" },
	{ "a13_lists_null",
	  FIND,
	  { { GITHUB_LIST("open"), { "200\n\nnull" } },
	    { GITHUB_LIST("closed"), { "200\n\n[null]" } } },
	  "none" },
	{ "b06_does_not_see_the_token",
	  OPEN,
	  { { GITHUB_LIST("open"),
	      { "401\nX-RateLimit-Limit: 60\n\n{\"message\":\"Bad credentials\"}" } } },
	  "NET: the token does not arrive" },
	{ "b07_hides_the_repository",
	  OPEN,
	  { { GITHUB_LIST("open"), { "404\n\n{\"message\":\"Not Found\"}" } } },
	  "ABSENT: 404: Not Found" },
	{ "b10_is_not_allowed_to_show_it",
	  OPEN,
	  { { GITHUB_LIST("open"), { "451\n\n{\"message\":\"Unavailable\"}" } } },
	  "INPUT: legal reasons" },
	{ "b11_blocks_the_repository",
	  OPEN,
	  { { GITHUB_LIST("open"), { "403\n\n{\"message\":\"Repository access blocked\"}" } } },
	  "INPUT: access blocked" },
	{ "b12_never_saw_one",
	  FIND,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } }, { GITHUB_LIST("closed"), { "200\n\n[]" } } },
	  "none" },
	{ "b13_knows_an_open_one",
	  FIND,
	  { { GITHUB_LIST("open"), { "200\n\n[" ITEM("7", "open") "]" } } },
	  "7 open main" },
	{ "b16_cannot_list_but_now_and_then",
	  FIND,
	  { { GITHUB_LIST("open"), { "500\n\n{}", "200\n\n[]" } },
	    { GITHUB_LIST("closed"),
	      { "200\n\n[" ITEM("3", "closed") "," ITEM("5", "closed") "]" } } },
	  "5 closed main" },
	{ "b17_is_told_all_that_it_needs",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST, { "201\n\n{\"number\":9}" } } },
	  "opened 9",
	  POST_ONE },
	{ "b18_says_it_exists_without_a_list_of_errors",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]", "200\n\n[" ITEM("5", "open") "]" } },
	    { GITHUB_POST,
	      { "422\n\n{\"message\":\"A pull request already exists for acme:bot/x.\"}" } } },
	  "open before 5",
	  POST_ONE },
	{ "b19_says_so_without_a_list_of_errors",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST, { "422\n\n{\"message\":\"No commits between main and bot/x\"}" } } },
	  "nothing to open",
	  POST_ONE },
	{ "a05_lists_one_that_has_no_number",
	  LIST,
	  { { ALL_OPEN "1", { "200\n\n[" ITEM("7", "open") ",{\"state\":\"open\"}]" } } },
	  "NET: listing the proposals: one that is listed has no 'number'" },
	{ "a05_finds_one_that_has_no_state",
	  FIND,
	  { { GITHUB_LIST("open"), { "200\n\n[{\"number\":7,\"state\":1}]" } } },
	  "NET: looking for the proposal: one that is listed has no 'state'" },
	{ "a05_shows_one_that_is_none",
	  LOOK,
	  { { REPO "/pulls/6", { "200\n\n{\"id\":1}" } } },
	  "NET: looking at the proposal: the answer has no 'number'" },
	{ "a13_lists_a_proposal_twice",
	  LIST,
	  { { ALL_OPEN "1",
	      { "200\nLink: <https://h/?page=2>; rel=\"next\"\n\n[" ITEM("7", "open") "]" } },
	    { ALL_OPEN "2", { "200\n\n[" ITEM("7", "open") "," ITEM("6", "open") "]" } } },
	  "7 open main, 6 open main" },
	{ "b18_says_it_exists_but_shows_a_forks",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[" ITEM_OF("5", "open", "mallory/shop") "]" } },
	    { GITHUB_POST,
	      { "422\n\n{\"errors\":[{\"message\":\"A pull request already exists for "
		"acme:bot/x.\"}]}" } } },
	  "INPUT: already exists" },
	{ "b21_does_not_see_the_branch_yet",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST,
	      { "422\n\n{\"errors\":[{\"field\":\"head\",\"code\":\"invalid\"}]}",
		"422\n\n{\"errors\":[{\"field\":\"head\",\"code\":\"invalid\"}]}",
		"201\n\n{\"number\":9}" } } },
	  "opened 9" },
	{ "b21_never_sees_the_branch",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST,
	      { "422\n\n{\"errors\":[{\"field\":\"head\",\"code\":\"invalid\"}]}" } } },
	  "INPUT: field: head",
	  POST_ONE "\n" POST_ONE "\n" POST_ONE "\n" POST_ONE "\n" POST_ONE },
	{ "b22_sees_no_common_history",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST,
	      { "422\n\n{\"message\":\"The bot/x branch has no history in common with main\","
		"\"errors\":[]}" } } },
	  "INPUT: no history in common" },
	{ "b23_says_errors_in_a_list_of_words",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST,
	      { "422\n\n{\"message\":\"Validation Failed\",\"errors\":[\"body is too "
		"long\"]}" } } },
	  "INPUT: 422: Validation Failed; body is too long" },
	{ "b23_takes_a_shorter_text",
	  OPEN_LONG,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST,
	      { "422\n\n{\"message\":\"Validation Failed\",\"errors\":[\"body is too long (maximum "
		"is "
		"65536 characters)\"]}",
		"201\n\n{\"number\":9}" } } },
	  "opened 9",
	  "POST " GITHUB_POST " {\"title\":\"Bump x\",\"head\":\"bot/x\",\"base\":\"main\","
	  "\"body\":\"Bumps x.\\n<details>\\nlong\\n</details>\\n<!-- m -->\\n\","
	  "\"maintainer_can_modify\":false}\n"
	  "POST " GITHUB_POST " {\"title\":\"Bump x\",\"head\":\"bot/x\",\"base\":\"main\","
	  "\"body\":\"Bumps x.\\n… (more was found than fits here)\\n<!-- m -->\\n\","
	  "\"maintainer_can_modify\":false}" },
	{ "takes_a_shorter_text_for_one_that_is_there",
	  UPDATE_LONG,
	  { { REPO "/pulls/6",
	      { "422\n\n{\"message\":\"Validation Failed\",\"errors\":[\"body is too long\"]}",
		"200\n\n{}" } } },
	  "",
	  ("PATCH " REPO "/pulls/6 {\"title\":\"Bump x\",\"body\":\"Bumps x.\\n<details>\\nlong\\n"
	   "</details>\\n<!-- m -->\\n\",\"base\":\"main\"}\n"
	   "PATCH " REPO
	   "/pulls/6 {\"title\":\"Bump x\",\"body\":\"Bumps x.\\n… (more was found than "
	   "fits here)\\n<!-- m -->\\n\",\"base\":\"main\"}") },
	{ "has_no_drafts",
	  OPEN_DRAFT,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST,
	      { "422\n\n{\"message\":\"Draft pull requests are not supported in this "
		"repository.\"}",
		"201\n\n{\"number\":9}" } } },
	  "opened 9" },
	{ "b24_says_errors_in_no_list",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST,
	      { "422\n\n{\"message\":\"Validation Failed\",\"errors\":\"custom text\"}" } } },
	  "INPUT: 422: Validation Failed; custom text",
	  POST_ONE },
	{ "b25_says_nothing_of_the_reason",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST, { "422\n\n{\"message\":\"Validation Failed\"}" } } },
	  "INPUT: 422: Validation Failed",
	  POST_ONE "\n" POST_ONE },
	{ "b26_wants_a_minute",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST,
	      { "403\nRetry-After: 60\n\n{\"message\":\"You have exceeded a secondary rate "
		"limit\"}" } } },
	  "BUSY: asks for a pause",
	  POST_ONE },
	{ "b26_says_so_in_words_alone",
	  OPEN,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST,
	      { "403\n\n{\"message\":\"You have exceeded a secondary rate limit\"}" } } },
	  "BUSY: wants fewer changes",
	  POST_ONE },
	{ "b27_has_no_requests_left",
	  OPEN,
	  { { GITHUB_LIST("open"),
	      { "403\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1790001800\n\n"
		"{\"message\":\"API rate limit exceeded\"}" } } },
	  "BUSY: asks for a pause" },
	{ "b28_wants_fewer_requests",
	  OPEN,
	  { { GITHUB_LIST("open"), { "429\n\n{\"message\":\"secondary rate limit\"}" } } },
	  "BUSY: asks for a pause" },
	{ "b29_does_not_let_labels_be_added",
	  DRESS,
	  { { LABELS, { "200\n\n[{\"name\":\"Dependencies\"},{\"name\":\"docker\"}]" } },
	    { REPO "/issues/6/labels",
	      { "403\nX-Accepted-GitHub-Permissions: issues=write; pull_requests=write\n\n"
		"{\"message\":\"Resource not accessible by integration\"}" } },
	    { REPO "/issues/6", { "200\n\n{}" } },
	    { REPO "/issues/6/assignees", { "201\n\n" ASSIGNED } },
	    { REPO "/pulls/6/requested_reviewers", { "201\n\n{}" } } },
	  "DENIED: it needs issues=write; pull_requests=write",
	  "POST " REPO "/issues/6/labels " BOTH "\n" DRESSED_ELSE },
	{ "is_down_while_it_is_dressed",
	  DRESS,
	  { { LABELS, { "200\n\n[{\"name\":\"Dependencies\"},{\"name\":\"docker\"}]" } },
	    { REPO "/issues/6/labels", { "403\n\n{\"message\":\"no\"}" } },
	    { REPO "/issues/6", { "502\n\n<html>" } } },
	  "NET: the forge answers 502" },
	{ "b30_wants_single_sign_on",
	  OPEN,
	  { { GITHUB_LIST("open"),
	      { "403\nX-GitHub-SSO: required; url=https://h/sso\n\n{\"message\":\"SAML\"}" } } },
	  "DENIED: it must be authorised for single sign-on" },
	{ "b31_b32_b33_b34_b35_is_slow_and_picky",
	  DRESS,
	  { { LABELS, { "200\n\n[{\"name\":\"docker\"}]" } },
	    { REPO "/labels",
	      { "422\n\n{\"errors\":[{\"resource\":\"Label\",\"code\":\"already_exists\",\"field\":"
		"\"name\"}]}" } },
	    { REPO "/issues/6/labels", { "404\n\n{}", "200\n\n[]" } },
	    { REPO "/issues/6/assignees", { "201\n\n" ASSIGNED } },
	    { REPO "/issues/6",
	      { "422\n\n{\"errors\":[{\"field\":\"milestone\",\"code\":\"invalid\"}]}" } },
	    { REPO "/pulls/6/requested_reviewers",
	      { "422\n\n{\"message\":\"Review cannot be requested from pull request author.\"}",
		"422\n\n{\"message\":\"Review cannot be requested from pull request author.\"}",
		"201\n\n{}" } } },
	  "setting the milestone: 422: field: milestone\n'ghost' cannot be assigned here\n"
	  "asking 'alice' for a review: 422: Review cannot be requested from pull request "
	  "author.\n",
	  "POST " REPO "/labels {\"name\":\"dependencies\",\"color\":\"0366d6\",\"description\":"
	  "\"Pull requests that update dependencies\"}\n"
	  "POST " REPO "/issues/6/labels " BOTH "\n"
	  "POST " REPO "/issues/6/labels " BOTH "\n" DRESSED_ELSE "\n"
	  "POST " REPO "/pulls/6/requested_reviewers {\"reviewers\":[\"alice\"]}\n"
	  "POST " REPO "/pulls/6/requested_reviewers {\"team_reviewers\":[\"team\"]}" },
	{ "b31_does_not_like_a_label",
	  DRESS,
	  { { LABELS, { "200\n\n[{\"name\":\"docker\"}]" } },
	    { REPO "/labels",
	      { "422\n\n{\"errors\":[{\"code\":\"invalid\",\"field\":\"name\"}]}" } } },
	  "INPUT: making a label: 422: field: name" },
	{ "b32_never_sees_it",
	  DRESS,
	  { { LABELS, { "200\n\n[{\"name\":\"docker\"},{\"name\":\"dependencies\"}]" } },
	    { REPO "/issues/6/labels", { "404\n\n{\"message\":\"Not Found\"}" } } },
	  "ABSENT: adding labels: 404",
	  LABELLED LABELLED LABELLED LABELLED LABELLED LABELLED LABELLED LABELLED LABELLED LABELLED
	  "PATCH " REPO "/issues/6 {\"milestone\":4}\n" ASSIGN "\n" ASSIGN "\n" ASSIGN "\n" ASSIGN
	  "\n" REVIEWS },
	{ "b37_has_closed_it_in_the_meantime",
	  UPDATE,
	  { { REPO "/pulls/6",
	      { "422\n\n{\"message\":\"Validation Failed\",\"errors\":[{\"message\":"
		"\"Cannot change the base branch of a closed pull request.\"}]}" } } },
	  "",
	  "PATCH " REPO "/pulls/6 {\"title\":\"Bump x\",\"body\":\"Bumps x.\",\"base\":\"main\"}" },
	{ "does_not_take_other_words",
	  UPDATE,
	  { { REPO "/pulls/6", { "422\n\n{\"message\":\"Validation Failed\",\"errors\":[{}]}" } } },
	  "INPUT: updating the pull request: 422" },
	{ "knows_its_dashboard_by_its_mark_and_its_author",
	  FIND_BOARD,
	  { { "/api/v3/user", { "200\n\n{\"login\":\"bot\"}" } },
	    { REPO "/issues?state=open&creator=bot&per_page=100&page=1",
	      { "200\n\n[{\"number\":3,\"state\":\"open\",\"user\":{\"login\":\"eve\"}," BOARD_BODY
		"},{\"number\":4,\"state\":\"open\",\"user\":{\"login\":\"bot\"},\"pull_request\":{"
		"}," BOARD_BODY "},"
		"{\"number\":5,\"user\":{\"login\":\"bot\"},\"body\":\"x\"},{\"number\":6,"
		"\"state\":\"open\",\"user\":{\"login\":\"Bot\"}," BOARD_BODY "}]" } } },
	  "6 open" },
	{ "opens_no_dashboard_where_it_is_not_known_whose_it_would_be",
	  FIND_BOARD,
	  { { "/api/v3/user", { "502\n\n{}" } } },
	  "NET: asking whose the token is" },
	{ "opens_no_dashboard_where_the_token_may_not_say_whose_it_is",
	  FIND_BOARD,
	  { { "/api/v3/user", { "403\n\n{\"message\":\"required=[read:user]\"}" } } },
	  "DENIED: asking whose the token is, by which its own work is known: the token may not "
	  "do "
	  "this: required=[read:user]" },
	{ "does_not_take_another_issue_of_that_number_for_its_dashboard",
	  READ_BOARD,
	  { { REPO "/issues/3", { "200\n\n{\"number\":3,\"state\":\"open\",\"body\":\"x\"}" } },
	    { "/api/v3/user", { "200\n\n{\"login\":\"bot\"}" } },
	    { REPO "/issues?state=open&creator=bot&per_page=100&page=1", { "200\n\n[]" } } },
	  "0" },
	{ "reads_its_dashboard_by_its_number",
	  READ_BOARD,
	  { { REPO "/issues/3",
	      { "200\n\n{\"number\":3,\"state\":\"closed\",\"user\":{\"login\":\"bot\"}," BOARD_BODY
		"}" } },
	    { "/api/v3/user", { "200\n\n{\"login\":\"bot\"}" } } },
	  "3" },
	{ "knows_its_dashboard_though_a_person_took_out_the_mark",
	  READ_BOARD,
	  { { REPO "/issues/3",
	      { "200\n\n{\"number\":3,\"state\":\"open\",\"user\":{\"login\":\"bot\"},"
		"\"title\":\"Dependency dashboard\",\"body\":\"x\"}" } },
	    { "/api/v3/user", { "200\n\n{\"login\":\"bot\"}" } } },
	  "3 open" },
	{ "does_not_take_a_strangers_issue_of_that_number_for_its_dashboard",
	  READ_BOARD,
	  { { REPO "/issues/3",
	      { "200\n\n{\"number\":3,\"state\":\"open\",\"user\":{\"login\":\"eve\"}," BOARD_BODY
		"}" } },
	    { "/api/v3/user", { "200\n\n{\"login\":\"bot\"}" } },
	    { REPO "/issues?state=open&creator=bot&per_page=100&page=1", { "200\n\n[]" } } },
	  "0" },
	{ "does_not_take_a_pull_request_of_that_number_for_its_dashboard",
	  READ_BOARD,
	  { { REPO "/issues/3",
	      { "200\n\n{\"number\":3,\"state\":\"open\",\"user\":{\"login\":\"bot\"},"
		"\"pull_request\":{}," BOARD_BODY "}" } },
	    { "/api/v3/user", { "200\n\n{\"login\":\"bot\"}" } },
	    { REPO "/issues?state=open&creator=bot&per_page=100&page=1", { "200\n\n[]" } } },
	  "0" },
	{ "counts_what_a_classic_token_may_do_beyond_need",
	  CHECK,
	  { { REPO, { "200\n\n{\"permissions\":{\"push\":true}}" } },
	    { "/api/v3/user",
	      { "200\nX-OAuth-Scopes: repo, admin:org\nGitHub-Authentication-Token-Expiration: "
		"2026-12-24 05:36:00 UTC\n\n{\"login\":\"bot\"}" } },
	    { REPO "/pulls", { "422\n\n{\"message\":\"what?\"}" } },
	    { REPO "/labels", { "422\n\n{\"message\":\"what?\"}" } },
	    { REPO "/issues", { "422\n\n{\"message\":\"what?\"}" } } },
	  "bot\n"
	  "+ read the repository\n"
	  "+ write to the repository\n"
	  "+ open and close pull requests\n"
	  "+ label and comment\n"
	  "+ keep the dashboard\n"
	  "* the token expires on 2026-12-24\n"
	  "* a classic token with 'repo' can write to every repository of its account; a "
	  "fine-grained one is for those alone that it names\n"
	  "* the scope 'admin:org' is not needed" },
	{ "names_the_permission_that_is_missing",
	  CHECK,
	  { { REPO, { "200\n\n{\"permissions\":{\"push\":true}}" } },
	    { "/api/v3/user", { "200\n\n{\"login\":\"bot\"}" } },
	    { REPO "/pulls",
	      { "403\nX-Accepted-GitHub-Permissions: "
		"pull_requests=write\n\n{\"message\":\"no\"}" } },
	    { REPO "/labels", { "422\n\n{\"message\":\"what?\"}" } },
	    { REPO "/issues", { "422\n\n{\"message\":\"what?\"}" } } },
	  "bot\n"
	  "+ read the repository\n"
	  "+ write to the repository\n"
	  "- open and close pull requests: the token may not do this: no; it needs "
	  "pull_requests=write\n"
	  "+ label and comment\n"
	  "+ keep the dashboard" },
	{ "closes_one",
	  CLOSE,
	  { { REPO "/pulls/6", { "200\n\n{\"number\":6}" } } },
	  "",
	  "PATCH " REPO "/pulls/6 {\"state\":\"closed\"}" },
	{ "b39_tells_what_was_said_since",
	  HEAR,
	  { { COMMENTS "1",
	      { "200\n\n[{\"id\":7,\"issue_url\":\"https://h/issues/6\",\"body\":\"c\","
		"\"user\":{\"login\":\"bot\",\"type\":\"Bot\"},\"created_at\":\"2026-01-02T00:00:"
		"00Z\","
		"\"updated_at\":\"2026-01-03T00:00:00Z\"},"
		"{\"id\":5,\"issue_url\":\"https://h/issues/9\",\"body\":\"@bot rebase\","
		"\"user\":{\"login\":\"eve\"},\"created_at\":\"2026-01-01T00:00:00Z\","
		"\"updated_at\":\"2026-01-01T00:00:00Z\"},"
		"{\"id\":6,\"issue_url\":\"https://h/issues/9\",\"body\":\"old\","
		"\"user\":{\"login\":\"eve\"},\"created_at\":\"2025-12-01T00:00:00Z\"},"
		"{\"id\":8,\"issue_url\":\"https://h/issues/10\",\"body\":\"not ours\","
		"\"user\":{\"login\":\"eve\"},\"created_at\":\"2026-02-02T00:00:00Z\"}]" } } },
	  "eve on 9: @bot rebase, bot on 6: c (edited) (bot); the last 2026-02-02T00:00:00Z" },
	{ "b39_lets_somebody_only_read",
	  MAY_PUSH,
	  { { REPO "/collaborators/alice/permission", { "200\n\n{\"permission\":\"read\"}" } } },
	  "may not" },
	{ "b40_lets_somebody_write",
	  MAY_PUSH,
	  { { REPO "/collaborators/alice/permission", { "200\n\n{\"permission\":\"write\"}" } } },
	  "may" },
	{ "does_not_know_somebody",
	  MAY_PUSH,
	  { { REPO "/collaborators/alice/permission", { "404\n\n{}" } } },
	  "may not" },
	{ "b41_has_the_thumb_already",
	  NOD,
	  { { REPO "/issues/comments/5/reactions", { "200\n\n{\"id\":1}" } } },
	  "",
	  "POST " REPO "/issues/comments/5/reactions {\"content\":\"+1\"}" },
	{ "b42_has_locked_the_conversation",
	  SAY,
	  { { REPO "/issues/6/comments",
	      { "403\n\n{\"message\":\"Unable to create comment because issue is locked.\"}" } } },
	  "INPUT: the conversation is locked",
	  "POST " REPO "/issues/6/comments {\"body\":\"text\"}" },
	{ "b43_has_deleted_it",
	  LOOK,
	  { { REPO "/pulls/6", { "410\n\n{\"message\":\"This issue was deleted\"}" } } },
	  "none" },
	{ "shows_one_that_was_merged",
	  LOOK,
	  { { REPO "/pulls/6",
	      { "200\n\n{\"number\":6,\"state\":\"closed\",\"merged_at\":\"2026-01-01T00:00:00Z\","
		"\"head\":{\"ref\":\"bot/x\",\"repo\":{\"full_name\":\"acme/shop\"}},"
		"\"base\":{\"ref\":\"main\"}}" } } },
	  "6 merged main" },
	{ "a12_names_a_next_page_elsewhere",
	  LIST,
	  { { ALL_OPEN "1",
	      { "200\nLink: <https://wrong.example/x?page=2>; rel=\"next\"\n\n[" ITEM(
		      "7", "open") "]" } },
	    { ALL_OPEN "2",
	      { "200\n\n[" ITEM("6", "open") "," ITEM_OF("5", "open", "mallory/shop") "]" } } },
	  "7 open main, 6 open main" },
	{ "b55_lists_what_the_token_may_push_to",
	  DISCOVER,
	  { { MINE "1",
	      { "200\nLink: <https://h/?page=2>; rel=\"next\"\n\n"
		"[{\"name\":\"a\",\"owner\":{\"login\":\"Acme\"},\"permissions\":{\"push\":true}},"
		"{\"name\":\"old\",\"owner\":{\"login\":\"acme\"},\"archived\":true,"
		"\"permissions\":{\"push\":true}},"
		"{\"name\":\"off\",\"owner\":{\"login\":\"acme\"},\"disabled\":true,"
		"\"permissions\":{\"push\":true}},"
		"{\"name\":\"fork\",\"owner\":{\"login\":\"acme\"},\"fork\":true,\"permissions\":{"
		"\"push\":true}},"
		"{\"name\":\"b09\",\"owner\":{\"login\":\"acme\"},\"permissions\":{\"push\":false}}"
		","
		"{\"name\":\"theirs\",\"owner\":{\"login\":\"other\"},\"permissions\":{\"push\":"
		"true}}]" } },
	    { MINE "2",
	      { "200\n\n[{\"name\":\"b\",\"owner\":{\"login\":\"acme\"},\"permissions\":{\"push\":"
		"true}}]" } } },
	  "a.git b.git" },

	{ "leaves_few_requests_to_what_is_open",
	  LIST_THEN_DISCOVER,
	  { { ALL_OPEN "1",
	      { "200\nX-RateLimit-Limit: 100\nX-RateLimit-Remaining: 9\n"
		"X-RateLimit-Reset: 1790000060\n\n[]" } },
	    { MINE "1", { "200\n\n[]" } } },
	  "BUSY: listing repositories: the forge grants few more requests" },
	{ "opens_a_draft",
	  OPEN_DRAFT,
	  { { GITHUB_LIST("open"), { "200\n\n[]" } },
	    { GITHUB_POST, { "201\n\n{\"number\":9}" } } },
	  "opened 9",
	  "POST " GITHUB_POST " {\"title\":\"Bump x\",\"head\":\"bot/x\",\"base\":\"main\","
	  "\"body\":\"Bumps x.\",\"maintainer_can_modify\":false,\"draft\":true}" },
	{ "merges_it_later",
	  AUTOMERGE,
	  { { REPO "/pulls/6", { "200\n\n{\"node_id\":\"PR_6\"}" } },
	    { REPO, { "200\n\n{\"allow_merge_commit\":false,\"allow_squash_merge\":true}" } },
	    { "/api/graphql", { "200\n\n{\"data\":{}}" } } },
	  "",
	  "POST /api/graphql " MUTATION("SQUASH") },
	{ "b49_does_not_merge_later",
	  AUTOMERGE,
	  { { REPO "/pulls/6", { "200\n\n{\"node_id\":\"PR_6\"}" } },
	    { REPO, { "200\n\n{}" } },
	    { "/api/graphql",
	      { "200\n\n{\"errors\":[{\"message\":\"Pull request Auto merge is not allowed for "
		"this repository\"}]}" } } },
	  "merging it once all checks pass: Pull request Auto merge is not allowed for this "
	  "repository\n",
	  "POST /api/graphql " MUTATION("MERGE") },
	{ "has_nothing_to_wait_for",
	  AUTOMERGE,
	  { { REPO "/pulls/6", { "200\n\n{\"node_id\":\"PR_6\"}" } },
	    { REPO, { "200\n\n{}" } },
	    { "/api/graphql",
	      { "200\n\n{\"errors\":[{\"message\":\"Pull request Pull request is in clean "
		"status\"}]}" } },
	    { REPO "/pulls/6/merge", { "200\n\n{}" } } },
	  "",
	  "POST /api/graphql " MUTATION(
		  "MERGE") "\n"
			   "PUT " REPO
			   "/pulls/6/merge {\"sha\":\"abc\",\"merge_method\":\"merge\"}" },
	{ "b52_b53_does_not_merge_what_moved",
	  AUTOMERGE,
	  { { REPO "/pulls/6", { "200\n\n{\"node_id\":\"PR_6\"}" } },
	    { REPO, { "200\n\n{}" } },
	    { "/api/graphql", { "200\n\n{\"errors\":[{\"message\":\"is in clean status\"}]}" } },
	    { REPO "/pulls/6/merge", { "409\n\n{\"message\":\"Head branch was modified.\"}" } } },
	  "merging it once all checks pass: 409: Head branch was modified.\n" },
	{ "b50_answers_no_more_of_graphql",
	  AUTOMERGE,
	  { { REPO "/pulls/6", { "200\n\n{\"node_id\":\"PR_6\"}" } },
	    { REPO, { "200\n\n{}" } },
	    { "/api/graphql", { "200\n\n{\"errors\":[{\"type\":\"RATE_LIMITED\"}]}" } } },
	  "BUSY: merging it once all checks pass: the forge grants no more" },
	{ "b51_answers_graphql_with_a_page",
	  AUTOMERGE,
	  { { REPO "/pulls/6", { "200\n\n{\"node_id\":\"PR_6\"}" } },
	    { REPO, { "200\n\n{}" } },
	    { "/api/graphql", { "502\n\n<html>" } } },
	  "NET: merging it once all checks pass: the forge answers 502",
	  "POST /api/graphql " MUTATION("MERGE") },
	{ "b48_sees_another_head",
	  AUTOMERGE,
	  { { REPO "/pulls/6", { "200\n\n{\"node_id\":\"PR_6\"}" } },
	    { REPO, { "200\n\n{}" } },
	    { "/api/graphql",
	      { "200\n\n{\"errors\":[{\"type\":\"STALE_DATA\",\"message\":\"Expected branch to "
		"point to abc\"}]}" } } },
	  "merging it once all checks pass: Expected branch to point to abc\n" },
	{ "takes_back_that_it_is_merged_later",
	  CANCEL_AUTOMERGE,
	  { { REPO "/pulls/6",
	      { "200\n\n{\"node_id\":\"PR_6\",\"auto_merge\":{\"merge_method\":\"merge\"}}" } },
	    { "/api/graphql", { "200\n\n{\"data\":{}}" } } },
	  "",
	  "POST /api/graphql " CANCEL },
	{ "was_not_going_to_merge_it",
	  CANCEL_AUTOMERGE,
	  { { REPO "/pulls/6", { "200\n\n{\"node_id\":\"PR_6\",\"auto_merge\":null}" } } },
	  "",
	  "" },
	{ "goes_on_to_merge_it",
	  CANCEL_AUTOMERGE,
	  { { REPO "/pulls/6", { "200\n\n{\"node_id\":\"PR_6\",\"auto_merge\":{}}" } },
	    { "/api/graphql",
	      { "200\n\n{\"errors\":[{\"type\":\"FORBIDDEN\",\"message\":\"may not\"}]}" } } },
	  "not merging it by itself: may not\n",
	  "POST /api/graphql " CANCEL },
	{ "has_none_to_merge",
	  AUTOMERGE,
	  { { REPO "/pulls/6", { "404\n\n{}" } }, { REPO, { "200\n\n{}" } } },
	  "merging it once all checks pass: there is no such pull request\n",
	  "" },
};

static void is_done_right(gconstpointer row)
{
	deed_run(&forge_github, row);
}

/* A day later it may be allowed. */
static void b49_it_is_remembered_that_merging_later_is_not_allowed(void)
{
	static const Page pages[] = {
		{ REPO "/pulls/6", { "200\n\n{\"node_id\":\"PR_6\"}" } },
		{ REPO, { "200\n\n{}" } },
		{ "/api/graphql",
		  { "200\n\n{\"errors\":[{\"message\":\"Auto merge is not allowed for this "
		    "repository\"}]}" } },
		{ NULL }
	};
	static const struct {
		int64_t later;
		guint requests; /* in all */
	} moments[] = { { 0, 3 }, { 60, 3 }, { 86399, 3 }, { 86400, 6 } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = http_new(&(HttpOptions){ .backoff_ms = 1 }, NULL, 1790000000);
	g_autofree char *url = g_strconcat(server->origin, "/acme/shop.git", NULL);
	Repository repository = { .url = url };
	World world = { .http = http };
	Directory directory;
	Store *store;

	directory_make(&directory, NULL);
	world.store = store = store_open(directory.path, 1790000000, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(moments); i++) {
		g_autoptr(Hosted) hosted = NULL;
		g_autoptr(Proposal) proposal = proposal_new("bot/x", "main");
		g_autoptr(GString) trouble = g_string_new(NULL);
		g_autoptr(GError) error = NULL;

		world.now = 1790000000 + moments[i].later;
		hosted = forge_github.begin(&world, &repository, &error);
		proposal->number = 6;
		proposal->head_commit = g_strdup("abc");
		g_assert_true(forge_github.automerge(hosted, proposal, trouble, &error));
		g_assert_no_error(error);
		g_assert_nonnull(strstr(trouble->str, "allow"));
		g_assert_cmpuint(server->requests->len, ==, moments[i].requests);
	}
	store_close(store);
	directory_remove(&directory, NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	DEEDS_ADD(&forge_github, deeds, is_done_right)
	g_test_add_func("/publish/github/b49_it_is_remembered_that_merging_later_is_not_allowed",
			b49_it_is_remembered_that_merging_later_is_not_allowed);
	return g_test_run();
}
