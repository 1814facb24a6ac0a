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
	g_free(branch->parent);
	g_free(branch->key);
	g_free(branch->content);
	g_clear_pointer(&branch->members, g_ptr_array_unref);
	g_free(branch);
}

bool own_branch_has(const OwnBranch *branch, const Plan *plan)
{
	g_autofree char *id = identity_trailer(plan);

	return g_strcmp0(branch->content, strrchr(id, ' ') + 1) == 0;
}

GTree *own_branches_by_name(const GPtrArray *branches)
{
	GTree *by_name = g_tree_new_full(text_compare, NULL, NULL, NULL);

	for (guint i = 0; i < branches->len; i++) {
		OwnBranch *branch = g_ptr_array_index(branches, i);

		g_tree_insert(by_name, branch->name, branch);
	}
	return by_name;
}

char *reconcile_member(const char *name, const char *directory)
{
	return g_strjoin("\n", name, directory, NULL);
}

static int by_address(const void *a, const void *b, void *data G_GNUC_UNUSED)
{
	return a < b ? -1 : a > b;
}

void findings_begin(Findings *findings)
{
	*findings = (Findings){
		.scopes = g_tree_new_full(text_compare, NULL, g_free, g_free),
		.reasons = g_tree_new_full(text_compare, NULL, g_free, NULL),
		.open = g_tree_new_full(text_compare, NULL, g_free, NULL),
		.missed = g_tree_new_full(text_compare, NULL, g_free, NULL),
		.tended = g_tree_new_full(by_address, NULL, NULL, NULL),
		.opened = g_tree_new_full(by_address, NULL, NULL, NULL),
		.refused = g_tree_new_full(text_compare, NULL, g_free, NULL),
		.rebuilt = g_tree_new_full(text_compare, NULL, g_free, NULL),
		.recreated = g_tree_new_full(text_compare, NULL, g_free, NULL),
		.behind = g_tree_new_full(text_compare, NULL, g_free, NULL),
		.merging = g_tree_new_full(text_compare, NULL, g_free, NULL),
		.recent = g_tree_new_full(text_compare, NULL, g_free, NULL),
		.asked = g_tree_new_full(text_compare, NULL, g_free, NULL),
	};
}

void findings_clear(Findings *findings)
{
	g_clear_pointer(&findings->scopes, g_tree_unref);
	g_clear_pointer(&findings->reasons, g_tree_unref);
	g_clear_pointer(&findings->open, g_tree_unref);
	g_clear_pointer(&findings->missed, g_tree_unref);
	g_clear_pointer(&findings->tended, g_tree_unref);
	g_clear_pointer(&findings->opened, g_tree_unref);
	g_clear_pointer(&findings->refused, g_tree_unref);
	g_clear_pointer(&findings->rebuilt, g_tree_unref);
	g_clear_pointer(&findings->recreated, g_tree_unref);
	g_clear_pointer(&findings->behind, g_tree_unref);
	g_clear_pointer(&findings->merging, g_tree_unref);
	g_clear_pointer(&findings->recent, g_tree_unref);
	g_clear_pointer(&findings->asked, g_tree_unref);
}

/* The work of reconcile(). */
typedef struct {
	const Findings *findings;
	GTree *by_name;    /* of OwnBranch */
	GTree *by_key;     /* of GPtrArray of OwnBranch */
	GTree *wanted;     /* keys of plans */
	GTree *names;      /* branches of plans */
	GTree *open;       /* Rules to guint: proposals it has open */
	GTree *made;       /* Rules to guint: those that this run opens */
	GPtrArray *moves;  /* of Move */
	GPtrArray *leaves; /* of Move: the branches that nobody wants */
} Work;

static void free_list(void *list)
{
	g_ptr_array_unref(list);
}

static void add_move(GPtrArray *moves, Action action, Plan *plan, const OwnBranch *branch,
		     const char *reason)
{
	Move *one = g_new0(Move, 1);

	*one = (Move){ action, plan, branch, reason };
	g_ptr_array_add(moves, one);
}

static void move(Work *work, Action action, Plan *plan, const OwnBranch *branch, const char *reason)
{
	add_move(work->moves, action, plan, branch, reason);
}

static void sort_in(Work *work, OwnBranch *branch)
{
	GPtrArray *list;

	if (branch->key == NULL)
		return;
	list = g_tree_lookup(work->by_key, branch->key);
	if (list == NULL) {
		list = g_ptr_array_new();
		g_tree_insert(work->by_key, branch->key, list);
	}
	g_ptr_array_add(list, branch);
}

