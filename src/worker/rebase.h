/* SPDX-License-Identifier: MIT */
/* What a branch of ours is to its base: behind it, in conflict with it, or merged with it
 * by a button of the forge.
 *
 * A branch is rebuilt for a reason (pull-requests.md 9.6): every push costs people their
 * approvals and a run of their checks. Source: pull-requests.md 9.6, 10.
 */
#pragma once

#include "publish/reconcile.h"
#include "worker/job.h"

/* Whether `tip` is nothing but a clean merge of its base into a commit of ours, as a button
 * makes it: `*below` is that commit, the caller's; NULL: it is something else. */
bool rebase_see_through(Job *job, const Commit *tip, Commit **below, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Fills in which branches are behind, which merge into what their plan wants, and which
 * were rebuilt too short a time ago for another rebuild that nobody ordered. */
bool rebase_fill(Job *job, const GPtrArray *plans, const GPtrArray *branches, Findings *findings,
		 GError **error) G_GNUC_WARN_UNUSED_RESULT;
