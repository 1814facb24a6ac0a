/* SPDX-License-Identifier: MIT */
/* A directory of its own for each test of the store. */
#pragma once

#include "store/store.h"

#include <glib/gstdio.h>

#define NOW INT64_C(1780272000) /* 2026-06-01 */

/* A call that takes `&error` and must succeed. */
#define GOOD(call)                              \
	do {                                    \
		g_autoptr(GError) error = NULL; \
		bool is_good = (call);          \
                                                \
		g_assert_no_error(error);       \
		g_assert_true(is_good);         \
	} while (0)

typedef struct {
	char *path;
} Directory;

static inline void directory_make(Directory *directory, gconstpointer data)
{
	(void)data;
	directory->path = g_dir_make_tmp("upkeepd-store-XXXXXX", NULL);
	g_assert_nonnull(directory->path);
}

static inline void directory_remove(Directory *directory, gconstpointer data)
{
	g_autoptr(GDir) entries = g_dir_open(directory->path, 0, NULL);
	const char *name = NULL;

	(void)data;
	while ((name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *path = g_build_filename(directory->path, name, NULL);

		g_assert_cmpint(g_remove(path), ==, 0);
	}
	g_assert_cmpint(g_rmdir(directory->path), ==, 0);
	g_free(directory->path);
}

static inline Store *directory_open(const Directory *directory)
{
	g_autoptr(GError) error = NULL;
	Store *store = store_open(directory->path, NOW, &error);

	g_assert_no_error(error);
	g_assert_nonnull(store);
	return store;
}

static inline char *directory_file(const Directory *directory, const char *name)
{
	return g_build_filename(directory->path, name, NULL);
}

#define store_test(name, function) \
	g_test_add(name, Directory, NULL, directory_make, function, directory_remove)
