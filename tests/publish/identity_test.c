/* SPDX-License-Identifier: MIT */
#include "publish/identity.h"
#include "publish/plans.h"
#include "upkeepd/limits.h"

static void keys_say_what_is_moved_and_not_to_what(void)
{
	static const struct {
		const char *group, *updates, *key;
	} rows[] = {
		{ NULL, "docker / golang 1 2", "docker|/||golang" },
		{ NULL, "docker / golang 1 3", "docker|/||golang" },
		{ NULL, "gomod /cmd/a golang.org/x/net v1.0.0 v1.1.0",
		  "gomod|/cmd/a||golang.org/x/net" },
		{ NULL, "gomod / a v1.0.0 v1.1.0; gomod / b v1.0.0 v1.1.0", "gomod|/||a,b" },
		{ "minor", "gomod / a v1.0.0 v1.1.0", "gomod|/||group:minor" },
		{ "a|b", "docker /x|y golang 1 2", "docker|/x%7Cy||group:a%7Cb" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(TestPlan) test = test_plan(NULL, rows[i].group, false, rows[i].updates);
		g_autofree char *key = identity_key(test->plan);

		g_assert_cmpstr(key, ==, rows[i].key);
	}
}

static void a_key_has_neither_blanks_nor_line_ends(void)
{
	g_autoptr(TestPlan) test =
		test_plan(NULL, "a b\nSigned-off-by: x", false, "docker / golang 1 2");
	g_autofree char *key = identity_key(test->plan);

	g_assert_cmpstr(key, ==, "docker|/||group:a%20b%0ASigned-off-by:%20x");
}

static void an_entry_of_many_directories_has_one_key(void)
{
	g_autoptr(Rules) rules = rules_new();
	g_autoptr(TestPlan) test = NULL;
	g_autofree char *key = NULL, *scope = identity_scope("docker", "/a", "main");

	rules->target_branch = g_strdup("main");
	g_ptr_array_add(rules->directories, g_strdup("a/"));
	g_ptr_array_add(rules->directories, g_strdup("b"));
	test = test_plan(rules, "all", true, "docker /b golang 1 2");
	key = identity_key(test->plan);
	g_assert_cmpstr(key, ==, "docker|/a|main|group:all");
	g_assert_cmpstr(scope, ==, "docker|/a|main|");
}

static void add_change(Plan *plan, const char *path, const char *after)
{
	g_autoptr(GBytes) bytes = after == NULL ? NULL : g_bytes_new(after, strlen(after));

	g_ptr_array_add(plan->changes, file_change_new(path, NULL, bytes));
}

static void another_content_has_another_id(void)
{
	static const char *const changes[][2] = {
		{ "a", "x" }, { "a", "y" }, { "b", "x" }, { "a", NULL }, { "a", "" },
	};
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_autoptr(TestPlan) test = test_plan(NULL, NULL, false, "docker / golang 1 2");

		test->plan->update_key = identity_key(test->plan);
		add_change(test->plan, changes[i][0], changes[i][1]);
		g_ptr_array_add(ids, identity_trailer(test->plan));
		for (guint k = 0; k < i; k++)
			g_assert_cmpstr(g_ptr_array_index(ids, i), !=, g_ptr_array_index(ids, k));
	}
}

#define HEX "0123456789abcdef0123456789abcdef"

