/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/reference.h"

#include <string.h>

#define HEX    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SHA256 "sha256:" HEX

/* docker.md 6.6 first; a NULL registry: refused. */
static const struct Reading {
	const char *text, *registry, *repository, *name, *tag, *digest;
} readings[] = {
	{ "golang", "docker.io", "library/golang", "golang", NULL, NULL },
	{ "golang:1.21", "docker.io", "library/golang", "golang", "1.21", NULL },
	{ "user/app", "docker.io", "user/app", "user/app", NULL, NULL },
	{ "docker.io/golang", "docker.io", "library/golang", "golang", NULL, NULL },
	{ "index.docker.io/user/app:1", "docker.io", "user/app", "user/app", "1", NULL },
	{ "localhost/app:1", "localhost", "app", "app", "1", NULL },
	{ "localhost:5000/a/b:1", "localhost:5000", "a/b", "a/b", "1", NULL },
	{ "reg:5000/a:1", "reg:5000", "a", "a", "1", NULL },
	{ "reg:5000", "docker.io", "library/reg", "reg", "5000", NULL },
	{ "Reg/a:1", "reg", "a", "a", "1", NULL },
	{ "[::1]:5000/a", "[::1]:5000", "a", "a", NULL, NULL },
	{ "ghcr.io/o/r/img@" SHA256, "ghcr.io", "o/r/img", "o/r/img", NULL, SHA256 },
	{ "a__b/c-d.e:1", "docker.io", "a__b/c-d.e", "a__b/c-d.e", "1", NULL },
	{ "a..b:1", NULL, NULL, NULL, NULL, NULL },
	{ "a/-b:1", NULL, NULL, NULL, NULL, NULL },
	{ "A/b/C:1", NULL, NULL, NULL, NULL, NULL },
	{ HEX, NULL, NULL, NULL, NULL, NULL },
	{ HEX ":1", "docker.io", "library/" HEX, HEX, "1", NULL },
	{ "library/golang:1", "docker.io", "library/golang", "library/golang", "1", NULL },
	{ "docker.io/library/golang", "docker.io", "library/golang", "library/golang", NULL, NULL },
	{ "a:1@" SHA256, "docker.io", "library/a", "a", "1", SHA256 },
	{ "a@sha512:" HEX HEX, "docker.io", "library/a", "a", NULL, "sha512:" HEX HEX },
	{ "a@x+y.z:" HEX, "docker.io", "library/a", "a", NULL, "x+y.z:" HEX },
	{ "a-----b", "docker.io", "library/a-----b", "a-----b", NULL, NULL },
	{ "a:_x.-", "docker.io", "library/a", "a", "_x.-", NULL },
	{ "registry.gitlab.com:443/a/b/c:2.0", "registry.gitlab.com:443", "a/b/c", "a/b/c", "2.0",
	  NULL },
	{ "", NULL, NULL, NULL, NULL, NULL },
	{ ":1", NULL, NULL, NULL, NULL, NULL },
	{ "a:", NULL, NULL, NULL, NULL, NULL },
	{ "a:.1", NULL, NULL, NULL, NULL, NULL },
	{ "a:1+2", NULL, NULL, NULL, NULL, NULL },
	{ "a:1:2", NULL, NULL, NULL, NULL, NULL },
	{ "a@", NULL, NULL, NULL, NULL, NULL },
	{ "a@sha256:abc", NULL, NULL, NULL, NULL, NULL },
	{ "a@sha512:" HEX, NULL, NULL, NULL, NULL, NULL },
	{ "a@1x:" HEX, NULL, NULL, NULL, NULL, NULL },
	{ "a@" SHA256 "@" SHA256, NULL, NULL, NULL, NULL, NULL },
	{ "a/", NULL, NULL, NULL, NULL, NULL },
	{ "/a", NULL, NULL, NULL, NULL, NULL },
	{ "a//b", NULL, NULL, NULL, NULL, NULL },
	{ "a___b", NULL, NULL, NULL, NULL, NULL },
	{ "a.", NULL, NULL, NULL, NULL, NULL },
	{ "-a.b/c", NULL, NULL, NULL, NULL, NULL },
	{ "a.b:/c", NULL, NULL, NULL, NULL, NULL },
	{ "a.b:x/c", NULL, NULL, NULL, NULL, NULL },
	{ "[::1/c", NULL, NULL, NULL, NULL, NULL },
	{ "[]/c", NULL, NULL, NULL, NULL, NULL },
	{ "oci-layout://x", NULL, NULL, NULL, NULL, NULL },
	{ "golang:1.21 ", NULL, NULL, NULL, NULL, NULL },
};

