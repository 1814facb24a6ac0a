/* SPDX-License-Identifier: MIT */
/* What was learnt of module versions, kept for ever below the cache directory.
 *
 * A version never changes, so neither does what is kept of it: its requirements
 * (modrecord.h), its packages (index.h), its list of files (filelist.h). Zips are
 * not kept. Anything here may be deleted at any time; what cannot be written is
 * learnt again next time. Files are "modules/ESCAPED-PATH/@v/ESCAPED-VERSION.KIND",
 * as a module proxy names them.
 *
 * What was read with a credential that only some repositories have is not shown to the
 * others, and what a proxy said that only they ask is not believed by the others: it lies
 * below "modules/@/CIRCLE/" instead (World.circle).
 * Source: gomod.md g.
 */
#pragma once

#include "upkeepd/fail.h"

typedef struct ModCache ModCache;

/* Both as World has them; without a directory nothing is kept. */
ModCache *modcache_open(const char *directory, const char *circle);
void modcache_free(ModCache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ModCache, modcache_free)

/* What is kept of kind `kind` ("gomod", "index", …); NULL: nothing. The caller's. */
GBytes *modcache_find(const ModCache *cache, const char *path, const char *version,
		      const char *kind);

/* Keeps `bytes`, whole or not at all. */
void modcache_keep(const ModCache *cache, const char *path, const char *version, const char *kind,
		   GBytes *bytes);

/* Deletes what is kept apart for circles that were not there for 30 days: credentials
 * that were changed. */
void modcache_sweep(const char *directory, int64_t now);
