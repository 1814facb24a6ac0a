/* SPDX-License-Identifier: MIT */
#include "publish/amendment.h"
#include "publish/identity.h"

#include <string.h>

static const struct {
	const char *range, *versions;
} ranges[] = {
	{ "", "all" },
	{ ">= 1.22.a, < 1.23", "1.22.x" },
	{ ">= 17.a, < 18", "17.x" },
	{ "= 1.22.4", "1.22.4" },
	{ "= x", "(digits)" },
	{ "> 2.0.0", "(digits)" },
};

static void a_range_is_one_word(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++) {
		g_autofree char *versions = amendment_versions(ranges[i].range);

		if (strcmp(ranges[i].versions, "(digits)") == 0)
			g_assert_cmpuint(strspn(versions, "0123456789abcdef"), ==, 8);
		else
			g_assert_cmpstr(versions, ==, ranges[i].versions);
	}
}

static Plan *plan_of(const Rules *rules, const char *name, const char *range, const char *places)
{
	Plan *plan = plan_new(rules);
	g_autoptr(GBytes) before = g_bytes_new_static("a\n", 2),
			  after = g_bytes_new_static("b\n", 2);

	plan->amendment = g_new0(Amendment, 1);
	plan->amendment->ecosystem = g_strdup("docker");
	plan->amendment->name = g_strdup(name);
	plan->amendment->range = g_strdup(range);
	plan->amendment->places = g_strdup(places);
	plan->amendment->author = g_strdup("alice");
	plan->amendment->said_on = g_strdup("#7");
	g_ptr_array_add(plan->changes, file_change_new(".github/dependabot.yml", before, after));
	return plan;
}

static const struct {
	const char *name, *range, *places, *prefix, *branch, *title;
} rows[] = {
	{ "golang", "", "main\n/", "upkeepd", "upkeepd/docker/ignore-golang-all", "Ignore golang" },
	{ "golang", ">= 1.22.a, < 1.23", "main\n/", "dependabot",
	  "dependabot/docker/ignore-golang-1.22.x", "Ignore golang 1.22.x" },
	{ "acme/app", "= 1.2.3", "main\n/build\n/x", "upkeepd",
	  "upkeepd/docker/build/ignore-acme/app-1.2.3", "Ignore acme/app 1.2.3 in /build" },
};

static void its_words_are_those_of_its_entry(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Rules) rules = rules_new();
		g_autoptr(Plan) plan = plan_of(rules, rows[i].name, rows[i].range, rows[i].places);
		g_autoptr(GPtrArray) history = g_ptr_array_new();
		Wording wording = { .prefix = rows[i].prefix,
				    .author_name = "bot",
				    .author_email = "bot@x",
				    .history = history,
				    .repository = "r" };
		g_autofree char *key = NULL, *content = NULL;

		g_assert_true(text_fill(plan, &wording, NULL));
		g_assert_cmpstr(plan->branch, ==, rows[i].branch);
		g_assert_cmpstr(plan->title, ==, rows[i].title);
		g_assert_true(g_str_has_prefix(plan->message, rows[i].title));
		g_assert_true(identity_read(plan->message, &key, &content));
		g_assert_cmpstr(key, ==, plan->update_key);
		g_assert_null(strstr(plan->message, "updated-dependencies"));
		g_assert_nonnull(strstr(plan->body, "`alice` ordered on #7"));
		g_assert_true(identity_is_marked(plan->body, "r", plan->update_key));
	}
}

static void the_rules_prefix_and_letter_case_hold(void)
{
	g_autoptr(Rules) rules = rules_new();
	g_autoptr(Plan) plan = plan_of(rules, "golang", "", "main\n/");
	Wording wording = { .prefix = "upkeepd", .repository = "r" };

	rules->commit_message.prefix = g_strdup("deps");
	rules->branch_name.separator = '-';
	g_assert_true(text_fill(plan, &wording, NULL));
	g_assert_cmpstr(plan->title, ==, "deps: ignore golang");
	g_assert_cmpstr(plan->branch, ==, "upkeepd-docker-ignore-golang-all");
}

static void its_key_tells_all_of_it(void)
{
	g_autoptr(Rules) rules = rules_new();
	g_autoptr(Plan) plan = plan_of(rules, "a|b c", "> 1, < 2", "x|y\n/a b\n/c");
	g_autofree char *key = identity_key(plan), *scope = identity_amendments();
	g_autoptr(Amendment) read = identity_read_amendment(key);

	g_assert_true(g_str_has_prefix(key, scope));
	g_assert_null(strpbrk(key, " \n"));
	g_assert_nonnull(read);
	g_assert_cmpstr(read->ecosystem, ==, "docker");
	g_assert_cmpstr(read->name, ==, "a|b c");
	g_assert_cmpstr(read->range, ==, "> 1, < 2");
	g_assert_cmpstr(read->places, ==, "x|y\n/a b\n/c");
}

static void other_keys_are_none(void)
{
	static const char *const keys[] = { "docker|/||golang", "rules|/||", "rules|/||docker",
					    "rules|/||docker%0Agolang%0A", "rules|/||%zz" };

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		g_assert_null(identity_read_amendment(keys[i]));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/amendment/a_range_is_one_word", a_range_is_one_word);
	g_test_add_func("/amendment/its_words_are_those_of_its_entry",
			its_words_are_those_of_its_entry);
	g_test_add_func("/amendment/the_rules_prefix_and_letter_case_hold",
			the_rules_prefix_and_letter_case_hold);
	g_test_add_func("/amendment/its_key_tells_all_of_it", its_key_tells_all_of_it);
	g_test_add_func("/amendment/other_keys_are_none", other_keys_are_none);
	return g_test_run();
}
