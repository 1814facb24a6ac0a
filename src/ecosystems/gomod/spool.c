/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

char *spool_directory(const World *world)
{
	const char *cache = world->cache_directory;
	char *directory = cache != NULL ? g_build_filename(cache, "modules", NULL)
					: g_strdup(g_get_tmp_dir());

	if (g_mkdir_with_parents(directory, 0700) != 0) /* whoever writes there says so */
		g_debug("cannot make '%s': %s", directory, g_strerror(errno));
	return directory;
}

int spool_new(const World *world, GError **error)
{
	g_autofree char *directory = spool_directory(world);
	int spool = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (spool < 0) { /* file systems without O_TMPFILE */
		g_autofree char *name = g_build_filename(directory, "upkeepd-XXXXXX", NULL);

		spool = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);
		if (spool >= 0)
			unlink(name);
	}
	if (spool < 0)
		fail(error, FAILURE_IO, "no file can be made in '%s': %s", directory,
		     g_strerror(errno));
	return spool;
}
