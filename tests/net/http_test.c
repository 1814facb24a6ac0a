/* SPDX-License-Identifier: MIT */
#include "net/http.h"
#include "net/loopback.h"
#include "store/directory.h"
#include "upkeepd/limits.h"

/* Cells that a row leaves out are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum { GOOD = -1 }; /* no error; else a FailureKind */

typedef struct {
	const char *name;
	Page pages[4];
	int status;
	int failure;
	const char *body; /* of the answer; NULL: not looked at */
	guint requests;   /* that the server has seen */
	const char *why;  /* a part of the error's text */
	HttpMethod method;
	bool keeps_redirect;
	size_t max_bytes;
	int timeout_ms;
} Case;

static Http *client(void)
{
	HttpOptions options = { .backoff_ms = 1 };

	return http_new(&options, NULL, NOW);
}

/* One request for /a. */
static const Case cases[] = {
	/* A status is a value. */
	{ "200", { { "/a", { "200\n\nhello" } } }, 200, GOOD, "hello", 1, NULL },
	{ "an_empty_body", { { "/a", { "200\n\n" } } }, 200, GOOD, "", 1, NULL },
	{ "204", { { "/a", { "204\n\n" } } }, 204, GOOD, "", 1, NULL },
	{ "404", { { "/a", { "404\n\ngone" } } }, 404, GOOD, "gone", 1, NULL },
	{ "401", { { "/a", { "401\nWWW-Authenticate: Bearer\n\n" } } }, 401, GOOD, "", 1, NULL },
	{ "403_without_limit", { { "/a", { "403\n\nno" } } }, 403, GOOD, "no", 1, NULL },
	{ "304_that_nobody_asked_for", { { "/a", { "304\n\n" } } }, 304, GOOD, "", 1, NULL },
	{ "head", { { "/a", { "200\n\nhello" } } }, 200, GOOD, "", 1, NULL, HTTP_HEAD },
	{ "post", { { "/a", { "201\n\nmade" } } }, 201, GOOD, "made", 1, NULL, HTTP_POST },
	{ "delete", { { "/a", { "204\n\n" } } }, 204, GOOD, "", 1, NULL, HTTP_DELETE },
	{ "gzip_is_decoded", { { "/a", { "200 gzip" } } }, 200, GOOD, "hello", 1, NULL },

	/* Failures that pass are tried again, but not what might be done twice. */
	{ "502_then_200", { { "/a", { "502\n\n", "200\n\nok" } } }, 200, GOOD, "ok", 2, NULL },
	{ "503_twice",
	  { { "/a", { "503\n\n", "503\n\n", "200\n\nok" } } },
	  200,
	  GOOD,
	  "ok",
	  3,
	  NULL },
	{ "504_for_ever", { { "/a", { "504\n\nno" } } }, 504, GOOD, "no", LIMIT_TRIES, NULL },
	{ "502_of_a_post", { { "/a", { "502\n\nno" } } }, 502, GOOD, "no", 1, NULL, HTTP_POST },
	{ "a_reset", { { "/a", { "200 reset", "200\n\nok" } } }, 200, GOOD, "ok", 2, NULL },
	{ "a_truncated_body",
	  { { "/a", { "200 truncated", "200\n\nok" } } },
	  200,
	  GOOD,
	  "ok",
	  2,
	  NULL },
	{ "truncated_for_ever",
	  { { "/a", { "200 truncated" } } },
	  0,
	  FAILURE_NET,
	  NULL,
	  LIMIT_TRIES,
	  "asking 'http://127.0.0.1" },
	{ "a_reset_post",
	  { { "/a", { "200 truncated" } } },
	  0,
	  FAILURE_NET,
	  NULL,
	  1,
	  NULL,
	  HTTP_POST },
	{ "silence",
	  { { "/a", { "200 silence" } } },
	  0,
	  FAILURE_NET,
	  NULL,
	  2,
	  "timed out",
	  .timeout_ms = 150 },
	{ "a_stalled_body",
	  { { "/a", { "200 stall", "200\n\nok" } } },
	  200,
	  GOOD,
	  "ok",
	  2,
	  NULL,
	  .timeout_ms = 150 },

	/* Limits. */
	{ "429_with_a_long_pause",
	  { { "/a", { "429\nRetry-After: 100\n\nslow" } } },
	  429,
	  FAILURE_BUSY,
	  "slow",
	  1,
	  "asks for a pause" },
	{ "429_with_no_pause",
	  { { "/a", { "429\nRetry-After: 0\n\n", "200\n\nok" } } },
	  200,
	  GOOD,
	  "ok",
	  2,
	  NULL },
	{ "503_with_no_pause",
	  { { "/a", { "503\nRetry-After: 0\n\n", "200\n\nok" } } },
	  200,
	  GOOD,
	  "ok",
	  2,
	  NULL },
	{ "503_of_a_post_with_no_pause",
	  { { "/a", { "503\nRetry-After: 0\n\nno", "200\n\nok" } } },
	  503,
	  FAILURE_BUSY,
	  "no",
	  1,
	  "asks for a pause",
	  HTTP_POST },
	{ "429_without_a_word",
	  { { "/a", { "429\n\n", "200\n\nok" } } },
	  200,
	  GOOD,
	  "ok",
	  2,
	  NULL },
	{ "429_for_ever", { { "/a", { "429\n\n" } } }, 429, FAILURE_BUSY, "", LIMIT_TRIES, NULL },
	{ "403_of_a_used_up_limit",
	  { { "/a", { "403\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1780272500\n\n" } } },
	  403,
	  FAILURE_BUSY,
	  "",
	  1,
	  NULL },

	/* Redirects. */
	{ "a_redirect",
	  { { "/a", { "302\nLocation: /b\n\n" } }, { "/b", { "200\n\nb" } } },
	  200,
	  GOOD,
	  "b",
	  2,
	  NULL },
	{ "a_relative_redirect",
	  { { "/a", { "308\nLocation: x/../b?c\n\n" } }, { "/b?c", { "200\n\nb" } } },
	  200,
	  GOOD,
	  "b",
	  2,
	  NULL },
	{ "a_kept_redirect",
	  { { "/a", { "302\nLocation: /b\n\n" } } },
	  302,
	  GOOD,
	  "",
	  1,
	  NULL,
	  .keeps_redirect = true },
	{ "a_redirected_post",
	  { { "/a", { "307\nLocation: /b\n\n" } } },
	  307,
	  GOOD,
	  "",
	  1,
	  NULL,
	  HTTP_POST },
	{ "300_is_no_redirect", { { "/a", { "300\nLocation: /b\n\n" } } }, 300, GOOD, "", 1, NULL },
	{ "without_location", { { "/a", { "302\n\n" } } }, 302, GOOD, "", 1, NULL },
	{ "round_and_round",
	  { { "/a", { "302\nLocation: /a\n\n" } } },
	  0,
	  FAILURE_LIMIT,
	  NULL,
	  LIMIT_REDIRECTS + 1,
	  "redirects too often" },
	{ "to_a_file",
	  { { "/a", { "302\nLocation: file:///etc/passwd\n\n" } } },
	  0,
	  FAILURE_NET,
	  NULL,
	  1,
	  "no usable URL" },
	{ "to_a_password",
	  { { "/a", { "302\nLocation: http://u:p@127.0.0.1/\n\n" } } },
	  0,
	  FAILURE_NET,
	  NULL,
	  1,
	  "no usable URL" },
	{ "to_plain_http",
	  { { "/a", { "302\nLocation: http://example.org/\n\n" } } },
	  0,
	  FAILURE_DENIED,
	  NULL,
	  1,
	  "plain http" },

	/* Ceilings. */
	{ "a_body_of_the_limit",
	  { { "/a", { "200\n\n12345" } } },
	  200,
	  GOOD,
	  "12345",
	  1,
	  NULL,
	  .max_bytes = 5 },
	{ "one_byte_more",
	  { { "/a", { "200\n\n123456" } } },
	  0,
	  FAILURE_LIMIT,
	  NULL,
	  1,
	  "more than 5 bytes",
	  .max_bytes = 5 },
	{ "an_endless_body",
	  { { "/a", { "200 endless-body" } } },
	  0,
	  FAILURE_LIMIT,
	  NULL,
	  1,
	  NULL,
	  .max_bytes = 100000 },
	{ "endless_headers",
	  { { "/a", { "200 endless-headers" } } },
	  0,
	  FAILURE_LIMIT,
	  NULL,
	  1,
	  "bytes of headers" },
	{ "a_bomb",
	  { { "/a", { "200 bomb" } } },
	  0,
	  FAILURE_LIMIT,
	  NULL,
	  1,
	  "more than 1000000 bytes",
	  .max_bytes = 1000000 },
};

