/* SPDX-License-Identifier: MIT */
/* `check [PATH|URL]`: what is outdated, in a table or as JSON (cli.md 1, 2). */
#include "base/text.h"
#include "worker/show.h"
#include "worker/survey.h"

#include <stdio.h>
#include <string.h>

enum { COLUMN_COUNT = 6 };

/* A line of the table. */
typedef struct {
	char *cells[COLUMN_COUNT];
	Step step;
} Row;

static const char *const heads[COLUMN_COUNT] = { "WHERE",  "NAME", "CURRENT",
						 "UPDATE", "KIND", "NOTE" };

static void row_free(void *data)
{
	Row *row = data;

	for (int i = 0; i < COLUMN_COUNT; i++)
		g_free(row->cells[i]);
	g_free(row);
}

static Row *row_of(const Selection *selection)
{
	const Dependency *dependency = selection->dependency;
	const Update *update = selection->update;
	Row *row = g_new0(Row, 1);
	char **cells = row->cells;

	row->step = update != NULL ? update->step : STEP_NONE;
	cells[0] = g_strdup_printf("%s:%d", selection->manifest->path, dependency->line);
	cells[1] = g_strdup(dependency->name);
	cells[2] = show_version(dependency->version, dependency->digest);
	cells[3] = update == NULL             ? g_strdup("-")
		   : row->step == STEP_DIGEST ? show_version(NULL, update->to_digest)
					      : show_version(update->to, update->to_digest);
	cells[4] = g_strdup(update != NULL ? step_word(row->step) : "-");
	cells[5] = show_why(selection);
	return row;
}

/* Whether a person wants to see it: it can move, something waits, it failed, or there is
 * something to say of what is up to date: it is given up, or goes on elsewhere. */
static bool is_of_interest(const Selection *selection)
{
	if (selection->update != NULL || selection->held_until > 0 ||
	    (selection->reason == REASON_UP_TO_DATE && selection->text != NULL))
		return true;
	return selection->dependency->why_not == NULL && selection->reason == REASON_UNRESOLVED;
}

static void print_row(char *const *cells, const int *widths, const char *color, const char *end)
{
	GString *line = g_string_new(NULL);

	for (int i = 0; i < COLUMN_COUNT; i++) {
		g_string_append(line, i == 4 ? color : "");
		g_string_append(line, cells[i]);
		g_string_append(line, i == 4 ? end : "");
		for (int k = (int)g_utf8_strlen(cells[i], -1); k < widths[i] + 2; k++)
			g_string_append_c(line, ' ');
	}
	puts(g_strchomp(line->str));
	g_string_free(line, TRUE);
}

static void print_table(const Survey *survey, const Invocation *invocation)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(row_free);
	const GPtrArray *selections = survey->decision.selections;
	bool has_colors = show_has_colors(invocation->color);
	int widths[COLUMN_COUNT];
	guint updates = 0;

	for (int i = 0; i < COLUMN_COUNT; i++)
		widths[i] = (int)strlen(heads[i]);
	for (guint i = 0; i < selections->len; i++) {
		const Selection *selection = g_ptr_array_index(selections, i);
		Row *row;

		updates += selection->update != NULL;
		if (!is_of_interest(selection) && !invocation->verbose)
			continue;
		row = row_of(selection);
		g_ptr_array_add(rows, row);
		for (int k = 0; k < COLUMN_COUNT; k++)
			widths[k] = MAX(widths[k], (int)g_utf8_strlen(row->cells[k], -1));
	}
	if (rows->len > 0)
		print_row((char *const *)heads, widths, "", "");
	for (guint i = 0; i < rows->len; i++) {
		const Row *row = g_ptr_array_index(rows, i);

		print_row(row->cells, widths, has_colors ? show_color(row->step) : "",
			  has_colors ? show_color(STEP_NONE) : "");
	}
	if (!invocation->quiet)
		printf("%s%u of %u can be updated\n", rows->len > 0 ? "\n" : "", updates,
		       selections->len);
}

static void append_error(Json *errors, const char *file, int line, const char *text)
{
	Json *json = json_new_object();

	json_set_string(json, "file", file);
	if (line > 0)
		json_set_integer(json, "line", line);
	else
		json_set_null(json, "line");
	json_set_string(json, "text", text);
	json_append(errors, json);
}

static Json *errors_json(const Survey *survey)
{
	Json *errors = json_new_array();
	g_autoptr(GTree) said = g_tree_new_full(text_compare, NULL, NULL, NULL);

	for (guint i = 0; i < survey->problems->len; i++) {
		const Problem *problem = g_ptr_array_index(survey->problems, i);

		if (problem->weight == WEIGHT_ERROR)
			append_error(errors, problem->path, problem->line, problem->text);
	}
	for (guint i = 0; i < survey->decision.selections->len; i++) {
		const Selection *selection = g_ptr_array_index(survey->decision.selections, i);
		const Offer *offer = selection->dependency->offer;

		/* What is wrong with a host is so for all that lies there. */
		if (offer != NULL && offer->error != NULL &&
		    g_tree_lookup(said, offer->error->message) == NULL) {
			append_error(errors, selection->manifest->path, selection->dependency->line,
				     offer->error->message);
			g_tree_insert(said, offer->error->message, offer->error->message);
		}
		if (selection->complaint != NULL)
			append_error(errors, survey->rules->path, 0, selection->complaint);
	}
	return errors;
}

static void print_json(const Survey *survey)
{
	g_autoptr(Json) json = json_new_object();
	Json *dependencies = json_new_array();
	g_autofree char *text = NULL;

	for (guint i = 0; i < survey->decision.selections->len; i++)
		json_append(dependencies,
			    show_selection(g_ptr_array_index(survey->decision.selections, i)));
	json_set_string(json, "repository", survey->source->name);
	json_set_string(json, "commit", survey->source->commit);
	json_set_time(json, "checked_at", survey->session->world.now);
	json_set(json, "dependencies", dependencies);
	json_set(json, "errors", errors_json(survey));
	text = json_print(json);
	puts(text);
}

static bool has_updates(const Survey *survey)
{
	for (guint i = 0; i < survey->decision.selections->len; i++)
		if (((Selection *)g_ptr_array_index(survey->decision.selections, i))->update !=
		    NULL)
			return true;
	return false;
}

static bool has_errors(const Survey *survey)
{
	return problems_errors(survey->problems) > 0 || !survey->decision.is_whole;
}

End check_command(const Invocation *invocation)
{
	g_auto(Survey) survey = { 0 };
	g_autoptr(GError) error = NULL;
	const char *place = invocation->arguments[0];

	if (place != NULL && invocation->arguments[1] != NULL) {
		fputs("upkeepd: check takes one path or URL\n", stderr);
		return END_MISUSED;
	}
	if (!survey_open(&survey, invocation, place != NULL ? place : ".", &error) ||
	    !survey_decide(&survey, NULL, NULL, &error))
		return complain(error);
	survey_say_problems(&survey);
	if (invocation->json)
		print_json(&survey);
	else
		print_table(&survey, invocation);
	if (has_errors(&survey))
		return END_FAILED;
	return invocation->exit_code && has_updates(&survey) ? END_FAILED : END_DONE;
}
