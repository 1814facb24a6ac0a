/* SPDX-License-Identifier: MIT */
#include "publish/order.h"
#include "upkeepd/limits.h"

#include <string.h>

static const char *const verbs[] = {
	[ORDER_REBASE] = "rebase",     [ORDER_RECREATE] = "recreate", [ORDER_CLOSE] = "close",
	[ORDER_REOPEN] = "reopen",     [ORDER_IGNORE] = "ignore",     [ORDER_HOLD] = "hold",
	[ORDER_UNIGNORE] = "unignore", [ORDER_SHOW] = "show",         [ORDER_EXPLAIN] = "explain",
	[ORDER_MERGE] = "merge",       [ORDER_CANCEL] = "cancel",     [ORDER_UNKNOWN] = "unknown",
};

/* What a comment orders: "VERB [NAME|this] [reach N] [days N] [CONDITION]", joined with
 * "; ". We are "helper[bot]". */
static const struct {
	const char *comment, *orders;
} comments[] = {
	/* By whatever name we are called. */
	{ "@upkeepd rebase", "rebase this" },
	{ "@helper rebase", "rebase this" },
	{ "@helper[bot] rebase", "rebase this" },
	{ "@dependabot rebase", "rebase this" },
	{ "@UpKeepd REBASE", "rebase this" },
	{ "@deps-please rebase", "rebase this" },
	{ "@deps-please merge", "unknown this" },
	{ "@deps rebase", "" },
	{ "@upkeepd: rebase", "rebase this" },
	{ "@upkeepd, rebase", "rebase this" },
	{ "  @upkeepd\trebase  \r\n", "rebase this" },
	{ "@upkeepd rebase.", "rebase this" },
	{ "@upkeepd rebase!", "rebase this" },
	{ "@upkeepd2 rebase", "" },
	{ "@upkeepd-x rebase", "" },
	{ "@ann rebase", "" },
	{ "upkeepd rebase", "" },
	/* A line of its own. */
	{ "please @upkeepd rebase", "" },
	{ "Looks good.\n\n@upkeepd rebase\nThanks.", "rebase this" },
	{ "@upkeepd rebase\n@upkeepd show ignore conditions", "rebase this; show this" },
	{ "@upkeepd", "" },
	{ "@upkeepd  \n", "" },
	{ "", "" },
	/* Talk about orders. */
	{ "> @upkeepd rebase", "" },
	{ "   > @upkeepd rebase", "" },
	{ "    @upkeepd rebase", "" },
	{ "\t@upkeepd rebase", "" },
	{ "`@upkeepd rebase`", "" },
	{ "```\n@upkeepd rebase\n```", "" },
	{ "```sh\n@upkeepd rebase\n```\n@upkeepd close", "close this" },
	{ "````\n```\n@upkeepd rebase\n````\n@upkeepd close", "close this" },
	{ "~~~\n```\n@upkeepd rebase\n~~~", "" },
	{ "```\n@upkeepd rebase", "" },
	{ "<!-- @upkeepd rebase -->", "" },
	{ "<!--\n@upkeepd rebase\n-->\n@upkeepd close", "close this" },
	{ "- @upkeepd rebase", "" },
	/* Each verb. */
	{ "@upkeepd recreate", "recreate this" },
	{ "@upkeepd close", "close this" },
	{ "@upkeepd reopen", "reopen this" },
	{ "@upkeepd explain", "explain this" },
	{ "@upkeepd merge when green", "merge this" },
	{ "@dependabot merge when green.", "merge this" },
	{ "@upkeepd cancel merge", "cancel this" },
	{ "@dependabot cancel merge", "cancel this" },
	{ "@upkeepd ignore this dependency", "ignore this" },
	{ "@upkeepd ignore this major version", "ignore this reach 1" },
	{ "@upkeepd ignore this minor version", "ignore this reach 2" },
	{ "@upkeepd ignore this  patch version", "ignore this reach 3" },
	{ "@upkeepd ignore golang.org/x/net", "ignore golang.org/x/net" },
	{ "@upkeepd ignore golang.org/x/net minor version", "ignore golang.org/x/net reach 2" },
	{ "@upkeepd ignore this dependency --commit", "ignore this, commit" },
	{ "@upkeepd ignore this minor version \342\200\224commit", "ignore this reach 2, commit" },
	{ "@upkeepd ignore --commit golang major version.", "ignore golang reach 1, commit" },
	{ "@upkeepd hold 14d --COMMIT", "hold this days 14, commit" },
	{ "@upkeepd rebase --commit", "unknown this" },
	{ "@upkeepd unignore golang --commit", "unknown this" },
	{ "@upkeepd --commit", "unknown this" },
	{ "@upkeepd hold 14d", "hold this days 14" },
	{ "@upkeepd hold 2w", "hold this days 14" },
	{ "@upkeepd hold 3 days", "hold this days 3" },
	{ "@upkeepd hold 1 week", "hold this days 7" },
	{ "@upkeepd unignore *", "unignore *" },
	{ "@upkeepd unignore this dependency", "unignore this" },
	{ "@upkeepd unignore golang", "unignore golang" },
	{ "@upkeepd unignore golang [< 1.9, > 1.8.0]", "unignore golang < 1.9, > 1.8.0" },
	{ "@upkeepd show golang ignore conditions", "show golang" },
	{ "@upkeepd show this dependency ignore conditions", "show this" },
	/* Meant for us, and no sense. */
	{ "@upkeepd please rebase", "unknown this" },
	{ "@upkeepd rebase now", "unknown this" },
	{ "@upkeepd ignore", "unknown this" },
	{ "@upkeepd ignore *", "unknown this" },
	{ "@upkeepd merge", "unknown this" },
	{ "@upkeepd merge when red", "unknown this" },
	{ "@upkeepd merge when green now", "unknown this" },
	{ "@upkeepd cancel", "unknown this" },
	{ "@upkeepd cancel merge now", "unknown this" },
	{ "@upkeepd ignore this", "unknown this" },
	{ "@upkeepd ignore this version", "unknown this" },
	{ "@upkeepd ignore golang major", "unknown this" },
	{ "@upkeepd hold", "unknown this" },
	{ "@upkeepd hold 0d", "unknown this" },
	{ "@upkeepd hold 366d", "unknown this" },
	{ "@upkeepd hold 99999999999999999999d", "unknown this" },
	{ "@upkeepd hold -1d", "unknown this" },
	{ "@upkeepd hold 14", "unknown this" },
	{ "@upkeepd unignore", "unknown this" },
	{ "@upkeepd unignore golang < 1.9", "unknown this" },
	{ "@upkeepd show", "unknown this" },
	/* Perhaps the other one was meant. */
	{ "@dependabot merge", "" },
};

