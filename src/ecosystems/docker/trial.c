/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/trial.h"

#include "ecosystems/docker/access.h"

/* The status of the answer, whose challenges are added; 0 with an error. */
static int status_of(World *w, HttpRequest *request, GPtrArray *challenges, GError **error)
{
	const char *challenge;

	request->keeps_redirect = true;
	http_get(w->http, request, HTTP_NO_CACHE);
	if (request->error != NULL) {
		g_propagate_error(error, g_steal_pointer(&request->error));
		return 0;
	}
	challenge = http_answer_header(request, "www-authenticate");
	if (challenge != NULL && challenges != NULL)
		challenges_add(challenges, challenge);
	return request->status;
}

/* How who we are is shown: to the registry itself, or to its token service. NULL, or
 * without a secret: to neither. */
static HttpRequest *sign_in(const Access *access, const char *base, const GPtrArray *challenges)
{
	const Challenge *bearer = challenges_find(challenges, "bearer");
	const Credential *credential = access->credential;
	HttpRequest *request;

	/* Without a name it is what the registry itself wants to see. */
	if (bearer != NULL && credential->username != NULL)
		return access_token_request(access, bearer);
	if (credential->is_identity)
		return NULL;
	request = http_request_new(HTTP_GET, base);
	request->username = g_strdup(access->password != NULL ? "AWS" : credential->username);
	request->secret = access->password != NULL ? access->password : credential->secret;
	return request;
}

/* Of the credential's place, and of no image. */
static Access *access_for(World *w, const char *host, const char *path)
{
	g_autofree char *key = g_strconcat(host, "/", path, NULL);
	Access *access = access_new(w, key);

	g_free(access->path);
	access->path = g_strdup("");
	return access;
}

bool trial_make(World *w, const char *host, const char *path, Trial *trial, GError **error)
{
	g_autoptr(Access) access = access_for(w, host, path);
	g_autofree char *base = g_strconcat(access->registry, "/v2/", NULL);
	g_autoptr(GPtrArray) challenges = challenges_new(), one = g_ptr_array_new();
	g_autoptr(HttpRequest) first = http_request_new(HTTP_GET, base), second = NULL;
	g_autofree char *helped = access_helper_text(access);
	int status;

	if (access->credential == NULL)
		return fail(error, FAILURE_CONFIG, "no credential would be sent to '%s'%s",
			    access->registry, helped);
	g_ptr_array_add(one, access);
	status = status_of(w, first, challenges, error);
	if (status == 0)
		return false;
	*trial = status == 200 ? TRIAL_NOT_NEEDED : TRIAL_NO_REGISTRY;
	if (status != 401 || challenges->len == 0)
		return true;
	access_exchange_keys(w, one);
	if (access->keys_endpoint != NULL && access->password == NULL) {
		*trial = TRIAL_REFUSED;
		return true;
	}
	second = sign_in(access, base, challenges);
	if (second == NULL || second->secret == NULL)
		return fail(error, FAILURE_NET,
			    "'%s' sends elsewhere to sign in, where nothing of ours goes",
			    access->registry);
	status = status_of(w, second, NULL, error);
	if (status == 0)
		return false;
	*trial = status == 200 ? TRIAL_ACCEPTED : TRIAL_REFUSED;
	return status < 500 || fail(error, FAILURE_NET, "'%s' answers %d", second->url, status);
}
