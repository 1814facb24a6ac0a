/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/goversion.h"
#include "tables.h"

static void go_versions_have_the_order_of_the_table(void)
{
	g_autoptr(GPtrArray) rows = table_rows("goversions.tsv", 3);

	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		int order = *row[1] == '<' ? -1 : *row[1] == '>';

		g_test_message("%s %s %s", row[0], row[1], row[2]);
		g_assert_cmpint(goversion_compare(row[0], row[2]), ==, order);
		g_assert_cmpint(goversion_compare(row[2], row[0]), ==, -order);
	}
}

static void a_toolchain_name_holds_a_go_version(void)
{
	static const struct {
		const char *name, *version;
	} cases[] = {
		{ "go1.21.3", "1.21.3" },
		{ "go1.21", "1.21" },
		{ "go1.22rc1", "1.22rc1" },
		{ "go1.21.3-custom", "1.21.3" },
		{ "default", NULL },
		{ "local", NULL },
		{ "gox", NULL },
		{ "1.21", NULL },
		{ "go1.21.3-dev/x", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *version = goversion_of_toolchain(cases[i].name);

		g_assert_cmpstr(version, ==, cases[i].version);
	}
	g_assert_cmpint(goversion_compare_toolchains("go1.21.3-a", "go1.21.3"), ==, 0);
	g_assert_cmpint(goversion_compare_toolchains("default", "go1.1"), ==, -1);
}

static void the_pseudo_modules_have_their_own_order(void)
{
	g_assert_cmpint(goversion_compare_modules("go", "1.21", "1.21rc1"), ==, -1);
	g_assert_cmpint(goversion_compare_modules("toolchain", "go1.9", "go1.10"), ==, -1);
	g_assert_cmpint(goversion_compare_modules("example.com/a", "v1.9.0", "v1.10.0"), ==, -1);
}

static void a_go_line_has_two_numbers_at_least(void)
{
	static const struct {
		const char *text;
		bool is_line;
		const char *lax;
	} cases[] = {
		{ "1.21", true, "1.21" },    { "1.21.3", true, "1.21" },
		{ "1.22rc1", true, "1.22" }, { "1", false, NULL },
		{ "v1.20", false, "1.20" },  { "1.20-x", false, "1.20" },
		{ "1.020", false, NULL },    { "0.9", false, NULL },
		{ "1.21.", false, "1.21" },  { "1.21.03", false, "1.21" },
		{ "1.21rc", false, "1.21" }, { "1.21.3rc1", true, "1.21" },
		{ "go1.21", false, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *lax = goversion_lax_line(cases[i].text);

		g_test_message("%s", cases[i].text);
		g_assert_cmpint(goversion_is_line(cases[i].text), ==, cases[i].is_line);
		g_assert_cmpstr(lax, ==, cases[i].lax);
	}
}

static void a_language_version_begins_with_a_release(void)
{
	static const char *const cases[][2] = {
		{ "1.21", "1.21.0" },
		{ "1.21.3", "1.21.3" },
		{ "1.22rc1", "1.22rc1" },
		{ "1.999", "1.999.0" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *first = goversion_first_release(cases[i][0]);

		g_assert_cmpstr(first, ==, cases[i][1]);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/goversion/a_language_version_begins_with_a_release",
			a_language_version_begins_with_a_release);
	g_test_add_func("/gomod/goversion/have_the_order_of_the_table",
			go_versions_have_the_order_of_the_table);
	g_test_add_func("/gomod/goversion/toolchain_name_holds_a_go_version",
			a_toolchain_name_holds_a_go_version);
	g_test_add_func("/gomod/goversion/pseudo_modules_have_their_own_order",
			the_pseudo_modules_have_their_own_order);
	g_test_add_func("/gomod/goversion/go_line_has_two_numbers_at_least",
			a_go_line_has_two_numbers_at_least);
	return g_test_run();
}
