/* SPDX-License-Identifier: MIT */
/* One repository at work: what every step of a run is handed.
 *
 * A run is one sentence (pipeline.h); its steps share this and nothing else.
 */
#pragma once

#include "git/remote.h"
#include "policy/directories.h"
#include "publish/text.h"
#include "store/journal.h"
#include "upkeepd/forge.h"
#include "upkeepd/rules.h"
#include "upkeepd/source.h"
#include "worker/decide.h"
#include "worker/registries.h"
#include "worker/turn.h"

typedef struct Orders Orders; /* orders.h */

/* One base branch: the default one, or a target-branch. */
typedef struct {
	char *branch;         /* its name */
	const char *target;   /* as entries name it; NULL: the default branch; borrowed */
	Source *source;       /* its files */
	Folders *folders;     /* its directories; NULL until job_folders() was asked */
	GPtrArray *manifests; /* of Manifest */
	Decision decision;    /* a selection for each dependency */
	Builders *builders;   /* all that builds it (follow.h); NULL until wanted */
	GPtrArray *plans;     /* of Plan, in order of work */
	GPtrArray *history;   /* of PastCommit: how people word theirs; NULL until read */
} Base;

typedef struct {
	World world;              /* what it may touch; look-ups have what their entry lists, too */
	const Settings *settings; /* borrowed */
	Turn *turn;               /* borrowed: store, ticket, what is said */
	const Repository *repository; /* borrowed */
	const Forge *forge;
	Hosted *hosted;                         /* the repository there */
	const char *author_name, *author_email; /* of commits; borrowed */
	const Signer *signer;                   /* of commits; borrowed; NULL: none */
	const char *prefix;                     /* of branches: "upkeepd"; borrowed */
	const char *fallback_rules;             /* a file on this machine; NULL: none */

	/* Learnt on the way. */
	Remote *remote;
	RulesFile *rules;
	GArray *due;            /* of Due, one an entry (due.h) */
	GPtrArray *bases;       /* of Base, the default branch first */
	GPtrArray *open;        /* of Proposal: open ones of our branches; NULL until asked */
	Board board;            /* the dashboard */
	bool has_board;         /* it was looked for, and may be written */
	GTree *asked;           /* update keys that people checked there; NULL until read */
	Orders *orders;         /* what people ordered; NULL until heard */
	Registries *registries; /* of the rules; they borrow the world */
} Job;

void job_clear(Job *job);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

/* By what name the store knows the repository; borrowed. */
const char *job_repository(const Job *job);

/* How the proposals to a base are worded. */
Wording job_wording(const Job *job, const Base *base);

/* Whether what is called a branch is one of the remote's: else it is a name, of what the
 * open proposals say. */
bool job_has_branches(const Job *job);

/* The directories of a base; borrowed. */
const Folders *job_folders(Base *base);

/* The base that a plan is for. */
const Base *job_base(const Job *job, const Plan *plan);

/* Notes in the journal that `record` has come to `state`. Errors: IO; STOPPED if
 * another worker has taken the job over: nothing more may be done. */
bool job_move(const Job *job, PlanRecord *record, PlanState state, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Before an effect outside: that job and plan are still ours. Errors: as above. */
bool job_hold(const Job *job, const PlanRecord *record, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether an error ends the job whatever it was about: the journal failed, or the job is
 * no longer ours. */
bool job_is_ended_by(const GError *error);