static void answers_as_the_table_says(const void *data)
{
	const Case *c = data;
	g_autoptr(Loopback) server = loopback_new(c->pages);
	g_autofree char *url = loopback_url(server, "/a");
	g_autoptr(HttpRequest) request = http_request_new(c->method, url);
	g_autoptr(Http) http = client();

	request->max_bytes = c->max_bytes;
	request->timeout_ms = c->timeout_ms;
	request->keeps_redirect = c->keeps_redirect;
	http_get(http, request, HTTP_NO_CACHE);
	if (c->failure == GOOD)
		g_assert_no_error(request->error);
	else
		g_assert_error(request->error, FAILURE, c->failure);
	g_assert_cmpint(request->status, ==, c->status);
	if (c->body != NULL)
		g_assert_cmpstr((const char *)request->answer->data, ==, c->body);
	if (c->why != NULL && strstr(request->error->message, c->why) == NULL)
		g_error("'%s' lacks '%s'", request->error->message, c->why);
	g_assert_cmpuint(server->requests->len, ==, c->requests);
	g_assert_cmpuint(g_ptr_array_index(http_hosts(http), 0) != NULL, ==, 1);
}

static HttpRequest *get(Http *http, const Loopback *server, const char *path, HttpCache cache)
{
	g_autofree char *url = loopback_url(server, path);
	HttpRequest *request = http_request_new(HTTP_GET, url);

	http_get(http, request, cache);
	return request;
}

