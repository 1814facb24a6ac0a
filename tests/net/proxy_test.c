/* SPDX-License-Identifier: MIT */
#include "net/http.h"
#include "net/loopback.h"
#include "net/proxy.h"

static const struct {
	const char *list, *url;
	bool is_bypassed;
} bypasses[] = {
	{ "*", "https://example.org/", true },
	{ "", "https://example.org/", false },
	{ " , ", "https://example.org/", false },
	{ "example.org", "https://example.org/", true },
	{ "EXAMPLE.org", "https://example.org/", true },
	{ "example.org", "https://sub.example.org/", true },
	{ ".example.org", "https://example.org/", true },
	{ ".example.org", "https://sub.example.org/", true },
	{ "example.org", "https://notexample.org/", false },
	{ "sub.example.org", "https://example.org/", false },
	{ "a.org, example.org", "https://example.org/", true },
	{ "a.org example.org", "https://example.org/", true },
	{ "example.org:443", "https://example.org/", true },
	{ "example.org:443", "https://example.org:8443/", false },
	{ "127.0.0.1", "http://127.0.0.1:5000/", true },
	{ "10.0.0.0/8", "http://10.1.2.3/", true },
	{ "10.0.0.0/8", "http://11.1.2.3/", false },
	{ "0.0.1", "http://127.0.0.1/", false },
	{ "::1", "http://[::1]:5000/", true },
	{ "[::1]:5000", "http://[::1]:5000/", true },
	{ "[::1]:5001", "http://[::1]:5000/", false },
};

static void some_hosts_are_asked_straight(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bypasses); i++) {
		g_autoptr(Url) url = url_parse(bypasses[i].url);

		g_test_message("'%s' for %s", bypasses[i].list, bypasses[i].url);
		g_assert_true(proxy_is_bypassed(bypasses[i].list, url) == bypasses[i].is_bypassed);
	}
}

static void each_scheme_has_its_proxy(void)
{
	ProxyRules rules = { .http = "http://a:1", .https = "http://b:2", .none = "c.org" };
	g_autoptr(Url) plain = url_parse("http://x.org/"), tls = url_parse("https://x.org/");
	g_autoptr(Url) straight = url_parse("https://c.org/");

	g_assert_cmpstr(proxy_for(&rules, plain), ==, "http://a:1");
	g_assert_cmpstr(proxy_for(&rules, tls), ==, "http://b:2");
	g_assert_null(proxy_for(&rules, straight));
	rules.http = "";
	g_assert_null(proxy_for(&rules, plain));
}

/* The rest in processes of their own, because of the environment. */
static void the_environment_is_read(void)
{
	ProxyRules rules;

	if (g_test_subprocess()) {
		g_unsetenv("http_proxy");
		g_setenv("HTTP_PROXY", "http://upper:1", TRUE);
		g_setenv("https_proxy", "http://lower:2", TRUE);
		g_setenv("HTTPS_PROXY", "http://upper:3", TRUE);
		rules = proxy_from_environment();
		g_assert_cmpstr(rules.http, ==, "http://upper:1");
		g_assert_cmpstr(rules.https, ==, "http://lower:2");
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_passed();
}

static void requests_go_through_the_proxy(void)
{
	static const Page pages[] = { { "http://10.9.9.9/a", { "200\n\nby proxy" } },
				      { NULL, { NULL } } };
	static const struct {
		const char *url;
		bool is_foreign;
		int status;
	} rows[] = {
		{ "http://10.9.9.9/a", false, 200 },
		{ "http://10.9.9.9/a", true, 0 },
		{ "http://localhost/a", true, 0 },
	};

	if (g_test_subprocess()) {
		g_autoptr(Loopback) proxy = loopback_new(pages);
		g_autoptr(GPtrArray) insecure = g_ptr_array_new();
		HttpOptions options = { .insecure_hosts = insecure };

		g_setenv("http_proxy", proxy->origin, TRUE);
		g_unsetenv("no_proxy");
		g_unsetenv("NO_PROXY");
		for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
			g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, rows[i].url);
			g_autoptr(Http) http = NULL;

			g_ptr_array_set_size(insecure, 0);
			if (!rows[i].is_foreign)
				g_ptr_array_add(insecure, (void *)"10.9.9.9");
			http = http_new(&options, NULL, 0);
			request->is_foreign = rows[i].is_foreign;
			http_get(http, request, HTTP_NO_CACHE);
			g_assert_cmpint(request->status, ==, rows[i].status);
		}
		g_assert_cmpuint(proxy->requests->len, ==, 1);
		return;
	}
	g_test_trap_subprocess(NULL, 0, 0);
	g_test_trap_assert_passed();
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/proxy/some_hosts_are_asked_straight", some_hosts_are_asked_straight);
	g_test_add_func("/proxy/each_scheme_has_its_proxy", each_scheme_has_its_proxy);
	g_test_add_func("/proxy/the_environment_is_read", the_environment_is_read);
	g_test_add_func("/proxy/requests_go_through_the_proxy", requests_go_through_the_proxy);
	return g_test_run();
}
