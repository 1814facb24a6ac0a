/* SPDX-License-Identifier: MIT */
/* A checksum database made up for tests: record i is about module example.com/rI
 * v1.0.0, whose zip holds nothing but a go.mod. Source: gomod.md D2 to D9. */
#pragma once

#include "base/crypto.h"
#include "ecosystems/gomod/merkle.h"

#include <openssl/evp.h>

#include <string.h>

#define RECORDS_KEY "sumdb.example+d9d3f5df+AVwQM6fMwz5hawYfbHTtkwPepq5PK2uCpdJXpzyVwrtm"

/* "h1:…" of a list with one file. */
static inline char *record_sum(const char *name, const char *content)
{
	g_autofree char *hex = sha256_hex(content, strlen(content));
	g_autofree char *line = g_strdup_printf("%s  %s\n", hex, name);
	uint8_t digest[32];
	g_autofree char *base64 = NULL;

	sha256(line, strlen(line), digest);
	base64 = g_base64_encode(digest, sizeof(digest));
	return g_strconcat("h1:", base64, NULL);
}

/* The lines of record `i` in the history `history` ("": the one of the document). */
static inline char *record_text(const char *history, int64_t i)
{
	g_autofree char *path = g_strdup_printf("example.com/%sr%d", history, (int)i);
	g_autofree char *content = g_strdup_printf("module %s\n", path);
	g_autofree char *name = g_strconcat(path, "@v1.0.0/go.mod", NULL);
	g_autofree char *zip = record_sum(name, content);
	g_autofree char *gomod = record_sum("go.mod", content);

	return g_strdup_printf("%s v1.0.0 %s\n%s v1.0.0/go.mod %s\n", path, zip, path, gomod);
}

/* The hash at a place of that history's tree; slow and plain. */
static inline TreeHash record_hash(const char *history, TreePlace place)
{
	uint8_t text[65] = { 1 };
	TreeHash left, right;

	if (place.level == 0) {
		g_autofree char *record = record_text(history, place.number);

		return merkle_leaf(record, strlen(record));
	}
	left = record_hash(history, (TreePlace){ place.level - 1, 2 * place.number });
	right = record_hash(history, (TreePlace){ place.level - 1, 2 * place.number + 1 });
	memcpy(text + 1, left.bytes, 32);
	memcpy(text + 33, right.bytes, 32);
	sha256(text, sizeof(text), left.bytes);
	return left;
}

static inline Tree record_tree(const char *history, int64_t size)
{
	g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(TreePlace));
	g_autofree TreeHash *hashes = NULL;
	Tree tree = { .size = size };

	merkle_places(size, places);
	hashes = g_new0(TreeHash, places->len + 1);
	for (guint i = 0; i < places->len; i++)
		hashes[i] = record_hash(history, g_array_index(places, TreePlace, i));
	tree.hash = merkle_fold(hashes, places->len);
	return tree;
}

static inline GBytes *record_tile(const char *history, const Tile *tile)
{
	g_autofree TreeHash *hashes = g_new0(TreeHash, (gsize)tile->width);

	for (int i = 0; i < tile->width; i++) {
		TreePlace place = { tile->level * 8, tile->number * TILE_WIDTH + i };

		hashes[i] = record_hash(history, place);
	}
	return g_bytes_new(hashes, (gsize)tile->width * TILE_HASH);
}

/* The head of a tree, signed by the key of the document. */
static inline char *record_head(const Tree *tree)
{
	static const uint8_t seed[32] = { 0xa8, 0x4c, 0xc5, 0xf2, 0x39, 0x96, 0xc9, 0xb0,
					  0xba, 0x9c, 0x37, 0x21, 0x61, 0x63, 0x3e, 0x3b,
					  0x9b, 0x52, 0x38, 0xa7, 0xc6, 0x4a, 0xbd, 0x85,
					  0xa9, 0xb2, 0xa4, 0xcf, 0xaa, 0x97, 0x0f, 0x9e };
	g_autofree char *hash = g_base64_encode(tree->hash.bytes, 32);
	g_autofree char *text =
		g_strdup_printf("go.sum database tree\n%d\n%s\n", (int)tree->size, hash);
	g_autofree char *base64 = NULL;
	uint8_t signature[4 + 64] = { 0xd9, 0xd3, 0xf5, 0xdf };
	size_t length = 64;
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof(seed));
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	g_assert_cmpint(EVP_DigestSignInit(context, NULL, NULL, NULL, key), ==, 1);
	g_assert_cmpint(EVP_DigestSign(context, signature + 4, &length, (const uint8_t *)text,
				       strlen(text)),
			==, 1);
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	base64 = g_base64_encode(signature, sizeof(signature));
	return g_strdup_printf("%s\n\342\200\224 sumdb.example %s\n", text, base64);
}
