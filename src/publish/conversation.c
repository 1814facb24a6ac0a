/* SPDX-License-Identifier: MIT */
#include "publish/conversation.h"

#include <string.h>

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

/* An open one counts before any other, else the newest. */
static bool match(const Json *item, void *data)
{
	Search *search = data;
	g_autoptr(Proposal) proposal =
		search->conversation->read(item, search->conversation->forge);

	if (proposal == NULL || strcmp(proposal->head, search->head) != 0 ||
	    strcmp(proposal->base, search->base) != 0)
		return true;
	if (search->found == NULL || proposal->state == PROPOSAL_OPEN ||
	    proposal->number > search->found->number) {
		proposal_free(search->found);
		search->found = g_steal_pointer(&proposal);
	}
	return search->found->state != PROPOSAL_OPEN;
}

bool conversation_find(const Conversation *conversation, const char *head, const char *base,
		       Proposal **found, GError **error)
{
	const char *const paths[] = { conversation->open_path, conversation->closed_path };
	Search search = { .conversation = conversation, .head = head, .base = base };

	*found = NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(paths) && search.found == NULL; i++)
		if (!api_each(conversation->api, paths[i], "looking for the proposal", match,
			      &search, error)) {
			proposal_free(search.found);
			return false;
		}
	*found = search.found;
	return true;
}

/* Whether the wanted one is open already; then `proposal` becomes it. */
static bool adopt(const Conversation *conversation, Proposal *proposal, bool *is_there,
		  GError **error)
{
	Proposal *found = NULL;

	*is_there = false;
	if (!conversation_find(conversation, proposal->head, proposal->base, &found, error))
		return false;
	*is_there = found != NULL && found->state == PROPOSAL_OPEN;
	if (*is_there)
		proposal_take_over(proposal, found);
	else
		proposal_free(found);
	return true;
}

bool conversation_open(const Conversation *conversation, const char *path, Json *body,
		       const char *exists, const char *nothing, const char *number, const char *url,
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
	if (!api_ask(conversation->api, HTTP_POST, path, g_steal_pointer(&owned), &answer,
		     &local) ||
	    api_says(&answer, exists)) {
		/* It may have been made all the same: look before saying that it was not. */
		if (adopt(conversation, proposal, &is_there, NULL) && is_there)
			return true;
		if (local == NULL)
			return api_refused(&answer, doing, error);
		g_propagate_prefixed_error(error, g_steal_pointer(&local), "%s: ", doing);
		return false;
	}
	*opening = OPENED_NOT;
	if (!api_is_good(&answer))
		return api_says(&answer, nothing) || api_refused(&answer, doing, error);
	*opening = OPENED;
	proposal->number = json_integer(answer.json, number, 0);
	g_free(proposal->url);
	proposal->url = g_strdup(json_string(answer.json, url));
	if (proposal->number == 0)
		return fail(error, FAILURE_NET, "%s: the answer names no number", doing);
	return true;
}

bool api_wish(const Api *api, HttpMethod method, const char *path, Json *body, const char *doing,
	      GString *trouble, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(GError) refusal = NULL;

	if (!api_ask(api, method, path, body, &answer, error))
		return false;
	if (!api_is_good(&answer) && !api_refused(&answer, doing, &refusal))
		g_string_append_printf(trouble, "%s\n", refusal->message);
	return true;
}
