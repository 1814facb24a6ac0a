/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/imports.h"

#include <string.h>

static const struct {
	const char *name, *text;
	const char *imports; /* joined by a blank; NULL: the file does not count */
} files[] = {
	{ "nothing", "", "" },
	{ "no import", "package p\nfunc main() {}\n", "" },
	{ "one", "package p\nimport \"a.b/c\"\n", "a.b/c" },
	{ "a list", "package p\nimport (\n\t\"a\"\n\t\"b/c\"\n)\n", "a b/c" },
	{ "lists and lines", "package p\nimport \"a\"\nimport (\"b\"; \"c\")\nimport \"d\"\n",
	  "a b c d" },
	{ "named, dotted, blank", "package p\nimport (\n\tx \"a\"\n\t. \"b\"\n\t_ \"c\"\n)\n",
	  "a b c" },
	{ "raw strings", "package p\nimport `a/b`\n", "a/b" },
	{ "escapes", "package p\nimport \"a\\u002fb\"\n", "a/b" },
	{ "escapes of bytes", "package p\nimport \"a\\x2fb\\057c\"\n", "a/b/c" },
	{ "comments everywhere",
	  "// c\n/* import \"x\" */ package /* c */ p // import \"y\"\nimport /**/ ( // c\n\"a\" "
	  "// "
	  "c\n/* \"z\" */)\n",
	  "a" },
	{ "a byte-order mark", "\xef\xbb\xbfpackage p\nimport \"a\"\n", "a" },
	{ "a semicolon", "package p; import \"a\"; import \"b\"", "a b" },
	{ "CRLF", "package p\r\nimport (\r\n\"a\"\r\n)\r\n", "a" },
	{ "what comes after declarations", "package p\nimport \"a\"\nvar x int\nimport \"b\"\n",
	  "a" },
	{ "a name that begins like import", "package p\nimports \"a\"\n", "" },
	{ "cgo and the old App Engine",
	  "package p\nimport (\"C\"; \"appengine\"; \"appengine/user\"; "
	  "\"appengine_internal/x\"; \"appengines\")\n",
	  "appengines" },
	{ "nothing between a list and the rest", "package p\nimport(\"a\";\"b\")var x = 1\n",
	  "a b" },
	{ "a lone semicolon ends it", "package p\nimport \"a\";;import \"b\"\n", "a" },
	{ "an empty list", "package p\nimport ()\nimport \"a\"\n", "a" },
	{ "a dot and its string in two lines", "package p\nimport .\n\"a\"\n", "a" },
	{ "anything behind the imports", "package p\nimport \"a\"\n$ ' \xff \"\n", "a" },
	{ "a comma ends it", "package p\nimport \"a\", \"b\"\n", "a" },
	{ "a relative path", "package p\nimport \"./a\"\n", "./a" },
	{ "no package clause", "import \"a\"\n", "" },
	{ "excluded", "//go:build ignore\n\npackage p\nimport \"a\"\n", NULL },
	{ "a constraint behind the package clause", "package p\n//go:build ignore\nimport \"a\"\n",
	  "a" },
};

/* What Go's parser does not take, each with an import before it. */
static const char *const mistakes[] = {
	"import \"b\\q\"\n",
	"import \"b\\x4\"\n",
	"import \"b\\400\"\n",
	"import \"b\\ud800\"\n",
	"import (\"b\n\"c\")\n",
	"/* \nimport \"b\"\n",
	"import (\"b\"\n+\n\"c\")\n",
	"import (\"b\"\n",
	"import (\"b\" \"c\")\n",
	"import (\"b\";;\"c\")\n",
	"import 7\n",
	"import \"\"\n",
	"import \"b c\"\n",
	"import \"b`\"\n",
	"import `b\nc`\n",
	"import \"b\xff\"\n",
	"import x\n\"b\"\n",
	"import x /*\n*/ \"b\"\n",
	"import func \"b\"\n",
	"import 1x \"b\"\n",
	"import x.y \"b\"\n",
	"import \"b\" import \"c\"\n",
	"import (\"b\") import \"c\"\n",
	"import \"b\" init\n",
	"// \xe9\n",
	"// \xef\xbb\xbf\n",
};

static char *joined(GPtrArray *list)
{
	g_ptr_array_add(list, NULL);
	return g_strjoinv(" ", (char **)list->pdata);
}

