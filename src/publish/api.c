/* SPDX-License-Identifier: MIT */
#include "publish/api.h"

#include "base/time.h"
#include "net/headers.h"
#include "upkeepd/limits.h"

#include <string.h>

#define LIMIT_API_PAGES 100
#define GITHUB_VERSION  "2022-11-28"
#define INSIST_PAUSE    3   /* no pause of api_insist() is longer than before that try */
#define LIMIT_WORDS     512 /* of what a forge says, in an error */

/* All pages of one list together have at most so many times the bytes of one answer. */
#define LISTING_ANSWERS 4

/* How long a repository is left alone that its forge has closed to all, seconds. */
#define REFUSED 86400

/* Seconds by which two clocks may differ without a word. */
#define CLOCK_TOLERANCE 60

void api_init(Api *api, World *world, const Repository *repository, char *base)
{
	*api = (Api){ .world = world, .credential = repository->credential, .base = base };
}

void api_clear(Api *api)
{
	g_free(api->base);
	g_free(api->repository);
	g_free(api->moved_to);
}

void api_answer_clear(ApiAnswer *answer)
{
	json_free(answer->json);
	g_free(answer->words);
	g_clear_pointer(&answer->headers, g_ptr_array_unref);
	*answer = (ApiAnswer){ 0 };
}

bool api_is_good(const ApiAnswer *answer)
{
	return answer->status >= 200 && answer->status < 300;
}

const char *api_header(const ApiAnswer *answer, const char *name)
{
	return headers_get(answer->headers, name);
}

/* What an error's words are filed under tells a person nothing. */
static bool is_plain_key(const char *name)
{
	static const char *const plain[] = { "message", "errors", "error" };

	for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
		if (strcmp(name, plain[i]) == 0)
			return true;
	return false;
}

/* Nor do addresses and codes. */
static bool is_unwanted(const char *name)
{
	static const char *const unwanted[] = { "url", "documentation_url", "resource", "status",
						"code" };

	for (size_t i = 0; i < G_N_ELEMENTS(unwanted); i++)
		if (strcmp(name, unwanted[i]) == 0)
			return true;
	return false;
}

/* Collects every string in `json`, with the key of each or of the list it is in. Depth
 * is bounded by the parser; the length by `text`. */
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

		if (name == NULL)
			collect(item, key, text);
		else if (!is_unwanted(name))
			collect(item, is_plain_key(name) ? NULL : name, text);
	}
}

/* Whichever of its forms an error has (forges.md 4.2). */
static char *words_of(const Json *json, const Secret *secret)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (json != NULL)
		collect(json, NULL, text);
	if (text->len > LIMIT_WORDS)
		g_string_truncate(text, LIMIT_WORDS);
	return secret_hide(secret, text->str);
}

bool api_says(const ApiAnswer *answer, const char *text)
{
	g_autofree char *lower = g_ascii_strdown(answer->words, -1);
	g_autofree char *wanted = g_ascii_strdown(text, -1);

	return strstr(lower, wanted) != NULL;
}

bool api_refused(const ApiAnswer *answer, const char *doing, GError **error)
{
	FailureKind kind =
		answer->status == 404 || answer->status == 410 ? FAILURE_ABSENT : FAILURE_INPUT;

	return fail(error, kind, "%s: %d%s%s", doing, answer->status,
		    *answer->words != '\0' ? ": " : "", answer->words);
}

/* GitHub says in words alone that it counts something else than requests. */
static bool is_tired(const ApiAnswer *answer)
{
	return (answer->status == 403 || answer->status == 429) &&
	       (api_says(answer, "secondary rate limit") || api_says(answer, "abuse detection"));
}

/* GitHub's limit for those who show no token, though one was sent: some proxy in
 * between took it away. That says nothing against the token. */
static bool is_unseen(const HttpRequest *request)
{
	return request->secret != NULL &&
	       (request->status == 401 || request->status == 403 || request->status == 429) &&
	       pace_is_nobodys(request->answer_headers);
}

/* GraphQL says in a good answer that all is used up of its own limit. */
static bool is_spent(const ApiAnswer *answer)
{
	const Json *errors = json_array(answer->json, "errors");

	for (const Json *one = json_first(errors); one != NULL; one = json_next(one))
		if (g_strcmp0(json_string(one, "type"), "RATE_LIMITED") == 0)
			return true;
	return false;
}

/* What a wrong clock of this machine has to do with a refusal: GitHub's Apps sign in with
 * the time of day. "" if the clocks agree, or the forge shows none; the caller's. */
