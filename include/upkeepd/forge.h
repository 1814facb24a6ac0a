/* SPDX-License-Identifier: MIT */
/* The plug point for forges.
 *
 * Callers test `can`, never `name`. `plain` can only be pushed to, and is a
 * complete forge: it has branches and no proposals. What a member may block on
 * is one round of requests; what it learns of the forge's mind (the proposal is
 * there already, nothing to propose) is a value, not an error.
 *
 * Errors of all members: DENIED (token refused, or lacks a right, which is
 * named), BUSY, NET, ABSENT (no such repository, or hidden from this token),
 * INPUT (the forge will not have it: archived, protected, invalid).
 * Source: forges.md 2.
 */
#pragma once

#include "upkeepd/proposal.h"
#include "upkeepd/repository.h"
#include "upkeepd/standing.h"
#include "upkeepd/world.h"

/* What a forge offers, as bits. */
enum {
	CAN_PROPOSE = 1 << 0,
	CAN_LABEL = 1 << 1,
	CAN_COMMENT = 1 << 2,
	CAN_REVIEWERS = 1 << 3,
	CAN_DISCOVER = 1 << 4,
	CAN_AUTOMERGE = 1 << 5,
	CAN_DASHBOARD = 1 << 6,
	CAN_PROPOSE_BY_PUSH = 1 << 7,        /* one is opened by what goes with a push */
	CAN_PROPOSE_WITHOUT_BRANCH = 1 << 8, /* the head is pushed for the proposal alone */
	CAN_MILESTONE = 1 << 9,
};

/* What came of the wish to open one. */
typedef enum {
	OPENED,        /* it is there now, number and url are filled in */
	OPENED_BEFORE, /* one from this head was open: it is what the forge says of that */
	OPENED_NOT,    /* the branch changes nothing: there is nothing to propose */
} Opening;

/* What a proposal is dressed with; what is NULL or 0 is left alone. */
typedef struct {
	const GPtrArray *labels, *assignees, *reviewers; /* of char * */
	int64_t milestone;
} Dress;

/* The issue that says how things stand. */
typedef struct {
	int64_t number; /* 0: not known, or there is none */
	bool is_open;
	char *body; /* NULL: not read */
} Board;

void board_clear(Board *board);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Board, board_clear)

/* A repository where its forge hosts it, opened for one run; what is learnt of it there is
 * kept with it and not asked for again. */
typedef struct Hosted Hosted;

void hosted_free(Hosted *hosted);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hosted, hosted_free)

typedef struct Forge Forge;
struct Forge {
	const char *name;
	unsigned can;
	size_t max_body;      /* bytes a body may have; 0: no proposals */
	const char *git_user; /* who the token belongs to in git's Basic authentication */
	char sign;            /* before a number where people write it: "#7", "!7" */

	/* CAN_PROPOSE_WITHOUT_BRANCH: the ref that a head is pushed to begins so, and ends
	 * with its base: "refs/for/". What is called a branch elsewhere is a name that the
	 * body has to tell. */
	const char *push_ref;

	/* What its server says to a push of what it has, which is no failure; NULL: nothing. */
	const char *push_is_vain;

	/* CAN_PROPOSE_BY_PUSH: what is said with the push of a branch, so that the forge
	 * opens its proposal, or gives the one it has (`is_new` false) these words. Pure;
	 * of char *, the caller's. Of the dress all but the reviewers are used. */
	GPtrArray *(*push_options)(const Proposal *proposal, const Dress *dress, bool is_new);

	/* Where that proposal is, by what the server said to the push; NULL: it does not
	 * tell. Pure; the caller's. NULL where open() finds out. */
	char *(*pushed_url)(const Repository *repository, const char *said);

	/* Opens the repository; nothing is asked. World and repository are borrowed.
	 * Errors: CONFIG alone: its URL names none of this forge. */
	Hosted *(*begin)(World *w, const Repository *repository,
			 GError **error)G_GNUC_WARN_UNUSED_RESULT;

