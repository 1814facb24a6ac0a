/* SPDX-License-Identifier: MIT */
#include "publish/reconcile.h"

#include "base/text.h"
#include "publish/identity.h"

#include <string.h>

/* How people say that their commits on a branch of ours may go. */
static bool gives_up(const char *message)
{
	static const char *const words[] = { "[dependabot skip]", "[skip dependabot]",
					     "[dependabot-skip]", "[skip-dependabot]",
					     "[upkeepd skip]",    "[skip upkeepd]" };
	g_autofree char *lower = g_ascii_strdown(message, -1);

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (strstr(lower, words[i]) != NULL)
			return true;
	return false;
}

OwnBranch *own_branch_new(const char *name, const Tip *tip, const char *own_email,
			  const char *recorded)
{
	OwnBranch *branch = g_new0(OwnBranch, 1);
	bool has_trailer = identity_read(tip->message, &branch->key, &branch->content);

	branch->name = g_strdup(name);
	branch->commit = g_strdup(tip->commit);
	branch->is_ours = has_trailer && strcmp(tip->author_email, own_email) == 0 &&
			  strcmp(tip->committer_email, own_email) == 0 &&
			  (recorded == NULL || strcmp(recorded, tip->commit) == 0);
	branch->is_given_up = !branch->is_ours && gives_up(tip->message);
	return branch;
}

void own_branch_free(OwnBranch *branch)
{
	if (branch == NULL)
		return;
	g_free(branch->name);
	g_free(branch->commit);
	g_free(branch->key);
	g_free(branch->content);
	g_free(branch);
}

/* The work of reconcile(). */
typedef struct {
	const Findings *findings;
	GTree *by_name; /* of OwnBranch */
	GTree *by_key;  /* of GPtrArray of OwnBranch */
	GTree *wanted;  /* keys of plans */
	GTree *names;   /* branches of plans */
	GTree *open;    /* Rules to guint: proposals it has open */
	GPtrArray *moves;
} Work;

static int by_address(const void *a, const void *b, void *data G_GNUC_UNUSED)
{
	return a < b ? -1 : a > b;
}

static void free_list(void *list)
{
	g_ptr_array_unref(list);
}

static void move(Work *work, Action action, Plan *plan, const OwnBranch *branch, const char *reason)
{
	Move *one = g_new0(Move, 1);

	*one = (Move){ action, plan, branch, reason };
	g_ptr_array_add(work->moves, one);
}

static void sort_in(Work *work, OwnBranch *branch)
{
	GPtrArray *list;

	g_tree_insert(work->by_name, branch->name, branch);
	if (branch->key == NULL)
		return;
	list = g_tree_lookup(work->by_key, branch->key);
	if (list == NULL) {
		list = g_ptr_array_new();
		g_tree_insert(work->by_key, branch->key, list);
	}
	g_ptr_array_add(list, branch);
}

static bool is_refused(const Work *work, const char *name)
{
	return work->findings->refused != NULL &&
	       g_tree_lookup_extended(work->findings->refused, name, NULL, NULL);
}

static guint open_of(const Work *work, const Rules *rules)
{
	return GPOINTER_TO_UINT(g_tree_lookup(work->open, rules));
}

static void count_open(Work *work, const Rules *rules)
{
	g_tree_insert(work->open, (void *)rules, GUINT_TO_POINTER(open_of(work, rules) + 1));
}

/* Whether a proposal for what `plan` moves is open already. */
static bool has_branch(const Work *work, const Plan *plan)
{
	return g_tree_lookup(work->by_name, plan->branch) != NULL ||
	       g_tree_lookup(work->by_key, plan->update_key) != NULL;
}

/* The other branches for what `plan` moves: to older versions, or to other sets. */
static void supersede(Work *work, Plan *plan)
{
	const GPtrArray *list = g_tree_lookup(work->by_key, plan->update_key);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const OwnBranch *branch = g_ptr_array_index(list, i);

		if (g_tree_lookup(work->names, branch->name) != NULL)
			continue;
		if (branch->is_ours || branch->is_given_up)
			move(work, ACTION_SUPERSEDED, plan, branch, NULL);
		else
			move(work, ACTION_SKIPPED, NULL, branch, RECONCILE_EDITED);
	}
}

static void meet(Work *work, Plan *plan, const OwnBranch *branch)
{
	g_autofree char *id = identity_trailer(plan);
	const char *content = strrchr(id, ' ') + 1;

	if (!branch->is_ours && !branch->is_given_up)
		move(work, ACTION_SKIPPED, plan, branch, RECONCILE_EDITED);
	else if (branch->is_ours && g_strcmp0(branch->content, content) == 0)
		move(work, ACTION_UNCHANGED, plan, branch, NULL);
	else if (plan->rules != NULL && plan->rules->is_rebase_disabled)
		move(work, ACTION_UNCHANGED, plan, branch, RECONCILE_NO_REBASE);
	else
		move(work, ACTION_UPDATED, plan, branch, NULL);
	supersede(work, plan);
}

