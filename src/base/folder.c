/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "folder"

#include "base/folder.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <ftw.h>
#include <sys/stat.h>
#include <utime.h>

#define MAX_FILES 16 /* open at once while deleting */

bool folder_use(const char *path, GError **error)
{
	if (g_mkdir_with_parents(path, 0700) != 0)
		return fail(error, FAILURE_IO, "cannot make the directory '%s': %s", path,
			    g_strerror(errno));
	return g_utime(path, NULL) == 0 ||
	       fail(error, FAILURE_IO, "cannot use '%s': %s", path, g_strerror(errno));
}

static int delete_one(const char *path, const struct stat *unused, int kind, struct FTW *where)
{
	(void)unused;
	(void)kind;
	(void)where;
	return remove(path);
}

bool folder_delete(const char *path)
{
	return nftw(path, delete_one, MAX_FILES, FTW_DEPTH | FTW_PHYS) == 0;
}

void folder_sweep(const char *path, int64_t now)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);
		struct stat status;

		if (lstat(below, &status) == 0 && now - status.st_mtime > FOLDER_KEPT_FOR &&
		    !folder_delete(below))
			g_debug("cannot delete '%s': %s", below, g_strerror(errno));
	}
}
