/* SPDX-License-Identifier: MIT */
#include "worker/due.h"

#include "base/crypto.h"
#include "policy/schedule.h"
#include "publish/reconcile.h"
#include "worker/dashboard.h"
#include "worker/inspect.h"
#include "worker/orders.h"

#include <string.h>

enum {
	DAY = 24 * 60 * 60,
	UNFINISHED_FOR = DAY,
	LOOK_AGAIN = 60 * 60,  /* one small request tells whether the branch has moved */
	TEND_AGAIN = 15 * 60,  /* the same where something is open that would have to follow */
	LISTEN_AGAIN = 5 * 60, /* one of another kind whether somebody has said something */
};

static bool is_run_at_all(const Rules *rules)
{
	return rules->is_usable && rules->is_handled;
}

/* A member of a multi-ecosystem group follows the group's schedule. */
static const Schedule *schedule_of(const Job *job, const Rules *rules)
{
	for (guint i = 0;
	     rules->multi_ecosystem_group != NULL && i < job->rules->multi_ecosystem_groups->len;
	     i++) {
		const MultiEcosystemGroup *group =
			g_ptr_array_index(job->rules->multi_ecosystem_groups, i);

		if (strcmp(group->name, rules->multi_ecosystem_group) == 0)
			return &group->schedule;
	}
	return &rules->schedule;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *due_key(const Rules *rules)
{
	g_autoptr(GPtrArray) directories = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) key = g_string_new(rules->ecosystem_name);

	for (guint i = 0; i < rules->directories->len; i++)
		g_ptr_array_add(directories,
				directory_normal(g_ptr_array_index(rules->directories, i)));
	g_ptr_array_sort(directories, by_text);
	for (guint i = 0; i < directories->len; i++)
		g_string_append_printf(key, " %s", (char *)g_ptr_array_index(directories, i));
	if (rules->target_branch != NULL)
		g_string_append_printf(key, " @%s", rules->target_branch);
	return g_strdup(key->str);
}

static char *digest_of(const Rules *rules)
{
	g_autoptr(Json) json = inspect_rules(rules);
	g_autofree char *text = json_print(json);

	return sha256_hex(text, strlen(text));
}

static int spread_of(const Job *job)
{
	return schedule_spread(job_repository(job), job->rules->path);
}

static const EntryState *state_of(const GPtrArray *states, const char *key)
{
	for (guint i = 0; i < states->len; i++) {
		const EntryState *state = g_ptr_array_index(states, i);

		if (strcmp(state->key, key) == 0)
			return state;
	}
	return NULL;
}

/* A worker died in the middle of it, or something went wrong that may have passed;
 * after a day it waits for its next turn like all. */
static bool is_unfinished(const EntryState *state, int64_t now)
{
	return state != NULL && state->is_running && now - state->started_at < UNFINISHED_FOR;
}

/* When the entry was run last. A time that lies days ahead was taken from a clock that
 * was wrong, and says nothing. */
static int64_t started_at(const EntryState *state, int64_t now)
{
	return state == NULL || state->started_at > now + DAY ? 0 : state->started_at;
}

static bool is_due(const Job *job, const Rules *rules, const GPtrArray *states)
{
	int64_t now = job->turn->invocation->now;
	g_autofree char *key = due_key(rules), *digest = digest_of(rules);
	const EntryState *state = state_of(states, key);
	bool is_changed = state != NULL && g_strcmp0(state->digest, digest) != 0;

	return !job->turn->ticket->is_due_only || is_unfinished(state, now) ||
	       schedule_is_due(schedule_of(job, rules), spread_of(job), started_at(state, now),
			       is_changed, now);
}

/* Whether the default branch is another commit than when it was looked at last. */
static bool has_moved(const Job *job, bool *is_moved, GError **error)
{
	g_autoptr(Watched) before = NULL;

	if (!queue_find(job->turn->store, job_repository(job), &before, error))
		return false;
	*is_moved = before == NULL || g_strcmp0(before->tip, job->turn->tip) != 0;
	return true;
}

/* Whether something is proposed to the default branch. */
static bool has_open(const Job *job, bool *is_any, GError **error)
{
	const Base *base = g_ptr_array_index(job->bases, 0);
	g_autoptr(GPtrArray) records = journal_plans(job->turn->store, job_repository(job), error);

	*is_any = false;
	for (guint i = 0; records != NULL && i < records->len; i++)
		*is_any = *is_any || strcmp(((PlanRecord *)g_ptr_array_index(records, i))->base,
					    base->branch) == 0;
	return records != NULL;
}

static void set_due(Job *job, guint index, Due due)
{
	g_array_index(job->due, Due, index) = due;
}

/* A multi-ecosystem group is run as a whole: a plan of some of its members would
 * replace that of all. */
static void join_groups(Job *job)
{
	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		for (guint k = 0;
		     rules->multi_ecosystem_group != NULL && k < job->rules->entries->len; k++) {
			const Rules *other = g_ptr_array_index(job->rules->entries, k);

			if (is_run_at_all(other) && g_strcmp0(other->multi_ecosystem_group,
							      rules->multi_ecosystem_group) == 0)
				set_due(job, k, MAX(due_of(job, rules), due_of(job, other)));
		}
	}
}