static bool is_in(GTree *tree, const char *text)
{
	return tree != NULL && g_tree_lookup_extended(tree, text, NULL, NULL);
}

static bool is_refused(const Work *work, const char *name)
{
	return is_in(work->findings->refused, name);
}

/* Whether it is for us to move: nobody else has touched it, or they do not mind. */
static bool is_for_us(const Work *work, const OwnBranch *branch)
{
	return branch->is_ours || branch->is_given_up ||
	       is_in(work->findings->recreated, branch->name);
}

static guint count_in(GTree *tree, const Rules *rules)
{
	return tree == NULL ? 0 : GPOINTER_TO_UINT(g_tree_lookup(tree, rules));
}

static void count_open(Work *work, const Rules *rules)
{
	g_tree_insert(work->open, (void *)rules, GUINT_TO_POINTER(count_in(work->open, rules) + 1));
}

static void count_made(Work *work, const Rules *rules)
{
	g_tree_insert(work->made, (void *)rules, GUINT_TO_POINTER(count_in(work->made, rules) + 1));
}

static bool is_hour_full(const Work *work, const Rules *rules)
{
	return rules != NULL && rules->hourly_limit > 0 &&
	       count_in(work->findings->opened, rules) + count_in(work->made, rules) >=
		       (guint)rules->hourly_limit;
}

/* Whether a proposal for what `plan` moves is open already. */
static bool has_branch(const Work *work, const Plan *plan)
{
	return g_tree_lookup(work->by_name, plan->branch) != NULL ||
	       g_tree_lookup(work->by_key, plan->update_key) != NULL;
}

/* Sets of names. */
static GTree *names_of_branch(const OwnBranch *branch)
{
	GTree *names = g_tree_new_full(text_compare, NULL, g_free, NULL);

	for (guint i = 0; i < branch->members->len; i++) {
		const char *member = g_ptr_array_index(branch->members, i);

		g_tree_insert(names, g_strndup(member, strcspn(member, "\n")), names);
	}
	return names;
}

static GTree *names_of_plan(const Plan *plan)
{
	GTree *names = g_tree_new_full(text_compare, NULL, g_free, NULL);

	for (guint i = 0; i < plan->updates->len; i++) {
		const Update *update = g_ptr_array_index(plan->updates, i);

		g_tree_insert(names, g_strdup(update->dependency->name), names);
	}
	return names;
}

/* Whether a branch moves other dependencies than `plan`, not these to other versions. */
static bool is_other_set(const OwnBranch *branch, const Plan *plan)
{
	g_autoptr(GTree) before = NULL, now = NULL;
	bool is_other;

	if (branch->members == NULL)
		return false;
	before = names_of_branch(branch);
	now = names_of_plan(plan);
	is_other = g_tree_nnodes(before) != g_tree_nnodes(now);
	for (GTreeNode *node = g_tree_node_first(before); node != NULL && !is_other;
	     node = g_tree_node_next(node))
		is_other = g_tree_lookup(now, g_tree_node_key(node)) == NULL;
	return is_other;
}

/* The other branches for what `plan` moves: to older versions, or to other sets. */
static void supersede(Work *work, Plan *plan)
{
	const GPtrArray *list = g_tree_lookup(work->by_key, plan->update_key);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const OwnBranch *branch = g_ptr_array_index(list, i);

		if (g_tree_lookup(work->names, branch->name) != NULL)
			continue;
		if (is_for_us(work, branch))
			move(work, ACTION_SUPERSEDED, plan, branch,
			     is_other_set(branch, plan) ? "dependencies_changed" : NULL);
		else
			move(work, ACTION_SKIPPED, NULL, branch, RECONCILE_EDITED);
	}
}

static bool has_member(const Plan *plan, const char *member)
{
	for (guint i = 0; i < plan->updates->len; i++) {
		const Update *update = g_ptr_array_index(plan->updates, i);
		g_autofree char *own =
			reconcile_member(update->dependency->name, update->manifest->directory);

		if (strcmp(own, member) == 0)
			return true;
	}
	return false;
}

/* Whether a member, or all of its directory, is in `set`. */
static bool is_member_in(GTree *set, const char *member)
{
	return is_in(set, member) || is_in(set, strchr(member, '\n'));
}

/* Whether `plan` lacks something that its branch moves, for no better reason than
 * that nobody could be asked about it. */
