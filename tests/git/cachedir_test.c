/* SPDX-License-Identifier: MIT */
#include "git/cachedir.h"
#include "git/fixture.h"

#include <utime.h>

static char *make_cache(void)
{
	return g_dir_make_tmp(NULL, NULL);
}

static void every_remote_has_its_own(void)
{
	static const char *const urls[] = {
		"https://example.org/team/app.git", "https://example.org/other/app.git",
		"https://example.org/team/app",     "git@example.org:team/app.git",
		"https://example.org/../../etc",    "https://example.org/\xff..%2f",
	};
	g_autofree char *cache = make_cache();
	g_autofree char *below = g_build_filename(cache, "repositories", NULL);
	g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < G_N_ELEMENTS(urls); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *path = cachedir_of(cache, urls[i], &error);
		g_autofree char *again = cachedir_of(cache, urls[i], &error);
		g_autofree char *parent = NULL;

		g_assert_no_error(error);
		parent = g_path_get_dirname(path);
		g_assert_cmpstr(path, ==, again);
		g_assert_cmpstr(parent, ==, below);
		g_assert_true(g_file_test(path, G_FILE_TEST_IS_DIR));
		g_assert_false(g_ptr_array_find_with_equal_func(seen, path, g_str_equal, NULL));
		g_ptr_array_add(seen, g_strdup(path));
	}
	remove_all(cache);
}

static void a_worn_one_is_begun_anew(void)
{
	g_autofree char *cache = make_cache();
	g_autofree char *path = cachedir_of(cache, "https://example.org/x", NULL);
	g_autofree char *packs = g_build_filename(path, "objects", "pack", NULL);

	g_assert_cmpint(g_mkdir_with_parents(packs, 0700), ==, 0);
	for (int i = 0; i <= 60; i++) {
		g_autofree char *name = g_strdup_printf("%s/pack-%d.pack", packs, i);
		g_autofree char *same = NULL;

		g_assert_true(g_file_set_contents(name, "x", 1, NULL));
		same = cachedir_of(cache, "https://example.org/x", NULL);
		g_assert_cmpint(g_file_test(packs, G_FILE_TEST_IS_DIR), ==, i < 60);
	}
	remove_all(cache);
}

/* A link in it is deleted, and what it leads to stays. */
static void an_unused_one_is_swept(void)
{
	g_autofree char *cache = make_cache();
	g_autofree char *old = cachedir_of(cache, "https://example.org/old", NULL);
	g_autofree char *new = cachedir_of(cache, "https://example.org/new", NULL);
	g_autofree char *link = g_build_filename(old, "link", NULL);
	const struct utimbuf times = { 1000, 1000 };

	g_assert_cmpint(symlink(new, link), ==, 0);
	g_assert_cmpint(utime(old, &times), ==, 0);
	cachedir_sweep(cache, 1000 + 30 * 24 * 60 * 60);
	g_assert_true(g_file_test(old, G_FILE_TEST_IS_DIR));
	cachedir_sweep(cache, 1001 + 30 * 24 * 60 * 60);
	g_assert_false(g_file_test(old, G_FILE_TEST_EXISTS));
	g_assert_true(g_file_test(new, G_FILE_TEST_IS_DIR));
	remove_all(cache);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/git/cachedir/every_remote_has_its_own", every_remote_has_its_own);
	g_test_add_func("/git/cachedir/a_worn_one_is_begun_anew", a_worn_one_is_begun_anew);
	g_test_add_func("/git/cachedir/an_unused_one_is_swept", an_unused_one_is_swept);
	return g_test_run();
}
