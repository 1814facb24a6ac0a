/* SPDX-License-Identifier: MIT */
/* `go mod tidy`, as far as it is a matter of modules and packages: from the
 * requirements as they stand to those that are needed.
 *
 * The loop only adds requirements and raises them, until every package is found
 * and nothing moves any more; what is not needed is dropped at the end. All
 * knowledge comes from facts.h, so that the whole can be tested without a network.
 * Source: gomod.md f.10; golang/go cmd/go/internal/modload/load.go, loadFromRoots.
 */
#pragma once

#include "ecosystems/gomod/load.h"

typedef struct {
	Roots *roots;       /* tidy; their graph has been read; borrowed from history */
	Load *load;         /* the packages, as they were loaded last */
	GPtrArray *history; /* of Roots: all lists met, which the packages point into */
} Solution;

/* Solves for the requirements `start` (of Module). `direct` (set of Path) are
 * those without `// indirect`.
 *
 * Errors: INPUT for what the Go command refuses too: an import that no module
 * provides, or more than one, each with its chain of imports; a replacement used
 * for two modules. A go.mod that cannot be had: as it failed. LIMIT. */
Solution *solve(Facts *facts, const GPtrArray *start, GHashTable *direct, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
void solution_free(Solution *solution);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Solution, solution_free)
