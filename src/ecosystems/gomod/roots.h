/* SPDX-License-Identifier: MIT */
/* The requirements of the main module, and which module an import comes from.
 *
 * A list of requirements never changes; another list is another Roots. Its graph
 * is read when something asks for it, and whether that has happened is part of
 * the result of tidying: go.mod keeps lines that only a look at the graph would
 * have raised (gomod.md f.6).
 * Source: gomod.md f.4, f.6; golang/go cmd/go/internal/modload/{buildlist,import}.go.
 */
#pragma once

#include "ecosystems/gomod/graph.h"

typedef struct Roots Roots;

/* `modules` (of Module) in any order; a path may be there more than once, as
 * hand-written files have it. `direct` (set of Path) are the paths whose lines
 * bear no `// indirect`. Both are copied. */
Roots *roots_new(Facts *facts, const GPtrArray *modules, bool is_pruned, GHashTable *direct);
void roots_free(Roots *roots);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Roots, roots_free)

bool roots_is_pruned(const Roots *roots);
GHashTable *roots_direct(const Roots *roots);       /* set of Path; borrowed */
const GPtrArray *roots_modules(const Roots *roots); /* of Module, in module_order(); borrowed */

/* The highest of the listed versions of a path; the main module for its own;
 * NULL: it is not listed. */
Module *roots_version(const Roots *roots, const Path *path);

/* The go line that these requirements amount to. */
const char *roots_go(const Roots *roots);

/* Whether both list the same modules. */
bool roots_are_equal(const Roots *a, const Roots *b);

/* The graph, read now if it was not; borrowed. Errors: as graph_read(). */
Graph *roots_graph(Roots *roots, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool roots_has_graph(const Roots *roots);

typedef enum {
	PROVIDED,
	STANDARD,  /* of the standard library, or nowhere: Go does not complain */
	MISSING,   /* no module of the graph has it */
	AMBIGUOUS, /* more than one has it */
	BROKEN,    /* what would say so could not be had, or it is no import path */
} ResolutionKind;

typedef struct {
	ResolutionKind kind;
	Module *module;    /* PROVIDED: by this */
	GPtrArray *others; /* of Module; PROVIDED: whose path would allow it too but which have
			    * it not; AMBIGUOUS: that have it, longest path first */
	char *why;         /* BROKEN, and: */
	FailureKind failure;
} Resolution;

/* Finds out where each of `paths` (of Path, none twice) comes from: from the listed modules
 * or, where these have no answer, from the graph, which is read for it;
 * `from_graph` starts there. In rounds.
 * Errors: as graph_read(). */
bool roots_resolve(Roots *roots, const GPtrArray *paths, bool from_graph, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The answer to a path that was resolved the same way; borrowed. */
const Resolution *roots_resolution(const Roots *roots, const Path *path, bool from_graph);
