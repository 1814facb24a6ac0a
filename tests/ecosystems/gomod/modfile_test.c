/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modfile.h"

#include <string.h>

static ModFile *read_text(const char *text, ModFileKind kind)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(GError) error = NULL;
	ModFile *file = modfile_read("go.mod", bytes, kind, &error);

	g_assert_no_error(error);
	return file;
}

static char *printed(const ModFile *file)
{
	g_autoptr(GBytes) bytes = modsyntax_print(file->syntax);

	return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

/* What is refused as a whole, and where. */
static void a_file_that_cannot_be_read_is_refused_with_its_place(void)
{
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "module m\nrequire (\n\ta v1\n",
		  "2:1: the block that begins here is not closed" },
		{ "require (\n\ta v1\n) x\n", "3:3: expected the end of the line" },
		{ "module \"m\n", "1:10: unexpected newline in string" },
		{ "module `m", "1:8: unexpected end of file in string" },
		{ "module m /* x */\n", "1:10: mod files must use // comments" },
		{ "module m\n\001\n", "2:1: unexpected input character U+0001" },
		{ "\357\273\277module m\n", "1:1: unexpected input character U+FEFF" },
		{ "module m\n<<<<<<< HEAD\nrequire (\n", "2:1: the file holds a merge conflict" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GBytes) bytes = g_bytes_new_static(cases[i].text, strlen(cases[i].text));
		g_autoptr(GError) error = NULL;

		g_test_message("%s", cases[i].error);
		g_assert_null(modfile_read("go.mod", bytes, MODFILE_MAIN, &error));
		g_assert_error(error, FAILURE, FAILURE_INPUT);
		g_assert_true(g_str_has_prefix(error->message, cases[i].error));
	}
}

static void a_nul_is_refused(void)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static("module m // \0\n", 14);
	g_autoptr(GError) error = NULL;

	g_assert_null(modfile_read("go.mod", bytes, MODFILE_MAIN, &error));
	g_assert_true(g_str_has_prefix(error->message, "1:13: "));
}

/* Mistakes of directives: all of them, each in its place. */
static void every_mistake_is_told(void)
{
	static const char text[] = "module m\nmodule n\ngo 1\ngo v1.20\ntoolchain x\n"
				   "godebug a\nrequire a.b/c\nrequire a.b/c v2.0.0\n"
				   "exclude a.b/c master\nreplace a.b/c => d\n"
				   "replace a.b/c => ../d v1.0.0\nreplace a.b/c => d@v1.0.0\n"
				   "retract [v1.0.0\ntool\nrequire 'a.b/c' v1.0.0\n)\n"
				   "go (\n)\nrequire a.b/v1 v1.0.0\n";
	static const struct {
		int line;
		const char *text;
	} mistakes[] = {
		{ 2, "repeated module statement" },
		{ 3, "invalid go version '1': must match format 1.23.0" },
		{ 4, "invalid go version 'v1.20': must match format 1.23.0" },
		{ 5, "invalid toolchain version 'x': must match format go1.23.0 or default" },
		{ 6, "usage: godebug key=value" },
		{ 7, "usage: require module/path v1.2.3" },
		{ 8, "require: the version 'v2.0.0' of 'a.b/c' should be v0 or v1, not v2" },
		{ 9, "exclude a.b/c: version 'master' invalid: must be of the form v1.2.3" },
		{ 10, "replacement module without version must be directory path (rooted or "
		      "starting with . or ..)" },
		{ 11, "replacement module directory path '../d' cannot have version" },
		{ 12, "replacement module must match format 'path version', not 'path@version'" },
		{ 13, "retract: expected ',' after version" },
		{ 14, "tool directive expects exactly one argument" },
		{ 15, "require: invalid quoted string: unquoted string cannot contain quote" },
		{ 16, "unknown directive: )" },
		{ 17, "unknown block type: go" },
		{ 19, "require: the module path 'a.b/v1' ends in no major version" },
	};
	g_autoptr(ModFile) file = read_text(text, MODFILE_MAIN);

	g_assert_cmpint(file->problems->len, ==, G_N_ELEMENTS(mistakes));
	for (guint i = 0; i < G_N_ELEMENTS(mistakes); i++) {
		const Problem *problem = g_ptr_array_index(file->problems, i);

		g_assert_cmpstr(problem->text, ==, mistakes[i].text);
		g_assert_cmpint(problem->line, ==, mistakes[i].line);
		g_assert_cmpint(problem->weight, ==, WEIGHT_ERROR);
	}
}

static void a_directive_of_the_future_is_a_warning_and_stays(void)
{
	static const char text[] = "module m\n\ngo 1.21\n\nfancy (\n\tx => y // why\n)\n";
	g_autoptr(ModFile) file = read_text(text, MODFILE_MAIN);
	const Problem *problem = g_ptr_array_index(file->problems, 0);
	g_autofree char *print = printed(file);

	g_assert_cmpint(file->problems->len, ==, 1);
	g_assert_cmpint(problem->weight, ==, WEIGHT_WARNING);
	g_assert_cmpint(problem->line, ==, 5);
	g_assert_cmpstr(print, ==, text);
}

