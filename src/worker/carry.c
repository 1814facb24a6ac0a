/* SPDX-License-Identifier: MIT */
#include "worker/carry.h"

#include "base/time.h"
#include "worker/claims.h"
#include "worker/due.h"
#include "worker/proposals.h"
#include "worker/rebase.h"

#include <string.h>

/* One move on its way. */
typedef struct {
	const Move *move;
	PlanRecord *record; /* NULL: there is none */
	PushUpdate *push;   /* owned by the list that is pushed; NULL: none needed */
	char *commit;       /* the branch's new tip; NULL */
	Action action;      /* what it has come to */
	char *reason;       /* why, where it needs one */
	bool is_removal;    /* the branch, and what is proposed from it, goes */
	DressState dress;   /* of its proposal */
	bool is_over;       /* nothing more is to be done */
	bool is_passing;    /* it failed for now */
	bool is_unproposed; /* what is pushed may not have been proposed yet */
} Task;

static void task_free(void *data)
{
	Task *task = data;

	plan_record_free(task->record);
	g_free(task->commit);
	g_free(task->reason);
	g_free(task);
}

static void end(Task *task, Action action, const char *reason)
{
	task->action = action;
	g_free(task->reason);
	task->reason = g_strdup(reason);
	task->is_over = true;
}

/* NULL: the remote, or the way to it, did not say why. */
static void end_failed(Task *task, const GError *failure)
{
	end(task, ACTION_FAILED,
	    failure != NULL ? failure->message : "the remote did not say what became of it");
	task->is_passing = failure == NULL || turn_is_passing(failure);
}

static GPtrArray *members_of(const PlanRecord *record)
{
	GPtrArray *members = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < record->members->len; i++) {
		const PlanMember *member = g_ptr_array_index(record->members, i);

		g_ptr_array_add(members, reconcile_member(member->name, member->directory));
	}
	return members;
}

/* What a branch is about that a person has pushed to is known from the record alone.
 * A tip that we never pushed and that carries our trailer and names is another
 * upkeepd's, which watches the same repository. */
static OwnBranch *own_branch(Job *job, const char *name, const Commit *commit, GError **error)
{
	g_autoptr(PlanRecord) record = NULL;
	g_autoptr(Commit) below = NULL;
	const Commit *said;
	OwnBranch *branch;
	Tip tip;

	if (!journal_find(job->turn->store, job_repository(job), name, &record, error) ||
	    !rebase_see_through(job, commit, &below, error))
		return NULL;
	said = below != NULL ? below : commit;
	tip = (Tip){ commit->id, said->author_email, said->committer_email, said->message };
	branch = own_branch_new(name, &tip, job->author_email, NULL);
	if (commit->parents->len > 0)
		branch->parent =
			g_strdup(g_ptr_array_index(commit->parents, commit->parents->len - 1));
	if (branch->key == NULL && record != NULL)
		branch->key = g_strdup(record->update_key);
	if (record != NULL)
		branch->members = members_of(record);
	return branch;
}

/* What is called how, and the commits of that; borrowed. */
static void collect(const Job *job, GPtrArray *names, GPtrArray *ids)
{
	for (guint i = 0; !job_has_branches(job) && i < job->open->len; i++) {
		const Proposal *proposal = g_ptr_array_index(job->open, i);

		g_ptr_array_add(names, proposal->head);
		g_ptr_array_add(ids, proposal->head_commit);
	}
	if (!job_has_branches(job))
		return;
	for (GTreeNode *node = g_tree_node_first((GTree *)remote_tips(job->remote)); node != NULL;
	     node = g_tree_node_next(node)) {
		if (remote_is_base(job->remote, g_tree_node_key(node)))
			continue;
		g_ptr_array_add(names, g_tree_node_key(node));
		g_ptr_array_add(ids, g_tree_node_value(node));
	}
}

GPtrArray *carry_branches(Job *job, GError **error)
{
	g_autoptr(GPtrArray) branches =
		g_ptr_array_new_with_free_func((GDestroyNotify)own_branch_free);
	g_autoptr(GPtrArray) ids = g_ptr_array_new(), names = g_ptr_array_new(), commits = NULL;

	collect(job, names, ids);
	if (ids->len == 0)
		return g_steal_pointer(&branches);
	commits = remote_commits(job->remote, ids, error);
	if (commits == NULL)
		return NULL;
	for (guint i = 0; i < commits->len; i++) {
		OwnBranch *branch = own_branch(job, g_ptr_array_index(names, i),
					       g_ptr_array_index(commits, i), error);

		if (branch == NULL)
			return NULL;
		g_ptr_array_add(branches, branch);
		if (branch->key != NULL && !claims_take(job, branch->name, error))
			return NULL;
	}
	return g_steal_pointer(&branches);
}

