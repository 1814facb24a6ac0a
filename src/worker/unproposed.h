/* SPDX-License-Identifier: MIT */
/* Branches that are pushed and perhaps not proposed, where a push alone proposes.
 *
 * What goes with a push is lost where its answer is not heard, and where the server took
 * no options; nothing but another push tells or mends that. Such a branch stays at PUSHED
 * in the journal, and is rebuilt with a commit of another time as soon as its server
 * takes options: those open what is to be proposed, or reword what is there.
 * Source: forges.md 4.3, operations.md 8.
 */
#pragma once

#include "publish/reconcile.h"
#include "worker/job.h"

/* Adds those of `branches` (of OwnBranch) to what is to be rebuilt. */
bool unproposed_find(Job *job, const GPtrArray *branches, Findings *findings, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
