/* SPDX-License-Identifier: MIT */
/* Where a module's source lies, as far as its path alone tells.
 *
 * Only hosts whose paths say it are known; any other module has to be asked for.
 * Pure. Source: pull-requests.md 6.1, 6.4; gopkg.in's own description.
 */
#pragma once

#include "upkeepd/plan.h"

/* The home of the module `path`, without versions; NULL if the path does not tell. The
 * caller's. */
Home *modhome_find(const char *path);

/* Puts two versions (NULL: not known) into a home: as the tags that Go looks for, or
 * the commits of pseudo-versions. */
void modhome_place(Home *home, const char *from, const char *to);

/* Both, for one update: Ecosystem.home. */
Home *modhome_of(const Update *update);