static void trailers_are_read_back(void)
{
	static const struct {
		const char *message, *key;
	} rows[] = {
		{ "Bump\n\nUpkeepd-Update-Id: docker|/||golang " HEX "\nSigned-off-by: x\n",
		  "docker|/||golang" },
		{ "Bump\n\nUpkeepd-Update-Id: a " HEX, "a" },
		{ "Bump\n\nUpkeepd-Update-Id: a " HEX "\r\n", "a" },
		{ "Bump\n\nUpkeepd-Update-Id: a " HEX "\nUpkeepd-Update-Id: b " HEX "\n", "b" },
		{ "Bump\n\nSome Upkeepd-Update-Id: a " HEX "\n", NULL },
		{ "Upkeepd-Update-Id: a " HEX "\n", NULL },
		{ "Bump\n\nUpkeepd-Update-Id: a\n", NULL },
		{ "Bump\n\nUpkeepd-Update-Id:  " HEX "\n", NULL },
		{ "Bump\n\nUpkeepd-Update-Id: a 0123\n", NULL },
		{ "Bump\n\nUpkeepd-Update-Id: a " HEX "0\n", NULL },
		{ "Bump\n\nUpkeepd-Update-Id: a b " HEX "\n", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *key = NULL, *content = NULL;

		g_test_message("%s", rows[i].message);
		g_assert_true(identity_read(rows[i].message, &key, &content) ==
			      (rows[i].key != NULL));
		g_assert_cmpstr(key, ==, rows[i].key);
		g_assert_cmpstr(content, ==, rows[i].key == NULL ? NULL : HEX);
	}
}

/* forge-vectors.md G01, G02: the key of v1|42|docker|/|main|golang. */
static void a_marker_is_of_its_plan_alone(void)
{
	g_autoptr(Rules) rules = rules_new();
	g_autoptr(TestPlan) test = NULL;
	g_autofree char *marker = NULL, *body = NULL, *twice = NULL, *broken = NULL;
	g_autofree guchar *json = NULL;
	gsize length;

	rules->target_branch = g_strdup("main");
	test = test_plan(rules, NULL, false, "docker / golang 1 2");
	test->plan->update_key = identity_key(test->plan);
	marker = identity_marker(test->plan, "42", false);
	g_assert_true(g_str_has_prefix(
		marker, "<!-- upkeepd:v1 eyJrIjoiNDM3ZjI5ZWE1MGU3NGEzMTQzZmViZjUzZDBlNGM3YzEi"));
	json = g_base64_decode(marker + strlen("<!-- upkeepd:v1 "), &length);
	g_assert_nonnull(
		g_strstr_len((const char *)json, (gssize)length,
			     "{\"k\":\"437f29ea50e74a3143febf53d0e4c7c1\",\"e\":\"docker\""));
	body = g_strconcat("Bumps\n\n", marker, "\n", NULL);
	g_assert_true(identity_is_marked(body, "42", test->plan->update_key));
	g_assert_true(identity_has_marker(body));
	g_assert_false(identity_is_marked(body, "43", test->plan->update_key));
	g_assert_false(identity_is_marked(body, "42", "docker|/|main|alpine"));
	/* The last one counts. */
	twice = g_strconcat("<!-- upkeepd:v1 e30 -->\n", body, NULL);
	g_assert_true(identity_is_marked(twice, "42", test->plan->update_key));
	broken = g_strconcat(body, "<!-- upkeepd:v1 ?? -->", NULL);
	g_assert_false(identity_is_marked(broken, "42", test->plan->update_key));
	g_assert_false(identity_is_marked("", "42", test->plan->update_key));
	g_assert_false(identity_has_marker(broken));
	g_assert_false(identity_has_marker("<!-- upkeepd:v1 e30 -->"));
	g_assert_false(identity_is_marked("<!-- upkeepd:v1 e30", "42", "x"));
}

static void a_marker_may_name_the_head(void)
{
	g_autoptr(Rules) rules = rules_new();
	g_autoptr(TestPlan) test = test_plan(rules, NULL, false, "docker / golang 1 2");
	g_autofree char *without = NULL, *with = NULL, *none = NULL, *name = NULL, *huge = NULL;
	g_autofree char *marker = NULL;

	test->plan->update_key = identity_key(test->plan);
	g_free(test->plan->branch);
	test->plan->branch = g_strdup("upkeepd/docker/golang-2");
	without = identity_marker(test->plan, "42", false);
	none = identity_branch(without);
	g_assert_null(none);
	with = identity_marker(test->plan, "42", true);
	name = identity_branch(with);
	g_assert_cmpstr(name, ==, "upkeepd/docker/golang-2");
	g_free(test->plan->branch);
	test->plan->branch = g_strnfill(LIMIT_BRANCH + 1, 'x');
	marker = identity_marker(test->plan, "42", true);
	huge = identity_branch(marker);
	g_assert_null(huge);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(test) g_test_add_func("/identity/" #test, test)
	ADD(a_marker_may_name_the_head);
	ADD(keys_say_what_is_moved_and_not_to_what);
	ADD(a_key_has_neither_blanks_nor_line_ends);
	ADD(an_entry_of_many_directories_has_one_key);
	ADD(another_content_has_another_id);
	ADD(trailers_are_read_back);
	ADD(a_marker_is_of_its_plan_alone);
	return g_test_run();
}