static bool is_less(const Work *work, const Plan *plan)
{
	const GPtrArray *list = g_tree_lookup(work->by_key, plan->update_key);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const GPtrArray *members = ((OwnBranch *)g_ptr_array_index(list, i))->members;

		for (guint k = 0; members != NULL && k < members->len; k++)
			if (is_member_in(work->findings->missed, g_ptr_array_index(members, k)) &&
			    !has_member(plan, g_ptr_array_index(members, k)))
				return true;
	}
	return false;
}

/* Whether the plan cannot be made, whatever is tried. */
static bool is_given_up(const Plan *plan)
{
	return plan->error != NULL && failure_kind(plan->error) == FAILURE_INPUT;
}

/* The branches of a plan that cannot be made any more. */
static void give_up(Work *work, Plan *plan)
{
	const GPtrArray *list =
		plan->update_key == NULL ? NULL : g_tree_lookup(work->by_key, plan->update_key);

	for (guint i = 0; list != NULL && i < list->len; i++) {
		const OwnBranch *branch = g_ptr_array_index(list, i);

		if (is_for_us(work, branch))
			move(work, ACTION_CLOSED, NULL, branch, "update_no_longer_possible");
	}
}

/* Whether a branch that nobody else has touched is to be built anew; `*why` not. */
static bool is_rebuilt(const Work *work, const Plan *plan, const OwnBranch *branch,
		       const char **why)
{
	const Findings *findings = work->findings;
	RebaseWhen when = rules_rebase(plan->rules);
	bool is_good = own_branch_has(branch, plan) || is_in(findings->merging, branch->name);

	if (when == REBASE_BEHIND && is_in(findings->behind, branch->name))
		is_good = false;
	if (!is_good && when == REBASE_NEVER)
		*why = RECONCILE_NO_REBASE;
	else if (!is_good && is_in(findings->recent, branch->name))
		*why = RECONCILE_RECENT;
	return !is_good && *why == NULL;
}

static void meet(Work *work, Plan *plan, const OwnBranch *branch)
{
	const char *why = NULL;

	if (!is_for_us(work, branch))
		move(work, ACTION_SKIPPED, plan, branch, RECONCILE_EDITED);
	else if (!branch->is_ours || is_in(work->findings->rebuilt, branch->name) ||
		 is_rebuilt(work, plan, branch, &why))
		move(work, ACTION_UPDATED, plan, branch, NULL);
	else
		move(work, ACTION_UNCHANGED, plan, branch, why);
	supersede(work, plan);
}

static bool is_asked_for(const Work *work, const Plan *plan)
{
	return plan->update_key != NULL && is_in(work->findings->asked, plan->update_key);
}

/* What amends the rules takes no part in schedules and limits of entries. */
static void create(Work *work, Plan *plan)
{
	const Rules *rules = plan->amendment != NULL ? NULL : plan->rules;
	bool is_new = !has_branch(work, plan), is_asked = is_asked_for(work, plan);

	if (!is_asked && rules != NULL && work->findings->tended != NULL &&
	    g_tree_lookup(work->findings->tended, rules) != NULL)
		return;
	if (!is_new && is_less(work, plan)) {
		move(work, ACTION_SKIPPED, plan, NULL, RECONCILE_MISSED);
		return;
	}
	if (is_new && !is_asked && rules != NULL &&
	    count_in(work->open, rules) >= (guint)MAX(rules->open_pull_requests_limit, 0)) {
		move(work, ACTION_SKIPPED, plan, NULL, RECONCILE_LIMITED);
		return;
	}
	if (is_new && !is_asked && is_hour_full(work, rules)) {
		move(work, ACTION_SKIPPED, plan, NULL, RECONCILE_HOURLY);
		return;
	}
	count_made(work, rules);
	if (is_new)
		count_open(work, rules);
	move(work, ACTION_CREATED, plan, NULL, NULL);
	supersede(work, plan);
}

static void decide(Work *work, Plan *plan)
{
	const OwnBranch *branch = NULL;

	if (plan->error != NULL) {
		move(work, plan->is_held ? ACTION_SKIPPED : ACTION_FAILED, plan, NULL,
		     plan->is_held ? plan->error->message : NULL);
		if (is_given_up(plan))
			give_up(work, plan);
		return;
	}
	if (plan->is_moot) {
		move(work, ACTION_SKIPPED, plan, NULL, RECONCILE_MOOT);
		give_up(work, plan);
		return;
	}
	branch = g_tree_lookup(work->by_name, plan->branch);
	if (is_refused(work, plan->branch) && !is_asked_for(work, plan))
		move(work, ACTION_SKIPPED, plan, branch, RECONCILE_REFUSED);
	else if (branch != NULL)
		meet(work, plan, branch);
	else
		create(work, plan);
}