static void a_file_is_read(const void *data)
{
	size_t i = (size_t)((const char *)data - (const char *)files) / sizeof *files;
	g_autoptr(Imports) imports = imports_read(files[i].text, strlen(files[i].text), false);
	g_autofree char *found = joined(imports->imports);

	g_assert_cmpint(imports->is_included, ==, files[i].imports != NULL);
	g_assert_cmpstr(found, ==, files[i].imports != NULL ? files[i].imports : "");
}

static void a_file_that_is_no_go_imports_nothing(const void *data)
{
	g_autofree char *text = g_strconcat("package p\nimport \"a\"\n", (const char *)data, NULL);
	g_autoptr(Imports) imports = imports_read(text, strlen(text), true);

	g_assert_true(imports->is_source);
	g_assert_cmpuint(imports->imports->len, ==, 0);
}

static void so_does_one_with_a_nul_in_its_head(void)
{
	static const char text[] = "package p\nimport \"a\"\n\0",
			  two[] = "// \0\npackage p\nimport \"a\"\n";
	g_autoptr(Imports) imports = imports_read(text, sizeof text - 1, true);
	g_autoptr(Imports) others = imports_read(two, sizeof two - 1, true);

	g_assert_cmpuint(imports->imports->len, ==, 0);
	g_assert_cmpuint(others->imports->len, ==, 0);
}

static void one_that_contradicts_itself_is_source_without_imports(void)
{
	static const char text[] = "//go:build a\n//go:build b\n\npackage p\nimport \"a\"\n";
	g_autoptr(Imports) imports = imports_read(text, strlen(text), true);

	g_assert_true(imports->is_source);
	g_assert_false(imports->is_included);
	g_assert_cmpuint(imports->imports->len, ==, 0);
}

static void embed_patterns_are_found_where_go_finds_them(void)
{
	static const char text[] = "package p\n"
				   "import _ \"embed\"\n"
				   "//go:embed a.txt \"b c.txt\" `d.txt`\n"
				   "var x string\n"
				   "var s = \"\n//go:embed no\n\"; var r = `\n//go:embed no\n`\n"
				   "/*\n//go:embed no\n*/\n"
				   "\t//go:embed all:dir\n"
				   "x //go:embed no\n"
				   "//go:embedded no\n"
				   "//go:embed \"open\n"
				   "var q = '\"'\n"
				   "//go:embed last\n";
	g_autoptr(Imports) imports = imports_read(text, strlen(text), true);
	g_autofree char *found = joined(imports->embeds);

	g_assert_cmpstr(found, ==, "a.txt b c.txt d.txt all:dir last");
}

static void embed_patterns_need_the_import(void)
{
	static const char text[] = "package p\n//go:embed a\nvar x string\n";
	g_autoptr(Imports) imports = imports_read(text, strlen(text), true);

	g_assert_cmpuint(imports->embeds->len, ==, 0);
}

static void names_say_how_a_file_is_read(void)
{
	g_assert_true(imports_is_go("a.go") && imports_is_go("_a.go"));
	g_assert_false(imports_is_go("a.gox") || imports_is_go("go"));
	g_assert_true(imports_is_read("a.go") && imports_is_read("a_test.go"));
	g_assert_false(imports_is_read("_a.go") || imports_is_read(".a.go"));
	g_assert_true(imports_is_test("a_test.go"));
	g_assert_false(imports_is_test("atest.go"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_strconcat("/gomod/imports/", files[i].name, NULL);

		g_test_add_data_func(path, &files[i], a_file_is_read);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(mistakes); i++) {
		g_autofree char *path = g_strdup_printf("/gomod/imports/mistakes/%zu", i + 1);

		g_test_add_data_func(path, mistakes[i], a_file_that_is_no_go_imports_nothing);
	}
	g_test_add_func("/gomod/imports/so_does_one_with_a_nul_in_its_head",
			so_does_one_with_a_nul_in_its_head);
	g_test_add_func("/gomod/imports/one_that_contradicts_itself_is_source_without_imports",
			one_that_contradicts_itself_is_source_without_imports);
	g_test_add_func("/gomod/imports/embed_patterns_are_found_where_go_finds_them",
			embed_patterns_are_found_where_go_finds_them);
	g_test_add_func("/gomod/imports/embed_patterns_need_the_import",
			embed_patterns_need_the_import);
	g_test_add_func("/gomod/imports/names_say_how_a_file_is_read",
			names_say_how_a_file_is_read);
	return g_test_run();
}
