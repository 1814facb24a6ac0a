/* SPDX-License-Identifier: MIT */
#include "git/endpoint.h"

#include "base/secret.h"
#include "git/answers.h"
#include "upkeepd/limits.h"

#include <string.h>

#define DAY (24 * 60 * 60)

static const char *const names[] = { "git-upload-pack", "git-receive-pack" };

/* A job of GitLab's is let in by its token only under this name. */
static bool is_job_token(const Credential *credential)
{
	return credential->secret != NULL &&
	       g_str_has_prefix(secret_reveal(credential->secret), "glcbt-");
}

/* Basic authentication wants a user, also where the token is all that counts. */
static const char *username_of(const Repository *repository, const char *token_user)
{
	const Credential *credential = repository->credential;

	if (credential != NULL && credential->username != NULL)
		return credential->username;
	if (credential != NULL && is_job_token(credential))
		return "gitlab-ci-token";
	return token_user != NULL ? token_user : "upkeepd";
}

/* Whether `host`, with a port or without, is that of `origin`. */
static bool is_host_of(const char *host, const char *origin)
{
	const char *rest = strstr(origin, "://");
	g_autofree char *url = NULL;
	g_autofree char *other = NULL;

	if (host == NULL || rest == NULL)
		return false;
	url = g_strdup_printf("%.*s%s/", (int)(rest + 3 - origin), origin, host);
	other = http_origin(url);
	return g_strcmp0(other, origin) == 0;
}

Endpoint *endpoint_new(const Repository *repository, Http *http, State *state,
		       const char *token_user, int64_t now, GError **error)
{
	g_autoptr(Endpoint) endpoint = g_new0(Endpoint, 1);
	g_autofree char *origin = http_origin(repository->url);
	g_autofree char *remembered = state->url != NULL ? http_origin(state->url) : NULL;
	const Credential *credential = repository->credential;

	if (origin == NULL || strpbrk(repository->url, "?#") != NULL)
		return fail_null(error, FAILURE_CONFIG, "'%s' is not the URL of a repository",
				 repository->url);
	if (credential != NULL && !is_host_of(credential->host, origin))
		return fail_null(error, FAILURE_CONFIG, "the credential of '%s' is for '%s'",
				 repository->url, credential->host);
	endpoint->http = http;
	endpoint->state = state;
	endpoint->credential = credential;
	endpoint->username = username_of(repository, token_user);
	endpoint->now = now;
	endpoint->configured = g_strdup(repository->url);
	while (g_str_has_suffix(endpoint->configured, "/"))
		endpoint->configured[strlen(endpoint->configured) - 1] = '\0';
	endpoint->url =
		g_strdup(g_strcmp0(remembered, origin) == 0 ? state->url : endpoint->configured);
	return g_steal_pointer(&endpoint);
}

void endpoint_free(Endpoint *endpoint)
{
	if (endpoint == NULL)
		return;
	g_free(endpoint->configured);
	g_free(endpoint->url);
	g_free(endpoint);
}

static ServiceState *state_of(Endpoint *endpoint, Service service)
{
	return service == SERVICE_READ ? &endpoint->state->reading : &endpoint->state->writing;
}

static HttpRequest *request_new(const Endpoint *endpoint, HttpMethod method, const char *path)
{
	g_autofree char *url = g_strconcat(endpoint->url, path, NULL);
	HttpRequest *request = http_request_new(method, url);

	request->is_foreign = endpoint->is_foreign;
	if (endpoint->credential != NULL) {
		request->username = g_strdup(endpoint->username);
		request->secret = endpoint->credential->secret;
	}
	return request;
}

/* An answer that is no 200 as a failure. */
static bool check_status(const Endpoint *endpoint, Service service, HttpRequest *request,
			 GError **error)
{
	const char *doing = service == SERVICE_READ ? "reading" : "writing";

	if (request->error != NULL) {
		g_propagate_error(error, g_steal_pointer(&request->error));
		return false;
	}
	switch (request->status) {
	case 200:
		return true;
	case 401:
	case 403:
		return fail(error, FAILURE_DENIED,
			    endpoint->credential != NULL
				    ? "%s is not allowed with this credential (status %d)"
				    : "%s is not allowed without a credential (status %d)",
			    doing, request->status);
	case 404:
	case 410:
		return fail(error, FAILURE_ABSENT,
			    "there is no such repository, or it is hidden from us (status %d)",
			    request->status);
	default:
		return fail(error, FAILURE_NET, "the server answers with status %d",
			    request->status);
	}
}