/* The scope that a key lies in; NULL: none. */
static const Scope *scope_of(const Findings *findings, const char *key)
{
	const char *end = key;
	g_autofree char *beginning = NULL;
	const Scope *scope;

	if (findings->scopes == NULL)
		return NULL;
	scope = g_tree_lookup(findings->scopes, key);
	for (int bars = 0; bars < 3 && end != NULL; bars++) {
		end = strchr(end, '|');
		end = end == NULL ? NULL : end + 1;
	}
	if (scope != NULL || end == NULL)
		return scope;
	beginning = g_strndup(key, (gsize)(end - key));
	return g_tree_lookup(findings->scopes, beginning);
}

/* The reason of several names that move together: what leaves one open leaves all. */
static const char *common_reason(const Findings *findings, const char *key, const char *names)
{
	g_auto(GStrv) list = g_strsplit(names, ",", -1);
	const char *found = NULL;

	for (char **name = list; *name != NULL; name++) {
		g_autofree char *alone = g_strdup_printf("%.*s%s", (int)(names - key), key, *name);
		const char *reason = g_tree_lookup(findings->reasons, alone);

		if (reason != NULL && (found == NULL || *reason == '\0'))
			found = reason;
	}
	return found;
}

/* Why nothing wants a branch that has been looked for; "": it is an open question. */
static const char *reason_for(const Findings *findings, const OwnBranch *branch)
{
	const char *bar = strrchr(branch->key, '|'), *found = NULL;
	bool is_group = bar != NULL && g_str_has_prefix(bar, "|group:");

	for (guint i = 0; branch->members != NULL && i < branch->members->len; i++)
		if (is_member_in(findings->open, g_ptr_array_index(branch->members, i)))
			return "";
	if (findings->reasons != NULL)
		found = g_tree_lookup(findings->reasons, branch->key);
	if (found == NULL && findings->reasons != NULL && bar != NULL && !is_group)
		found = common_reason(findings, branch->key, bar + 1);
	if (found != NULL)
		return found;
	return is_group ? "dependency_group_empty" : "dependency_removed";
}

/* A branch that no plan wants any more: it goes, or it stays and counts. */
static void dismiss(Work *work, const OwnBranch *branch)
{
	const Findings *findings = work->findings;
	const char *reason = "";
	const Scope *scope;

	if (branch->key == NULL || g_tree_lookup(work->wanted, branch->key) != NULL ||
	    g_tree_lookup(work->names, branch->name) != NULL)
		return;
	scope = scope_of(findings, branch->key);
	if (scope == NULL ? findings->is_whole : scope->is_known)
		reason = reason_for(findings, branch);
	if (*reason != '\0' && is_for_us(work, branch)) {
		add_move(work->leaves, ACTION_CLOSED, NULL, branch, reason);
		return;
	}
	if (*reason != '\0')
		add_move(work->leaves, ACTION_SKIPPED, NULL, branch, RECONCILE_EDITED);
	if (scope != NULL && !is_refused(work, branch->name))
		count_open(work, scope->rules);
}

/* Whether what `plan` moves has a proposal already; one that a person closed may
 * have left its branch behind. */
static bool is_open(const Work *work, const Plan *plan)
{
	const GPtrArray *list = g_tree_lookup(work->by_key, plan->update_key);
	bool is_any = g_tree_lookup(work->by_name, plan->branch) != NULL &&
		      !is_refused(work, plan->branch);

	for (guint i = 0; list != NULL && i < list->len; i++)
		is_any = is_any ||
			 !is_refused(work, ((OwnBranch *)g_ptr_array_index(list, i))->name);
	return is_any;
}

static void note_plans(Work *work, const GPtrArray *plans)
{
	for (guint i = 0; i < plans->len; i++) {
		Plan *plan = g_ptr_array_index(plans, i);

		if (plan->update_key != NULL)
			g_tree_insert(work->wanted, plan->update_key, plan);
		if (plan->branch == NULL || plan->update_key == NULL)
			continue; /* it failed before it had them */
		g_tree_insert(work->names, plan->branch, plan);
		if (plan->amendment == NULL && is_open(work, plan) && !is_given_up(plan))
			count_open(work, plan->rules);
	}
}

