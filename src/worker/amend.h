/* SPDX-License-Identifier: MIT */
/* What people have us ignore and want to stand in the rules: `ignore … --commit`.
 *
 * The order is kept with what is ignored; whatever of it the rules of the default branch do
 * not say is a plan of every run, carried out like all others, until they do: then the rules
 * alone hold. Source: pull-requests.md 12.3.
 */
#pragma once

#include "publish/reconcile.h"
#include "store/ignored.h"
#include "worker/job.h"

/* Finds the entries that feed the dependency `name` of the proposal of `record`, for the
 * places of `ignored`, whose ecosystem, name and range are set. `*why_not` says, for people,
 * why it is not to be written there: it cannot be, or the rules say it already; NULL: it is,
 * and the places are set. Errors: of the source. */
bool amend_find(const Job *job, const PlanRecord *record, Ignored *ignored, char **why_not,
		GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds a plan for each that the rules lack; what they cannot say any more is ignored by the
 * order alone from then on. */
bool amend_plan(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Of the branches that are there, those of amendments that are not wanted any more. One that
 * neither the journal nor the orders know tells what the lost database did. */
bool amend_fill(Job *job, const GPtrArray *branches, Findings *findings, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* When the run is over: forgets what the rules say. */
bool amend_settle(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The plan for what was ordered; NULL: there is none. Borrowed. */
const Plan *amend_plan_of(const Job *job, const Ignored *ignored);

/* Where the rules of the repository ignore `name` in entries of `ecosystem` ("": any), and
 * `condition` (NULL: whatever) among it: "line 12 and line 20"; NULL: nowhere. To be asked
 * before what people have us ignore is added to them. The caller's. */
char *amend_said_at(const Job *job, const char *ecosystem, const char *name, const char *condition);