/* rule of git itself: what stands before the question is the repository. */
static bool follow(Endpoint *endpoint, const char *final_url, const char *question, GError **error)
{
	g_autofree char *here = http_origin(endpoint->url);
	g_autofree char *there = http_origin(final_url);
	g_autofree char *moved = NULL;

	if (!g_str_has_suffix(final_url, question))
		return fail(error, FAILURE_NET, "the server sends us to something else");
	moved = g_strndup(final_url, strlen(final_url) - strlen(question));
	if (strcmp(moved, endpoint->url) == 0) {
		g_clear_pointer(&endpoint->state->url, g_free);
		return true;
	}
	if (g_strcmp0(here, there) != 0)
		return fail(error, FAILURE_CONFIG, "the repository has moved to '%s'", moved);
	g_free(endpoint->url);
	endpoint->url = g_steal_pointer(&moved);
	g_free(endpoint->state->url);
	endpoint->state->url = g_strdup(endpoint->url);
	return true;
}

/* Stops the transfer once enough is known: old servers list every ref there is. */
static bool take_offers(void *data, const void *bytes, size_t length, GError **error)
{
	OfferReader *reader = data;

	if (!offer_reader_feed(reader, bytes, length, error))
		return false;
	return !reader->is_done || (reader->offers & OFFERS_V2) ||
	       fail(error, FAILURE_STOPPED, "enough is known");
}

/* Asks where the repository is configured to be: whither it was sent from there last
 * time may be gone, or another's by now. */
static bool ask(Endpoint *endpoint, Service service, GError **error)
{
	g_autofree char *question = g_strconcat("/info/refs?service=", names[service], NULL);
	g_autoptr(HttpRequest) request = NULL;
	g_autoptr(OfferReader) reader = offer_reader_new();
	ServiceState *state = state_of(endpoint, service);

	g_free(endpoint->url);
	endpoint->url = g_strdup(endpoint->configured);
	request = request_new(endpoint, HTTP_GET, question);
	if (service == SERVICE_READ)
		http_request_header(request, "Git-Protocol", "version=2");
	request->sink = take_offers;
	request->sink_data = reader;
	http_get(endpoint->http, request, HTTP_NO_CACHE);
	if (reader->is_done)
		g_clear_error(&request->error);
	if (!reader->is_done && request->error == NULL && request->status == 200)
		return fail(error, FAILURE_CONFIG,
			    "this is no git repository, or its server is too simple");
	if (!reader->is_done && !check_status(endpoint, service, request, error))
		return false;
	if (!follow(endpoint, request->final_url, question, error))
		return false;
	state->offers = reader->offers;
	state->asked_at = endpoint->now;
	endpoint->was_asked[service] = true;
	return true;
}

bool endpoint_offers(Endpoint *endpoint, Service service, unsigned *offers, GError **error)
{
	const ServiceState *state = state_of(endpoint, service);

	if (endpoint->now >= state->asked_at + DAY || endpoint->now < state->asked_at)
		if (!ask(endpoint, service, error))
			return false;
	if (state->offers & OFFERS_SHA256)
		return fail(error, FAILURE_CONFIG,
			    "the repository names its objects by SHA-256, which is not supported");
	*offers = state->offers;
	return true;
}

bool endpoint_doubt(Endpoint *endpoint, Service service)
{
	state_of(endpoint, service)->asked_at = 0;
	return !endpoint->was_asked[service];
}

bool endpoint_post(Endpoint *endpoint, Service service, GByteArray *body, size_t max_bytes,
		   bool (*sink)(void *data, const void *bytes, size_t length, GError **error),
		   void *data, GError **error)
{
	g_autofree char *path = g_strconcat("/", names[service], NULL);
	g_autofree char *type = g_strdup_printf("application/x-%s-request", names[service]);
	g_autofree char *accept = g_strdup_printf("application/x-%s-result", names[service]);
	g_autoptr(HttpRequest) request = request_new(endpoint, HTTP_POST, path);

	http_request_header(request, "Content-Type", type);
	http_request_header(request, "Accept", accept);
	if (service == SERVICE_READ)
		http_request_header(request, "Git-Protocol", "version=2");
	request->body = g_bytes_new(body->data, body->len);
	request->is_repeatable = service == SERVICE_READ;
	request->max_bytes = max_bytes;
	request->timeout_ms = LIMIT_TRANSFER_MS;
	request->sink = sink;
	request->sink_data = data;
	http_get(endpoint->http, request, HTTP_NO_CACHE);
	return check_status(endpoint, service, request, error);
}
