/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/labels.h"

#include <string.h>

#define SOURCE   "\"org.opencontainers.image.source\":"
#define REVISION "\"org.opencontainers.image.revision\":"
#define VERSION  "\"org.opencontainers.image.version\":"
#define COMMIT   "0123456789abcdef0123456789abcdef01234567"
#define HEX      "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
	const char *labels; /* members of the object */
	const char *page, *revision, *version;
} rows[] = {
	{ SOURCE "\"https://github.com/a/b\"," REVISION "\"" COMMIT "\"," VERSION "\"v1.2.3\"",
	  "https://github.com/a/b", COMMIT, "1.2.3" },
	{ SOURCE "\"https://github.com/docker-library/golang.git#" COMMIT ":1.26/alpine3.23\"",
	  "https://github.com/docker-library/golang", COMMIT, NULL },
	{ "\"org.label-schema.vcs-url\":\"git@github.com:a/b.git\","
	  "\"org.label-schema.vcs-ref\":\"0123456\"",
	  "https://github.com/a/b", "0123456", NULL },
	{ "\"org.opencontainers.image.url\":\"https://github.com/a/b\"", "https://github.com/a/b",
	  NULL, NULL },
	{ SOURCE
	  "\"https://github.com/a/b\",\"org.opencontainers.image.url\":\"https://x.org/c/d\"",
	  "https://github.com/a/b", NULL, NULL },
	{ SOURCE "\"javascript:alert(1)\"," REVISION "\"main\"," VERSION "\"edge\"", NULL, NULL,
	  NULL },
	{ SOURCE "7", NULL, NULL, NULL },
	{ "", NULL, NULL, NULL },
};

static void labels_name_the_source(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *config =
			g_strdup_printf("{\"config\":{\"Labels\":{%s}}}", rows[i].labels);
		g_autofree char *manifest =
			g_strdup_printf("{\"annotations\":{%s}}", rows[i].labels);
		g_auto(Labels) by_config = { 0 }, by_manifest = { 0 };
		g_auto(Further) further = { 0 };

		g_test_message("%s", rows[i].labels);
		g_assert_true(labels_of_config(&by_config, config, strlen(config), NULL));
		g_assert_cmpstr(by_config.page, ==, rows[i].page);
		g_assert_cmpstr(by_config.revision, ==, rows[i].revision);
		g_assert_cmpstr(by_config.version, ==, rows[i].version);
		g_assert_true(labels_of_manifest(&by_manifest, manifest, strlen(manifest), &further,
						 NULL));
		g_assert_cmpstr(by_manifest.page, ==, rows[i].page);
	}
}

static void an_index_names_who_speaks_for_it(void)
{
	static const char index[] =
		"{\"manifests\":[{\"digest\":\"sha256:1\",\"platform\":{\"os\":\"unknown\"}},"
		"{\"digest\":\"sha256:" HEX "\",\"platform\":{\"os\":\"linux\",\"architecture\":"
		"\"amd64\"},\"annotations\":{" SOURCE "\"https://github.com/a/b\"}}]}";
	static const char manifest[] = "{\"config\":{\"digest\":\"sha256:" HEX "\"}}";
	g_auto(Labels) labels = { 0 };
	g_auto(Further) of_index = { 0 }, of_manifest = { 0 };
	g_autoptr(GError) error = NULL;

	g_assert_true(labels_of_manifest(&labels, index, strlen(index), &of_index, NULL));
	g_assert_cmpstr(of_index.manifest, ==, "sha256:" HEX);
	g_assert_null(of_index.config);
	g_assert_cmpstr(labels.page, ==, "https://github.com/a/b");
	g_assert_true(labels_of_manifest(&labels, manifest, strlen(manifest), &of_manifest, NULL));
	g_assert_cmpstr(of_manifest.config, ==, "sha256:" HEX);
	g_assert_null(of_manifest.manifest);
	g_assert_false(labels_of_manifest(&labels, "<html>", 6, &of_manifest, &error));
	g_assert_error(error, FAILURE, FAILURE_NET);
}

static const struct {
	const char *text, *page;
} descriptions[] = {
	{ "-\t**Where to file issues**:  \n\t[https://github.com/docker-library/golang/issues]"
	  "(https://github.com/docker-library/golang/issues?q=)",
	  "https://github.com/docker-library/golang" },
	{ "See https://example.org and <https://github.com/a/b/issues>.",
	  "https://github.com/a/b" },
	{ "https://github.com/a/b", NULL },
	{ "https://github.com/a/b/issues-old", NULL },
	{ "https://github.com/issues", NULL },
	{ "", NULL },
};

static void a_description_sends_people_with_issues_somewhere(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(descriptions); i++) {
		g_autofree char *page = labels_of_description(descriptions[i].text);

		g_assert_cmpstr(page, ==, descriptions[i].page);
	}
}

static const struct {
	const char *tag, *version;
} tags[] = {
	{ "1.22.4-alpine", "1.22.4" }, { "v1.2.3", "1.2.3" }, { "17.5", "17.5" }, { "1.2.", "1.2" },
	{ "nonroot", NULL },           { "v", NULL },         { ".1", NULL },     { "", NULL },
};

static void a_tag_has_the_numbers_of_its_release(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
		g_autofree char *version = labels_version_of_tag(tags[i].tag);

		g_assert_cmpstr(version, ==, tags[i].version);
	}
	g_assert_null(labels_version_of_tag(NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/docker/labels/labels_name_the_source", labels_name_the_source);
	g_test_add_func("/docker/labels/an_index_names_who_speaks_for_it",
			an_index_names_who_speaks_for_it);
	g_test_add_func("/docker/labels/a_description_sends_people_with_issues_somewhere",
			a_description_sends_people_with_issues_somewhere);
	g_test_add_func("/docker/labels/a_tag_has_the_numbers_of_its_release",
			a_tag_has_the_numbers_of_its_release);
	return g_test_run();
}
