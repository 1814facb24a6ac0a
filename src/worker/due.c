/* SPDX-License-Identifier: MIT */
#include "worker/due.h"

#include "base/crypto.h"
#include "policy/schedule.h"
#include "worker/inspect.h"

#include <string.h>

enum { UNFINISHED_FOR = 24 * 60 * 60 };

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

static char *key_of(const Rules *rules)
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
	return schedule_spread(job->turn->ticket->repository, job->rules->path);
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

static bool is_due(const Job *job, const Rules *rules, const GPtrArray *states)
{
	g_autofree char *key = key_of(rules), *digest = digest_of(rules);
	const EntryState *state = state_of(states, key);
	bool is_changed = state != NULL && g_strcmp0(state->digest, digest) != 0;

	return !job->turn->ticket->is_due_only ||
	       is_unfinished(state, job->turn->invocation->now) ||
	       schedule_is_due(schedule_of(job, rules), spread_of(job),
			       state != NULL ? state->started_at : 0, is_changed,
			       job->turn->invocation->now);
}

/* A multi-ecosystem group is run as a whole: a plan of some of its members would
 * replace that of all. */
static void join_groups(Job *job)
{
	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		for (guint k = 0; rules->multi_ecosystem_group != NULL && due_has(job, rules) &&
				  k < job->rules->entries->len;
		     k++) {
			const Rules *other = g_ptr_array_index(job->rules->entries, k);

			if (is_run_at_all(other) && g_strcmp0(other->multi_ecosystem_group,
							      rules->multi_ecosystem_group) == 0)
				g_array_index(job->due, bool, k) = true;
		}
	}
}

static bool note_start(Job *job, const Rules *rules, const GPtrArray *states, GError **error)
{
	int64_t now = job->turn->invocation->now;
	g_autofree char *key = key_of(rules);

	if (job->turn->is_dry ||
	    (job->turn->ticket->is_due_only && is_unfinished(state_of(states, key), now)))
		return true;
	return queue_start_entry(job->turn->store, job->turn->ticket->repository, key, now, error);
}

bool due_begin(Job *job, GError **error)
{
	const char *name = job->turn->ticket->repository;
	g_autoptr(GPtrArray) states = queue_entries(job->turn->store, name, error);

	if (states == NULL)
		return false;
	job->due = g_array_new(FALSE, TRUE, sizeof(bool));
	g_array_set_size(job->due, job->rules->entries->len);
	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		g_array_index(job->due, bool, i) =
			is_run_at_all(rules) && is_due(job, rules, states);
	}
	join_groups(job);
	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		if (due_has(job, rules) && !note_start(job, rules, states, error))
			return false;
	}
	return true;
}

bool due_has(const Job *job, const Rules *entry)
{
	return g_array_index(job->due, bool, entry->index);
}

bool due_end(Job *job, GError **error)
{
	const char *name = job->turn->ticket->repository;
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
	int64_t soonest = NEVER;

	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);
		g_autofree char *digest = NULL;
		char *key;
		int64_t next;

		if (!is_run_at_all(rules))
			continue;
		key = key_of(rules);
		g_ptr_array_add(keys, key);
		digest = digest_of(rules);
		next = schedule_next(schedule_of(job, rules), spread_of(job),
				     job->turn->invocation->now);
		soonest = MIN(soonest, next);
		if (!job->turn->is_dry &&
		    !queue_finish_entry(job->turn->store, name, key, digest, next,
					!turn_is_passing(job->turn->trouble), error))
			return false;
	}
	job->turn->next_at = soonest;
	return job->turn->is_dry || queue_keep_entries(job->turn->store, name, keys, error);
}
