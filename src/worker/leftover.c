/* SPDX-License-Identifier: MIT */
#include "worker/leftover.h"

#include "base/text.h"
#include "store/backlog.h"
#include "worker/due.h"

/* Characters of a title or a reason: a line of a page. */
enum { LINE = 200 };

/* What is to be said. A hostile repository has millions that wait. */
typedef struct {
	GPtrArray *list; /* of Waiting, at most BACKLOG_MOST */
	guint more;      /* that are not in it */
	GTree *known;    /* set of char *: what stands for each of both */
} Leftover;

static void add(Leftover *leftover, WaitingKind kind, const Rules *rules, const char *text,
		const char *why, int64_t until)
{
	g_autofree char *title = text_short_line(text, LINE), *entry = NULL, *reason = NULL;
	g_autofree char *key = g_strdup_printf("%d %d %s", rules->index, kind, title);
	Waiting *waiting;

	if (g_tree_lookup(leftover->known, key) != NULL)
		return;
	g_tree_insert(leftover->known, g_steal_pointer(&key), leftover);
	if (leftover->list->len >= BACKLOG_MOST) {
		leftover->more++;
		return;
	}
	entry = due_key(rules);
	reason = why != NULL ? text_short_line(why, LINE) : NULL;
	waiting = waiting_new(kind, entry, title, reason);
	waiting->until = until;
	g_ptr_array_add(leftover->list, waiting);
}

/* What is open, edited, or shown in the journal is not waiting for anything of ours. */
static bool is_waiting(const Outcome *outcome)
{
	return outcome == NULL || outcome->action == ACTION_FAILED ||
	       (outcome->action == ACTION_SKIPPED &&
		g_strcmp0(outcome->reason, RECONCILE_EDITED) != 0);
}

static void add_plan(const Job *job, const Plan *plan, Leftover *leftover)
{
	const Outcome *outcome = turn_outcome_of(job->turn, plan->branch);
	const char *why = plan->error != NULL ? plan->error->message
			  : outcome != NULL   ? outcome->reason
					      : NULL;
	const char *title = plan->title != NULL        ? plan->title
			    : plan->update_key != NULL ? plan->update_key
						       : "";
	bool is_skipped = outcome != NULL && outcome->action == ACTION_SKIPPED;
	bool is_limited = is_skipped && g_strcmp0(why, RECONCILE_LIMITED) == 0;
	WaitingKind kind = is_limited   ? WAITING_LIMITED
			   : is_skipped ? WAITING_SKIPPED
					: WAITING_FAILED;

	if (is_waiting(outcome))
		add(leftover, kind, plan->rules, title, is_limited ? NULL : why, 0);
}

static void add_held(const Selection *selection, Leftover *leftover)
{
	const Manifest *manifest = selection->manifest;
	g_autofree char *title = NULL;

	if (!selection_is_held(selection))
		return;
	title = g_strdup_printf("%s %s in %s", selection->dependency->name,
				selection->latest->version, manifest->directory);
	add(leftover, WAITING_HELD, manifest->rules, title, NULL, selection->held_until);
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
	g_autoptr(GTree) known = g_tree_new_full(text_compare, NULL, g_free, NULL);
	Leftover leftover = { .list = list, .known = known };
	Turn *turn = job->turn;

	for (guint i = 0; i < moves->len; i++) {
		const Move *move = g_ptr_array_index(moves, i);

		if (move->plan != NULL && move->action != ACTION_SUPERSEDED &&
		    due_of(job, move->plan->rules) == DUE_RUN)
			add_plan(job, move->plan, &leftover);
	}
	for (guint i = 0; i < job->bases->len; i++) {
		const Base *base = g_ptr_array_index(job->bases, i);

		for (guint k = 0; k < base->decision.selections->len; k++) {
			const Selection *selection =
				g_ptr_array_index(base->decision.selections, k);

			if (due_of(job, selection->manifest->rules) == DUE_RUN)
				add_held(selection, &leftover);
		}
	}
	return backlog_replace(turn->store, turn->ticket->repository, entries, list, leftover.more,
			       error);
}
