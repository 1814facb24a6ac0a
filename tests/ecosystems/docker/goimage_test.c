/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/goimage.h"

#include <string.h>

static void a_tag_tells_the_version_of_go(void)
{
	static const struct {
		const char *tag, *version;
		bool is_line;
	} tags[] = {
		{ "1.22.4", "1.22.4", false },
		{ "1.22.4-alpine3.19", "1.22.4", false },
		{ "1.22", "1.22", true },
		{ "1.22-bookworm", "1.22", true },
		{ "1.23rc1-alpine", "1.23rc1", false },
		{ "1.23beta1", "1.23beta1", false },
		{ "1.21.11-7.1720406008", "1.21.11", false },
		{ "1", NULL, false }, /* the newest of all */
		{ "1-alpine", NULL, false },
		{ "latest", NULL, false },
		{ "alpine3.19", NULL, false },
		{ "9.8", NULL, false }, /* not Go's numbers */
		{ "1.22.4.1", NULL, false },
		{ "1.022", NULL, false },
		{ "1.22.04", NULL, false },
		{ "1.22alpine", NULL, false },
		{ "", NULL, false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
		bool is_line = false;
		g_autofree char *version = goimage_version(tags[i].tag, &is_line);

		g_test_message("%s", tags[i].tag);
		g_assert_cmpstr(version, ==, tags[i].version);
		if (version != NULL)
			g_assert_cmpint(is_line, ==, tags[i].is_line);
	}
}

static void images_of_go_are_known_in_any_registry(void)
{
	static const char *const are[] = { "golang", "library/golang", "mirror.example/x/golang",
					   "ubi9/go-toolset", "cimg/go" };
	static const char *const are_not[] = { "mygolang", "golang/tools", "go", "cimg/node", "" };

	for (size_t i = 0; i < G_N_ELEMENTS(are); i++)
		g_assert_true(goimage_is(are[i]));
	for (size_t i = 0; i < G_N_ELEMENTS(are_not); i++)
		g_assert_false(goimage_is(are_not[i]));
}

/* "line version[+] text" of each, '+' for a line of versions. */
static const struct {
	const char *path, *text, *found;
} files[] = {
	{ "Dockerfile", "FROM golang:1.22-alpine AS build\nRUN go build\nFROM scratch\n",
	  "1 1.22+ golang:1.22-alpine;" },
	{ "build/app.Dockerfile", "ARG GO=1.21.6\nFROM golang:${GO}\n", "2 1.21.6 golang:1.21.6;" },
	{ "Dockerfile", "ARG GO\nFROM golang:${GO}\n", "" },
	{ "Dockerfile",
	  "FROM golang:1.22@sha256:"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
	  "1 1.22.0 golang:1.22;" },
	{ "Dockerfile", "FROM alpine:3.19\nCOPY --from=golang:1.20 /usr/local/go /go\n", "" },
	{ "compose.yaml", "services:\n  test:\n    image: golang:1.21\n", "3 1.21+ golang:1.21;" },
	{ ".gitlab-ci.yml",
	  "image: golang:1.22\ntest:\n  image: { name: golang:1.21.6, entrypoint: [''] }\n",
	  "1 1.22+ golang:1.22;3 1.21.6 golang:1.21.6;" },
	{ ".github/workflows/x.yml",
	  "jobs:\n  a:\n    container: golang:1.22\n  b:\n    container: { image: golang:1.23 }\n",
	  "3 1.22+ golang:1.22;5 1.23+ golang:1.23;" },
	{ ".circleci/config.yml", "jobs:\n  a:\n    docker:\n      - image: cimg/go:1.22.4\n",
	  "4 1.22.4 cimg/go:1.22.4;" },
	{ ".gitlab-ci.yml", "image: [golang:1.22\n", "" },
	{ ".gitlab-ci.yml", "image: ${CI_IMAGE}\nservices: [redis]\n", "" },
	{ ".gitlab-ci.yml", "", "" },
};

static void files_say_what_builds(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(GPtrArray) builders = builders_new();
		g_autoptr(GString) found = g_string_new(NULL);
		GBytes *bytes = g_bytes_new_static(files[i].text, strlen(files[i].text));

		g_assert_true(goimage_tells(files[i].path));
		goimage_read(files[i].path, bytes, builders);
		for (guint k = 0; k < builders->len; k++) {
			const Builder *builder = g_ptr_array_index(builders, k);

			g_assert_cmpstr(builder->tool, ==, "go");
			g_string_append_printf(found, "%d %s%s %s;", builder->line,
					       builder->version, builder->is_line ? "+" : "",
					       builder->text);
		}
		g_assert_cmpstr(found->str, ==, files[i].found);
		g_bytes_unref(bytes);
	}
	g_assert_false(goimage_tells("deploy/web.yaml"));
	g_assert_false(goimage_tells("main.go"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/docker/goimage/a_tag_tells_the_version_of_go",
			a_tag_tells_the_version_of_go);
	g_test_add_func("/docker/goimage/images_of_go_are_known_in_any_registry",
			images_of_go_are_known_in_any_registry);
	g_test_add_func("/docker/goimage/files_say_what_builds", files_say_what_builds);
	return g_test_run();
}
