/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/trial.h"

#include "ecosystems/docker/access.h"
#include "ecosystems/docker/challenge.h"

/* Asks `url`; with the credential if `is_ours`. The status; 0 with an error. */
static int ask(World *w, const Access *access, const char *url, bool is_ours, GPtrArray *challenges,
	       GError **error)
{
	g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);
	const char *challenge;

	request->keeps_redirect = true;
	if (is_ours) {
		request->username = g_strdup(access->credential->username);
		request->secret = access->credential->secret;
	}
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

/* Where who we are is asked: at the registry itself, or at its token service. */
static char *place_to_sign_in(const Access *access, const char *base, const GPtrArray *challenges)
{
	const Challenge *bearer = challenges_find(challenges, "bearer");

	/* Without a name it is what the registry itself wants to see. */
	if (bearer == NULL || access->credential->username == NULL)
		return g_strdup(base);
	return challenge_token_url(bearer, access->registry, NULL);
}

bool trial_make(World *w, const char *host, Trial *trial, GError **error)
{
	g_autofree char *key = g_strconcat(host, "/", NULL), *base = NULL, *place = NULL;
	g_autoptr(Access) access = access_new(w, key);
	g_autoptr(GPtrArray) challenges = challenges_new();
	int status;

	if (access->credential == NULL)
		return fail(error, FAILURE_CONFIG, "no credential would be sent to '%s'",
			    access->registry);
	base = g_strconcat(access->registry, "/v2/", NULL);
	status = ask(w, access, base, false, challenges, error);
	if (status == 0)
		return false;
	*trial = status == 200 ? TRIAL_NOT_NEEDED : TRIAL_NO_REGISTRY;
	if (status != 401 || challenges->len == 0)
		return true;
	place = place_to_sign_in(access, base, challenges);
	if (place == NULL || !challenge_may_see_credentials(place, access->registry))
		return fail(error, FAILURE_NET,
			    "'%s' sends elsewhere to sign in, where nothing of ours goes",
			    access->registry);
	status = ask(w, access, place, true, NULL, error);
	if (status == 0)
		return false;
	*trial = status == 200 ? TRIAL_ACCEPTED : TRIAL_REFUSED;
	return status < 500 || fail(error, FAILURE_NET, "'%s' answers %d", place, status);
}
