/* SPDX-License-Identifier: MIT */
#include "net/http.h"
#include "net/loopback.h"
#include "net/record.h"

#include <glib/gstdio.h>

static const struct {
	const char *text, *clean;
} scrubs[] = {
	{ "https://a.org/x?n=100&last=b", "https://a.org/x?n=100&last=b" },
	{ "https://a.org/x?access_token=abc&n=1", "https://a.org/x?access_token=…&n=1" },
	{ "https://a.org/x?X-Amz-Signature=abc", "https://a.org/x?X-Amz-Signature=…" },
	{ "https://a.org/x?se=1&sig=a%2Fb&v=2", "https://a.org/x?se=1&sig=…&v=2" },
	{ "{\"token\": \"abc\",\"expires_in\":300}", "{\"token\": \"…\",\"expires_in\":300}" },
	{ "{\"token\":\"a\\\"b\",\"x\":\"y\"}", "{\"token\":\"…\",\"x\":\"y\"}" },
	{ "{\"token\":\"never ends", "{\"token\":\"…" },
	{ "{\"token\":17}", "{\"token\":17}" },
	{ "{\"name\":\"library/golang\"}", "{\"name\":\"library/golang\"}" },
	{ "", "" },
};

static void secrets_are_removed(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(scrubs); i++) {
		g_autofree char *clean = record_scrub(scrubs[i].text);

		g_assert_cmpstr(clean, ==, scrubs[i].clean);
	}
}

static void an_exchange_is_saved_without_its_secrets(void)
{
	static const Page pages[] = { { "/a?token=s1",
					{ "200\nSet-Cookie: s2\nX-A: b\n\n{\"token\":\"s3\"}" } },
				      { NULL, { NULL } } };
	g_autoptr(Loopback) server = loopback_new(pages);
	g_autofree char *directory = g_dir_make_tmp(NULL, NULL), *text = NULL;
	HttpOptions options = { .record_directory = directory };
	g_autoptr(Http) http = http_new(&options, NULL, 0);
	g_autofree char *url = loopback_url(server, "/a?token=s1"), *path = NULL, *name = NULL;
	g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);
	g_autoptr(Secret) secret = secret_new("s4", 2);

	request->secret = secret;
	http_get(http, request, HTTP_NO_CACHE);
	g_assert_cmpint(request->status, ==, 200);
	name = g_strdup_printf("%d-000001.json", (int)getpid());
	path = g_build_filename(directory, name, NULL);
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	for (int i = 1; i <= 4; i++) {
		g_autofree char *one = g_strdup_printf("s%d", i);

		g_assert_null(strstr(text, one));
	}
	g_assert_nonnull(strstr(text, "\"status\":200"));
	g_assert_nonnull(strstr(text, "x-a: b"));
	g_unlink(path);
	g_rmdir(directory);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/record/secrets_are_removed", secrets_are_removed);
	g_test_add_func("/record/an_exchange_is_saved_without_its_secrets",
			an_exchange_is_saved_without_its_secrets);
	return g_test_run();
}
