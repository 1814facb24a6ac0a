/* SPDX-License-Identifier: MIT */
/* The part of GitHub that is asked in another language (forges.md 3.2, "GraphQL"). */
#include "publish/github.h"

#include <string.h>

/* Its limit is counted by the hour; when it ends is told to those who ask for it. */
#define GRAPHQL_PAUSE (15 * 60)

/* Errors of GraphQL come with a 200. */
static bool has_type(const ApiAnswer *answer, const char *type)
{
	const Json *errors = json_array(answer->json, "errors");

	for (const Json *one = json_first(errors); one != NULL; one = json_next(one))
		if (g_strcmp0(json_string(one, "type"), type) == 0)
			return true;
	return false;
}

bool github_graphql(const GitHub *github, Json *query, const char *doing, ApiAnswer *answer,
		    GError **error)
{
	World *w = github->api.world;
	const char *base = github->api.base;
	Repository token = { .credential = (Credential *)github->api.credential };
	g_auto(Api) graphql = { 0 };

	api_init(&graphql, w, &token,
		 g_str_has_suffix(base, "/v3") ? g_strndup(base, strlen(base) - strlen("/v3"))
					       : g_strdup(base));
	if (!api_do(&graphql, HTTP_POST, "/graphql", query, doing, answer, error))
		return false;
	if (has_type(answer, "RATE_LIMITED"))
		return fail_until(error, FAILURE_BUSY, w->now + GRAPHQL_PAUSE,
				  "GraphQL of the forge wants fewer questions");
	return true;
}

char *github_viewer(const GitHub *github, GError **error)
{
	static const char doing[] =
		"asking what the App is called, by which its dashboard is known";
	g_auto(ApiAnswer) answer = { 0 };
	Json *query = json_new_object();
	const char *login;

	json_set_string(query, "query", "{ viewer { login } }");
	if (!github_graphql(github, query, doing, &answer, error))
		return NULL;
	login = json_string(json_object(json_object(answer.json, "data"), "viewer"), "login");
	return login != NULL ? g_strdup(login)
			     : fail_null(error, FAILURE_NET, "%s: the answer has no name", doing);
}
