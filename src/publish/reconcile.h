/* SPDX-License-Identifier: MIT */
/* What is wanted against what is there: which branches to make, to rebuild, to
 * replace, to close, and to keep our hands off.
 *
 * Needs no memory: a branch says itself what it is about (identity.h). It is ours
 * only if its tip carries our trailer and both its author and its committer are us,
 * and it is the commit we recorded, where there is a record. Whatever else stands
 * there belongs to a person and is never moved. Pure.
 * Source: pull-requests.md 8 to 11; forges.md 10; operations.md 8.
 */
#pragma once

#include "upkeepd/plan.h"
#include "upkeepd/rules.h"

/* A branch of the remote whose name begins like ours. */
typedef struct {
	char *name;
	char *commit;        /* the tip, 40 hex digits: what a push has to expect */
	char *parent;        /* its first parent: what it was built on; NULL: not known */
	char *key, *content; /* of the tip's trailer; NULL: it has none */
	bool is_ours;        /* nobody else has touched it */
	bool is_given_up;    /* a person did, and says that it may be overwritten */
	GPtrArray *members;  /* of char *, reconcile_member(): what it moves; NULL: not known */
} OwnBranch;

/* Whose commit a tip is, as git tells it. */
typedef struct {
	const char *commit, *author_email, *committer_email, *message;
} Tip;

/* `own_email` is the author of our commits; `recorded` the commit we last pushed
 * there, NULL: not known. All is copied. */
OwnBranch *own_branch_new(const char *name, const Tip *tip, const char *own_email,
			  const char *recorded);
void own_branch_free(OwnBranch *branch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OwnBranch, own_branch_free)

/* `branches` (of OwnBranch) by their names; borrows from them; the caller's. */
GTree *own_branches_by_name(const GPtrArray *branches);

/* Whether its files are as the plan makes them, by what both say of themselves. */
bool own_branch_has(const OwnBranch *branch, const Plan *plan);

/* One dependency in one directory, as text; the caller's. Without a name: all of
 * the directory. */
char *reconcile_member(const char *name, const char *directory);

/* Where the proposals of an entry are found. */
typedef struct {
	const Rules *rules; /* borrowed */
	bool is_known;      /* this run has looked there, and could read everything */
} Scope;

/* What else a run knows. Trees are ordered by strcmp(); NULL stands for empty ones. */
typedef struct {
	/* Of Scope, by what update keys begin with (identity_scope()), or by a whole
	 * key. A branch whose key lies in none of them is asked for by nobody, if
	 * `is_whole`: every entry has its scopes here. */
	GTree *scopes;
	bool is_whole;
	/* Update key to the reason (char *) why it has no plan: "up_to_date",
	 * "update_no_longer_possible", "dependencies_changed"; "" leaves its branch
	 * alone. What is not here is gone: "dependency_removed", of a group
	 * "dependency_group_empty". */
	GTree *reasons;
	/* Members that have no update for now, but may have: a branch that is known to
	 * have one of them is not closed. The values do not matter. */
	GTree *open;
	/* Members that nobody could be asked about: a branch that is known to have one
	 * is not replaced by one without it. The values do not matter. */
	GTree *missed;
	/* Entries (Rules, by address) whose turn it is not: what they have open is kept
	 * right, nothing is added. */
	GTree *tended;
	/* Of entries (Rules, by address) with an hourly-limit: how many proposals they opened
	 * within the last hour (guint). */
	GTree *opened;
	/* Names of branches that people closed, which is to say: not this version. The
	 * values do not matter. */
	GTree *refused;
	/* Names of branches that people ordered to be rebuilt, whatever the rules say of
	 * that; those of `recreated` whoever has pushed to them. */
	GTree *rebuilt, *recreated;
	/* Names of branches that do not stand on the tip of their base; of those, the ones
	 * that, merged as they are, come to what their plan wants; and the ones that were
	 * rebuilt within the hour. */
	GTree *behind, *merging, *recent;
	/* Update keys that people asked for, whatever limits say, and whatever they
	 * closed before. The values do not matter. */
	GTree *asked;
} Findings;

/* Empty ones, which own what is put in. */
void findings_begin(Findings *findings);
void findings_clear(Findings *findings);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Findings, findings_clear)

/* One thing to do, or to leave. */
typedef struct {
	/* CREATED; UPDATED: rebuild in place; UNCHANGED; SUPERSEDED: close for
	 * `plan`, with a reason if that is not just newer; CLOSED: no plan; SKIPPED:
	 * with a reason; FAILED: the plan has an error and is not held. */
	Action action;
	Plan *plan;              /* borrowed; NULL: none wants this branch */
	const OwnBranch *branch; /* borrowed; NULL: there is none yet */
	const char *reason;      /* a word, of a held plan a phrase; borrowed; NULL */
} Move;

/* Why a move is SKIPPED or UNCHANGED. */
#define RECONCILE_EDITED    "edited"            /* somebody else pushed to the branch */
#define RECONCILE_REFUSED   "closed_by_person"  /* this version is not wanted */
#define RECONCILE_LIMITED   "limited"           /* open-pull-requests-limit is reached */
#define RECONCILE_HOURLY    "limited_this_hour" /* hourly-limit is reached */
#define RECONCILE_NO_REBASE "rebase_disabled"   /* rebase-strategy */
#define RECONCILE_RECENT    "rebuilt_lately"    /* within the hour: later again */
#define RECONCILE_MISSED    "look_up_failed"    /* of something that its branch moves */
#define RECONCILE_MOOT      "no_effect"         /* what it is for would not move */

/* Why an amendment is CLOSED. */
#define RECONCILE_WRITTEN    "written"    /* the rules say it */
#define RECONCILE_WITHDRAWN  "withdrawn"  /* people do not want it any more */
#define RECONCILE_UNWRITABLE "unwritable" /* the rules have no place for it any more */

/* Every plan gets one move, in order (of an entry that is only tended to, those with
 * a branch of their name); one of the branches it replaces follows. One
 * that cannot be made (INPUT), or that is moot, closes its branches. What counts for the
 * limit of an entry is every branch of it that stands afterwards, but for amendments. Then
 * the branches that nobody wants. Branches of other runs, and what is none of ours, are not
 * mentioned. Plans have their branch, key and changes. The caller's. */
GPtrArray *reconcile(const GPtrArray *plans, const GPtrArray *branches,
		     const Findings *findings); /* of Move */

/* The comment on a proposal that is closed with `reason`: what would bring it back, too,
 * and the mark by which it is known later. `replacement` is how people write the number
 * of the one that takes its place ("#7"), NULL: none. The caller's. */
char *reconcile_farewell(const char *reason, const char *replacement);