static void orders_as_written(gconstpointer data)
{
	const char *const *row = data;
	g_autoptr(GPtrArray) orders = order_read(row[0], "helper[bot]", "deps-please");
	g_autoptr(GString) said = g_string_new(NULL);

	for (guint i = 0; i < orders->len; i++) {
		const Order *order = g_ptr_array_index(orders, i);
		bool is_known = order->verb != ORDER_UNKNOWN;

		g_string_append_printf(said, "%s%s %s", i > 0 ? "; " : "", verbs[order->verb],
				       is_known && order->name != NULL ? order->name : "this");
		if (is_known && order->reach != REACH_ALL)
			g_string_append_printf(said, " reach %d", order->reach);
		if (is_known && order->days != 0)
			g_string_append_printf(said, " days %d", order->days);
		if (is_known && order->condition != NULL)
			g_string_append_printf(said, " %s", order->condition);
		if (is_known && order->is_to_commit)
			g_string_append(said, ", commit");
	}
	g_assert_cmpstr(said->str, ==, row[1]);
}

static void any_mention_counts_where_we_do_not_know_our_name(void)
{
	g_autoptr(GPtrArray) some = order_read("@anybody rebase", NULL, NULL);
	g_autoptr(GPtrArray) none = order_read("> @anybody rebase", NULL, NULL);

	g_assert_cmpuint(some->len, ==, 1);
	g_assert_cmpuint(none->len, ==, 0);
}

