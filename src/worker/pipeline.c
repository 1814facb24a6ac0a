/* SPDX-License-Identifier: MIT */
#include "worker/pipeline.h"

#include "base/text.h"
#include "git/tip.h"
#include "policy/absent.h"
#include "policy/group.h"
#include "publish/text.h"
#include "worker/amend.h"
#include "worker/carry.h"
#include "worker/claims.h"
#include "worker/dashboard.h"
#include "worker/decide.h"
#include "worker/discover.h"
#include "worker/due.h"
#include "worker/expiry.h"
#include "worker/findings.h"
#include "worker/follow.h"
#include "worker/leftover.h"
#include "worker/mistakes.h"
#include "worker/orders.h"
#include "worker/rebase.h"
#include "worker/show.h"
#include "worker/unproposed.h"
#include "worker/uprooted.h"
#include "worker/words.h"

#include <string.h>

/* Commits of the base whose wording is looked at (pull-requests.md 3.3). */
#define HISTORY 100

static void base_free(void *data)
{
	Base *base = data;

	g_clear_pointer(&base->plans, g_ptr_array_unref);
	g_clear_pointer(&base->history, g_ptr_array_unref);
	g_clear_pointer(&base->builders, builders_drop);
	decision_clear(&base->decision);
	g_clear_pointer(&base->manifests, g_ptr_array_unref);
	folders_free(base->folders);
	source_free(base->source);
	g_free(base->branch);
	g_free(base);
}

/* `entry` NULL: the default branch. */
static bool add_base(Job *job, const Rules *entry, GError **error)
{
	const char *target = entry != NULL ? entry->target_branch : NULL;
	const char *branch = target != NULL ? target : remote_default_branch(job->remote);
	const char *tip = branch != NULL ? remote_tip(job->remote, branch) : NULL;
	Base *base;

	if (tip == NULL) {
		g_autoptr(GError) absent = NULL;

		fail(&absent, FAILURE_INPUT, "there is no branch '%s'", branch);
		turn_error(job->turn, entry != NULL ? entry->place : (Place){ 0 }, absent);
		return true;
	}
	base = g_new0(Base, 1);
	g_ptr_array_add(job->bases, base);
	base->branch = g_strdup(branch);
	base->target = target;
	base->source = tip_open(job->remote, tip, error);
	return base->source != NULL;
}

/* What is wrong with a registry is said; look-ups that need it fail by themselves. */
static void read_registries(Job *job)
{
	g_autoptr(GPtrArray) problems = problems_new();

	job->registries = registries_new(&job->world, job->settings, job->rules, problems);
	for (guint i = 0; i < problems->len; i++) {
		const Problem *problem = g_ptr_array_index(problems, i);
		g_autoptr(GError) wrong = NULL;

		fail(&wrong, FAILURE_CONFIG, "%s", problem->text);
		turn_error(job->turn, (Place){ problem->path, problem->line, problem->column },
			   wrong);
	}
}

/* The rules stand on the default branch, whatever branch they are for. Below an owner
 * those repositories are meant that have some; the others ask for nothing. */
static bool read_rules(Job *job, GError **error)
{
	const Base *base = g_ptr_array_index(job->bases, 0);

	if (!discover_rules(base->source, job->fallback_rules, &job->rules, error))
		return false;
	if (job->rules == NULL && job->turn->ticket->owner != NULL)
		job->rules = rules_file_new(".github/dependabot.yml");
	if (job->rules == NULL)
		return fail(error, FAILURE_INPUT,
			    "the repository has no .github/dependabot.yml, and no default rules "
			    "are set");
	return true;
}

static bool is_known_base(const Job *job, const char *target)
{
	for (guint i = 0; i < job->bases->len; i++)
		if (g_strcmp0(((Base *)g_ptr_array_index(job->bases, i))->target, target) == 0)
			return true;
	return false;
}

static bool add_bases(Job *job, GError **error)
{
	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		if (rules->is_usable && rules->is_handled &&
		    !is_known_base(job, rules->target_branch) && !add_base(job, rules, error))
			return false;
	}
	return true;
}

typedef struct {
	const Job *job;
	const Base *base;
} BaseOfJob;