static char *clock_words(const HttpRequest *request, int64_t now)
{
	int64_t theirs = http_date(http_answer_header(request, "date"));
	int64_t ahead = theirs != 0 ? now - theirs : 0;

	if (ABS(ahead) <= CLOCK_TOLERANCE)
		return g_strdup("");
	return g_strdup_printf("; this machine's clock is %" G_GINT64_FORMAT " s %s the forge's",
			       ABS(ahead), ahead > 0 ? "ahead of" : "behind");
}

/* 401 and 403: what the token lacks, in the forge's words. */
static bool denied(const HttpRequest *request, const ApiAnswer *answer, int64_t now, GError **error)
{
	g_autofree char *clocks = clock_words(request, now);
	const char *needed = http_answer_header(request, "x-accepted-github-permissions");
	bool wants_sso = http_answer_header(request, "x-github-sso") != NULL ||
			 api_says(answer, "SAML enforcement");
	const char *colon = *answer->words != '\0' ? ": " : "";

	if (answer->status == 403 &&
	    (api_says(answer, "archived") || api_says(answer, "disabled") ||
	     api_says(answer, "access blocked")))
		return fail_until(error, FAILURE_INPUT, now + REFUSED,
				  "the forge refuses changes: %s", answer->words);
	if (answer->status == 403 && api_says(answer, "locked"))
		return fail(error, FAILURE_INPUT, "the conversation is locked: %s", answer->words);
	if (answer->status == 403 && api_says(answer, "upgrade to github"))
		return fail(error, FAILURE_INPUT, "the forge's plan does not have this: %s",
			    answer->words);
	if (answer->status == 401)
		return fail(error, FAILURE_DENIED, "the forge does not accept the token%s%s%s",
			    colon, answer->words, clocks);
	return fail(error, FAILURE_DENIED, "the token may not do this%s%s%s%s%s", colon,
		    answer->words, needed != NULL ? "; it needs " : "",
		    needed != NULL ? needed : "",
		    wants_sso ? "; it must be authorised for single sign-on" : "");
}

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 307 || status == 308;
}

/* Whether it says so, or says nothing. */
static bool is_called_json(const HttpRequest *request)
{
	const char *type = http_answer_header(request, "content-type");
	g_autofree char *kind =
		type == NULL ? NULL : g_ascii_strdown(type, (gssize)strcspn(type, "; \t"));

	return kind == NULL || g_str_has_suffix(kind, "/json") || g_str_has_suffix(kind, "+json");
}

static bool read_answer(const Api *api, HttpRequest *request, ApiAnswer *answer, GError **error)
{
	const char *link = http_answer_header(request, "link");
	g_autoptr(GError) local = NULL;

	answer->status = request->status;
	answer->headers = g_ptr_array_ref(request->answer_headers);
	answer->bytes = request->answer->len;
	answer->has_more = link != NULL && strstr(link, "rel=\"next\"") != NULL;
	if (request->answer->len > 0)
		answer->json = json_parse((const char *)request->answer->data, request->answer->len,
					  "the forge's answer", &local);
	answer->words =
		api_is_good(answer) ? g_strdup("") : words_of(answer->json, request->secret);
	if (is_tired(answer))
		return fail_until(error, FAILURE_BUSY, http_pause(api->world->http, request),
				  "the forge wants fewer changes: %s", answer->words);
	if (is_spent(answer))
		return fail_until(error, FAILURE_BUSY, http_pause_spent(api->world->http, request),
				  "the forge grants no more of this for now");
	if (is_unseen(request))
		return fail(error, FAILURE_NET, "the token does not arrive at the forge: %s",
			    answer->words);
	if (answer->status == 401 || answer->status == 403)
		return denied(request, answer, api->world->now, error);
	if (answer->status == 451)
		return fail_until(error, FAILURE_INPUT, api->world->now + REFUSED,
				  "the repository is not available for legal reasons");
	if (answer->status >= 500)
		return fail(error, FAILURE_NET, "the forge answers %d", answer->status);
	if (is_redirect(answer->status) && api->moved_to == NULL)
		return true; /* it may have been renamed */
	if (answer->status >= 300 && answer->status < 400)
		return fail(error, FAILURE_CONFIG,
			    "the repository has moved; its new address belongs in upkeepd.yml");
	/* A proxy's log-in page is never success. */
	if (local != NULL && answer->status < 300) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	if (answer->json != NULL && answer->status < 300 && !is_called_json(request))
		return fail(error, FAILURE_NET,
			    "the forge's answer is called '%s', which is no JSON",
			    api_header(answer, "content-type"));
	return true;
}