static bool refuse(Job *job, const char *base, const char *set_key, GError **error)
{
	return journal_refuse(job->turn->store, job_repository(job), base, set_key,
			      job->turn->invocation->now, error);
}

static bool is_there(const Job *job, const char *branch)
{
	return job_has_branches(job) ? remote_tip(job->remote, branch) != NULL
				     : proposals_open_one(job, branch) != NULL;
}

/* A branch that we had pushed and that is gone was deleted by a person, or with
 * the merge of its proposal: either way this set is not offered again. */
static bool notice(Job *job, PlanRecord *record, GError **error)
{
	PlanState state = record->state;
	int64_t number = record->number;

	if (!is_there(job, record->branch) && state != PLAN_PLANNED)
		state = PLAN_REFUSED;
	if (!proposals_judge(job, record, &state, error))
		return false;
	if (state == record->state && number != record->number)
		state = state == PLAN_SUPERSEDED ? PLAN_CLOSED : MIN(state, PLAN_PUSHED);
	else if (state == record->state)
		return true;
	if (state == PLAN_REFUSED && !refuse(job, record->base, record->set_key, error))
		return false;
	return job_move(job, record, state, error);
}

/* Who opens a proposal again wants it after all. */
static bool forgive(Job *job, GError **error)
{
	Store *store = job->turn->store;

	for (guint i = 0; i < job->open->len; i++) {
		const Proposal *proposal = g_ptr_array_index(job->open, i);
		bool is_refused;

		if (!journal_is_refused(store, job_repository(job), proposal->base, proposal->head,
					&is_refused, error) ||
		    (is_refused && !journal_forgive(store, job_repository(job), proposal->base,
						    proposal->head, error)))
			return false;
	}
	return true;
}

static bool add_refused(const Job *job, const Base *base, GTree *refused, GError **error)
{
	for (guint i = 0; i < base->plans->len; i++) {
		const Plan *plan = g_ptr_array_index(base->plans, i);
		bool is_refused = false;

		if (plan->branch != NULL &&
		    !journal_is_refused(job->turn->store, job_repository(job), base->branch,
					plan->branch, &is_refused, error))
			return false;
		if (is_refused)
			g_tree_insert(refused, g_strdup(plan->branch), NULL);
	}
	return true;
}

bool carry_notice(Job *job, GTree *refused, GError **error)
{
	g_autoptr(GPtrArray) records = journal_plans(job->turn->store, job_repository(job), error);

	if (records == NULL)
		return false;
	if ((!job->turn->is_dry || !job_has_branches(job)) && !proposals_learn(job, records, error))
		return false;
	if (!job->turn->is_dry) {
		for (guint i = 0; i < records->len; i++)
			if (!notice(job, g_ptr_array_index(records, i), error))
				return false;
		if (!forgive(job, error))
			return false;
	}
	for (guint i = 0; i < job->bases->len; i++)
		if (!add_refused(job, g_ptr_array_index(job->bases, i), refused, error))
			return false;
	return true;
}

static PlanRecord *record_of(const Job *job, const Move *move)
{
	const Plan *plan = move->plan;
	const Base *base = job_base(job, plan);
	PlanRecord *record = plan_record_new();

	record->repository = g_strdup(job_repository(job));
	record->base = g_strdup(base->branch);
	record->update_key = g_strdup(plan->update_key);
	record->entry = due_key(plan->rules);
	record->branch = g_strdup(plan->branch);
	record->title = g_strdup(plan->title);
	record->base_oid = g_strdup(base->source->commit);
	record->expected_old = g_strdup(move->branch != NULL ? move->branch->commit : NULL);
	/* A branch's name is a function of what is moved to what. */
	record->set_key = g_strdup(plan->branch);
	record->commit_time = job->turn->invocation->now;
	for (guint i = 0; i < plan->updates->len; i++) {
		const Update *update = g_ptr_array_index(plan->updates, i);
		g_autofree char *to =
			g_strconcat(update->to != NULL ? update->to : "",
				    update->to_digest != NULL ? "@" : "", update->to_digest, NULL);

		plan_record_add(record, update->manifest->ecosystem->name, update->dependency->name,
				update->manifest->directory,
				update->from != NULL ? update->from : update->from_digest, to);
	}
	return record;
}

