/* SPDX-License-Identifier: MIT */
/* What Gitea or Forgejo may answer, and what is made of it. A row that begins with a letter and two
 * digits is that row of forge-vectors.md. */
#include "publish/deeds.h"

#define REPO         "/api/v1/repos/acme/shop"
#define GITEA_OPEN   REPO "/pulls?state=open&sort=recentupdate&limit=50&page=1"
#define GITEA_OPEN_2 REPO "/pulls?state=open&sort=recentupdate&limit=50&page=2"
#define GITEA_CLOSED REPO "/pulls?state=closed&sort=recentupdate&limit=50&page=1"
#define GITEA_POST   REPO "/pulls"
#define HINT         REPO "/pulls/main/bot%2Fx"
#define COMMENTS     REPO "/issues/comments?since=2026-01-01T00:00:00Z&limit=50&page=1"
#define GITEA_ITEM(number, state, repository)                                       \
	"{\"number\":" number ",\"state\":\"" state "\",\"merged\":false,"          \
	"\"head\":{\"ref\":\"bot/x\",\"repo\":{\"full_name\":\"" repository "\"}}," \
	"\"base\":{\"ref\":\"main\"}}"
#define GITEA_PAIR(number, source, target)                                      \
	"{\"number\":" number ",\"state\":\"open\",\"merged\":false,"           \
	"\"head\":{\"ref\":\"bot/x\",\"repo\":{\"full_name\":\"" source "\"}}," \
	"\"base\":{\"ref\":\"main\",\"repo\":{\"full_name\":\"" target "\"}}}"
#define BOARD_BODY   "\"body\":\"x\\n<!-- upkeepd:dashboard -->\""
#define ORGANISATION "/api/v1/orgs/acme/repos?limit=50&page="
#define MERGE(style)                                                                            \
	"POST " REPO "/pulls/6/merge {\"Do\":\"" style "\",\"merge_when_checks_succeed\":true," \
	"\"delete_branch_after_merge\":true,\"head_commit_id\":\"abc\"}"
#define POST_ONE                                                                          \
	"POST " GITEA_POST " {\"base\":\"main\",\"head\":\"bot/x\",\"title\":\"Bump x\"," \
	"\"body\":\"Bumps x.\"}"
#define UPDATE_ONE \
	"PATCH " REPO "/pulls/6 {\"title\":\"Bump x\",\"body\":\"Bumps x.\",\"base\":\"main\"}"
#define PEOPLE "200\n\n[{\"login\":\"Alice\"}]"

