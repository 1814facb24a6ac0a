/* SPDX-License-Identifier: MIT */
/* The packages of one module version: which folders hold Go files and what these
 * import. All that resolution ever asks of a module's contents.
 *
 * An index never changes: it is built once from a zip (modzip.h) or from source
 * files and then kept as one block of bytes, in memory as on disk, in which
 * folders and words are found without unpacking. A damaged block is refused.
 * Source: gomod.md f.1, f.4, f.16.
 */
#pragma once

#include "upkeepd/fail.h"

typedef struct PackageIndex PackageIndex;

/* Building: files of folders in any order. A folder exists from its first Go
 * file on, whatever that file's name and constraint. */
typedef struct IndexBuilder IndexBuilder;

IndexBuilder *index_builder_new(void);
void index_builder_free(IndexBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IndexBuilder, index_builder_free)

/* Adds the Go file `name` of `folder` ("" for the module's root). */
void index_builder_add(IndexBuilder *builder, const char *folder, const char *name,
		       const char *text, size_t length);

/* The index of what was added; `sum` is the h1 of the zip it was read from, ""
 * for none. The builder is spent, but not freed. */
PackageIndex *index_builder_finish(IndexBuilder *builder, const char *sum);

/* The whole as bytes, for keeping; borrowed. And back: NULL if `bytes` are no
 * index of this version of upkeepd, or damaged. Takes a reference. */
GBytes *index_bytes(const PackageIndex *index);
PackageIndex *index_of_bytes(GBytes *bytes);
void index_free(PackageIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PackageIndex, index_free)

/* "h1:…" of the zip; "" if it is not of a zip. */
const char *index_sum(const PackageIndex *index);

/* One folder's imports, as numbers of words: those of the package itself, then
 * those of its tests; each sorted by word and without duplicates. */
typedef struct {
	const uint32_t *imports, *tests;
	uint32_t n_imports, n_tests;
	bool has_source; /* a file that counts; to import a folder without is an error */
} IndexEntry;

/* Whether `folder` has Go files, and what they import; `entry` may be NULL.
 * Costs log n. */
bool index_find(const PackageIndex *index, const char *folder, IndexEntry *entry);

/* The folders, sorted by bytes; "" is the root. */
uint32_t index_count(const PackageIndex *index);
const char *index_folder(const PackageIndex *index, uint32_t i);

/* The words that imports are numbers of. */
uint32_t index_word_count(const PackageIndex *index);
const char *index_word(const PackageIndex *index, uint32_t number);
