/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "docker"

#include "ecosystems/docker/access.h"

#include "base/json.h"
#include "base/text.h"
#include "ecosystems/docker/ecr.h"
#include "ecosystems/docker/login.h"
#include "net/url.h"
#include "store/cache.h"
#include "upkeepd/limits.h"

#include <string.h>

#define HUB_REGISTRY "https://registry-1.docker.io"
#define HUB_TAGS     "https://hub.docker.com"

#define LIBRARY "library/"

/* The answer of a token service has a few KiB. */
enum { LIMIT_TOKEN = 64 * 1024 };

const Upstream *access_upstream(const World *w, const char *host)
{
	for (guint i = 0; w->upstreams != NULL && i < w->upstreams->len; i++) {
		const Upstream *upstream = g_ptr_array_index(w->upstreams, i);

		if (g_ascii_strcasecmp(upstream->host, host) == 0)
			return upstream;
	}
	return NULL;
}

static char *without_slash(const char *url)
{
	char *text = g_strdup(url);

	for (size_t length = strlen(text); length > 0 && text[length - 1] == '/';)
		text[--length] = '\0';
	return text;
}

/* https, but for names that are this machine. */
static char *public_registry(const char *host)
{
	g_autofree char *plain = g_strconcat("http://", host, NULL);
	g_autoptr(Url) url = url_parse(plain);

	if (strcmp(host, "docker.io") == 0)
		return g_strdup(HUB_REGISTRY);
	if (url != NULL && url_is_loopback(url))
		return g_steal_pointer(&plain);
	return g_strconcat("https://", host, NULL);
}

/* How much of `key` the prefix takes; 0: it is none. */
static size_t prefix_length(const char *key, const char *prefix)
{
	size_t length = strlen(prefix);

	return g_ascii_strncasecmp(key, prefix, length) == 0 && key[length] == '/' ? length : 0;
}

char *access_key(const World *w, const char *key)
{
	const Upstream *best = NULL;
	size_t length = 0;

	for (guint i = 0; w->upstreams != NULL && i < w->upstreams->len; i++) {
		const Upstream *upstream = g_ptr_array_index(w->upstreams, i);

		if (upstream->stands_for == NULL || prefix_length(key, upstream->host) <= length)
			continue;
		best = upstream;
		length = prefix_length(key, upstream->host);
	}
	return best != NULL ? g_strconcat(best->stands_for, key + length, NULL) : g_strdup(key);
}

/* Where an access key is exchanged: at ECR's own interface if ECR is asked, or at what the
 * settings put in its place. A mirror of ECR has its own users, who are none of AWS's
 * business. NULL: the credential is no access key. */
static char *keys_endpoint_of(const World *w, const Access *access, char **region)
{
	g_autoptr(Url) asked = url_parse(access->registry);
	g_autofree char *own = asked != NULL ? ecr_endpoint(asked->host, region) : NULL;
	g_autofree char *named = own == NULL ? ecr_endpoint(access->host, region) : NULL;
	const char *endpoint = own != NULL ? own : named;
	const Upstream *upstream =
		endpoint != NULL ? access_upstream(w, endpoint + strlen("https://")) : NULL;

	if (upstream != NULL && upstream->registry != NULL)
		return without_slash(upstream->registry);
	if (own == NULL)
		g_clear_pointer(region, g_free);
	return g_steal_pointer(&own);
}

/* What the settings have for a token itself, and for every path; NULL: nothing. The
 * caller's. */
static Secret *token_of(const Credential *credential)
{
	return credential != NULL && !credential->is_identity && credential->username == NULL
		       ? secret_copy(credential->secret)
		       : NULL;
}

static void set_credential(const World *w, Access *access)
{
	const Credential *credential = access->credential;

	access->token = token_of(credential);
	if (credential == NULL || credential->is_identity || credential->username == NULL)
		return;
	if (strcmp(credential->username, "AWS") != 0)
		access->keys_endpoint = keys_endpoint_of(w, access, &access->region);
}

