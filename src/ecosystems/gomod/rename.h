/* SPDX-License-Identifier: MIT */
/* Takes a main module from one path of a dependency to another: what a person does who
 * goes to the next major version, before `go mod tidy`.
 *
 * The requirement is changed where it stands, and so are `tool` lines and import
 * declarations that mean the dependency. Where the new path is required already, the old
 * line stays for the tidy to remove, unless something else needs it. A package is the
 * dependency's if no required module, nor the main one, has a longer part of its path.
 * Files that Go does not look at, and what no build sees (testdata, vendor), stay as they
 * are; files that other systems or tags leave out do not. Whether the code fits the new
 * version is not looked at.
 * Source: gomod.md b.4, f.1; golang/go cmd/go/internal/modload/import.go.
 */
#pragma once

#include "upkeepd/plan.h"
#include "upkeepd/source.h"

/* Borrowed strings. */
typedef struct {
	const char *from, *to; /* module paths */
	const char *version;   /* of `to` */
} Rename;

/* What changes in the bytes of a Go file: of each import that means `from`, the path,
 * quoted as it is. `others` (set of char *) are the paths of all modules whose packages
 * may lie below it. Nothing in a file that is broken. Pure. The caller's, of Edit. */
GPtrArray *rename_imports(const char *text, size_t length, const Rename *rename, GTree *others);

/* The files of the module at `directory` that change; the caller's, of FileChange.
 * Errors: ABSENT if `from` is not required; INPUT if go.mod cannot be read; of the source. */
GPtrArray *rename_apply(Source *source, const char *directory, const Rename *rename, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
