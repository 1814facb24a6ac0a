/* SPDX-License-Identifier: MIT */
/* What the forges with an API share: finding a proposal, and opening one without
 * ever doubling it. */
#pragma once

#include "publish/api.h"
#include "publish/forges.h"

typedef struct {
	const Api *api;
	/* One element of a list; NULL: it is a fork's, or makes no sense. */
	Proposal *(*read)(const Json *item, const void *forge);
	const void *forge;
	/* Where one head and base are looked for, in order: the list of the open
	 * ones, the list of the closed ones. Owned. */
	char *open_path, *closed_path;
} Conversation;

void conversation_clear(Conversation *conversation);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Conversation, conversation_clear)

/* All proposals of the list at open_path. */
GPtrArray *conversation_all(const Conversation *conversation, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* As Forge.find. Servers ignore filters they do not know, so what they list is
 * filtered again. */
bool conversation_find(const Conversation *conversation, const char *head, const char *base,
		       Proposal **found, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As Forge.open, by POST of `body` (taken) to `path`. `exists` and `nothing` are
 * words of the forge that mean OPENED_BEFORE and OPENED_NOT; `number` and `url`
 * the keys of its answer. */
bool conversation_open(const Conversation *conversation, const char *path, Json *body,
		       const char *exists, const char *nothing, const char *number, const char *url,
		       Proposal *proposal, Opening *opening, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Asks for something that may be refused without harm: a refusal is a line of
 * `trouble`. `body` is taken. */
bool api_wish(const Api *api, HttpMethod method, const char *path, Json *body, const char *doing,
	      GString *trouble, GError **error) G_GNUC_WARN_UNUSED_RESULT;
