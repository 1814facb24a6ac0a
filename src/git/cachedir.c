/* SPDX-License-Identifier: MIT */
#include "git/cachedir.h"

#include "base/crypto.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#define MAX_PACKS  60 /* a month of two a day */
#define MAX_UNUSED (30 * 24 * 60 * 60)
#define MAX_NAME   40 /* of each part that is for people */
#define MAX_FILES  16 /* open at once while deleting */

static int delete_one(const char *path, const struct stat *unused, int kind, struct FTW *where)
{
	(void)unused;
	(void)kind;
	(void)where;
	return remove(path);
}

/* Links are deleted, not followed. */
static bool delete_all(const char *path)
{
	return nftw(path, delete_one, MAX_FILES, FTW_DEPTH | FTW_PHYS) == 0;
}

static bool is_worn(const char *directory)
{
	static const char *const places[] = { "objects/pack", "mirror.git/objects/pack" };
	unsigned packs = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *path = g_build_filename(directory, places[i], NULL);
		g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
		const char *name;

		while (folder != NULL && (name = g_dir_read_name(folder)) != NULL)
			packs += g_str_has_suffix(name, ".pack") ? 1 : 0;
	}
	return packs > MAX_PACKS;
}

/* A part of a name that any file system takes. */
static char *plain(const char *text, size_t length)
{
	char *name = g_strndup(text, MIN(length, MAX_NAME));

	g_strcanon(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", '_');
	return name;
}

static char *name_of(const char *url)
{
	const char *rest = strstr(url, "://");
	const char *host = rest != NULL ? rest + 3 : url;
	const char *base = strrchr(host, '/');
	g_autofree char *hash = sha256_hex(url, strlen(url));
	g_autofree char *first = plain(host, strcspn(host, "/"));
	g_autofree char *last =
		plain(base != NULL ? base + 1 : "", strlen(base != NULL ? base + 1 : ""));

	return g_strdup_printf("%s-%s-%.16s", first, last, hash);
}

char *cachedir_of(const char *cache_directory, const char *url, GError **error)
{
	g_autofree char *name = name_of(url);
	g_autofree char *path = g_build_filename(cache_directory, "repositories", name, NULL);

	if (is_worn(path) && !delete_all(path))
		return fail_null(error, FAILURE_IO, "cannot empty '%s': %s", path,
				 g_strerror(errno));
	if (g_mkdir_with_parents(path, 0700) != 0)
		return fail_null(error, FAILURE_IO, "cannot make the directory '%s': %s", path,
				 g_strerror(errno));
	if (g_utime(path, NULL) != 0) /* in use, as cachedir_sweep() sees it */
		return fail_null(error, FAILURE_IO, "cannot use '%s': %s", path, g_strerror(errno));
	return g_steal_pointer(&path);
}

void cachedir_sweep(const char *cache_directory, int64_t now)
{
	g_autofree char *all = g_build_filename(cache_directory, "repositories", NULL);
	g_autoptr(GDir) folder = g_dir_open(all, 0, NULL);
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *path = g_build_filename(all, name, NULL);
		struct stat status;

		if (lstat(path, &status) == 0 && now - status.st_mtime > MAX_UNUSED &&
		    !delete_all(path))
			g_debug("cannot delete '%s': %s", path, g_strerror(errno));
	}
}
