/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/embed.h"

#include <string.h>

static const struct {
	const char *name, *text;
} files[] = {
	{ ".config", "c" },
	{ "a.go", "package a\nimport _ \"embed\"\n//go:embed *.txt\nvar x string\n" },
	{ "a_test.go", "package a\nimport _ \"embed\"\n//go:embed dir\nvar x string\n" },
	{ "b.txt", "b" },
	{ "dir/_hidden.txt", "h" },
	{ "dir/c.txt", "c" },
	{ "dir/sub/d.txt", "d" },
	{ "gen.go", "//go:build ignore\n\npackage main\n" },
	{ "p/p.go", "package p\nimport _ \"embed\"\n//go:embed .\nvar x string\n" },
	{ "q/q.go", "package q\nimport _ \"embed\"\n//go:embed all:x\nvar x string\n" },
	{ "q/x/.y", "y" },
};

static FileList *example(void)
{
	g_autoptr(FileListBuilder) builder = filelist_builder_new();

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		uint8_t digest[32] = { (uint8_t)i };

		filelist_builder_add(builder, files[i].name, digest,
				     g_str_has_suffix(files[i].name, ".go") ? files[i].text : NULL,
				     strlen(files[i].text));
	}
	return filelist_builder_finish(builder);
}

static void files_are_found(void)
{
	g_autoptr(FileList) list = example();

	g_assert_cmpuint(list->files->len, ==, G_N_ELEMENTS(files));
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		const ListedFile *file = filelist_find(list, files[i].name);

		g_assert_cmpuint(file->digest[0], ==, i);
		g_assert_cmpint(file->is_excluded, ==, strcmp(files[i].name, "gen.go") == 0);
	}
	g_assert_null(filelist_find(list, "dir"));
	g_assert_cmpuint(filelist_first(list, ""), ==, 0);
	g_assert_cmpuint(filelist_first(list, "dir"), ==, 4);
	g_assert_cmpuint(filelist_first(list, "z"), ==, G_N_ELEMENTS(files));
}

static void any_damage_is_seen(void)
{
	g_autoptr(FileList) list = example();
	gsize length;
	const uint8_t *block = g_bytes_get_data(list->bytes, &length);

	for (gsize i = 0; i < length; i++) {
		g_autofree uint8_t *copy = g_memdup2(block, length);
		g_autoptr(GBytes) other = NULL, cut = g_bytes_new(block, i);

		copy[i] ^= 4;
		other = g_bytes_new(copy, length);
		g_assert_null(filelist_of_bytes(other));
		g_assert_null(filelist_of_bytes(cut));
	}
}

static void check_embedded(const char *folder, bool with_tests, const char *expected)
{
	g_autoptr(FileList) list = example();
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) embedded = embed_files(list, folder, with_tests, &error);
	g_autoptr(GString) text = g_string_new(NULL);

	g_assert_no_error(error);
	for (guint i = 0; i < embedded->len; i++)
		g_string_append_printf(text, "%s ", ((ListedFile *)embedded->pdata[i])->name);
	g_assert_cmpstr(text->str, ==, expected);
}

static void patterns_mean_what_go_means_by_them(void)
{
	check_embedded("", false, "b.txt ");
	check_embedded("", true, "b.txt dir/c.txt dir/sub/d.txt ");
	check_embedded("p", false, "p/p.go ");
	check_embedded("q", false, "q/x/.y ");
	check_embedded("dir", false, "");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/filelist/files_are_found", files_are_found);
	g_test_add_func("/gomod/filelist/any_damage_is_seen", any_damage_is_seen);
	g_test_add_func("/gomod/embed/patterns_mean_what_go_means_by_them",
			patterns_mean_what_go_means_by_them);
	return g_test_run();
}
