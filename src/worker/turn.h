/* SPDX-License-Identifier: MIT */
/* One repository's turn at work: what the worker was told, what it says while it
 * works, and what is recorded of it in the end.
 *
 * What is said has three forms: a JSON object a line (cli.md 2), a report for a
 * person, or log lines. A report is kept back until the turn ends, so that those
 * of several workers do not mix. Everything said names the repository.
 */
#pragma once

#include "base/json.h"
#include "store/queue.h"
#include "upkeepd/plan.h"
#include "worker/worker.h"

typedef enum { TURN_LOG, TURN_REPORT, TURN_JSON } TurnForm;

typedef struct {
	const Invocation *invocation; /* borrowed */
	Store *store;                 /* borrowed */
	const Ticket *ticket;         /* borrowed: repository, is_due_only, is_owner */
	TurnForm form;
	bool is_dry;         /* stop before any commit, and say what would be done */
	GPtrArray *outcomes; /* of Outcome; turn_outcome() adds */
	GString *report;     /* TURN_REPORT */

	/* For the work to fill. */
	bool is_idle;             /* nothing was due, nothing has changed: not worth a word */
	int64_t next_at;          /* when to look again; 0: as usual */
	int64_t token_expires_at; /* as JobEnd */
	int64_t quiet_until;      /* as JobEnd; counts only where nothing went wrong */
	char *tip;                /* the base branch's commit; NULL: unknown */
	bool is_behind;           /* not all has followed that yet: it counts as new next time */

	/* What went wrong and did not end the turn: the first of what may pass by
	 * itself, else the first of all; NULL: nothing did. turn_note() sets it. */
	GError *trouble;
} Turn;

/* Borrows all it is given for as long as it lives. */
Turn *turn_new(const Invocation *invocation, Store *store, const Ticket *ticket, TurnForm form,
	       bool is_dry);
void turn_free(Turn *turn);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Turn, turn_free)

/* Announces a plan, with the unified diffs of its changes. `updates` is an array
 * as `check --json` has it; taken; NULL: none. */
void turn_plan(Turn *turn, const Plan *plan, Json *updates);

/* Says and keeps what became of a plan; taken. `title` NULL: not known. */
void turn_outcome(Turn *turn, Outcome *outcome, const char *title);

/* What became of `branch` (NULL: of none), the last of it where one went and was made anew;
 * NULL: that is not known. Borrowed. */
const Outcome *turn_outcome_of(const Turn *turn, const char *branch);

/* Something that is wrong and does not end the turn; `place` is in one of the
 * repository's files, its line 0 for the file as a whole, its path NULL for
 * anything else. */
void turn_error(Turn *turn, Place place, const GError *error);

/* Something odd in such a place, for people; a stream of events has no such event. */
void turn_warning(Turn *turn, Place place, const char *text);

/* Notes what went wrong without saying it: an outcome does. turn_error() notes too. */
void turn_note(Turn *turn, const GError *error);

/* Whether what went wrong may pass by itself; false for NULL. */
bool turn_is_passing(const GError *error);

/* The first and the last words; `failure` NULL: it went well. */
void turn_begin(Turn *turn);
void turn_end(Turn *turn, const GError *failure, int64_t duration_ms);
