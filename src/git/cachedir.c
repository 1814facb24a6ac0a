/* SPDX-License-Identifier: MIT */
#include "git/cachedir.h"

#include "base/crypto.h"
#include "base/folder.h"

#include <errno.h>
#include <string.h>

#define MAX_PACKS 60 /* a month of two a day */
#define MAX_NAME  40 /* of each part that is for people */

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

	if (is_worn(path) && !folder_delete(path))
		return fail_null(error, FAILURE_IO, "cannot empty '%s': %s", path,
				 g_strerror(errno));
	return folder_use(path, error) ? g_steal_pointer(&path) : NULL;
}

void cachedir_sweep(const char *cache_directory, int64_t now)
{
	g_autofree char *all = g_build_filename(cache_directory, "repositories", NULL);

	folder_sweep(all, now);
}
