/* SPDX-License-Identifier: MIT */
/* Branches that stand on commits which were taken out of their base.
 *
 * Who rewrites a base leaves every proposal to it with the old commits below its own, and
 * forges then show all of them as what it proposes. Such a branch is rebuilt though its
 * own change would be the same; one that is only behind is not.
 * Source: forges.md 3.5, 14.
 */
#pragma once

#include "publish/reconcile.h"
#include "worker/job.h"

/* Adds to findings->rebuilt those of `branches` (of OwnBranch) that a plan of the job is
 * for and whose base was rewritten; not where the rules forbid to rebuild. Costs nothing
 * where all stand on what the base is now, and one request for a branch that is far behind.
 * Errors: as remote_history(). */
bool uprooted_find(Job *job, const GPtrArray *branches, Findings *findings, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
