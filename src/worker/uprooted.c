/* SPDX-License-Identifier: MIT */
/* 1. A branch grows on its base as long as its parent is among the base's commits.
 * 2. Of a long history only the newest commits are looked at. A parent that is not among
 *    them is older than all of them, or no commit of the base any more: only then can what
 *    came before it be among them. Where nothing is, the branch is taken to be far behind.
 * 3. A history that is here as a whole, to its roots, needs no such guess. */
#include "worker/uprooted.h"

#include "base/text.h"

#include <string.h>

/* Commits of a base, and of a branch, that are looked at. */
#define LOOKED_AT 100

typedef struct {
	GTree *ids;    /* of the newest commits */
	bool is_whole; /* there are no others */
} Past;

static void past_clear(Past *past)
{
	g_clear_pointer(&past->ids, g_tree_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Past, past_clear)

static bool is_among(const Past *past, const char *id)
{
	return g_tree_lookup(past->ids, id) != NULL;
}

static void note_whole(Past *past, const GPtrArray *commits)
{
	past->is_whole = true;
	for (guint i = 0; i < commits->len; i++) {
		const Commit *commit = g_ptr_array_index(commits, i);

		for (guint k = 0; k < commit->parents->len; k++)
			past->is_whole = past->is_whole &&
					 is_among(past, g_ptr_array_index(commit->parents, k));
	}
}

static bool read_past(Job *job, const char *tip, Past *past, GError **error)
{
	g_autoptr(GPtrArray) commits = remote_history(job->remote, tip, LOOKED_AT, error);

	if (commits == NULL)
		return false;
	past->ids = g_tree_new_full(text_compare, NULL, g_free, NULL);
	for (guint i = 0; i < commits->len; i++)
		text_add(past->ids, g_strdup(((Commit *)commits->pdata[i])->id));
	note_whole(past, commits);
	return true;
}

static bool have_in_common(const Past *one, const Past *other)
{
	for (GTreeNode *node = g_tree_node_first(one->ids); node != NULL;
	     node = g_tree_node_next(node))
		if (is_among(other, g_tree_node_key(node)))
			return true;
	return false;
}

/* `past` is the base's, read when it is needed first. */
static bool is_uprooted(Job *job, const Base *base, const OwnBranch *branch, Past *past,
			bool *is_so, GError **error)
{
	g_auto(Past) own = { 0 };

	*is_so = false;
	if (branch->parent == NULL || strcmp(branch->parent, base->source->commit) == 0)
		return true;
	if (past->ids == NULL && !read_past(job, base->source->commit, past, error))
		return false;
	*is_so = past->is_whole && !is_among(past, branch->parent);
	if (past->is_whole || is_among(past, branch->parent))
		return true;
	if (!read_past(job, branch->commit, &own, error))
		return false;
	*is_so = have_in_common(&own, past);
	return true;
}

bool uprooted_find(Job *job, const GPtrArray *branches, Findings *findings, GError **error)
{
	g_autoptr(GTree) by_name = own_branches_by_name(branches);

	for (guint i = 0; i < job->bases->len; i++) {
		const Base *base = g_ptr_array_index(job->bases, i);
		g_auto(Past) past = { 0 };

		for (guint k = 0; base->plans != NULL && k < base->plans->len; k++) {
			const Plan *plan = g_ptr_array_index(base->plans, k);
			const OwnBranch *branch =
				plan->branch != NULL ? g_tree_lookup(by_name, plan->branch) : NULL;
			bool is_so;

			if (branch == NULL || !branch->is_ours ||
			    rules_rebase(plan->rules) == REBASE_NEVER)
				continue;
			if (!is_uprooted(job, base, branch, &past, &is_so, error))
				return false;
			if (is_so)
				text_add(findings->rebuilt, g_strdup(branch->name));
		}
	}
	return true;
}
