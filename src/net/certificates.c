/* SPDX-License-Identifier: MIT */
#include "net/certificates.h"

#include <glib/gstdio.h>

#include <unistd.h>

static char *file_in(const char *directory, const char *host, const char *name)
{
	g_autofree char *path = g_build_filename(directory, host, name, NULL);

	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) || g_access(path, R_OK) != 0)
		return NULL;
	return g_steal_pointer(&path);
}

void certificates_clear(Certificates *found)
{
	g_clear_pointer(&found->authority, g_free);
	g_clear_pointer(&found->client, g_free);
	g_clear_pointer(&found->key, g_free);
}

void certificates_find(Certificates *found, const char *directory, const Url *place)
{
	certificates_clear(found);
	/* A URL may be a stranger's, and ".." a host to its parser. */
	if (directory == NULL || !place->is_https || *place->authority == '.')
		return;
	found->authority = file_in(directory, place->authority, "ca.crt");
	found->client = file_in(directory, place->authority, "client.cert");
	found->key = file_in(directory, place->authority, "client.key");
	if (found->client == NULL || found->key == NULL) {
		g_clear_pointer(&found->client, g_free);
		g_clear_pointer(&found->key, g_free);
	}
}
