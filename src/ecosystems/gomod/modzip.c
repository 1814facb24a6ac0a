/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modzip.h"

#include "base/crypto.h"
#include "base/text.h"
#include "ecosystems/gomod/dirhash.h"
#include "ecosystems/gomod/imports.h"
#include "ecosystems/gomod/modpath.h"
#include "upkeepd/limits.h"

#include <zip.h>

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As the Go command: these two are read whole by everybody. */
#define LIMIT_SPECIAL_FILE (16 * 1024 * 1024)

/* libzip allocates some 250 bytes for each entry when it opens a zip; the
 * largest modules have 30,000. */
#define LIMIT_ENTRIES LIMIT_TREE_FILES

G_DEFINE_AUTOPTR_CLEANUP_FUNC(zip_t, zip_discard)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(zip_file_t, zip_fclose)

typedef struct {
	char *name; /* as in the zip, folders (with a slash at the end) included */
	zip_uint64_t index;
	uint64_t size; /* as the directory says */
	bool is_folder;
} Entry;

struct Modzip {
	zip_t *archive;
	char *module; /* "PATH@VERSION" */
	size_t prefix_length;
	GPtrArray *entries; /* of Entry, sorted by the bytes of their names */
};

static void entry_free(void *data)
{
	Entry *entry = data;

	g_free(entry->name);
	g_free(entry);
}

static uint64_t little(const uint8_t *bytes, int count)
{
	uint64_t number = 0;

	while (count-- > 0)
		number = number << 8 | bytes[count];
	return number;
}

/* How many entries a zip claims to have, before libzip believes it. Plain zips
 * say it in 16 bits; those beyond have a longer record, which a locator in the
 * file's tail points to. Every locator is looked at. */
static bool count_entries(int handle, const char *module, off_t size, GError **error)
{
	static const uint8_t locator[] = { 'P', 'K', 6, 7 };
	size_t tail_size = MIN((size_t)size, 65535 + 22 + 20);
	g_autofree uint8_t *tail = g_malloc(tail_size + 1);
	const uint8_t *at = tail, *end = tail + tail_size;

	if (pread(handle, tail, tail_size, size - (off_t)tail_size) != (ssize_t)tail_size)
		return fail(error, FAILURE_IO, "the zip of '%s' cannot be read", module);
	while ((at = memmem(at, (size_t)(end - at), locator, sizeof locator)) != NULL &&
	       end - at >= 20) {
		uint64_t offset = little(at + 8, 8);
		uint8_t record[40];

		if (offset < (uint64_t)size &&
		    pread(handle, record, sizeof record, (off_t)offset) == sizeof record &&
		    little(record + 32, 8) > LIMIT_ENTRIES)
			return fail(error, FAILURE_LIMIT, "the zip of '%s' has more than %d files",
				    module, LIMIT_ENTRIES);
		at++;
	}
	return true;
}

/* What names have been seen, folded: so that "README" and "readme" collide. */
typedef struct {
	char *name;
	bool is_folder;
} Seen;

/* Every folder is kept with the whole of its path, so that a few names of many
 * folders could fill the memory: `length` is that of all together. */
typedef struct {
	GTree *by_fold;
	size_t length;
} Names;

static void seen_free(void *data)
{
	g_free(((Seen *)data)->name);
	g_free(data);
}

/* Notes a name and the folders it lies in; what collides is said in `*why`. */
static bool note_name(Names *names, const char *path, bool is_folder, const char **why)
{
	g_autofree char *name = g_strdup(path);

	for (;;) {
		g_autofree char *folded = g_utf8_casefold(name, -1);
		const Seen *other = g_tree_lookup(names->by_fold, folded);
		char *slash;

		*why = NULL;
		if (other != NULL && strcmp(other->name, name) != 0)
			*why = "differs from another only by case";
		else if (other != NULL && other->is_folder != is_folder)
			*why = "is both a file and a folder";
		else if (other != NULL && !is_folder)
			*why = "is there twice";
		if (*why != NULL)
			return false;
		if (other != NULL)
			return true; /* and so are the folders above */
		Seen *seen = g_new(Seen, 1);
		*seen = (Seen){ g_strdup(name), is_folder };
		names->length += strlen(name);
		g_tree_insert(names->by_fold, g_steal_pointer(&folded), seen);
		slash = strrchr(name, '/');
		if (slash == NULL)
			return true;
		*slash = '\0';
		is_folder = true;
	}
}