static bool is_for_base(const Rules *entry, void *data)
{
	const BaseOfJob *scope = data;

	return g_strcmp0(entry->target_branch, scope->base->target) == 0 &&
	       due_of(scope->job, entry) != DUE_NOT;
}

/* What was wrong last time is not said again where nothing is looked at. */
static bool has_news(const Job *job)
{
	for (guint i = 0; i < job->rules->entries->len; i++)
		if (due_of(job, g_ptr_array_index(job->rules->entries, i)) == DUE_RUN)
			return true;
	for (guint i = 0; i < job->rules->problems->len; i++)
		if (((Problem *)g_ptr_array_index(job->rules->problems, i))->weight == WEIGHT_ERROR)
			return true;
	return false;
}

/* What people have said, in comments and in the boxes of a dashboard. */
static bool hear(Job *job, GError **error)
{
	return orders_hear(job, error) && dashboard_hear(job, error);
}

/* Between two looks at the base people are listened to, and nobody else is asked. */
static bool listen(Job *job, bool *is_rest, GError **error)
{
	*is_rest = due_is_quiet(job);
	if (!*is_rest)
		return true;
	if (!hear(job, error))
		return false;
	*is_rest = !orders_are_given(job) && g_tree_nnodes(job->asked) == 0;
	return true;
}

static bool discover(Job *job, GError **error)
{
	if (!claims_learn(job, error))
		return false;
	if (remote_default_branch(job->remote) == NULL)
		return fail(error, FAILURE_INPUT, "the repository is empty");
	job->turn->tip = g_strdup(remote_head(job->remote));
	if (!add_base(job, NULL, error) || job->bases->len == 0 || !read_rules(job, error) ||
	    !hear(job, error) || !orders_obey(job, error) || !due_begin(job, error))
		return false;
	if (job->turn->is_idle)
		return true;
	read_registries(job);
	if (!claims_learn_more(job, error) || !add_bases(job, error))
		return false;
	for (guint i = 0; i < job->bases->len; i++) {
		Base *base = g_ptr_array_index(job->bases, i);
		BaseOfJob scope = { job, base };

		base->manifests = discover_manifests(base->source, job->rules, "", is_for_base,
						     &scope, error);
		if (base->manifests == NULL)
			return false;
		group_complain(job->rules, base->manifests, job->rules->problems);
	}
	if (has_news(job))
		mistakes_in_rules(job);
	return true;
}

static bool decide(Job *job, GError **error)
{
	for (guint i = 0; i < job->bases->len; i++) {
		Base *base = g_ptr_array_index(job->bases, i);

		decision_begin(&base->decision, base->manifests, NULL, job->world.now, false, NULL,
			       NULL);
		dashboard_hurry(job, base->decision.selections);
		decision_mind_registries(&base->decision, job->registries);
		if (!decision_mind_builders(&base->decision, base->source, base->manifests,
					    error) ||
		    !decision_look_up(&base->decision, &job->world, error) ||
		    !decision_choose(&base->decision, &job->world, error) ||
		    !decision_choose_for_groups(&base->decision, &job->world, error))
			return false;
		mistakes_in_look_ups(job, base);
		base->plans = group_plans(base->decision.selections);
	}
	return amend_plan(job, error);
}

static bool has_update_of(const Plan *plan, const Ecosystem *ecosystem)
{
	for (guint i = 0; i < plan->updates->len; i++)
		if (((Update *)g_ptr_array_index(plan->updates, i))->manifest->ecosystem ==
		    ecosystem)
			return true;
	return false;
}

/* What builds the repository as the plan leaves it so far. */
static void mind_builders(const Base *base, Plan *plan, GPtrArray *kept)
{
	GPtrArray *builders = builders_after(base->decision.builders, plan->changes);

	g_ptr_array_add(kept, builders);
	plan->builders = builders;
}

