/* SPDX-License-Identifier: MIT */
/* The module graph of a list of requirements, and the version it selects of each
 * module: the highest that is required anywhere in it.
 *
 * In a pruned graph only the go.mod files of the requirements themselves are
 * read, and everything below those of them that are not pruned. A requirement
 * of a module that was read counts, also where that version is not selected.
 * Source: gomod.md e.2; golang/go cmd/go/internal/modload/buildlist.go, mvs/graph.go.
 */
#pragma once

#include "ecosystems/gomod/facts.h"

typedef struct {
	GPtrArray *by_number; /* of Module: what is selected, by the path's number; NULL: nothing */
	GPtrArray *selected;  /* of Module, sorted by path; the main module is not there */
	GPtrArray *read;      /* of Module: whose requirements are part of the graph */
} Graph;

/* Reads the graph of `roots` (of Module). What lies at one depth is asked for in
 * one round.
 * Errors: a go.mod that cannot be had; LIMIT beyond 100,000 modules. */
Graph *graph_read(Facts *facts, const GPtrArray *roots, bool is_pruned, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
void graph_free(Graph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Graph, graph_free)

/* The selected version; NULL: none. The main module for its own path. */
Module *graph_selected(const Graph *graph, const Path *path);

/* "a@v1 requires b@v2, which requires c@v3": how `roots` come to require
 * `target`, by a shortest way; the caller's. */
char *graph_chain(const Graph *graph, const GPtrArray *roots, Module *target);