static void a_dependency_is_read_for_what_matters_there(void)
{
	static const char text[] = "module m\ngo 1.20-x\ntoolchain nonsense\nfancy x\n"
				   "replace a.b/c => ../c\nexclude a.b/c v1.0.0\n"
				   "require a.b/c v1.2 // indirect\nretract [v1, v1.5.0]\n"
				   "retract >v1\nignore ./x\n";
	g_autoptr(ModFile) file = read_text(text, MODFILE_DEPENDENCY);
	const ModRequire *require = g_ptr_array_index(file->requires, 0);

	g_assert_cmpint(file->problems->len, ==, 0);
	g_assert_cmpstr(file->go, ==, "1.20");
	g_assert_null(file->toolchain);
	g_assert_cmpint(file->replaces->len + file->excludes->len, ==, 0);
	g_assert_cmpstr(require->version, ==, "v1.2.0");
	g_assert_true(require->is_indirect);
	g_assert_cmpint(file->ignores->len, ==, 1);
	g_assert_nonnull(modfile_retraction(file, "v1.5.0"));
	g_assert_null(modfile_retraction(file, "v1.5.1"));
}

static void a_query_is_kept_as_it_is_in_a_main_module(void)
{
	static const char text[] = "module m\nrequire (\n\ta.b/c master\n\ta.b/d v1\n)\n";
	g_autoptr(ModFile) file = read_text(text, MODFILE_MAIN);
	const ModRequire *branch = g_ptr_array_index(file->requires, 0);
	const ModRequire *prefix = g_ptr_array_index(file->requires, 1);

	g_assert_cmpint(file->problems->len, ==, 0);
	g_assert_true(branch->is_query);
	g_assert_cmpstr(branch->version, ==, "master");
	g_assert_true(prefix->is_query);
	g_assert_cmpstr(prefix->version, ==, "v1");
}

static void a_dependency_without_a_version_is_refused(void)
{
	static const char text[] = "module m\n\nrequire a.b/c master\n";
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(GError) error = NULL;

	g_assert_null(modfile_parse("go.mod", bytes, MODFILE_DEPENDENCY, &error));
	g_assert_true(g_str_has_prefix(error->message, "3:1: require a.b/c: version 'master'"));
}

