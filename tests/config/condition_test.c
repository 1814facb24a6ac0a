/* SPDX-License-Identifier: MIT */
#include "config/condition.h"
#include "upkeepd/fail.h"

#include <string.h>

#define HEAD  "version: 2\nupdates:\n"
#define ENTRY "  - package-ecosystem: docker\n    directory: /\n    schedule: { interval: daily }\n"
#define MINOR ">= 1.22.a, < 1.23"

/* `golang` is to be ignored by the first entry. `after` is what the file is then, or why it
 * stays. */
static const struct {
	const char *name, *range, *before, *after;
} rows[] = {
	{ "gets_the_key", MINOR, HEAD ENTRY,
	  HEAD ENTRY "    ignore:\n"
		     "      - dependency-name: golang\n"
		     "        versions: [\">= 1.22.a, < 1.23\"]\n" },
	{ "gets_the_key_for_all_versions", "", HEAD ENTRY,
	  HEAD ENTRY "    ignore:\n      - dependency-name: golang\n" },
	{ "keeps_what_follows_and_whose_comments", "",
	  HEAD ENTRY "    # the next one\n" ENTRY "    target-branch: develop # here\n",
	  HEAD ENTRY "    ignore:\n      - dependency-name: golang\n    # the next one\n" ENTRY
		     "    target-branch: develop # here\n" },
	{ "keeps_a_missing_line_end", "",
	  HEAD "  - directory: /\n    schedule:\n      interval: daily # often\n"
	       "    package-ecosystem: \"docker\"",
	  HEAD "  - directory: /\n    schedule:\n      interval: daily # often\n"
	       "    package-ecosystem: \"docker\"\n    ignore:\n"
	       "      - dependency-name: \"golang\"" },
	{ "keeps_line_ends", "",
	  "version: 2\r\nupdates:\r\n- package-ecosystem: 'docker'\r\n  directory: '/'\r\n"
	  "  schedule:\r\n    interval: daily\r\n",
	  "version: 2\r\nupdates:\r\n- package-ecosystem: 'docker'\r\n  directory: '/'\r\n"
	  "  schedule:\r\n    interval: daily\r\n  ignore:\r\n"
	  "  - dependency-name: 'golang'\r\n" },
	{ "adds_an_element", MINOR,
	  HEAD ENTRY "    ignore:\n"
		     "      # old\n"
		     "      - dependency-name: \"alpine\"\n"
		     "        # broken\n"
		     "        versions: [ \"3.x\" ] # for ever\n"
		     "\n"
		     "    labels: [ a ]\n",
	  HEAD ENTRY "    ignore:\n"
		     "      # old\n"
		     "      - dependency-name: \"alpine\"\n"
		     "        # broken\n"
		     "        versions: [ \"3.x\" ] # for ever\n"
		     "      - dependency-name: \"golang\"\n"
		     "        versions: [\">= 1.22.a, < 1.23\"]\n"
		     "\n"
		     "    labels: [ a ]\n" },
	{ "adds_an_element_as_wide_as_the_others", MINOR,
	  HEAD ENTRY "    ignore:\n    -   dependency-name: 'alpine'\n        versions:\n"
		     "        - '3.x'\n",
	  HEAD ENTRY "    ignore:\n    -   dependency-name: 'alpine'\n        versions:\n"
		     "        - '3.x'\n    -   dependency-name: 'golang'\n"
		     "        versions: ['>= 1.22.a, < 1.23']\n" },
	{ "adds_an_element_in_braces", MINOR,
	  HEAD ENTRY "    ignore:\n      - {dependency-name: alpine, update-types: "
		     "[\"version-update:semver-major\"]}\n",
	  HEAD ENTRY "    ignore:\n      - {dependency-name: alpine, update-types: "
		     "[\"version-update:semver-major\"]}\n"
		     "      - {dependency-name: golang, versions: [\">= 1.22.a, < 1.23\"]}\n" },
	{ "adds_to_a_flow_list", "",
	  HEAD ENTRY "    ignore: [{ dependency-name: \"alpine\" }, ] # all\n",
	  HEAD ENTRY "    ignore: [{ dependency-name: \"alpine\" }, { dependency-name: \"golang\" "
		     "}, ] # all\n" },
	{ "adds_to_an_empty_list", "", HEAD ENTRY "    ignore: []\n",
	  HEAD ENTRY "    ignore: [{dependency-name: golang}]\n" },
	{ "adds_one_version", MINOR,
	  HEAD ENTRY "    ignore:\n      - dependency-name: golang\n"
		     "        versions: ['1.20.x', '1.21.x']\n",
	  HEAD ENTRY "    ignore:\n      - dependency-name: golang\n"
		     "        versions: ['1.20.x', '1.21.x', '>= 1.22.a, < 1.23']\n" },
	{ "adds_one_version_on_its_line", MINOR,
	  HEAD ENTRY "    ignore:\n      - versions:\n          - \"1.20.x\" # bad\n"
		     "        dependency-name: golang\n      - dependency-name: alpine\n",
	  HEAD ENTRY "    ignore:\n      - versions:\n          - \"1.20.x\" # bad\n"
		     "          - \">= 1.22.a, < 1.23\"\n"
		     "        dependency-name: golang\n      - dependency-name: alpine\n" },
	{ "adds_no_version_to_update_types", MINOR,
	  HEAD ENTRY "    ignore:\n      - dependency-name: golang\n"
		     "        update-types: [\"version-update:semver-major\"]\n",
	  HEAD ENTRY "    ignore:\n      - dependency-name: golang\n"
		     "        update-types: [\"version-update:semver-major\"]\n"
		     "      - dependency-name: golang\n"
		     "        versions: [\">= 1.22.a, < 1.23\"]\n" },
	{ "adds_no_version_to_all_of_a_name", "",
	  HEAD ENTRY "    ignore:\n      - dependency-name: golang\n        versions: [\"1.x\"]\n",
	  HEAD ENTRY "    ignore:\n      - dependency-name: golang\n        versions: [\"1.x\"]\n"
		     "      - dependency-name: golang\n" },
	{ "adds_to_an_entry_in_braces", MINOR,
	  HEAD "  - { package-ecosystem: \"docker\", directory: \"/\", schedule: { interval: "
	       "daily } } # one\n",
	  HEAD "  - { package-ecosystem: \"docker\", directory: \"/\", schedule: { interval: "
	       "daily }, ignore: [{ dependency-name: \"golang\", versions: [\">= 1.22.a, < "
	       "1.23\"] }] } # one\n" },
	{ "adds_to_json", "",
	  "{\"version\":2,\"updates\":[{\"package-ecosystem\":\"docker\",\"directory\":\"/\","
	  "\"schedule\":{\"interval\":\"daily\"}}]}",
	  "{\"version\":2,\"updates\":[{\"package-ecosystem\":\"docker\",\"directory\":\"/\","
	  "\"schedule\":{\"interval\":\"daily\"}, \"ignore\": [{\"dependency-name\": "
	  "\"golang\"}]}]}" },
	{ "adds_behind_an_alias", "",
	  "version: 2\nx-often: &often { interval: daily }\nupdates:\n  - package-ecosystem: "
	  "docker\n    directory: /\n    schedule: *often # so\n",
	  "version: 2\nx-often: &often { interval: daily }\nupdates:\n  - package-ecosystem: "
	  "docker\n    directory: /\n    schedule: *often # so\n    ignore:\n"
	  "      - dependency-name: golang\n" },
	{ "has_it", MINOR,
	  HEAD ENTRY "    ignore: [{ dependency-name: golang, versions: \">= 1.22.a, < 1.23\" }]\n",
	  HEAD ENTRY
	  "    ignore: [{ dependency-name: golang, versions: \">= 1.22.a, < 1.23\" }]\n" },
	{ "has_more", MINOR, HEAD ENTRY "    ignore: [ dependency-name: golang ]\n",
	  HEAD ENTRY "    ignore: [ dependency-name: golang ]\n" },
	{ "shares_its_list", "",
	  HEAD ENTRY "    ignore: &all\n      - dependency-name: alpine\n" ENTRY
		     "    target-branch: develop\n    ignore: *all\n",
	  "its 'ignore' is not a list of its own" },
	{ "shares_a_list_that_is_anothers", "",
	  "version: 2\nx-all: &all [{ dependency-name: alpine }]\nupdates:\n" ENTRY
	  "    ignore: *all\n",
	  "its 'ignore' is not a list of its own" },
	{ "shares_its_element", MINOR,
	  HEAD ENTRY "    ignore:\n      - dependency-name: golang\n"
		     "        versions: &old [\"1.x\"]\n" ENTRY
		     "    target-branch: x\n    ignore:\n"
		     "      - { dependency-name: golang, versions: *old }\n",
	  HEAD ENTRY "    ignore:\n      - dependency-name: golang\n"
		     "        versions: &old [\"1.x\"]\n"
		     "      - dependency-name: golang\n"
		     "        versions: [\">= 1.22.a, < 1.23\"]\n" ENTRY
		     "    target-branch: x\n    ignore:\n"
		     "      - { dependency-name: golang, versions: *old }\n" },
	{ "is_shared_as_a_whole", "",
	  "version: 2\nupdates:\n  - &one\n    package-ecosystem: docker\n    directory: /\n"
	  "    schedule: { interval: daily }\n  - <<: *one\n    directory: /b\n",
	  "the entry is shared with others" },
};

