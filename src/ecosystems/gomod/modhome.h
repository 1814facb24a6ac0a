/* SPDX-License-Identifier: MIT */
/* Where people read a module's source, as far as its path alone tells.
 *
 * Only hosts whose paths say it are known; any other module would have to be
 * asked for, and gets no link. Pure.
 * Source: pull-requests.md 6.1, 6.4; gopkg.in's own description.
 */
#pragma once

#include "upkeepd/plan.h"

/* "https://github.com/golang/net" of "golang.org/x/net"; NULL if the path does
 * not tell. The caller's. */
char *modhome_page(const char *path);

/* The page that compares the tags (or commits) of two versions; NULL if there is
 * none. The caller's. */
char *modhome_changes(const char *path, const char *from, const char *to);

/* Both, for one update: Ecosystem.links. */
void modhome_links(const Update *update, char **home, char **changes);
