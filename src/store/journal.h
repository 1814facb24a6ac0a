/* SPDX-License-Identifier: MIT */
/* How far each plan got.
 *
 * No transaction spans database, branch and proposal, so the intent is written
 * first, every effect can be repeated, and what is there is compared before
 * anything is done:
 *
 *     journal_plan   planned   the commit is built, its id known; nothing was sent
 *     (push)                   compare-and-swap from expected_old to new_oid
 *     journal_move   pushed
 *     (open)                   adopt the proposal of this head and base, else create
 *     journal_move   open      with its number
 *     (dress)                  labels, assignees: sets, so repeatable
 *     journal_move   done
 *
 * A run that finds a plan in a state goes on after the effect which that state
 * proves; repeating an effect finds it made. Moving checks the generation that
 * was read: who is late finds out and stops. Every commit that was ever about
 * to be pushed is remembered, so a head that is none of them is a person's.
 *
 * The row holds no copy of the files. A plan whose push is in doubt is judged by
 * the remote branch alone (journal_judge); if it was not pushed, the next run
 * plans again, at the row's commit_time, so that the same plan is the same commit.
 * Errors: IO, as store.h. Source: operations.md 8, pull-requests.md 10, 11, 15.
 */
#pragma once

#include "store/queue.h"

typedef enum {
	/* Current: at most one of a repository, base and update key. */
	PLAN_PLANNED,
	PLAN_PUSHED,
	PLAN_OPEN,
	PLAN_DONE,
	PLAN_EDITED, /* a person pushed to the branch: hands off */
	/* Replaced by a current one, its proposal and branch still to be closed. */
	PLAN_SUPERSEDED,
	/* Past. */
	PLAN_CLOSED,  /* by us; `reason` says why */
	PLAN_REFUSED, /* closed, or its branch deleted, by a person */
	PLAN_MERGED,
	PLAN_STATES
} PlanState;

const char *plan_state_word(PlanState state); /* "planned", … */

/* Whether its proposal is left to the forge to merge, once all checks pass. */
typedef enum {
	MERGING_BY_RULES, /* as the rules have it */
	MERGING_ORDERED,  /* people said so */
	MERGING_CANCELLED /* they took that back: people merge it */
} PlanMerging;

/* What a plan moves, one a dependency and directory. */
typedef struct {
	char *ecosystem;                    /* "": as the update key has it */
	char *name, *directory, *from, *to; /* to: with "@digest" where one is written */
} PlanMember;

typedef struct {
	int64_t id; /* 0: not in the journal */
	char *repository, *base, *update_key;
	char *entry; /* key of the `updates:` entry */
	char *branch, *title;
	char *base_oid;     /* 40 hex digits, as below: what the commit was built on */
	char *expected_old; /* the remote branch when it was planned; NULL: absent */
	char *new_oid;
	char *set_key;       /* identifies what it moves to what, for journal_refuse */
	int64_t commit_time; /* author and committer time of new_oid */
	PlanState state;
	int64_t number; /* of the proposal; 0: none */
	char *url;      /* of the proposal; NULL */
	char *reason;   /* past: why; else what is left to a person to mend; NULL */
	PlanMerging merging;
	/* Who or what allowed the forge to merge it, once the forge was told; "": it was, and
	 * refused; NULL: nothing did. */
	char *allowed;
	int64_t opened_at, changed_at;
	int64_t generation; /* grows with each change */
	GPtrArray *members; /* of PlanMember */
} PlanRecord;

PlanRecord *plan_record_new(void);
void plan_record_free(PlanRecord *record);
void plan_record_add(PlanRecord *record, const char *ecosystem, const char *name,
		     const char *directory, const char *from, const char *to);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlanRecord, plan_record_free)

/* The plans of a repository (NULL: of all) that are current or superseded, by
 * branch; of PlanRecord. */
GPtrArray *journal_plans(Store *store, const char *repository, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The newest plan of a branch in whatever state; `*found` NULL if none. */
bool journal_find(Store *store, const char *repository, const char *branch, PlanRecord **found,
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The newest plan of each proposal there ever was, but for those that were merged, at
 * most 500: on them people may still say something. Newest first; of PlanRecord. */
GPtrArray *journal_conversations(Store *store, const char *repository, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* How many proposals of an entry were opened since then, or, where there are none, branches
 * made. */
bool journal_count_opened(Store *store, const char *repository, const char *entry, int64_t since,
			  int64_t *count, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Step 1: writes `record` as planned, with new_oid remembered as ours.
 *
 * A current plan of the same update key is taken over if its branch is the same
 * (keeping id, number, url, merging, opened_at), else it becomes superseded. Fills id,
 * generation, state and what was kept. `*is_held` false: the ticket was lost,
 * nothing was written. */
bool journal_plan(Store *store, const Ticket *ticket, PlanRecord *record, int64_t now,
		  int64_t clock, bool *is_held, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Notes that `record` has come to `state`; its number, url, reason and merging are
 * written too. `*is_held` false: the ticket was lost or the plan changed since it was
 * read; nothing was written, and nothing more may be done. */
bool journal_move(Store *store, const Ticket *ticket, PlanRecord *record, PlanState state,
		  int64_t now, int64_t clock, bool *is_held, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Before an effect: renews the lease and says whether ticket and plan still hold. */
bool journal_hold(Store *store, const Ticket *ticket, const PlanRecord *record, int64_t clock,
		  bool *is_held, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a commit is one that we pushed, or were about to, in this repository. */
bool journal_is_ours(Store *store, const char *repository, const char *oid, bool *is_ours,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the remote branch says of a plan. */
typedef enum {
	HEAD_PUSHED,  /* it is new_oid: the push was made */
	HEAD_READY,   /* it is expected_old: push */
	HEAD_BEHIND,  /* one of our own commits, but another: plan again */
	HEAD_DELETED, /* absent though we had pushed: a person deleted it */
	HEAD_FOREIGN, /* a person pushed */
} HeadState;

/* Pure. `remote` is the branch's commit, NULL if absent. */
HeadState journal_judge(const PlanRecord *record, const char *remote, bool is_ours);

/* What a person has refused by closing its proposal or deleting its branch; it
 * is not offered again until it is forgiven (the proposal was reopened). */
bool journal_refuse(Store *store, const char *repository, const char *base, const char *set_key,
		    int64_t now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool journal_forgive(Store *store, const char *repository, const char *base, const char *set_key,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool journal_is_refused(Store *store, const char *repository, const char *base, const char *set_key,
			bool *is_refused, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Deletes past plans older than 180 days. */
bool journal_forget(Store *store, int64_t now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
