/* SPDX-License-Identifier: MIT */
/* The dashboard of a repository, where the settings want one: its boxes are read before
 * anything is decided, its text is written when all entries were run. One that a person
 * closed stays closed. Trouble with it is said and ends nothing.
 * Source: pull-requests.md 14, 16. */
#pragma once

#include "publish/reconcile.h"
#include "worker/job.h"

/* Reads the boxes into job->asked, if this run has not done so. */
bool dashboard_hear(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether there is one that people can check boxes on. */
bool dashboard_is_open(const Job *job);

/* What of `selections` (of Selection) was asked for, by itself or with its group, waits
 * for no cooldown. A box stands for the very key that it names, of which people may have
 * made anything. */
void dashboard_hurry(const Job *job, const GPtrArray *selections);

/* What people asked for, for reconcile(). */
void dashboard_fill(const Job *job, Findings *findings);

/* Says how things stand after `moves` (of Move). */
bool dashboard_write(Job *job, const GPtrArray *moves, GError **error) G_GNUC_WARN_UNUSED_RESULT;