static void the_mark_indirect_is_a_word(void)
{
	static const struct {
		const char *comment;
		bool is_marked;
	} cases[] = {
		{ "// indirect", true },      { "//indirect", true },
		{ "//  indirect  ", true },   { "// indirect; why", true },
		{ "// indirect;", false },    { "// indirect;why", false },
		{ "// indirect why", false }, { "// why indirect", false },
		{ "// indirectly", false },   { "//", false },
		{ "// indirect ; x", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text =
			g_strdup_printf("module m\nrequire a.b/c v1.0.0 %s\n", cases[i].comment);
		g_autoptr(ModFile) file = read_text(text, MODFILE_MAIN);
		const ModRequire *require = g_ptr_array_index(file->requires, 0);

		g_test_message("%s", cases[i].comment);
		g_assert_cmpint(require->is_indirect, ==, cases[i].is_marked);
	}
}

static void a_deprecation_is_a_paragraph_beside_the_module(void)
{
	static const struct {
		const char *text, *deprecated;
	} cases[] = {
		{ "// Deprecated: use b\nmodule m\n", "use b" },
		{ "// About.\n//\n// Deprecated: use b\n// soon.\n//\n// More.\nmodule m\n",
		  "use b\nsoon." },
		{ "module m // Deprecated: use b\n", "use b" },
		{ "// Deprecated: use b\n\nmodule m\n", NULL },
		{ "// Not Deprecated: use b\nmodule m\n", NULL },
		{ "// Deprecated: of the block\nmodule (\n\tm\n)\n", "of the block" },
		{ "// Deprecated:\nmodule m\n", "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(ModFile) file = read_text(cases[i].text, MODFILE_DEPENDENCY);

		g_assert_cmpstr(file->deprecated, ==, cases[i].deprecated);
		g_assert_cmpstr(file->module, ==, "m");
	}
}

static void replacements_are_found_by_version_first(void)
{
	static const char text[] = "module m\nreplace a.b/c => ../all\n"
				   "replace a.b/c v1.0.0 => a.b/fork v1.5.0\n";
	g_autoptr(ModFile) file = read_text(text, MODFILE_MAIN);

	g_assert_cmpstr(modfile_replacement(file, "a.b/c", "v1.0.0")->new_path, ==, "a.b/fork");
	g_assert_cmpstr(modfile_replacement(file, "a.b/c", "v1.1.0")->new_path, ==, "../all");
	g_assert_null(modfile_replacement(file, "a.b/cd", "v1.0.0"));
}

static void replacements_that_differ_are_a_conflict(void)
{
	static const char text[] = "module m\nreplace a.b/c => ../x\nreplace a.b/c => ../x\n"
				   "replace a.b/d => ../x\nreplace a.b/d => ../y\n";
	g_autoptr(ModFile) file = read_text(text, MODFILE_MAIN);
	g_autoptr(GError) error = NULL;

	g_assert_false(modfile_check_replaces(file, &error));
	g_assert_cmpstr(error->message, ==,
			"4:1: 'a.b/d' is replaced here and, otherwise, in line 5");
}

static void a_workspace_has_its_own_directives(void)
{
	static const char text[] = "go 1.22\n\ntoolchain go1.22.3\n\nuse (\n\t.\n\t./tools\n)\n\n"
				   "replace a.b/c => ../c\n";
	g_autoptr(ModFile) file = read_text(text, MODFILE_WORK);
	g_autoptr(ModFile) wrong = read_text("module m\nrequire a.b/c v1.0.0\n", MODFILE_WORK);
	const ModPath *second = g_ptr_array_index(file->uses, 1);

	g_assert_cmpint(file->problems->len, ==, 0);
	g_assert_cmpint(file->uses->len, ==, 2);
	g_assert_cmpstr(second->path, ==, "./tools");
	g_assert_cmpint(file->replaces->len, ==, 1);
	g_assert_cmpint(wrong->problems->len, ==, 2);
}

static void spans_name_the_bytes_of_each_word(void)
{
	static const char text[] = "module m\r\n\r\nrequire (\r\n\t\"a.b/c\"  v1.0.0 // x\r\n)\r\n";
	g_autoptr(ModFile) file = read_text(text, MODFILE_MAIN);
	const ModRequire *require = g_ptr_array_index(file->requires, 0);
	Span path = modnode_span(require->node, 0), version = modnode_span(require->node, 1);

	g_assert_cmpint(require->node->line, ==, 4);
	g_assert_cmpint(require->node->column, ==, 2);
	g_assert_cmpmem(text + path.from, span_length(path), "\"a.b/c\"", 7);
	g_assert_cmpmem(text + version.from, span_length(version), "v1.0.0", 6);
}

static void escapes_in_a_path_are_those_of_go(void)
{
	static const struct {
		const char *token, *path;
	} cases[] = {
		{ "\"a.b/\\x63\"", "a.b/c" }, { "\"a.b/\\u00e4\"", "a.b/\303\244" },
		{ "\"a.b/\\143\"", "a.b/c" }, { "\"a.b/c d\"", "a.b/c d" },
		{ "\"a.b\\\\c\"", "a.b\\c" }, { "\"a.b/\\q\"", NULL },
		{ "\"a.b/\\x0\"", NULL },     { "\"a.b/\\x00\"", NULL },
		{ "\"a.b/\\ud800\"", NULL },  { "\"a.b/\\U00110000\"", NULL },
		{ "\"a.b/\\400\"", NULL },    { "\"a.b/\\'\"", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strdup_printf("module m\ntool %s\n", cases[i].token);
		g_autoptr(ModFile) file = read_text(text, MODFILE_MAIN);
		const ModPath *tool =
			file->tools->len > 0 ? g_ptr_array_index(file->tools, 0) : NULL;

		g_test_message("%s", cases[i].token);
		g_assert_cmpstr(tool != NULL ? tool->path : NULL, ==, cases[i].path);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/modfile/file_that_cannot_be_read_is_refused_with_its_place",
			a_file_that_cannot_be_read_is_refused_with_its_place);
	g_test_add_func("/gomod/modfile/nul_is_refused", a_nul_is_refused);
	g_test_add_func("/gomod/modfile/every_mistake_is_told", every_mistake_is_told);
	g_test_add_func("/gomod/modfile/directive_of_the_future_is_a_warning_and_stays",
			a_directive_of_the_future_is_a_warning_and_stays);
	g_test_add_func("/gomod/modfile/dependency_is_read_for_what_matters_there",
			a_dependency_is_read_for_what_matters_there);
	g_test_add_func("/gomod/modfile/query_is_kept_as_it_is_in_a_main_module",
			a_query_is_kept_as_it_is_in_a_main_module);
	g_test_add_func("/gomod/modfile/dependency_without_a_version_is_refused",
			a_dependency_without_a_version_is_refused);
	g_test_add_func("/gomod/modfile/mark_indirect_is_a_word", the_mark_indirect_is_a_word);
	g_test_add_func("/gomod/modfile/deprecation_is_a_paragraph_beside_the_module",
			a_deprecation_is_a_paragraph_beside_the_module);
	g_test_add_func("/gomod/modfile/replacements_are_found_by_version_first",
			replacements_are_found_by_version_first);
	g_test_add_func("/gomod/modfile/replacements_that_differ_are_a_conflict",
			replacements_that_differ_are_a_conflict);
	g_test_add_func("/gomod/modfile/workspace_has_its_own_directives",
			a_workspace_has_its_own_directives);
	g_test_add_func("/gomod/modfile/spans_name_the_bytes_of_each_word",
			spans_name_the_bytes_of_each_word);
	g_test_add_func("/gomod/modfile/escapes_in_a_path_are_those_of_go",
			escapes_in_a_path_are_those_of_go);
	return g_test_run();
}