/* A plan's own failure is its outcome. */
static bool make_changes(Job *job, Base *base, const Ecosystem *ecosystem, GError **error)
{
	g_autoptr(GPtrArray) plans = g_ptr_array_new();
	g_autoptr(GPtrArray) kept =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	const Worlds worlds = registries_worlds(job->registries);
	bool is_good = true;

	for (guint i = 0; i < base->plans->len; i++) {
		Plan *plan = g_ptr_array_index(base->plans, i);

		if (!has_update_of(plan, ecosystem) || plan->error != NULL || plan->is_moot)
			continue;
		g_ptr_array_add(plans, plan);
		if (ecosystem->tool != NULL)
			mind_builders(base, plan, kept);
	}
	if (plans->len > 0 && ecosystem->resolve != NULL)
		is_good = ecosystem->resolve(&worlds, base->source, plans, error);
	for (guint i = 0; i < plans->len; i++) {
		Plan *plan = g_ptr_array_index(plans, i);

		plan->builders = NULL;
		if (is_good && plan->error == NULL && !plan->is_moot &&
		    !ecosystem->rewrite(plan, &plan->error))
			g_assert(plan->error != NULL);
	}
	return is_good;
}

/* One ecosystem after the other, in the order of the list: what a tool builds comes
 * behind the images that bring the tool. */
static bool make_all_changes(Job *job, Base *base, GError **error)
{
	for (const Ecosystem *const *ecosystem = ecosystems; *ecosystem != NULL; ecosystem++)
		if (!make_changes(job, base, *ecosystem, error))
			return false;
	return true;
}

/* Files that name the version of a tool go along with what brings the tool. */
static bool carry_followers(Base *base, Plan *plan, GError **error)
{
	g_auto(Deed) deed = { 0 };

	deed_begin(&deed);
	if (!follow_builders(base->source, &base->builders, plan->updates, plan->changes,
			     deed.shifts, error))
		return false;
	for (guint i = 0; i < deed.shifts->len; i++) {
		const Shift *shift = g_ptr_array_index(deed.shifts, i);
		g_autofree char *path = text_code(shift->path), *name = text_code(shift->name);

		g_ptr_array_add(plan->remarks, g_strdup_printf("%s: %s moves from %s to %s", path,
							       name, shift->from, shift->to));
	}
	return true;
}

static GPtrArray *read_history(Job *job, const Base *base, GError **error)
{
	g_autoptr(GPtrArray) commits =
		remote_history(job->remote, base->source->commit, HISTORY, error);
	GPtrArray *history;

	if (commits == NULL)
		return NULL;
	history = g_ptr_array_new_with_free_func((GDestroyNotify)past_commit_free);
	for (guint i = 0; i < commits->len; i++) {
		const Commit *commit = g_ptr_array_index(commits, i);

		g_ptr_array_add(history, past_commit_read(commit->author_name, commit->author_email,
							  commit->message, job->author_email));
	}
	return history;
}

static bool rewrite(Job *job, GError **error)
{
	for (guint i = 0; i < job->bases->len; i++) {
		Base *base = g_ptr_array_index(job->bases, i);
		Wording wording;

		if (base->plans->len == 0)
			continue;
		if (!make_all_changes(job, base, error))
			return false;
		base->history = read_history(job, base, error);
		if (base->history == NULL)
			return false;
		wording = job_wording(job, base);
		for (guint k = 0; k < base->plans->len; k++) {
			Plan *plan = g_ptr_array_index(base->plans, k);

			if (plan->error == NULL && !plan->is_moot && plan->amendment == NULL &&
			    !carry_followers(base, plan, error))
				return false;
			g_ptr_array_unref(plan->absent);
			plan->absent = absent_from(plan, base->decision.selections);
			if (!text_fill(plan, &wording, plan->error == NULL ? &plan->error : NULL))
				g_debug("no words for a plan");
		}
	}
	return true;
}

static GPtrArray *all_plans(const Job *job)
{
	GPtrArray *plans = g_ptr_array_new();

	for (guint i = 0; i < job->bases->len; i++) {
		const Base *base = g_ptr_array_index(job->bases, i);

		for (guint k = 0; k < base->plans->len; k++)
			g_ptr_array_add(plans, g_ptr_array_index(base->plans, k));
	}
	return plans;
}

/* The choice that led to `update`: of one dependency there may be several, one a
 * group. NULL: it was entailed by another's. */
