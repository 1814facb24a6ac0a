/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modpick.h"

#include <string.h>

static const struct {
	const char *name, *paths, *folder, *go, *picked;
} picks[] = {
	{ "all", "a.go go.mod sub/b.go", "", "1.21", "a.go go.mod sub/b.go" },
	{ "no_nested_module", "go.mod n/d/x.go n/go.mod n/x.go nn/x.go", "", "1.21",
	  "go.mod nn/x.go" },
	{ "no_module_nested_by_another_case", "go.mod n/GO.MOD n/x.go", "", "1.21", "go.mod" },
	{ "a_folder", "LICENSE a.go go.mod sub/LICENSE sub/a.go sub/go.mod subs/a.go", "sub",
	  "1.21", "LICENSE a.go go.mod" },
	{ "the_repositorys_license", "LICENSE sub/a.go sub/go.mod", "sub", "1.21",
	  "a.go go.mod LICENSE" },
	{ "no_license", "sub/LICENSE.md sub/go.mod", "sub", "1.21", "LICENSE.md go.mod" },
	{ "the_root_nests_a_folder_not", "go.mod sub/a.go sub/go.mod", "sub", "1.21",
	  "a.go go.mod" },
	{ "vendored_packages", "vendor/a.go vendor/modules.txt vendor/x/x.go", "", "1.21",
	  "vendor/a.go vendor/modules.txt" },
	{ "vendored_since_1.24", "vendor/a.go vendor/modules.txt vendor/x/x.go", "", "1.24",
	  "vendor/a.go" },
	/* Counted from the name's start, "/vendor/" is behind "q/vendor". */
	{ "vendored_below", "q/vendor/x.go q/vendor/y/y.go", "", "1.23", "" },
	{ "vendored_below_since_1.24", "q/vendor/x.go q/vendor/y/y.go", "", "1.24",
	  "q/vendor/x.go" },
	{ "no_go_line", "q/vendor/x.go vendor/modules.txt", "", NULL, "vendor/modules.txt" },
	{ "mercurials_own", ".hg_archival.txt a.go", "", NULL, "a.go" },
};

static void the_files_of_a_module_are_those_that_go_takes(gconstpointer data)
{
	size_t n = GPOINTER_TO_SIZE(data);
	g_auto(GStrv) words = g_strsplit(picks[n].paths, " ", -1);
	g_autoptr(GPtrArray) paths = g_ptr_array_new();
	g_autoptr(GString) picked = g_string_new(NULL);
	g_autoptr(GArray) files = NULL;

	for (char **word = words; *word != NULL; word++)
		g_ptr_array_add(paths, *word);
	files = modpick_files(paths, picks[n].folder, picks[n].go);
	for (guint i = 0; i < files->len; i++)
		g_string_append_printf(picked, "%s%s", i > 0 ? " " : "",
				       g_array_index(files, PickedFile, i).name);
	g_assert_cmpstr(picked->str, ==, picks[n].picked);
}

static const struct {
	const char *text;
	bool changes;
} attributes[] = {
	{ "", false },
	{ "* text=auto\n*.sh text eol=lf\nx export-ignore\ny export-subst\n", false },
	{ "*.bat text eol=crlf\n", true },
	{ "*.c ident", true },
	{ "*.c -ident\n", false },
	{ "ident text\n", false },
	{ "*.bin filter=lfs diff=lfs merge=lfs -text\r\n", true },
	{ "*.txt working-tree-encoding=UTF-16\n", true },
	{ "# *.bat eol=crlf\n", false },
	{ "  *.bat\teol=crlf", true },
};

static void attributes_that_change_files_are_noticed(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
		g_test_message("%s", attributes[i].text);
		g_assert_cmpint(
			modpick_changes_files(attributes[i].text, strlen(attributes[i].text)), ==,
			attributes[i].changes);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(picks); i++) {
		g_autofree char *name = g_strconcat("/gomod/modpick/", picks[i].name, NULL);

		g_test_add_data_func(name, GSIZE_TO_POINTER(i),
				     the_files_of_a_module_are_those_that_go_takes);
	}
	g_test_add_func("/gomod/modpick/attributes_that_change_files_are_noticed",
			attributes_that_change_files_are_noticed);
	return g_test_run();
}
