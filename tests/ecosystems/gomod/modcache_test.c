/* SPDX-License-Identifier: MIT */
#include "base/folder.h"
#include "ecosystems/gomod/modcache.h"

#include <glib/gstdio.h>

#include <utime.h>

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
	g_autoptr(ModCache) cache = modcache_open(directory, NULL);
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
	g_autoptr(ModCache) cache = modcache_open(directory, NULL);
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
	g_autoptr(ModCache) cache = modcache_open(NULL, NULL);
	g_autoptr(GBytes) bytes = g_bytes_new_static("abc", 3);

	modcache_keep(cache, "example.com/a", "v1.0.0", "index", bytes);
	g_assert_null(modcache_find(cache, "example.com/a", "v1.0.0", "index"));
}

/* Credentials that only some have: what was read with them stays among those. */
static void circles_keep_to_themselves(void)
{
	static const char *const circles[] = { NULL, "0123456789abcdef", "0123456789abcdee" };
	g_autofree char *directory = g_dir_make_tmp("modcache-XXXXXX", NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(circles); i++) {
		g_autoptr(ModCache) cache = modcache_open(directory, circles[i]);
		g_autoptr(GBytes) bytes = g_bytes_new(&circles[i], 1), found = NULL;

		g_assert_null(modcache_find(cache, "example.com/a", "v1.0.0", "index"));
		modcache_keep(cache, "example.com/a", "v1.0.0", "index", bytes);
		found = modcache_find(cache, "example.com/a", "v1.0.0", "index");
		g_assert_true(g_bytes_equal(bytes, found));
	}
	directory_remove(directory);
}

static void a_circle_that_is_gone_is_forgotten(void)
{
	g_autofree char *directory = g_dir_make_tmp("modcache-XXXXXX", NULL);
	g_autofree char *module = g_build_filename(directory, "modules", "example.com", NULL);
	g_autofree char *old = g_build_filename(directory, "modules", "@", "old", NULL);
	g_autofree char *new = g_build_filename(directory, "modules", "@", "new", NULL);
	g_autoptr(ModCache) all = modcache_open(directory, NULL);
	g_autoptr(ModCache) one = modcache_open(directory, "old");
	g_autoptr(ModCache) other = modcache_open(directory, "new");
	g_autoptr(GBytes) bytes = g_bytes_new_static("abc", 3);
	const struct utimbuf then = { .actime = 1000, .modtime = 1000 };

	modcache_keep(all, "example.com/a", "v1.0.0", "index", bytes);
	modcache_keep(one, "example.com/a", "v1.0.0", "index", bytes);
	modcache_keep(other, "example.com/a", "v1.0.0", "index", bytes);
	g_assert_cmpint(utime(old, &then), ==, 0);
	g_assert_cmpint(utime(module, &then), ==, 0);
	modcache_sweep(directory, 1000 + FOLDER_KEPT_FOR);
	g_assert_true(g_file_test(old, G_FILE_TEST_IS_DIR));
	modcache_sweep(directory, 1001 + FOLDER_KEPT_FOR);
	g_assert_false(g_file_test(old, G_FILE_TEST_EXISTS));
	g_assert_true(g_file_test(new, G_FILE_TEST_IS_DIR));
	g_assert_true(g_file_test(module, G_FILE_TEST_IS_DIR));
	directory_remove(directory);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/modcache/what_is_kept_is_found", what_is_kept_is_found);
	g_test_add_func("/gomod/modcache/nothing_leads_out_of_the_cache",
			nothing_leads_out_of_the_cache);
	g_test_add_func("/gomod/modcache/without_a_directory_nothing_is_kept",
			without_a_directory_nothing_is_kept);
	g_test_add_func("/gomod/modcache/circles_keep_to_themselves", circles_keep_to_themselves);
	g_test_add_func("/gomod/modcache/a_circle_that_is_gone_is_forgotten",
			a_circle_that_is_gone_is_forgotten);
	return g_test_run();
}
