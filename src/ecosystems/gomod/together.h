/* SPDX-License-Identifier: MIT */
/* Tidies the modules of one source together: what one of them becomes is what the
 * next one sees.
 *
 * - The members of a go.work that require a module at a lower version get the bump
 *   as well, and see each other where no requirement names them. Those that require
 *   directly what goes to another path go there as well.
 * - Modules that replace a changed one by its folder are tidied after it, if they
 *   were tidy before.
 * - The go line of a go.work is raised with those of its members.
 * - A go.work.sum stays as it is. Go itself adds what a build lacks there, even with
 *   -mod=readonly, and no command of Go takes lines out of it.
 *
 * Source: gomod.md f.14, h.3.
 */
#pragma once

#include "ecosystems/gomod/tidy.h"

typedef struct Together Together;

/* Both are borrowed. `supplier` NULL: each order brings its own. */
Together *together_new(Source *source, Supplier *supplier);
void together_free(Together *together);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Together, together_free)

/* Carries out one order, whose source and siblings need not be set, upon what the
 * ones before have made of the source, and tidies what goes with it. Where anything
 * fails, nothing of the order has been done.
 * Errors: as tidy(), prefixed with the go.mod if it is another than the order's. */
bool together_tidy(Together *together, const TidyOrder *order, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* What has become of each module that was tidied, by all orders so far: its moves,
 * go line and notes, without changes. The caller's; of TidyResult, by directory. All
 * that is to be changed in the source is added to `changes` (of FileChange).
 * Errors: of the source; then nothing is added. */
GPtrArray *together_results(Together *together, GPtrArray *changes, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