/* `base` NULL: as the settings say. */
static Access *access_at(const World *w, const char *key, const char *base)
{
	Access *access = g_new0(Access, 1);
	const char *slash = strchr(key, '/');
	const Upstream *upstream;
	bool is_hub;

	access->host = g_strndup(key, slash != NULL ? (gsize)(slash - key) : strlen(key));
	access->path = g_strdup(slash != NULL ? slash + 1 : "");
	upstream = access_upstream(w, access->host);
	is_hub = strcmp(access->host, "docker.io") == 0;
	if (base == NULL && upstream != NULL)
		base = upstream->registry;
	access->is_replaced = upstream != NULL && upstream->is_foreign;
	if (is_hub && access->is_replaced && g_str_has_prefix(access->path, LIBRARY)) {
		char *bare = g_strdup(access->path + strlen(LIBRARY));

		g_free(access->path);
		access->path = bare;
	}
	access->registry = base != NULL ? without_slash(base) : public_registry(access->host);
	if (upstream != NULL && upstream->tags != NULL)
		access->tags = without_slash(upstream->tags);
	else if (is_hub && (upstream == NULL || upstream->registry == NULL))
		access->tags = g_strdup(HUB_TAGS);
	access->is_metered = strcmp(access->registry, HUB_REGISTRY) == 0;
	access->credential =
		login_find(w->credentials, access->host, access->path, access->registry);
	if (access->credential == NULL)
		access->helper =
			login_helper(w->credentials, access->host, access->path, access->registry);
	access->is_foreign =
		access->credential == NULL && (upstream != NULL ? upstream->is_foreign : !is_hub);
	set_credential(w, access);
	return access;
}

Access *access_new(const World *w, const char *key)
{
	return access_at(w, key, NULL);
}

bool access_turn_library(Access *access)
{
	bool is_under = g_str_has_prefix(access->path, LIBRARY);
	char *path;

	if (strcmp(access->host, "docker.io") != 0 || access->is_metered ||
	    (access->is_replaced ? strchr(access->path, '/') != NULL : !is_under))
		return false;
	path = is_under ? g_strdup(access->path + strlen(LIBRARY))
			: g_strconcat(LIBRARY, access->path, NULL);
	g_free(access->path);
	access->path = path;
	secret_free(access->token);
	access->token = token_of(access->credential);
	return true;
}

/* What the settings say of the image's host; NULL: nothing. */
static const Upstream *upstream_of(const World *w, const char *key)
{
	g_autofree char *host = g_strndup(key, strcspn(key, "/"));

	return access_upstream(w, host);
}

Access *access_new_fallback(const World *w, const char *key, guint attempt)
{
	const Upstream *upstream = upstream_of(w, key);

	if (upstream == NULL || upstream->fallbacks == NULL || attempt > upstream->fallbacks->len)
		return NULL;
	return access_at(w, key, g_ptr_array_index(upstream->fallbacks, attempt - 1));
}

Access *access_new_manifests(const World *w, const char *key)
{
	const Upstream *upstream = upstream_of(w, key);

	return upstream != NULL && upstream->manifests != NULL
		       ? access_at(w, key, upstream->manifests)
		       : NULL;
}

char *access_source(const Access *access)
{
	const char *base = access->tags != NULL ? access->tags : access->registry;
	g_autofree char *account = http_account_of(access->credential);

	return *account == '\0' ? g_strdup(base) : g_strdup_printf("%s as %s", base, account);
}

char *access_memory(const Access *access, const char *key)
{
	return access->is_replaced ? g_strdup_printf("%s from %s", key, access->registry)
				   : g_strdup(key);
}

void access_free(Access *access)
{
	if (access == NULL)
		return;
	g_free(access->host);
	g_free(access->path);
	g_free(access->registry);
	g_free(access->tags);
	secret_free(access->token);
	g_free(access->keys_endpoint);
	g_free(access->region);
	secret_free(access->password);
	g_free(access);
}

Ask *ask_new(Access *access, HttpMethod method, char *url, const char *accept, void *about)
{
	Ask *ask = g_new0(Ask, 1);

	ask->access = access;
	ask->method = method;
	ask->url = url;
	ask->accept = accept;
	ask->about = about;
	return ask;
}

void ask_free(Ask *ask)
{
	if (ask == NULL)
		return;
	g_free(ask->url);
	http_request_free(ask->request);
	g_free(ask);
}

GPtrArray *asks_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)ask_free);
}

/* Tag records may lie on another host, which is asked as anybody would. */
static bool is_registry_ask(const Ask *ask)
{
	return g_str_has_prefix(ask->url, ask->access->registry) &&
	       ask->url[strlen(ask->access->registry)] == '/';
}

