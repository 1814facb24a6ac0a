/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modpack.h"

#include "ecosystems/gomod/spool.h"
#include "upkeepd/limits.h"

#include <zip.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(zip_t, zip_discard)

typedef struct {
	Source *source;
	size_t bytes;  /* of all files read so far */
	GError *error; /* what reading one ran into */
} Pack;

/* One file while libzip copies it; libzip frees it. */
typedef struct {
	Pack *pack;
	const char *path;
	GBytes *content; /* NULL unless open */
	size_t at;
	zip_error_t error;
} Entry;

static zip_int64_t entry_open(Entry *entry)
{
	Pack *pack = entry->pack;

	entry->at = 0;
	entry->content = pack->error == NULL ? pack->source->read(pack->source, entry->path,
								  LIMIT_PACK_OBJECT, &pack->error)
					     : NULL;
	if (entry->content != NULL &&
	    (pack->bytes += g_bytes_get_size(entry->content)) > LIMIT_MODULE_ZIP)
		fail(&pack->error, FAILURE_LIMIT, "its files have more than %d bytes",
		     LIMIT_MODULE_ZIP);
	if (pack->error == NULL)
		return 0;
	zip_error_set(&entry->error, ZIP_ER_READ, EIO);
	return -1;
}

static zip_int64_t entry_read(Entry *entry, void *data, zip_uint64_t length)
{
	gsize size;
	const char *content = g_bytes_get_data(entry->content, &size);
	size_t count = MIN(size - entry->at, length);

	if (count > 0)
		memcpy(data, content + entry->at, count);
	entry->at += count;
	return (zip_int64_t)count;
}

static zip_int64_t entry_command(void *user, void *data, zip_uint64_t length,
				 zip_source_cmd_t command)
{
	Entry *entry = user;

	switch (command) {
	case ZIP_SOURCE_SUPPORTS:
		return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ,
						      ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
						      ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
	case ZIP_SOURCE_OPEN:
		return entry_open(entry);
	case ZIP_SOURCE_READ:
		return entry_read(entry, data, length);
	case ZIP_SOURCE_CLOSE:
		g_clear_pointer(&entry->content, g_bytes_unref);
		return 0;
	case ZIP_SOURCE_STAT:
		zip_stat_init(data);
		return sizeof(zip_stat_t);
	case ZIP_SOURCE_ERROR:
		return zip_error_to_data(&entry->error, data, length);
	case ZIP_SOURCE_FREE:
		g_clear_pointer(&entry->content, g_bytes_unref);
		zip_error_fini(&entry->error);
		g_free(entry);
		return 0;
	default:
		zip_error_set(&entry->error, ZIP_ER_OPNOTSUPP, 0);
		return -1;
	}
}

static bool add_file(zip_t *archive, Pack *pack, const char *path, const char *name)
{
	Entry *entry = g_new0(Entry, 1);
	zip_source_t *source;
	zip_int64_t index;

	entry->pack = pack;
	entry->path = path;
	zip_error_init(&entry->error);
	source = zip_source_function(archive, entry_command, entry);
	if (source == NULL) {
		g_free(entry);
		return false;
	}
	index = zip_file_add(archive, name, source, ZIP_FL_ENC_UTF_8);
	if (index < 0) {
		zip_source_free(source);
		return false;
	}
	return zip_set_file_compression(archive, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0;
}

/* Writes the zip to the file `path`. */
static bool write_zip(const char *path, Pack *pack, const GArray *files, const char *module,
		      GError **error)
{
	int code = 0;
	g_autoptr(zip_t) archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
	bool is_whole = archive != NULL;

	for (guint i = 0; i < files->len && is_whole; i++) {
		const PickedFile *file = &g_array_index(files, PickedFile, i);
		g_autofree char *name = g_strconcat(module, "/", file->name, NULL);

		is_whole = add_file(archive, pack, file->path, name);
	}
	if (is_whole && zip_close(archive) == 0) {
		archive = NULL;
		return true;
	}
	if (pack->error != NULL) {
		g_propagate_error(error, g_steal_pointer(&pack->error));
		return false;
	}
	return fail(error, FAILURE_IO, "the zip of '%s' cannot be written: %s", module,
		    archive != NULL ? zip_strerror(archive) : g_strerror(errno));
}

static bool want_all(Source *source, const GArray *files, GError **error)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new(); /* of char *, borrowed */

	for (guint i = 0; i < files->len; i++)
		g_ptr_array_add(paths, (char *)g_array_index(files, PickedFile, i).path);
	return source->want(source, paths, error);
}

int modpack_new(const World *world, Source *source, const GArray *files, const char *module,
		GError **error)
{
	g_autofree char *directory = spool_directory(world);
	g_autofree char *path = g_build_filename(directory, "upkeepd-XXXXXX", NULL);
	Pack pack = { source, 0, NULL };
	int spool;

	if (!want_all(source, files, error))
		return -1;
	spool = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
	if (spool < 0) {
		fail(error, FAILURE_IO, "no file can be made in '%s': %s", directory,
		     g_strerror(errno));
		return -1;
	}
	close(spool);
	spool = -1;
	/* libzip writes beside it and renames. */
	if (write_zip(path, &pack, files, module, error)) {
		spool = open(path, O_RDONLY | O_CLOEXEC);
		if (spool < 0)
			fail(error, FAILURE_IO, "'%s' cannot be read: %s", path, g_strerror(errno));
	}
	unlink(path);
	return spool;
}