/* Takes over what the journal knows of the branch: the time of an interrupted attempt
 * at the same commit, so that it is the same commit. Where it knows nothing, and the
 * database may have been lost, the forge may know that people refused it. */
static bool remember(Job *job, Task *task, PlanRecord *record, GError **error)
{
	g_autoptr(PlanRecord) known = NULL;
	bool is_refused = false;

	if (!journal_find(job->turn->store, job_repository(job), record->branch, &known, error))
		return false;
	if (known != NULL) {
		task->dress = proposals_dress_state(known);
		if (known->state == PLAN_PLANNED &&
		    g_strcmp0(known->base_oid, record->base_oid) == 0)
			record->commit_time = known->commit_time;
		task->is_unproposed = known->url == NULL && proposals_is_unproposed(job, known);
		/* A server does nothing about a commit that it has. */
		if (proposals_is_unproposed(job, known) &&
		    g_strcmp0(known->new_oid, record->expected_old) == 0)
			record->commit_time = MAX(record->commit_time, known->commit_time + 1);
		return true;
	}
	if (!proposals_recall(job, record->branch, record->base, &is_refused, error))
		return false;
	if (!is_refused)
		return true;
	end(task, ACTION_SKIPPED, RECONCILE_REFUSED);
	return refuse(job, record->base, record->set_key, error);
}

static char *build(const Job *job, const Plan *plan, int64_t at, GError **error)
{
	CommitText text = { .author_name = job->author_name,
			    .author_email = job->author_email,
			    .committer_name = job->author_name,
			    .committer_email = job->author_email,
			    .at = at,
			    .message = plan->message,
			    .signer = job->signer };

	return remote_build(job->remote, job_base(job, plan)->source->commit, plan->changes, &text,
			    error);
}

static bool write_down(const Job *job, Task *task, GError **error)
{
	bool is_held;

	task->record->new_oid = g_strdup(task->commit);
	return journal_plan(job->turn->store, job->turn->ticket, task->record,
			    job->turn->invocation->now, time_now(), &is_held, error) &&
	       (is_held || fail(error, FAILURE_STOPPED, "another worker has taken this job over"));
}

/* Builds the commit and writes down what is meant, before anything is sent. */
static bool intend_branch(Job *job, Task *task, GPtrArray *pushes, GError **error)
{
	g_autoptr(GError) local = NULL;

	task->record = record_of(job, task->move);
	if (!claims_take(job, task->record->branch, error) ||
	    !remember(job, task, task->record, error))
		return false;
	if (task->is_over)
		return true;
	task->commit = build(job, task->move->plan, task->record->commit_time, &local);
	if (task->commit == NULL) {
		end(task, ACTION_FAILED, local->message);
		return true;
	}
	task->push = push_update_new(task->move->plan->branch,
				     job_has_branches(job) ? task->record->expected_old : NULL,
				     task->commit);
	if (!job_has_branches(job))
		task->push->ref = g_strconcat(job->forge->push_ref, task->record->base, NULL);
	if ((job->forge->can & CAN_PROPOSE_BY_PUSH) != 0)
		task->push->options = proposals_push_options(job, task->move->plan, task->record,
							     task->record->expected_old == NULL ||
								     task->is_unproposed);
	g_ptr_array_add(pushes, task->push);
	return write_down(job, task, error);
}

/* The branch is what it should be. Its row is made anew where the database was
 * lost, and taken on where a run died between push and proposal. */
static bool intend_nothing(Job *job, Task *task, GError **error)
{
	const Move *move = task->move;

	task->commit = g_strdup(move->branch->commit);
	if (!journal_find(job->turn->store, job_repository(job), move->branch->name, &task->record,
			  error))
		return false;
	if (task->record != NULL)
		task->dress = proposals_dress_state(task->record);
	if (task->record != NULL && task->record->state <= PLAN_DONE &&
	    g_strcmp0(task->record->new_oid, task->commit) == 0 &&
	    strcmp(task->record->base, job_base(job, move->plan)->branch) == 0) {
		if (proposals_is_unproposed(job, task->record)) {
			proposals_leave(task->record);
			end(task, task->action, NULL);
		}
		return task->record->state != PLAN_PLANNED ||
		       job_move(job, task->record, PLAN_PUSHED, error);
	}
	plan_record_free(task->record);
	task->record = record_of(job, move);
	if (!remember(job, task, task->record, error))
		return false;
	return task->is_over ||
	       (write_down(job, task, error) && job_move(job, task->record, PLAN_PUSHED, error));
}