static GArray *entries_of(int first, int second)
{
	GArray *entries = g_array_new(FALSE, FALSE, sizeof(int));

	g_array_append_val(entries, first);
	if (second >= 0)
		g_array_append_val(entries, second);
	return entries;
}

static char *write_to(const char *before, const GArray *entries, const char *name,
		      const char *range, GError **error)
{
	g_autoptr(GBytes) text = g_bytes_new(before, strlen(before));
	g_autoptr(GBytes) after = condition_write("x.yml", text, entries, name, range, error);
	gsize length = 0;
	const char *bytes = after == NULL ? NULL : g_bytes_get_data(after, &length);

	return after == NULL ? NULL : g_strndup(bytes, length);
}

static void is_written(gconstpointer data)
{
	const char *const *row = data;
	g_autoptr(GArray) entries = entries_of(0, -1);
	g_autoptr(GError) error = NULL;
	g_autofree char *after = write_to(row[2], entries, "golang", row[1], &error), *again = NULL;

	g_assert_cmpstr(after != NULL ? after : error->message, ==, row[3]);
	if (after == NULL) {
		g_assert_cmpint(failure_kind(error), ==, FAILURE_INPUT);
		return;
	}
	again = write_to(after, entries, "golang", row[1], &error);
	g_assert_cmpstr(again, ==, after);
}

