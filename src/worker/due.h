/* SPDX-License-Identifier: MIT */
/* Which entries of a repository's rules are run this time, and when the next are.
 *
 * What is remembered of an entry goes by its ecosystem, directories and target
 * branch, so that a reordered file is the same file. Source: dependabot-yml.md 4.2.
 */
#pragma once

#include "worker/job.h"

typedef enum {
	DUE_NOT,
	DUE_TENDED, /* the base has moved: what is open is kept right, nothing is added */
	DUE_RUN,
} Due;

/* What is remembered of an entry goes by this; the caller's. */
char *due_key(const Rules *rules);

/* Whether nothing but what people say needs a look: all else was looked at a while ago,
 * and nobody has asked for more. */
bool due_is_quiet(const Job *job);

/* Ends such a look in which nothing was said: sets what due_end() would. */
void due_rest(Job *job);

/* Finds the entries to run, those that an earlier run did not finish among them, and
 * writes down that they begin. Sets turn->is_idle if there is nothing to do at all,
 * not even to look whether the rules are better than last time. Errors: IO. */
bool due_begin(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is to be done for an entry this time. */
Due due_of(const Job *job, const Rules *entry);

/* Writes down what was run and when each is due next; sets turn->next_at, to within
 * the hour so that changed rules are soon found, and sooner where people may order
 * something: then to within a quarter of one, with quiet looks between. What was run
 * while something failed that may pass, or the hour had seen enough proposals, is taken up
 * again within a day, and then at its next turn. */
bool due_end(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;
