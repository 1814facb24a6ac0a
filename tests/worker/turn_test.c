/* SPDX-License-Identifier: MIT */
#include "worker/turn.h"

static void what_became_of_a_branch_is_the_last_of_it(void)
{
	const Invocation invocation = { 0 };
	const Ticket ticket = { .repository = (char *)"https://git.test/a" };
	g_autoptr(Turn) turn = turn_new(&invocation, NULL, &ticket, TURN_REPORT, false);

	g_assert_null(turn_outcome_of(turn, "upkeepd/docker/a-1"));
	g_assert_null(turn_outcome_of(turn, NULL));
	turn_outcome(turn, outcome_new("upkeepd/docker/a-1", ACTION_CLOSED), NULL);
	turn_outcome(turn, outcome_new("upkeepd/docker/a-1", ACTION_CREATED), "Bump a");
	turn_outcome(turn, outcome_new("upkeepd/docker/b-1", ACTION_FAILED), "Bump b");
	g_assert_cmpint(turn_outcome_of(turn, "upkeepd/docker/a-1")->action, ==, ACTION_CREATED);
	g_assert_cmpint(turn_outcome_of(turn, "upkeepd/docker/b-1")->action, ==, ACTION_FAILED);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/worker/turn/what_became_of_a_branch_is_the_last_of_it",
			what_became_of_a_branch_is_the_last_of_it);
	return g_test_run();
}
