/* SPDX-License-Identifier: MIT */
/* Leaving the merge of a pull request to GitHub (forges.md 3.2, "GraphQL"). */
#include "publish/github.h"
#include "store/cache.h"

#include <string.h>

/* What GraphQL calls the ways to merge, in the order of preference, and REST. */
static const struct {
	const char *key, *method, *rest;
} methods[] = {
	{ "allow_merge_commit", "MERGE", "merge" },
	{ "allow_squash_merge", "SQUASH", "squash" },
	{ "allow_rebase_merge", "REBASE", "rebase" },
};

/* The first way to merge that the repository allows, an index of methods; who may not
 * see that gets the first of all. */
static bool merge_method(Hosted *hosted, size_t *method, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };

	if (!api_do(&hosted->api, HTTP_GET, hosted->api.repository, NULL, "reading the repository",
		    &answer, error))
		return false;
	for (*method = 0; *method < G_N_ELEMENTS(methods); (*method)++)
		if (json_bool(answer.json, methods[*method].key, *method == 0))
			return true;
	*method = 0;
	return true;
}

/* What GraphQL calls a pull request; NULL in `*id`: there is none. `is_left` (NULL: not
 * wanted): whether its merge is left to GitHub. */
static bool node_id(Hosted *hosted, int64_t number, char **id, bool *is_left, GError **error)
{
	g_autofree char *path = conversation_path(hosted, number, "");
	g_auto(ApiAnswer) answer = { 0 };

	if (!api_ask(&hosted->api, HTTP_GET, path, NULL, &answer, error))
		return false;
	*id = api_is_good(&answer) ? g_strdup(json_string(answer.json, "node_id")) : NULL;
	if (is_left != NULL)
		*is_left = json_object(answer.json, "auto_merge") != NULL;
	return true;
}

/* `input` is taken. */
static Json *mutation(const char *text, Json *input)
{
	Json *query = json_new_object(), *variables = json_new_object();

	json_set(variables, "input", input);
	json_set_string(query, "query", text);
	json_set(query, "variables", variables);
	return query;
}

static Json *automerge_query(const char *id, const char *method, const char *head)
{
	Json *input = json_new_object();

	json_set_string(input, "pullRequestId", id);
	json_set_string(input, "mergeMethod", method);
	json_set_string(input, "expectedHeadOid", head);
	return mutation("mutation($input: EnablePullRequestAutoMergeInput!) { "
			"enablePullRequestAutoMerge(input: $input) { clientMutationId } }",
			input);
}

static Json *cancel_query(const char *id)
{
	Json *input = json_new_object();

	json_set_string(input, "pullRequestId", id);
	return mutation("mutation($input: DisablePullRequestAutoMergeInput!) { "
			"disablePullRequestAutoMerge(input: $input) { clientMutationId } }",
			input);
}

/* Nothing is left to wait for. */
static bool merge_now(Hosted *hosted, const Proposal *proposal, size_t method, GString *trouble,
		      GError **error)
{
	g_autofree char *path = conversation_path(hosted, proposal->number, "/merge");
	Json *body = json_new_object();

	json_set_string(body, "sha", proposal->head_commit);
	json_set_string(body, "merge_method", methods[method].rest);
	return api_wish(&hosted->api, HTTP_PUT, path, body, CONVERSATION_AUTOMERGE, trouble, error);
}

/* How long it is remembered that a repository has switched this off, seconds. */
#define OFF_FOR 86400

/* Where it is remembered until when that holds. */
static char *off_name(const Hosted *hosted)
{
	return g_strdup_printf("no automerge %s", hosted->web);
}

static bool is_off(const Hosted *hosted, bool *is, GError **error)
{
	World *w = hosted->api.world;
	g_autofree char *name = off_name(hosted), *text = NULL;
	int64_t until = 0;

	*is = false;
	if (w->store == NULL)
		return true;
	if (!cache_value(w->store, name, &text, error))
		return false;
	*is = text != NULL && g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, &until, NULL) &&
	      w->now < until && until <= w->now + OFF_FOR;
	return true;
}

/* Remembers it, if that is what `trouble` says. */
static bool note_off(const Hosted *hosted, const GString *trouble, GError **error)
{
	World *w = hosted->api.world;
	g_autofree char *name = off_name(hosted), *text = NULL;

	if (w->store == NULL || strstr(trouble->str, "not allowed for this repository") == NULL)
		return true;
	text = g_strdup_printf("%" G_GINT64_FORMAT, w->now + OFF_FOR);
	return cache_set_value(w->store, name, text, error);
}

/* Adds what GraphQL says against `doing`; whether it says that nothing is left to wait for. */
static bool complain(const ApiAnswer *answer, const char *doing, GString *trouble)
{
	const Json *errors = json_array(answer->json, "errors");
	bool is_clean = false;

	for (const Json *one = json_first(errors); one != NULL; one = json_next(one)) {
		const char *message = json_string(one, "message");

		if (message == NULL)
			continue;
		if (strstr(message, "clean status") != NULL)
			is_clean = true;
		else
			g_string_append_printf(trouble, "%s: %s\n", doing, message);
	}
	return is_clean;
}

/* Only GraphQL has this. */
bool github_automerge(Hosted *hosted, const Proposal *proposal, GString *trouble, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *id = NULL;
	size_t method = 0;
	bool is;

	if (!is_off(hosted, &is, error))
		return false;
	if (is) {
		g_string_append(trouble, CONVERSATION_AUTOMERGE
				": the repository does not allow it; it is asked again in a day\n");
		return true;
	}
	if (!node_id(hosted, proposal->number, &id, NULL, error) ||
	    !merge_method(hosted, &method, error))
		return false;
	if (id == NULL) {
		g_string_append(trouble,
				CONVERSATION_AUTOMERGE ": there is no such pull request\n");
		return true;
	}
	if (!github_graphql(hosted,
			    automerge_query(id, methods[method].method, proposal->head_commit),
			    CONVERSATION_AUTOMERGE, &answer, error))
		return false;
	if (complain(&answer, CONVERSATION_AUTOMERGE, trouble))
		return merge_now(hosted, proposal, method, trouble, error);
	return note_off(hosted, trouble, error);
}

bool github_cancel_automerge(Hosted *hosted, int64_t number, GString *trouble, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autofree char *id = NULL;
	bool is_left = false;

	if (!node_id(hosted, number, &id, &is_left, error))
		return false;
	if (id == NULL || !is_left)
		return true;
	if (!github_graphql(hosted, cancel_query(id), CONVERSATION_CANCEL, &answer, error))
		return false;
	complain(&answer, CONVERSATION_CANCEL, trouble);
	return true;
}
