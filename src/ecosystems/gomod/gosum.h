/* SPDX-License-Identifier: MIT */
/* go.sum: which checksums it holds, and what it looks like when they change.
 *
 * A key is a module version (the h1 of its zip) or the go.mod of one. The file is
 * left as it is, byte for byte, as long as it has a checksum for every key that is
 * needed and none for any other; else it is written anew: sorted, without
 * duplicates and malformed lines. A checksum is never replaced by another.
 * Source: gomod.md f.13, d.5; golang/go cmd/go/internal/modfetch/fetch.go.
 */
#pragma once

#include "upkeepd/fail.h"

typedef struct GoSum GoSum;

/* Reads a go.sum; NULL or any bytes are one. Takes a reference. */
GoSum *gosum_read(GBytes *text);
void gosum_free(GoSum *sums);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GoSum, gosum_free)

/* Whether there is an h1 of the module version, or of its go.mod. */
bool gosum_has(const GoSum *sums, const char *path, const char *version, bool is_gomod);

/* Whether `sum` is the one h1 that the file has for the module version. */
bool gosum_agrees(const GoSum *sums, const char *path, const char *version, bool is_gomod,
		  const char *sum);

/* Calls `each` for every key with an h1, in the order of the file when written anew. */
typedef void (*GoSumEach)(void *data, const char *path, const char *version, bool is_gomod);
void gosum_foreach(const GoSum *sums, GoSumEach each, void *data);

/* Says that the key is needed, and what its h1 is.
 * Errors: INPUT "checksum mismatch" if the file says otherwise. */
bool gosum_need(GoSum *sums, const char *path, const char *version, bool is_gomod, const char *sum,
		GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says that the checksum of the key was looked at. Where it is not needed in the end, the
 * Go command has written it down and takes it out again: the file is made anew. */
void gosum_meet(GoSum *sums, const char *path, const char *version, bool is_gomod);

/* The file that holds exactly what was needed: the bytes that were read if these
 * will do; NULL if there was no file and nothing was met. The caller's. */
GBytes *gosum_write(GoSum *sums);
