/* SPDX-License-Identifier: MIT */
/* Power cuts: a layer between SQLite and its files writes down every write,
 * truncation, sync and deletion; the test then cuts at a random place, keeps what
 * was synced, applies what was not with a random probability, tears some of it at
 * sectors, and opens what such a disk would hold. Nothing that was acknowledged
 * may be missing, nothing may be half there. Source: operations.md 4. */
#include "store/cache.h"
#include "store/directory.h"

#include <sqlite3.h>

#include <string.h>

enum { SECTOR = 512, N_COMMITS = 40 };

typedef enum { OP_WRITE, OP_TRUNCATE, OP_SYNC, OP_DELETE, OP_ACKNOWLEDGE } OpType;

typedef struct {
	OpType type;
	char *path;
	int64_t at; /* offset, new length, or the number acknowledged */
	GBytes *bytes;
} Op;

static GPtrArray *ops; /* of Op; NULL: nothing is written down */

static void op_free(gpointer data)
{
	Op *op = data;

	g_free(op->path);
	g_clear_pointer(&op->bytes, g_bytes_unref);
	g_free(op);
}

static void note(OpType type, const char *path, int64_t at, const void *bytes, size_t length)
{
	Op *op = NULL;

	if (ops == NULL)
		return;
	op = g_new0(Op, 1);
	op->type = type;
	op->path = g_strdup(path);
	op->at = at;
	op->bytes = bytes != NULL ? g_bytes_new(bytes, length) : NULL;
	g_ptr_array_add(ops, op);
}

/* The layer: everything goes on to the file below. */
typedef struct {
	sqlite3_file base;
	char *path;
	sqlite3_file *below; /* lies behind this struct */
} File;

#define BELOW(file) (((File *)(file))->below)

static int file_close(sqlite3_file *file)
{
	int code = BELOW(file)->pMethods->xClose(BELOW(file));

	g_free(((File *)file)->path);
	return code;
}

static int file_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 at)
{
	return BELOW(file)->pMethods->xRead(BELOW(file), bytes, length, at);
}

static int file_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 at)
{
	note(OP_WRITE, ((File *)file)->path, at, bytes, (size_t)length);
	return BELOW(file)->pMethods->xWrite(BELOW(file), bytes, length, at);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 length)
{
	note(OP_TRUNCATE, ((File *)file)->path, length, NULL, 0);
	return BELOW(file)->pMethods->xTruncate(BELOW(file), length);
}

static int file_sync(sqlite3_file *file, int flags)
{
	int code = BELOW(file)->pMethods->xSync(BELOW(file), flags);

	note(OP_SYNC, ((File *)file)->path, 0, NULL, 0);
	return code;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	return BELOW(file)->pMethods->xFileSize(BELOW(file), size);
}

