/* SPDX-License-Identifier: MIT */
/* What is said with a push, and what is read from the answer. A row that begins with a
 * letter and two digits is that row of forge-vectors.md. */
#include "publish/forges.h"

#include <string.h>

static GPtrArray *list_of(const char *first, const char *second)
{
	GPtrArray *list = g_ptr_array_new();

	g_ptr_array_add(list, (char *)first);
	g_ptr_array_add(list, (char *)second);
	return list;
}

static char *options_of(bool is_new, bool is_draft)
{
	g_autoptr(Proposal) proposal = proposal_new("bot/x", "main");
	g_autoptr(GPtrArray) labels = list_of("dependencies", "go"), people = list_of("ann", "bob");
	Dress dress = { .labels = labels, .assignees = people, .milestone = 4 };
	g_autoptr(GPtrArray) options = NULL;

	proposal->title = g_strdup("Bump x, 100%");
	proposal->body = g_strdup("Bumps x.\r\n\nMore\n");
	proposal->is_draft = is_draft;
	options = forge_gitlab_push.push_options(proposal, &dress, is_new);
	g_ptr_array_add(options, NULL);
	return g_strjoinv("|", (char **)options->pdata);
}

#define WORDS                                                         \
	"merge_request.target=main|merge_request.title=Bump x, 100%|" \
	"merge_request.description=Bumps x.\\n\\nMore\\n"

static void c30_a_new_one_is_opened_and_dressed(void)
{
	g_autofree char *options = options_of(true, false), *draft = options_of(true, true);

	g_assert_cmpstr(options, ==,
			"merge_request.create|" WORDS "|merge_request.remove_source_branch|"
			"merge_request.label=dependencies|merge_request.label=go|"
			"merge_request.assign=ann|merge_request.assign=bob|"
			"merge_request.milestone=4");
	g_assert_nonnull(strstr(draft, "|merge_request.draft|"));
}

static void one_that_is_there_gets_its_words_and_is_not_opened(void)
{
	g_autofree char *options = options_of(false, false), *draft = options_of(false, true);

	g_assert_cmpstr(options, ==, WORDS);
	g_assert_cmpstr(draft, ==,
			"merge_request.target=main|"
			"merge_request.description=Bumps x.\\n\\nMore\\n");
}

static void what_is_left_to_the_forge_is_so_with_every_push(void)
{
	g_autoptr(Proposal) proposal = proposal_new("bot/x", "main");

	proposal->title = g_strdup("x");
	proposal->body = g_strdup("y");
	proposal->is_left_to_forge = true;
	for (int is_new = 0; is_new <= 1; is_new++) {
		g_autoptr(GPtrArray) options =
			forge_gitlab_push.push_options(proposal, &(Dress){ 0 }, is_new == 1);

		g_assert_true(g_ptr_array_find_with_equal_func(options, "merge_request.auto_merge",
							       g_str_equal, NULL));
		g_assert_true(g_ptr_array_find_with_equal_func(
			options, "merge_request.merge_when_pipeline_succeeds", g_str_equal, NULL));
	}
}

static char *description_of(const char *body)
{
	g_autoptr(Proposal) proposal = proposal_new("bot/x", "main");
	g_autoptr(GPtrArray) options = NULL;

	proposal->title = g_strdup("x");
	proposal->body = g_strdup(body);
	options = forge_gitlab_push.push_options(proposal, &(Dress){ 0 }, false);
	return g_strdup(strchr(g_ptr_array_index(options, 2), '=') + 1);
}

static const struct {
	const char *body, *description;
} breaks[] = {
	{ "> fix\\n/approve", "> fix\\\xe2\x80\x8bn/approve" },
	{ "\\\\n", "\\\\\xe2\x80\x8bn" },
	{ "\\\rn", "\\\xe2\x80\x8bn" },
	{ "\\\n/x", "\\\\n/x" },
	{ "\nn\\t", "\\nn\\t" },
};

static void a_line_break_that_is_only_written_makes_no_line(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(breaks); i++) {
		g_autofree char *description = description_of(breaks[i].body);

		g_assert_cmpstr(description, ==, breaks[i].description);
	}
}

static void the_longest_body_fits_into_an_option(void)
{
	g_autofree char *lines = g_strnfill(forge_gitlab_push.max_body, '\n');
	g_autofree char *written = g_strnfill(forge_gitlab_push.max_body, '\\');
	g_autofree char *of_lines = description_of(lines), *of_written = NULL;

	for (size_t i = 1; i < forge_gitlab_push.max_body; i += 2)
		written[i] = 'n';
	of_written = description_of(written);
	g_assert_cmpuint(strlen(of_lines), <=, 65000);
	g_assert_cmpuint(strlen(of_written), <=, 65000);
}

static const struct {
	const char *said, *url;
} said[] = {
	{ "\nView merge request for bot/x:\n  https://h/grp/app/-/merge_requests/5\n",
	  "https://git.example.org/lab/grp/app/-/merge_requests/5" },
	{ "View merge request for merge_requests/x: http://inside/grp/app/merge_requests/5",
	  "https://git.example.org/lab/grp/app/-/merge_requests/5" },
	{ "To create a merge request for bot/x, visit:\n"
	  "  https://h/grp/app/-/merge_requests/new?merge_request%5Bsource_branch%5D=bot/x",
	  NULL },
	{ "https://h/-/merge_requests/0", NULL },
	{ "https://h/-/merge_requests/12345678901234567890", NULL },
	{ "https://h/-/merge_requests/", NULL },
	{ "", NULL },
};

static void its_place_is_told_by_its_number_alone(void)
{
	Repository repository = { .url = (char *)"https://git.example.org/lab/grp/app.git" };

	for (size_t i = 0; i < G_N_ELEMENTS(said); i++) {
		g_autofree char *url = forge_gitlab_push.pushed_url(&repository, said[i].said);

		g_assert_cmpstr(url, ==, said[i].url);
	}
}

#define ADD(test) g_test_add_func("/publish/gitlab_push/" #test, test)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(c30_a_new_one_is_opened_and_dressed);
	ADD(one_that_is_there_gets_its_words_and_is_not_opened);
	ADD(what_is_left_to_the_forge_is_so_with_every_push);
	ADD(a_line_break_that_is_only_written_makes_no_line);
	ADD(the_longest_body_fits_into_an_option);
	ADD(its_place_is_told_by_its_number_alone);
	return g_test_run();
}
