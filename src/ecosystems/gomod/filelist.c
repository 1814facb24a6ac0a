/* SPDX-License-Identifier: MIT */
/* The block: MAGIC, the SHA-256 of what follows, and then one record after the
 * other, each with a letter in front:
 *
 *     'f', 'x' (excluded) or 'b' (broken)	digest, name, NUL
 *     'e' or 't' (of a test)	folder, NUL, pattern, NUL
 */
#include "ecosystems/gomod/filelist.h"

#include "base/crypto.h"
#include "ecosystems/gomod/imports.h"

#include <string.h>

/* Change the digit with the layout, or with what the reader of imports makes of
 * the same file. */
#define MAGIC       "upkeepd files 2\n"
#define MAGIC_SIZE  16
#define HEADER_SIZE (MAGIC_SIZE + 32)

struct FileListBuilder {
	GByteArray *block;
};

FileListBuilder *filelist_builder_new(void)
{
	FileListBuilder *builder = g_new0(FileListBuilder, 1);

	builder->block = g_byte_array_new();
	g_byte_array_append(builder->block, (const guint8 *)MAGIC, MAGIC_SIZE);
	g_byte_array_set_size(builder->block, HEADER_SIZE);
	return builder;
}

void filelist_builder_free(FileListBuilder *builder)
{
	if (builder == NULL)
		return;
	g_clear_pointer(&builder->block, g_byte_array_unref);
	g_free(builder);
}

static void append(GByteArray *block, const void *bytes, size_t length)
{
	g_byte_array_append(block, bytes, (guint)length);
}

static void append_text(GByteArray *block, const char *text)
{
	append(block, text, strlen(text) + 1);
}

static const char *kind_of(const Imports *imports)
{
	if (imports != NULL && imports->is_broken)
		return "b";
	return imports == NULL || imports->is_included ? "f" : "x";
}

void filelist_builder_add(FileListBuilder *builder, const char *name,
			  const uint8_t digest[static 32], const char *text, size_t length)
{
	const char *slash = strrchr(name, '/');
	g_autofree char *folder =
		slash != NULL ? g_strndup(name, (size_t)(slash - name)) : g_strdup("");
	g_autoptr(Imports) imports = text != NULL ? imports_read(text, length, true) : NULL;

	append(builder->block, kind_of(imports), 1);
	append(builder->block, digest, 32);
	append_text(builder->block, name);
	for (guint i = 0; imports != NULL && i < imports->embeds->len; i++) {
		append(builder->block, imports_is_test(name) ? "t" : "e", 1);
		append_text(builder->block, folder);
		append_text(builder->block, imports->embeds->pdata[i]);
	}
}

FileList *filelist_builder_finish(FileListBuilder *builder)
{
	GByteArray *block = builder->block;
	g_autoptr(GBytes) bytes = NULL;

	sha256(block->data + HEADER_SIZE, block->len - HEADER_SIZE, block->data + MAGIC_SIZE);
	bytes = g_byte_array_free_to_bytes(g_steal_pointer(&builder->block));
	return filelist_of_bytes(bytes);
}

/* The next string, and behind it; NULL at the end. */
static const char *next_text(const char **p, const char *end)
{
	const char *text = *p;
	const char *nul = memchr(text, '\0', (size_t)(end - text));

	if (nul == NULL)
		return NULL;
	*p = nul + 1;
	return text;
}

static bool read_record(FileList *listing, const char **p, const char *end)
{
	char kind = *(*p)++;
	ListedEmbed embed = { .is_test = kind == 't' };
	ListedFile file = { .is_excluded = kind == 'x', .is_broken = kind == 'b' };

	if (kind == 'e' || kind == 't') {
		embed.folder = next_text(p, end);
		embed.pattern = embed.folder != NULL ? next_text(p, end) : NULL;
		g_array_append_val(listing->embeds, embed);
		return embed.pattern != NULL;
	}
	if (end - *p < 33)
		return false;
	file.digest = (const uint8_t *)*p;
	*p += 32;
	file.name = next_text(p, end);
	g_array_append_val(listing->files, file);
	return file.name != NULL && strchr("fxb", kind) != NULL && kind != '\0';
}

FileList *filelist_of_bytes(GBytes *bytes)
{
	gsize length;
	const char *block = g_bytes_get_data(bytes, &length), *p, *end;
	g_autoptr(FileList) listing = NULL;
	uint8_t digest[32];

	if (length < HEADER_SIZE || memcmp(block, MAGIC, MAGIC_SIZE) != 0)
		return NULL;
	sha256(block + HEADER_SIZE, length - HEADER_SIZE, digest);
	if (memcmp(digest, block + MAGIC_SIZE, sizeof digest) != 0)
		return NULL;
	listing = g_new0(FileList, 1);
	listing->bytes = g_bytes_ref(bytes);
	listing->files = g_array_new(FALSE, FALSE, sizeof(ListedFile));
	listing->embeds = g_array_new(FALSE, FALSE, sizeof(ListedEmbed));
	for (p = block + HEADER_SIZE, end = block + length; p < end;)
		if (!read_record(listing, &p, end))
			return NULL;
	return g_steal_pointer(&listing);
}

void filelist_free(FileList *listing)
{
	if (listing == NULL)
		return;
	g_array_unref(listing->files);
	g_array_unref(listing->embeds);
	g_bytes_unref(listing->bytes);
	g_free(listing);
}

/* The first file whose name is not below `name`. */
static guint lower_bound(const FileList *listing, const char *name)
{
	guint low = 0, high = listing->files->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (strcmp(g_array_index(listing->files, ListedFile, middle).name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

guint filelist_first(const FileList *listing, const char *folder)
{
	g_autofree char *prefix = g_strconcat(folder, "/", NULL);

	return *folder != '\0' ? lower_bound(listing, prefix) : 0;
}

const ListedFile *filelist_find(const FileList *listing, const char *name)
{
	guint at = lower_bound(listing, name);
	const ListedFile *file;

	if (at == listing->files->len)
		return NULL;
	file = &g_array_index(listing->files, ListedFile, at);
	return strcmp(file->name, name) == 0 ? file : NULL;
}
