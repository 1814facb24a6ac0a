/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modquery.h"

#include <glib.h>

static const struct {
	const char *text;
	ModQueryKind kind;
} kinds[] = {
	{ "latest", MODQUERY_LATEST }, { "upgrade", MODQUERY_UPGRADE },
	{ "patch", MODQUERY_PATCH },   { "v1", MODQUERY_PREFIX },
	{ "v1.2", MODQUERY_PREFIX },   { "<v1.2.3", MODQUERY_BELOW },
	{ "<=v1.2", MODQUERY_BELOW },  { ">v1.2.3-rc.1", MODQUERY_ABOVE },
	{ ">=v1", MODQUERY_ABOVE },    { "v1.2.3", MODQUERY_NONE },
	{ "v1.2.3+x", MODQUERY_NONE }, { "v01", MODQUERY_NONE },
	{ "v1.", MODQUERY_NONE },      { "v1-rc", MODQUERY_NONE },
	{ "<1.2.3", MODQUERY_NONE },   { "<", MODQUERY_NONE },
	{ "=v1.2.3", MODQUERY_NONE },  { "> v1.2.3", MODQUERY_NONE },
	{ "<<v1.2.3", MODQUERY_NONE }, { "main", MODQUERY_NONE },
	{ "Latest", MODQUERY_NONE },   { "", MODQUERY_NONE },
};

static void a_query_is_told_from_versions_and_branches(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_test_message("'%s'", kinds[i].text);
		g_assert_cmpint(modquery_kind(kinds[i].text), ==, kinds[i].kind);
	}
}

static const struct {
	const char *text, *current, *version;
	bool is_admitted;
} versions[] = {
	{ "latest", NULL, "v0.1.0-rc.1", true },
	{ "v1", NULL, "v1.9.0", true },
	{ "v1", NULL, "v10.0.0", false },
	{ "v1", NULL, "v1.0.0-rc.1", false },
	{ "v1.2", NULL, "v1.2.1-rc.1", true },
	{ "v1.2", NULL, "v1.2.0-rc.1", false },
	{ "v1.2", NULL, "v1.20.0", false },
	{ "<v1.2.0", NULL, "v1.2.0-rc.1", true },
	{ "<v1.2.0", NULL, "v1.2.0", false },
	{ "<=v1.2.0", NULL, "v1.2.0", true },
	{ "<=v1.2.0", NULL, "v1.2.1", false },
	{ ">v1.2", NULL, "v1.2.0", false },
	{ ">v1.2", NULL, "v1.2.1", true },
	{ ">=v1.2", NULL, "v1.2.0", true },
	{ "upgrade", "v1.2.0", "v1.1.9", false },
	{ "upgrade", "v1.2.0", "v2.0.0+incompatible", true },
	{ "patch", "v1.2.3", "v1.2.2", false },
	{ "patch", "v1.2.3", "v1.2.10", true },
	{ "patch", "v1.2.3", "v1.3.0", false },
};

static void a_version_is_admitted_or_not(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
		g_test_message("'%s' of %s", versions[i].text, versions[i].version);
		g_assert_cmpint(
			modquery_admits(versions[i].text, versions[i].current, versions[i].version),
			==, versions[i].is_admitted);
	}
}

static void a_major_version_that_the_path_has_not_is_incompatible(void)
{
	g_assert_true(modquery_wants_incompatible("v2", "e.c/a", "v1.0.0"));
	g_assert_false(modquery_wants_incompatible("v2", "e.c/a/v2", "v2.0.0"));
	g_assert_false(modquery_wants_incompatible("v1", "e.c/a", "v2.0.0+incompatible"));
	g_assert_true(modquery_wants_incompatible("upgrade", "e.c/a", "v2.0.0+incompatible"));
	g_assert_true(modquery_wants_incompatible("<v3.0.0+incompatible", "e.c/a", "v1.0.0"));
	g_assert_false(modquery_wants_incompatible("latest", "e.c/a", "v2.0.0+incompatible"));
}

static void a_commit_stands_in_for_tags_only_where_it_did_before(void)
{
	static const char pseudo[] = "v0.0.0-20240102030405-abcdefabcdef";

	g_assert_true(modquery_takes_untagged("latest", "v1.0.0"));
	g_assert_true(modquery_takes_untagged("patch", pseudo));
	g_assert_false(modquery_takes_untagged("upgrade", "v1.0.0"));
	g_assert_false(modquery_takes_untagged("v0", pseudo));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/modquery/a_query_is_told_from_versions_and_branches",
			a_query_is_told_from_versions_and_branches);
	g_test_add_func("/gomod/modquery/a_version_is_admitted_or_not",
			a_version_is_admitted_or_not);
	g_test_add_func("/gomod/modquery/a_major_version_that_the_path_has_not_is_incompatible",
			a_major_version_that_the_path_has_not_is_incompatible);
	g_test_add_func("/gomod/modquery/a_commit_stands_in_for_tags_only_where_it_did_before",
			a_commit_stands_in_for_tags_only_where_it_did_before);
	return g_test_run();
}
