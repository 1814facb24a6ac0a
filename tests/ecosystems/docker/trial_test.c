/* SPDX-License-Identifier: MIT */
#include "base/secret.h"
#include "ecosystems/docker/trial.h"
#include "net/loopback.h"

#include <glib.h>

/* Cells that a row leaves out are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define BEARER "401\nWWW-Authenticate: Bearer realm=\"@SELF/token\",service=\"it\"\n\n"
#define BASIC  "401\nWWW-Authenticate: Basic realm=\"x\"\n\n"

enum { FAILS = -1 };

typedef struct {
	const char *name;
	const char *username; /* NULL: bearer */
	Page pages[3];
	int trial;
	bool is_shown;    /* the last request has the credential */
	bool is_identity; /* and it is an identity token */
} Case;

static const Case cases[] = {
	{ "basic_accepted", "me", { { "/v2/", { BASIC, "200\n\n{}" } } }, TRIAL_ACCEPTED, true },
	{ "basic_refused", "me", { { "/v2/", { BASIC, BASIC } } }, TRIAL_REFUSED, true },
	{ "token_given",
	  "me",
	  { { "/v2/", { BEARER } }, { "/token?service=it", { "200\n\n{\"token\":\"t\"}" } } },
	  TRIAL_ACCEPTED,
	  true },
	{ "token_refused",
	  "me",
	  { { "/v2/", { BEARER } }, { "/token?service=it", { "401\n\n{}" } } },
	  TRIAL_REFUSED,
	  true },
	{ "a_bearer_goes_to_the_registry_itself",
	  NULL,
	  { { "/v2/", { BEARER, "200\n\n{}" } } },
	  TRIAL_ACCEPTED,
	  true },
	{ "an_identity_token_is_exchanged",
	  "<token>",
	  { { "/v2/", { BEARER } }, { "/token", { "200\n\n{\"access_token\":\"t\"}" } } },
	  TRIAL_ACCEPTED,
	  true,
	  true },
	{ "an_identity_token_that_is_refused",
	  "<token>",
	  { { "/v2/", { BEARER } }, { "/token", { "401\n\n{}" } } },
	  TRIAL_REFUSED,
	  true,
	  true },
	{ "an_identity_token_is_no_password",
	  "<token>",
	  { { "/v2/", { BASIC } } },
	  FAILS,
	  false,
	  true },
	{ "open_to_everybody", "me", { { "/v2/", { "200\n\n{}" } } }, TRIAL_NOT_NEEDED, false },
	{ "no_registry", "me", { { "/v2/", { "404\n\n<html>" } } }, TRIAL_NO_REGISTRY, false },
	{ "no_registry_with_a_wall",
	  "me",
	  { { "/v2/", { "401\n\n" } } },
	  TRIAL_NO_REGISTRY,
	  false },
	{ "a_realm_elsewhere_sees_nothing",
	  "me",
	  { { "/v2/", { "401\nWWW-Authenticate: Bearer realm=\"https://evil.example/t\"\n\n" } } },
	  FAILS,
	  false },
	{ "a_token_service_that_is_broken",
	  "me",
	  { { "/v2/", { BEARER } }, { "/token?service=it", { "500\n\n" } } },
	  FAILS,
	  true },
};

static void signs_in(gconstpointer data)
{
	const Case *row = data;
	g_autoptr(Loopback) server = loopback_new(row->pages);
	HttpOptions options = { .backoff_ms = 1 };
	g_autoptr(Http) http = http_new(&options, NULL, 1790000000);
	const char *host = server->origin + strlen("http://");
	Upstream upstream = { .host = (char *)host, .registry = server->origin };
	g_autoptr(Secret) secret = secret_new("s3cr3t", 6);
	Credential credential = { .host = (char *)host,
				  .username = (char *)row->username,
				  .secret = secret,
				  .is_identity = row->is_identity };
	const char *shown = row->is_identity ? "&refresh_token=s3cr3t" : "Authorization";
	g_autoptr(GPtrArray) upstreams = g_ptr_array_new(), credentials = g_ptr_array_new();
	World world = { .http = http, .upstreams = upstreams, .credentials = credentials };
	g_autoptr(GError) error = NULL;
	Trial trial = TRIAL_NO_REGISTRY;
	bool is_good;

	g_ptr_array_add(upstreams, &upstream);
	g_ptr_array_add(credentials, &credential);
	is_good = trial_make(&world, host, "", &trial, &error);
	if (row->trial == FAILS) {
		g_assert_false(is_good);
		g_assert_error(error, FAILURE, FAILURE_NET);
	} else {
		g_assert_no_error(error);
		g_assert_cmpint(trial, ==, row->trial);
	}
	g_assert_null(strstr(loopback_request(server, 0), shown));
	g_assert_true((strstr(loopback_request(server, server->requests->len - 1), shown) !=
		       NULL) == row->is_shown);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/docker/trial/%s", cases[i].name);

		g_test_add_data_func(path, &cases[i], signs_in);
	}
	return g_test_run();
}
