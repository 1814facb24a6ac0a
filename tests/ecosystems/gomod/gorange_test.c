/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gorange.h"
#include "tables.h"

static void ranges_contain_what_the_table_says(void)
{
	g_autoptr(GPtrArray) rows = table_rows("gomod-ranges.tsv", 3);

	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		g_autoptr(GError) error = NULL;
		bool is_in = false;
		bool is_read = gorange_contains(row[0], row[1], &is_in, &error);
		const char *answer = !is_read ? "error" : is_in ? "yes" : "no";

		g_test_message("%s %s", row[0], row[1]);
		g_assert_cmpstr(answer, ==, row[2]);
		if (!is_read)
			g_assert_error(error, FAILURE, FAILURE_CONFIG);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/gorange/contain_what_the_table_says",
			ranges_contain_what_the_table_says);
	return g_test_run();
}