static void a_reference_is_taken_apart(gconstpointer data)
{
	const struct Reading *row = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(Reference) reference = reference_parse(row->text, &error);

	if (row->registry == NULL) {
		g_assert_null(reference);
		g_assert_error(error, FAILURE, FAILURE_INPUT);
		return;
	}
	g_assert_no_error(error);
	g_assert_cmpstr(reference->registry, ==, row->registry);
	g_assert_cmpstr(reference->repository, ==, row->repository);
	g_assert_cmpstr(reference->name, ==, row->name);
	g_assert_cmpstr(reference->tag, ==, row->tag);
	g_assert_cmpstr(reference->digest, ==, row->digest);
}

static void parts_are_where_they_are_said_to_be(void)
{
	const char *text = "localhost:5000/a:1.2@" SHA256;
	g_autoptr(Reference) reference = reference_parse(text, NULL);

	g_assert_cmpuint(reference->name_end, ==, strlen("localhost:5000/a"));
	g_assert_cmpint(strncmp(text + reference->tag_span.from, "1.2@", 4), ==, 0);
	g_assert_cmpuint(span_length(reference->tag_span), ==, 3);
	g_assert_cmpstr(text + reference->digest_span.from, ==, SHA256);
	g_assert_cmpuint(reference->digest_span.to, ==, strlen(text));
}

static void lengths_are_bounded(void)
{
	g_autofree char *tag = g_strnfill(128, 'x'), *name = g_strnfill(237, 'a');
	g_autofree char *longest_tag = g_strconcat("x:", tag, NULL);
	g_autofree char *long_tag = g_strconcat("x:", tag, "x", NULL);
	g_autofree char *long_name = g_strconcat(name, "a", NULL);
	g_autoptr(Reference) with_tag = reference_parse(longest_tag, NULL);
	g_autoptr(Reference) with_name = reference_parse(name, NULL);

	g_assert_nonnull(with_tag);
	g_assert_null(reference_parse(long_tag, NULL));
	g_assert_nonnull(with_name); /* docker.io/library/ has 18 */
	g_assert_null(reference_parse(long_name, NULL));
}

static const struct Key {
	const char *text, *key;
} keys[] = {
	{ "golang:1.21", "docker.io/library/golang" },
	{ "index.docker.io/library/golang", "docker.io/library/golang" },
	{ "registry-1.docker.io/library/golang", "docker.io/library/golang" },
	{ "registry.hub.docker.com/golang", "docker.io/library/golang" },
	{ "amd64/golang", "docker.io/amd64/golang" },
	{ "Reg.example.com:443/a", "reg.example.com/a" },
	{ "reg.example.com:5000/a", "reg.example.com:5000/a" },
};

static void a_key_is_one_for_all_spellings(gconstpointer data)
{
	const struct Key *row = data;
	g_autoptr(Reference) reference = reference_parse(row->text, NULL);
	g_autofree char *key = reference_key(reference);

	g_assert_cmpstr(key, ==, row->key);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(readings); i++) {
		g_autofree char *path =
			g_strdup_printf("/reference/a_reference_is_taken_apart/%zu", i);

		g_test_add_data_func(path, &readings[i], a_reference_is_taken_apart);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *path =
			g_strdup_printf("/reference/a_key_is_one_for_all_spellings/%zu", i);

		g_test_add_data_func(path, &keys[i], a_key_is_one_for_all_spellings);
	}
	g_test_add_func("/reference/parts_are_where_they_are_said_to_be",
			parts_are_where_they_are_said_to_be);
	g_test_add_func("/reference/lengths_are_bounded", lengths_are_bounded);
	return g_test_run();
}
