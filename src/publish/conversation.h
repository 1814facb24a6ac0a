/* SPDX-License-Identifier: MIT */
/* What the forges with an API share: finding a proposal, opening one without ever
 * doubling it, and what is said on it. */
#pragma once

#include "publish/api.h"
#include "publish/forges.h"

typedef struct {
	Api *api;
	const void *forge;
	/* One element of a list of proposals; NULL: it is a fork's, or makes no sense. */
	Proposal *(*read)(const Json *item, const void *forge);
	/* One element of a list of comments; NULL: nobody said it, or it makes no sense.
	 * `number` is the proposal's where the list is of one, else 0. */
	Comment *(*hear)(const Json *item, int64_t number);
	/* Whether a refusal to open means that the branch is not seen yet, or else
	 * passes by itself; `tries` were made by now. */
	bool (*is_early)(const ApiAnswer *answer, int tries);
	/* What to ask for in place of `proposal`, which becomes that, where a refusal to open
	 * says that it is more than the forge takes; NULL: nothing. NULL: there is no such. */
	Json *(*soften)(const ApiAnswer *answer, Proposal *proposal);
	/* Lists of proposals, with the query that narrows them as far as the forge can:
	 * the open ones, the others. Owned. */
	char *open_path, *closed_path;
	/* Lists of comments begin with the newest: then reading ends at the first that is
	 * older than what is wanted. */
	bool hears_newest_first;
	/* Answers 404 where there never was a proposal from that head to that base.
	 * Owned; NULL: there is no such question. */
	char *hint_path;
} Conversation;

void conversation_clear(Conversation *conversation);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Conversation, conversation_clear)

/* Whether the branch at `head` of a pull request lies in the repository that it is
 * proposed to: the answer knows that by the name that it has now, `full_name` is what we
 * call it. A fork has another name, and one that is gone has none. */
bool conversation_is_own(const Json *head, const Json *base, const char *full_name);

/* All proposals of the list at open_path. */
GPtrArray *conversation_all(const Conversation *conversation, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* As Forge.find. Servers ignore filters they do not know, so what they list is
 * filtered again. */
bool conversation_find(const Conversation *conversation, const char *head, const char *base,
		       Proposal **found, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As Forge.look, at `path`. */
bool conversation_look(const Conversation *conversation, const char *path, Proposal **found,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As Forge.open, by POST of `body` (taken) to `path`. `exists` and `nothing` are
 * words of the forge that mean OPENED_BEFORE and OPENED_NOT; `number` is the key of
 * its answer. */
bool conversation_open(const Conversation *conversation, const char *path, Json *body,
		       const char *exists, const char *nothing, const char *number,
		       Proposal *proposal, Opening *opening, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Adds to `comments` what the list at `path` (with a query) has of `proposals` since
 * then. `number` is the proposal's that the list is of; 0: it is of all. A list that
 * is newest first is read no further than that. `last_at` as in Forge.hear. */
bool conversation_hear(const Conversation *conversation, const char *path, int64_t number,
		       const GPtrArray *proposals, int64_t since, GPtrArray *comments,
		       int64_t *last_at, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What asking for a merge is called in errors. */
#define CONVERSATION_AUTOMERGE "merging it once all checks pass"

/* And taking that back. */
#define CONVERSATION_CANCEL "not merging it by itself"

/* The title of a new one; what makes a draft stands in front where the title alone does. */
void conversation_set_title(Json *body, const Proposal *proposal, const char *draft);

/* Puts them into the order they were said in, each once. */
void conversation_sort(GPtrArray *comments);

/* As Forge.say, by POST to `path`. */
bool conversation_say(const Conversation *conversation, const char *path, const char *text,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
