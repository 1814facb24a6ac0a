/* SPDX-License-Identifier: MIT */
/* A folder of its own for a test; goes away with all that lies in it. */
#pragma once

#include <glib/gstdio.h>

#include <ftw.h>

typedef struct {
	char *path;
} Folder;

static inline Folder *folder_new(void)
{
	Folder *folder = g_new0(Folder, 1);

	folder->path = g_dir_make_tmp("upkeepd-XXXXXX", NULL);
	g_assert_nonnull(folder->path);
	return folder;
}

static inline int folder_remove_entry(const char *path, const struct stat *status, int kind,
				      struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return g_remove(path);
}

static inline void folder_free(Folder *folder)
{
	if (folder == NULL)
		return;
	nftw(folder->path, folder_remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	g_free(folder->path);
	g_free(folder);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Folder, folder_free)
