/* SPDX-License-Identifier: MIT */
/* What a Go source file imports, and whether it counts.
 *
 * No Go parser: a file is read up to the end of its import declarations, where
 * Go itself stops when it only wants imports. A file that is no Go until there
 * imports nothing, as in the index that Go makes of every module in its cache, and of
 * folders that have not changed for two seconds (in others, what came before the mistake
 * counts). Only vendoring needs more of a file: the patterns of its `//go:embed` comments.
 * Source: gomod.md f.1, f.15; golang/go cmd/go/internal/{imports,modindex},
 * go/build/read.go, go/parser.
 */
#pragma once

#include "upkeepd/edit.h"
#include "upkeepd/fail.h"

typedef struct {
	/* Its build constraint can be true (constraints.h). If not, it is read
	 * by nobody and imports nothing. */
	bool is_included;
	bool is_broken;     /* no Go, as far as it is read, or with such a constraint: no imports */
	bool is_source;     /* a package that has it has source: also if it contradicts itself */
	GPtrArray *imports; /* of char *, as Go sees them, in the file's order */
	GPtrArray *embeds;  /* of char *, patterns, unquoted */
} Imports;

/* Reads a file. Imports of "C" and of the old App Engine's own packages are left
 * out. `wants_embeds` says whether patterns are worth reading the whole file if
 * it imports "embed". The caller's. */
Imports *imports_read(const char *text, size_t length, bool wants_embeds);
void imports_free(Imports *imports);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Imports, imports_free)

/* One import where it stands. */
typedef struct {
	char *path;
	Span span; /* of the literal, with its quotes */
} ImportPlace;

/* Those of a file, whatever its build constraint; none if it is broken. The caller's, of
 * ImportPlace. */
GPtrArray *imports_places(const char *text, size_t length);

/* Whether a file of this name (no folders) is Go source; and whether a package
 * is read from it: names that begin with `_` or `.` are passed over. */
bool imports_is_go(const char *name);
bool imports_is_read(const char *name);

/* Whether it is a test: its imports are those of the package's tests. */
bool imports_is_test(const char *name);
