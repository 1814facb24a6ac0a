/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/scenario.h"

/* Modules with everything that vendoring looks at. */
static const char *const modules[] = {
	"a@v1.0.0 go 1.20 req b@v1.0.0 t@v1.0.0 {a.go: b/deep/p; a_test.go: t; gen.go: [ignore]x; "
	"asm.s: (TEXT); go.sum: (sum); LICENSE: (a's); sub/unused.go; other/LICENSE: (no)}",
	"b@v1.0.0 go none {LICENSE.md: (b's); deep/NOTICE: (deep); deep/readme: (no); "
	"deep/p/p.go: (package p\nimport _ \"embed\"\n//go:embed data all:more *.txt\nvar x int); "
	"deep/p/data/x.bin: (x); deep/p/data/.hidden: (h); deep/p/more/.hidden: (h); "
	"deep/p/note.txt: (n); deep/p/sub/q.txt: (q)}",
	"t@v1.0.0 go 1.20",
	"dir ../c = c {c.go; LICENSE: (c's)}",
	NULL,
};

static Scenario *scenario_of(const char *main, const char *const *lines)
{
	Scenario *scenario = scenario_new();

	for (const char *const *line = modules; *line != NULL; line++)
		scenario_add(scenario, *line);
	scenario_add(scenario, main);
	for (; *lines != NULL; lines++)
		scenario_line(scenario, *lines);
	scenario_finish(scenario);
	scenario_put(scenario, SCENARIO_MAIN, "vendor/modules.txt", "old\n");
	scenario_put(scenario, SCENARIO_MAIN, "vendor/example.com/old/old.go", "package old\n");
	scenario_index(scenario);
	return scenario;
}

static void apply(Scenario *scenario, const TidyResult *result)
{
	for (guint i = 0; i < result->changes->len; i++) {
		const FileChange *change = result->changes->pdata[i];

		if (change->after == NULL)
			g_tree_remove(scenario->files, change->path);
		else
			g_tree_insert(scenario->files, g_strdup(change->path),
				      g_bytes_ref(change->after));
	}
	scenario_index(scenario);
}

static TidyResult *tidy_it(Scenario *scenario)
{
	TidyOrder order = { .source = &scenario->source, .directory = SCENARIO_MAIN };
	g_autoptr(GError) error = NULL;
	TidyResult *result = tidy(&order, &scenario->supplier, &error);

	g_assert_no_error(error);
	return result;
}

