/* SPDX-License-Identifier: MIT */
/* What is said with a push, and which pull requests are ours. A row that begins with a
 * letter and two digits is that row of forge-vectors.md. */
#include "deeds.h"

#include <string.h>

#define REPO      "/api/v1/repos/acme/shop"
#define OPEN_ONES REPO "/pulls?state=open&sort=recentupdate&limit=50&poster=bot&page=1"
#define CLOSED    REPO "/pulls?state=closed&sort=recentupdate&limit=50&poster=bot&page=1"
#define USER                                         \
	{                                            \
		"/api/v1/user",                      \
		{                                    \
			"200\n\n{\"login\":\"bot\"}" \
		}                                    \
	}
#define OTHER "9999999999999999999999999999999999999999"
/* {"k":"437f29ea50e74a3143febf53d0e4c7c1","n":"bot/x"} */
#define MARKED                                                                   \
	"Bumps x.\\r\\n<!-- upkeepd:v1 "                                         \
	"eyJrIjoiNDM3ZjI5ZWE1MGU3NGEzMTQzZmViZjUzZDBlNGM3YzEiLCJuIjoiYm90L3gifQ" \
	" -->"
#define PULL(number, state, login, label, sha, body)                                              \
	"{\"number\":" number ",\"state\":\"" state "\",\"user\":{\"login\":\"" login "\"},"      \
	"\"body\":\"" body "\",\"base\":{\"ref\":\"main\",\"label\":\"main\",\"repo\":{\"id\":1," \
	"\"full_name\":\"acme/shop\"}},\"head\":{\"ref\":\"refs/pull/" number "/head\","          \
	"\"label\":\"" label "\",\"sha\":\"" sha "\",\"repo\":{\"id\":1,"                         \
	"\"full_name\":\"acme/shop\"}}}"