static void create(Work *work, Plan *plan)
{
	const Rules *rules = plan->rules;
	bool is_new = !has_branch(work, plan);

	if (is_new && rules != NULL &&
	    open_of(work, rules) >= (guint)MAX(rules->open_pull_requests_limit, 0)) {
		move(work, ACTION_SKIPPED, plan, NULL, RECONCILE_LIMITED);
		return;
	}
	if (is_new)
		count_open(work, rules);
	move(work, ACTION_CREATED, plan, NULL, NULL);
	supersede(work, plan);
}

static void decide(Work *work, Plan *plan)
{
	const OwnBranch *branch = NULL;

	if (plan->error != NULL) {
		move(work, ACTION_FAILED, plan, NULL, NULL);
		return;
	}
	branch = g_tree_lookup(work->by_name, plan->branch);
	if (is_refused(work, plan->branch))
		move(work, ACTION_SKIPPED, plan, branch, RECONCILE_REFUSED);
	else if (branch != NULL)
		meet(work, plan, branch);
	else
		create(work, plan);
}

/* Whether this run would have found what `key` is about, were it still there. */
static bool is_looked_at(const Findings *findings, const char *key)
{
	if (findings->is_whole)
		return true;
	for (guint i = 0; findings->scopes != NULL && i < findings->scopes->len; i++)
		if (g_str_has_prefix(key, g_ptr_array_index(findings->scopes, i)))
			return true;
	return false;
}

/* A branch that no plan wants any more. */
static void dismiss(Work *work, const OwnBranch *branch)
{
	const Findings *findings = work->findings;
	const char *reason = NULL;

	if (branch->key == NULL || g_tree_lookup(work->wanted, branch->key) != NULL ||
	    g_tree_lookup(work->names, branch->name) != NULL)
		return;
	if (findings->reasons != NULL)
		reason = g_tree_lookup(findings->reasons, branch->key);
	if (reason == NULL && is_looked_at(findings, branch->key))
		reason = "dependency_removed";
	if (reason == NULL)
		return;
	if (!branch->is_ours && !branch->is_given_up)
		move(work, ACTION_SKIPPED, NULL, branch, RECONCILE_EDITED);
	else if (*reason != '\0')
		move(work, ACTION_CLOSED, NULL, branch, reason);
}

GPtrArray *reconcile(const GPtrArray *plans, const GPtrArray *branches, const Findings *findings)
{
	g_autoptr(GTree) by_name = g_tree_new_full(text_compare, NULL, NULL, NULL);
	g_autoptr(GTree) by_key = g_tree_new_full(text_compare, NULL, NULL, free_list);
	g_autoptr(GTree) wanted = g_tree_new_full(text_compare, NULL, NULL, NULL);
	g_autoptr(GTree) names = g_tree_new_full(text_compare, NULL, NULL, NULL);
	g_autoptr(GTree) open = g_tree_new_full(by_address, NULL, NULL, NULL);
	GPtrArray *moves = g_ptr_array_new_with_free_func(g_free);
	Work work = { findings, by_name, by_key, wanted, names, open, moves };

	for (guint i = 0; i < branches->len; i++)
		sort_in(&work, g_ptr_array_index(branches, i));
	for (guint i = 0; i < plans->len; i++) {
		Plan *plan = g_ptr_array_index(plans, i);

		if (plan->update_key != NULL)
			g_tree_insert(wanted, plan->update_key, plan);
		if (plan->branch == NULL || plan->update_key == NULL)
			continue; /* it failed before it had them */
		g_tree_insert(names, plan->branch, plan);
		if (has_branch(&work, plan))
			count_open(&work, plan->rules);
	}
	for (guint i = 0; i < plans->len; i++)
		decide(&work, g_ptr_array_index(plans, i));
	for (guint i = 0; i < branches->len; i++)
		dismiss(&work, g_ptr_array_index(branches, i));
	return moves;
}

char *reconcile_farewell(const char *reason, const char *title)
{
	static const struct {
		const char *reason, *text;
	} texts[] = {
		{ "up_to_date",
		  "What this proposal was for has been reached some other way; it is closed." },
		{ "dependency_removed",
		  "The dependency is no longer in the manifest; this proposal is closed." },
		{ "update_no_longer_possible",
		  "This update cannot be made any more; the proposal is closed until it can." },
		{ "dependencies_changed",
		  "What has to be updated together has changed; this proposal is closed." },
		{ "dependency_group_empty",
		  "No dependency belongs to this group now; the proposal is closed." },
	};

	if (title != NULL)
		return g_strdup_printf("Superseded by: %s", title);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (g_strcmp0(texts[i].reason, reason) == 0)
			return g_strdup(texts[i].text);
	return g_strdup("");
}
