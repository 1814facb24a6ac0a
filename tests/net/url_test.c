/* SPDX-License-Identifier: MIT */
#include "net/http.h"
#include "net/url.h"
#include "upkeepd/limits.h"

#include <string.h>

static const struct {
	const char *url, *origin; /* NULL: refused */
} origins[] = {
	{ "https://example.org", "https://example.org" },
	{ "https://example.org/", "https://example.org" },
	{ "HTTPS://Example.ORG:443/a?b#c", "https://example.org" },
	{ "http://example.org:80", "http://example.org" },
	{ "http://example.org:443", "http://example.org:443" },
	{ "https://example.org:8443/x", "https://example.org:8443" },
	{ "https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443" },
	{ "http://127.1/", "http://127.0.0.1" },
	{ "https://user@example.org/", NULL },
	{ "https://user:password@example.org/", NULL },
	{ "ftp://example.org/", NULL },
	{ "file:///etc/passwd", NULL },
	{ "javascript:alert(1)", NULL },
	{ "example.org/a", NULL },
	{ "//example.org/a", NULL },
	{ "/a", NULL },
	{ "", NULL },
	{ "https://", NULL },
	{ "https://exa mple.org/", NULL },
	{ "https://example.org/a b", NULL },
	{ "https://example.org/\r\nX: y", NULL },
	{ "https://example.org:99999/", NULL },
	{ "https://example.org:x/", NULL },
};

static void origins_are_told(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(origins); i++) {
		g_autofree char *origin = http_origin(origins[i].url);

		g_test_message("'%s'", origins[i].url);
		g_assert_cmpstr(origin, ==, origins[i].origin);
	}
}

static void a_long_url_is_refused(void)
{
	g_autofree char *path = g_strnfill(LIMIT_URL, 'a');
	g_autofree char *url = g_strconcat("https://example.org/", path, NULL);
	g_autofree char *origin = http_origin(url), *both = http_resolve("https://a.org/", path);

	g_assert_null(origin);
	g_assert_null(both);
}

/* RFC 3986, 5.4, against "https://a/b/c/d;p?q", and what must be refused. */
static const struct {
	const char *reference, *result;
} references[] = {
	{ "g", "https://a/b/c/g" },
	{ "./g", "https://a/b/c/g" },
	{ "g/", "https://a/b/c/g/" },
	{ "/g", "https://a/g" },
	{ "//g", "https://g/" },
	{ "?y", "https://a/b/c/d;p?y" },
	{ "g?y", "https://a/b/c/g?y" },
	{ "..", "https://a/b/" },
	{ "../g", "https://a/b/g" },
	{ "../../g", "https://a/g" },
	{ "../../../g", "https://a/g" },
	{ "https://other.org/x", "https://other.org/x" },
	{ "http://other.org/x", "http://other.org/x" },
	{ "//user@g/", NULL },
	{ "file:///etc/passwd", NULL },
	{ "gopher://g/", NULL },
	{ "g h", "https://a/b/c/g%20h" },
	{ "g\r\nX: y", NULL },
};

static void references_are_resolved(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(references); i++) {
		g_autofree char *result =
			http_resolve("https://a/b/c/d;p?q", references[i].reference);

		g_test_message("'%s'", references[i].reference);
		g_assert_cmpstr(result, ==, references[i].result);
	}
}

static void all_but_unreserved_bytes_are_escaped(void)
{
	g_autofree char *escaped = http_escape("a/b c+d~e_f.g-h%ä");

	g_assert_cmpstr(escaped, ==, "a%2Fb%20c%2Bd~e_f.g-h%25%C3%A4");
}

static void secrets_are_not_shown(void)
{
	static const struct {
		const char *url, *shown;
	} rows[] = {
		{ "https://example.org/a?token=x#y", "https://example.org/a" },
		{ "https://user:password@example.org/a", "https://example.org/a" },
		{ "https://example.org/m/@v/list", "https://example.org/m/@v/list" },
		{ "https://user:password@example.org/m/@v/list", "https://example.org/m/@v/list" },
		{ "https://user:p@ssword@example.org", "https://example.org" },
		{ "nonsense", "nonsense" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *shown = url_to_show(rows[i].url);

		g_assert_cmpstr(shown, ==, rows[i].shown);
	}
}

static void loopback_is_known_by_name(void)
{
	static const struct {
		const char *url;
		bool is_loopback;
	} rows[] = {
		{ "http://localhost:5000/", true }, { "http://127.9.9.9/", true },
		{ "http://[::1]/", true },          { "http://localhost.example.org/", false },
		{ "http://128.0.0.1/", false },     { "http://127.0.0.1.example.org/", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Url) url = url_parse(rows[i].url);

		g_assert_true(url_is_loopback(url) == rows[i].is_loopback);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/url/origins_are_told", origins_are_told);
	g_test_add_func("/url/a_long_url_is_refused", a_long_url_is_refused);
	g_test_add_func("/url/references_are_resolved", references_are_resolved);
	g_test_add_func("/url/all_but_unreserved_bytes_are_escaped",
			all_but_unreserved_bytes_are_escaped);
	g_test_add_func("/url/secrets_are_not_shown", secrets_are_not_shown);
	g_test_add_func("/url/loopback_is_known_by_name", loopback_is_known_by_name);
	return g_test_run();
}
