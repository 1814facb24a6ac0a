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
	int64_t next_at; /* when to look again; 0: as usual */
	char *tip;       /* the base branch's commit; NULL: unknown */
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

/* A mistake in one of the repository's files, or (path NULL) something else that
 * does not end the turn. `line` 0: no place. */
void turn_error(Turn *turn, const char *path, int line, const char *text);

/* The first and the last words; `failure` NULL: it went well. */
void turn_begin(Turn *turn);
void turn_end(Turn *turn, const GError *failure, int64_t duration_ms);
