/* SPDX-License-Identifier: MIT */
#include "config/dependabot.h"
#include "worker/discover.h"

#include <string.h>

/* So many that a look at each pair would be noticed. */
#define FOLDERS 2000

static void add_entry(GString *text, const char *ecosystem, int folder)
{
	g_string_append_printf(text,
			       "  - package-ecosystem: %s\n    directory: /%04d\n"
			       "    schedule: { interval: daily }\n",
			       ecosystem, folder);
}

static bool nothing_to_fetch(Source *source G_GNUC_UNUSED, const GPtrArray *paths G_GNUC_UNUSED,
			     GError **error G_GNUC_UNUSED)
{
	return true;
}

static GBytes *read_nothing(Source *source G_GNUC_UNUSED, const char *path G_GNUC_UNUSED,
			    size_t max_bytes G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
	return g_bytes_new_static("", 0);
}

/* The even folders are of both ecosystems. */
static void what_two_claim_is_that_ones_to_which_the_other_yields(void)
{
	g_autoptr(GString) text = g_string_new("version: 2\nupdates:\n");
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free), manifests = NULL;
	Source source = { .paths = paths, .want = nothing_to_fetch, .read = read_nothing };
	g_autoptr(RulesFile) rules = NULL;
	g_autoptr(GBytes) bytes = NULL;

	for (int i = 0; i < FOLDERS; i++) {
		add_entry(text, "docker", i);
		if (i % 2 == 0)
			add_entry(text, "docker-compose", i);
	}
	for (int i = 0; i < 4; i++)
		g_ptr_array_add(paths, g_strdup_printf("%04d/docker-compose.yml", i));
	bytes = g_bytes_new(text->str, text->len);
	rules = rules_parse("dependabot.yml", bytes);
	g_assert_cmpuint(problems_errors(rules->problems), ==, 0);
	manifests = discover_manifests(&source, rules, "", NULL, NULL, NULL);
	g_assert_nonnull(manifests);
	g_assert_cmpuint(manifests->len, ==, 4);
	for (guint i = 0; i < manifests->len; i++) {
		const Manifest *manifest = manifests->pdata[i];

		g_assert_cmpstr(manifest->path, ==, paths->pdata[i]);
		g_assert_cmpstr(manifest->ecosystem->name, ==,
				i % 2 == 0 ? "docker-compose" : "docker");
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/worker/discover/what_two_claim_is_that_ones_to_which_the_other_yields",
			what_two_claim_is_that_ones_to_which_the_other_yields);
	return g_test_run();
}
