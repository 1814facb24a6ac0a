/* SPDX-License-Identifier: MIT */
#include "upkeepd/fail.h"

static void a_failure_is_one_plain_line(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_false(fail(&error, FAILURE_NET, "asking '%s': %s", "a\nb", "\033[2J\377"));
	g_assert_error(error, FAILURE, FAILURE_NET);
	g_assert_cmpstr(error->message, ==, "asking 'a b':  [2J\357\277\275");
}

static void a_pointer_fails_as_well(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(fail_null(&error, FAILURE_LIMIT, "too much"));
	g_assert_error(error, FAILURE, FAILURE_LIMIT);
}

static void nobody_has_to_be_told(void)
{
	g_assert_false(fail(NULL, FAILURE_IO, "unheard"));
	g_assert_null(fail_null(NULL, FAILURE_IO, "unheard"));
}

static void the_time_of_another_try_goes_along(void)
{
	g_autoptr(GError) error = NULL, copy = NULL, passed_on = NULL;

	g_assert_false(fail_until(&error, FAILURE_BUSY, 1795498600, "later"));
	g_prefix_error(&error, "asking: ");
	copy = g_error_copy(error);
	g_assert_cmpint(failure_retry_at(copy), ==, 1795498600);
	g_propagate_error(&passed_on, g_steal_pointer(&error));
	g_assert_cmpint(failure_retry_at(passed_on), ==, 1795498600);
	g_assert_cmpstr(passed_on->message, ==, "asking: later");
}

static void errors_of_glib_have_a_kind(void)
{
	static const struct {
		GQuark (*domain)(void);
		int code;
		FailureKind kind;
	} rows[] = {
		{ g_file_error_quark, G_FILE_ERROR_NOENT, FAILURE_ABSENT },
		{ g_file_error_quark, G_FILE_ERROR_NOSPC, FAILURE_IO },
		{ g_option_error_quark, G_OPTION_ERROR_UNKNOWN_OPTION, FAILURE_CONFIG },
		{ g_convert_error_quark, G_CONVERT_ERROR_ILLEGAL_SEQUENCE, FAILURE_INPUT },
		{ g_spawn_error_quark, G_SPAWN_ERROR_FORK, FAILURE_IO },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error =
			g_error_new_literal(rows[i].domain(), rows[i].code, "words");

		g_assert_cmpint(failure_kind(error), ==, rows[i].kind);
		g_assert_cmpint(failure_retry_at(error), ==, 0);
	}
}

static void every_kind_has_a_word(void)
{
	g_autoptr(GTree) words = g_tree_new((GCompareFunc)g_strcmp0);

	for (int kind = FAILURE_INPUT; kind <= FAILURE_STOPPED; kind++)
		g_tree_insert(words, (char *)failure_word((FailureKind)kind), words);
	g_assert_cmpint(g_tree_nnodes(words), ==, FAILURE_STOPPED + 1);
	g_assert_nonnull(failure_advice(FAILURE_IO));
	g_assert_null(failure_advice(FAILURE_INPUT));
	g_assert_null(failure_advice(FAILURE_STOPPED));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/fail/a_failure_is_one_plain_line", a_failure_is_one_plain_line);
	g_test_add_func("/fail/a_pointer_fails_as_well", a_pointer_fails_as_well);
	g_test_add_func("/fail/nobody_has_to_be_told", nobody_has_to_be_told);
	g_test_add_func("/fail/the_time_of_another_try_goes_along",
			the_time_of_another_try_goes_along);
	g_test_add_func("/fail/errors_of_glib_have_a_kind", errors_of_glib_have_a_kind);
	g_test_add_func("/fail/every_kind_has_a_word", every_kind_has_a_word);
	return g_test_run();
}