static bool is_regular(zip_t *archive, zip_uint64_t index)
{
	zip_uint8_t system = 0;
	zip_uint32_t attributes = 0;
	mode_t type;

	if (zip_file_get_external_attributes(archive, index, 0, &system, &attributes) != 0)
		return false;
	if (system != ZIP_OPSYS_UNIX && system != ZIP_OPSYS_OS_X)
		return true;
	type = (mode_t)(attributes >> 16) & S_IFMT;
	return type == 0 || type == S_IFREG || type == S_IFDIR;
}

static bool check_place(const Modzip *zip, const zip_stat_t *stat, const char *name, GError **error)
{
	const char *base = strrchr(name, '/');

	base = base != NULL ? base + 1 : name;
	if (g_ascii_strcasecmp(base, "go.mod") == 0 && strcmp(name, "go.mod") != 0)
		return fail(error, FAILURE_NET, "the zip of '%s' has a go.mod at '%s'", zip->module,
			    name);
	if (stat->size > LIMIT_SPECIAL_FILE &&
	    (strcmp(name, "go.mod") == 0 || strcmp(name, "LICENSE") == 0))
		return fail(error, FAILURE_LIMIT, "'%s' of '%s' has more than %d bytes", name,
			    zip->module, LIMIT_SPECIAL_FILE);
	return true;
}

/* Checks one entry of the directory and takes it in. */
static bool add_entry(Modzip *zip, const zip_stat_t *stat, Names *names, GError **error)
{
	const char *why = NULL, *name = stat->name + zip->prefix_length + 1;
	bool is_folder = g_str_has_suffix(stat->name, "/");
	g_autofree char *clean = NULL;
	g_autoptr(GError) local = NULL;
	Entry *entry;

	if (strncmp(stat->name, zip->module, zip->prefix_length) != 0 ||
	    stat->name[zip->prefix_length] != '/')
		return fail(error, FAILURE_NET, "the zip of '%s' holds the foreign file '%s'",
			    zip->module, stat->name);
	if (strlen(name) > LIMIT_PATH)
		return fail(error, FAILURE_LIMIT,
			    "the zip of '%s' has a name of more than %d bytes", zip->module,
			    LIMIT_PATH);
	clean = is_folder ? g_strndup(name, strlen(name) - 1) : g_strdup(name);
	if (*clean != '\0' && !modpath_check_file(clean, &local))
		return fail(error, FAILURE_NET, "the zip of '%s': %s", zip->module, local->message);
	if (*clean != '\0' && !note_name(names, clean, is_folder, &why))
		return fail(error, FAILURE_NET, "the zip of '%s': '%s' %s", zip->module, name, why);
	if (names->length > LIMIT_PATHS)
		return fail(error, FAILURE_LIMIT,
			    "the names in the zip of '%s' have more than %d bytes", zip->module,
			    LIMIT_PATHS);
	if ((stat->comp_method != ZIP_CM_STORE && stat->comp_method != ZIP_CM_DEFLATE) ||
	    stat->encryption_method != ZIP_EM_NONE || !is_regular(zip->archive, stat->index))
		return fail(error, FAILURE_NET, "the zip of '%s': '%s' is no plain file",
			    zip->module, name);
	if (!is_folder && !check_place(zip, stat, name, error))
		return false;
	entry = g_new(Entry, 1);
	*entry = (Entry){ g_strdup(stat->name), stat->index, stat->size, is_folder };
	g_ptr_array_add(zip->entries, entry);
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(Entry *const *)a)->name, (*(Entry *const *)b)->name);
}

static bool read_directory(Modzip *zip, GError **error)
{
	g_autoptr(GTree) by_fold = g_tree_new_full(text_compare, NULL, g_free, seen_free);
	Names names = { by_fold, 0 };
	const zip_uint64_t needed =
		ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
	zip_int64_t count = zip_get_num_entries(zip->archive, 0);
	uint64_t total = 0;

	for (zip_int64_t i = 0; i < count; i++) {
		zip_stat_t stat;

		if (zip_stat_index(zip->archive, (zip_uint64_t)i, 0, &stat) != 0 ||
		    (stat.valid & needed) != needed)
			return fail(error, FAILURE_NET, "the zip of '%s' has a broken directory",
				    zip->module);
		stat.index = (zip_uint64_t)i;
		if (stat.size > LIMIT_MODULE_ZIP || (total += stat.size) > LIMIT_MODULE_ZIP)
			return fail(error, FAILURE_LIMIT,
				    "the files of '%s' have more than %d bytes", zip->module,
				    LIMIT_MODULE_ZIP);
		if (!add_entry(zip, &stat, &names, error))
			return false;
	}
	g_ptr_array_sort(zip->entries, by_name);
	return true;
}

