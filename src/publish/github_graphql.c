/* SPDX-License-Identifier: MIT */
/* The part of GitHub that is asked in another language (forges.md 3.2, "GraphQL"). */
#include "publish/github.h"

#include <string.h>

bool github_graphql(const Hosted *hosted, Json *query, const char *doing, ApiAnswer *answer,
		    GError **error)
{
	World *w = hosted->api.world;
	const char *base = hosted->api.base;
	g_auto(Api) graphql = { 0 };

	api_init(&graphql, w, hosted->repository,
		 g_str_has_suffix(base, "/v3") ? g_strndup(base, strlen(base) - strlen("/v3"))
					       : g_strdup(base));
	graphql.quota = "graphql"; /* counted apart from REST */
	return api_do(&graphql, HTTP_POST, "/graphql", query, doing, answer, error);
}

char *github_viewer(const Hosted *hosted, GError **error)
{
	static const char doing[] =
		"asking what the App is called, by which its dashboard is known";
	g_auto(ApiAnswer) answer = { 0 };
	Json *query = json_new_object();
	const char *login;

	json_set_string(query, "query", "{ viewer { login } }");
	if (!github_graphql(hosted, query, doing, &answer, error))
		return NULL;
	login = json_string(json_object(json_object(answer.json, "data"), "viewer"), "login");
	return login != NULL ? g_strdup(login)
			     : fail_null(error, FAILURE_NET, "%s: the answer has no name", doing);
}
