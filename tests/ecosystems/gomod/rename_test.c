/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/rename.h"
#include "ecosystems/gomod/scenario.h"

#define GOMOD                                                                            \
	"module example.org/m/tools\n\ngo 1.24\n\ntool example.org/m/cmd\n\nrequire (\n" \
	"\texample.org/m v1.0.0 // kept\n\texample.org/m/nested v1.0.0\n)\n"

static const Rename to_v2 = { "example.org/m", "example.org/m/v2", "v2.1.0" };

/* What a Go file becomes; NULL: it stays. */
static const struct {
	const char *name, *path, *before, *after;
} cases[] = {
	{ "the root", "a.go", "package a\nimport \"example.org/m\"\n",
	  "package a\nimport \"example.org/m/v2\"\n" },
	{ "a package", "a.go", "package a\nimport x `example.org/m/p/q` // c\n",
	  "package a\nimport x `example.org/m/v2/p/q` // c\n" },
	{ "an escape", "a.go", "package a\nimport \"example.org\\x2fm\"\n",
	  "package a\nimport \"example.org/m/v2\"\n" },
	{ "twice", "b/a_test.go",
	  "package a\r\nimport (\"example.org/m\"; _ \"example.org/m\")\r\n",
	  "package a\r\nimport (\"example.org/m/v2\"; _ \"example.org/m/v2\")\r\n" },
	{ "behind a byte-order mark", "a.go", "\xef\xbb\xbfpackage a\nimport \"example.org/m\"\n",
	  "\xef\xbb\xbfpackage a\nimport \"example.org/m/v2\"\n" },
	{ "another system", "a_windows.go", "//go:build x\n\npackage a\nimport \"example.org/m\"\n",
	  "//go:build x\n\npackage a\nimport \"example.org/m/v2\"\n" },
	{ "a nested module", "a.go", "package a\nimport \"example.org/m/nested/p\"\n", NULL },
	{ "the main module", "a.go", "package a\nimport \"example.org/m/tools/p\"\n", NULL },
	{ "the new path", "a.go", "package a\nimport \"example.org/m/v2/p\"\n", NULL },
	{ "a longer name", "a.go", "package a\nimport \"example.org/mm\"\n", NULL },
	{ "text", "a.go", "package a\n// \"example.org/m\"\nvar x = \"example.org/m\"\n", NULL },
	{ "no Go", "a.go", "package a\nimport \"example.org/m\"\nimport 7\n", NULL },
	{ "testdata", "testdata/a.go", "package a\nimport \"example.org/m\"\n", NULL },
	{ "vendored", "vendor/x.y/a.go", "package a\nimport \"example.org/m\"\n", NULL },
	{ "another module", "other/a.go", "package a\nimport \"example.org/m\"\n", NULL },
	{ "not Go's", "a.txt", "package a\nimport \"example.org/m\"\n", NULL },
};

static char *text_after(const GPtrArray *changes, const char *path)
{
	for (guint i = 0; i < changes->len; i++) {
		const FileChange *change = changes->pdata[i];

		if (strcmp(change->path, path) == 0)
			return g_strndup(g_bytes_get_data(change->after, NULL),
					 g_bytes_get_size(change->after));
	}
	return NULL;
}

static void a_file_becomes(const void *data)
{
	size_t i = (size_t)((const char *)data - (const char *)cases) / sizeof *cases;
	g_autoptr(Scenario) scenario = scenario_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) changes = NULL;
	g_autofree char *path = g_strconcat("d/", cases[i].path, NULL), *after = NULL,
			*gomod = NULL;

	scenario_put(scenario, "d", "go.mod", GOMOD);
	scenario_put(scenario, "d", "other/go.mod", "module example.org/other\n");
	scenario_put(scenario, "d", cases[i].path, cases[i].before);
	scenario_index(scenario);
	changes = rename_apply(&scenario->source, "d", &to_v2, &error);
	g_assert_no_error(error);
	after = text_after(changes, path);
	gomod = text_after(changes, "d/go.mod");
	g_assert_cmpstr(after, ==, cases[i].after);
	g_assert_cmpstr(gomod, ==,
			"module example.org/m/tools\n\ngo 1.24\n\ntool example.org/m/v2/cmd\n\n"
			"require (\n\texample.org/m/v2 v2.1.0 // kept\n"
			"\texample.org/m/nested v1.0.0\n)\n");
	g_assert_cmpuint(changes->len, ==, cases[i].after != NULL ? 2 : 1);
}

static void what_is_not_required_is_refused(void)
{
	static const Rename unknown = { "example.org/x", "example.org/x/v2", "v2.0.0" };
	g_autoptr(Scenario) scenario = scenario_new();
	g_autoptr(GError) absent = NULL;

	scenario_put(scenario, "d", "go.mod", GOMOD);
	scenario_index(scenario);
	g_assert_null(rename_apply(&scenario->source, "d", &unknown, &absent));
	g_assert_error(absent, FAILURE, FAILURE_ABSENT);
}

static void a_line_of_the_new_path_stays_beside_the_old_one(void)
{
	g_autoptr(Scenario) scenario = scenario_new();
	g_autoptr(GPtrArray) changes = NULL;
	g_autofree char *after = NULL, *gomod = NULL;

	scenario_put(scenario, "d", "go.mod",
		     GOMOD "\nrequire example.org/m/v2 v2.2.0 // indirect\n");
	scenario_put(scenario, "d", "a.go", "package a\nimport \"example.org/m\"\n");
	scenario_index(scenario);
	changes = rename_apply(&scenario->source, "d", &to_v2, NULL);
	g_assert_nonnull(changes);
	after = text_after(changes, "d/a.go");
	gomod = text_after(changes, "d/go.mod");
	g_assert_cmpstr(after, ==, "package a\nimport \"example.org/m/v2\"\n");
	g_assert_nonnull(strstr(gomod, "tool example.org/m/v2/cmd\n"));
	g_assert_nonnull(strstr(gomod, "example.org/m v1.0.0 // kept\n"));
	g_assert_nonnull(strstr(gomod, "example.org/m/v2 v2.2.0 // indirect\n"));
}

/* Linear, so that nobody waits for it: this would take minutes if every part of the
 * path were looked for from its beginning. */
static void a_path_of_a_million_elements_is_no_package(void)
{
	g_autoptr(GString) text = g_string_new("package a\nimport \"example.org/m");
	g_autoptr(GTree) others = g_tree_new_full(scenario_by_text, NULL, NULL, NULL);
	g_autoptr(GPtrArray) edits = NULL;

	for (int i = 0; i < 1000000; i++)
		g_string_append(text, "/x");
	g_string_append(text, "\"\n");
	edits = rename_imports(text->str, text->len, &to_v2, others);
	g_assert_cmpuint(edits->len, ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/gomod/rename/%s", cases[i].name);

		g_test_add_data_func(path, &cases[i], a_file_becomes);
	}
	g_test_add_func("/gomod/rename/what_is_not_required_is_refused",
			what_is_not_required_is_refused);
	g_test_add_func("/gomod/rename/a_line_of_the_new_path_stays_beside_the_old_one",
			a_line_of_the_new_path_stays_beside_the_old_one);
	g_test_add_func("/gomod/rename/a_path_of_a_million_elements_is_no_package",
			a_path_of_a_million_elements_is_no_package);
	return g_test_run();
}
