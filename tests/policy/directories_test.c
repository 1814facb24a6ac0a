/* SPDX-License-Identifier: MIT */
#include "config/dependabot.h"
#include "policy/directories.h"
#include "upkeepd/limits.h"

#include <string.h>

static GPtrArray *strings(const char *text)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) parts = g_strsplit(text, " ", -1);

	for (char **part = parts; *part != NULL; part++)
		if (**part != '\0')
			g_ptr_array_add(list, g_strdup(*part));
	return list;
}

static char *joined(const GPtrArray *list)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < list->len; i++)
		g_string_append_printf(text, "%s%s", i == 0 ? "" : " ", (char *)list->pdata[i]);
	return g_string_free(text, FALSE);
}

/* The results of dependabot-yml.md 9.1, in a tree /, /a, /b, /b/c, /.hid; and more. */
#define TREE "Dockerfile a/Dockerfile b/Dockerfile b/c/Dockerfile .hid/Dockerfile"

static const struct {
	const char *written, *directories;
} cases[] = {
	{ "*", "/ /.hid /a /b" },
	{ "**", "/ /.hid /a /b" },
	{ "**/*", "/ /.hid /a /b /b/c" },
	{ "b/*", "/b /b/c" },
	{ "/b/**", "/b /b/c" },
	{ "/", "/" },
	{ "/nowhere", "/nowhere" },
	{ "b/c/ ./b/../a", "/b/c /a" },
	{ "/b /b/*", "/b /b/c" },
	{ "/b/* /a /*", "/b /b/c /a / /.hid" },
	{ "**/c", "/b/c" },
	{ "**/b", "/b" },
	{ "b/**/c", "/b/c" },
	{ "**/**/c", "/b/c" },
	{ "/?", "/ /a /b" },
	{ "/[ab]", "/a /b" },
	{ "/[!a]", "/ /b" },
	{ "/.*", "/ /.hid" },
	{ "*/c", "/b/c" },
	{ "/A*", "" },
	{ "/x*", "" },
	{ "/{a,b}*", "/a /b" },
	{ "/{a,b/{c,d}}*", "/a /b/c" },
	{ "/{a,b}", "/{a,b}" },
	{ "/{a*", "" },
	{ "/a/..", "/" },
};

static void globs_give_what_dependabots_give(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	g_autoptr(GPtrArray) paths = strings(TREE), found = NULL,
			     written = strings(cases[i].written);
	g_autoptr(Rules) rules = rules_new();
	g_autoptr(Folders) folders = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;

	g_ptr_array_unref(rules->directories);
	rules->directories = g_steal_pointer(&written);
	folders = folders_new(paths);
	found = directories_expand(rules, folders, &error);
	g_assert_no_error(error);
	text = joined(found);
	g_assert_cmpstr(text, ==, cases[i].directories);
	/* Each by itself is taken in by one of the items. */
	for (guint k = 0; k < found->len; k++) {
		bool is_in = false;

		for (guint n = 0; n < rules->directories->len; n++)
			is_in |= directories_take_in(rules->directories->pdata[n], found->pdata[k]);
		g_assert_true(is_in);
	}
}

static void too_many_directories_are_an_error(void)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free), found = NULL;
	g_autoptr(Rules) rules = rules_new();
	g_autoptr(Folders) folders = NULL;
	g_autoptr(GError) error = NULL;

	for (int i = 0; i <= LIMIT_DIRECTORIES; i++)
		g_ptr_array_add(paths, g_strdup_printf("d%d/go.mod", i));
	g_ptr_array_add(rules->directories, g_strdup("/d*"));
	folders = folders_new(paths);
	found = directories_expand(rules, folders, &error);
	g_assert_null(found);
	g_assert_error(error, FAILURE, FAILURE_LIMIT);
}

/* Many globs that match nothing, in a large tree; many alternatives of one. */
static void hostile_globs_end_in_bounded_time(void)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free), found = NULL;
	g_autoptr(Rules) rules = rules_new();
	g_autoptr(Folders) folders = NULL;
	g_autoptr(GError) error = NULL;

	for (int i = 0; i < 20000; i++)
		g_ptr_array_add(paths, g_strdup_printf("d%d/go.mod", i));
	for (int i = 0; i < 20000; i++)
		g_ptr_array_add(rules->directories,
				g_strdup_printf("/x%d*/{a,b,c,d}{a,b,c,d}{a,b,c}{a,b}*", i));
	folders = folders_new(paths);
	found = directories_expand(rules, folders, &error);
	g_assert_null(found);
	g_assert_error(error, FAILURE, FAILURE_LIMIT);
}

