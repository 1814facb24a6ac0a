/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/latest.h"

#include <string.h>

/* Versions of one module; `!` behind one: it may not be taken; `*`: it has a go.mod
 * of its own. */
static const struct {
	const char *name, *versions, *latest;
} lists[] = {
	{ "a release before a higher pre-release", "v1.0.0* v1.1.0* v1.2.0-rc.1*", "v1.1.0" },
	{ "pre-releases only", "v1.0.0-rc.1* v1.0.0-rc.2*", "v1.0.0-rc.2" },
	{ "+incompatible while nothing has a go.mod",
	  "v1.0.0 v2.0.0+incompatible v3.1.0+incompatible", "v3.1.0+incompatible" },
	{ "+incompatible not behind a go.mod", "v1.0.0* v2.0.0+incompatible", "v1.0.0" },
	{ "+incompatible from the start", "v2.0.0+incompatible v2.1.0+incompatible",
	  "v2.1.0+incompatible" },
	{ "a compatible pre-release before +incompatible", "v1.0.0-rc.1* v2.0.0+incompatible",
	  "v1.0.0-rc.1" },
	{ "the go.mod of a version that may not be taken does not count",
	  "v1.0.0 v1.1.0*! v2.0.0+incompatible", "v2.0.0+incompatible" },
	{ "one that may not be taken", "v1.0.0* v1.1.0*!", "v1.0.0" },
	{ "several that may not", "v1.0.0* v1.1.0*! v1.2.0*! v1.3.0*!", "v1.0.0" },
	{ "none that may", "v1.0.0*! v1.1.0*!", NULL },
	{ "numbers by value", "v1.9.0* v1.10.0*", "v1.10.0" },
	{ "candidates by text", "v1.0.0-rc2* v1.0.0-rc10*", "v1.0.0-rc2" },
	{ "no order in the list", "v1.1.0* v1.0.0* v0.9.0*", "v1.1.0" },
	{ "untagged ones are passed over", "v0.1.0* v0.2.0-20240102030405-abcdefabcdef*",
	  "v0.1.0" },
	{ "what is no version", "v1.0.0* 2.0.0 x v1.0.0.0", "v1.0.0" },
	{ "nothing", "", NULL },
};

static bool has_mark(const char *versions, const char *version, char mark)
{
	g_auto(GStrv) words = g_strsplit(versions, " ", -1);
	size_t length = strlen(version);

	for (char **word = words; *word != NULL; word++)
		if (strncmp(*word, version, length) == 0 &&
		    strspn(*word + length, "!*") == strlen(*word + length))
			return strchr(*word + length, mark) != NULL;
	return false;
}

static bool allows(void *versions, const char *version)
{
	return !has_mark(versions, version, '!');
}

static bool has_gomod(void *versions, const char *version)
{
	return has_mark(versions, version, '*');
}

static void the_latest_is_chosen(const void *data)
{
	size_t i = (size_t)((const char *)data - (const char *)lists) / sizeof *lists;
	g_autofree char *plain = g_strdelimit(g_strdup(lists[i].versions), "!*", ' ');
	g_auto(GStrv) words = g_strsplit(plain, " ", -1);
	g_autoptr(GPtrArray) extra = g_ptr_array_new(), versions = NULL;
	LatestRules rules = { .allows = allows,
			      .has_gomod = has_gomod,
			      .data = (void *)lists[i].versions };

	for (char **word = words; *word != NULL; word++)
		g_ptr_array_add(extra, *word);
	versions = latest_versions(NULL, extra);
	g_assert_cmpstr(latest_choose(versions, &rules), ==, lists[i].latest);
}

static void the_newest_untagged_version_stands_in(void)
{
	GoListed listed[] = {
		{ (char *)"v0.0.0-20240102000000-aaaaaaaaaaaa", 0 },
		{ (char *)"v0.0.0-20200101000000-bbbbbbbbbbbb", 1900000000 },
		{ (char *)"v1.0.0", 2000000000 },
		{ (char *)"v0.0.0-20249999000000-cccccccccccc", 0 },
	};
	g_autoptr(GPtrArray) list = g_ptr_array_new();

	for (size_t i = 0; i < G_N_ELEMENTS(listed); i++)
		g_ptr_array_add(list, &listed[i]);
	g_assert_cmpstr(latest_untagged(list), ==, listed[1].version);
	g_ptr_array_remove_index(list, 1);
	g_assert_cmpstr(latest_untagged(list), ==, listed[0].version);
	g_ptr_array_remove_index(list, 0);
	g_assert_null(latest_untagged(list));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_autofree char *path = g_strconcat("/gomod/latest/", lists[i].name, NULL);

		g_test_add_data_func(path, &lists[i], the_latest_is_chosen);
	}
	g_test_add_func("/gomod/latest/the_newest_untagged_version_stands_in",
			the_newest_untagged_version_stands_in);
	return g_test_run();
}
