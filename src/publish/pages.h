/* SPDX-License-Identifier: MIT */
/* The pages on which people read a source repository, by the forge it lies on. Pure.
 *
 * `forge` is a Forge.name; of one without such pages ("plain") there are none: NULL.
 * `page` is a Home's, revisions are checked (home_is_revision()). Results are the
 * caller's. Source: pull-requests.md 6.4; the forges' own routes.
 */
#pragma once

#include "upkeepd/plan.h"

/* What changed between two revisions; NULL if one is not known. */
char *page_compare(const char *forge, const char *page, const char *from, const char *to);

/* All releases; one commit, by its 40 hex digits; a file of the default branch. */
char *page_releases(const char *forge, const char *page);
char *page_commit(const char *forge, const char *page, const char *id);
char *page_file(const char *forge, const char *page, const char *branch, const char *path);