/* Each looks only below what it spells out. */
static void many_globs_of_a_large_tree_are_no_trouble(void)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free), found = NULL;
	g_autoptr(Rules) rules = rules_new();
	g_autoptr(Folders) folders = NULL;
	g_autoptr(GError) error = NULL;

	for (int i = 0; i < 10000; i++)
		g_ptr_array_add(paths, g_strdup_printf("d%d/x/go.mod", i));
	for (int i = 0; i < 400; i++)
		g_ptr_array_add(rules->directories, g_strdup_printf("/d%d/*", i));
	folders = folders_new(paths);
	found = directories_expand(rules, folders, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(found->len, ==, 800);
	g_assert_cmpstr(found->pdata[798], ==, "/d399");
	g_assert_cmpstr(found->pdata[799], ==, "/d399/x");
}

/* What only the tree can tell. */
static void entries_that_meet_in_a_directory_are_told(void)
{
	static const char yaml[] =
		"version: 2\nupdates:\n"
		"  - { package-ecosystem: docker, directories: [/b/*], schedule: { interval: daily "
		"} }\n"
		"  - { package-ecosystem: docker, directory: /b/c, schedule: { interval: daily } "
		"}\n"
		"  - { package-ecosystem: gomod, directory: /b/c, schedule: { interval: daily } }\n"
		"  - { package-ecosystem: docker, directory: /b/c, target-branch: x, "
		"schedule: { interval: daily } }\n"
		"  - { package-ecosystem: docker, directory: /a, schedule: { interval: daily } }\n";
	static const bool usable[] = { true, false, true, true, true };
	g_autoptr(GBytes) text = g_bytes_new_static(yaml, strlen(yaml));
	g_autoptr(RulesFile) file = rules_parse("dependabot.yml", text);
	g_autoptr(GPtrArray) paths = strings(TREE);
	g_autofree char *said = NULL;

	g_assert_cmpuint(file->problems->len, ==, 0);
	directories_check(file, paths);
	for (guint i = 0; i < file->entries->len; i++)
		g_assert_cmpint(((Rules *)file->entries->pdata[i])->is_usable, ==, usable[i]);
	g_assert_cmpuint(file->problems->len, ==, 1);
	said = problem_text(file->problems->pdata[0]);
	g_assert_cmpstr(said, ==,
			"dependabot.yml:4:5: error: the entry on line 3 takes in '/b/c' for "
			"'docker' too; keep one");
}

static void an_entry_with_too_many_directories_is_told(void)
{
	static const char yaml[] =
		"version: 2\nupdates:\n"
		"  - { package-ecosystem: docker, directories: [/d*], schedule: { interval: daily "
		"} }\n"
		"  - { package-ecosystem: gomod, directory: /, schedule: { interval: daily } }\n";
	g_autoptr(GBytes) text = g_bytes_new_static(yaml, strlen(yaml));
	g_autoptr(RulesFile) file = rules_parse("dependabot.yml", text);
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

	for (int i = 0; i <= LIMIT_DIRECTORIES; i++)
		g_ptr_array_add(paths, g_strdup_printf("d%d/go.mod", i));
	directories_check(file, paths);
	g_assert_cmpuint(file->problems->len, ==, 1);
	g_assert_false(((Rules *)file->entries->pdata[0])->is_usable);
	g_assert_true(((Rules *)file->entries->pdata[1])->is_usable);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/policy/directories/globs/%zu", i);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), globs_give_what_dependabots_give);
	}
	g_test_add_func("/policy/directories/too_many_directories_are_an_error",
			too_many_directories_are_an_error);
	g_test_add_func("/policy/directories/entries_that_meet_in_a_directory_are_told",
			entries_that_meet_in_a_directory_are_told);
	g_test_add_func("/policy/directories/an_entry_with_too_many_directories_is_told",
			an_entry_with_too_many_directories_is_told);
	g_test_add_func("/policy/directories/hostile_globs_end_in_bounded_time",
			hostile_globs_end_in_bounded_time);
	g_test_add_func("/policy/directories/many_globs_of_a_large_tree_are_no_trouble",
			many_globs_of_a_large_tree_are_no_trouble);
	return g_test_run();
}