static bool has_line(const Loopback *server, guint i, const char *line)
{
	g_autofree char *whole = g_strconcat("\r\n", line, "\r\n", NULL);

	return strstr(loopback_request(server, i), whole) != NULL;
}

static void sends_a_bearer_token_without_a_username(void)
{
	static const Page pages[] = { { "/a", { "200\n\n" } }, { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autoptr(Secret) secret = secret_new("s3cret", 6);
	g_autofree char *url = loopback_url(server, "/a");
	g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);

	request->secret = secret;
	http_get(http, request, HTTP_NO_CACHE);
	request->username = g_strdup("me");
	http_get(http, request, HTTP_NO_CACHE);
	g_assert_true(has_line(server, 0, "Authorization: Bearer s3cret"));
	g_assert_true(has_line(server, 1, "Authorization: Basic bWU6czNjcmV0"));
	g_assert_true(has_line(server, 0, "User-Agent: upkeepd/" UPKEEPD_VERSION));
	g_assert_true(has_line(server, 0, "Accept-Encoding: gzip"));
}

static void keeps_what_is_ours_on_the_same_origin(void)
{
	static const Page pages[] = { { "/a", { "302\nLocation: @SELF/b\n\n" } },
				      { "/b", { "200\n\n" } },
				      { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autoptr(Secret) secret = secret_new("s3cret", 6);
	g_autofree char *url = loopback_url(server, "/a"), *end = loopback_url(server, "/b");
	g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);

	request->secret = secret;
	http_request_header(request, "PRIVATE-TOKEN", "mine");
	http_get(http, request, HTTP_NO_CACHE);
	g_assert_true(has_line(server, 1, "Authorization: Bearer s3cret"));
	g_assert_true(has_line(server, 1, "PRIVATE-TOKEN: mine"));
	g_assert_cmpstr(request->final_url, ==, end);
}

static void drops_what_is_ours_on_the_way_to_another_origin_and_back(void)
{
	static const Page here[] = { { "/a", { "302\nLocation: @OTHER/b\n\n" } },
				     { "/c", { "200\n\nend" } },
				     { NULL, { NULL } } };
	static const Page there[] = { { "/b", { "302\nLocation: @OTHER/c\n\n" } },
				      { NULL, { NULL } } };
	g_autoptr(Loopback) first = loopback_new(here);
	g_autoptr(Loopback) second = loopback_new(there);
	g_autoptr(Http) http = client();
	g_autoptr(Secret) secret = secret_new("s3cret", 6);
	g_autofree char *url = loopback_url(first, "/a");
	g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);

	first->other = second;
	second->other = first;
	request->secret = secret;
	http_request_header(request, "PRIVATE-TOKEN", "mine");
	http_get(http, request, HTTP_NO_CACHE);
	g_assert_no_error(request->error);
	g_assert_cmpstr((const char *)request->answer->data, ==, "end");
	g_assert_nonnull(strstr(loopback_request(first, 0), "s3cret"));
	g_assert_null(strstr(loopback_request(second, 0), "s3cret"));
	g_assert_null(strstr(loopback_request(second, 0), "PRIVATE-TOKEN"));
	g_assert_null(strstr(loopback_request(first, 1), "s3cret"));
	g_assert_null(strstr(loopback_request(first, 1), "PRIVATE-TOKEN"));
}

static void sends_the_body_and_headers_of_a_post(void)
{
	static const Page pages[] = { { "/a", { "200\n\n" } }, { NULL, { NULL } } };
	static const HttpMethod methods[] = { HTTP_POST, HTTP_PUT, HTTP_PATCH };
	static const char *const words[] = { "POST /a ", "PUT /a ", "PATCH /a " };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autofree char *url = loopback_url(server, "/a");

	for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
		g_autoptr(HttpRequest) request = http_request_new(methods[i], url);

		request->body = g_bytes_new_static("{\"a\":1}", 7);
		http_request_header(request, "Content-Type", "application/json");
		http_get(http, request, HTTP_NO_CACHE);
		g_assert_cmpint(request->status, ==, 200);
		g_assert_true(g_str_has_prefix(loopback_request(server, i), words[i]));
		g_assert_true(g_str_has_suffix(loopback_request(server, i), "\r\n\r\n{\"a\":1}"));
		g_assert_true(has_line(server, i, "Content-Type: application/json"));
	}
}

