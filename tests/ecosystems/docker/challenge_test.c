/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/challenge.h"

#include <string.h>

static const struct {
	const char *header;
	const char *schemes;                 /* in order */
	const char *realm, *service, *scope; /* of the first */
} headers[] = {
	{ "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\","
	  "scope=\"repository:library/golang:pull\"",
	  "bearer", "https://auth.docker.io/token", "registry.docker.io",
	  "repository:library/golang:pull" },
	{ "Basic realm=\"x\"", "basic", "x", NULL, NULL },
	{ "Bearer realm=\"https://a/t\", Basic realm=\"b\"", "bearer basic", "https://a/t", NULL,
	  NULL },
	{ "Basic realm=\"b\",Bearer realm=\"https://a/t\",service=s", "basic bearer", "b", NULL,
	  NULL },
	{ "bEaReR ReAlM = \"r\" , SERVICE = s", "bearer", "r", "s", NULL },
	{ "Bearer realm=\"a\\\"b,c\"", "bearer", "a\"b,c", NULL, NULL },
	{ "Negotiate, Bearer realm=r", "negotiate bearer", NULL, NULL, NULL },
	{ "Negotiate abc+/==, Bearer realm=r", "negotiate bearer", NULL, NULL, NULL },
	{ ",, Bearer ,realm=r,,service=s,", "bearer", "r", "s", NULL },
	{ "Bearer realm=one,realm=two", "bearer", "one", NULL, NULL },
	{ "Bearer realm=\"never closed", "bearer realm", NULL, NULL, NULL },
	{ "Bearer error=\"invalid_token\",realm=r", "bearer", "r", NULL, NULL },
	{ "", "", NULL, NULL, NULL },
	{ "=x", "", NULL, NULL, NULL },
};

static void a_header_is_read_into_challenges(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
		g_autoptr(GPtrArray) challenges = challenges_new();
		g_autoptr(GString) schemes = g_string_new(NULL);
		const Challenge *first;

		challenges_add(challenges, headers[i].header);
		for (guint k = 0; k < challenges->len; k++)
			g_string_append_printf(schemes, "%s%s", k > 0 ? " " : "",
					       ((Challenge *)challenges->pdata[k])->scheme);
		g_test_message("%s", headers[i].header);
		g_assert_cmpstr(schemes->str, ==, headers[i].schemes);
		if (challenges->len == 0)
			continue;
		first = challenges->pdata[0];
		g_assert_cmpstr(first->realm, ==, headers[i].realm);
		g_assert_cmpstr(first->service, ==, headers[i].service);
		g_assert_cmpstr(first->scope, ==, headers[i].scope);
	}
}

static void challenges_without_end_are_cut(void)
{
	g_autoptr(GPtrArray) challenges = challenges_new();
	g_autoptr(GString) header = g_string_new(NULL);

	for (int i = 0; i < 10000; i++)
		g_string_append(header, "Bearer realm=r, ");
	challenges_add(challenges, header->str);
	g_assert_cmpuint(challenges->len, ==, 16);
}

static const struct {
	const char *realm, *service, *scope, *registry, *url;
} tokens[] = {
	{ "https://a.test/token", "reg", NULL, "https://r.test",
	  "https://a.test/token?scope=repository%3Ax%2Fy%3Apull&service=reg" },
	{ "https://a.test/token?k=v", NULL, "repository:x/y:pull", "https://r.test",
	  "https://a.test/token?k=v&scope=repository%3Ax%2Fy%3Apull" },
	{ "https://a.test/token", NULL, "repository:user/image:pull", "https://r.test",
	  "https://a.test/token?scope=repository%3Ax%2Fy%3Apull" },
	{ "http://a.test/token", NULL, NULL, "https://r.test", NULL },
	{ "http://127.0.0.1:5/token", NULL, NULL, "http://127.0.0.1:5",
	  "http://127.0.0.1:5/token?scope=repository%3Ax%2Fy%3Apull" },
	{ "file:///etc/passwd", NULL, NULL, "https://r.test", NULL },
	{ "https://a.test/token#x", NULL, NULL, "https://r.test", NULL },
	{ "https://user:word@a.test/token", NULL, NULL, "https://r.test", NULL },
	{ "nonsense", NULL, NULL, "https://r.test", NULL },
};

static void a_token_is_asked_for_where_it_is_safe(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tokens); i++) {
		const Challenge challenge = { (char *)"bearer", (char *)tokens[i].realm,
					      (char *)tokens[i].service, (char *)tokens[i].scope };
		g_autofree char *url = challenge_token_url(&challenge, tokens[i].registry, "x/y");

		g_assert_cmpstr(url, ==, tokens[i].url);
	}
}

static const struct {
	const char *url, *registry;
	bool may_see;
} places[] = {
	{ "https://registry.test/token", "https://registry.test", true },
	{ "https://registry.test:444/token", "https://registry.test", false },
	{ "https://auth.docker.io/token", "https://registry-1.docker.io", true },
	{ "https://auth.docker.io.evil.test/token", "https://registry-1.docker.io", false },
	{ "https://gitlab.com/jwt/auth", "https://registry.gitlab.com", true },
	{ "https://auth.example.org/token", "https://registry.example.org", true },
	{ "https://example.org/token", "https://registry.example.org", true },
	{ "https://evilexample.org/token", "https://registry.example.org", false },
	{ "https://evil.test/token", "https://registry.example.org", false },
	{ "http://auth.example.org/token", "https://registry.example.org", false },
	{ "https://evil.org/token", "https://example.org", false },
	{ "https://evil.co.uk/token", "https://registry.co.uk", false },
	{ "https://auth.firm.co.uk/token", "https://registry.firm.co.uk", true },
	{ "https://ghcr.io/token", "https://ghcr.io", true },
	{ "https://evil.io/token", "https://ghcr.io", false },
	{ "http://127.0.0.1:5001/token", "http://127.0.0.1:5000", false },
	{ "http://127.0.0.1:5000/token", "http://127.0.0.1:5000", true },
	{ "http://0.0.1/token", "http://127.0.0.1:5000", false },
};

static void credentials_are_shown_to_the_registrys_own_only(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		g_test_message("%s for %s", places[i].url, places[i].registry);
		g_assert_cmpint(challenge_may_see_credentials(places[i].url, places[i].registry),
				==, places[i].may_see);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/docker/challenge/" #name, name)
	ADD(a_header_is_read_into_challenges);
	ADD(challenges_without_end_are_cut);
	ADD(a_token_is_asked_for_where_it_is_safe);
	ADD(credentials_are_shown_to_the_registrys_own_only);
	return g_test_run();
}
