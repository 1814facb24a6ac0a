/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/goenv.h"

#include <glib/gstdio.h>

#include <string.h>
#include <unistd.h>

static const struct {
	const char *goproxy;
	const char *sources; /* "kind base" joined by " | "; NULL: refused */
} lists[] = {
	{ "https://a.example/x/", "0 https://a.example/x" },
	{ "a.example", "0 https://a.example" },
	{ "a.example/x,direct", "0 https://a.example/x | 2 " },
	{ "http://a.example|off", "0 http://a.example* | 3 " },
	{ "file:///srv/mod%20ules/", "1 /srv/mod ules" },
	{ "off,https://a.example", "3 " },
	{ " direct ,https://a.example", "2 " },
	{ "https://u:p@a.example", "0 https://a.example" },
	{ "https://u:p@ss@a.example", "0 https://a.example" },
	{ "localhost:3000", "0 https://localhost:3000" },
	{ ",", NULL },
	{ "noproxy", NULL },
	{ "ftp://a.example", NULL },
	{ "/srv/modules", NULL },
	{ "file://host/srv", NULL },
	{ "https://a.example?x", NULL },
	{ "https://", NULL },
};

static void goproxy_is_a_list(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		World world = { .goproxy = lists[i].goproxy, .netrc = "/nonexistent" };
		g_autoptr(GError) error = NULL;
		g_autoptr(GoEnv) env = goenv_new(&world, &error);
		g_autoptr(GString) text = g_string_new(NULL);

		g_test_message("%s", lists[i].goproxy);
		if (lists[i].sources == NULL) {
			g_assert_error(error, FAILURE, FAILURE_CONFIG);
			g_assert_null(strstr(error->message, ":p@"));
			continue;
		}
		g_assert_no_error(error);
		for (guint s = 0; s < env->sources->len; s++) {
			const GoSource *source = g_ptr_array_index(env->sources, s);

			g_string_append_printf(text, "%s%u %s%s", s > 0 ? " | " : "", source->kind,
					       source->base != NULL ? source->base : "",
					       source->goes_on_after_any ? "*" : "");
		}
		g_assert_cmpstr(text->str, ==, lists[i].sources);
	}
}

static void proxies_of_the_rules_come_first_and_are_foreign(void)
{
	g_autoptr(GPtrArray) proxies = g_ptr_array_new();
	World world = { .proxies = proxies,
			.goproxy = "https://b.example",
			.netrc = "/nonexistent" };
	g_autoptr(GoEnv) env = NULL, unfit = NULL;
	g_autoptr(GError) error = NULL;
	const GoSource *first, *second;

	g_ptr_array_add(proxies, (char *)"https://a.example/x/");
	env = goenv_new(&world, NULL);
	g_assert_cmpuint(env->sources->len, ==, 2);
	first = g_ptr_array_index(env->sources, 0);
	second = g_ptr_array_index(env->sources, 1);
	g_assert_cmpstr(first->base, ==, "https://a.example/x");
	g_assert_cmpstr(second->base, ==, "https://b.example");
	g_assert_true(first->is_foreign && !second->is_foreign && !first->goes_on_after_any);
	g_ptr_array_add(proxies, (char *)"file:///etc");
	unfit = goenv_new(&world, &error);
	g_assert_null(unfit);
	g_assert_error(error, FAILURE, FAILURE_CONFIG);
}

static void what_is_private_is_so_for_proxies_and_the_database(void)
{
	World world = { .goprivate = "a.example", .netrc = "/nonexistent" };
	World other = { .goprivate = "a.example", .gonoproxy = "none", .netrc = "/nonexistent" };
	g_autoptr(GoEnv) env = goenv_new(&world, NULL);
	g_autoptr(GoEnv) with_own = goenv_new(&other, NULL);

	g_assert_cmpstr(env->no_proxy, ==, "a.example");
	g_assert_cmpstr(env->no_sumdb, ==, "a.example");
	g_assert_cmpstr(with_own->no_proxy, ==, "none");
	g_assert_cmpstr(with_own->no_sumdb, ==, "a.example");
}

static void a_credential_goes_to_its_host_only(void)
{
	g_autoptr(GPtrArray) credentials =
		g_ptr_array_new_with_free_func((GDestroyNotify)credential_free);
	Credential *credential = g_new0(Credential, 1);
	World world = { .goproxy = "https://u:p@url.example,https://table.example",
			.credentials = credentials };
	g_autofree char *netrc = NULL;
	g_autoptr(GoEnv) env = NULL;
	g_autoptr(GError) error = NULL;
	int file = g_file_open_tmp("netrc-XXXXXX", &netrc, NULL);
	static const struct {
		const char *url;
		guint source;
		const char *username;
	} cases[] = {
		{ "https://url.example/x", 0, "u" },        { "https://table.example/x", 1, "t" },
		{ "https://table.example:8443/x", 1, "t" }, { "https://netrc.example/x", 1, "n" },
		{ "http://netrc.example/x", 1, NULL },      { "https://else.example/x", 1, NULL },
	};

	g_assert_cmpint(file, >=, 0);
	g_close(file, NULL);
	g_assert_true(
		g_file_set_contents(netrc, "machine netrc.example login n password q\n", -1, NULL));
	credential->host = g_strdup("table.example");
	credential->username = g_strdup("t");
	credential->secret = secret_new("s", 1);
	g_ptr_array_add(credentials, credential);
	world.netrc = netrc;
	env = goenv_new(&world, &error);
	g_assert_no_error(error);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *username;
		const Secret *secret;

		goenv_credential(env, g_ptr_array_index(env->sources, cases[i].source),
				 cases[i].url, &username, &secret);
		g_assert_cmpstr(username, ==, cases[i].username);
		g_assert_cmpint(secret != NULL, ==, cases[i].username != NULL);
	}
	unlink(netrc);
}

static void what_some_see_alone_is_kept_apart(void)
{
	g_autoptr(GPtrArray) proxies = g_ptr_array_new();
	const World everybody = { 0 }, some = { .circle = "1f" },
		    others = { .circle = "1f", .proxies = proxies };
	g_autofree char *plain = goenv_key(&everybody, "go:m"), *seen = goenv_key(&some, "go:m");
	g_autofree char *elsewhere = NULL;

	g_ptr_array_add(proxies, (char *)"https://own.test");
	elsewhere = goenv_key(&others, "go:m");
	g_assert_cmpstr(plain, ==, "go:m");
	g_assert_cmpstr(seen, ==, "go:m in 1f");
	g_assert_cmpstr(elsewhere, ==, "go:m from https://own.test in 1f");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/goenv/goproxy_is_a_list", goproxy_is_a_list);
	g_test_add_func("/gomod/goenv/proxies_of_the_rules_come_first_and_are_foreign",
			proxies_of_the_rules_come_first_and_are_foreign);
	g_test_add_func("/gomod/goenv/what_is_private_is_so_for_proxies_and_the_database",
			what_is_private_is_so_for_proxies_and_the_database);
	g_test_add_func("/gomod/goenv/credential_goes_to_its_host_only",
			a_credential_goes_to_its_host_only);
	g_test_add_func("/gomod/goenv/what_some_see_alone_is_kept_apart",
			what_some_see_alone_is_kept_apart);
	return g_test_run();
}
