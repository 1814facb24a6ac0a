/* SPDX-License-Identifier: MIT */
/* Which entries of a repository's rules are run this time, and when the next are.
 *
 * What is remembered of an entry goes by its ecosystem, directories and target
 * branch, so that a reordered file is the same file. Source: dependabot-yml.md 4.2.
 */
#pragma once

#include "worker/job.h"

/* Finds the entries to run, those that an earlier run did not finish among them, and
 * writes down that they begin. Errors: IO. */
bool due_begin(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether an entry is run this time. */
bool due_has(const Job *job, const Rules *entry);

/* Writes down what was run and when each is due next; sets turn->next_at. What was
 * run while something failed that may pass is taken up again within a day. */
bool due_end(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;
