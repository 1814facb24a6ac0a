/* SPDX-License-Identifier: MIT */
/* The forge's side of carrying out: a proposal for each branch, opened once, kept
 * current, closed with a reason. Does nothing where the forge has no proposals.
 *
 * The forge is the truth and the journal a memory of it: which proposals are open
 * is asked once a run, and what people did to the others only where the journal
 * cannot know. A title and a body that carry no mark of ours are a person's words
 * and stay. Source: pull-requests.md 8.3, 9 to 11; forges.md 2.3, 10.
 */
#pragma once

#include "publish/reconcile.h"
#include "worker/job.h"

/* Learns which proposals of our branches are open: one request, none where there can
 * be no such proposal. `records` (of PlanRecord): what the journal knows. */
bool proposals_learn(Job *job, const GPtrArray *records, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The open one of a branch; NULL: there is none. Borrowed. */
const Proposal *proposals_open_one(const Job *job, const char *branch);

/* What people made of the proposal of `record` since it was opened: `*state` becomes
 * REFUSED if they closed it, MERGED if they merged it, CLOSED if it was one of us,
 * else stays as it is. One that is no more is forgotten, its number with it. */
bool proposals_judge(Job *job, PlanRecord *record, PlanState *state, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Whether people closed the proposal of a branch that the journal knows nothing of:
 * the database may have been lost. */
bool proposals_recall(Job *job, const char *branch, const char *base, bool *is_refused,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the proposal waits for notes, and the plan does not: as it was written, or the
 * notes have been found. `there` NULL: no. */
bool proposals_lack_notes(const Proposal *there, const Plan *plan);

/* Whether a proposal had its labels and people before: what was changed about them since
 * is meant. */
typedef enum {
	DRESS_UNKNOWN, /* the labels that it has tell */
	DRESS_DUE,     /* a run died, or failed, before it had them all */
	DRESS_DONE,
} DressState;

/* What the journal tells of that. */
DressState proposals_dress_state(const PlanRecord *record);

/* Sees to it that a pushed plan has its proposal, with title, body and dress, and
 * takes the journal to DONE. `*action` becomes CLOSED or stays; `*reason` says why it
 * was closed after all. */
bool proposals_tend(Job *job, const Move *move, PlanRecord *record, DressState dressed,
		    Action *action, const char **reason, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Where proposals are made by pushing: what goes with the branch of `plan`, of char *;
 * the caller's. `is_new`: there is none yet, as far as is known. */
GPtrArray *proposals_push_options(const Job *job, const Plan *plan, const PlanRecord *record,
				  bool is_new);

/* Once that is there: `record` has its url, if the server tells, which job_move() keeps,
 * and what it has against the options is said. False: it took none. */
bool proposals_pushed(const Job *job, PlanRecord *record, const PushUpdate *push);

/* Whether the journal does not know that what a push alone opens was opened: nobody heard
 * the answer, or the server took no options. Then it stays at PUSHED at most. */
bool proposals_is_unproposed(const Job *job, const PlanRecord *record);

/* Says in `record` what is left to people then. */
void proposals_leave(PlanRecord *record);

/* Closes the proposal of the branch that `move` takes away, saying why. `replacement`
 * is the record of what takes its place; NULL: nothing does. */
bool proposals_close(Job *job, const Move *move, const PlanRecord *replacement, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Tells people once that a branch on which they have committed is theirs now. */
bool proposals_let_go(Job *job, PlanRecord *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;