	/* All open proposals from branches of the repository itself; without branches, all
	 * that we opened, the head of one that does not tell its name being "". */
	GPtrArray *(*list)(Hosted *hosted, GError **error)G_GNUC_WARN_UNUSED_RESULT;

	/* The proposal from `head`: the open one to whatever base (the oldest, should
	 * there be several), else the newest one to `base`; `*found` NULL if there
	 * never was one. */
	bool (*find)(Hosted *hosted, const char *head, const char *base, Proposal **found,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* The proposal with this number; `*found` NULL if there is none any more. */
	bool (*look)(Hosted *hosted, int64_t number, Proposal **found, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* Opens `proposal` (head, base, title, body), or where a push has done that finds
	 * it by its head_commit. Asks whether one is there
	 * before, and wherever the answer leaves that open, so that none is doubled
	 * by us; Gitea lets two who ask at the same moment open one each. */
	bool (*open)(Hosted *hosted, Proposal *proposal, Opening *opening, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* Sets title, body and base. */
	bool (*update)(Hosted *hosted, const Proposal *proposal, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* Closes it. Closing a closed or merged one is no error. */
	bool (*close)(Hosted *hosted, const Proposal *proposal, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* Adds a comment. Errors: INPUT too where the conversation is locked. */
	bool (*say)(Hosted *hosted, int64_t number, const char *text, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* What was said on any of `proposals` (of Proposal) since that time, by anybody,
	 * in the order it was said; of Comment. `*last_at` (NULL: not wanted) is raised to
	 * the last time in the first list that the forge gave for it, what does not concern
	 * us included, even if the list was too long (LIMIT): what is said after that may
	 * be missing. */
	GPtrArray *(*hear)(Hosted *hosted, const GPtrArray *proposals, int64_t since,
			   int64_t *last_at, GError **error)G_GNUC_WARN_UNUSED_RESULT;

	/* Whether who said this may push to the repository. */
	bool (*may_push)(Hosted *hosted, const Comment *comment, bool *may, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* Shows its author that a comment was heard: a thumb. Once is enough. */
	bool (*nod)(Hosted *hosted, const Comment *comment, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* Reads the dashboard with this number, else finds the open one that we opened. */
	bool (*read_board)(Hosted *hosted, Board *board, GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* Gives it this body; opens it if it has no number. */
	bool (*write_board)(Hosted *hosted, Board *board, const char *body, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* Adds labels (creating those that are missing), assignees, reviewers, the
	 * milestone. What the forge will not have (an unknown person) is said in
	 * `trouble`, a line each, and is no error. */
	bool (*dress)(Hosted *hosted, const Proposal *proposal, const Dress *dress,
		      GString *trouble, GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* Has the forge merge it by itself as soon as everything passes that its base
	 * requires, at once if that is nothing, unless its head is no longer
	 * head_commit. `trouble` as in dress(). Asking again does no harm. */
	bool (*automerge)(Hosted *hosted, const Proposal *proposal, GString *trouble,
			  GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* Takes that back, whoever asked for it. `trouble` as in dress(). Where there is
	 * nothing to take back that is no trouble. */
	bool (*cancel_automerge)(Hosted *hosted, int64_t number, GString *trouble, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* Finds out what the token may do through the API; of an owner: on
	 * the repositories of an owner. Nothing is changed.
	 * Errors: DENIED if the token is not accepted at all. */
	bool (*check)(Hosted *hosted, Standing *standing, GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* When the token ends: INT64_MAX for never, 0 where the forge does not tell, or not
	 * this token. NULL: no forge of the kind tells. */
	bool (*learn_expiry)(Hosted *hosted, int64_t *at, GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* The git URLs of all repositories of the owner that was opened, of
	 * char *: those that can be pushed to, neither archived nor forks. */
	GPtrArray *(*discover)(Hosted *hosted, GError **error)G_GNUC_WARN_UNUSED_RESULT;
};

/* The list of all forges, NULL-terminated (publish/forges.c). */
extern const Forge *const forges[];

/* By name ("forgejo" is "gitea"); NULL if there is none. */
const Forge *forge_by_name(const char *name);
