/* SPDX-License-Identifier: MIT */
/* Git repositories to read (upkeepd/depot.h), each kept below the cache directory so
 * that what was brought once is not brought again.
 *
 * Unlike watched ones they belong to no job: two processes may want one at the same
 * time, and then have a copy each.
 */
#pragma once

#include "git/remote.h"
#include "upkeepd/depot.h"

/* `options` are copied, and borrow; without their cache directory nothing opens. */
Depots *depots_new(const RemoteOptions *options);
void depots_free(Depots *depots);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Depots, depots_free)

/* Deletes those that were not used for 30 days. */
void depots_sweep(const char *cache_directory, int64_t now);
