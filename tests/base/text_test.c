/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <glib.h>

static const struct {
	const char *raw, *line;
	bool is_plain;
} texts[] = {
	{ "golang:1.22 ä 漢", "golang:1.22 ä 漢", true },
	{ "", "", true },
	{ "two\nlines\r\n", "two lines  ", false },
	{ "\033[2Jgone", " [2Jgone", false },
	{ "\302\233"
	  "2Jgone",
	  " 2Jgone", false }, /* CSI as one C1 character */
	{ "\177", " ", false },
	{ "a\342\200\256gpj.exe", "a gpj.exe", false }, /* right-to-left override */
	{ "a\342\200\250b", "a b", false },             /* line separator */
	{ "a\342\201\246b", "a b", false },             /* left-to-right isolate */
	{ "\377", "\357\277\275", false },
	{ "zero\342\200\215width joiner", "zero\342\200\215width joiner", true },
};

static void strangers_words_become_one_plain_line(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *line = text_one_line(texts[i].raw);

		g_assert_cmpstr(line, ==, texts[i].line);
		g_assert_true(text_is_plain(texts[i].raw) == texts[i].is_plain);
	}
}

static void a_line_is_cut_between_characters(void)
{
	static const struct {
		const char *raw;
		unsigned most;
		const char *line;
	} cuts[] = {
		{ "äö\n", 3, "äö " },
		{ "äöü漢", 3, "äöü…" },
		{ "\377\377", 1, "\357\277\275…" },
		{ "", 0, "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cuts); i++) {
		g_autofree char *line = text_short_line(cuts[i].raw, cuts[i].most);

		g_assert_cmpstr(line, ==, cuts[i].line);
	}
}

static const struct {
	const char *raw, *code;
} codes[] = {
	{ "services/api", "`services/api`" },
	{ "x`@org/team", "`x'@org/team`" },
	{ "a\n\n/approve", "`a  /approve`" },
	{ "a | b", "`a ' b`" },
	{ "<!-- upkeepd:x -->", "`'!-- upkeepd:x -->`" },
};

static void strangers_words_as_code_do_not_end_it(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
		g_autofree char *code = text_code(codes[i].raw);

		g_assert_cmpstr(code, ==, codes[i].code);
	}
}

static void keys_are_ordered_by_bytes(void)
{
	g_assert_cmpint(text_compare("a", "b", NULL), <, 0);
	g_assert_cmpint(text_compare("\303\244", "b", NULL), >, 0);
	g_assert_cmpint(text_compare("a", "a", NULL), ==, 0);
}

static void a_text_has_a_position_in_a_sorted_list(void)
{
	static const struct {
		const char *text;
		guint position;
	} rows[] = { { "", 0 },  { "b", 0 }, { "b/", 1 }, { "d", 1 },
		     { "e", 2 }, { "f", 2 }, { "g", 3 } };
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();

	g_assert_cmpuint(text_position(sorted, "b"), ==, 0);
	g_ptr_array_add(sorted, (char *)"b");
	g_ptr_array_add(sorted, (char *)"d");
	g_ptr_array_add(sorted, (char *)"f");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpuint(text_position(sorted, rows[i].text), ==, rows[i].position);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/text/strangers_words_become_one_plain_line",
			strangers_words_become_one_plain_line);
	g_test_add_func("/text/a_line_is_cut_between_characters", a_line_is_cut_between_characters);
	g_test_add_func("/text/strangers_words_as_code_do_not_end_it",
			strangers_words_as_code_do_not_end_it);
	g_test_add_func("/text/keys_are_ordered_by_bytes", keys_are_ordered_by_bytes);
	g_test_add_func("/text/a_text_has_a_position_in_a_sorted_list",
			a_text_has_a_position_in_a_sorted_list);
	return g_test_run();
}
