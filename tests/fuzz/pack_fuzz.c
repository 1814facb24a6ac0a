/* SPDX-License-Identifier: MIT */
/* Packs as strangers send them, without their checksum, which is made here; then
 * everything that has arrived is read as if it were a commit, a tree, a file. */
#include "git/cleanup.h"
#include "git/pack.h"

#include <glib/gstdio.h>

#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int delete_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	return remove(path);
}

static int read_object(const git_oid *id, void *data)
{
	const char *text = git_oid_tostr_s(id);
	g_autofree char *commit_id = g_strdup(text);
	GBytes *bytes = objects_read(data, commit_id, 4096, NULL);
	g_autoptr(Commit) commit = objects_commit(data, commit_id, NULL);
	g_autoptr(GPtrArray) files = NULL;
	g_autoptr(GPtrArray) history = NULL;
	bool is_whole;

	g_clear_pointer(&bytes, g_bytes_unref);
	if (commit == NULL)
		return 0;
	files = objects_files(data, commit_id, NULL, NULL, NULL);
	history = objects_history(data, commit_id, 10, &is_whole, NULL);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char directory[] = "/tmp/upkeepd-fuzz-XXXXXX";
	g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA1);
	uint8_t digest[20];
	gsize length = sizeof(digest);

	if (g_mkdtemp(directory) == NULL)
		abort();
	g_checksum_update(checksum, data, (gssize)size);
	g_checksum_get_digest(checksum, digest, &length);
	{
		g_autoptr(Objects) objects = objects_open(directory, NULL);
		g_autoptr(PackReceiver) receiver = pack_receive(objects, NULL);
		g_autoptr(git_odb) database = NULL;

		if (pack_receive_piece(receiver, data, size, NULL) &&
		    pack_receive_piece(receiver, digest, length, NULL) &&
		    pack_receive_end(receiver, NULL) &&
		    git_odb_open(&database, objects_directory(objects)) == 0)
			git_odb_foreach(database, read_object, objects);
	}
	nftw(directory, delete_one, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}
