/* SPDX-License-Identifier: MIT */
#include "publish/history.h"

#include <string.h>

static const char *const ascending[] = {
	"0.9",
	"1.0.0-alpha",
	"1.0.0-beta.2",
	"1.0.0-beta.11",
	"1.0.0-rc1",
	"1.0.0",
	"1.0.1",
	"1.2",
	"1.10.0",
	"2.0.0",
	"10.0",
	"20240101",
	"99999999999999999999999999999999999999999999999999",
};

static void versions_are_ordered_by_their_numbers(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ascending); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(ascending); k++) {
			int order = history_order(ascending[i], ascending[k]);

			g_test_message("%s and %s", ascending[i], ascending[k]);
			g_assert_cmpint((order > 0) - (order < 0), ==, (i > k) - (i < k));
		}
	g_assert_cmpint(history_order("1.2", "1.2.0"), ==, 0);
	g_assert_cmpint(history_order("1.02", "1.2"), ==, 0);
	g_assert_cmpint(history_order("1.2-rc", "1.2-rcx"), <, 0);
	g_assert_cmpint(history_order("", "1"), <, 0);
}

/* "TAG|NAME|TEXT; …" */
static History *history_of(const char *releases)
{
	g_auto(GStrv) each = g_strsplit(releases, "; ", -1);
	History *history = history_new("github", "https://github.com/a/b");

	for (char **one = each; *one != NULL; one++) {
		g_auto(GStrv) cells = g_strsplit(*one, "|", 3);

		g_assert_cmpuint(g_strv_length(cells), ==, 3);
		history_announce(history, cells[0], cells[1], cells[2]);
	}
	return history;
}

#define PLAIN "v1.3.0||c; v1.2.0||b; v1.1.0||a; v1.0.0||z"
#define MANY  "sub/v1.2.0||s2; v1.2.0||b; sub/v1.1.0||s1; v1.1.0||a"

static const struct {
	const char *releases, *from, *to; /* versions */
	const char *tag;                  /* of the new one; NULL: not known */
	const char *notes;
} ranges[] = {
	{ PLAIN, "1.1.0", "1.3.0", "v1.3.0", "## v1.3.0\nc\n\n## v1.2.0\nb" },
	{ PLAIN, "1.2.0", "1.3.0", "v1.3.0", "## v1.3.0\nc" },
	{ PLAIN, "1.2.0", "1.3.0", NULL, "## v1.3.0\nc" },
	{ PLAIN, "0.9.0", "1.1.0", "v1.1.0", "## v1.1.0\na\n\n## v1.0.0\nz" },
	/* The new one was not announced, the old one is not known, neither is. */
	{ PLAIN, "1.2.0", "1.4.0", "v1.4.0", "## v1.3.0\nc" },
	{ PLAIN, NULL, "1.3.0", "v1.3.0", "## v1.3.0\nc" },
	{ PLAIN, NULL, "1.4.0", "v1.4.0", NULL },
	{ PLAIN, "1.0.0", NULL, NULL, NULL },
	/* In whatever order they come. */
	{ "v1.0.0||z; v1.2.0||b; v1.1.0||a", "1.0.0", "1.2.0", NULL,
	  "## v1.2.0\nb\n\n## v1.1.0\na" },
	/* Many things in one repository. */
	{ MANY, "1.1.0", "1.2.0", "sub/v1.2.0", "## sub/v1.2.0\ns2" },
	{ MANY, "1.1.0", "1.2.0", "v1.2.0", "## v1.2.0\nb" },
	{ "jenkins-2|v1.2.0|b; jenkins-1|v1.1.0|a", "1.1.0", "1.2.0", "v1.2.0", "## v1.2.0\nb" },
	{ "release-1.2.0||b; release-1.1.0||a", "1.1.0", "1.2.0", NULL, "## release-1.2.0\nb" },
	{ "v11.2.0||x; v1.1.2.0||y", "1.1.0", "1.2.0", NULL, NULL },
	/* Titles. */
	{ "v1.2.0|Second|b", "1.1.0", "1.2.0", NULL, "## Second\nb" },
	{ "v1.2.0|Second|# Second\nb", "1.1.0", "1.2.0", NULL, "# Second\nb" },
	{ "v1.2.0|Second| \n; v1.1.0||a", "1.0.0", "1.2.0", NULL,
	  "## Second\nNo release notes provided.\n\n## v1.1.0\na" },
	{ "v1.2.0||; v1.1.0|| \n", "1.0.0", "1.2.0", NULL, NULL },
	{ "v1.3.0-rc.1||r; v1.2.0||b", "1.2.0", "1.3.0", NULL, "## v1.3.0-rc.1\nr" },
};

static void releases_of_the_range_are_told_newest_first(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++) {
		g_autoptr(History) history = history_of(ranges[i].releases);
		g_autoptr(Home) home = home_new(g_strdup("https://github.com/a/b"), "");
		g_autofree char *notes = NULL;

		home->from_version = g_strdup(ranges[i].from);
		home->to_version = g_strdup(ranges[i].to);
		home->to = g_strdup(ranges[i].tag);
		g_test_message("%s to %s of %s", ranges[i].from, ranges[i].to, ranges[i].releases);
		notes = history_notes(history, home);
		g_assert_cmpstr(notes, ==, ranges[i].notes);
	}
}

static void a_tag_is_found_by_its_version(void)
{
	g_autoptr(History) history = history_of(MANY);
	g_autoptr(Home) home = home_new(g_strdup("https://github.com/a/b"), "");

	home->to_version = g_strdup("1.2.0");
	home->to = g_strdup("sub/v1.2.0");
	g_assert_cmpstr(history_tag(history, home, "1.1.0"), ==, "sub/v1.1.0");
	g_assert_null(history_tag(history, home, "1.0.0"));
	g_assert_null(history_tag(history, home, NULL));
}

static void a_history_is_kept_whole(void)
{
	g_autoptr(History) history = history_of(PLAIN), back = NULL;
	g_autoptr(Json) json = NULL, again = NULL, empty = json_new_object();
	g_autofree char *text = NULL, *other = NULL;
	g_autoptr(GError) error = NULL;

	history->branch = g_strdup("main");
	history->changelog = (HistoryFile){ g_strdup("CHANGELOG.md"), g_strdup("# 1.2\n") };
	json = history_json(history);
	back = history_read(json, &error);
	g_assert_no_error(error);
	again = history_json(back);
	text = json_print(json);
	other = json_print(again);
	g_assert_cmpstr(text, ==, other);
	g_assert_null(history_read(empty, &error));
	g_assert_nonnull(error);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/history/versions_are_ordered_by_their_numbers",
			versions_are_ordered_by_their_numbers);
	g_test_add_func("/history/releases_of_the_range_are_told_newest_first",
			releases_of_the_range_are_told_newest_first);
	g_test_add_func("/history/a_tag_is_found_by_its_version", a_tag_is_found_by_its_version);
	g_test_add_func("/history/a_history_is_kept_whole", a_history_is_kept_whole);
	return g_test_run();
}
