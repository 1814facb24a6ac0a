/* SPDX-License-Identifier: MIT */
#include "publish/board.h"

#include <string.h>

#define MARK "<!-- upkeepd:dashboard -->"

static void a_dashboard_says_what_there_is(void)
{
	g_auto(BoardText) text = { 0 };
	g_autofree char *body = NULL;

	board_text_begin(&text);
	board_text_add(&text, BOARD_LIMITED, "docker|/||golang", "Bump golang");
	board_text_add(&text, BOARD_OPEN, NULL, "[Bump alpine](https://h/1)");
	body = board_print(&text, 60000);
	g_assert_nonnull(strstr(body, "### Open\n\n- [Bump alpine](https://h/1)\n\n### Limited\n\n"
				      "- [ ] <!-- key=docker|/||golang --> Bump golang\n"));
	g_assert_true(g_str_has_suffix(body, MARK));
	g_assert_null(strstr(body, "### Held"));
}

static void an_empty_one_says_so(void)
{
	g_auto(BoardText) text = { 0 };
	g_autofree char *body = NULL;

	board_text_begin(&text);
	body = board_print(&text, 60000);
	g_assert_nonnull(strstr(body, "There is nothing to update."));
}

static void a_long_one_is_cut_between_lines(void)
{
	g_auto(BoardText) text = { 0 };
	g_autofree char *body = NULL;

	board_text_begin(&text);
	for (int i = 0; i < 10000; i++)
		board_text_add(&text, BOARD_FAILED, "docker|/||golang", "Bump golang");
	body = board_print(&text, 5000);
	g_assert_cmpuint(strlen(body), <=, 5000);
	g_assert_true(g_str_has_suffix(body, "golang\n- and more\n\n" MARK));
}

static const struct {
	const char *body, *keys;
} bodies[] = {
	{ "- [x] <!-- key=a|/||b --> Bump b\n- [ ] <!-- key=c --> Bump c\n", "a|/||b" },
	{ "- [X] <!-- key=a --> Bump\r\n- [x] <!-- key=b --> Bump\r\n- [x] <!-- key=a --> x",
	  "a b" },
	{ "- [x] something else\n", "" },
	{ "- [x] <!-- key= --> x\n- [x] <!-- key=a", "" },
	{ "text - [x] <!-- key=a --> x\n", "" },
	{ "", "" },
};

static gboolean append(gpointer key, gpointer value G_GNUC_UNUSED, gpointer text)
{
	g_string_append_printf(text, "%s%s", ((GString *)text)->len > 0 ? " " : "", (char *)key);
	return FALSE;
}

static void checked_boxes_are_read(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		g_autoptr(GTree) keys = board_checked(bodies[i].body);
		g_autoptr(GString) text = g_string_new(NULL);

		g_tree_foreach(keys, append, text);
		g_assert_cmpstr(text->str, ==, bodies[i].keys);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/board/a_dashboard_says_what_there_is", a_dashboard_says_what_there_is);
	g_test_add_func("/board/an_empty_one_says_so", an_empty_one_says_so);
	g_test_add_func("/board/a_long_one_is_cut_between_lines", a_long_one_is_cut_between_lines);
	g_test_add_func("/board/checked_boxes_are_read", checked_boxes_are_read);
	return g_test_run();
}
