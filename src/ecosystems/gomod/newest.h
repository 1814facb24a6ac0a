/* SPDX-License-Identifier: MIT */
/* Asks module proxies which version of a module "latest", or another query, means for a
 * main module: what it excludes and what the module's newest go.mod retracts is left
 * out.
 *
 * Source: gomod.md b.5, b.6; golang/go cmd/go/internal/modload/{query,modfile}.go.
 */
#pragma once

#include "ecosystems/gomod/goproxy.h"
#include "ecosystems/gomod/supplier.h"

/* Answers all of `queries` (of LatestQuery), in six rounds at most. */
void newest_find(GoProxy *proxy, const ModFile *main, GPtrArray *queries);
