/* SPDX-License-Identifier: MIT */
/* The forge's side of carrying out: a proposal for each branch, opened once, kept
 * current, closed with a reason. Does nothing where the forge has no proposals.
 * Source: pull-requests.md 8.3, 9, 11; forges.md 2.3.
 */
#pragma once

#include "publish/reconcile.h"
#include "worker/job.h"

/* The open proposals whose branch begins with our prefix; of Proposal. */
GPtrArray *proposals_open(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What people made of the proposal of `record` since it was opened: `*state` becomes
 * REFUSED if they closed it, MERGED if they merged it, else stays as it is. */
bool proposals_judge(Job *job, const GPtrArray *open, const PlanRecord *record, PlanState *state,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sees to it that a pushed plan has its proposal, with title, body and dress, and
 * takes the journal to DONE. `*action` becomes UPDATED, CLOSED or stays; `*reason` says
 * why it was closed after all. */
bool proposals_tend(Job *job, const Move *move, PlanRecord *record, Action *action,
		    const char **reason, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Closes the proposal of the branch that `move` takes away, saying why. `record` NULL:
 * there is none in the journal. */
bool proposals_close(Job *job, const Move *move, const PlanRecord *record, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