char *api_path(const Api *api, const char *format, ...)
{
	g_autofree char *rest = NULL;
	va_list arguments;

	va_start(arguments, format);
	rest = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	return g_strconcat(api->repository, rest, NULL);
}

/* The address of `path`, under the name that the repository has now. */
static char *address_of(const Api *api, const char *path)
{
	if (api->moved_to != NULL && g_str_has_prefix(path, api->repository))
		return g_strconcat(api->base, api->moved_to, path + strlen(api->repository), NULL);
	return g_strconcat(api->base, path, NULL);
}

static HttpRequest *request_of(const Api *api, HttpMethod method, const char *path,
			       const char *body)
{
	g_autofree char *url = address_of(api, path);
	HttpRequest *request = http_request_new(method, url);

	http_request_header(request, "Accept",
			    api->is_github ? "application/vnd.github+json" : "application/json");
	if (api->is_github)
		http_request_header(request, "X-GitHub-Api-Version", GITHUB_VERSION);
	request->quota = api->quota;
	if (api->credential != NULL) {
		request->secret = api->credential->secret;
		request->account = g_strdup(api->credential->account);
	}
	request->keeps_redirect = true;
	request->max_bytes = api->max_bytes;
	request->timeout_ms = api->timeout_ms;
	if (body != NULL) {
		http_request_header(request, "Content-Type", "application/json");
		request->body = g_bytes_new(body, strlen(body));
	}
	return request;
}

bool api_spare(const Api *api, const char *what, GError **error)
{
	g_autoptr(HttpRequest) request = request_of(api, HTTP_GET, "", NULL);
	int64_t until = http_scarce_until(api->world->http, request);

	return until == 0 || fail_until(error, FAILURE_BUSY, until,
					"%s: the forge grants few more requests for now; they are "
					"left to open proposals",
					what);
}

static bool exchange(const Api *api, HttpMethod method, HttpRequest *request, ApiAnswer *answer,
		     GError **error)
{
	if (method != HTTP_GET)
		http_await_turn(api->world->http, request);
	http_get(api->world->http, request, method == HTTP_GET ? HTTP_VALIDATE : HTTP_NO_CACHE);
	if (request->error == NULL || is_unseen(request))
		return read_answer(api, request, answer, error);
	g_propagate_error(error, g_steal_pointer(&request->error));
	return false;
}

/* Whether an answer says that the secret that it was asked with is good no more, and there
 * is a new one now. */
static bool is_renewed(const Api *api, int status, GError **error)
{
	Credential *credential = api->credential;

	if (status != 401 || credential == NULL || credential->renew == NULL)
		return false;
	g_clear_error(error);
	return credential->renew(api->world, credential, error);
}

/* Of a kept answer this header is not kept. */
static void note_expiry(Api *api, const HttpRequest *request, const ApiAnswer *answer)
{
	int64_t end = api_day(api_header(answer, "github-authentication-token-expiration"));

	if (end != 0 || (api_is_good(answer) && !request->is_from_cache))
		api->expires_at = end != 0 ? end : INT64_MAX;
}

/* A good status with half an answer, or with something else in its place, is a passing
 * trouble of what stands in between: it is not kept, and asked for again where that does
 * no harm. */
static bool ask_once(Api *api, HttpMethod method, const char *path, const char *body,
		     ApiAnswer *answer, GError **error)
{
	g_autoptr(GError) local = NULL;
	bool is_new = false;

	if (!credential_freshen(api->world, api->credential, http_now(api->world->http), error))
		return false;
	for (int tries = 1;; tries++) {
		g_autoptr(HttpRequest) request = request_of(api, method, path, body);
		bool is_garbled;
		int status;

		if (exchange(api, method, request, answer, &local)) {
			note_expiry(api, request, answer);
			return true;
		}
		is_garbled = api_is_good(answer) && failure_kind(local) == FAILURE_NET;
		status = answer->status;
		api_answer_clear(answer);
		if (is_garbled)
			http_forget(api->world->http, request);
		if (!is_new && is_renewed(api, status, &local)) {
			is_new = true;
			continue;
		}
		if (!is_garbled || method == HTTP_POST || tries == LIMIT_TRIES) {
			g_propagate_error(error, g_steal_pointer(&local));
			return false;
		}
		g_clear_error(&local);
		http_wait(api->world->http, tries + 1);
	}
}

