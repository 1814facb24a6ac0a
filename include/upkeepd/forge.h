/* SPDX-License-Identifier: MIT */
/* The plug point for forges.
 *
 * Callers test `can`, never `name`. `plain` can only be pushed to, and is a
 * complete forge: it has branches and no proposals.
 */
#pragma once

#include "upkeepd/plan.h"
#include "upkeepd/world.h"

/* One watched repository (upkeepd.yml). */
typedef struct {
	char *url;              /* of the git remote, without user or password; NULL if `path` */
	char *path;             /* a local repository; NULL if `url` */
	char *forge_name;       /* "github", "gitlab", "gitea", "forgejo", "plain" */
	Credential *credential; /* NULL: anonymous */
	char *rules_path;       /* rules where the repository has none; NULL */
	bool discover;          /* `url` is an owner: every repository in it */
	GPtrArray *include, *exclude; /* of char *, glob patterns; NULL */
	Place place;
} Repository;

void repository_free(Repository *repository);

/* What a forge offers, as bits. */
enum {
	CAN_PROPOSE = 1 << 0,
	CAN_LABEL = 1 << 1,
	CAN_COMMENT = 1 << 2,
	CAN_REVIEWERS = 1 << 3,
	CAN_DRAFT = 1 << 4,
};

typedef enum { PROPOSAL_OPEN, PROPOSAL_CLOSED, PROPOSAL_MERGED } ProposalState;

/* A pull or merge request as the forge knows it. */
typedef struct {
	int64_t number;
	ProposalState state;
	char *head, *base; /* branches */
	char *head_commit; /* 40 hex digits; NULL unknown */
	char *title, *body, *url;
} Proposal;

void proposal_free(Proposal *proposal);

typedef struct Forge Forge;
struct Forge {
	const char *name;
	unsigned can;
	size_t max_body; /* bytes a body may have; 0: no proposals */

	/* All open proposals of the repository whose head begins with `prefix`.
	 * The caller's; of Proposal. */
	GPtrArray *(*list)(World *w, const Repository *repository, const char *prefix,
			   GError **error)G_GNUC_WARN_UNUSED_RESULT;
	/* The newest proposal from `head` to `base` in any state; `*found` NULL if none. */
	bool (*find)(World *w, const Repository *repository, const char *head, const char *base,
		     Proposal **found, GError **error) G_GNUC_WARN_UNUSED_RESULT;
	/* Opens one; fills number and url. */
	bool (*open)(World *w, const Repository *repository, Proposal *proposal, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;
	/* Sets title and body. */
	bool (*update)(World *w, const Repository *repository, const Proposal *proposal,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
	/* Closes with a comment that says why; NULL: without. */
	bool (*close)(World *w, const Repository *repository, const Proposal *proposal,
		      const char *comment, GError **error) G_GNUC_WARN_UNUSED_RESULT;
	/* Adds labels, creating missing ones, and assignees. */
	bool (*dress)(World *w, const Repository *repository, const Proposal *proposal,
		      const GPtrArray *labels, const GPtrArray *assignees, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Repository, repository_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Proposal, proposal_free)

/* By name ("gitea" and "forgejo" are one); NULL if there is none. */
const Forge *forge_by_name(const char *name);
