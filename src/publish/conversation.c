/* SPDX-License-Identifier: MIT */
#include "publish/conversation.h"

#include <string.h>

/* Times that a wish to open one is repeated while the forge does not see the branch. */
#define OPEN_TRIES 4

/* Times that one is looked for whose opening nobody heard of. */
#define UNHEARD_LOOKS 3

typedef struct {
	const Conversation *conversation;
	GPtrArray *proposals;
	const char *head, *base;
	Proposal *found;
} Search;

void conversation_clear(Conversation *conversation)
{
	g_free(conversation->open_path);
	g_free(conversation->closed_path);
	g_free(conversation->hint_path);
}

static const char *name_of(const Json *side)
{
	return json_string(json_object(side, "repo"), "full_name");
}

bool conversation_is_own(const Json *head, const Json *base, const char *full_name)
{
	const char *source = name_of(head), *target = name_of(base);

	return source != NULL &&
	       g_ascii_strcasecmp(source, target != NULL ? target : full_name) == 0;
}

static bool collect(const Json *item, void *data)
{
	Search *search = data;
	Proposal *proposal = search->conversation->read(item, search->conversation->forge);

	if (proposal != NULL)
		g_ptr_array_add(search->proposals, proposal);
	return true;
}

GPtrArray *conversation_all(const Conversation *conversation, GError **error)
{
	g_autoptr(GPtrArray) proposals = proposals_new();
	Search search = { .conversation = conversation, .proposals = proposals };

	if (!api_each(conversation->api, conversation->open_path, "listing the proposals", collect,
		      &search, error))
		return NULL;
	return g_steal_pointer(&proposals);
}

/* One to the base that is meant before any other, then the oldest. */
static bool is_better(const Search *search, const Proposal *proposal)
{
	bool is_meant = strcmp(proposal->base, search->base) == 0;

	if (search->found == NULL)
		return true;
	if (is_meant != (strcmp(search->found->base, search->base) == 0))
		return is_meant;
	return proposal->number < search->found->number;
}

static bool match_open(const Json *item, void *data)
{
	Search *search = data;
	g_autoptr(Proposal) proposal =
		search->conversation->read(item, search->conversation->forge);

	if (proposal != NULL && proposal->state == PROPOSAL_OPEN &&
	    strcmp(proposal->head, search->head) == 0 && is_better(search, proposal)) {
		proposal_free(search->found);
		search->found = g_steal_pointer(&proposal);
	}
	return true;
}

/* The newest of those that are not. */
static bool match_closed(const Json *item, void *data)
{
	Search *search = data;
	g_autoptr(Proposal) proposal =
		search->conversation->read(item, search->conversation->forge);

	if (proposal != NULL && strcmp(proposal->head, search->head) == 0 &&
	    strcmp(proposal->base, search->base) == 0 &&
	    (search->found == NULL || proposal->number > search->found->number)) {
		proposal_free(search->found);
		search->found = g_steal_pointer(&proposal);
	}
	return true;
}

static bool search_in(const Conversation *conversation, const char *path,
		      bool (*match)(const Json *item, void *data), const char *head,
		      const char *base, Proposal **found, GError **error)
{
	Search search = { .conversation = conversation, .head = head, .base = base };
	bool is_good = api_each(conversation->api, path, "looking for the proposal", match, &search,
				error);

	if (!is_good)
		g_clear_pointer(&search.found, proposal_free);
	*found = search.found;
	return is_good;
}

/* Spares the list of all that were ever closed where there never was one. */
static bool may_be_closed(const Conversation *conversation, bool *may, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };

	*may = true;
	if (conversation->hint_path == NULL)
		return true;
	if (!api_ask(conversation->api, HTTP_GET, conversation->hint_path, NULL, &answer, error))
		return false;
	*may = answer.status != 404;
	return true;
}

bool conversation_find(const Conversation *conversation, const char *head, const char *base,
		       Proposal **found, GError **error)
{
	bool may = true;

	if (!search_in(conversation, conversation->open_path, match_open, head, base, found, error))
		return false;
	if (*found != NULL)
		return true;
	if (!may_be_closed(conversation, &may, error))
		return false;
	return !may || search_in(conversation, conversation->closed_path, match_closed, head, base,
				 found, error);
}

bool conversation_look(const Conversation *conversation, const char *path, Proposal **found,
		       GError **error)
{
	static const char doing[] = "looking at the proposal";
	g_auto(ApiAnswer) answer = { 0 };

	*found = NULL;
	if (!api_ask(conversation->api, HTTP_GET, path, NULL, &answer, error)) {
		g_prefix_error(error, "%s: ", doing);
		return false;
	}
	if (answer.status == 404 || answer.status == 410)
		return true;
	if (!api_is_good(&answer))
		return api_refused(&answer, doing, error);
	*found = conversation->read(answer.json, conversation->forge);
	return true;
}

/* Whether the wanted one is open already; then `proposal` becomes it. */
static bool adopt(const Conversation *conversation, Proposal *proposal, bool *is_there,
		  GError **error)
{
	Proposal *found = NULL;

	*is_there = false;
	if (!search_in(conversation, conversation->open_path, match_open, proposal->head,
		       proposal->base, &found, error))
		return false;
	*is_there = found != NULL;
	if (*is_there)
		proposal_take_over(proposal, found);
	return true;
}

/* Asks for it, again while the forge is not ready. */
static bool post(const Conversation *conversation, const char *path, const Json *body,
		 ApiAnswer *answer, GError **error)
{
	for (int number = 1;; number++) {
		if (!api_ask(conversation->api, HTTP_POST, path, json_copy(body), answer, error))
			return false;
		if (api_is_good(answer) || number == OPEN_TRIES || conversation->is_early == NULL ||
		    !conversation->is_early(answer, number))
			return true;
		api_answer_clear(answer);
		http_wait(conversation->api->world->http, number + 1);
	}
}