static void several_entries_have_it(void)
{
	g_autoptr(GArray) entries = entries_of(0, 1);
	g_autofree char *after =
		write_to(HEAD ENTRY ENTRY
			 "    target-branch: develop\n    ignore: [{ dependency-name: a }]\n",
			 entries, "golang", "", NULL);

	g_assert_cmpstr(after, ==,
			HEAD ENTRY "    ignore:\n      - dependency-name: golang\n" ENTRY
				   "    target-branch: develop\n    ignore: [{ dependency-name: a "
				   "}, { dependency-name: golang }]\n");
}

static const struct {
	const char *name, *written;
} names[] = {
	{ "golang.org/x/net", "golang.org/x/net" },
	{ "quay.io/a_b/c", "quay.io/a_b/c" },
	{ "localhost:5000/a", "\"localhost:5000/a\"" },
	{ "null", "\"null\"" },
	{ "1.5", "\"1.5\"" },
	{ "a'b", NULL },
	{ "a\"b", NULL },
	{ "a\\b", NULL },
	{ "a\nb", NULL },
	{ "a*", NULL },
	{ "b\303\274", NULL },
	{ "", NULL },
};

static void names_are_quoted_where_they_must(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(GArray) entries = entries_of(0, -1);
		g_autofree char *after = write_to(HEAD ENTRY, entries, names[i].name, "", NULL);
		g_autofree char *expected =
			names[i].written == NULL
				? NULL
				: g_strdup_printf(HEAD ENTRY
						  "    ignore:\n      - dependency-name: %s\n",
						  names[i].written);

		g_assert_cmpstr(after, ==, expected);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strdup_printf("/condition/file/%s", rows[i].name);

		g_test_add_data_func(path, &rows[i], is_written);
	}
	g_test_add_func("/condition/several_entries_have_it", several_entries_have_it);
	g_test_add_func("/condition/names_are_quoted_where_they_must",
			names_are_quoted_where_they_must);
	return g_test_run();
}
