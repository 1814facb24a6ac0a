/* SPDX-License-Identifier: MIT */
/* Takes a main module from one path of a dependency to another: what a person does who
 * goes to the next major version, before `go mod tidy`.
 *
 * The requirement is changed where it stands, and so are `tool` lines and import
 * declarations that mean the dependency. A package is the dependency's if no required
 * module, nor the main one, has a longer part of its path. Files that Go does not look at,
 * and what no build sees (testdata, vendor), stay as they are; files that other systems or
 * tags leave out do not. Whether the code fits the new version is not looked at.
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

/* The files of the module at `directory` that change; the caller's, of FileChange.
 * Errors: ABSENT if `from` is not required; INPUT if `to` is, or go.mod cannot be read; of
 * the source. */
GPtrArray *rename_apply(Source *source, const char *directory, const Rename *rename, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