static HttpRequest *request_of(const Ask *ask)
{
	const Access *access = ask->access;
	HttpRequest *request = http_request_new(ask->method, ask->url);

	if (ask->accept != NULL)
		http_request_header(request, "Accept", ask->accept);
	request->max_bytes = ask->max_bytes;
	request->is_foreign = access->is_foreign;
	/* Tokens change from hour to hour; what the one whose credential it is may read
	 * does not. */
	request->account = http_account_of(access->credential);
	if (!is_registry_ask(ask))
		return request;
	if (access->token != NULL) {
		request->secret = access->token;
	} else if (access->password != NULL) {
		request->username = g_strdup("AWS");
		request->secret = access->password;
	} else if (access->sends_basic) {
		request->username = g_strdup(access->credential->username);
		request->secret = access->credential->secret;
	}
	return request;
}

static void send_all(World *w, const GPtrArray *asks, HttpCache cache)
{
	g_autoptr(GPtrArray) requests = g_ptr_array_new();

	for (guint i = 0; i < asks->len; i++) {
		Ask *ask = g_ptr_array_index(asks, i);

		http_request_free(ask->request);
		ask->request = request_of(ask);
		g_ptr_array_add(requests, ask->request);
	}
	http_get_all(w->http, requests, cache);
}

/* Under which name it is remembered what a registry wanted; the caller's. */
static char *challenge_name(const Access *access)
{
	return g_strconcat("registry challenge ", access->registry, NULL);
}

/* What the registry wanted the last time, so that it need not be asked in vain; of
 * Docker Hub it is known. NULL: nothing is remembered. */
static Challenge *recall_challenge(const World *w, const Access *access)
{
	g_autofree char *name = challenge_name(access), *value = NULL;
	g_auto(GStrv) parts = NULL;
	Challenge *challenge;

	if (strcmp(access->registry, HUB_REGISTRY) == 0)
		value = g_strdup("https://auth.docker.io/token\nregistry.docker.io");
	else if (!cache_value(w->store, name, &value, NULL) || value == NULL)
		return NULL;
	parts = g_strsplit(value, "\n", 2);
	challenge = g_new0(Challenge, 1);
	challenge->scheme = g_strdup("bearer");
	challenge->realm = g_strdup(parts[0]);
	challenge->service = parts[1] != NULL && *parts[1] != '\0' ? g_strdup(parts[1]) : NULL;
	return challenge;
}

/* Losing it costs one request. */
static void remember_challenge(const World *w, const Access *access, const Challenge *challenge)
{
	g_autofree char *name = challenge_name(access);
	g_autofree char *value = g_strconcat(
		challenge->realm, "\n", challenge->service != NULL ? challenge->service : "", NULL);
	g_autoptr(GError) error = NULL;

	if (strchr(challenge->realm, '\n') == NULL &&
	    !cache_set_value(w->store, name, value, &error))
		g_debug("a challenge cannot be kept: %s", error->message);
}

/* An identity token is exchanged for another one (docker.md 5.1 rule 3). */
static HttpRequest *exchange_request(const Access *access, const Challenge *challenge,
				     const char *path)
{
	g_autofree char *form = NULL;
	g_autofree char *url = challenge_exchange_url(challenge, access->registry, path, &form);
	HttpRequest *request;

	if (url == NULL || !challenge_may_see_credentials(url, access->registry))
		return NULL;
	request = http_request_new(HTTP_POST, url);
	request->body = g_bytes_new(form, strlen(form));
	request->is_repeatable = true;
	request->secret = access->credential->secret;
	request->secret_field = "refresh_token";
	request->is_foreign = access->is_foreign;
	request->max_bytes = LIMIT_TOKEN;
	return request;
}

static const char *path_of(const Access *access)
{
	return *access->path != '\0' ? access->path : NULL;
}

static HttpRequest *plain_request(const Access *access, const Challenge *challenge)
{
	g_autofree char *url = challenge_token_url(challenge, access->registry, path_of(access));
	const Credential *credential = access->credential;
	HttpRequest *request;
	bool is_own;

	if (url == NULL)
		return NULL;
	is_own = challenge_may_see_credentials(url, access->registry);
	request = http_request_new(HTTP_GET, url);
	request->is_foreign = access->is_foreign || !is_own;
	request->max_bytes = LIMIT_TOKEN;
	if (is_own && credential != NULL && credential->username != NULL) {
		request->username = g_strdup(credential->username);
		request->secret = credential->secret;
	}
	return request;
}

HttpRequest *access_token_request(const Access *access, const Challenge *challenge)
{
	return access->credential != NULL && access->credential->is_identity
		       ? exchange_request(access, challenge, path_of(access))
		       : plain_request(access, challenge);
}

