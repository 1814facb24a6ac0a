/* SPDX-License-Identifier: MIT */
/* Which branches of the remote may be ours, by their names.
 *
 * Most begin as the settings or the rules say. Where names have no beginning in
 * common (a template that begins with the dependency, a length that leaves nothing
 * but a hash) all branches are learnt, and those whose commits show them to be
 * ours are claimed one by one. Where a branch is called as the folder of an entry's, its
 * names have no folders (and the entry says so). What the journal has from an earlier run is ours
 * whatever the rules say now, so that it can be replaced or closed.
 */
#pragma once

#include "worker/job.h"

/* Opens the remote and learns its branches: one small request. */
bool claims_learn(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What rules and journal name besides, with the bases that entries are for: only if
 * that is more the remote is asked once more. */
bool claims_learn_more(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Claims a branch that is none of the bases, if it is not claimed. */
bool claims_take(Job *job, const char *branch, GError **error) G_GNUC_WARN_UNUSED_RESULT;