static bool note_start(Job *job, const Rules *rules, const GPtrArray *states, GError **error)
{
	int64_t now = job->turn->invocation->now;
	g_autofree char *key = due_key(rules);

	if (job->turn->is_dry ||
	    (job->turn->ticket->is_due_only && is_unfinished(state_of(states, key), now)))
		return true;
	return queue_start_entry(job->turn->store, job_repository(job), key, now, error);
}

/* What is open is tended to as soon as the base has moved (pull-requests.md 9.6). */
static bool tend(Job *job, GError **error)
{
	bool is_any = false;

	if (!has_open(job, &is_any, error))
		return false;
	for (guint i = 0; is_any && i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		if (is_run_at_all(rules) && due_of(job, rules) == DUE_NOT &&
		    rules->target_branch == NULL && rules_rebase(rules) != REBASE_NEVER)
			set_due(job, i, DUE_TENDED);
	}
	return true;
}

static bool is_any_due(const Job *job)
{
	for (guint i = 0; i < job->due->len; i++)
		if (g_array_index(job->due, Due, i) != DUE_NOT)
			return true;
	return false;
}

static bool note_starts(Job *job, const GPtrArray *states, GError **error)
{
	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		if (due_of(job, rules) == DUE_RUN && !note_start(job, rules, states, error))
			return false;
	}
	return true;
}

static Due ordered(const Job *job, const Rules *rules)
{
	g_autofree char *key = due_key(rules);

	return g_tree_nnodes(job->asked) > 0 ? DUE_RUN : orders_due(job, key);
}

/* A time that lies further ahead was taken from a clock that was wrong. */
bool due_is_quiet(const Job *job)
{
	const Turn *turn = job->turn;
	int64_t now = turn->invocation->now;

	return turn->ticket->is_due_only && !turn->is_dry && now < turn->ticket->quiet_until &&
	       turn->ticket->quiet_until <= now + TEND_AGAIN;
}

void due_rest(Job *job)
{
	Turn *turn = job->turn;

	turn->is_idle = true;
	turn->quiet_until = turn->ticket->quiet_until;
	turn->next_at = MIN(turn->invocation->now + LISTEN_AGAIN, turn->quiet_until);
}

bool due_begin(Job *job, GError **error)
{
	g_autoptr(GPtrArray) states = queue_entries(job->turn->store, job_repository(job), error);
	bool is_moved = true;

	if (states == NULL || !has_moved(job, &is_moved, error))
		return false;
	job->due = g_array_new(FALSE, TRUE, sizeof(Due));
	g_array_set_size(job->due, job->rules->entries->len);
	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		if (is_run_at_all(rules))
			set_due(job, i, is_due(job, rules, states) ? DUE_RUN : ordered(job, rules));
	}
	if (is_moved && !tend(job, error))
		return false;
	join_groups(job);
	job->turn->is_idle = job->turn->ticket->is_due_only && !is_moved && !is_any_due(job);
	return note_starts(job, states, error);
}

Due due_of(const Job *job, const Rules *entry)
{
	return g_array_index(job->due, Due, entry->index);
}

/* Whether something came to that. */
static bool has_outcome(const Job *job, const char *reason)
{
	const GPtrArray *outcomes = job->turn->outcomes;

	for (guint i = 0; i < outcomes->len; i++)
		if (g_strcmp0(((const Outcome *)g_ptr_array_index(outcomes, i))->reason, reason) ==
		    0)
			return true;
	return false;
}

/* Whether the entry is taken up again before its turn. */
static bool is_to_go_on(const Job *job, const Rules *rules)
{
	return turn_is_passing(job->turn->trouble) ||
	       (rules->hourly_limit > 0 && has_outcome(job, RECONCILE_HOURLY));
}

/* Writes down what an entry says and when it is due next, if that is news. */
static bool finish(Job *job, const Rules *rules, const EntryState *state, int64_t next,
		   GError **error)
{
	g_autofree char *key = due_key(rules), *digest = digest_of(rules);

	if (job->turn->is_dry ||
	    (due_of(job, rules) != DUE_RUN && state != NULL && state->next_due_at == next &&
	     g_strcmp0(state->digest, digest) == 0))
		return true;
	return queue_finish_entry(job->turn->store, job_repository(job), key, digest, next,
				  !is_to_go_on(job, rules), error);
}

bool due_end(Job *job, GError **error)
{
	const char *name = job_repository(job);
	int64_t now = job->turn->invocation->now, soonest = now + LOOK_AGAIN;
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) states = queue_entries(job->turn->store, name, error);
	bool is_likely = false;

	if (states == NULL || !orders_are_likely(job, &is_likely, error))
		return false;
	is_likely = is_likely || dashboard_is_open(job);
	if (is_likely)
		soonest = now + TEND_AGAIN;
	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);
		char *key;
		int64_t next;

		if (!is_run_at_all(rules))
			continue;
		key = due_key(rules);
		g_ptr_array_add(keys, key);
		next = schedule_next(schedule_of(job, rules), spread_of(job), now);
		soonest = MIN(soonest, next);
		if (!finish(job, rules, state_of(states, key), next, error))
			return false;
	}
	job->turn->quiet_until = is_likely ? soonest : 0;
	job->turn->next_at = is_likely ? MIN(soonest, now + LISTEN_AGAIN) : soonest;
	job->turn->is_behind = has_outcome(job, RECONCILE_RECENT);
	return job->turn->is_dry || queue_keep_entries(job->turn->store, name, keys, error);
}