static void a_comment_has_so_many_orders_and_no_more(void)
{
	g_autoptr(GString) comment = g_string_new(NULL);
	g_autoptr(GPtrArray) orders = NULL;

	for (int i = 0; i < 1000; i++)
		g_string_append(comment, "@upkeepd rebase\n");
	orders = order_read(comment->str, "helper", NULL);
	g_assert_cmpuint(orders->len, ==, LIMIT_ORDERS);
}

static const struct {
	const char *version;
	Reach reach;
	const char *range;
} ranges[] = {
	{ "1.22.4-alpine", REACH_MAJOR, ">= 1.a, < 2" },
	{ "1.22.4-alpine", REACH_MINOR, ">= 1.22.a, < 1.23" },
	{ "1.22.4-alpine", REACH_PATCH, "= 1.22.4" },
	{ "v0.40.0", REACH_MAJOR, ">= 0.a, < 1" },
	{ "1.22", REACH_MINOR, ">= 1.22.a, < 1.23" },
	{ "1.22", REACH_PATCH, NULL },
	{ "17", REACH_MAJOR, ">= 17.a, < 18" },
	{ "17", REACH_MINOR, NULL },
	{ "nonroot", REACH_MAJOR, NULL },
	{ "99999999999999999999", REACH_MAJOR, NULL },
	{ "", REACH_MAJOR, NULL },
};

static void ignoring_takes_in_a_range(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++) {
		g_autofree char *range = order_range(ranges[i].version, ranges[i].reach);

		g_assert_cmpstr(range, ==, ranges[i].range);
	}
}

static const struct {
	const char *comment;
	int64_t answered;
} answers[] = {
	{ "Done.\n\n<!-- upkeepd:reply 12 -->", 12 },
	{ "<!-- upkeepd:reply 12 -->\n<!-- upkeepd:reply 13 -->", 13 },
	{ "<!-- upkeepd:reply 99999999999999999999 -->", 0 },
	{ "<!-- upkeepd:reply -->", 0 },
	{ "<!-- upkeepd:reply 12", 0 },
	{ "@upkeepd rebase", 0 },
};

static void an_answer_says_what_it_answers(void)
{
	g_autofree char *mark = order_mark(INT64_MAX);

	g_assert_cmpint(order_answered(mark), ==, INT64_MAX);
	for (size_t i = 0; i < G_N_ELEMENTS(answers); i++)
		g_assert_cmpint(order_answered(answers[i].comment), ==, answers[i].answered);
}

static const struct {
	const char *comment;
	OrderVerb verb;
} mergings[] = {
	{ "Merged soon. " ORDER_MARK_MERGE "\n\n<!-- upkeepd:reply 12 -->", ORDER_MERGE },
	{ "Not so. " ORDER_MARK_CANCEL, ORDER_CANCEL },
	{ ORDER_MARK_MERGE ORDER_MARK_CANCEL, ORDER_CANCEL },
	{ ORDER_MARK_CANCEL ORDER_MARK_MERGE, ORDER_MERGE },
	{ "<!-- upkeepd:reply 12 -->", ORDER_UNKNOWN },
	{ "", ORDER_UNKNOWN },
};

static void an_answer_says_who_is_to_merge(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mergings); i++)
		g_assert_cmpint(order_merging(mergings[i].comment), ==, mergings[i].verb);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(comments); i++) {
		g_autofree char *path = g_strdup_printf("/order/orders/%zu", i);

		g_test_add_data_func(path, &comments[i], orders_as_written);
	}
	g_test_add_func("/order/any_mention_counts_where_we_do_not_know_our_name",
			any_mention_counts_where_we_do_not_know_our_name);
	g_test_add_func("/order/a_comment_has_so_many_orders_and_no_more",
			a_comment_has_so_many_orders_and_no_more);
	g_test_add_func("/order/ignoring_takes_in_a_range", ignoring_takes_in_a_range);
	g_test_add_func("/order/an_answer_says_what_it_answers", an_answer_says_what_it_answers);
	g_test_add_func("/order/an_answer_says_who_is_to_merge", an_answer_says_who_is_to_merge);
	return g_test_run();
}
