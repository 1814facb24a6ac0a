/* SPDX-License-Identifier: MIT */
/* What a token is found to be good for, at GitHub and at Gitea. */
#include "publish/deeds.h"

#define MAY_WRITE "200\n\n{\"permissions\":{\"push\":true}}"
#define BOT       "200\n\n{\"login\":\"bot\"}"
#define NO        "403\n\n{\"message\":\"no\"}"
#define WHAT      "422\n\n{\"message\":\"what?\"}" /* so it could be done */

#define READ  "+ read the repository\n"
#define WRITE "+ write to the repository\n"
#define PULLS "+ open and close pull requests\n"
#define LABEL "+ label and comment\n"
#define BOARD "+ keep the dashboard"

typedef struct {
	const char *name;
	const char *repository, *user, *pulls, *labels, *issues; /* what is answered there */
	const char *result;
} Row;

static const Row rows[] = {
	{ "may_do_all_that_is_needed", MAY_WRITE, BOT, WHAT, WHAT, WHAT,
	  "bot\n" READ WRITE PULLS LABEL BOARD },
	{ "may_only_read", "200\n\n{\"permissions\":{\"push\":false},\"archived\":true}", BOT, WHAT,
	  WHAT, WHAT,
	  "bot\n" READ "- write to the repository: its account may only read\n" PULLS LABEL BOARD
	  "\n* the repository is archived" },
	{ "is_refused_pull_requests", MAY_WRITE, BOT, NO, WHAT, WHAT,
	  "bot\n" READ WRITE
	  "- open and close pull requests: the token may not do this: no\n" LABEL BOARD },
	{ "is_refused_labels", MAY_WRITE, BOT, WHAT, NO, WHAT,
	  "bot\n" READ WRITE PULLS "- label and comment: the token may not do this: no\n" BOARD },
	{ "is_refused_issues", MAY_WRITE, BOT, WHAT, WHAT, NO,
	  "bot\n" READ WRITE PULLS LABEL "- keep the dashboard: the token may not do this: no" },
	{ "does_not_say_whose_it_is", MAY_WRITE, NO, WHAT, WHAT, WHAT,
	  "?\n" READ WRITE PULLS LABEL
	  "- keep the dashboard: asking whose the token is, by which its own work is known: the "
	  "token may not do this: no" },
	{ "is_not_shown_the_repository", "404\n\n{\"message\":\"Not Found\"}", BOT, WHAT, WHAT,
	  WHAT, "bot\n- read the repository: read the repository: 404: Not Found" },
	{ "finds_no_issues", MAY_WRITE, BOT, WHAT, WHAT, "404\n\n{}",
	  "bot\n" READ WRITE PULLS LABEL "- keep the dashboard: keep the dashboard: 404" },
	{ "is_taken_for_none", "401\n\n{\"message\":\"Bad credentials\"}", "401\n\n{}", WHAT, WHAT,
	  WHAT, "DENIED: does not accept the token: Bad credentials" },
};

static void is_found_out(const Forge *forge, const char *api, const Row *row)
{
	g_autofree char *repository = g_strconcat(api, "/repos/acme/shop", NULL);
	g_autofree char *user = g_strconcat(api, "/user", NULL);
	g_autofree char *pulls = g_strconcat(repository, "/pulls", NULL);
	g_autofree char *labels = g_strconcat(repository, "/labels", NULL);
	g_autofree char *issues = g_strconcat(repository, "/issues", NULL);
	Deed deed = { .name = row->name,
		      .kind = CHECK,
		      .pages = { { repository, { row->repository } },
				 { user, { row->user } },
				 { pulls, { row->pulls } },
				 { labels, { row->labels } },
				 { issues, { row->issues } } },
		      .result = row->result };

	deed_run(forge, &deed);
}

static void is_found_out_at_github(gconstpointer row)
{
	is_found_out(&forge_github, "/api/v3", row);
}

static void is_found_out_at_gitea(gconstpointer row)
{
	is_found_out(&forge_gitea, "/api/v1", row);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *github = g_strconcat("/publish/pulls/github/", rows[i].name, NULL);
		g_autofree char *gitea = g_strconcat("/publish/pulls/gitea/", rows[i].name, NULL);

		g_test_add_data_func(github, &rows[i], is_found_out_at_github);
		g_test_add_data_func(gitea, &rows[i], is_found_out_at_gitea);
	}
	return g_test_run();
}
