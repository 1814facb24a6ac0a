/* SPDX-License-Identifier: MIT */
/* Minimal version selection: the shortest list of requirements that selects what
 * a longer one does, for main modules whose go line is below 1.17.
 *
 * Source: gomod.md e.6; golang/go cmd/go/internal/mvs/mvs.go, Req.
 */
#pragma once

#include "ecosystems/gomod/graph.h"

/* The modules to list, sorted by path, so that their unpruned graph selects what
 * that of `kept` (of Module) does. `listed` (of Path) are listed in any case.
 * `*graph`, where wanted, is the unpruned graph of `kept`. The caller's.
 * Errors: as graph_read(). */
GPtrArray *mvs_minimal(Facts *facts, const GPtrArray *kept, const GPtrArray *listed, Graph **graph,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
