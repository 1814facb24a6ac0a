/* SPDX-License-Identifier: MIT */
/* What a tidy starts from: the requirements of go.mod as they stand, with those that
 * are to be set.
 *
 * Source: gomod.md a.4, e.3; golang/go cmd/go/internal/modload/init.go.
 */
#pragma once

#include "ecosystems/gomod/facts.h"
#include "ecosystems/gomod/modrequires.h"

typedef struct {
	GPtrArray *modules; /* of Module; `go` and `toolchain` among them */
	GHashTable *direct; /* set of Path: whose lines bear no `// indirect` */
	GArray *bumps;      /* of Bump, with canonical versions; their strings are the paths' and
			     * modules' own */
} Start;

/* Fills `*start`. A version that is none (a branch, a commit, "v1.2") is asked for.
 *
 * Errors: ABSENT if a bump names a module that go.mod does not require, or a version
 * that does not exist; INPUT if the version is excluded, is not of that module, or
 * the module is replaced whatever its version; as the supplier's. */
bool start_fill(Start *start, Facts *facts, const Bump *bumps, size_t n_bumps, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
void start_clear(Start *start);

/* Fetches at once what go.sum says that resolution will look at: in a cache that is
 * empty each depth of the graph, and of imports, costs a round otherwise. What
 * cannot be had may not be needed after all.
 * Errors: of the network and the disk. */
bool start_prefetch(Facts *facts, const Start *start, GError **error) G_GNUC_WARN_UNUSED_RESULT;