/* A service that refuses answers without a token; the registry then says the rest. */
static void take_token(Access *access, const HttpRequest *request)
{
	g_autoptr(Json) json = NULL;
	g_autoptr(GError) error = NULL;
	const char *token;

	if (request->error != NULL || request->status != 200)
		return;
	json = json_parse((const char *)request->answer->data, request->answer->len,
			  "the token service", &error);
	if (json == NULL)
		return;
	token = json_string(json, "token");
	if (token == NULL)
		token = json_string(json, "access_token");
	if (token == NULL || *token == '\0')
		return;
	secret_free(access->token);
	access->token = secret_new(token, strlen(token));
}

/* A token service without the exchange of identity tokens (docker.md 5.1 rule 3). */
static bool lacks_exchange(const HttpRequest *request)
{
	return request->method == HTTP_POST && request->error == NULL &&
	       (request->status == 404 || request->status == 405);
}

/* One token request for each of `accesses`, whose challenge has the same index; one more
 * where the first was made in vain. */
static void fetch_tokens(World *w, const GPtrArray *accesses, const GPtrArray *challenges)
{
	g_autoptr(GPtrArray) pending = g_ptr_array_new();

	for (guint i = 0; i < accesses->len; i++)
		g_ptr_array_add(pending, access_token_request(g_ptr_array_index(accesses, i),
							      g_ptr_array_index(challenges, i)));
	for (int round = 0; round < 2; round++) {
		g_autoptr(GPtrArray) requests =
			g_ptr_array_new_with_free_func((GDestroyNotify)http_request_free);

		for (guint i = 0; i < pending->len; i++)
			if (pending->pdata[i] != NULL)
				g_ptr_array_add(requests, pending->pdata[i]);
		http_get_all(w->http, requests, HTTP_NO_CACHE);
		for (guint i = 0; i < pending->len; i++) {
			const HttpRequest *request = pending->pdata[i];

			if (request == NULL)
				continue;
			take_token(g_ptr_array_index(accesses, i), request);
			pending->pdata[i] =
				lacks_exchange(request)
					? plain_request(accesses->pdata[i], challenges->pdata[i])
					: NULL;
		}
	}
}

static void fetch_known_tokens(World *w, const GPtrArray *asks)
{
	g_autoptr(GPtrArray) accesses = g_ptr_array_new();
	g_autoptr(GPtrArray) challenges = challenges_new();

	for (guint i = 0; i < asks->len && !w->is_offline; i++) {
		Ask *ask = g_ptr_array_index(asks, i);
		Challenge *challenge;

		if (ask->access->token != NULL || ask->access->sends_basic ||
		    ask->access->keys_endpoint != NULL || !is_registry_ask(ask) ||
		    g_ptr_array_find(accesses, ask->access, NULL))
			continue;
		challenge = recall_challenge(w, ask->access);
		if (challenge == NULL)
			continue;
		g_ptr_array_add(accesses, ask->access);
		g_ptr_array_add(challenges, challenge);
	}
	fetch_tokens(w, accesses, challenges);
}

static GPtrArray *challenges_of(const HttpRequest *request)
{
	static const char name[] = "www-authenticate: ";
	GPtrArray *challenges = challenges_new();

	for (guint i = 0; i < request->answer_headers->len; i++) {
		const char *header = g_ptr_array_index(request->answer_headers, i);

		if (g_str_has_prefix(header, name))
			challenges_add(challenges, header + strlen(name));
	}
	return challenges;
}

/* Answers the challenges of the refused. Whoever can be asked again with more to
 * show is put into `again`. */
static void answer_challenges(World *w, const GPtrArray *asks, GPtrArray *again)
{
	g_autoptr(GPtrArray) accesses = g_ptr_array_new();
	g_autoptr(GPtrArray) wanted = challenges_new();

	for (guint i = 0; i < asks->len; i++) {
		Ask *ask = g_ptr_array_index(asks, i);
		Access *access = ask->access;
		const Credential *credential = access->credential;
		g_autoptr(GPtrArray) challenges = NULL;
		const Challenge *bearer;

		if (ask->request->status != 401 || ask->request->error != NULL ||
		    !is_registry_ask(ask))
			continue;
		challenges = challenges_of(ask->request);
		bearer = challenges_find(challenges, "bearer");
		if (bearer != NULL && bearer->realm != NULL) {
			g_ptr_array_add(again, ask);
			if (g_ptr_array_find(accesses, access, NULL))
				continue;
			remember_challenge(w, access, bearer);
			g_clear_pointer(&access->token, secret_free);
			g_ptr_array_add(accesses, access);
			g_ptr_array_add(wanted, challenges_take(challenges, "bearer"));
		} else if (challenges_find(challenges, "basic") != NULL && credential != NULL &&
			   credential->username != NULL && !credential->is_identity &&
			   access->keys_endpoint == NULL && !ask->access->sends_basic) {
			access->sends_basic = true;
			g_ptr_array_add(again, ask);
		}
	}
	fetch_tokens(w, accesses, wanted);
	for (guint i = again->len; i > 0; i--) {
		const Ask *ask = g_ptr_array_index(again, i - 1);

		if (ask->access->token == NULL && !ask->access->sends_basic)
			g_ptr_array_remove_index(again, i - 1);
	}
}

