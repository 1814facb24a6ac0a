/* SPDX-License-Identifier: MIT */
/* One folder of the cache for each remote: cache/repositories/HOST-NAME-HASH.
 *
 * libgit2 cannot collect garbage; a folder that has gathered too many packs is
 * deleted as a whole and begun anew, which costs one larger fetch. So is one that
 * has not been used for a month (operations.md 13).
 */
#pragma once

#include "upkeepd/fail.h"

/* The folder for `url`, made (0700) if it is missing, emptied if worn. The caller's.
 * Errors: IO. */
char *cachedir_of(const char *cache_directory, const char *url, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Deletes the folders that were not used for 30 days. */
void cachedir_sweep(const char *cache_directory, int64_t now);
