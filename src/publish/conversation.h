/* SPDX-License-Identifier: MIT */
/* What the forges with an API share: finding a proposal, opening one without ever
 * doubling it, and what is said on it.
 *
 * Each has a Conversation, which its Hosted names; the functions are members of Forge
 * and have its contract. Servers ignore filters they do not know, so what they list is
 * filtered again.
 */
#pragma once

#include "publish/forges.h"
#include "publish/hosted.h"

/* How one forge speaks of proposals. */
typedef struct Conversation {
	const char *proposals; /* where they lie below the repository in the API: "/pulls" */
	const char *threads, *comments; /* what is said on 7: "/issues", "/comments" around it */
	const char *page;               /* where people see them below the repository: "/pull/" */
	const char *number;             /* the key of its number: "iid" */

	/* Learns what has to be known before all else; NULL: nothing. */
	bool (*meet)(Hosted *hosted, GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* The path of a list, the caller's, with the query that narrows it as far as the
	 * forge can: of the open ones or the others, from `head` (NULL: from all). */
	char *(*list)(Hosted *hosted, bool is_open, const char *head,
		      GError **error)G_GNUC_WARN_UNUSED_RESULT;
	/* The path, the caller's, that answers 404 where there never was a proposal from
	 * that head to that base; NULL: there is no such question. */
	char *(*hint)(const Hosted *hosted, const char *head, const char *base);
	/* One proposal; NULL: it is a fork's, or makes no sense. */
	Proposal *(*read)(const Json *item, const Hosted *hosted);
	/* Likewise, in a list, NULL too if it does not count there. NULL: as `read`. */
	Proposal *(*read_listed)(const Json *item, const Hosted *hosted);

	/* What a new one is asked for by. */
	Json *(*wish)(const Proposal *proposal);
	/* Words of a refusal that mean OPENED_BEFORE and OPENED_NOT. */
	const char *exists, *nothing;
	/* Whether a refusal to open means that the branch is not seen yet, or else
	 * passes by itself; `tries` were made by now. */
	bool (*is_early)(const ApiAnswer *answer, int tries);
	/* Makes less of `proposal` where a refusal says that it is more than the forge takes;
	 * false: it does not say so. NULL: there is no such. */
	bool (*soften)(const ApiAnswer *answer, Proposal *proposal);

	/* The path of what was said since then, the caller's: on one proposal, or with the
	 * number 0 in the whole repository. */
	char *(*said)(const Hosted *hosted, int64_t number, const char *since);
	/* One element of a list of comments; NULL: nobody said it, or it makes no sense.
	 * `number` is the proposal's where the list is of one, else 0. */
	Comment *(*hear)(const Json *item, int64_t number);
	/* Lists of comments begin with the newest: then reading ends at the first that is
	 * older than what is wanted. */
	bool hears_newest_first;
} Conversation;

/* Conversation.meet, if there is something to learn. */
bool conversation_meet(Hosted *hosted, GError **error) G_GNUC_WARN_UNUSED_RESULT;

GPtrArray *conversation_list(Hosted *hosted, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool conversation_find(Hosted *hosted, const char *head, const char *base, Proposal **found,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool conversation_look(Hosted *hosted, int64_t number, Proposal **found, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool conversation_open(Hosted *hosted, Proposal *proposal, Opening *opening, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool conversation_say(Hosted *hosted, int64_t number, const char *text, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* One list for the whole repository, unless only one proposal is meant. */
GPtrArray *conversation_hear(Hosted *hosted, const GPtrArray *proposals, int64_t since,
			     int64_t *last_at, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds to `comments` what the list that is of `number` (0: of all) has of `proposals`
 * since then. `last_at` as in Forge.hear. */
bool conversation_hear_list(Hosted *hosted, int64_t number, const GPtrArray *proposals,
			    int64_t since, GPtrArray *comments, int64_t *last_at, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Puts them into the order they were said in, each once. */
void conversation_sort(GPtrArray *comments);

/* The path of a proposal and what comes behind it, "" or "/merge"; the caller's. */
char *conversation_path(const Hosted *hosted, int64_t number, const char *rest);

/* Where people see a proposal; the caller's. */
char *conversation_page(const Hosted *hosted, int64_t number);

/* Whether the branch at `head` of a pull request lies in the repository that it is
 * proposed to: the answer knows that by the name that it has now, `full_name` is what we
 * call it. A fork has another name, and one that is gone has none. */
bool conversation_is_own(const Json *head, const Json *base, const char *full_name);

/* The title of a new one; what makes a draft stands in front where the title alone does. */
void conversation_set_title(Json *body, const Proposal *proposal, const char *draft);

/* What asking for a merge is called in errors. */
#define CONVERSATION_AUTOMERGE "merging it once all checks pass"

/* Times that is asked for while it is too early. */
#define CONVERSATION_MERGE_TRIES 5

/* And taking that back. */
#define CONVERSATION_CANCEL "not merging it by itself"
