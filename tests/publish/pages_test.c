/* SPDX-License-Identifier: MIT */
#include "publish/pages.h"

#include <glib.h>

#define PAGE "https://git.example.org/a/b"
#define ID   "0123456789012345678901234567890123456789"

static const struct {
	const char *forge, *compare, *releases, *commit, *file;
} forges[] = {
	{ "github", PAGE "/compare/v1.0.0...v1.1.0", PAGE "/releases", PAGE "/commit/" ID,
	  PAGE "/blob/main/docs/CHANGELOG.md" },
	{ "gitlab", PAGE "/-/compare/v1.0.0...v1.1.0", PAGE "/-/releases", PAGE "/-/commit/" ID,
	  PAGE "/-/blob/main/docs/CHANGELOG.md" },
	{ "gitea", PAGE "/compare/v1.0.0...v1.1.0", PAGE "/releases", PAGE "/commit/" ID,
	  PAGE "/src/branch/main/docs/CHANGELOG.md" },
	{ "forgejo", PAGE "/compare/v1.0.0...v1.1.0", PAGE "/releases", PAGE "/commit/" ID,
	  PAGE "/src/branch/main/docs/CHANGELOG.md" },
	{ "plain", NULL, NULL, NULL, NULL },
};

static void each_forge_has_its_pages(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(forges); i++) {
		const char *forge = forges[i].forge;
		g_autofree char *compare = page_compare(forge, PAGE, "v1.0.0", "v1.1.0");
		g_autofree char *releases = page_releases(forge, PAGE);
		g_autofree char *commit = page_commit(forge, PAGE, ID);
		g_autofree char *file = page_file(forge, PAGE, "main", "docs/CHANGELOG.md");

		g_assert_cmpstr(compare, ==, forges[i].compare);
		g_assert_cmpstr(releases, ==, forges[i].releases);
		g_assert_cmpstr(commit, ==, forges[i].commit);
		g_assert_cmpstr(file, ==, forges[i].file);
	}
}

static void what_cannot_stand_in_a_link_makes_none(void)
{
	g_assert_null(page_compare("github", PAGE, NULL, "v1"));
	g_assert_null(page_compare("github", PAGE, "v1", NULL));
	g_assert_null(page_compare("github", PAGE, "v1", "v2)x"));
	g_assert_null(page_commit("github", PAGE, "a b"));
	g_assert_null(page_file("github", PAGE, "main", "../x"));
	g_assert_null(page_file("github", PAGE, "main", "a)b"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pages/each_forge_has_its_pages", each_forge_has_its_pages);
	g_test_add_func("/pages/what_cannot_stand_in_a_link_makes_none",
			what_cannot_stand_in_a_link_makes_none);
	return g_test_run();
}