/* One password is for all that one endpoint's key may see. */
static bool is_same_key(const Access *a, const Access *b)
{
	return a->credential == b->credential && strcmp(a->keys_endpoint, b->keys_endpoint) == 0;
}

static void exchange_key(World *w, const GPtrArray *accesses, guint first)
{
	Access *access = g_ptr_array_index(accesses, first);
	g_autoptr(HttpRequest) request =
		ecr_request(access->credential, access->keys_endpoint, access->region, w->now);

	http_get(w->http, request, HTTP_NO_CACHE);
	access->password = ecr_password(request);
	access->is_exchanged = true;
	for (guint i = first + 1; i < accesses->len; i++) {
		Access *other = g_ptr_array_index(accesses, i);

		if (other->keys_endpoint == NULL || other->is_exchanged ||
		    !is_same_key(access, other))
			continue;
		other->is_exchanged = true;
		if (access->password != NULL)
			other->password = secret_copy(access->password);
	}
}

void access_exchange_keys(World *w, const GPtrArray *accesses)
{
	for (guint i = 0; i < accesses->len && !w->is_offline; i++) {
		const Access *access = g_ptr_array_index(accesses, i);

		if (access->keys_endpoint != NULL && !access->is_exchanged)
			exchange_key(w, accesses, i);
	}
}

static void exchange_keys(World *w, const GPtrArray *asks)
{
	g_autoptr(GPtrArray) accesses = g_ptr_array_new();

	for (guint i = 0; i < asks->len; i++)
		g_ptr_array_add(accesses, ((const Ask *)asks->pdata[i])->access);
	access_exchange_keys(w, accesses);
}

/* A registry says by a warning of code 299 what its people should know: that a repository
 * is to go, that a mirror is behind (docker.md 5.1 rule 10; RFC 7234, 5.5). */
static void trace_warnings(const GPtrArray *asks)
{
	static const char name[] = "warning: 299 ";

	for (guint i = 0; i < asks->len; i++) {
		const Ask *ask = g_ptr_array_index(asks, i);
		const GPtrArray *headers = ask->request->answer_headers;

		for (guint k = 0; k < headers->len; k++) {
			const char *header = g_ptr_array_index(headers, k);
			g_autofree char *text = NULL;

			if (!g_str_has_prefix(header, name))
				continue;
			text = text_one_line(header + strlen(name));
			g_debug("%s warns of '%s': %s", ask->access->host, ask->access->path, text);
		}
	}
}

void access_ask_all(World *w, GPtrArray *asks, HttpCache cache)
{
	g_autoptr(GPtrArray) again = g_ptr_array_new();

	if (asks->len == 0)
		return;
	exchange_keys(w, asks);
	fetch_known_tokens(w, asks);
	send_all(w, asks, cache);
	answer_challenges(w, asks, again);
	if (again->len > 0)
		send_all(w, again, cache);
	trace_warnings(asks);
}

char *access_helper_text(const Access *access)
{
	return access->helper == NULL
		       ? g_strdup("")
		       : g_strdup_printf("; the login for it is kept by the program '%s', which "
					 "is not run: put it under 'credentials' of the settings",
					 access->helper);
}

GError *ask_error(const Ask *ask)
{
	const HttpRequest *request = ask->request;
	const Access *access = ask->access;
	g_autofree char *helped = access_helper_text(access);
	GError *error = NULL;

	if (request->error != NULL)
		return g_error_copy(request->error);
	if (request->status == 404)
		fail(&error, FAILURE_ABSENT, "%s has no '%s', or does not show it to us%s",
		     access->host, access->path, helped);
	else if (request->status == 401 || request->status == 403)
		fail(&error, FAILURE_DENIED, "%s refuses to show '%s'%s%s", access->host,
		     access->path,
		     access->credential != NULL ? " to the credential configured for it" : "",
		     helped);
	else
		fail(&error, FAILURE_NET, "%s answers %d when asked for '%s'", access->host,
		     request->status, access->path);
	return error;
}