static int file_lock(sqlite3_file *file, int level)
{
	return BELOW(file)->pMethods->xLock(BELOW(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
	return BELOW(file)->pMethods->xUnlock(BELOW(file), level);
}

static int file_check_lock(sqlite3_file *file, int *is_reserved)
{
	return BELOW(file)->pMethods->xCheckReservedLock(BELOW(file), is_reserved);
}

static int file_control(sqlite3_file *file, int what, void *argument)
{
	return BELOW(file)->pMethods->xFileControl(BELOW(file), what, argument);
}

static int file_sector(sqlite3_file *file)
{
	return BELOW(file)->pMethods->xSectorSize(BELOW(file));
}

static int file_device(sqlite3_file *file)
{
	return BELOW(file)->pMethods->xDeviceCharacteristics(BELOW(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int grow, void volatile **memory)
{
	return BELOW(file)->pMethods->xShmMap(BELOW(file), page, size, grow, memory);
}

static int file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	return BELOW(file)->pMethods->xShmLock(BELOW(file), offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
	BELOW(file)->pMethods->xShmBarrier(BELOW(file));
}

static int file_shm_unmap(sqlite3_file *file, int is_delete)
{
	return BELOW(file)->pMethods->xShmUnmap(BELOW(file), is_delete);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_unlock,
	.xCheckReservedLock = file_check_lock,
	.xFileControl = file_control,
	.xSectorSize = file_sector,
	.xDeviceCharacteristics = file_device,
	.xShmMap = file_shm_map,
	.xShmLock = file_shm_lock,
	.xShmBarrier = file_shm_barrier,
	.xShmUnmap = file_shm_unmap,
};

static sqlite3_vfs *below; /* SQLite's own */

static int layer_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out)
{
	File *mine = (File *)file;
	int code = SQLITE_OK;

	(void)vfs;
	memset(mine, 0, sizeof *mine);
	mine->below = (sqlite3_file *)(mine + 1);
	code = below->xOpen(below, path, mine->below, flags, out);
	if (mine->below->pMethods == NULL)
		return code;
	mine->path = g_strdup(path);
	mine->base.pMethods = &methods;
	return code;
}

static int layer_delete(sqlite3_vfs *vfs, const char *path, int is_synced)
{
	int code = below->xDelete(below, path, is_synced);

	(void)vfs;
	if (code == SQLITE_OK)
		note(OP_DELETE, path, is_synced, NULL, 0);
	return code;
}

static void install_layer(void)
{
	static sqlite3_vfs layer;

	below = sqlite3_vfs_find(NULL);
	layer = *below;
	layer.zName = "layer";
	layer.szOsFile = (int)sizeof(File) + below->szOsFile;
	layer.xOpen = layer_open;
	layer.xDelete = layer_delete;
	g_assert_cmpint(sqlite3_vfs_register(&layer, 1), ==, SQLITE_OK);
}

/* Commits numbers, two values at a time, with answers that are not synced in
 * between, and says when each is through. */
static void write_numbers(const Directory *directory)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(CachedAnswer) answer = cached_answer_new();
	g_autofree char *body = g_strnfill(20000, 'x');

	answer->body = g_bytes_new(body, strlen(body));
	for (int i = 1; i <= N_COMMITS; i++) {
		g_autofree char *number = g_strdup_printf("%d", i);
		g_autofree char *key = g_strdup_printf("https://registry.test/%d", i % 7);

		GOOD(store_begin(store, &error));
		GOOD(cache_set_value(store, "one", number, &error));
		GOOD(cache_set_value(store, "two", number, &error));
		GOOD(store_commit(store, &error));
		note(OP_ACKNOWLEDGE, "", i, NULL, 0);
		GOOD(cache_keep(store, key, answer, 1000000, NOW, &error));
		if (i % 16 == 0)
			store_tidy(store);
	}
}

/* What a disk would hold of one file; NULL in the tree: it is not there. */
static void apply(GTree *files, const Op *op, bool is_torn)
{
	GByteArray *file = g_tree_lookup(files, op->path);
	size_t length = op->bytes != NULL ? g_bytes_get_size(op->bytes) : 0;
	size_t from = (size_t)op->at;

	if (op->type == OP_DELETE) {
		g_tree_remove(files, op->path);
		return;
	}
	if (file == NULL) {
		file = g_byte_array_new();
		g_tree_insert(files, g_strdup(op->path), file);
	}
	if (op->type == OP_TRUNCATE) {
		g_byte_array_set_size(file, (guint)from);
		return;
	}
	if (is_torn)
		length = length / SECTOR / 2 * SECTOR;
	if (length > 0 && file->len < from + length) {
		guint before = file->len;

		g_byte_array_set_size(file, (guint)(from + length));
		memset(file->data + before, 0, file->len - before);
	}
	if (length > 0)
		memcpy(file->data + from, g_bytes_get_data(op->bytes, NULL), length);
}

/* Whether the file of operation `i` was synced between it and the cut. */
static bool is_synced(const GPtrArray *written, guint i, guint cut)
{
	const Op *op = written->pdata[i];

	if (op->type == OP_DELETE)
		return op->at != 0;
	for (guint j = i + 1; j < cut; j++) {
		const Op *later = written->pdata[j];

		if (later->type == OP_SYNC && g_str_equal(later->path, op->path))
			return true;
	}
	return false;
}

static int compare_names(gconstpointer a, gconstpointer b, gpointer data)
{
	(void)data;
	return strcmp(a, b);
}

static void free_file(gpointer file)
{
	g_byte_array_unref(file);
}

static gboolean write_file(gpointer path, gpointer data, gpointer directory)
{
	const GByteArray *file = data;
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *copy = g_build_filename(directory, name, NULL);

	g_assert_true(g_file_set_contents_full(copy, (const char *)file->data, file->len,
					       G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	return FALSE;
}

static int64_t read_number(Store *store, const char *name)
{
	g_autofree char *text = NULL;
	int64_t number = 0;

	GOOD(cache_value(store, name, &text, &error));
	if (text != NULL)
		g_assert_true(g_ascii_string_to_signed(text, 10, 0, G_MAXINT, &number, NULL));
	return number;
}

static void cut_at(const GPtrArray *written, guint cut)
{
	Directory disk = { NULL };
	GTree *files = g_tree_new_full(compare_names, NULL, g_free, free_file);
	double luck = g_test_rand_double(); /* of what was not synced */
	int64_t acknowledged = 0;

	directory_make(&disk, NULL);
	for (guint i = 0; i < cut; i++) {
		const Op *op = written->pdata[i];

		if (op->type == OP_ACKNOWLEDGE)
			acknowledged = op->at;
		else if (op->type != OP_SYNC && is_synced(written, i, cut))
			apply(files, op, false);
		else if (op->type != OP_SYNC && g_test_rand_double() < luck)
			apply(files, op, g_test_rand_int_range(0, 4) == 0);
	}
	g_tree_foreach(files, write_file, disk.path);
	g_tree_unref(files);
	{
		g_autoptr(Store) store = directory_open(&disk);

		g_assert_null(store_set_aside(store));
		g_assert_cmpint(read_number(store, "one"), >=, acknowledged);
		g_assert_cmpint(read_number(store, "one"), ==, read_number(store, "two"));
		GOOD(store_check(store, &error));
	}
	directory_remove(&disk, NULL);
}

static void a_power_cut_loses_nothing_that_was_acknowledged(Directory *directory,
							    gconstpointer data)
{
	int n_cuts = g_test_slow() ? 300 : 20;
	GPtrArray *written = g_ptr_array_new_with_free_func(op_free);

	(void)data;
	ops = written;
	write_numbers(directory);
	ops = NULL;
	g_test_message("%u operations", written->len);
	for (int i = 0; i < n_cuts; i++)
		cut_at(written, (guint)g_test_rand_int_range(1, (gint32)written->len));
	g_ptr_array_unref(written);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	install_layer();
	store_test("/powercut/a_power_cut_loses_nothing_that_was_acknowledged",
		   a_power_cut_loses_nothing_that_was_acknowledged);
	return g_test_run();
}
