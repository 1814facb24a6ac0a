/* SPDX-License-Identifier: MIT */
/* How a list of requirements becomes another one: consistent, of another kind, or
 * tidy.
 *
 * Nothing is ever lowered here, and lines are dropped only by the last step of
 * tidying.
 * Source: gomod.md f.6 to f.8; golang/go cmd/go/internal/modload/buildlist.go.
 */
#pragma once

#include "ecosystems/gomod/load.h"

/* Adds what `load` (NULL: nothing) needs listed and `add` (of Module; NULL:
 * nothing) asks for, and raises what is listed too low. `*updated` is NULL if
 * `roots` can stay as they are, with their `direct` as well; else it is the
 * caller's.
 *
 * Pruned requirements to which nothing is added are compared with the whole
 * graph only if that has been read; otherwise just with what the modules that
 * are needed require themselves.
 * Errors: as graph_read(). */
bool rootset_update(Facts *facts, Roots *roots, const Load *load, GHashTable *direct,
		    const GPtrArray *add, Roots **updated, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Makes the list pruned or not, as its own go line asks for; `*updated` NULL if
 * it is already. */
bool rootset_convert(Facts *facts, Roots *roots, Roots **updated, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The shortest list that gives every loaded package the module version it was
 * loaded from. The caller's. */
Roots *rootset_tidy(Facts *facts, const Roots *roots, const Load *load, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
