/* SPDX-License-Identifier: MIT */
/* WWW-Authenticate, and where a token would be asked for and a credential shown: never by
 * less than the registry itself is asked by, and never to another's domain. */
#include "ecosystems/docker/challenge.h"
#include "net/url.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	const char *registry;
	const char *ends[2]; /* of every host that may see its credential; NULL: no further */
} places[] = {
	{ "https://registry.example.org", { "example.org" } },
	{ "https://registry-1.docker.io", { "docker.io" } },
	{ "https://registry.gitlab.com", { "gitlab.com" } },
	{ "https://registry.redhat.io", { "redhat.io", "sso.redhat.com" } },
	{ "https://registry.co.uk", { "registry.co.uk" } },
	{ "https://10.0.0.1:5000", { "10.0.0.1" } },
	{ "http://localhost:5000", { "localhost" } },
};

static void check(const char *text, size_t place)
{
	g_autoptr(Url) url = url_parse(text), own = url_parse(places[place].registry);
	const char *const *ends = places[place].ends;
	bool is_own = false;

	if (url != NULL && own->is_https && !url->is_https)
		abort();
	if (!challenge_may_see_credentials(text, places[place].registry))
		return;
	for (size_t i = 0; url != NULL && i < 2; i++)
		is_own |= ends[i] != NULL && g_str_has_suffix(url->host, ends[i]);
	if (!is_own)
		abort();
}

static void ask(const Challenge *challenge, size_t place)
{
	const char *registry = places[place].registry;
	g_autofree char *url = challenge_token_url(challenge, registry, "library/golang");
	g_autofree char *bare = challenge_token_url(challenge, registry, NULL), *form = NULL;
	g_autofree char *exchange =
		challenge_exchange_url(challenge, registry, "library/golang", &form);

	if ((url == NULL) != (bare == NULL) || (url == NULL) != (exchange == NULL))
		abort();
	if (url == NULL)
		return;
	check(url, place);
	check(exchange, place);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *value = g_strndup((const char *)data, size);
	g_autoptr(GPtrArray) challenges = challenges_new();
	g_autoptr(Challenge) taken = NULL;

	challenges_add(challenges, value);
	for (guint i = 0; i < challenges->len; i++)
		for (size_t place = 0; place < G_N_ELEMENTS(places); place++)
			ask(g_ptr_array_index(challenges, i), place);
	taken = challenges_take(challenges, "bearer");
	return 0;
}
