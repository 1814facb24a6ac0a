/* SPDX-License-Identifier: MIT */
#include "worker/rebase.h"

#include "base/text.h"
#include "git/merge.h"

#include <string.h>

enum {
	HISTORY = 100, /* commits of a base, among which a merged one is looked for */
	MERGES = 8,    /* on top of each other */
	PAUSE = 60 * 60,
};

/* Trouble with what a stranger made is no trouble of the job. */
static bool may_pass(const GError *error)
{
	switch (failure_kind(error)) {
	case FAILURE_ABSENT:
	case FAILURE_INPUT:
	case FAILURE_LIMIT:
		return true;
	default:
		return false;
	}
}

static bool is_in_history(Job *job, const char *tip, const char *id, bool *is_there, GError **error)
{
	g_autoptr(GPtrArray) commits = remote_history(job->remote, tip, HISTORY, error);

	*is_there = false;
	for (guint i = 0; commits != NULL && i < commits->len && !*is_there; i++)
		*is_there = strcmp(((const Commit *)g_ptr_array_index(commits, i))->id, id) == 0;
	return commits != NULL;
}

static bool is_of_a_base(Job *job, const char *id, bool *is_there, GError **error)
{
	*is_there = false;
	for (guint i = 0; i < job->bases->len && !*is_there; i++) {
		const Base *base = g_ptr_array_index(job->bases, i);

		if (!is_in_history(job, base->source->commit, id, is_there, error))
			return false;
	}
	return true;
}

static Commit *commit_of(Job *job, const char *id, GError **error)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new(), commits = NULL;

	g_ptr_array_add(ids, (char *)id);
	commits = remote_commits(job->remote, ids, error);
	return commits != NULL ? g_ptr_array_steal_index(commits, 0) : NULL;
}

/* Goes down to what the merges on top of each other were made of. `*below` NULL: something
 * else than the base was merged in. */
static bool go_down(Job *job, const Commit *tip, Commit **below, GError **error)
{
	g_autoptr(Commit) held = NULL;
	const Commit *now = tip;

	*below = NULL;
	for (unsigned depth = 0; now->parents->len == 2; depth++) {
		bool is_there = false;
		Commit *next;

		if (!is_of_a_base(job, g_ptr_array_index(now->parents, 1), &is_there, error))
			return false;
		if (!is_there || depth == MERGES)
			return true;
		next = commit_of(job, g_ptr_array_index(now->parents, 0), error);
		if (next == NULL)
			return false;
		commit_free(held);
		now = held = next;
	}
	if (now->parents->len == 1)
		*below = g_steal_pointer(&held);
	return true;
}

/* The last of several merges tells all that is in them. */
static bool see_through(Job *job, const Commit *tip, Commit **below, GError **error)
{
	g_autoptr(Commit) ours = NULL;
	bool is_clean = false;

	if (!go_down(job, tip, &ours, error))
		return false;
	if (ours != NULL &&
	    !merge_gives(job->remote, g_ptr_array_index(ours->parents, 0), ours->id,
			 g_ptr_array_index(tip->parents, 1), tip->tree, &is_clean, error))
		return false;
	if (is_clean)
		*below = g_steal_pointer(&ours);
	return true;
}

bool rebase_see_through(Job *job, const Commit *tip, Commit **below, GError **error)
{
	g_autoptr(GError) local = NULL;

	*below = NULL;
	if (tip->parents->len != 2 || see_through(job, tip, below, &local))
		return true;
	if (may_pass(local)) {
		g_debug("a merge is taken for somebody's: %s", local->message);
		return true;
	}
	g_propagate_error(error, g_steal_pointer(&local));
	return false;
}

static GTree *by_path(const GPtrArray *changes)
{
	GTree *files = g_tree_new_full(text_compare, NULL, NULL, NULL);

	for (guint i = 0; i < changes->len; i++) {
		FileChange *change = g_ptr_array_index(changes, i);
		bool is_change = change->before == NULL || change->after == NULL ||
				 !g_bytes_equal(change->before, change->after);

		if (is_change)
			g_tree_insert(files, change->path, change);
	}
	return files;
}

static bool is_same_file(const FileChange *a, const FileChange *b)
{
	if (a == NULL || b == NULL || a->after == NULL || b->after == NULL)
		return a != NULL && b != NULL && a->after == b->after;
	return g_bytes_equal(a->after, b->after);
}

static bool are_same(const GPtrArray *changes, const GPtrArray *others)
{
	g_autoptr(GTree) files = by_path(changes), wanted = by_path(others);
	bool is_same = g_tree_nnodes(files) == g_tree_nnodes(wanted);

	for (GTreeNode *node = g_tree_node_first(files); node != NULL && is_same;
	     node = g_tree_node_next(node))
		is_same = is_same_file(g_tree_node_value(node),
				       g_tree_lookup(wanted, g_tree_node_key(node)));
	return is_same;
}

/* Whether the branch, merged as it is, comes to what the plan wants. */
static bool is_merging(Job *job, const Plan *plan, const OwnBranch *branch, bool *is_merging,
		       GError **error)
{
	const char *onto = job_base(job, plan)->source->commit;
	g_autoptr(GPtrArray) merged = NULL;
	g_autoptr(GError) local = NULL;

	*is_merging = false;
	if (!merge_changes(job->remote, branch->parent, branch->commit, onto, &merged, &local) &&
	    !may_pass(local)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	*is_merging = merged != NULL && are_same(merged, plan->changes);
	return true;
}

/* What a person has called for is done at once. */
static bool is_recent(Job *job, const OwnBranch *branch, bool *is_recent, GError **error)
{
	int64_t now = job->turn->invocation->now;
	g_autoptr(PlanRecord) record = NULL;

	*is_recent = false;
	if (!job->turn->ticket->is_due_only)
		return true;
	if (!journal_find(job->turn->store, job_repository(job), branch->name, &record, error))
		return false;
	*is_recent = record != NULL && record->expected_old != NULL &&
		     strcmp(record->new_oid, branch->commit) == 0 && record->commit_time <= now &&
		     now - record->commit_time < PAUSE;
	return true;
}

static bool fill_one(Job *job, const Plan *plan, const OwnBranch *branch, Findings *findings,
		     GError **error)
{
	bool is_behind = g_strcmp0(branch->parent, job_base(job, plan)->source->commit) != 0;
	bool is_so = false;

	if (is_behind)
		text_add(findings->behind, g_strdup(branch->name));
	/* What a merge left is not what the branch says of itself, either. */
	if (branch->parent != NULL && !own_branch_has(branch, plan) &&
	    rules_rebase(plan->rules) != REBASE_NEVER &&
	    !is_merging(job, plan, branch, &is_so, error))
		return false;
	if (is_so)
		text_add(findings->merging, g_strdup(branch->name));
	if (!is_recent(job, branch, &is_so, error))
		return false;
	if (is_so)
		text_add(findings->recent, g_strdup(branch->name));
	return true;
}

bool rebase_fill(Job *job, const GPtrArray *plans, const GPtrArray *branches, Findings *findings,
		 GError **error)
{
	g_autoptr(GTree) by_name = own_branches_by_name(branches);

	for (guint i = 0; i < plans->len; i++) {
		const Plan *plan = g_ptr_array_index(plans, i);
		const OwnBranch *branch = plan->error != NULL || plan->is_moot
						  ? NULL
						  : g_tree_lookup(by_name, plan->branch);

		if (branch != NULL && branch->is_ours &&
		    !fill_one(job, plan, branch, findings, error))
			return false;
	}
	return true;
}