/* Where there are proposals theirs is closed first, with words, and the branch
 * goes with the second push; so does one that is a proposal by itself. Without a branch
 * that is all. */
static bool intend_removal(Job *job, Task *task, GPtrArray *pushes, GPtrArray *later,
			   GError **error)
{
	const OwnBranch *branch = task->move->branch;

	task->is_removal = true;
	if (job_has_branches(job)) {
		task->push = push_update_new(branch->name, branch->commit, NULL);
		g_ptr_array_add((job->forge->can & (CAN_PROPOSE | CAN_PROPOSE_BY_PUSH)) != 0
					? later
					: pushes,
				task->push);
	}
	return journal_find(job->turn->store, job_repository(job), branch->name, &task->record,
			    error);
}

/* A person's branch. They are told so once. */
static bool let_go(Job *job, Task *task, GError **error)
{
	const OwnBranch *branch = task->move->branch;
	g_autoptr(GError) local = NULL;

	end(task, task->move->action, task->move->reason);
	if (!journal_find(job->turn->store, job_repository(job), branch->name, &task->record,
			  error))
		return false;
	if (task->record == NULL || task->record->number == 0 || task->record->state < PLAN_OPEN ||
	    task->record->state > PLAN_DONE || proposals_let_go(job, task->record, &local))
		return true;
	if (job_is_ended_by(local)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	turn_error(job->turn, (Place){ 0 }, local);
	return true;
}

static bool intend(Job *job, Task *task, GPtrArray *pushes, GPtrArray *later, GError **error)
{
	const Move *move = task->move;

	switch (move->action) {
	case ACTION_CREATED:
	case ACTION_UPDATED:
		return intend_branch(job, task, pushes, error);
	case ACTION_UNCHANGED:
		return intend_nothing(job, task, error);
	case ACTION_SUPERSEDED:
	case ACTION_CLOSED:
		return intend_removal(job, task, pushes, later, error);
	case ACTION_FAILED:
		turn_note(job->turn, move->plan->error);
		end_failed(task, move->plan->error);
		return true;
	default:
		if (move->branch != NULL && g_strcmp0(move->reason, RECONCILE_EDITED) == 0)
			return let_go(job, task, error);
		end(task, move->action, move->reason);
		return true;
	}
}

static bool note_removal(Job *job, Task *task, GError **error)
{
	return task->record == NULL || task->record->state > PLAN_SUPERSEDED ||
	       job_move(job, task->record, PLAN_CLOSED, error);
}

/* Whether what was pushed had been pushed before, by a run that nobody remembers. */
static bool is_vain(const Job *job, const PushUpdate *push)
{
	return push->result == PUSH_REJECTED && job->forge->push_is_vain != NULL &&
	       strstr(push->reason, job->forge->push_is_vain) != NULL;
}

/* What became of one pushed branch. */
static bool push_result(Job *job, Task *task, const GError *failure, GError **error)
{
	const PushUpdate *push = task->push;

	switch (is_vain(job, push) ? PUSH_OK : push->result) {
	case PUSH_OK:
		if (push->wanted != NULL) {
			if (!proposals_pushed(job, task->record, push))
				end(task, task->action, NULL); /* unproposed.h */
			return job_move(job, task->record, PLAN_PUSHED, error);
		}
		return note_removal(job, task, error);
	case PUSH_MOVED:
		end(task, ACTION_FAILED, "somebody else has moved the branch");
		return true;
	case PUSH_REJECTED:
		end(task, ACTION_FAILED, push->reason);
		return true;
	default:
		end_failed(task, failure);
		return true;
	}
}

/* What went wrong with a push as a whole is the outcome of branches whose fate it
 * leaves open; else it is said by itself. */
static void say_failure(const Job *job, const GPtrArray *pushes, const GError *failure)
{
	for (guint i = 0; i < pushes->len; i++)
		if (((const PushUpdate *)g_ptr_array_index(pushes, i))->result == PUSH_UNKNOWN) {
			turn_note(job->turn, failure);
			return;
		}
	turn_error(job->turn, (Place){ 0 }, failure);
}

static bool push(Job *job, const GPtrArray *tasks, GPtrArray *pushes, GError **error)
{
	g_autoptr(GError) failure = NULL;
	bool is_held;

	if (pushes->len == 0)
		return true;
	if (!queue_hold(job->turn->store, job->turn->ticket, time_now(), &is_held, error))
		return false;
	if (!is_held)
		return fail(error, FAILURE_STOPPED, "another worker has taken this job over");
	/* Choosing may have taken longer than a token lives. */
	if (!credential_freshen(&job->world, job->repository->credential, http_now(job->world.http),
				&failure) ||
	    !remote_push(job->remote, pushes, false, &failure))
		say_failure(job, pushes, failure);
	for (guint i = 0; i < tasks->len; i++) {
		Task *task = g_ptr_array_index(tasks, i);

		if (!task->is_over && task->push != NULL &&
		    g_ptr_array_find(pushes, task->push, NULL) &&
		    !push_result(job, task, failure, error))
			return false;
	}
	return true;
}

/* The task that makes what takes the place of this one's branch; NULL: nothing does. */
static const Task *replacement_of(const GPtrArray *tasks, const Task *task)
{
	for (guint i = 0; i < tasks->len; i++) {
		const Task *other = g_ptr_array_index(tasks, i);

		if (other != task && task->move->plan != NULL &&
		    other->move->plan == task->move->plan && other->record != NULL &&
		    other->move->action != ACTION_SUPERSEDED)
			return other;
	}
	return NULL;
}

/* Takes the proposal of a branch away that is to go, unless what should take its
 * place did not come about. */
static bool withdraw(Job *job, const GPtrArray *tasks, Task *task, GPtrArray *later, GError **error)
{
	const Task *replacement = replacement_of(tasks, task);
	bool can_propose = (job->forge->can & CAN_PROPOSE) != 0;

	if ((job->forge->can & (CAN_PROPOSE | CAN_PROPOSE_BY_PUSH)) == 0)
		return true;
	if (!can_propose && (replacement == NULL || replacement->record->state >= PLAN_PUSHED))
		return true;
	if (can_propose && (replacement == NULL || replacement->record->state >= PLAN_OPEN))
		return proposals_close(job, task->move,
				       replacement != NULL ? replacement->record : NULL, error) &&
		       (task->push != NULL || note_removal(job, task, error));
	g_ptr_array_remove(later, g_steal_pointer(&task->push));
	end(task, ACTION_SKIPPED, "replacement_failed");
	return true;
}

/* The forge's part of one task. */
static bool converse(Job *job, const GPtrArray *tasks, Task *task, GPtrArray *later, GError **error)
{
	g_autoptr(GError) local = NULL;
	const char *reason = NULL;
	bool is_good;

	if (task->is_over)
		return true;
	if (task->is_removal)
		is_good = withdraw(job, tasks, task, later, &local);
	else
		is_good = proposals_tend(job, task->move, task->record, task->dress, &task->action,
					 &reason, &local);
	if (reason != NULL)
		end(task, task->action, reason);
	if (is_good)
		return true;
	if (job_is_ended_by(local)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	/* Its branch stays until its proposal could be closed. */
	if (task->is_removal)
		g_ptr_array_remove(later, g_steal_pointer(&task->push));
	turn_note(job->turn, local);
	end_failed(task, local);
	return true;
}

static void say(Job *job, const Task *task)
{
	const Move *move = task->move;
	Outcome *outcome = outcome_new(
		move->branch != NULL ? move->branch->name : move->plan->branch, task->action);

	outcome->commit = g_strdup(task->commit);
	outcome->reason = g_strdup(task->reason != NULL ? task->reason : move->reason);
	outcome->is_passing = task->is_passing;
	if (task->record != NULL)
		outcome->proposal_url = g_strdup(task->record->url);
	turn_outcome(job->turn, outcome, move->plan != NULL ? move->plan->title : NULL);
}

bool carry_out(Job *job, const GPtrArray *moves, GError **error)
{
	g_autoptr(GPtrArray) tasks = g_ptr_array_new_with_free_func(task_free);
	g_autoptr(GPtrArray) pushes = push_updates_new(), later = push_updates_new();

	for (guint i = 0; i < moves->len; i++) {
		Task *task = g_new0(Task, 1);

		task->move = g_ptr_array_index(moves, i);
		task->action = task->move->action;
		g_ptr_array_add(tasks, task);
		if (!intend(job, task, pushes, later, error))
			return false;
	}
	if (!push(job, tasks, pushes, error))
		return false;
	for (guint i = 0; i < tasks->len; i++)
		if (!converse(job, tasks, g_ptr_array_index(tasks, i), later, error))
			return false;
	if (!push(job, tasks, later, error))
		return false;
	for (guint i = 0; i < tasks->len; i++)
		say(job, g_ptr_array_index(tasks, i));
	return true;
}
