/* SPDX-License-Identifier: MIT */
/* Which checksums a tidy go.sum holds.
 *
 * The go.mod of every module whose requirements are part of the graph, and the
 * zip of every module that was, or will be, looked into to find a package. A main
 * module at go 1.17 keeps those that Go 1.16 needs as well.
 * Source: gomod.md f.11, f.12; golang/go cmd/go/internal/modload/{init,load}.go,
 * keepSums and checkTidyCompatibility.
 */
#pragma once

#include "ecosystems/gomod/solve.h"

typedef struct {
	Module *module;
	bool is_gomod;
} SumKey;

/* The keys for `solution`, each once and in no order; the caller's, of SumKey.
 * Errors: INPUT if Go 1.16 would take a package from elsewhere than Go 1.17, which
 * `go mod tidy` refuses; as graph_read(). */
GArray *sumkeys_of(Facts *facts, const Solution *solution, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
