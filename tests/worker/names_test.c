/* SPDX-License-Identifier: MIT */
#include "worker/names.h"

#include <string.h>

static const struct {
	const char *text, *name, *tag, *version;
} splits[] = {
	{ "golang", "golang", NULL, NULL },
	{ "golang@1.22.4-alpine", "golang", NULL, "1.22.4-alpine" },
	{ "golang:1.22-alpine", "golang", "1.22-alpine", NULL },
	{ "golang:1.22-alpine@1.23-alpine", "golang", "1.22-alpine", "1.23-alpine" },
	{ "golang.org/x/net@v0.40.0", "golang.org/x/net", NULL, "v0.40.0" },
	{ "registry.example.org:5000/team/app", "registry.example.org:5000/team/app", NULL, NULL },
	{ "localhost:5000/app:1@2", "localhost:5000/app", "1", "2" },
};

static void a_name_is_taken_apart(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(splits); i++) {
		g_autoptr(Name) name = name_parse(splits[i].text);

		g_assert_cmpstr(name->name, ==, splits[i].name);
		g_assert_cmpstr(name->tag, ==, splits[i].tag);
		g_assert_cmpstr(name->version, ==, splits[i].version);
	}
}

static const struct {
	const char *called, *image; /* as a Dockerfile writes it */
	bool is_meant;
} meanings[] = {
	{ "golang", "golang:1.22", true },
	{ "library/golang", "golang:1.22", true },
	{ "docker.io/golang", "golang:1.22", true },
	{ "docker.io/library/golang", "golang:1.22", true },
	{ "golang:1.22", "golang:1.22", true },
	{ "golang:1.21", "golang:1.22", false },
	{ "golang", "docker.io/library/golang:1.22", true },
	{ "distroless/static", "gcr.io/distroless/static:nonroot", true },
	{ "gcr.io/distroless/static", "gcr.io/distroless/static:nonroot", true },
	{ "static", "gcr.io/distroless/static:nonroot", false },
	{ "go", "golang:1.22", false },
	{ "golang", "team/golang:1.22", false },
};

static void an_image_goes_by_several_names(void)
{
	const Ecosystem *docker = ecosystem_by_name("docker");

	for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++) {
		g_autoptr(Name) name = name_parse(meanings[i].called);
		g_autofree char *text = g_strdup_printf("FROM %s\n", meanings[i].image);
		g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
		g_autoptr(Manifest) manifest = manifest_new(docker, "Dockerfile", "/", bytes);

		g_assert_true(docker->parse(manifest, NULL));
		g_assert_cmpuint(manifest->dependencies->len, ==, 1);
		if (name_means(name, docker, manifest->dependencies->pdata[0]) !=
		    meanings[i].is_meant)
			g_test_message("%s, %s", meanings[i].called, meanings[i].image);
		g_assert_true(name_means(name, docker, manifest->dependencies->pdata[0]) ==
			      meanings[i].is_meant);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/worker/names/a_name_is_taken_apart", a_name_is_taken_apart);
	g_test_add_func("/worker/names/an_image_goes_by_several_names",
			an_image_goes_by_several_names);
	return g_test_run();
}
