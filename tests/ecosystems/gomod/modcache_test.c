/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modcache.h"

#include <glib/gstdio.h>

static void directory_remove(const char *path)
{
	g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
	const char *name;

	while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		directory_remove(below);
	}
	g_remove(path);
}

static void what_is_kept_is_found(void)
{
	g_autofree char *directory = g_dir_make_tmp("modcache-XXXXXX", NULL);
	g_autoptr(ModCache) cache = modcache_open(directory);
	g_autoptr(GBytes) bytes = g_bytes_new_static("abc", 3), found = NULL;
	g_autofree char *file = g_build_filename(directory, "modules", "example.com", "!a", "@v",
						 "v1.0.0-!r!c1.index", NULL);

	g_assert_null(modcache_find(cache, "example.com/A", "v1.0.0-RC1", "index"));
	modcache_keep(cache, "example.com/A", "v1.0.0-RC1", "index", bytes);
	found = modcache_find(cache, "example.com/A", "v1.0.0-RC1", "index");
	g_assert_true(g_bytes_equal(bytes, found));
	g_assert_true(g_file_test(file, G_FILE_TEST_IS_REGULAR));
	g_assert_null(modcache_find(cache, "example.com/a", "v1.0.0-RC1", "index"));
	g_assert_null(modcache_find(cache, "example.com/A", "v1.0.0-RC1", "gomod"));
	directory_remove(directory);
}

static void nothing_leads_out_of_the_cache(void)
{
	g_autofree char *directory = g_dir_make_tmp("modcache-XXXXXX", NULL);
	g_autoptr(ModCache) cache = modcache_open(directory);
	g_autoptr(GBytes) bytes = g_bytes_new_static("abc", 3);
	g_autofree char *modules = g_build_filename(directory, "modules", NULL);

	modcache_keep(cache, "../../x", "v1.0.0", "index", bytes);
	modcache_keep(cache, "example.com/../../../x", "v1.0.0", "index", bytes);
	modcache_keep(cache, "example.com/a", "../../../x", "index", bytes);
	g_assert_false(g_file_test(modules, G_FILE_TEST_EXISTS));
	directory_remove(directory);
}

static void without_a_directory_nothing_is_kept(void)
{
	g_autoptr(ModCache) cache = modcache_open(NULL);
	g_autoptr(GBytes) bytes = g_bytes_new_static("abc", 3);

	modcache_keep(cache, "example.com/a", "v1.0.0", "index", bytes);
	g_assert_null(modcache_find(cache, "example.com/a", "v1.0.0", "index"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/modcache/what_is_kept_is_found", what_is_kept_is_found);
	g_test_add_func("/gomod/modcache/nothing_leads_out_of_the_cache",
			nothing_leads_out_of_the_cache);
	g_test_add_func("/gomod/modcache/without_a_directory_nothing_is_kept",
			without_a_directory_nothing_is_kept);
	return g_test_run();
}
