/* SPDX-License-Identifier: MIT */
/* Reads a table of tests/tables/: tab-separated cells, a row a line, the first
 * cell the row's name; lines that begin with # are remarks, "-" is an empty cell. */
#pragma once

#include <glib.h>

#include <string.h>

/* Of char **, each `columns` long at least; the caller's. */
static inline GPtrArray *table_rows(const char *name, guint columns)
{
	const char *tests = g_getenv("UPKEEPD_TESTS");
	g_autofree char *path =
		g_build_filename(tests != NULL ? tests : "tests", "tables", name, NULL);
	GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	g_file_get_contents(path, &text, NULL, &error);
	g_assert_no_error(error);
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		char **cells;

		if (**line == '\0' || **line == '#')
			continue;
		cells = g_strsplit(*line, "\t", -1);
		for (char **cell = cells; *cell != NULL; cell++)
			if (strcmp(*cell, "-") == 0)
				**cell = '\0';
		if (g_strv_length(cells) < columns)
			g_test_fail_printf("%s: too few cells in: %s", name, *line);
		g_ptr_array_add(rows, cells);
	}
	return rows;
}