GPtrArray *reconcile(const GPtrArray *plans, const GPtrArray *branches, const Findings *findings)
{
	g_autoptr(GTree) by_name = own_branches_by_name(branches);
	g_autoptr(GTree) by_key = g_tree_new_full(text_compare, NULL, NULL, free_list);
	g_autoptr(GTree) wanted = g_tree_new_full(text_compare, NULL, NULL, NULL);
	g_autoptr(GTree) names = g_tree_new_full(text_compare, NULL, NULL, NULL);
	g_autoptr(GTree) open = g_tree_new_full(by_address, NULL, NULL, NULL);
	g_autoptr(GTree) made = g_tree_new_full(by_address, NULL, NULL, NULL);
	g_autoptr(GPtrArray) leaves = g_ptr_array_new();
	GPtrArray *moves = g_ptr_array_new_with_free_func(g_free);
	Work work = { findings, by_name, by_key, wanted, names, open, made, moves, leaves };

	for (guint i = 0; i < branches->len; i++)
		sort_in(&work, g_ptr_array_index(branches, i));
	note_plans(&work, plans);
	for (guint i = 0; i < branches->len; i++)
		dismiss(&work, g_ptr_array_index(branches, i));
	for (guint i = 0; i < plans->len; i++)
		decide(&work, g_ptr_array_index(plans, i));
	for (guint i = 0; i < leaves->len; i++)
		g_ptr_array_add(moves, g_ptr_array_index(leaves, i));
	return moves;
}

/* What is said on a proposal that is closed. */
typedef struct {
	const char *reason, *text;
	const char *replaced; /* instead, where another takes its place: %s; NULL: the same */
	const char *back;     /* what has it proposed again */
} Farewell;

static const Farewell farewells[] = {
	{ "superseded", "A newer update takes the place of this proposal; it is closed.",
	  "Superseded by %s.", "This one comes back where the rules ignore what is newer." },
	{ "duplicate", "The same is proposed already; this one is closed.",
	  "The same is proposed by %s; this one is closed.",
	  "The other one is kept current: nothing brings this one back." },
	{ "up_to_date", "What this proposal was for has been reached some other way; it is closed.",
	  NULL,
	  "It comes back when what is in the manifest is behind again, and the rules allow it." },
	{ "dependency_removed",
	  "The dependency is no longer in the manifest; this proposal is closed.", NULL,
	  "It comes back when the dependency does, in a place that the rules name, and is "
	  "behind." },
	{ "update_no_longer_possible",
	  "This update cannot be made any more; the proposal is closed.", NULL,
	  "It comes back as soon as the update can be made again." },
	{ "dependencies_changed",
	  "What has to be updated together has changed; this proposal is closed.",
	  "What has to be updated together has changed: %s takes the place of this proposal.",
	  "This one comes back when it is these dependencies alone again." },
	{ "dependency_group_empty",
	  "No dependency belongs to this group now; the proposal is closed.", NULL,
	  "It comes back when the group has one that is behind." },
	{ RECONCILE_WRITTEN,
	  "The rules say now what this proposal was to write into them; it is closed.", NULL,
	  "It comes back when somebody orders it, and the rules do not say so." },
	{ RECONCILE_WITHDRAWN,
	  "What this proposal was to write into the rules is no longer wanted; it is closed.", NULL,
	  "It comes back when somebody orders it again." },
	{ RECONCILE_UNWRITABLE,
	  "What this proposal was to write into the rules can no longer be written there; it is "
	  "closed. What is ignored stays so.",
	  NULL, "It comes back when somebody orders it again." },
};

static const Farewell *farewell_for(const char *reason)
{
	static const Farewell other = { "", "This proposal is closed.", "Superseded by %s.", NULL };

	for (size_t i = 0; i < G_N_ELEMENTS(farewells); i++)
		if (strcmp(farewells[i].reason, reason) == 0)
			return &farewells[i];
	return &other;
}

char *reconcile_farewell(const char *reason, const char *replacement)
{
	const Farewell *farewell = farewell_for(reason);
	g_autofree char *marker = identity_farewell(reason);
	g_auto(GStrv) around = NULL;
	g_autofree char *text = NULL;

	if (replacement != NULL && farewell->replaced != NULL) {
		around = g_strsplit(farewell->replaced, "%s", 2);
		text = g_strjoinv(replacement, around);
	} else {
		text = g_strdup(farewell->text);
	}
	if (farewell->back == NULL)
		return g_strdup_printf("%s\n\n%s", text, marker);
	return g_strdup_printf("%s\n\n%s\n\n%s", text, farewell->back, marker);
}