/* The names below vendor/, a line each. */
static char *vendored(const Scenario *scenario)
{
	static const char prefix[] = SCENARIO_MAIN "/vendor/";
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < scenario->source.paths->len; i++) {
		const char *path = scenario->source.paths->pdata[i];

		if (g_str_has_prefix(path, prefix))
			g_string_append_printf(text, "%s\n", path + strlen(prefix));
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *text_of(const Scenario *scenario, const char *path)
{
	GBytes *bytes = g_tree_lookup(scenario->files, path);

	g_assert_nonnull(bytes);
	return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void packages_come_with_what_they_need_and_no_more(void)
{
	static const char *const lines[] = { NULL };
	g_autoptr(Scenario) scenario = scenario_of("main req a@v1.0.0 {m.go: a}", lines);
	g_autoptr(TidyResult) result = tidy_it(scenario);

	apply(scenario, result);
	g_autofree char *names = vendored(scenario);
	g_assert_cmpstr(names, ==,
			"example.com/a/LICENSE\n"
			"example.com/a/a.go\n"
			"example.com/a/asm.s\n"
			"example.com/b/LICENSE.md\n"
			"example.com/b/deep/NOTICE\n"
			"example.com/b/deep/p/data/x.bin\n"
			"example.com/b/deep/p/more/.hidden\n"
			"example.com/b/deep/p/note.txt\n"
			"example.com/b/deep/p/p.go\n"
			"modules.txt\n");
	g_autofree char *text = text_of(scenario, SCENARIO_MAIN "/vendor/modules.txt");
	g_assert_cmpstr(text, ==,
			"# example.com/a v1.0.0\n"
			"## explicit; go 1.20\n"
			"example.com/a\n"
			"# example.com/b v1.0.0\n"
			"## explicit\n"
			"example.com/b/deep/p\n");
}

static void what_is_there_already_is_not_read_again(void)
{
	static const char *const lines[] = { NULL };
	g_autoptr(Scenario) scenario = scenario_of("main req a@v1.0.0 {m.go: a}", lines);
	g_autoptr(TidyResult) first = tidy_it(scenario), second = NULL, third = NULL;

	apply(scenario, first);
	scenario->files_read = 0;
	second = tidy_it(scenario);
	g_assert_cmpuint(second->changes->len, ==, 0);
	g_assert_cmpuint(scenario->files_read, ==, 0);

	scenario_put(scenario, SCENARIO_MAIN, "vendor/example.com/a/a.go", "package tampered\n");
	third = tidy_it(scenario);
	g_assert_cmpuint(third->changes->len, ==, 1);
	g_assert_cmpuint(scenario->files_read, ==, 1);
}

static void replacements_are_described(void)
{
	static const char *const lines[] = { "replace c => ../c", "replace b v0.9.0 => b v1.0.0",
					     NULL };
	g_autoptr(Scenario) scenario = scenario_of("main req a@v1.0.0 c@v1.0.0 {m.go: a c}", lines);
	g_autoptr(TidyResult) result = tidy_it(scenario);

	apply(scenario, result);
	g_autofree char *text = text_of(scenario, SCENARIO_MAIN "/vendor/modules.txt");
	g_assert_cmpstr(text, ==,
			"# example.com/a v1.0.0\n"
			"## explicit; go 1.20\n"
			"example.com/a\n"
			"# example.com/b v1.0.0\n"
			"## explicit\n"
			"example.com/b/deep/p\n"
			"# example.com/c v1.0.0 => ../c\n"
			"## explicit; go 1.21\n"
			"example.com/c\n"
			"# example.com/c => ../c\n"
			"# example.com/b v0.9.0 => example.com/b v1.0.0\n");
	g_autofree char *license = text_of(scenario, SCENARIO_MAIN "/vendor/example.com/c/LICENSE");
	g_assert_cmpstr(license, ==, "c's\n");
}

static void old_go_lines_say_less_and_copy_more(void)
{
	static const char *const lines[] = { NULL };
	g_autoptr(Scenario) scenario = scenario_of("main go 1.13 req a@v1.0.0 {m.go: a}", lines);
	g_autoptr(TidyResult) result = tidy_it(scenario);

	apply(scenario, result);
	g_autofree char *text = text_of(scenario, SCENARIO_MAIN "/vendor/modules.txt");
	g_assert_cmpstr(text, ==,
			"# example.com/a v1.0.0\n"
			"example.com/a\n"
			"# example.com/b v1.0.0\n"
			"example.com/b/deep/p\n");
	g_assert_nonnull(
		g_tree_lookup(scenario->files, SCENARIO_MAIN "/vendor/example.com/a/go.sum"));
}

static void without_dependencies_there_is_no_vendor(void)
{
	static const char *const lines[] = { NULL };
	g_autoptr(Scenario) scenario = scenario_of("main req a@v1.0.0 {m.go}", lines);
	g_autoptr(TidyResult) result = tidy_it(scenario);

	apply(scenario, result);
	g_autofree char *names = vendored(scenario);
	g_assert_cmpstr(names, ==, "");
}

/* Vendoring a module with such a Go file (in the notation of scenario.h). */
static void is_refused(const char *module, const char *why)
{
	g_autoptr(Scenario) scenario = scenario_new();
	TidyOrder order = { .source = &scenario->source, .directory = SCENARIO_MAIN };
	g_autoptr(GError) error = NULL;

	scenario_add(scenario, module);
	scenario_add(scenario, "main req a@v1.0.0 {m.go: a}");
	scenario_finish(scenario);
	scenario_put(scenario, SCENARIO_MAIN, "vendor/modules.txt", "old\n");
	scenario_index(scenario);
	g_assert_null(tidy(&order, &scenario->supplier, &error));
	g_assert_nonnull(strstr(error->message, why));
}

static void a_pattern_that_means_nothing_is_refused(void)
{
	is_refused(
		"a@v1.0.0 {a.go: (package a\nimport _ \"embed\"\n//go:embed nowhere\nvar x int)}",
		"pattern 'nowhere': no matching files found");
}

/* Whatever its name and its constraint. */
static void a_file_that_is_no_go_is_refused(void)
{
	static const char why[] = "of 'example.com/a' is no Go, and cannot be vendored";

	is_refused("a@v1.0.0 {a.go; b.go: (package b\nimport 7)}", why);
	is_refused("a@v1.0.0 {a.go; b_test.go: (//go:build ignore\n\npackage b\nimport 7)}", why);
	is_refused("a@v1.0.0 {a.go; b.go: (//go:build x\n//go:build y\n\npackage b\n)}", why);
	is_refused("a@v1.0.0 {a.go; b.go: (//go:build !!x\n\npackage b\n)}", why);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/vendor/packages_come_with_what_they_need_and_no_more",
			packages_come_with_what_they_need_and_no_more);
	g_test_add_func("/gomod/vendor/what_is_there_already_is_not_read_again",
			what_is_there_already_is_not_read_again);
	g_test_add_func("/gomod/vendor/replacements_are_described", replacements_are_described);
	g_test_add_func("/gomod/vendor/old_go_lines_say_less_and_copy_more",
			old_go_lines_say_less_and_copy_more);
	g_test_add_func("/gomod/vendor/without_dependencies_there_is_no_vendor",
			without_dependencies_there_is_no_vendor);
	g_test_add_func("/gomod/vendor/a_pattern_that_means_nothing_is_refused",
			a_pattern_that_means_nothing_is_refused);
	g_test_add_func("/gomod/vendor/a_file_that_is_no_go_is_refused",
			a_file_that_is_no_go_is_refused);
	return g_test_run();
}
