/* SPDX-License-Identifier: MIT */
#include "publish/api.h"

#include "upkeepd/limits.h"

#include <string.h>

#define LIMIT_API_PAGES 100
#define LIMIT_WORDS     512 /* of what a forge says, in an error */

void api_init(Api *api, World *world, const Repository *repository, char *base)
{
	*api = (Api){ .world = world, .credential = repository->credential, .base = base };
}

void api_clear(Api *api)
{
	g_free(api->base);
}

void api_answer_clear(ApiAnswer *answer)
{
	json_free(answer->json);
	*answer = (ApiAnswer){ 0 };
}

bool api_is_good(const ApiAnswer *answer)
{
	return answer->status >= 200 && answer->status < 300;
}

/* Collects every string in `json`, shallow words first. Depth is bounded by the
 * parser; the length by `text`. */
static void collect(const Json *json, const char *key, GString *text)
{
	const char *word = json_text(json);

	if (text->len > LIMIT_WORDS)
		return;
	if (word != NULL && *word != '\0') {
		g_string_append_printf(text, "%s%s%s%s", text->len > 0 ? "; " : "",
				       key != NULL ? key : "", key != NULL ? ": " : "", word);
		return;
	}
	for (const Json *item = json_first(json); item != NULL; item = json_next(item)) {
		const char *name = json_name(item);
		/* Addresses and codes tell a person nothing. */
		static const char *const unwanted[] = { "url", "documentation_url", "resource",
							"status", "code" };
		bool is_wanted = true;

		for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(unwanted); i++)
			is_wanted = is_wanted && strcmp(name, unwanted[i]) != 0;
		if (is_wanted)
			collect(item,
				name != NULL && strcmp(name, "message") != 0 &&
						strcmp(name, "errors") != 0 &&
						strcmp(name, "error") != 0
					? name
					: NULL,
				text);
	}
}

char *api_words(const Json *json)
{
	GString *text = g_string_new(NULL);

	if (json != NULL)
		collect(json, NULL, text);
	if (text->len > LIMIT_WORDS)
		g_string_truncate(text, LIMIT_WORDS);
	return g_string_free(text, FALSE);
}

bool api_says(const ApiAnswer *answer, const char *text)
{
	g_autofree char *words = api_words(answer->json);
	g_autofree char *lower = g_ascii_strdown(words, -1);
	g_autofree char *wanted = g_ascii_strdown(text, -1);

	return strstr(lower, wanted) != NULL;
}

bool api_refused(const ApiAnswer *answer, const char *doing, GError **error)
{
	g_autofree char *words = api_words(answer->json);
	FailureKind kind =
		answer->status == 404 || answer->status == 410 ? FAILURE_ABSENT : FAILURE_INPUT;

	return fail(error, kind, "%s: %d%s%s", doing, answer->status, *words != '\0' ? ": " : "",
		    words);
}

/* 401 and 403: what the token lacks, in the forge's words. */
static bool denied(const HttpRequest *request, const ApiAnswer *answer, GError **error)
{
	const char *needed = http_answer_header(request, "x-accepted-github-permissions");
	const char *sso = http_answer_header(request, "x-github-sso");
	g_autofree char *words = api_words(answer->json);

	if (answer->status == 403 &&
	    (api_says(answer, "archived") || api_says(answer, "disabled") ||
	     api_says(answer, "access blocked")))
		return fail(error, FAILURE_INPUT, "the forge refuses changes: %s", words);
	if (answer->status == 401)
		return fail(error, FAILURE_DENIED, "the forge does not accept the token%s%s",
			    *words != '\0' ? ": " : "", words);
	return fail(error, FAILURE_DENIED, "the token may not do this%s%s%s%s%s",
		    *words != '\0' ? ": " : "", words, needed != NULL ? "; it needs " : "",
		    needed != NULL ? needed : "",
		    sso != NULL ? "; it must be authorised for single sign-on" : "");
}

static bool read_answer(HttpRequest *request, ApiAnswer *answer, GError **error)
{
	const char *link = http_answer_header(request, "link");
	g_autoptr(GError) local = NULL;

	answer->status = request->status;
	answer->has_more = link != NULL && strstr(link, "rel=\"next\"") != NULL;
	if (request->answer != NULL && request->answer->len > 0)
		answer->json = json_parse((const char *)request->answer->data, request->answer->len,
					  "the forge's answer", &local);
	if (answer->status == 401 || answer->status == 403)
		return denied(request, answer, error);
	if (answer->status == 451)
		return fail(error, FAILURE_INPUT,
			    "the repository is not available for legal reasons");
	if (answer->status >= 500)
		return fail(error, FAILURE_NET, "the forge answers %d", answer->status);
	if (answer->status >= 300 && answer->status < 400)
		return fail(error, FAILURE_CONFIG,
			    "the repository has moved; its new address belongs in upkeepd.yml");
	/* A proxy's log-in page is never success. */
	if (local != NULL && answer->status < 300) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	return true;
}

bool api_ask(const Api *api, HttpMethod method, const char *path, Json *body, ApiAnswer *answer,
	     GError **error)
{
	g_autofree char *url = g_strconcat(api->base, path, NULL);
	g_autoptr(HttpRequest) request = http_request_new(method, url);
	g_autoptr(Json) owned = body;

	*answer = (ApiAnswer){ 0 };
	http_request_header(request, "Accept",
			    api->accept != NULL ? api->accept : "application/json");
	if (api->credential != NULL)
		request->secret = api->credential->secret;
	request->keeps_redirect = true;
	if (owned != NULL) {
		g_autofree char *text = json_print(owned);

		http_request_header(request, "Content-Type", "application/json");
		request->body = g_bytes_new(text, strlen(text));
	}
	http_get(api->world->http, request, method == HTTP_GET ? HTTP_VALIDATE : HTTP_NO_CACHE);
	if (request->error != NULL) {
		g_propagate_error(error, g_steal_pointer(&request->error));
		return false;
	}
	if (!read_answer(request, answer, error)) {
		api_answer_clear(answer);
		return false;
	}
	return true;
}

bool api_do(const Api *api, HttpMethod method, const char *path, Json *body, const char *doing,
	    ApiAnswer *answer, GError **error)
{
	if (!api_ask(api, method, path, body, answer, error)) {
		g_prefix_error(error, "%s: ", doing);
		return false;
	}
	if (api_is_good(answer))
		return true;
	return api_refused(answer, doing, error);
}

bool api_each(const Api *api, const char *path, const char *doing,
	      bool (*take)(const Json *item, void *data), void *data, GError **error)
{
	for (unsigned page = 1; page <= LIMIT_API_PAGES; page++) {
		g_autofree char *paged = g_strdup_printf("%s&page=%u", path, page);
		g_auto(ApiAnswer) answer = { 0 };

		if (!api_do(api, HTTP_GET, paged, NULL, doing, &answer, error))
			return false;
		for (const Json *item = json_first(answer.json); item != NULL;
		     item = json_next(item))
			if (!json_is_null(item) && !take(item, data))
				return true;
		if (!answer.has_more || json_first(answer.json) == NULL)
			return true;
	}
	return fail(error, FAILURE_LIMIT, "%s: more than %d pages", doing, LIMIT_API_PAGES);
}

Json *api_strings(const GPtrArray *array)
{
	Json *json = json_new_array();

	for (guint i = 0; array != NULL && i < array->len; i++)
		json_append_string(json, g_ptr_array_index(array, i));
	return json;
}
