/* SPDX-License-Identifier: MIT */
/* What `go mod vendor` makes of vendor/.
 *
 * Files that a repository has already, with the right content, are not fetched:
 * modules are compared by their listings. So a vendor/ that is as it should be
 * costs no request, and a bump only the zips of the modules that move.
 * Source: gomod.md f.15; golang/go cmd/go/internal/modcmd/vendor.go.
 */
#pragma once

#include "ecosystems/gomod/solve.h"
#include "upkeepd/plan.h"

/* Whether the module in `directory` of `source` is vendored. */
bool vendor_is_used(const Source *source, const char *directory);

/* Appends to `changes` (of FileChange) what is to be different below vendor/ once
 * go.mod says what `solution` does.
 * Errors: INPUT for what the Go command refuses; as the supplier's; LIMIT. */
bool vendor_refresh(Facts *facts, const Solution *solution, GPtrArray *changes, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
