/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/index.h"

#include <string.h>

static void add(IndexBuilder *builder, const char *folder, const char *name, const char *imports)
{
	g_autofree char *text = g_strdup_printf("package p\nimport (%s)\n", imports);

	index_builder_add(builder, folder, name, text, strlen(text));
}

static PackageIndex *example(void)
{
	g_autoptr(IndexBuilder) builder = index_builder_new();

	add(builder, "x/y", "b.go", "\"m/b\"; \"m/a\"");
	add(builder, "", "a.go", "\"m/a\"");
	add(builder, "x/y", "a.go", "\"m/a\"");
	add(builder, "x/y", "a_test.go", "\"t\"; \"m/a\"");
	add(builder, "hidden", "_a.go", "\"never\"");
	index_builder_add(builder, "old", "a.go", "//go:build ignore\n\npackage p\nimport \"n\"\n",
			  40);
	return index_builder_finish(builder, "h1:0123456789012345678901234567890123456789012=");
}

static char *words_of(const PackageIndex *index, const uint32_t *numbers, uint32_t count)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (uint32_t i = 0; i < count; i++)
		g_string_append_printf(text, "%s ", index_word(index, numbers[i]));
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void check_example(const PackageIndex *index)
{
	IndexEntry entry;

	g_assert_cmpstr(index_sum(index), ==, "h1:0123456789012345678901234567890123456789012=");
	g_assert_cmpuint(index_count(index), ==, 4);
	g_assert_cmpstr(index_folder(index, 0), ==, "");
	g_assert_cmpstr(index_folder(index, 3), ==, "x/y");
	g_assert_true(index_find(index, "x/y", &entry));
	g_autofree char *imports = words_of(index, entry.imports, entry.n_imports);
	g_autofree char *tests = words_of(index, entry.tests, entry.n_tests);
	g_assert_cmpstr(imports, ==, "m/a m/b ");
	g_assert_cmpstr(tests, ==, "m/a t ");
	g_assert_true(index_find(index, "", &entry));
	g_assert_cmpuint(entry.n_imports, ==, 1);
	g_assert_false(index_find(index, "x", NULL));
	g_assert_false(index_find(index, "x/y/z", NULL));
}

static void folders_and_imports_are_found(void)
{
	g_autoptr(PackageIndex) index = example();

	check_example(index);
}

static void a_folder_of_files_that_do_not_count_is_a_package_without_imports(void)
{
	g_autoptr(PackageIndex) index = example();
	IndexEntry entry;

	g_assert_true(index_find(index, "hidden", &entry));
	g_assert_cmpuint(entry.n_imports, ==, 0);
	g_assert_true(index_find(index, "old", &entry));
	g_assert_cmpuint(entry.n_imports, ==, 0);
	g_assert_false(entry.has_source);
	g_assert_true(index_find(index, "", &entry));
	g_assert_true(entry.has_source);
}

static void what_is_kept_is_the_same(void)
{
	g_autoptr(PackageIndex) index = example();
	gsize length;
	const void *block = g_bytes_get_data(index_bytes(index), &length);
	g_autoptr(GBytes) bytes = g_bytes_new(block, length);
	g_autoptr(PackageIndex) again = index_of_bytes(bytes);

	g_assert_nonnull(again);
	check_example(again);
}

static void nothing_is_an_index_too(void)
{
	g_autoptr(IndexBuilder) builder = index_builder_new();
	g_autoptr(PackageIndex) index = index_builder_finish(builder, "");

	g_assert_cmpuint(index_count(index), ==, 0);
	g_assert_false(index_find(index, "", NULL));
}

static void any_damage_is_seen(void)
{
	g_autoptr(PackageIndex) index = example();
	gsize length;
	const uint8_t *block = g_bytes_get_data(index_bytes(index), &length);

	for (gsize i = 0; i < length; i++) {
		g_autofree uint8_t *copy = g_memdup2(block, length);
		g_autoptr(GBytes) bytes = NULL, cut = NULL;

		copy[i] ^= 4;
		bytes = g_bytes_new(copy, length);
		g_assert_null(index_of_bytes(bytes));
		cut = g_bytes_new(block, i);
		g_assert_null(index_of_bytes(cut));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/index/folders_and_imports_are_found",
			folders_and_imports_are_found);
	g_test_add_func(
		"/gomod/index/a_folder_of_files_that_do_not_count_is_a_package_without_imports",
		a_folder_of_files_that_do_not_count_is_a_package_without_imports);
	g_test_add_func("/gomod/index/what_is_kept_is_the_same", what_is_kept_is_the_same);
	g_test_add_func("/gomod/index/nothing_is_an_index_too", nothing_is_an_index_too);
	g_test_add_func("/gomod/index/any_damage_is_seen", any_damage_is_seen);
	return g_test_run();
}