/* What a redirect to `location` calls the repository; NULL: nothing that could be
 * asked for here. Whose host it names does not matter: ours is asked. */
static char *name_in(const Api *api, const char *location)
{
	const char *base_path = strchr(strstr(api->base, "://") + 3, '/');
	g_autofree char *target = http_resolve(api->base, location);
	const char *path = target == NULL ? NULL : strchr(strstr(target, "://") + 3, '/');

	if (base_path == NULL)
		base_path = "";
	if (path == NULL || !g_str_has_prefix(path, base_path))
		return NULL;
	path += strlen(base_path);
	return *path == '/' && strpbrk(path, "?#") == NULL ? g_strdup(path) : NULL;
}

/* What a redirect of `path`, below the repository, calls that; NULL: it does not tell. */
static char *name_before(const Api *api, const char *location, const char *path)
{
	const char *rest = path + strlen(api->repository);
	g_autofree char *where = g_strndup(location, strcspn(location, "?#"));
	g_autofree char *below = g_strndup(rest, strcspn(rest, "?#"));
	g_autofree char *name = name_in(api, where);

	if (name == NULL || !g_str_has_suffix(name, below) || strlen(name) == strlen(below))
		return NULL;
	name[strlen(name) - strlen(below)] = '\0';
	return g_steal_pointer(&name);
}

/* After a redirect of `path`, by which nothing was done: finds out what the repository is
 * called, from where that leads to (`location`, NULL: it is not to be trusted) or by asking. */
static bool find_again(Api *api, const char *path, const char *location, GError **error)
{
	g_autoptr(HttpRequest) request = NULL;

	if (api->repository != NULL && location != NULL && g_str_has_prefix(path, api->repository))
		api->moved_to = name_before(api, location, path);
	if (api->repository != NULL && api->moved_to == NULL) {
		request = request_of(api, HTTP_GET, api->repository, NULL);
		http_get(api->world->http, request, HTTP_NO_CACHE);
		location = request->error == NULL && is_redirect(request->status)
				   ? http_answer_header(request, "location")
				   : NULL;
		api->moved_to = location != NULL ? name_in(api, location) : NULL;
	}
	return api->moved_to != NULL ||
	       fail(error, FAILURE_CONFIG,
		    "the repository has moved; its new address belongs in upkeepd.yml");
}

bool api_ask(Api *api, HttpMethod method, const char *path, Json *body, ApiAnswer *answer,
	     GError **error)
{
	g_autoptr(Json) owned G_GNUC_UNUSED = body;
	g_autofree char *text = body == NULL ? NULL : json_print(body), *location = NULL;

	*answer = (ApiAnswer){ 0 };
	if (!ask_once(api, method, path, text, answer, error))
		return false;
	if (!is_redirect(answer->status))
		return true;
	if (method == HTTP_GET)
		location = g_strdup(api_header(answer, "location"));
	api_answer_clear(answer);
	return find_again(api, path, location, error) &&
	       ask_once(api, method, path, text, answer, error);
}

