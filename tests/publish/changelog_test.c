/* SPDX-License-Identifier: MIT */
#include "publish/changelog.h"

#include <string.h>

static const struct {
	const char *name;
	int64_t bytes;
	int rank;
} names[] = {
	{ "CHANGELOG.md", 1000, 0 },  { "changelog", 1000, 0 },   { "NEWS", 1000, 1 },
	{ "Changes.txt", 1000, 2 },   { "HISTORY.rst", 1000, 3 }, { "release-notes.md", 1000, 4 },
	{ "WhatsNew.md", 1000, 5 },   { "README.md", 1000, -1 },  { "changelog.sh", 1000, -1 },
	{ "CHANGES.JSON", 1000, -1 }, { "CHANGELOG.md", 99, -1 }, { "CHANGELOG.md", 1000001, -1 },
	{ "my-changelog", 1000, -1 }, { "", 1000, -1 },
};

static void a_log_is_known_by_its_name(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_test_message("%s", names[i].name);
		g_assert_cmpint(changelog_rank(names[i].name, names[i].bytes), ==, names[i].rank);
	}
	g_assert_true(changelog_is_guide("UPGRADE.md", 1000));
	g_assert_false(changelog_is_guide("UPGRADE.rst", 1000));
	g_assert_true(changelog_is_folder("Documentation"));
	g_assert_false(changelog_is_folder("src"));
}

#define KEPT                                                                                    \
	"# Changelog\n\nAll of it.\n\n## [Unreleased]\n- x\n\n## [1.3.0] - 2024-03-01\n- c\n\n" \
	"## [1.2.0] - 2024-02-01\n- b, fixes 1.1.0\n\n## [1.1.0] - 2024-01-01\n- a\n"

#define FIFTY "0123456789 123456789 123456789 123456789 12345678 "
#define LONG  FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY FIFTY "end"

static const struct {
	const char *text, *from, *to, *cut;
} cuts[] = {
	{ KEPT, "1.1.0", "1.3.0",
	  "## [1.3.0] - 2024-03-01\n- c\n\n## [1.2.0] - 2024-02-01\n- b, fixes 1.1.0" },
	{ KEPT, "1.1.0", "1.2.0", "## [1.2.0] - 2024-02-01\n- b, fixes 1.1.0" },
	/* One of the two is missing, both are. */
	{ KEPT, NULL, "1.1.0", "## [1.1.0] - 2024-01-01\n- a" },
	{ KEPT, "1.0.0", "1.1.0", "## [1.1.0] - 2024-01-01\n- a" },
	{ KEPT, "1.3.0", "1.4.0", "# Changelog\n\nAll of it.\n\n## [Unreleased]\n- x" },
	{ KEPT, "2.0.0", "2.1.0", NULL },
	{ KEPT, NULL, NULL, NULL },
	{ KEPT, "", "", NULL },
	/* Lines are as long as they are. */
	{ "v1.2.0\n" LONG "\nv1.1.0\na\n", "1.1.0", "1.2.0", "v1.2.0\n" LONG },
	/* What a heading looks like. */
	{ "v1.2.0\nb\nv1.1.0\na\n", "1.1.0", "1.2.0", "v1.2.0\nb" },
	{ "1.2.0\n=====\nb\n1.1.0\n=====\na\n", "1.1.0", "1.2.0", "1.2.0\n=====\nb" },
	{ "Release 1.2.0\n---\nb\nRelease 1.1.0\n---\na\n", "1.1.0", "1.2.0",
	  "Release 1.2.0\n---\nb" },
	{ "* 1.2.0\nb\n* 1.1.0\na\n", "1.1.0", "1.2.0", "* 1.2.0\nb" },
	{ "- Version 1.2.0\nb\n- Version 1.1.0\n", "1.1.0", "1.2.0", "- Version 1.2.0\nb" },
	{ "2024-02-01 x 1.2.0\nb\n2024-01-01 x 1.1.0\n", "1.1.0", "1.2.0",
	  "2024-02-01 x 1.2.0\nb" },
	{ "== 1.2.0\nb\n== 1.1.0\n", "1.1.0", "1.2.0", "== 1.2.0\nb" },
	{ "see 1.2.0\n# 1.2.0\nb\n# 1.1.0\n", "1.1.0", "1.2.0", "# 1.2.0\nb" },
	{ "## 1.2.0\r\nb\r\n## 1.1.0\r\na\r\n", "1.1.0", "1.2.0", "## 1.2.0\r\nb" },
	/* Another version's name holds it. */
	{ "# 1.2.0-rc.1\nr\n# 1.2.0\nb\n# 1.1.0\n", "1.1.0", "1.2.0", "# 1.2.0\nb" },
	{ "# 11.2.0\nr\n# 1.2.0.1\nq\n# 1.2.0\nb\n", "1.1.0", "1.2.0", "# 1.2.0\nb" },
	/* Running upwards: without the old one's own part. */
	{ "# 1.0.0\nz\n# 1.1.0\na\n# 1.2.0\nb\n", "1.0.0", "1.2.0", "# 1.1.0\na\n# 1.2.0\nb" },
	{ "1.0.0\n---\nz\n1.1.0\n---\na\n", "1.0.0", "1.1.0", "1.1.0\n---\na" },
	/* Nothing but the headings. */
	{ "# 1.2.0", NULL, "1.2.0", "# 1.2.0" },
	{ "# 1.1.0\n", "1.1.0", NULL, NULL },
	{ "", "1.1.0", "1.2.0", NULL },
};

static void a_log_is_cut_to_the_range(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cuts); i++) {
		g_autofree char *cut = changelog_cut(cuts[i].text, cuts[i].from, cuts[i].to);

		g_test_message("%s to %s of %s", cuts[i].from, cuts[i].to, cuts[i].text);
		g_assert_cmpstr(cut, ==, cuts[i].cut);
	}
}

static void a_hostile_log_costs_little(void)
{
	g_autofree char *wide = g_strnfill(1000000, '1');
	g_autofree char *rows = g_strnfill(1000000, '\n');
	g_autofree char *cut = changelog_cut(wide, "1.1", "1111111111111111"), *none = NULL;

	none = changelog_cut(rows, "1.1.0", "1.2.0");
	g_assert_null(none);
	g_assert_true(cut == NULL || strlen(cut) <= 1000);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/changelog/a_log_is_known_by_its_name", a_log_is_known_by_its_name);
	g_test_add_func("/changelog/a_log_is_cut_to_the_range", a_log_is_cut_to_the_range);
	g_test_add_func("/changelog/a_hostile_log_costs_little", a_hostile_log_costs_little);
	return g_test_run();
}
