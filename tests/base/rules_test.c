/* SPDX-License-Identifier: MIT */
#include "upkeepd/rules.h"

static const struct {
	const char *written, *normal;
} directories[] = {
	{ "/", "/" },
	{ "", "/" },
	{ ".", "/" },
	{ "./", "/" },
	{ "cmd/a", "/cmd/a" },
	{ "/cmd/a/", "/cmd/a" },
	{ "//cmd//a", "/cmd/a" },
	{ "/cmd/./a/../b", "/cmd/b" },
	{ "/../..", "/" },
	{ "../a", "/a" },
	{ "/.hid", "/.hid" },
};

static void a_directory_has_one_form(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(directories); i++) {
		g_autofree char *normal = directory_normal(directories[i].written);

		g_assert_cmpstr(normal, ==, directories[i].normal);
	}
}

static void braces_alone_are_no_glob(void)
{
	g_assert_true(directory_is_glob("/a/*"));
	g_assert_true(directory_is_glob("/a?"));
	g_assert_true(directory_is_glob("/[ab]"));
	g_assert_false(directory_is_glob("/[ab"));
	g_assert_false(directory_is_glob("/{a,b}"));
}

static void new_rules_have_the_defaults_of_the_format(void)
{
	g_autoptr(Rules) rules = rules_new();

	g_assert_cmpint(rules->open_pull_requests_limit, ==, 5);
	g_assert_cmpint(rules->cooldown.default_days, ==, 3);
	g_assert_cmpstr(rules->schedule.timezone, ==, "UTC");
	g_assert_cmpint(rules->branch_name.separator, ==, '/');
	g_assert_cmpint(rules->settle_hours, ==, 24);
	g_assert_null(rules->labels);
	g_assert_true(rules->is_usable);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/base/rules/a_directory_has_one_form", a_directory_has_one_form);
	g_test_add_func("/base/rules/braces_alone_are_no_glob", braces_alone_are_no_glob);
	g_test_add_func("/base/rules/new_rules_have_the_defaults_of_the_format",
			new_rules_have_the_defaults_of_the_format);
	return g_test_run();
}
