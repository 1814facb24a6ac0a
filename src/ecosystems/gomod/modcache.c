/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modcache.h"

#include "base/folder.h"
#include "ecosystems/gomod/modpath.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct ModCache {
	char *directory; /* NULL: nothing is kept */
};

/* No path of a module begins with it. */
#define APART "@"

ModCache *modcache_open(const char *directory, const char *circle)
{
	ModCache *cache = g_new0(ModCache, 1);
	g_autoptr(GError) error = NULL;

	if (directory == NULL)
		return cache;
	cache->directory = circle == NULL
				   ? g_build_filename(directory, "modules", NULL)
				   : g_build_filename(directory, "modules", APART, circle, NULL);
	if (circle != NULL && !folder_use(cache->directory, &error))
		g_debug("nothing of modules is kept: %s", error->message);
	return cache;
}

void modcache_sweep(const char *directory, int64_t now)
{
	g_autofree char *apart = g_build_filename(directory, "modules", APART, NULL);

	folder_sweep(apart, now);
}

void modcache_free(ModCache *cache)
{
	if (cache == NULL)
		return;
	g_free(cache->directory);
	g_free(cache);
}

/* Escaped, so that no two modules share a file where case does not count, and
 * none lies outside: escaping refuses what is no path. NULL if it is none. */
static char *file_of(const ModCache *cache, const char *path, const char *version, const char *kind)
{
	g_autofree char *escaped_path = modpath_escape(path, NULL);
	g_autofree char *escaped_version = modpath_escape_version(version, NULL);

	if (cache->directory == NULL || escaped_path == NULL || escaped_version == NULL)
		return NULL;
	return g_strdup_printf("%s/%s/@v/%s.%s", cache->directory, escaped_path, escaped_version,
			       kind);
}

GBytes *modcache_find(const ModCache *cache, const char *path, const char *version,
		      const char *kind)
{
	g_autofree char *file = file_of(cache, path, version, kind);
	g_autoptr(GMappedFile) mapped = NULL;

	if (file == NULL)
		return NULL;
	mapped = g_mapped_file_new(file, FALSE, NULL);
	return mapped != NULL ? g_mapped_file_get_bytes(mapped) : NULL;
}

static bool write_all(int handle, GBytes *bytes)
{
	gsize length;
	const char *p = g_bytes_get_data(bytes, &length);

	while (length > 0) {
		ssize_t written = write(handle, p, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		p += written;
		length -= (gsize)written;
	}
	return true;
}

/* Beside it, then renamed. Without fsync: what a power cut leaves half is seen
 * by its digest and learnt again. */
void modcache_keep(const ModCache *cache, const char *path, const char *version, const char *kind,
		   GBytes *bytes)
{
	g_autofree char *file = file_of(cache, path, version, kind);
	g_autofree char *directory = NULL, *beside = NULL;
	int handle;

	if (file == NULL)
		return;
	directory = g_path_get_dirname(file);
	beside = g_strconcat(file, ".XXXXXX", NULL);
	if (g_mkdir_with_parents(directory, 0700) != 0 ||
	    (handle = g_mkstemp_full(beside, O_RDWR | O_CLOEXEC, 0600)) < 0)
		return;
	if (!write_all(handle, bytes) || g_rename(beside, file) != 0)
		g_unlink(beside);
	close(handle);
}
