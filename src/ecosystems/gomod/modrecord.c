/* SPDX-License-Identifier: MIT */
/* The block: MAGIC, the SHA-256 of what follows, and then strings with a NUL
 * behind each: sum, module, go, and path and version of every requirement. */
#include "ecosystems/gomod/modrecord.h"

#include "base/crypto.h"

#include <string.h>

/* Change the digit with the layout, or with what modfile.c makes of a file. */
#define MAGIC       "upkeepd go.mod 1"
#define MAGIC_SIZE  16
#define HEADER_SIZE (MAGIC_SIZE + 32)

static void append(GByteArray *block, const char *text)
{
	if (text == NULL)
		text = "";
	g_byte_array_append(block, (const guint8 *)text, (guint)strlen(text) + 1);
}

GBytes *modrecord_new(const ModFile *file, const char *sum)
{
	GByteArray *block = g_byte_array_new();

	g_byte_array_append(block, (const guint8 *)MAGIC, MAGIC_SIZE);
	g_byte_array_set_size(block, HEADER_SIZE);
	append(block, sum);
	append(block, file->module);
	append(block, file->go);
	for (guint i = 0; i < file->requires->len; i++) {
		const ModRequire *require = file->requires->pdata[i];

		append(block, require->path);
		append(block, require->version);
	}
	sha256(block->data + HEADER_SIZE, block->len - HEADER_SIZE, block->data + MAGIC_SIZE);
	return g_byte_array_free_to_bytes(block);
}

static bool next(ModRecord *record, const char **text)
{
	if (record->next == record->end)
		return false;
	*text = record->next;
	record->next += strlen(record->next) + 1;
	return true;
}

bool modrecord_open(GBytes *bytes, ModRecord *record)
{
	gsize length;
	const char *block = g_bytes_get_data(bytes, &length);
	uint8_t digest[32];

	if (length <= HEADER_SIZE || memcmp(block, MAGIC, MAGIC_SIZE) != 0 ||
	    block[length - 1] != '\0')
		return false;
	sha256(block + HEADER_SIZE, length - HEADER_SIZE, digest);
	if (memcmp(digest, block + MAGIC_SIZE, sizeof digest) != 0)
		return false;
	record->next = block + HEADER_SIZE;
	record->end = block + length;
	return next(record, &record->sum) && next(record, &record->module) &&
	       next(record, &record->go);
}

bool modrecord_next(ModRecord *record, const char **path, const char **version)
{
	return next(record, path) && next(record, version);
}
