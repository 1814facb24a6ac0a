/* SPDX-License-Identifier: MIT */
/* The files of a module version, for vendoring: names, digests, and what decides
 * whether a file is copied. Never the files themselves: those that a repository
 * has already need not be fetched again.
 *
 * Like an index (index.h) it is built once from a zip, then kept as one block of
 * bytes; a damaged block is refused.
 * Source: gomod.md f.15.
 */
#pragma once

#include "upkeepd/fail.h"

typedef struct {
	const char *name;      /* from the module's root */
	const uint8_t *digest; /* SHA-256, 32 bytes */
	bool is_excluded;      /* a Go file that no build reads (constraints.h) */
	bool is_broken;        /* one that is no Go (imports.h) */
} ListedFile;

/* A pattern of a `//go:embed` comment in a Go file of `folder`. */
typedef struct {
	const char *folder, *pattern;
	bool is_test; /* it stands in a test */
} ListedEmbed;

typedef struct {
	GArray *files;  /* of ListedFile, sorted by the bytes of their names */
	GArray *embeds; /* of ListedEmbed */
	GBytes *bytes;  /* the whole, for keeping */
} FileList;

/* Building: files in the order of the bytes of their names; `text` is the content
 * of a Go file, NULL for others. */
typedef struct FileListBuilder FileListBuilder;

FileListBuilder *filelist_builder_new(void);
void filelist_builder_free(FileListBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FileListBuilder, filelist_builder_free)

void filelist_builder_add(FileListBuilder *builder, const char *name,
			  const uint8_t digest[static 32], const char *text, size_t length);

/* The listing of what was added. The builder is spent, but not freed. */
FileList *filelist_builder_finish(FileListBuilder *builder);

/* NULL if `bytes` are no listing of this version of upkeepd. Takes a reference. */
FileList *filelist_of_bytes(GBytes *bytes);
void filelist_free(FileList *listing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FileList, filelist_free)

/* The files directly in `folder` ("" for the root) begin at the index returned;
 * among them are those of folders below it. Costs log n. */
guint filelist_first(const FileList *listing, const char *folder);

/* The file with that name; NULL if there is none. */
const ListedFile *filelist_find(const FileList *listing, const char *name);