static void puts_a_secret_into_the_form_and_nowhere_else(void)
{
	static const Page pages[] = { { "/token", { "200\n\nok" } }, { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = http_new(&(HttpOptions){ .backoff_ms = 1 }, NULL, NOW);
	g_autofree char *url = g_strconcat(server->origin, "/token", NULL);
	g_autoptr(HttpRequest) request = http_request_new(HTTP_POST, url);
	g_autoptr(Secret) secret = secret_new("a b&c", 5);

	request->body = g_bytes_new_static("grant=x", 7);
	request->secret = secret;
	request->secret_field = "token";
	http_get(http, request, HTTP_NO_CACHE);
	g_assert_no_error(request->error);
	g_assert_true(
		g_str_has_suffix(loopback_request(server, 0), "\r\n\r\ngrant=x&token=a%20b%26c"));
	g_assert_null(strcasestr(loopback_request(server, 0), "authorization"));
}

static void repeats_a_post_that_changes_nothing(void)
{
	static const Page pages[] = { { "/a", { "200 reset", "200\n\nok" } }, { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autofree char *url = loopback_url(server, "/a");
	g_autoptr(HttpRequest) request = http_request_new(HTTP_POST, url);

	request->is_repeatable = true;
	http_get(http, request, HTTP_NO_CACHE);
	g_assert_no_error(request->error);
	g_assert_cmpuint(server->requests->len, ==, 2);
}

static void asks_again_with_the_etag_and_answers_from_the_cache(void)
{
	static const Page pages[] = {
		{ "/a", { "200\nETag: \"x\"\nLink: </b>; rel=\"next\"\n\nkept", "304\n\n" } },
		{ NULL, { NULL } }
	};
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autoptr(HttpRequest) first = get(http, server, "/a", HTTP_VALIDATE);
	g_autoptr(HttpRequest) second = get(http, server, "/a", HTTP_VALIDATE);
	const HttpHost *host = g_ptr_array_index(http_hosts(http), 0);

	g_assert_false(first->is_from_cache);
	g_assert_true(second->is_from_cache);
	g_assert_cmpint(second->status, ==, 200);
	g_assert_cmpstr((const char *)second->answer->data, ==, "kept");
	g_assert_cmpstr(http_answer_header(second, "link"), ==, "</b>; rel=\"next\"");
	g_assert_true(has_line(server, 1, "If-None-Match: \"x\""));
	g_assert_cmpint(host->requests, ==, 2);
	g_assert_cmpint(host->revalidations, ==, 1);
	g_assert_cmpstr(host->host, ==, server->origin + strlen("http://"));
}

static void takes_the_new_answer_when_the_old_no_longer_holds(void)
{
	static const Page pages[] = {
		{ "/a",
		  { "200\nLast-Modified: Mon, 01 Jan 2024 00:00:00 GMT\n\nold",
		    "200\nETag: \"y\"\n\nnew", "304\n\n" } },
		{ NULL, { NULL } }
	};
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autoptr(HttpRequest) first = get(http, server, "/a", HTTP_VALIDATE);
	g_autoptr(HttpRequest) second = get(http, server, "/a", HTTP_VALIDATE);
	g_autoptr(HttpRequest) third = get(http, server, "/a", HTTP_VALIDATE);

	g_assert_cmpstr((const char *)first->answer->data, ==, "old");
	g_assert_true(has_line(server, 1, "If-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT"));
	g_assert_cmpstr((const char *)second->answer->data, ==, "new");
	g_assert_true(has_line(server, 2, "If-None-Match: \"y\""));
	g_assert_cmpstr((const char *)third->answer->data, ==, "new");
}

static void never_asks_again_for_what_cannot_change(void)
{
	static const Page pages[] = { { "/a", { "200\n\nfor ever" } },
				      { "/b", { "404\n\n", "200\n\nb" } },
				      { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autoptr(HttpRequest) first = get(http, server, "/a", HTTP_IMMUTABLE);
	g_autoptr(HttpRequest) second = get(http, server, "/a", HTTP_IMMUTABLE);
	g_autoptr(HttpRequest) absent = get(http, server, "/b", HTTP_IMMUTABLE);
	g_autoptr(HttpRequest) present = get(http, server, "/b", HTTP_IMMUTABLE);

	g_assert_false(first->is_from_cache);
	g_assert_cmpstr((const char *)second->answer->data, ==, "for ever");
	g_assert_true(second->is_from_cache);
	g_assert_cmpint(absent->status, ==, 404);
	g_assert_cmpint(present->status, ==, 200);
	g_assert_cmpuint(server->requests->len, ==, 3);
}

static void asks_for_what_is_recent_once(void)
{
	static const Page pages[] = { { "/a", { "200\nETag: \"x\"\n\none", "200\n\ntwo" } },
				      { "/b", { "404\n\n", "200\n\nb" } },
				      { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autoptr(HttpRequest) first = get(http, server, "/a", HTTP_RECENT);
	g_autoptr(HttpRequest) second = get(http, server, "/a", HTTP_RECENT);
	g_autoptr(HttpRequest) other = get(http, server, "/a", HTTP_VALIDATE);
	g_autoptr(HttpRequest) absent = get(http, server, "/b", HTTP_RECENT);
	g_autoptr(HttpRequest) present = get(http, server, "/b", HTTP_RECENT);

	g_assert_false(first->is_from_cache);
	g_assert_true(second->is_from_cache);
	g_assert_cmpstr((const char *)second->answer->data, ==, "one");
	g_assert_cmpstr((const char *)other->answer->data, ==, "two");
	g_assert_cmpint(absent->status, ==, 404);
	g_assert_cmpint(present->status, ==, 200);
	g_assert_cmpuint(server->requests->len, ==, 4);
}

static void asks_again_for_what_was_wrong(Directory *directory, gconstpointer data)
{
	static const Page pages[] = { { "/a", { "200\n\nSign in", "200\n\nfor ever" } },
				      { NULL, { NULL } } };
	HttpOptions options = { .backoff_ms = 1 };

	(void)data;
	for (int is_stored = 0; is_stored <= 1; is_stored++) {
		g_autoptr(Loopback) server = loopback_new(pages);
		g_autoptr(Store) store = is_stored ? directory_open(directory) : NULL;
		g_autoptr(Http) http = http_new(&options, store, NOW);
		g_autoptr(HttpRequest) first = get(http, server, "/a", HTTP_IMMUTABLE);
		g_autoptr(HttpRequest) second = NULL;

		g_assert_cmpstr((const char *)first->answer->data, ==, "Sign in");
		http_forget(http, first);
		second = get(http, server, "/a", HTTP_IMMUTABLE);
		g_assert_cmpstr((const char *)second->answer->data, ==, "for ever");
	}
}

static void keeps_the_answers_of_two_accounts_apart(void)
{
	static const Page pages[] = { { "/a", { "200\n\nfirst", "200\n\nsecond" } },
				      { NULL, { NULL } } };
	static const struct {
		const char *secret, *account, *body;
	} rows[] = {
		{ "one", NULL, "first" },  { "one", NULL, "first" }, { "two", NULL, "second" },
		{ "three", "", "second" }, { "four", "", "second" }, { NULL, NULL, "second" },
	};
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autofree char *url = loopback_url(server, "/a");

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Secret) secret =
			rows[i].secret == NULL ? NULL
					       : secret_new(rows[i].secret, strlen(rows[i].secret));
		g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);

		request->secret = secret;
		request->account = g_strdup(rows[i].account);
		http_get(http, request, HTTP_IMMUTABLE);
		g_assert_cmpstr((const char *)request->answer->data, ==, rows[i].body);
	}
	g_assert_cmpuint(server->requests->len, ==, 3);
}

static void says_what_the_cache_lacks_when_offline(void)
{
	static const Page pages[] = { { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	HttpOptions options = { .is_offline = true };
	g_autoptr(Http) http = http_new(&options, NULL, NOW);
	g_autoptr(HttpRequest) request = get(http, server, "/a?b", HTTP_VALIDATE);

	g_assert_error(request->error, FAILURE, FAILURE_NET);
	g_assert_nonnull(strstr(request->error->message, "/a': it is not in the cache"));
	g_assert_cmpuint(server->requests->len, ==, 0);
	g_assert_cmpuint(http_hosts(http)->len, ==, 0);
}

static void count(void *data)
{
	++*(int *)data;
}

static void tells_that_answers_come_and_not_that_none_do(void)
{
	static const Page pages[] = { { "/a", { "404\n\n" } }, { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autoptr(HttpRequest) answered = NULL, dead = NULL;
	int n_signs = 0;

	http_watch(http, count, &n_signs);
	answered = get(http, server, "/a", HTTP_NO_CACHE);
	g_assert_cmpint(answered->status, ==, 404);
	g_assert_cmpint(n_signs, ==, 1);
	dead = http_request_new(HTTP_GET, "http://127.0.0.1:1/");
	http_get(http, dead, HTTP_NO_CACHE);
	g_assert_nonnull(dead->error);
	g_assert_cmpint(n_signs, ==, 1);
}

static void leaves_a_host_alone_that_asked_for_it(void)
{
	static const Page pages[] = { { "/a", { "429\nRetry-After: 100\n\n" } },
				      { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autoptr(HttpRequest) first = get(http, server, "/a", HTTP_NO_CACHE);
	g_autoptr(HttpRequest) second = get(http, server, "/b", HTTP_NO_CACHE);

	g_assert_error(second->error, FAILURE, FAILURE_BUSY);
	g_assert_cmpint(failure_retry_at(first->error), >=, NOW + 100);
	g_assert_cmpint(failure_retry_at(first->error), <, NOW + 105);
	g_assert_cmpint(failure_retry_at(second->error), ==, failure_retry_at(first->error));
	g_assert_cmpuint(server->requests->len, ==, 1);
}

/* A token that has no more requests says nothing of those who ask without one. */
static void a_spent_account_pauses_alone(void)
{
	static const Page pages[] = {
		{ "/a",
		  { "403\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1780272500\n\n",
		    "200\n\n" } },
		{ NULL, { NULL } }
	};
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autoptr(Secret) secret = secret_new("s3cret", 6);
	g_autofree char *url = loopback_url(server, "/a");
	g_autoptr(HttpRequest) mine = http_request_new(HTTP_GET, url), anybodys = NULL;

	mine->secret = secret;
	for (int i = 0; i < 2; i++) {
		http_get(http, mine, HTTP_NO_CACHE);
		g_assert_error(mine->error, FAILURE, FAILURE_BUSY);
		g_assert_cmpuint(server->requests->len, ==, 1);
	}
	anybodys = get(http, server, "/a", HTTP_NO_CACHE);
	g_assert_no_error(anybodys->error);
}

static void what_can_wait_is_told_that_requests_are_few(void)
{
	static const Page pages[] = { { "/a",
					{ "200\nX-RateLimit-Limit: 100\nX-RateLimit-Remaining: 9\n"
					  "X-RateLimit-Reset: 1780272500\n\n" } },
				      { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autoptr(Secret) secret = secret_new("s3cret", 6);
	g_autoptr(HttpRequest) request = get(http, server, "/a", HTTP_NO_CACHE);

	g_assert_cmpint(http_scarce_until(http, request), ==, 1780272500);
	request->secret = secret;
	g_assert_cmpint(http_scarce_until(http, request), ==, 0);
}

static void the_store_remembers(Directory *directory, gconstpointer data)
{
	static const Page pages[] = { { "/a", { "200\nETag: \"x\"\n\nkept", "304\n\n" } },
				      { "/b", { "200\n\nfor ever" } },
				      { "/c", { "429\nRetry-After: 100\n\n" } },
				      { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	HttpOptions options = { .backoff_ms = 1 };

	(void)data;
	for (int run = 0; run < 3; run++) {
		g_autoptr(Store) store = directory_open(directory);
		g_autoptr(Http) http = http_new(&options, store, NOW + (run == 2 ? 200 : 0));
		g_autoptr(HttpRequest) a = NULL, b = NULL, c = NULL;

		if (run != 1) { /* the host is paused in the second run */
			a = get(http, server, "/a", HTTP_VALIDATE);
			g_assert_cmpstr((const char *)a->answer->data, ==, "kept");
			g_assert_true(a->is_from_cache == (run > 0));
		}
		b = get(http, server, "/b", HTTP_IMMUTABLE);
		g_assert_cmpstr((const char *)b->answer->data, ==, "for ever");
		c = get(http, server, "/c", HTTP_NO_CACHE);
		g_assert_error(c->error, FAILURE, FAILURE_BUSY);
	}
	/* /a, /b, /c; nothing; /a, /c */
	g_assert_cmpuint(server->requests->len, ==, 5);
}

static void libcurl_is_usable(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(http_is_usable(&error));
	g_assert_no_error(error);
}

static void does_not_try_a_dead_host_again_for_each_request(void)
{
	static const Page pages[] = { { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autoptr(HttpRequest) first = NULL, second = NULL;
	const HttpHost *host;

	shutdown(server->listener, SHUT_RDWR);
	first = get(http, server, "/a", HTTP_NO_CACHE);
	second = get(http, server, "/b", HTTP_NO_CACHE);
	g_assert_error(first->error, FAILURE, FAILURE_NET);
	g_assert_error(second->error, FAILURE, FAILURE_NET);
	g_assert_nonnull(strstr(second->error->message, "/b': "));
	host = g_ptr_array_index(http_hosts(http), 0);
	g_assert_cmpint(host->requests, ==, LIMIT_TRIES);
}

/* Of twenty that find nobody, those that were under way have missed it together, and one
 * of them tries again for all. */
static void many_do_not_try_a_dead_host_again_each(gconstpointer data)
{
	static const Page pages[] = { { NULL, { NULL } } };
	bool has_name = data != NULL;
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autoptr(GPtrArray) requests =
		g_ptr_array_new_with_free_func((GDestroyNotify)http_request_free);
	/* No name has a part of 64 bytes: this needs no name server to be refused. */
	g_autofree char *name = g_strnfill(64, 'a');
	g_autofree char *nowhere = g_strdup_printf("https://%s.test/", name);
	g_autofree char *nobody = loopback_url(server, "/");
	const HttpHost *host;

	shutdown(server->listener, SHUT_RDWR);
	for (int i = 0; i < 20; i++)
		g_ptr_array_add(requests, http_request_new(HTTP_GET, has_name ? nowhere : nobody));
	http_get_all(http, requests, HTTP_NO_CACHE);
	for (guint i = 0; i < requests->len; i++)
		g_assert_error(((HttpRequest *)g_ptr_array_index(requests, i))->error, FAILURE,
			       FAILURE_NET);
	host = g_ptr_array_index(http_hosts(http), 0);
	g_assert_cmpint(host->requests, ==, 8 + (has_name ? LIMIT_TRIES / 2 : LIMIT_TRIES) - 1);
}

static void asks_many_at_once(void)
{
	static const Page pages[] = { { "/a", { "200 gathering\n\nok" } }, { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autoptr(GPtrArray) requests =
		g_ptr_array_new_with_free_func((GDestroyNotify)http_request_free);
	g_autofree char *url = loopback_url(server, "/a");
	gint64 start = g_get_monotonic_time();

	for (int i = 0; i < 50; i++)
		g_ptr_array_add(requests, http_request_new(HTTP_GET, url));
	http_get_all(http, requests, HTTP_NO_CACHE);
	for (guint i = 0; i < requests->len; i++) {
		const HttpRequest *request = g_ptr_array_index(requests, i);

		g_assert_no_error(request->error);
		g_assert_cmpint(request->status, ==, 200);
	}
	g_assert_cmpuint(server->requests->len, ==, 50);
	g_assert_cmpuint(server->threads->len, <=, 8);
	g_assert_cmpint(g_get_monotonic_time() - start, <, 4 * G_TIME_SPAN_SECOND);
	g_assert_cmpint(http_bytes_received(http), >, 50 * (int64_t)strlen("ok"));
}

static void one_bad_request_does_not_spoil_the_others(void)
{
	static const Page pages[] = { { "/a", { "200\n\nok" } },
				      { "/b", { "200 endless-headers" } },
				      { NULL, { NULL } } };
	static const struct {
		const char *url; /* with a leading slash: of the server */
		int failure;
	} rows[] = {
		{ "/a", GOOD },
		{ "/b", FAILURE_LIMIT },
		{ "http://example.org/", FAILURE_DENIED },
		{ "https://user:password@example.org/", FAILURE_INPUT },
		{ "ftp://example.org/", FAILURE_INPUT },
		{ "", FAILURE_INPUT },
		{ "/a?2", GOOD },
	};
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autoptr(GPtrArray) requests =
		g_ptr_array_new_with_free_func((GDestroyNotify)http_request_free);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *url = *rows[i].url == '/' ? loopback_url(server, rows[i].url)
							   : g_strdup(rows[i].url);

		g_ptr_array_add(requests, http_request_new(HTTP_GET, url));
	}
	http_get_all(http, requests, HTTP_NO_CACHE);
	for (guint i = 0; i < requests->len; i++) {
		const HttpRequest *request = g_ptr_array_index(requests, i);

		g_test_message("'%s'", rows[i].url);
		if (rows[i].failure == GOOD)
			g_assert_no_error(request->error);
		else
			g_assert_error(request->error, FAILURE, rows[i].failure);
		g_assert_true(request->error == NULL ||
			      strstr(request->error->message, "password") == NULL);
	}
}

static void refuses_a_header_of_two_lines(void)
{
	static const Page pages[] = { { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autofree char *url = loopback_url(server, "/a");
	g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);

	http_request_header(request, "Accept", "a\r\nX-Evil: b");
	http_get(http, request, HTTP_NO_CACHE);
	g_assert_error(request->error, FAILURE, FAILURE_INPUT);
	g_assert_cmpuint(server->requests->len, ==, 0);
}

/* What a stranger may make us do on this machine: nothing. */
static void guards_private_addresses_from_strangers(void)
{
	static const Page pages[] = { { "/a", { "200\n\nsecret" } }, { NULL, { NULL } } };
	static const char *const hosts[] = { "127.0.0.1",  "localhost",      "127.1",
					     "2130706433", "0x7f000001",     "[::ffff:127.0.0.1]",
					     "0177.0.0.1", "[::ffff:7f00:1]" };
	g_autoptr(Loopback) server = loopback_new(pages);
	const char *port = strrchr(server->origin, ':');
	g_autoptr(Http) http = client();
	g_autoptr(HttpRequest) ours = get(http, server, "/a", HTTP_NO_CACHE);

	/* Also over the connection that our own request left open. */
	g_assert_cmpint(ours->status, ==, 200);
	for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++) {
		g_autofree char *url = g_strdup_printf("http://%s%s/a", hosts[i], port);
		g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);

		request->is_foreign = true;
		http_get(http, request, HTTP_NO_CACHE);
		g_test_message("%s", url);
		g_assert_error(request->error, FAILURE, FAILURE_DENIED);
		g_assert_cmpint(request->status, ==, 0);
	}
	g_assert_cmpuint(server->requests->len, ==, 1);
}

static void lets_strangers_name_a_trusted_host(void)
{
	static const Page pages[] = { { "/a", { "200\n\nfine" } }, { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(GPtrArray) trusted = g_ptr_array_new();
	HttpOptions options = { .trusted_hosts = trusted };
	g_autofree char *url = loopback_url(server, "/a");
	g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);
	g_autoptr(Http) http = NULL;

	g_ptr_array_add(trusted, server->origin + strlen("http://"));
	http = http_new(&options, NULL, NOW);
	request->is_foreign = true;
	http_get(http, request, HTTP_NO_CACHE);
	g_assert_no_error(request->error);
	g_assert_cmpint(request->status, ==, 200);
}

static bool take_piece(void *data, const void *bytes, size_t length, GError **error)
{
	GString *taken = data;

	g_string_append_len(taken, bytes, (gssize)length);
	if (strstr(taken->str, "bad") != NULL)
		return fail(error, FAILURE_NET, "this is bad");
	return true;
}

static void feeds_a_sink_with_200_only(void)
{
	static const Page pages[] = { { "/a", { "502\n\nnot this", "200\n\nthis" } },
				      { "/b", { "404\n\nnot that" } },
				      { "/c", { "200\n\nbad", "200\n\ngood" } },
				      { NULL, { NULL } } };
	static const struct {
		const char *path;
		int status, failure;
		const char *taken, *body;
	} rows[] = {
		{ "/a", 200, GOOD, "this", "" },
		{ "/b", 404, GOOD, "", "not that" },
		{ "/c", 0, FAILURE_NET, "bad", "" },
	};
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *url = loopback_url(server, rows[i].path);
		g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);
		g_autoptr(GString) taken = g_string_new(NULL);

		request->sink = take_piece;
		request->sink_data = taken;
		http_get(http, request, HTTP_IMMUTABLE);
		g_assert_cmpint(request->status, ==, rows[i].status);
		g_assert_true((request->error == NULL) == (rows[i].failure == GOOD));
		g_assert_cmpstr(taken->str, ==, rows[i].taken);
		g_assert_cmpstr((const char *)request->answer->data, ==, rows[i].body);
	}
}

static void ends_a_stalled_transfer_before_its_time(void)
{
	static const Page pages[] = { { "/a", { "200 stall" } }, { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	HttpOptions options = { .timeout_ms = 1000, .backoff_ms = 1 };
	g_autoptr(Http) http = http_new(&options, NULL, NOW);
	g_autofree char *url = loopback_url(server, "/a");
	g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);

	if (!g_test_slow()) {
		g_test_skip("takes four seconds");
		return;
	}
	request->timeout_ms = LIMIT_TRANSFER_MS;
	http_get(http, request, HTTP_NO_CACHE);
	g_assert_error(request->error, FAILURE, FAILURE_NET);
	g_assert_nonnull(strstr(request->error->message, "too slow"));
}

/* Neither the query nor a header of ours. */
static void tells_of_each_answer_who_wants_to_know(void)
{
	static const Page pages[] = {
		{ "/a?token=x",
		  { "404\nX-GitHub-Request-Id: 1:2\nX-RateLimit-Remaining: 41\n\nno" } },
		{ NULL, { NULL } }
	};
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autoptr(Http) http = client();
	g_autofree char *url = loopback_url(server, "/a?token=x");
	g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);

	g_test_expect_message("net", G_LOG_LEVEL_DEBUG,
			      "GET http://127.0.0.1:*/a: 404, * ms, request 1:2, 41 left");
	http_get(http, request, HTTP_NO_CACHE);
	g_test_assert_expected_messages();
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/http/answers/", cases[i].name, NULL);

		g_test_add_data_func(path, &cases[i], answers_as_the_table_says);
	}
#define ADD(test) g_test_add_func("/http/" #test, test)
	ADD(sends_a_bearer_token_without_a_username);
	ADD(keeps_what_is_ours_on_the_same_origin);
	ADD(drops_what_is_ours_on_the_way_to_another_origin_and_back);
	ADD(sends_the_body_and_headers_of_a_post);
	ADD(puts_a_secret_into_the_form_and_nowhere_else);
	ADD(repeats_a_post_that_changes_nothing);
	ADD(asks_again_with_the_etag_and_answers_from_the_cache);
	ADD(takes_the_new_answer_when_the_old_no_longer_holds);
	ADD(asks_for_what_is_recent_once);
	ADD(never_asks_again_for_what_cannot_change);
	ADD(keeps_the_answers_of_two_accounts_apart);
	ADD(says_what_the_cache_lacks_when_offline);
	ADD(tells_that_answers_come_and_not_that_none_do);
	ADD(leaves_a_host_alone_that_asked_for_it);
	ADD(a_spent_account_pauses_alone);
	ADD(what_can_wait_is_told_that_requests_are_few);
	store_test("/http/the_store_remembers", the_store_remembers);
	store_test("/http/asks_again_for_what_was_wrong", asks_again_for_what_was_wrong);
	ADD(libcurl_is_usable);
	ADD(does_not_try_a_dead_host_again_for_each_request);
	g_test_add_data_func("/http/many_do_not_try_a_dead_host_again_each", NULL,
			     many_do_not_try_a_dead_host_again_each);
	g_test_add_data_func("/http/many_do_not_look_up_a_dead_name_again_each", "name",
			     many_do_not_try_a_dead_host_again_each);
	ADD(asks_many_at_once);
	ADD(one_bad_request_does_not_spoil_the_others);
	ADD(refuses_a_header_of_two_lines);
	ADD(guards_private_addresses_from_strangers);
	ADD(lets_strangers_name_a_trusted_host);
	ADD(feeds_a_sink_with_200_only);
	ADD(ends_a_stalled_transfer_before_its_time);
	ADD(tells_of_each_answer_who_wants_to_know);
	return g_test_run();
}
