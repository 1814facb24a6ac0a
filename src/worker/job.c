/* SPDX-License-Identifier: MIT */
#include "worker/job.h"

#include "base/time.h"
#include "worker/orders.h"

void job_clear(Job *job)
{
	g_clear_pointer(&job->bases, g_ptr_array_unref);
	g_clear_pointer(&job->open, g_ptr_array_unref);
	g_clear_pointer(&job->orders, orders_free);
	g_clear_pointer(&job->asked, g_tree_unref);
	board_clear(&job->board);
	g_clear_pointer(&job->registries, registries_free);
	g_clear_pointer(&job->due, g_array_unref);
	g_clear_pointer(&job->rules, rules_file_free);
	g_clear_pointer(&job->remote, remote_free);
	g_clear_pointer(&job->hosted, hosted_free);
}

bool job_has_branches(const Job *job)
{
	return (job->forge->can & CAN_PROPOSE_WITHOUT_BRANCH) == 0;
}

const Folders *job_folders(Base *base)
{
	if (base->folders == NULL)
		base->folders = folders_new(base->source->paths);
	return base->folders;
}

const Base *job_base(const Job *job, const Plan *plan)
{
	const char *target = plan->rules != NULL ? plan->rules->target_branch : NULL;

	if (plan->amendment != NULL)
		return g_ptr_array_index(job->bases, 0);
	for (guint i = 0; i < job->bases->len; i++) {
		const Base *base = g_ptr_array_index(job->bases, i);

		if (g_strcmp0(base->target, target) == 0)
			return base;
	}
	g_assert_not_reached(); /* plans are made of a base's manifests */
}

static bool stopped(GError **error)
{
	return fail(error, FAILURE_STOPPED, "another worker has taken this job over");
}

bool job_move(const Job *job, PlanRecord *record, PlanState state, GError **error)
{
	bool is_held;

	return journal_move(job->turn->store, job->turn->ticket, record, state,
			    job->turn->invocation->now, time_now(), &is_held, error) &&
	       (is_held || stopped(error));
}

bool job_hold(const Job *job, const PlanRecord *record, GError **error)
{
	bool is_held;

	return journal_hold(job->turn->store, job->turn->ticket, record, time_now(), &is_held,
			    error) &&
	       (is_held || stopped(error));
}

/* Whether other entries are for other branches than this base is. */
static bool has_other_targets(const Job *job, const Base *base)
{
	for (guint i = 0; job->rules != NULL && i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		if (rules->is_usable && rules->is_handled &&
		    g_strcmp0(rules->target_branch, base->target) != 0)
			return true;
	}
	return false;
}

const char *job_repository(const Job *job)
{
	return job->turn->ticket->repository;
}

Wording job_wording(const Job *job, const Base *base)
{
	return (Wording){ .prefix = job->prefix,
			  .author_name = job->author_name,
			  .author_email = job->author_email,
			  .history = base->history,
			  .repository = job_repository(job),
			  .max_body = job->forge->max_body,
			  .names_branch = !job_has_branches(job),
			  .names_target = has_other_targets(job, base) };
}

bool job_is_ended_by(const GError *error)
{
	return failure_kind(error) == FAILURE_STOPPED || failure_kind(error) == FAILURE_IO;
}
