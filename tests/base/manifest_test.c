/* SPDX-License-Identifier: MIT */
#include "upkeepd/manifest.h"

static void a_place_is_written_as_compilers_do(void)
{
	static const struct {
		Place place;
		const char *text;
	} rows[] = {
		{ { "a.yml", 3, 5 }, "a.yml:3:5" },
		{ { "a.yml", 3, 0 }, "a.yml:3:1" },
		{ { "a.yml", 0, 0 }, "a.yml" },
		{ { NULL, 3, 5 }, NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = place_text(&rows[i].place);

		g_assert_cmpstr(text, ==, rows[i].text);
	}
	g_assert_null(place_text(NULL));
}

static void problems_are_plain_lines_and_errors_count(void)
{
	g_autoptr(GPtrArray) problems = problems_new();
	g_autofree char *first = NULL, *second = NULL;

	g_ptr_array_add(problems,
			problem_new("a.yml", 1, 2, WEIGHT_ERROR, "bad '%s'", "\033[2J\n"));
	g_ptr_array_add(problems, problem_new("a.yml", 0, 0, WEIGHT_WARNING, "odd"));
	first = problem_text(problems->pdata[0]);
	second = problem_text(problems->pdata[1]);
	g_assert_cmpstr(first, ==, "a.yml:1:2: error: bad ' [2J '");
	g_assert_cmpstr(second, ==, "a.yml: warning: odd");
	g_assert_cmpuint(problems_errors(problems), ==, 1);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/manifest/a_place_is_written_as_compilers_do",
			a_place_is_written_as_compilers_do);
	g_test_add_func("/manifest/problems_are_plain_lines_and_errors_count",
			problems_are_plain_lines_and_errors_count);
	return g_test_run();
}
