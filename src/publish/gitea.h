/* SPDX-License-Identifier: MIT */
/* Gitea and Forgejo: what is the same whether proposals have branches (gitea.c) or only
 * heads (agit.c). Members of Forge have its contract. Source: forges.md 5. */
#pragma once

#include "publish/conversation.h"

/* Servers cap this at [api] MAX_RESPONSE_ITEMS, 50 by default. */
#define GITEA_PAGE 50

/* What stands before the title of a draft. */
#define GITEA_DRAFT "WIP: "

typedef struct {
	Api api;
	char *full_name; /* "acme/shop" */
	char *owner;
	char *web; /* "https://git.example.org/acme/shop", or of the owner */
} Gitea;

bool gitea_init(Gitea *gitea, World *w, const Repository *repository, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
void gitea_clear(Gitea *gitea);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Gitea, gitea_clear)

/* An element of a list of proposals as a Conversation reads it; `gitea` is a Gitea. The
 * head of one that has no branch, and never had one, is "". */
Proposal *gitea_read(const Json *item, const void *gitea);

/* What Conversation.read is not given. `query` narrows its lists: "&poster=bot", or "". */
Conversation gitea_conversation(Gitea *gitea, const char *query);

/* The path of a proposal; the caller's. */
char *gitea_path(const Gitea *gitea, int64_t number);

bool gitea_update(World *w, const Repository *repository, const Proposal *proposal, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool gitea_close(World *w, const Repository *repository, const Proposal *proposal, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool gitea_say(World *w, const Repository *repository, int64_t number, const char *text,
	       GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *gitea_hear(World *w, const Repository *repository, const GPtrArray *proposals,
		      int64_t since, int64_t *last_at, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool gitea_may_push(World *w, const Repository *repository, const Comment *comment, bool *may,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool gitea_nod(World *w, const Repository *repository, const Comment *comment, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool gitea_read_board(World *w, const Repository *repository, Board *board, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool gitea_write_board(World *w, const Repository *repository, Board *board, const char *body,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Forge.discover, of repositories where we have `right`: "push" or "pull". */
GPtrArray *gitea_discover(World *w, const Repository *repository, const char *right, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
