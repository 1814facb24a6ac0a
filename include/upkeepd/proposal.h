/* SPDX-License-Identifier: MIT */
/* A proposal, and what is said on it, as a forge knows them (publish/). */
#pragma once

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

typedef enum { PROPOSAL_OPEN, PROPOSAL_CLOSED, PROPOSAL_MERGED } ProposalState;

/* A pull or merge request as the forge knows it. */
typedef struct {
	int64_t number;
	ProposalState state;
	char *head, *base; /* branches */
	char *head_commit; /* 40 hex digits; NULL unknown */
	char *title, *body, *url;
	char *author;          /* login; NULL unknown */
	GPtrArray *labels;     /* of char * */
	int64_t changed_at;    /* Unix seconds; 0 unknown */
	bool is_draft;         /* Forge.open(): as a draft */
	bool is_left_to_forge; /* Forge.push_options(): as by automerge() */
} Proposal;

Proposal *proposal_new(const char *head, const char *base);
void proposal_free(Proposal *proposal);
GPtrArray *proposals_new(void); /* of Proposal */

/* What somebody said on a proposal. */
typedef struct {
	int64_t id;
	int64_t number;    /* of the proposal */
	int64_t said_at;   /* Unix seconds */
	bool is_edited;    /* it once said something else */
	bool is_bot;       /* as far as the forge tells */
	char *author;      /* login */
	int64_t author_id; /* 0: unknown */
	char *body;
} Comment;

void comment_free(Comment *comment);
GPtrArray *comments_new(void); /* of Comment */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Proposal, proposal_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Comment, comment_free)