bool api_do(Api *api, HttpMethod method, const char *path, Json *body, const char *doing,
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

/* Servers written in Go say null for an empty one. */
static bool is_list(const Json *json)
{
	return json != NULL && (json_is_array(json) || json_is_null(json));
}

bool api_each(Api *api, const char *path, const char *doing,
	      bool (*take)(const Json *item, void *data), void *data, GError **error)
{
	size_t room = LISTING_ANSWERS * (api->max_bytes != 0 ? api->max_bytes : LIMIT_ANSWER);

	for (unsigned page = 1; page <= LIMIT_API_PAGES; page++) {
		g_autofree char *paged = g_strdup_printf("%s&page=%u", path, page);
		g_auto(ApiAnswer) answer = { 0 };
		const Json *list;

		if (!api_do(api, HTTP_GET, paged, NULL, doing, &answer, error))
			return false;
		if (answer.bytes > room)
			return fail(error, FAILURE_LIMIT, "%s: the list is too long", doing);
		room -= answer.bytes;
		list = api->list_key != NULL ? json_get(answer.json, api->list_key) : answer.json;
		if (!is_list(list))
			return fail(error, FAILURE_NET, "%s: the answer has no list%s%s", doing,
				    api->list_key != NULL ? " " : "",
				    api->list_key != NULL ? api->list_key : "");
		for (const Json *item = json_first(list); item != NULL; item = json_next(item))
			if (!json_is_null(item) && !take(item, data))
				return true;
		if (!answer.has_more || json_first(list) == NULL)
			return true;
	}
	return fail(error, FAILURE_LIMIT, "%s: more than %d pages", doing, LIMIT_API_PAGES);
}

typedef struct {
	bool (*take)(const Json *item, void *data);
	void *data;
	bool is_any;
} Taking;

static bool take_noting(const Json *item, void *data)
{
	Taking *taking = data;

	taking->is_any = true;
	return taking->take(item, taking->data);
}

bool api_each_or(Api *api, const char *path, const char *other, const char *doing,
		 bool (*take)(const Json *item, void *data), void *data, GError **error)
{
	Taking taking = { .take = take, .data = data };
	g_autoptr(GError) first = NULL, second = NULL;
	bool is_denied;

	if (api_each(api, path, doing, take_noting, &taking, &first))
		return true;
	is_denied = failure_kind(first) == FAILURE_DENIED;
	if (taking.is_any || (!is_denied && failure_kind(first) != FAILURE_ABSENT)) {
		g_propagate_error(error, g_steal_pointer(&first));
		return false;
	}
	if (api_each(api, other, doing, take, data, &second))
		return true;
	/* That there is no other list does not tell why the one cannot be seen. */
	if (is_denied && failure_kind(second) == FAILURE_ABSENT)
		g_propagate_error(error, g_steal_pointer(&first));
	else
		g_propagate_error(error, g_steal_pointer(&second));
	return false;
}

static bool is_among(int status, const int *early)
{
	while (*early != 0 && *early != status)
		early++;
	return *early != 0;
}

bool api_insist(Api *api, HttpMethod method, const char *path, const Json *body, const int *early,
		int most, ApiAnswer *answer, GError **error)
{
	for (int tries = 1;; tries++) {
		if (!api_ask(api, method, path, json_copy(body), answer, error))
			return false;
		if (tries == most || !is_among(answer->status, early))
			return true;
		api_answer_clear(answer);
		http_wait(api->world->http, MIN(tries + 1, INSIST_PAUSE));
	}
}

void api_complain(const ApiAnswer *answer, const char *doing, GString *trouble)
{
	g_autoptr(GError) refusal = NULL;

	if (!api_refused(answer, doing, &refusal))
		g_string_append_printf(trouble, "%s\n", refusal->message);
}

bool api_wish(Api *api, HttpMethod method, const char *path, Json *body, const char *doing,
	      GString *trouble, GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };

	if (!api_ask(api, method, path, body, &answer, error))
		return false;
	if (!api_is_good(&answer))
		api_complain(&answer, doing, trouble);
	return true;
}

bool api_is_readable(const ApiAnswer *answer, Standing *standing)
{
	static const char reading[] = "read the repository";
	g_autoptr(GError) hidden = NULL;

	if (api_is_good(answer) || api_refused(answer, reading, &hidden)) {
		standing_add(standing, reading, NULL);
		return true;
	}
	standing_add(standing, reading, hidden->message);
	return false;
}

bool api_try(Api *api, HttpMethod method, const char *path, const char *what, Standing *standing,
	     GError **error)
{
	g_auto(ApiAnswer) answer = { 0 };
	g_autoptr(GError) local = NULL, refusal = NULL;

	if (api_ask(api, method, path, json_new_object(), &answer, &local)) {
		/* 404 is how a forge says that it would rather not say. */
		bool is_hidden = answer.status == 404 && !api_refused(&answer, what, &refusal);

		standing_add(standing, what, is_hidden ? refusal->message : NULL);
		return true;
	}
	if (failure_kind(local) != FAILURE_DENIED && failure_kind(local) != FAILURE_INPUT) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	standing_add(standing, what, local->message);
	return true;
}

int64_t api_day(const char *text)
{
	g_autofree char *time = text == NULL ? NULL : g_strdup_printf("%.10sT00:00:00Z", text);
	int64_t at;

	return time != NULL && time_read(time, &at) ? at : 0;
}

int64_t api_time(const Json *object, const char *name)
{
	const char *text = json_string(object, name);
	int64_t at;

	return text != NULL && time_read(text, &at) ? at : 0;
}

Json *api_strings(const GPtrArray *array)
{
	Json *json = json_new_array();

	for (guint i = 0; array != NULL && i < array->len; i++)
		json_append_string(json, g_ptr_array_index(array, i));
	return json;
}