static bool check_size(int handle, const char *module, GError **error)
{
	struct stat status;

	if (fstat(handle, &status) != 0)
		return fail(error, FAILURE_IO, "the zip of '%s' cannot be read: %s", module,
			    g_strerror(errno));
	if (status.st_size > LIMIT_MODULE_ZIP)
		return fail(error, FAILURE_LIMIT, "the zip of '%s' has more than %d bytes", module,
			    LIMIT_MODULE_ZIP);
	return count_entries(handle, module, status.st_size, error);
}

Modzip *modzip_open(int handle, const char *path, const char *version, GError **error)
{
	g_autoptr(Modzip) zip = g_new0(Modzip, 1);
	int code = 0;

	zip->module = g_strconcat(path, "@", version, NULL);
	zip->prefix_length = strlen(zip->module);
	zip->entries = g_ptr_array_new_with_free_func(entry_free);
	if (check_size(handle, zip->module, error)) {
		zip->archive = zip_fdopen(handle, 0, &code); /* which closes it */
		if (zip->archive != NULL)
			return read_directory(zip, error) ? g_steal_pointer(&zip) : NULL;
		fail(error, FAILURE_NET, "what was served for '%s' is no zip", zip->module);
	}
	close(handle);
	return NULL;
}

void modzip_free(Modzip *zip)
{
	if (zip == NULL)
		return;
	g_clear_pointer(&zip->archive, zip_discard);
	g_ptr_array_unref(zip->entries);
	g_free(zip->module);
	g_free(zip);
}

/* Reads an entry to its end, so that libzip has checked its CRC; of its length libzip
 * believes the data, which the ceiling of the directory's lengths does not bound. The
 * first `keep` bytes are put into `content`. */
static bool read_entry(Modzip *zip, const Entry *entry, Sha256 *hash, GByteArray *content,
		       size_t keep, GError **error)
{
	g_autoptr(zip_file_t) file = zip_fopen_index(zip->archive, entry->index, 0);
	uint8_t piece[65536];
	zip_int64_t got = -1;
	uint64_t total = 0;

	while (file != NULL && (got = zip_fread(file, piece, sizeof piece)) > 0) {
		total += (uint64_t)got;
		if (total > entry->size)
			break;
		if (hash != NULL)
			sha256_add(hash, piece, (size_t)got);
		if (content->len < keep)
			g_byte_array_append(content, piece,
					    (guint)MIN((size_t)got, keep - content->len));
	}
	if (got < 0 || total != entry->size)
		return fail(error, FAILURE_NET, "'%s' in the zip of '%s' is damaged", entry->name,
			    zip->module);
	return true;
}

bool modzip_scan(Modzip *zip, ModzipVisit visit, void *data, char **sum, GError **error)
{
	g_autoptr(Sha256) list = sha256_new();
	g_autoptr(GByteArray) content = g_byte_array_new();

	for (guint i = 0; i < zip->entries->len; i++) {
		const Entry *entry = zip->entries->pdata[i];
		bool is_go = imports_is_go(entry->name);
		Sha256 *hash = sha256_new();
		uint8_t digest[32];
		const char *text;
		bool is_read;

		g_byte_array_set_size(content, 0);
		is_read =
			read_entry(zip, entry, hash, content, is_go ? LIMIT_SOURCE_FILE : 0, error);
		sha256_finish(hash, digest);
		if (!is_read)
			return false;
		/* Go hashes folders too, where a zip has some. */
		dirhash_add(list, entry->name, digest);
		if (entry->is_folder)
			continue;
		text = content->len > 0 ? (const char *)content->data : "";
		visit(data, entry->name + zip->prefix_length + 1, digest, is_go ? text : NULL,
		      content->len);
	}
	*sum = dirhash_finish(g_steal_pointer(&list));
	return true;
}

static const Entry *find_entry(const Modzip *zip, const char *name)
{
	guint low = 0, high = zip->entries->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		const Entry *entry = zip->entries->pdata[middle];
		int order = strcmp(name, entry->name + zip->prefix_length + 1);

		if (order == 0)
			return entry->is_folder ? NULL : entry;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

GBytes *modzip_read(Modzip *zip, const char *name, GError **error)
{
	g_autoptr(GByteArray) content = g_byte_array_new();
	const Entry *entry = find_entry(zip, name);

	if (entry == NULL)
		return fail_null(error, FAILURE_ABSENT, "the zip of '%s' has no file '%s'",
				 zip->module, name);
	if (!read_entry(zip, entry, NULL, content, SIZE_MAX, error))
		return NULL;
	return g_byte_array_free_to_bytes(g_steal_pointer(&content));
}
