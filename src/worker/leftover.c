/* SPDX-License-Identifier: MIT */
#include "worker/leftover.h"

#include "base/text.h"
#include "store/backlog.h"
#include "worker/due.h"

/* What is open, edited, or shown in the journal is not waiting for anything of ours. */
static bool is_waiting(const Outcome *outcome)
{
	return outcome == NULL || outcome->action == ACTION_FAILED ||
	       (outcome->action == ACTION_SKIPPED &&
		g_strcmp0(outcome->reason, RECONCILE_EDITED) != 0);
}

static void add_plan(const Job *job, const Plan *plan, GPtrArray *list)
{
	const Outcome *outcome = turn_outcome_of(job->turn, plan->branch);
	const char *why = plan->error != NULL ? plan->error->message
			  : outcome != NULL   ? outcome->reason
					      : NULL;
	bool is_skipped = outcome != NULL && outcome->action == ACTION_SKIPPED;
	bool is_limited = is_skipped && g_strcmp0(why, RECONCILE_LIMITED) == 0;
	WaitingKind kind = is_limited   ? WAITING_LIMITED
			   : is_skipped ? WAITING_SKIPPED
					: WAITING_FAILED;
	g_autofree char *entry = due_key(plan->rules), *title = NULL, *reason = NULL;

	if (!is_waiting(outcome))
		return;
	title = text_one_line(plan->title != NULL        ? plan->title
			      : plan->update_key != NULL ? plan->update_key
							 : "");
	reason = why == NULL || is_limited ? NULL : text_one_line(why);
	g_ptr_array_add(list, waiting_new(kind, entry, title, reason));
}

static void add_held(const Selection *selection, GPtrArray *list)
{
	const Manifest *manifest = selection->manifest;
	g_autofree char *entry = NULL, *title = NULL, *text = NULL;
	Waiting *waiting;

	if (!selection_is_held(selection))
		return;
	entry = due_key(manifest->rules);
	text = g_strdup_printf("%s %s in %s", selection->dependency->name,
			       selection->latest->version, manifest->directory);
	title = text_one_line(text);
	waiting = waiting_new(WAITING_HELD, entry, title, NULL);
	waiting->until = selection->held_until;
	g_ptr_array_add(list, waiting);
}

/* Of char *; the caller's. */
static GPtrArray *entries_that_ran(const Job *job)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		if (due_of(job, rules) == DUE_RUN)
			g_ptr_array_add(entries, due_key(rules));
	}
	return entries;
}

bool leftover_write(Job *job, const GPtrArray *moves, GError **error)
{
	g_autoptr(GPtrArray) list = waitings_new(), entries = entries_that_ran(job);
	Turn *turn = job->turn;

	for (guint i = 0; i < moves->len; i++) {
		const Move *move = g_ptr_array_index(moves, i);

		if (move->plan != NULL && move->action != ACTION_SUPERSEDED &&
		    due_of(job, move->plan->rules) == DUE_RUN)
			add_plan(job, move->plan, list);
	}
	for (guint i = 0; i < job->bases->len; i++) {
		const Base *base = g_ptr_array_index(job->bases, i);

		for (guint k = 0; k < base->decision.selections->len; k++) {
			const Selection *selection =
				g_ptr_array_index(base->decision.selections, k);

			if (due_of(job, selection->manifest->rules) == DUE_RUN)
				add_held(selection, list);
		}
	}
	return backlog_replace(turn->store, turn->ticket->repository, entries, list, error);
}
