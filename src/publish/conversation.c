/* SPDX-License-Identifier: MIT */
#include "publish/conversation.h"

#include "base/time.h"

#include <string.h>

/* Times that a wish to open one is repeated while the forge does not see the branch. */
#define OPEN_TRIES 5

/* Times that one is looked for whose opening nobody heard of. */
#define UNHEARD_LOOKS 3

typedef struct {
	const Hosted *hosted;
	GPtrArray *proposals;
	const char *head, *base;
	Proposal *found;
	bool (*take)(const Json *item, void *search);
	const char *missing; /* what an element lacks */
} Search;

bool conversation_meet(Hosted *hosted, GError **error)
{
	return hosted->conversation->meet == NULL || hosted->conversation->meet(hosted, error);
}

char *conversation_path(const Hosted *hosted, int64_t number, const char *rest)
{
	return api_path(&hosted->api, "%s/%" G_GINT64_FORMAT "%s", hosted->conversation->proposals,
			number, rest);
}

char *conversation_page(const Hosted *hosted, int64_t number)
{
	return g_strdup_printf("%s%s%" G_GINT64_FORMAT, hosted->web, hosted->conversation->page,
			       number);
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

static Proposal *read_listed(const Search *search, const Json *item)
{
	const Conversation *conversation = search->hosted->conversation;

	return (conversation->read_listed != NULL ? conversation->read_listed
						  : conversation->read)(item, search->hosted);
}

/* What every proposal must have; a list without it is none of a forge. */
static const char *missing(const Conversation *conversation, const Json *item)
{
	if (json_integer(item, conversation->number, 0) == 0)
		return conversation->number;
	return json_string(item, "state") == NULL ? "state" : NULL;
}

static bool is_among(const GPtrArray *proposals, int64_t number)
{
	for (guint i = 0; i < proposals->len; i++)
		if (((const Proposal *)g_ptr_array_index(proposals, i))->number == number)
			return true;
	return false;
}

/* Lists move while they are read: one may stand on two pages. */
static bool collect(const Json *item, void *data)
{
	Search *search = data;
	Proposal *proposal = read_listed(search, item);

	if (proposal != NULL && is_among(search->proposals, proposal->number))
		g_clear_pointer(&proposal, proposal_free);
	if (proposal != NULL)
		g_ptr_array_add(search->proposals, proposal);
	return true;
}

static bool take_whole(const Json *item, void *data)
{
	Search *search = data;

	search->missing = missing(search->hosted->conversation, item);
	return search->missing == NULL && search->take(item, search);
}

/* Reads a list. */
static bool each(Hosted *hosted, bool is_open, const char *head, const char *doing,
		 bool (*take)(const Json *item, void *data), Search *search, GError **error)
{
	g_autofree char *path = conversation_meet(hosted, error)
					? hosted->conversation->list(hosted, is_open, head, error)
					: NULL;

	search->hosted = hosted;
	search->take = take;
	if (path == NULL || !api_each(&hosted->api, path, doing, take_whole, search, error))
		return false;
	return search->missing == NULL ||
	       fail(error, FAILURE_NET, "%s: one that is listed has no '%s'", doing,
		    search->missing);
}

GPtrArray *conversation_list(Hosted *hosted, GError **error)
{
	g_autoptr(GPtrArray) proposals = proposals_new();
	Search search = { .proposals = proposals };

	if (!each(hosted, true, NULL, "listing the proposals", collect, &search, error))
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
	g_autoptr(Proposal) proposal = read_listed(search, item);

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
	g_autoptr(Proposal) proposal = read_listed(search, item);

	if (proposal != NULL && strcmp(proposal->head, search->head) == 0 &&
	    strcmp(proposal->base, search->base) == 0 &&
	    (search->found == NULL || proposal->number > search->found->number)) {
		proposal_free(search->found);
		search->found = g_steal_pointer(&proposal);
	}
	return true;
}

static bool search_in(Hosted *hosted, bool is_open, const char *head, const char *base,
		      Proposal **found, GError **error)
{
	Search search = { .head = head, .base = base };
	bool is_good = each(hosted, is_open, head, "looking for the proposal",
			    is_open ? match_open : match_closed, &search, error);

	if (!is_good)
		g_clear_pointer(&search.found, proposal_free);
	*found = search.found;
	return is_good;
}

/* Spares the list of all that were ever closed where there never was one. */
static bool may_be_closed(Hosted *hosted, const char *head, const char *base, bool *may,
			  GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;

	*may = true;
	if (hosted->conversation->hint == NULL)
		return true;
	path = hosted->conversation->hint(hosted, head, base);
	if (!api_ask(&hosted->api, HTTP_GET, path, NULL, &answer, error))
		return false;
	*may = answer.status != 404;
	return true;
}

bool conversation_find(Hosted *hosted, const char *head, const char *base, Proposal **found,
		       GError **error)
{
	bool may = true;

	if (!search_in(hosted, true, head, base, found, error))
		return false;
	if (*found != NULL)
		return true;
	if (!may_be_closed(hosted, head, base, &may, error))
		return false;
	return !may || search_in(hosted, false, head, base, found, error);
}

bool conversation_look(Hosted *hosted, int64_t number, Proposal **found, GError **error)
{
	static const char doing[] = "looking at the proposal";
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;
	const char *lacks;

	*found = NULL;
	if (!conversation_meet(hosted, error))
		return false;
	path = conversation_path(hosted, number, "");
	if (!api_ask(&hosted->api, HTTP_GET, path, NULL, &answer, error)) {
		g_prefix_error(error, "%s: ", doing);
		return false;
	}
	if (answer.status == 404 || answer.status == 410)
		return true;
	if (!api_is_good(&answer))
		return api_refused(&answer, doing, error);
	lacks = missing(hosted->conversation, answer.json);
	if (lacks != NULL)
		return fail(error, FAILURE_NET, "%s: the answer has no '%s'", doing, lacks);
	*found = hosted->conversation->read(answer.json, hosted);
	return true;
}

/* Whether the wanted one is open already; then `proposal` becomes it. */
static bool adopt(Hosted *hosted, Proposal *proposal, bool *is_there, GError **error)
{
	Proposal *found = NULL;

	*is_there = false;
	if (!search_in(hosted, true, proposal->head, proposal->base, &found, error))
		return false;
	*is_there = found != NULL;
	if (*is_there)
		proposal_take_over(proposal, found);
	return true;
}

/* Asks for it, again while the forge is not ready. */
static bool post(Hosted *hosted, const Proposal *proposal, ApiAnswer *answer, GError **error)
{
	const Conversation *conversation = hosted->conversation;
	g_autofree char *path = api_path(&hosted->api, "%s", conversation->proposals);

	for (int number = 1;; number++) {
		if (!api_ask(&hosted->api, HTTP_POST, path, conversation->wish(proposal), answer,
			     error))
			return false;
		if (api_is_good(answer) || number == OPEN_TRIES ||
		    !conversation->is_early(answer, number))
			return true;
		api_answer_clear(answer);
		http_wait(hosted->api.world->http, number + 1);
	}
}

/* Whether the wish was carried out though nobody heard of it. What was made a moment ago
 * may take a while to be listed. */
static bool was_made(Hosted *hosted, Proposal *proposal, bool *is_there, GError **error)
{
	for (int number = 2; number < 2 + UNHEARD_LOOKS; number++) {
		http_wait(hosted->api.world->http, number);
		if (!adopt(hosted, proposal, is_there, error))
			return false;
		if (*is_there)
			break;
	}
	return true;
}

/* post(), and once more where no answer came and it is sure that nothing was done
 * (forges.md 1.4). `*is_there`: it had been done. */
static bool post_surely(Hosted *hosted, Proposal *proposal, bool *is_there, ApiAnswer *answer,
			GError **error)
{
	g_autoptr(GError) local = NULL;

	*is_there = false;
	if (post(hosted, proposal, answer, &local))
		return true;
	if (failure_kind(local) != FAILURE_NET) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	if (!was_made(hosted, proposal, is_there, error))
		return false;
	return *is_there || post(hosted, proposal, answer, error);
}

/* post_surely(), and once more for less where that is what the forge takes. */
static bool post_what_is_taken(Hosted *hosted, Proposal *proposal, bool *is_there,
			       ApiAnswer *answer, GError **error)
{
	const Conversation *conversation = hosted->conversation;

	if (!post_surely(hosted, proposal, is_there, answer, error))
		return false;
	if (*is_there || api_is_good(answer) || conversation->soften == NULL ||
	    !conversation->soften(answer, proposal))
		return true;
	api_answer_clear(answer);
	return post_surely(hosted, proposal, is_there, answer, error);
}

bool conversation_open(Hosted *hosted, Proposal *proposal, Opening *opening, GError **error)
{
	static const char doing[] = "opening the proposal";
	const Conversation *conversation = hosted->conversation;
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(GError) local = NULL;
	bool is_there;

	*opening = OPENED_BEFORE;
	if (!adopt(hosted, proposal, &is_there, error))
		return false;
	if (is_there)
		return true;
	if (!post_what_is_taken(hosted, proposal, &is_there, &answer, &local)) {
		g_propagate_prefixed_error(error, g_steal_pointer(&local), "%s: ", doing);
		return false;
	}
	if (is_there)
		return true;
	if (api_says(&answer, conversation->exists)) {
		if (!adopt(hosted, proposal, &is_there, error))
			return false;
		return is_there || api_refused(&answer, doing, error);
	}
	*opening = OPENED_NOT;
	if (!api_is_good(&answer))
		return api_says(&answer, conversation->nothing) ||
		       api_refused(&answer, doing, error);
	*opening = OPENED;
	proposal->number = json_integer(answer.json, conversation->number, 0);
	if (proposal->number == 0)
		return fail(error, FAILURE_NET, "%s: the answer names no number", doing);
	proposal->url = conversation_page(hosted, proposal->number);
	return true;
}

typedef struct {
	const Conversation *conversation;
	int64_t number;
	const GPtrArray *proposals;
	int64_t since, *last_at;
	GPtrArray *comments;
} Hearing;

static bool hear_one(const Json *item, void *data)
{
	Hearing *hearing = data;
	g_autoptr(Comment) comment = hearing->conversation->hear(item, hearing->number);
	int64_t said_at = api_time(item, "created_at"), changed_at = api_time(item, "updated_at");

	if (hearing->last_at != NULL)
		*hearing->last_at = MAX(*hearing->last_at, MAX(said_at, changed_at));
	if (comment != NULL && comment->author != NULL && comment->body != NULL &&
	    comment->said_at >= hearing->since && is_among(hearing->proposals, comment->number))
		g_ptr_array_add(hearing->comments, g_steal_pointer(&comment));
	return !hearing->conversation->hears_newest_first || said_at >= hearing->since;
}

bool conversation_hear_list(Hosted *hosted, int64_t number, const GPtrArray *proposals,
			    int64_t since, GPtrArray *comments, int64_t *last_at, GError **error)
{
	Hearing hearing = { hosted->conversation, number, proposals, since, last_at, comments };
	g_autofree char *path = NULL;
	char time[32];

	time_text(since, time, sizeof time);
	path = hosted->conversation->said(hosted, number, time);
	return api_each(&hosted->api, path, "reading comments", hear_one, &hearing, error);
}

GPtrArray *conversation_hear(Hosted *hosted, const GPtrArray *proposals, int64_t since,
			     int64_t *last_at, GError **error)
{
	g_autoptr(GPtrArray) comments = comments_new();
	const Proposal *first = proposals->len > 0 ? g_ptr_array_index(proposals, 0) : NULL;

	if (first != NULL &&
	    !conversation_hear_list(hosted, proposals->len == 1 ? first->number : 0, proposals,
				    since, comments, last_at, error))
		return NULL;
	conversation_sort(comments);
	return g_steal_pointer(&comments);
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

bool conversation_say(Hosted *hosted, int64_t number, const char *text, GError **error)
{
	const Conversation *conversation = hosted->conversation;
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *path = NULL;
	Json *body;

	if (!conversation_meet(hosted, error))
		return false;
	path = api_path(&hosted->api, "%s/%" G_GINT64_FORMAT "%s", conversation->threads, number,
			conversation->comments);
	body = json_new_object();
	json_set_string(body, "body", text);
	return api_do(&hosted->api, HTTP_POST, path, body, "writing a comment", &answer, error);
}
