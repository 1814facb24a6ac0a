/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gotree.h"

#include <string.h>

static bool want(Source *source, const GPtrArray *paths, GError **error G_GNUC_UNUSED)
{
	GString *wanted = source->detail;

	for (guint i = 0; i < paths->len; i++)
		g_string_append_printf(wanted, "%s ", (char *)paths->pdata[i]);
	return true;
}

/* Every file imports its own path. */
static GBytes *read_file(Source *source G_GNUC_UNUSED, const char *path,
			 size_t max_bytes G_GNUC_UNUSED, GError **error)
{
	g_autofree char *text = g_strdup_printf("package p\nimport \"%s\"\n", path);

	if (strcmp(path, "broken/x.go") == 0)
		return fail_null(error, FAILURE_IO, "'%s' cannot be read", path);
	return g_bytes_new(text, strlen(text));
}

/* Sorted by bytes, as a source has them. */
static const char *const paths[] = {
	".hidden/x.go",        "_old/x.go",      "a.go",
	"broken/x.go",         "cmd/b/b.go",     "cmd/b/b_test.go",
	"cmd/b/testdata/x.go", "docs/readme.md", "go.mod",
	"node/x/y/z.go",       "other/go.mod",   "other/sub/x.go",
	"other/x.go",          "other2/x.go",    "vendor/e.c/a/a.go",
	"vendor/direct.go",    "x/node/z.go",
};

typedef struct {
	Source source;
	GoTree *tree;
} Fixture;

static void set_up(Fixture *fixture, const void *unused G_GNUC_UNUSED)
{
	fixture->source.paths = g_ptr_array_new();
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++)
		g_ptr_array_add(fixture->source.paths, (char *)paths[i]);
	fixture->source.want = want;
	fixture->source.read = read_file;
	fixture->source.detail = g_string_new(NULL);
	fixture->tree = gotree_new(&fixture->source);
}

static void tear_down(Fixture *fixture, const void *unused G_GNUC_UNUSED)
{
	gotree_free(fixture->tree);
	g_string_free(fixture->source.detail, TRUE);
	g_ptr_array_unref(fixture->source.paths);
}

static char *packages_of(const Fixture *fixture, const char *root, const char *ignore)
{
	ModPath path = { .path = (char *)ignore };
	g_autoptr(GPtrArray) ignores = g_ptr_array_new(), packages = NULL;

	if (ignore != NULL)
		g_ptr_array_add(ignores, &path);
	packages = gotree_packages(fixture->tree, root, ignores);
	g_ptr_array_add(packages, NULL);
	return g_strjoinv(",", (char **)packages->pdata);
}

static void packages_are_those_of_go_list(Fixture *fixture, const void *unused G_GNUC_UNUSED)
{
	g_autofree char *packages = packages_of(fixture, "", NULL);
	g_autofree char *others = packages_of(fixture, "other", NULL);

	g_assert_cmpstr(packages, ==, ",broken,cmd/b,node/x/y,other2,vendor,x/node");
	g_assert_cmpstr(others, ==, ",sub");
}

static void ignored_folders_are_passed_over(Fixture *fixture, const void *unused G_GNUC_UNUSED)
{
	g_autofree char *anywhere = packages_of(fixture, "", "node");
	g_autofree char *rooted = packages_of(fixture, "", "./node/");
	g_autofree char *longer = packages_of(fixture, "", "x/y");

	g_assert_cmpstr(anywhere, ==, ",broken,cmd/b,other2,vendor");
	g_assert_cmpstr(rooted, ==, ",broken,cmd/b,other2,vendor,x/node");
	g_assert_cmpstr(longer, ==, ",broken,cmd/b,other2,vendor,x/node");
}

