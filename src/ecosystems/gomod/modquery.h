/* SPDX-License-Identifier: MIT */
/* Queries for a version, as `go get PATH@QUERY` takes them, that the list of a module's
 * versions answers: "latest", "upgrade", "patch", "v1", "v1.2", "<v1.3.0", ">=v1.2.0".
 *
 * All else is a version, a branch or a commit, and for others to find. Pure.
 * Source: gomod.md b.5, (i) S; golang/go cmd/go/internal/modload/query.go.
 */
#pragma once

#include <stdbool.h>

typedef enum {
	MODQUERY_NONE,    /* not one of these */
	MODQUERY_LATEST,  /* the highest */
	MODQUERY_UPGRADE, /* the highest, not below what is required */
	MODQUERY_PATCH,   /* the same, of the minor version that is required */
	MODQUERY_PREFIX,  /* the highest that begins so */
	MODQUERY_BELOW,   /* "<", "<=": the highest */
	MODQUERY_ABOVE,   /* ">", ">=": the lowest */
} ModQueryKind;

ModQueryKind modquery_kind(const char *text);

/* Whether `version`, a valid one, is among those that the query is for; `current` is
 * what is required now. The query is none of MODQUERY_NONE. */
bool modquery_admits(const char *text, const char *current, const char *version);

/* Whether "+incompatible" versions count whatever lies below them. */
bool modquery_wants_incompatible(const char *text, const char *path, const char *current);

/* Whether the newest commit will do where no tag does. */
bool modquery_takes_untagged(const char *text, const char *current);