static const Deed deeds[] = {
	{ "d07_d08_finds_the_open_one_on_the_second_page",
	  OPEN,
	  { { GITEA_OPEN, { "200\nLink: <https://wrong/x>; rel=\"next\"\n\n[null]" } },
	    { GITEA_OPEN_2, { "200\n\n[" GITEA_ITEM("51", "open", "acme/shop") "]" } } },
	  "open before 51" },
	{ "passes_over_the_branch_of_a_fork",
	  OPEN,
	  { { GITEA_OPEN, { "200\n\n[" GITEA_ITEM("4", "open", "mallory/shop") "]" } },
	    { GITEA_POST, { "201\n\n{\"number\":6}" } } },
	  "opened 6" },
	{ "passes_over_the_branch_of_a_fork_that_is_gone",
	  OPEN,
	  { { GITEA_OPEN,
	      { "200\n\n[{\"number\":4,\"state\":\"open\",\"head\":{\"ref\":\"bot/"
		"x\",\"repo\":null},"
		"\"base\":{\"ref\":\"main\"}}]" } },
	    { GITEA_POST, { "201\n\n{\"number\":6}" } } },
	  "opened 6" },
	{ "a08_knows_its_own_by_the_name_that_it_has_now",
	  LIST,
	  { { GITEA_OPEN, { "307\nLocation: /x\n\n{}" } },
	    { REPO, { "307\nLocation: http://inside:3000/api/v1/repos/acme/store\n\n{}" } },
	    { "/api/v1/repos/acme/store/pulls?state=open&sort=recentupdate&limit=50&page=1",
	      { "200\n\n[" GITEA_PAIR("6", "acme/store", "acme/store") "," GITEA_PAIR(
		      "7", "mallory/shop", "acme/store") "]" } } },
	  "6 open main" },
	{ "asks_once_what_the_repository_is_called_now",
	  LIST_TWICE,
	  { { GITEA_OPEN, { "307\nLocation: /x\n\n{}", "502\n\n{}" } },
	    { REPO, { "307\nLocation: http://inside:3000/api/v1/repos/acme/store\n\n{}" } },
	    { "/api/v1/repos/acme/store/pulls?state=open&sort=recentupdate&limit=50&page=1",
	      { "200\n\n[" GITEA_PAIR("6", "acme/store", "acme/store") "]" } } },
	  "6 open main, 6 open main" },
	{ "a10_d16_adopts_what_was_made_though_the_answer_failed",
	  OPEN,
	  { { GITEA_OPEN, { "200\n\n[]", "200\n\n[" GITEA_ITEM("7", "open", "acme/shop") "]" } },
	    { GITEA_POST, { "500\n\n{\"message\":\"\"}" } } },
	  "open before 7" },
	{ "d12_says_conflict_and_it_is_there",
	  OPEN,
	  { { GITEA_OPEN, { "200\n\n[]", "200\n\n[" GITEA_ITEM("6", "open", "acme/shop") "]" } },
	    { GITEA_POST,
	      { "409\n\n{\"message\":\"pull request already exists for these targets\"}" } } },
	  "open before 6" },
	{ "d13_sees_no_changes",
	  OPEN,
	  { { GITEA_OPEN, { "200\n\n[]" } },
	    { GITEA_POST,
	      { "422\n\n{\"message\":\"There are no changes between the head and the base\"}" } } },
	  "nothing to open" },
	{ "d14_is_archived",
	  OPEN,
	  { { GITEA_OPEN, { "200\n\n[]" } },
	    { GITEA_POST, { "423\n\n{\"message\":\"locked\"}" } } },
	  "INPUT: 423: locked" },
	{ "d04_names_the_scope_that_is_missing",
	  OPEN,
	  { { GITEA_OPEN, { "403\n\n{\"message\":\"required=[read:repository]\"}" } } },
	  "DENIED: required=[read:repository]" },
	{ "a02_behind_a_log_in_page",
	  OPEN,
	  { { GITEA_OPEN, { "200\n\n<html>log in</html>" } } },
	  "NET: not JSON" },

	{ "d03_hides_the_repository",
	  OPEN,
	  { { GITEA_OPEN, { "404\n\n{\"message\":\"not found\"}" } } },
	  "ABSENT: 404: not found" },
	{ "a08_has_renamed_the_repository",
	  OPEN,
	  { { GITEA_OPEN, { "307\nLocation: /x\n\n{}" } },
	    { REPO, { "307\nLocation: http://inside:3000/api/v1/repos/acme/store\n\n{}" } },
	    { "/api/v1/repos/acme/store/pulls?state=open&sort=recentupdate&limit=50&page=1",
	      { "200\n\n[]" } },
	    { "/api/v1/repos/acme/store/pulls", { "201\n\n{\"number\":6}" } } },
	  "opened 6" },
	{ "a09_renames_it_between_two_questions",
	  OPEN,
	  { { GITEA_OPEN, { "200\n\n[]" } },
	    { GITEA_POST, { "307\nLocation: /x\n\n{}" } },
	    { REPO, { "307\nLocation: http://inside:3000/api/v1/repos/acme/store\n\n{}" } },
	    { "/api/v1/repos/acme/store/pulls", { "201\n\n{\"number\":6}" } } },
	  "opened 6",
	  POST_ONE "\nPOST /api/v1/repos/acme/store/pulls {\"base\":\"main\",\"head\":\"bot/x\","
		   "\"title\":\"Bump x\",\"body\":\"Bumps x.\"}" },
	{ "d10_hints_at_a_closed_one_while_another_is_open",
	  FIND,
	  { { HINT, { "200\n\n" GITEA_ITEM("2", "closed", "acme/shop") } },
	    { GITEA_OPEN, { "200\n\n[" GITEA_ITEM("6", "open", "acme/shop") "]" } } },
	  "6 open main" },
	{ "d10_knows_a_closed_one",
	  FIND,
	  { { HINT, { "200\n\n" GITEA_ITEM("2", "closed", "acme/shop") } },
	    { GITEA_OPEN, { "200\n\n[]" } },
	    { GITEA_CLOSED, { "200\n\n[" GITEA_ITEM("2", "closed", "acme/shop") "]" } } },
	  "2 closed main" },
	{ "d10_never_saw_one",
	  FIND,
	  { { HINT, { "404\n\n{}" } }, { GITEA_OPEN, { "200\n\n[]" } } },
	  "none" },
	{ "knows_a_closed_one_whose_branch_is_gone",
	  LOOK,
	  { { REPO "/pulls/6",
	      { "200\n\n{\"number\":6,\"state\":\"closed\",\"head\":{\"ref\":\"refs/pull/6/head\","
		"\"label\":\"bot/x\",\"repo\":{\"full_name\":\"acme/"
		"shop\"}},\"base\":{\"ref\":\"main\"}}" } } },
	  "6 closed main" },
	{ "d11_is_told_all_that_it_needs",
	  OPEN,
	  { { GITEA_OPEN, { "200\n\n[]" } },
	    { GITEA_POST, { "201\n\n{\"number\":6,\"mergeable\":false}" } } },
	  "opened 6",
	  POST_ONE },
	{ "d15_has_a_quota",
	  OPEN,
	  { { GITEA_OPEN, { "200\n\n[]" } },
	    { GITEA_POST, { "413\n\n{\"message\":\"quota exceeded\"}" } } },
	  "INPUT: 413: quota exceeded",
	  POST_ONE },
	{ "d16_fails_and_has_made_none",
	  OPEN,
	  { { GITEA_OPEN, { "200\n\n[]" } },
	    { GITEA_POST, { "500\n\n{\"message\":\"\"}", "201\n\n{\"number\":6}" } } },
	  "opened 6",
	  POST_ONE "\n" POST_ONE },
	{ "d17_says_201_to_a_change",
	  UPDATE,
	  { { REPO "/pulls/6", { "201\n\n{\"number\":6}" } } },
	  "",
	  UPDATE_ONE },
	{ "d18_has_merged_it_in_the_meantime",
	  CLOSE,
	  { { REPO "/pulls/6",
	      { "412\n\n{\"message\":\"cannot change state of this pull request, it was already "
		"merged\"}" } } },
	  "",
	  "PATCH " REPO "/pulls/6 {\"state\":\"closed\"}" },
	{ "d19_has_lost_the_base",
	  UPDATE,
	  { { REPO "/pulls/6", { "404\n\n{\"message\":\"new base 'main' not exist\"}" } } },
	  "ABSENT: updating the pull request: 404: new base 'main' not exist",
	  UPDATE_ONE },
	{ "d21_d22_takes_labels_by_their_numbers",
	  DRESS,
	  { { "/api/v1/orgs/acme/labels?limit=50&page=1", { "404\n\n{}" } },
	    { REPO "/labels?limit=50&page=1", { "200\n\n[{\"id\":3,\"name\":\"Dependencies\"}]" } },
	    { REPO "/labels", { "201\n\n{\"id\":12,\"name\":\"docker\"}" } },
	    { REPO "/issues/6/labels", { "200\n\n[]" } },
	    { REPO "/assignees?limit=50&page=1", { PEOPLE } },
	    { REPO "/reviewers?limit=50&page=1", { PEOPLE } },
	    { REPO "/issues/6", { "200\n\n{\"assignees\":[{\"login\":\"kim\"}]}", "201\n\n{}" } },
	    { REPO "/teams", { "200\n\n[{\"name\":\"Owners\"},{\"name\":\"Team\"}]" } },
	    { REPO "/pulls/6/requested_reviewers", { "201\n\n[]" } } },
	  "'ghost' cannot be asked here\n",
	  "POST " REPO "/labels {\"name\":\"docker\",\"color\":\"#0366d6\"}\n"
	  "POST " REPO "/issues/6/labels {\"labels\":[3,12]}\n"
	  "PATCH " REPO "/issues/6 {\"assignees\":[\"kim\",\"alice\"]}\n"
	  "POST " REPO
	  "/pulls/6/requested_reviewers {\"reviewers\":[\"alice\"],\"team_reviewers\":[\"team\"]}\n"
	  "PATCH " REPO "/issues/6 {\"milestone\":4}" },
	{ "d23_tells_what_was_said",
	  HEAR,
	  { { COMMENTS,
	      { "200\n\n[{\"id\":9,\"pull_request_url\":\"http://h/O/R/pulls/"
		"6\",\"issue_url\":\"\","
		"\"body\":\"@bot rebase\",\"user\":{\"login\":\"eve\"},"
		"\"created_at\":\"2026-01-02T00:00:00Z\",\"updated_at\":\"2026-01-02T00:00:00Z\"},"
		"{\"id\":10,\"pull_request_url\":\"\",\"issue_url\":\"http://h/O/R/issues/9\","
		"\"body\":\"on an issue\",\"user\":{\"login\":\"eve\"},"
		"\"created_at\":\"2026-01-02T00:00:00Z\"}]" } } },
	  "eve on 6: @bot rebase; the last 2026-01-02T00:00:00Z" },
	{ "d24_does_not_let_us_nod",
	  NOD,
	  { { REPO "/issues/comments/5/reactions", { "403\n\n{\"message\":\"no\"}" } } },
	  "DENIED: nodding" },
	{ "nods_once_more",
	  NOD,
	  { { REPO "/issues/comments/5/reactions", { "200\n\n{}" } } },
	  "",
	  "POST " REPO "/issues/comments/5/reactions {\"content\":\"+1\"}" },
	{ "lets_an_owner_push",
	  MAY_PUSH,
	  { { REPO "/collaborators/alice/permission", { "200\n\n{\"permission\":\"owner\"}" } } },
	  "may" },
	{ "lets_a_reader_not",
	  MAY_PUSH,
	  { { REPO "/collaborators/alice/permission", { "200\n\n{\"permission\":\"read\"}" } } },
	  "may not" },
	{ "lets_nobody_of_a_team_without_code",
	  MAY_PUSH,
	  { { REPO "/collaborators/alice/permission", { "403\n\n{\"message\":\"no\"}" } },
	    { REPO "/teams",
	      { "200\n\n[{\"permission\":\"write\",\"units_map\":"
		"{\"repo.code\":\"none\",\"repo.issues\":\"write\"}}]" } } },
	  "may not" },
	{ "is_archived_when_something_is_said",
	  SAY,
	  { { REPO "/issues/6/comments", { "423\n\n{\"message\":\"archived\"}" } } },
	  "INPUT: writing a comment: 423: archived",
	  "POST " REPO "/issues/6/comments {\"body\":\"text\"}" },
	{ "d30_stands_behind_a_proxy_that_limits",
	  LIST,
	  { { GITEA_OPEN, { "429\nContent-Type: text/html\n\n<html>slow down</html>" } } },
	  "BUSY: asks for a pause" },
	{ "d06_lists_what_can_be_pushed_to",
	  DISCOVER,
	  { { "/api/v1/orgs/acme/repos?limit=50&page=1", { "404\n\n{}" } },
	    { "/api/v1/users/acme/repos?limit=50&page=1",
	      { "200\n\n[{\"name\":\"a\",\"permissions\":{\"push\":true}},"
		"{\"name\":\"mirror\",\"mirror\":true,\"permissions\":{\"push\":true}},"
		"{\"name\":\"old\",\"archived\":true,\"permissions\":{\"push\":true}},"
		"{\"name\":\"theirs\",\"permissions\":{\"push\":false}},"
		"{\"name\":\"closed\",\"has_pull_requests\":false,\"permissions\":{\"push\":true}},"
		"{\"name\":\"empty\",\"empty\":true,\"permissions\":{\"push\":true}}]" } } },
	  "a.git" },

	{ "may_not_be_asked_for_an_organisation",
	  DISCOVER,
	  { { ORGANISATION "1", { "403\n\n{\"message\":\"required=[read:organization]\"}" } },
	    { "/api/v1/users/acme/repos?limit=50&page=1",
	      { "200\n\n[{\"name\":\"a\",\"permissions\":{\"push\":true}}]" } } },
	  "a.git" },
	{ "does_not_list_a_part_for_the_whole",
	  DISCOVER,
	  { { ORGANISATION "1",
	      { "200\nLink: <https://h/x?page=2>; rel=\"next\"\n\n"
		"[{\"name\":\"a\",\"permissions\":{\"push\":true}},"
		"{\"name\":\"f\",\"fork\":true,\"permissions\":{\"push\":true}}]" } },
	    { ORGANISATION "2", { "502\n\n{}" } },
	    { "/api/v1/users/acme/repos?limit=50&page=1", { "200\n\n[]" } } },
	  "NET: listing repositories: the forge answers 502" },
	{ "does_not_go_on_with_another_list_in_the_middle_of_one",
	  DISCOVER,
	  { { ORGANISATION "1",
	      { "200\nLink: <https://h/x?page=2>; rel=\"next\"\n\n"
		"[{\"name\":\"a\",\"permissions\":{\"push\":true}}]" } },
	    { ORGANISATION "2", { "403\n\n{}" } },
	    { "/api/v1/users/acme/repos?limit=50&page=1", { "200\n\n[]" } } },
	  "DENIED: listing repositories: the token may not do this" },

	{ "knows_its_dashboard_by_its_mark_and_its_author",
	  FIND_BOARD,
	  { { "/api/v1/user", { "200\n\n{\"login\":\"bot\"}" } },
	    { REPO "/issues?state=open&type=issues&created_by=bot&limit=50&page=1",
	      { "200\n\n[{\"number\":3,\"state\":\"open\",\"user\":{\"login\":\"eve\"}," BOARD_BODY
		"},{\"number\":4,\"state\":\"open\",\"user\":{\"login\":\"bot\"},\"pull_request\":{"
		"}," BOARD_BODY "},"
		"{\"number\":5,\"user\":{\"login\":\"bot\"},\"body\":\"x\"},{\"number\":6,"
		"\"state\":\"open\",\"user\":{\"login\":\"Bot\"}," BOARD_BODY "}]" } } },
	  "6 open" },
	{ "opens_no_dashboard_where_it_is_not_known_whose_it_would_be",
	  FIND_BOARD,
	  { { "/api/v1/user", { "502\n\n{}" } } },
	  "NET: asking whose the token is" },
	{ "opens_no_dashboard_where_the_token_may_not_say_whose_it_is",
	  FIND_BOARD,
	  { { "/api/v1/user", { "403\n\n{\"message\":\"required=[read:user]\"}" } } },
	  "DENIED: asking whose the token is, by which its own work is known: the token may not "
	  "do "
	  "this: required=[read:user]" },
	{ "does_not_take_another_issue_of_that_number_for_its_dashboard",
	  READ_BOARD,
	  { { REPO "/issues/3", { "200\n\n{\"number\":3,\"state\":\"open\",\"body\":\"x\"}" } },
	    { "/api/v1/user", { "200\n\n{\"login\":\"bot\"}" } },
	    { REPO "/issues?state=open&type=issues&created_by=bot&limit=50&page=1",
	      { "200\n\n[]" } } },
	  "0" },
	{ "reads_its_dashboard_by_its_number",
	  READ_BOARD,
	  { { REPO "/issues/3",
	      { "200\n\n{\"number\":3,\"state\":\"closed\",\"user\":{\"login\":\"bot\"}," BOARD_BODY
		"}" } },
	    { "/api/v1/user", { "200\n\n{\"login\":\"bot\"}" } } },
	  "3" },
	{ "knows_its_dashboard_though_a_person_took_out_the_mark",
	  READ_BOARD,
	  { { REPO "/issues/3",
	      { "200\n\n{\"number\":3,\"state\":\"open\",\"user\":{\"login\":\"bot\"},"
		"\"title\":\"Dependency dashboard\",\"body\":\"x\"}" } },
	    { "/api/v1/user", { "200\n\n{\"login\":\"bot\"}" } } },
	  "3 open" },
	{ "does_not_take_a_strangers_issue_of_that_number_for_its_dashboard",
	  READ_BOARD,
	  { { REPO "/issues/3",
	      { "200\n\n{\"number\":3,\"state\":\"open\",\"user\":{\"login\":\"eve\"}," BOARD_BODY
		"}" } },
	    { "/api/v1/user", { "200\n\n{\"login\":\"bot\"}" } },
	    { REPO "/issues?state=open&type=issues&created_by=bot&limit=50&page=1",
	      { "200\n\n[]" } } },
	  "0" },
	{ "does_not_take_a_pull_request_of_that_number_for_its_dashboard",
	  READ_BOARD,
	  { { REPO "/issues/3",
	      { "200\n\n{\"number\":3,\"state\":\"open\",\"user\":{\"login\":\"bot\"},"
		"\"pull_request\":{}," BOARD_BODY "}" } },
	    { "/api/v1/user", { "200\n\n{\"login\":\"bot\"}" } },
	    { REPO "/issues?state=open&type=issues&created_by=bot&limit=50&page=1",
	      { "200\n\n[]" } } },
	  "0" },
	{ "opens_a_draft",
	  OPEN_DRAFT,
	  { { GITEA_OPEN, { "200\n\n[]" } }, { GITEA_POST, { "201\n\n{\"number\":6}" } } },
	  "opened 6",
	  "POST " GITEA_POST " {\"base\":\"main\",\"head\":\"bot/x\",\"title\":\"WIP: Bump x\","
	  "\"body\":\"Bumps x.\"}" },
	{ "d25_merges_it_later",
	  AUTOMERGE,
	  { { REPO, { "200\n\n{\"default_merge_style\":\"squash\"}" } },
	    { REPO "/pulls/6/merge", { "201\n\n" } } },
	  "",
	  MERGE("squash") },
	{ "d26_merges_it_at_once",
	  AUTOMERGE,
	  { { REPO, { "200\n\n{}" } }, { REPO "/pulls/6/merge", { "200\n\n" } } },
	  "",
	  MERGE("merge") },
	{ "d27_is_going_to_already",
	  AUTOMERGE,
	  { { REPO, { "200\n\n{}" } },
	    { REPO "/pulls/6/merge",
	      { "409\n\n{\"message\":\"The pull request is already scheduled to auto "
		"merge\"}" } } },
	  "",
	  MERGE("merge") },
	{ "d28_has_not_looked_yet",
	  AUTOMERGE,
	  { { REPO, { "200\n\n{}" } },
	    { REPO "/pulls/6/merge",
	      { "405\n\n{\"message\":\"Please try again later\"}", "201\n\n" } } },
	  "",
	  MERGE("merge") "\n" MERGE("merge") },
	{ "takes_back_that_it_is_merged_later",
	  CANCEL_AUTOMERGE,
	  { { REPO "/pulls/6/merge", { "204\n\n" } } },
	  "",
	  "DELETE " REPO "/pulls/6/merge " },
	{ "was_not_going_to_merge_it",
	  CANCEL_AUTOMERGE,
	  { { REPO "/pulls/6/merge", { "404\n\n{\"errors\":null}" } } },
	  "",
	  "DELETE " REPO "/pulls/6/merge " },
	{ "was_told_by_another_to_merge_it",
	  CANCEL_AUTOMERGE,
	  { { REPO "/pulls/6/merge",
	      { "403\n\n{\"message\":\"user has no permission to cancel the scheduled auto "
		"merge\"}" } } },
	  "DENIED: the token may not do this: user has no permission to cancel" },
	{ "sees_another_head",
	  AUTOMERGE,
	  { { REPO, { "200\n\n{}" } },
	    { REPO "/pulls/6/merge", { "409\n\n{\"message\":\"head out of date\"}" } } },
	  "merging it once all checks pass: 409: head out of date\n" },
};

static void is_done_right(gconstpointer row)
{
	deed_run(&forge_gitea, row);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	DEEDS_ADD(&forge_gitea, deeds, is_done_right)
	return g_test_run();
}
