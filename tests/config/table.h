/* SPDX-License-Identifier: MIT */
/* Tables of files and of what must be said about them (the .txt of tests/tables). */
#pragma once

#include "upkeepd/manifest.h"

#include <string.h>

typedef struct {
	char *name, *file;
	char **wanted; /* lines */
} Case;

static inline void case_free(void *data)
{
	Case *c = data;

	g_free(c->name);
	g_free(c->file);
	g_strfreev(c->wanted);
	g_free(c);
}

/* The cases of a table; of Case. */
static inline GPtrArray *cases_read(const char *table)
{
	GPtrArray *cases = g_ptr_array_new_with_free_func(case_free);
	g_autofree char *path = g_build_filename(g_getenv("UPKEEPD_TESTS"), "tables", table, NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) parts = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	parts = g_strsplit(text, "\n=== ", -1);
	for (char **part = parts + 1; *part != NULL; part++) {
		Case *c = g_new0(Case, 1);
		char *file = strchr(*part, '\n') + 1, *wanted = strstr(file, "\n>>>");
		g_autoptr(GPtrArray) lines = g_ptr_array_new();
		g_auto(GStrv) all = g_strsplit(wanted + strlen("\n>>>"), "\n", -1);

		c->name = g_strndup(*part, (gsize)(file - *part) - 1);
		c->file = g_strndup(file, (gsize)(wanted - file) + 1);
		/* Empty lines and headings are for the reader. */
		for (char **line = all; *line != NULL; line++)
			if (**line != '\0' && **line != '#')
				g_ptr_array_add(lines, g_strdup(*line));
		g_ptr_array_add(lines, NULL);
		c->wanted = (char **)g_ptr_array_free(g_steal_pointer(&lines), FALSE);
		g_ptr_array_add(cases, c);
	}
	return cases;
}

static inline bool case_is_said(const char *wanted, const char *said)
{
	if (g_str_has_suffix(wanted, "…"))
		return strncmp(wanted, said, strlen(wanted) - strlen("…")) == 0;
	return strcmp(wanted, said) == 0;
}

/* Compares what is said with what is wanted; `path` is that of the problems. */
static inline void case_check(const Case *c, const char *path, const GPtrArray *problems)
{
	guint count = g_strv_length(c->wanted);

	for (guint i = 0; i < MAX(count, problems->len); i++) {
		g_autofree char *text = i < problems->len ? problem_text(problems->pdata[i]) : NULL;
		const char *said = text == NULL ? "nothing more" : text + strlen(path) + 1;
		const char *wanted = i < count ? c->wanted[i] : "nothing more";

		while (*said == ' ')
			said++;
		if (case_is_said(wanted, said))
			continue;
		g_test_message("wanted %s", wanted);
		g_test_message("said   %s", said);
		g_test_fail();
	}
}

/* One test for each case, below `prefix`. */
static inline void cases_add(const GPtrArray *cases, const char *prefix, GTestDataFunc test)
{
	for (guint i = 0; i < cases->len; i++) {
		const Case *c = cases->pdata[i];
		g_autofree char *path = g_strconcat(prefix, c->name, NULL);

		g_strdelimit(path + strlen(prefix), " /", '_');
		g_test_add_data_func(path, c, test);
	}
}
