/* SPDX-License-Identifier: MIT */
#include "base/relation.h"

#include <glib.h>

static const struct {
	const char *text;
	Relation relation;
	const char *rest;
	bool below, equal, above; /* whether it holds there, of a near one */
} rows[] = {
	{ "1", RELATION_NONE, "1", false, true, false },
	{ "=1", RELATION_EQUAL, "1", false, true, false },
	{ "= 1", RELATION_EQUAL, "1", false, true, false },
	{ "!= 1", RELATION_NOT_EQUAL, "1", true, false, true },
	{ "> 1", RELATION_ABOVE, "1", false, false, true },
	{ ">=  1", RELATION_AT_LEAST, "1", false, true, true },
	{ "<1", RELATION_BELOW, "1", true, false, false },
	{ "<=1", RELATION_AT_MOST, "1", true, true, false },
	{ "~> 1", RELATION_NEAR, "1", false, true, true },
	{ "~1", RELATION_NONE, "~1", false, true, false },
	{ ">", RELATION_ABOVE, "", false, false, true },
	{ "", RELATION_NONE, "", false, true, false },
	{ "==1", RELATION_EQUAL, "=1", false, true, false },
};

static void an_operator_is_taken_and_means_what_it_says(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *text = rows[i].text;
		Relation relation = relation_take(&text);

		g_test_message("'%s'", rows[i].text);
		g_assert_cmpint(relation, ==, rows[i].relation);
		g_assert_cmpstr(text, ==, rows[i].rest);
		g_assert_cmpint(relation_holds(relation, -1, true), ==, rows[i].below);
		g_assert_cmpint(relation_holds(relation, 0, true), ==, rows[i].equal);
		g_assert_cmpint(relation_holds(relation, 1, true), ==, rows[i].above);
	}
	g_assert_false(relation_holds(RELATION_NEAR, 0, false));
	g_assert_false(relation_holds(RELATION_NEAR, 1, false));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/relation/an_operator_is_taken_and_means_what_it_says",
			an_operator_is_taken_and_means_what_it_says);
	return g_test_run();
}