static void a_folder_is_a_package_of_the_module_it_lies_in(Fixture *fixture,
							   const void *unused G_GNUC_UNUSED)
{
	g_assert_true(gotree_has_package(fixture->tree, "", ""));
	g_assert_true(gotree_has_package(fixture->tree, "", "cmd/b"));
	g_assert_true(gotree_has_package(fixture->tree, "", "cmd/b/testdata"));
	g_assert_true(gotree_has_package(fixture->tree, "other", "sub"));
	g_assert_false(gotree_has_package(fixture->tree, "", "other/sub"));
	g_assert_false(gotree_has_package(fixture->tree, "", "other"));
	g_assert_false(gotree_has_package(fixture->tree, "", "docs"));
	g_assert_false(gotree_has_package(fixture->tree, "", "cmd"));
}

static gboolean append(void *key, void *value G_GNUC_UNUSED, void *text)
{
	g_string_append_printf(text, "%s ", (char *)key);
	return FALSE;
}

static void tests_are_read_apart(Fixture *fixture, const void *unused G_GNUC_UNUSED)
{
	g_auto(GoFolder) folder = { 0 }, broken = { 0 };
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GError) error = NULL;

	g_assert_true(gotree_read(fixture->tree, "", "cmd/b", &folder, &error));
	g_tree_foreach(folder.imports, append, text);
	g_string_append(text, "| ");
	g_tree_foreach(folder.tests, append, text);
	g_assert_cmpstr(text->str, ==, "cmd/b/b.go | cmd/b/b_test.go ");
	g_assert_true(folder.has_source);
	g_assert_false(gotree_read(fixture->tree, "", "broken", &broken, &error));
	g_assert_cmpint(failure_kind(error), ==, FAILURE_IO);
}

static void files_are_wanted_at_once(Fixture *fixture, const void *unused G_GNUC_UNUSED)
{
	g_autoptr(GPtrArray) folders = g_ptr_array_new();
	g_autoptr(GError) error = NULL;

	g_ptr_array_add(folders, (char *)"cmd/b");
	g_ptr_array_add(folders, (char *)"");
	g_assert_true(gotree_want(fixture->tree, "", folders, &error));
	g_assert_cmpstr(((GString *)fixture->source.detail)->str, ==,
			"cmd/b/b.go cmd/b/b_test.go a.go ");
}

static void modules_are_the_folders_with_a_go_mod(Fixture *fixture,
						  const void *unused G_GNUC_UNUSED)
{
	g_autoptr(GPtrArray) modules = gotree_modules(fixture->tree);

	g_assert_cmpuint(modules->len, ==, 2);
	g_assert_cmpstr(modules->pdata[0], ==, "");
	g_assert_cmpstr(modules->pdata[1], ==, "other");
}

static void folders_are_resolved_within_the_source(void)
{
	static const struct {
		const char *root, *path, *folder;
	} cases[] = {
		{ "", "./x", "x" },          { "a/b", "../c", "a/c" }, { "a/b", "../..", "" },
		{ "a", "./x/../y/", "a/y" }, { "a", "../..", NULL },   { "", "/etc", NULL },
		{ "", "../x", NULL },        { "a", ".", "a" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *folder = gotree_resolve(cases[i].root, cases[i].path);

		g_assert_cmpstr(folder, ==, cases[i].folder);
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*test)(Fixture *, const void *);
	} tests[] = {
		{ "packages_are_those_of_go_list", packages_are_those_of_go_list },
		{ "ignored_folders_are_passed_over", ignored_folders_are_passed_over },
		{ "a_folder_is_a_package_of_the_module_it_lies_in",
		  a_folder_is_a_package_of_the_module_it_lies_in },
		{ "tests_are_read_apart", tests_are_read_apart },
		{ "files_are_wanted_at_once", files_are_wanted_at_once },
		{ "modules_are_the_folders_with_a_go_mod", modules_are_the_folders_with_a_go_mod },
	};

	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
		g_autofree char *path = g_strconcat("/gomod/gotree/", tests[i].name, NULL);

		g_test_add(path, Fixture, NULL, set_up, tests[i].test, tear_down);
	}
	g_test_add_func("/gomod/gotree/folders_are_resolved_within_the_source",
			folders_are_resolved_within_the_source);
	return g_test_run();
}