static const Selection *selection_of(const Base *base, const Update *update)
{
	const GPtrArray *selections = base->decision.selections;
	const Selection *found = NULL;

	for (guint i = 0; i < selections->len; i++) {
		const Selection *selection = g_ptr_array_index(selections, i);

		if (selection->dependency != update->dependency)
			continue;
		found = selection;
		if (selection->update != NULL && g_strcmp0(selection->update->to, update->to) == 0)
			break;
	}
	return found;
}

static bool has_move(const GPtrArray *moves, const Plan *plan)
{
	for (guint i = 0; i < moves->len; i++)
		if (((Move *)g_ptr_array_index(moves, i))->plan == plan)
			return true;
	return false;
}

static void announce(Job *job, const GPtrArray *plans, const GPtrArray *moves)
{
	for (guint i = 0; i < plans->len; i++) {
		const Plan *plan = g_ptr_array_index(plans, i);
		Json *updates = json_new_array();

		for (guint k = 0; plan->error == NULL && k < plan->updates->len; k++) {
			const Update *update = g_ptr_array_index(plan->updates, k);

			json_append(updates,
				    show_update(selection_of(job_base(job, plan), update), update));
		}
		if (plan->error == NULL && !plan->is_moot && has_move(moves, plan))
			turn_plan(job->turn, plan, g_steal_pointer(&updates));
		json_free(updates);
	}
}

/* What a dry run would do, or would not. */
static void say_moves(Job *job, const GPtrArray *moves)
{
	for (guint i = 0; i < moves->len; i++) {
		const Move *move = g_ptr_array_index(moves, i);
		bool is_deed = move->action != ACTION_SKIPPED && move->action != ACTION_UNCHANGED &&
			       move->action != ACTION_FAILED;
		Outcome *outcome =
			outcome_new(move->branch != NULL ? move->branch->name : move->plan->branch,
				    is_deed ? ACTION_DRY_RUN : move->action);

		outcome->reason = g_strdup(
			move->action == ACTION_FAILED ? move->plan->error->message : move->reason);
		turn_outcome(job->turn, outcome, move->plan != NULL ? move->plan->title : NULL);
	}
}

/* Holds what is wanted against what is there, and carries the difference out. */
static bool commit_publish_record(Job *job, GError **error)
{
	g_autoptr(GPtrArray) plans = all_plans(job), branches = NULL, moves = NULL;
	g_auto(Findings) findings = { 0 };

	findings_begin(&findings);
	findings_fill(job, &findings);
	if (!carry_notice(job, findings.refused, error))
		return false;
	branches = carry_branches(job, error);
	if (branches == NULL || !uprooted_find(job, branches, &findings, error) ||
	    !unproposed_find(job, branches, &findings, error))
		return false;
	orders_fill(job, branches, &findings);
	if (!amend_fill(job, branches, &findings, error))
		return false;
	dashboard_fill(job, &findings);
	if (!findings_count(job, &findings, error) ||
	    !rebase_fill(job, plans, branches, &findings, error))
		return false;
	moves = reconcile(plans, branches, &findings);
	announce(job, plans, moves);
	if (!job->turn->is_dry) {
		words_complete(job, moves);
		return carry_out(job, moves, error) && amend_settle(job, error) &&
		       leftover_write(job, moves, error) && dashboard_write(job, moves, error);
	}
	say_moves(job, moves);
	return true;
}

bool pipeline_run(Job *job, GError **error)
{
	bool is_good, is_rest = false;

	job->bases = g_ptr_array_new_with_free_func(base_free);
	if (!listen(job, &is_rest, error))
		return false;
	if (is_rest) {
		due_rest(job);
		return orders_answer(job, error);
	}
	is_good = discover(job, error);
	if (is_good && job->turn->is_idle)
		return orders_answer(job, error) && due_end(job, error);
	is_good = is_good && decide(job, error) && rewrite(job, error);
	mistakes_in_files(job);
	if (!is_good || !commit_publish_record(job, error) || !orders_answer(job, error))
		return false;
	if (!job->turn->is_dry && has_news(job))
		expiry_learn(job);
	return due_end(job, error);
}