/* Whether the wish was carried out though nobody heard of it. What was made a moment ago
 * may take a while to be listed. */
static bool was_made(const Conversation *conversation, Proposal *proposal, bool *is_there,
		     GError **error)
{
	for (int number = 2; number < 2 + UNHEARD_LOOKS; number++) {
		http_wait(conversation->api->world->http, number);
		if (!adopt(conversation, proposal, is_there, error))
			return false;
		if (*is_there)
			break;
	}
	return true;
}

/* post(), and once more where no answer came and it is sure that nothing was done
 * (forges.md 1.4). `*is_there`: it had been done. */
static bool post_surely(const Conversation *conversation, const char *path, const Json *body,
			Proposal *proposal, bool *is_there, ApiAnswer *answer, GError **error)
{
	g_autoptr(GError) local = NULL;

	*is_there = false;
	if (post(conversation, path, body, answer, &local))
		return true;
	if (failure_kind(local) != FAILURE_NET) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	if (!was_made(conversation, proposal, is_there, error))
		return false;
	return *is_there || post(conversation, path, body, answer, error);
}

/* post_surely(), and once more for less where that is what the forge takes. */
static bool post_what_is_taken(const Conversation *conversation, const char *path, const Json *body,
			       Proposal *proposal, bool *is_there, ApiAnswer *answer,
			       GError **error)
{
	g_autoptr(Json) less = NULL;

	if (!post_surely(conversation, path, body, proposal, is_there, answer, error))
		return false;
	if (!*is_there && !api_is_good(answer) && conversation->soften != NULL)
		less = conversation->soften(answer, proposal);
	if (less == NULL)
		return true;
	api_answer_clear(answer);
	return post_surely(conversation, path, less, proposal, is_there, answer, error);
}

bool conversation_open(const Conversation *conversation, const char *path, Json *body,
		       const char *exists, const char *nothing, const char *number,
		       Proposal *proposal, Opening *opening, GError **error)
{
	static const char doing[] = "opening the proposal";
	g_autoptr(Json) owned = body;
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(GError) local = NULL;
	bool is_there;

	*opening = OPENED_BEFORE;
	if (!adopt(conversation, proposal, &is_there, error))
		return false;
	if (is_there)
		return true;
	if (!post_what_is_taken(conversation, path, owned, proposal, &is_there, &answer, &local)) {
		g_propagate_prefixed_error(error, g_steal_pointer(&local), "%s: ", doing);
		return false;
	}
	if (is_there)
		return true;
	if (api_says(&answer, exists)) {
		if (!adopt(conversation, proposal, &is_there, error))
			return false;
		return is_there || api_refused(&answer, doing, error);
	}
	*opening = OPENED_NOT;
	if (!api_is_good(&answer))
		return api_says(&answer, nothing) || api_refused(&answer, doing, error);
	*opening = OPENED;
	proposal->number = json_integer(answer.json, number, 0);
	if (proposal->number == 0)
		return fail(error, FAILURE_NET, "%s: the answer names no number", doing);
	return true;
}

typedef struct {
	const Conversation *conversation;
	int64_t number;
	const GPtrArray *proposals;
	int64_t since, *last_at;
	GPtrArray *comments;
} Hearing;

static bool is_of(const GPtrArray *proposals, int64_t number)
{
	for (guint i = 0; i < proposals->len; i++)
		if (((const Proposal *)g_ptr_array_index(proposals, i))->number == number)
			return true;
	return false;
}

static bool hear_one(const Json *item, void *data)
{
	Hearing *hearing = data;
	g_autoptr(Comment) comment = hearing->conversation->hear(item, hearing->number);
	int64_t said_at = api_time(item, "created_at"), changed_at = api_time(item, "updated_at");

	if (hearing->last_at != NULL)
		*hearing->last_at = MAX(*hearing->last_at, MAX(said_at, changed_at));
	if (comment != NULL && comment->author != NULL && comment->body != NULL &&
	    comment->said_at >= hearing->since && is_of(hearing->proposals, comment->number))
		g_ptr_array_add(hearing->comments, g_steal_pointer(&comment));
	return !hearing->conversation->hears_newest_first || said_at >= hearing->since;
}

bool conversation_hear(const Conversation *conversation, const char *path, int64_t number,
		       const GPtrArray *proposals, int64_t since, GPtrArray *comments,
		       int64_t *last_at, GError **error)
{
	Hearing hearing = { conversation, number, proposals, since, last_at, comments };

	return api_each(conversation->api, path, "reading comments", hear_one, &hearing, error);
}

void conversation_set_title(Json *body, const Proposal *proposal, const char *draft)
{
	g_autofree char *title =
		g_strconcat(proposal->is_draft ? draft : "", proposal->title, NULL);

	json_set_string(body, "title", title);
}

static int by_id(const void *a, const void *b)
{
	const Comment *x = *(Comment *const *)a, *y = *(Comment *const *)b;

	return x->id < y->id ? -1 : x->id > y->id;
}

void conversation_sort(GPtrArray *comments)
{
	g_ptr_array_sort(comments, by_id);
	for (guint i = 1; i < comments->len;) {
		const Comment *before = g_ptr_array_index(comments, i - 1);

		/* Lists move while they are read. */
		if (((const Comment *)g_ptr_array_index(comments, i))->id == before->id)
			g_ptr_array_remove_index(comments, i);
		else
			i++;
	}
}

bool conversation_say(const Conversation *conversation, const char *path, const char *text,
		      GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	Json *body = json_new_object();

	json_set_string(body, "body", text);
	return api_do(conversation->api, HTTP_POST, path, body, "writing a comment", &answer,
		      error);
}
