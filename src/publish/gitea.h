/* SPDX-License-Identifier: MIT */
/* Gitea and Forgejo: what is the same whether proposals have branches (gitea.c) or only
 * heads (agit.c). Members of Forge have its contract. Source: forges.md 5. */
#pragma once

#include "publish/conversation.h"

/* Servers cap this at [api] MAX_RESPONSE_ITEMS, 50 by default. */
#define GITEA_PAGE 50

/* What stands before the title of a draft. */
#define GITEA_DRAFT "WIP: "

/* Forge.begin of both. */
Hosted *gitea_begin(World *w, const Repository *repository, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* As in a Conversation. The head of a proposal that has no branch, and never had one, is
 * ""; `query` narrows a list: "&poster=bot", or "". */
Proposal *gitea_read(const Json *item, const Hosted *hosted);
char *gitea_list_path(const Hosted *hosted, bool is_open, const char *query);
char *gitea_said_path(const Hosted *hosted, int64_t number, const char *since);

bool gitea_may_push(Hosted *hosted, const Comment *comment, bool *may, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Forge.discover, of repositories where we have `right`: "push" or "pull". */
GPtrArray *gitea_discover(Hosted *hosted, const char *right, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
