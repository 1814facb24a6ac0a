/* SPDX-License-Identifier: MIT */
/* tests/tables/forge-vectors.tsv names, for each row of forge-vectors.md, the test that
 * shows it, or why there is no such thing here: what it names must be there, and where the
 * document can be read, every row of it must be in the table. */
#include "tables.h"

#include <stdbool.h>

static const char *tests_folder(void)
{
	const char *folder = g_getenv("UPKEEPD_TESTS");

	return folder != NULL ? folder : "tests";
}

static void every_row_names_a_test_or_a_reason(void)
{
	g_autoptr(GPtrArray) rows = table_rows("forge-vectors.tsv", 3);

	for (guint i = 0; i < rows->len; i++) {
		char **row = g_ptr_array_index(rows, i);
		g_autofree char *path = g_build_filename(tests_folder(), row[1], NULL);
		g_autofree char *text = NULL;

		if (row[1][0] == '\0') {
			g_assert_cmpuint(strlen(row[2]), >, 10);
		} else if (!g_file_get_contents(path, &text, NULL, NULL) ||
			   strstr(text, row[2]) == NULL) {
			g_test_fail_printf("%s: '%s' is not in %s", row[0], row[2], path);
		}
	}
}

static bool has_row(const GPtrArray *rows, const char *id)
{
	for (guint i = 0; i < rows->len; i++)
		if (strcmp(((char **)g_ptr_array_index(rows, i))[0], id) == 0)
			return true;
	return false;
}

/* A line of the document is "| A01 | what is asked | …". */
static void every_row_of_the_document_is_in_the_table(void)
{
	const char *shared = g_getenv("UPKEEPD_SHARED");
	g_autofree char *path = g_build_filename(shared != NULL ? shared : "../shared", "spec",
						 "forge-vectors.md", NULL);
	g_autoptr(GPtrArray) rows = table_rows("forge-vectors.tsv", 3);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	guint count = 0;

	if (!g_file_get_contents(path, &text, NULL, NULL)) {
		g_test_skip("forge-vectors.md cannot be read");
		return;
	}
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		g_autofree char *id = NULL;

		if (strlen(*line) < 7 || !g_str_has_prefix(*line, "| ") ||
		    !g_ascii_isdigit((*line)[3]) || !g_ascii_isdigit((*line)[4]))
			continue;
		id = g_strndup(*line + 2, 3);
		count++;
		if (!has_row(rows, id))
			g_test_fail_printf("%s is not in the table", id);
	}
	g_assert_cmpuint(count, ==, rows->len);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/vectors/every_row_names_a_test_or_a_reason",
			every_row_names_a_test_or_a_reason);
	g_test_add_func("/vectors/every_row_of_the_document_is_in_the_table",
			every_row_of_the_document_is_in_the_table);
	return g_test_run();
}
