/* SPDX-License-Identifier: MIT */
#include "worker/proposals.h"

#include "upkeepd/ecosystem.h"

#include <string.h>

static bool has_proposals(const Job *job)
{
	return (job->forge->can & CAN_PROPOSE) != 0;
}

GPtrArray *proposals_open(Job *job, GError **error)
{
	g_autoptr(GPtrArray) ours = proposals_new(), all = NULL;

	if (!has_proposals(job))
		return g_steal_pointer(&ours);
	all = job->forge->list(&job->world, job->repository, error);
	if (all == NULL)
		return NULL;
	for (guint i = 0; i < all->len;) {
		Proposal *proposal = g_ptr_array_index(all, i);

		if (remote_tip(job->remote, proposal->head) == NULL)
			i++;
		else
			g_ptr_array_add(ours, g_ptr_array_steal_index(all, i));
	}
	return g_steal_pointer(&ours);
}

static const Proposal *open_one(const GPtrArray *open, const PlanRecord *record)
{
	for (guint i = 0; i < open->len; i++) {
		const Proposal *proposal = g_ptr_array_index(open, i);

		if (strcmp(proposal->head, record->branch) == 0 &&
		    strcmp(proposal->base, record->base) == 0)
			return proposal;
	}
	return NULL;
}

bool proposals_judge(Job *job, const GPtrArray *open, const PlanRecord *record, PlanState *state,
		     GError **error)
{
	g_autoptr(Proposal) found = NULL;

	if (!has_proposals(job) || record->number == 0 || open_one(open, record) != NULL)
		return true;
	if (!job->forge->find(&job->world, job->repository, record->branch, record->base, &found,
			      error))
		return false;
	if (found != NULL && found->state == PROPOSAL_MERGED)
		*state = PLAN_MERGED;
	else if (found != NULL && found->state == PROPOSAL_CLOSED)
		*state = PLAN_REFUSED;
	return true;
}

/* Of a plan over several ecosystems the labels of all. */
static GPtrArray *default_labels(const Plan *plan)
{
	GPtrArray *labels = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(labels, g_strdup("dependencies"));
	for (guint i = 0; i < plan->updates->len; i++) {
		const Update *update = g_ptr_array_index(plan->updates, i);
		const char *label = update->manifest->ecosystem->label;

		if (!g_ptr_array_find_with_equal_func(labels, label, g_str_equal, NULL))
			g_ptr_array_add(labels, g_strdup(label));
	}
	return labels;
}

/* What the forge will not have (an unknown person) is said and is no failure. */
static bool dress(Job *job, const Plan *plan, const Proposal *proposal, GError **error)
{
	g_autoptr(GPtrArray) labels = NULL;
	g_autoptr(GString) trouble = g_string_new(NULL);
	const Rules *rules = plan->rules;
	Dress wanted = { .labels = rules->labels,
			 .assignees = rules->assignees,
			 .reviewers = rules->reviewers,
			 .milestone = rules->milestone };

	if (wanted.labels == NULL)
		wanted.labels = labels = default_labels(plan);
	if (!job->forge->dress(&job->world, job->repository, proposal, &wanted, trouble, error))
		return false;
	if (trouble->len > 0)
		turn_warning(job->turn, (Place){ 0 }, g_strchomp(trouble->str));
	return true;
}

static Proposal *wanted_proposal(const Plan *plan, const PlanRecord *record)
{
	Proposal *proposal = proposal_new(record->branch, record->base);

	proposal->number = record->number;
	proposal->title = g_strdup(plan->title);
	proposal->body = g_strdup(plan->body);
	return proposal;
}

/* Opens it, or finds it open; `*is_new` says which. `*is_void`: there is nothing to
 * propose, the branch equals its base. */
static bool ensure(Job *job, Proposal *proposal, PlanRecord *record, bool *is_new, bool *is_void,
		   GError **error)
{
	Opening opening;

	*is_new = *is_void = false;
	if (record->number != 0)
		return true;
	if (!job_hold(job, record, error) ||
	    !job->forge->open(&job->world, job->repository, proposal, &opening, error))
		return false;
	*is_new = opening == OPENED;
	*is_void = opening == OPENED_NOT;
	record->number = proposal->number;
	g_free(record->url);
	record->url = g_strdup(proposal->url);
	return true;
}

bool proposals_tend(Job *job, const Move *move, PlanRecord *record, Action *action,
		    const char **reason, GError **error)
{
	g_autoptr(Proposal) proposal = NULL;
	g_autoptr(GError) local = NULL;
	bool is_new, is_void;

	if (record->state == PLAN_DONE)
		return true;
	if (!has_proposals(job))
		return job_move(job, record, PLAN_DONE, error);
	proposal = wanted_proposal(move->plan, record);
	if (!ensure(job, proposal, record, &is_new, &is_void, error))
		return false;
	if (is_void) {
		*action = ACTION_CLOSED;
		*reason = "up_to_date";
		return job_move(job, record, PLAN_CLOSED, error);
	}
	if (record->state == PLAN_PUSHED && !job_move(job, record, PLAN_OPEN, error))
		return false;
	if (!is_new && !job->forge->update(&job->world, job->repository, proposal, error))
		return false;
	/* A proposal without its labels is a proposal: the next run dresses it. */
	if (!dress(job, move->plan, proposal, &local)) {
		turn_error(job->turn, (Place){ 0 }, local);
		return true;
	}
	return job_move(job, record, PLAN_DONE, error);
}

bool proposals_close(Job *job, const Move *move, const PlanRecord *record, GError **error)
{
	g_autofree char *farewell = NULL;
	g_autoptr(Proposal) proposal = NULL;
	const char *base;

	if (!has_proposals(job))
		return true;
	base = record != NULL       ? record->base
	       : move->plan != NULL ? job_base(job, move->plan)->branch
				    : ((Base *)g_ptr_array_index(job->bases, 0))->branch;
	if (!job->forge->find(&job->world, job->repository, move->branch->name, base, &proposal,
			      error))
		return false;
	if (proposal == NULL || proposal->state != PROPOSAL_OPEN)
		return true;
	farewell = reconcile_farewell(move->reason != NULL ? move->reason : "superseded",
				      move->plan != NULL ? move->plan->title : NULL);
	return job->forge->close(&job->world, job->repository, proposal,
				 *farewell != '\0' ? farewell : NULL, error);
}
