/* SPDX-License-Identifier: MIT */
/* The packages that the main module needs: its own, what these and their tests
 * import, and so on.
 *
 * "All" is the set whose modules must be listed in go.mod: the packages of the
 * main module and of `tool` lines, and what they and the main module's tests
 * import, transitively. Beyond it only the tests of packages in "all" are read,
 * and what these import; that decides go.sum.
 * Source: gomod.md f.5; golang/go cmd/go/internal/modload/load.go.
 */
#pragma once

#include "ecosystems/gomod/roots.h"

/* A package, or the tests of one, which are a package of their own. */
typedef struct Package Package;
struct Package {
	Path *path;
	ResolutionKind kind;          /* of a test: PROVIDED */
	Module *module;               /* PROVIDED: by this; NULL otherwise */
	const Resolution *resolution; /* borrowed from the roots; NULL of a test */
	char *problem;                /* why there is none; NULL: not known yet, or none */
	GPtrArray *imports;           /* of Package; borrowed */
	Package *tests;               /* its tests, where they are loaded; NULL; borrowed */
	Package *importer;            /* who asked for it first; NULL: it is one of the first */
	bool is_test, in_all;
	bool is_wanted; /* imported, or a tool: then it must have source files */
	bool is_loaded;
};

typedef struct {
	GPtrArray *packages; /* of Package, tests among them; in the order they were met */
	GPtrArray *by_path;  /* of Package, by the path's number; NULL; borrowed */
} Load;

/* Loads what `roots` amount to, which must outlive the result. What lies at one
 * depth of imports is asked for in one round.
 * Errors: as graph_read(); LIMIT beyond 500,000 packages. What concerns one
 * package alone is noted in that package. */
Load *load_packages(Facts *facts, Roots *roots, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void load_free(Load *load);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Load, load_free)

/* Whether the package is provided by another module than the main one. */
bool package_is_external(const Facts *facts, const Package *package);

/* "a imports b imports c", from a package of the main module to `package`; tests
 * are "b.test". The caller's. */
char *package_chain(const Package *package);
