/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modpath.h"
#include "tables.h"

static void paths_are_judged_as_in_the_table(void)
{
	g_autoptr(GPtrArray) rows = table_rows("modpaths.tsv", 4);

	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		size_t length;
		bool is_split = modpath_split(row[0], &length);

		g_test_message("%s", row[0]);
		g_assert_cmpint(is_split, ==, strcmp(row[1], "invalid") != 0);
		if (is_split)
			g_assert_cmpstr(row[0] + length, ==,
					strcmp(row[1], "empty") == 0 ? "" : row[1]);
		g_assert_cmpint(modpath_check(row[0], NULL), ==, strcmp(row[2], "ok") == 0);
		g_assert_cmpint(modpath_check_import(row[0], NULL), ==, strcmp(row[3], "ok") == 0);
	}
}

static void path_and_version_agree_as_in_the_table(void)
{
	g_autoptr(GPtrArray) rows = table_rows("pathversions.tsv", 3);

	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		g_autoptr(GError) error = NULL;
		bool agrees = modpath_check_version(row[0], row[1], &error);

		g_test_message("%s %s", row[0], row[1]);
		g_assert_cmpint(agrees, ==, strcmp(row[2], "ok") == 0);
		if (!agrees)
			g_assert_nonnull(strstr(error->message, row[2]));
	}
}

static void capitals_are_escaped_as_in_the_table(void)
{
	g_autoptr(GPtrArray) rows = table_rows("escaping.tsv", 3);

	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		g_autoptr(GError) error = NULL;
		g_autofree char *escaped = strcmp(row[0], "path") == 0
						   ? modpath_escape(row[1], &error)
						   : modpath_escape_version(row[1], &error);

		g_assert_cmpstr(escaped != NULL ? escaped : "error", ==, row[2]);
		g_assert_cmpint(escaped == NULL, ==, error != NULL);
	}
}

static void globs_match_as_in_the_table(void)
{
	g_autoptr(GPtrArray) rows = table_rows("globs.tsv", 3);

	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);

		g_test_message("%s %s", row[0], row[1]);
		g_assert_cmpint(modpath_matches(row[0], row[1]), ==, strcmp(row[2], "yes") == 0);
	}
	g_assert_false(modpath_matches(NULL, "a.b/c"));
	g_assert_false(modpath_matches("", "a.b/c"));
	g_assert_false(modpath_matches("none", "a.b/c"));
}

static void a_glob_knows_classes_and_goes_back(void)
{
	static const struct {
		const char *glob, *path;
		bool matches;
	} cases[] = {
		{ "a.[bc]", "a.c/x", true },  { "a.[^bc]", "a.c/x", false },
		{ "a.[a-c]", "a.b", true },   { "a.[b", "a.b", false },
		{ "a.[]b]", "a.b", false },   { "*b*c", "abbxc", true },
		{ "*.*.b", "x.y.z.b", true }, { "*a", "a/a", true },
		{ "*", "a.b/c", true },       { "*b", "a/b", false },
		{ "a.b/*", "a.b", false },    { "a.b,,c.d/", "c.d", true },
		{ "a\\.b", "a.b", true },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s %s", cases[i].glob, cases[i].path);
		g_assert_cmpint(modpath_matches(cases[i].glob, cases[i].path), ==,
				cases[i].matches);
	}
}

static void many_stars_take_no_time(void)
{
	g_autoptr(GString) glob = g_string_new(NULL);
	g_autoptr(GString) path = g_string_new(NULL);

	for (int i = 0; i < 2000; i++) {
		g_string_append(glob, "*a");
		g_string_append(path, "aa");
	}
	g_string_append_c(glob, 'b');
	g_assert_false(modpath_matches(glob->str, path->str));
}

static void the_major_version_is_that_of_the_path(void)
{
	static const struct {
		const char *path, *major;
	} cases[] = {
		{ "example.com/a", "v0" },
		{ "example.com/a/v2", "v2" },
		{ "gopkg.in/a.v2", "v2" },
		{ "gopkg.in/a.v2-unstable", "v2" },
		{ "example.com/a/v1", NULL },
		{ "example.com/a/v99999999999999999999", "v99999999999999999999" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *major = modpath_major(cases[i].path);

		g_assert_cmpstr(major, ==, cases[i].major);
	}
}

static void another_major_version_has_its_path(void)
{
	static const struct {
		const char *path;
		guint major;
		const char *other;
	} cases[] = {
		{ "example.com/a", 2, "example.com/a/v2" },
		{ "example.com/a/v2", 10, "example.com/a/v10" },
		{ "example.com/a/v2", 1, "example.com/a" },
		{ "example.com/a/v2", 0, "example.com/a" },
		{ "gopkg.in/a.v1", 2, "gopkg.in/a.v2" },
		{ "gopkg.in/a.v2", 1, "gopkg.in/a.v1" },
		{ "gopkg.in/a", 2, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *other = modpath_at(cases[i].path, cases[i].major);

		g_assert_cmpstr(other, ==, cases[i].other);
	}
}

static void a_file_name_may_hold_more_than_a_path(void)
{
	static const struct {
		const char *name;
		bool is_ok;
	} cases[] = {
		{ "a/b.go", true },    { "a b/(c).go", true }, { "\303\244.go", true },
		{ ".github/x", true }, { "a/CON.txt", false }, { "a/c~1", true },
		{ "a/b*", false },     { "a\\b", false },      { "a/../b", false },
		{ "a/b.", false },     { "", false },          { "-a", true },
		{ "a//b", false },     { "\377", false },      { "a:b", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		g_assert_cmpint(modpath_check_file(cases[i].name, NULL), ==, cases[i].is_ok);
	}
}

static void what_lies_within_a_module_begins_with_its_path_and_a_slash(void)
{
	g_assert_true(modpath_is_within("a.b/c", "a.b/c"));
	g_assert_true(modpath_is_within("a.b/c/d", "a.b/c"));
	g_assert_false(modpath_is_within("a.b/cd", "a.b/c"));
	g_assert_false(modpath_is_within("a.b", "a.b/c"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/modpath/judged_as_in_the_table", paths_are_judged_as_in_the_table);
	g_test_add_func("/gomod/modpath/path_and_version_agree_as_in_the_table",
			path_and_version_agree_as_in_the_table);
	g_test_add_func("/gomod/modpath/capitals_are_escaped_as_in_the_table",
			capitals_are_escaped_as_in_the_table);
	g_test_add_func("/gomod/modpath/globs_match_as_in_the_table", globs_match_as_in_the_table);
	g_test_add_func("/gomod/modpath/glob_knows_classes_and_goes_back",
			a_glob_knows_classes_and_goes_back);
	g_test_add_func("/gomod/modpath/many_stars_take_no_time", many_stars_take_no_time);
	g_test_add_func("/gomod/modpath/major_version_is_that_of_the_path",
			the_major_version_is_that_of_the_path);
	g_test_add_func("/gomod/modpath/another_major_version_has_its_path",
			another_major_version_has_its_path);
	g_test_add_func("/gomod/modpath/file_name_may_hold_more_than_a_path",
			a_file_name_may_hold_more_than_a_path);
	g_test_add_func("/gomod/modpath/within_a_module_is_below_its_path",
			what_lies_within_a_module_begins_with_its_path_and_a_slash);
	return g_test_run();
}
