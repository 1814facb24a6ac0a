/* SPDX-License-Identifier: MIT */
#include "upkeepd/edit.h"

#include <string.h>

typedef struct {
	Span span;
	const char *text;
} Change;

static const struct {
	const char *before;
	Change changes[3];
	const char *after; /* NULL: refused */
} rows[] = {
	{ "abc", { { { 0, 0 }, NULL } }, "abc" },
	{ "abc", { { { 1, 2 }, "X" } }, "aXc" },
	{ "abc", { { { 2, 3 }, "Z" }, { { 0, 1 }, "XY" } }, "XYbZ" },
	{ "abc", { { { 3, 3 }, "\n" } }, "abc\n" },
	{ "", { { { 0, 0 }, "new" } }, "new" },
	{ "abc", { { { 1, 2 }, "X" }, { { 1, 2 }, "X" } }, "aXc" },
	{ "abc", { { { 1, 1 }, "1" }, { { 1, 1 }, "2" }, { { 1, 2 }, "" } }, "a12c" },
	{ "abc", { { { 0, 2 }, "X" }, { { 1, 3 }, "Y" } }, NULL },
	{ "abc", { { { 1, 2 }, "X" }, { { 1, 2 }, "Y" } }, NULL },
	{ "abc", { { { 2, 4 }, "X" } }, NULL },
	{ "abc", { { { 2, 1 }, "X" } }, NULL },
};

static void edits_replace_ranges(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) edits = edits_new();
		g_autoptr(GBytes) before =
			g_bytes_new_static(rows[i].before, strlen(rows[i].before));
		g_autoptr(GBytes) after = NULL;

		for (size_t k = 0; k < G_N_ELEMENTS(rows[i].changes); k++)
			if (rows[i].changes[k].text != NULL)
				edits_add(edits, rows[i].changes[k].span, rows[i].changes[k].text);
		after = edits_apply(before, edits, &error);
		if (rows[i].after == NULL) {
			g_assert_error(error, FAILURE, FAILURE_INPUT);
			continue;
		}
		g_assert_no_error(error);
		g_assert_cmpmem(g_bytes_get_data(after, NULL), g_bytes_get_size(after),
				rows[i].after, strlen(rows[i].after));
	}
}

static void a_place_is_a_line_and_a_column(void)
{
	g_autoptr(GBytes) text = g_bytes_new_static("ab\ncd\n", 6);
	int line, column;

	position_of(text, 4, &line, &column);
	g_assert_cmpint(line, ==, 2);
	g_assert_cmpint(column, ==, 2);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/edit/edits_replace_ranges", edits_replace_ranges);
	g_test_add_func("/base/edit/a_place_is_a_line_and_a_column",
			a_place_is_a_line_and_a_column);
	return g_test_run();
}