static const Deed deeds[] = {
	{ "d31_finds_what_the_push_has_opened",
	  OPEN,
	  { USER,
	    { OPEN_ONES,
	      { "200\n\n[" PULL("8", "open", "bot", "", OTHER, MARKED) "," PULL(
		      "7", "open", "bot", "", DEED_COMMIT, MARKED) "]" } } },
	  "open before 7",
	  "" },
	{ "finds_what_a_person_has_reworded",
	  OPEN,
	  { USER,
	    { OPEN_ONES, { "200\n\n[" PULL("7", "open", "bot", "", DEED_COMMIT, "mine") "]" } } },
	  "open before 7" },
	{ "says_that_nothing_was_opened",
	  OPEN,
	  { USER,
	    { OPEN_ONES, { "200\n\n[" PULL("7", "open", "eve", "", DEED_COMMIT, MARKED) "]" } } },
	  "NET: the push has opened no pull request" },
	/* Everybody can open one with our mark in it; some servers do not know `poster`. */
	{ "counts_what_our_account_opened_without_a_branch",
	  LIST,
	  { USER,
	    { OPEN_ONES,
	      { "200\n\n[" PULL("5", "open", "eve", "", OTHER, MARKED) "," PULL(
		      "6", "open", "bot", "bot/x", OTHER,
		      MARKED) "," PULL("7", "open", "bot", "", OTHER,
				       MARKED) "," PULL("8", "open", "bot", "", "../x",
							MARKED) "]" } } },
	  "7 open main" },
	{ "asks_once_whose_the_token_is",
	  LIST_TWICE,
	  { { "/api/v1/user", { "200\n\n{\"login\":\"bot\"}", "502\n\n{}" } },
	    { OPEN_ONES, { "200\n\n[" PULL("7", "open", "bot", "", OTHER, MARKED) "]" } } },
	  "7 open main, 7 open main" },
	{ "finds_one_by_the_name_in_its_mark",
	  FIND,
	  { USER,
	    { OPEN_ONES, { "200\n\n[" PULL("7", "open", "bot", "", OTHER, "other words") "]" } },
	    { CLOSED, { "200\n\n[" PULL("4", "closed", "bot", "", OTHER, MARKED) "]" } } },
	  "4 closed main" },
	{ "looks_at_whatever_has_the_number",
	  LOOK,
	  { { REPO "/pulls/6", { "200\n\n" PULL("6", "open", "old-bot", "", OTHER, "mine") } } },
	  "6 open main" },
	{ "needs_to_know_whose_the_token_is",
	  LIST,
	  { { "/api/v1/user",
	      { "403\n\n{\"message\":\"token does not have at least one of required scope(s), "
		"required=[read:user]\"}" } } },
	  "DENIED: read:user" },
	{ "does_not_guess_whose_it_is",
	  LIST,
	  { { "/api/v1/user", { "200\n\n{}" } } },
	  "NET: whose the token is" },
	{ "needs_no_more_than_reading",
	  CHECK,
	  { USER,
	    { REPO, { "200\n\n{\"permissions\":{\"push\":false}}" } },
	    { REPO "/pulls", { "422\n\n{\"message\":\"what?\"}" } },
	    { REPO "/issues", { "422\n\n{\"message\":\"what?\"}" } } },
	  "bot\n"
	  "+ know its own pull requests\n"
	  "+ read the repository\n"
	  "+ open and close pull requests\n"
	  "+ comment" },
	{ "has_more_than_it_needs",
	  CHECK,
	  { USER,
	    { REPO, { "200\n\n{\"permissions\":{\"push\":true},\"has_issues\":false}" } },
	    { REPO "/pulls", { "422\n\n{\"message\":\"what?\"}" } } },
	  "bot\n"
	  "+ know its own pull requests\n"
	  "+ read the repository\n"
	  "+ open and close pull requests\n"
	  "* its account may write to the repository, which is not needed" },
	{ "lacks_the_scopes",
	  CHECK,
	  { { "/api/v1/user", { "403\n\n{\"message\":\"no\"}" } },
	    { REPO, { "200\n\n{}" } },
	    { REPO "/pulls", { "403\n\n{\"message\":\"no\"}" } },
	    { REPO "/issues", { "403\n\n{\"message\":\"no\"}" } } },
	  "?\n"
	  "- know its own pull requests: asking whose the token is, by which its own work is "
	  "known: "
	  "the token may not do this: no\n"
	  "+ read the repository\n"
	  "- open and close pull requests: the token may not do this: no\n"
	  "- comment: the token may not do this: no" },
	{ "closes_its_own",
	  CLOSE,
	  { { REPO "/pulls/6", { "201\n\n{}" } } },
	  "",
	  "PATCH " REPO "/pulls/6 {\"state\":\"closed\"}" },
	{ "discovers_what_can_be_read",
	  DISCOVER,
	  { { "/api/v1/orgs/acme/repos?limit=50&page=1",
	      { "200\n\n[{\"name\":\"a\",\"permissions\":{\"pull\":true,\"push\":false}},"
		"{\"name\":\"b\",\"permissions\":{\"pull\":false}}]" } } },
	  "a.git" },
};

static void is_done_right(gconstpointer row)
{
	deed_run(&forge_agit, row);
}

static char *options_of(bool is_new, bool is_draft)
{
	g_autoptr(Proposal) proposal = proposal_new("bot/x", "main");
	g_autoptr(GPtrArray) options = NULL;

	proposal->title = g_strdup("Bump x");
	proposal->body = g_strdup("Bumps x.\n\n<!-- upkeepd:v1 e30 -->\n");
	proposal->is_draft = is_draft;
	options = forge_agit.push_options(proposal, &(Dress){ 0 }, is_new);
	g_ptr_array_add(options, NULL);
	return g_strjoinv("|", (char **)options->pdata);
}

static void what_opens_one_has_its_title_and_its_mark(void)
{
	g_autofree char *options = options_of(true, false), *draft = options_of(true, true);

	g_assert_cmpstr(options, ==,
			"topic=bot/x|force-push=true|title=Bump x|"
			"description=<!-- upkeepd:v1 e30 -->");
	g_assert_nonnull(strstr(draft, "|title=WIP: Bump x|"));
}

static void d32_other_commits_may_take_the_place_of_the_first(void)
{
	g_autofree char *options = options_of(false, true);

	g_assert_cmpstr(options, ==, "topic=bot/x|force-push=true");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	DEEDS_ADD(&forge_agit, deeds, is_done_right)
	g_test_add_func("/publish/agit/what_opens_one_has_its_title_and_its_mark",
			what_opens_one_has_its_title_and_its_mark);
	g_test_add_func("/publish/agit/d32_other_commits_may_take_the_place_of_the_first",
			d32_other_commits_may_take_the_place_of_the_first);
	return g_test_run();
}
