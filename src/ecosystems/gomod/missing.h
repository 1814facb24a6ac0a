/* SPDX-License-Identifier: MIT */
/* Where to find a package that no module of the graph has.
 *
 * Modules that the main go.mod replaces are tried first; then every module path
 * that the package's path allows is asked for its newest version, and the
 * longest that has the package wins.
 * Source: gomod.md f.9; golang/go cmd/go/internal/modload/{import,query}.go.
 */
#pragma once

#include "ecosystems/gomod/roots.h"

/* What has been asked, so that it is asked once. */
typedef struct Missing Missing;
Missing *missing_new(Facts *facts);
void missing_free(Missing *missing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Missing, missing_free)

/* One search. */
typedef struct {
	Path *path;
	Module *found; /* NULL: see why */
	char *why;     /* one phrase; NULL for a dotless path, about which Go is silent */
} Search;

Search *search_new(Path *path);
void search_free(Search *search);

/* Carries out all of `searches` (of Search), in few rounds.
 * Errors: as graph_read(), for the graph of `roots`. */
bool missing_find(Missing *missing, Roots *roots, GPtrArray *searches, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
