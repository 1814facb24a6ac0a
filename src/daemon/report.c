/* SPDX-License-Identifier: MIT */
#include "daemon/report.h"

#include "base/json.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Whether a progress line stands on the terminal. There is one terminal. */
static bool has_progress;

static void erase_progress(void)
{
	if (has_progress)
		fputs("\r\033[K", stderr);
	has_progress = false;
}

void report_put(const char *text, size_t length)
{
	erase_progress();
	fwrite(text, 1, length, stdout);
	fflush(stdout);
}

/* Kept to one row of a narrow terminal: a row that wraps cannot be erased. */
void report_progress(int64_t n_done, int64_t n_all, const char *name)
{
	g_autofree char *text = g_strdup_printf(
		"%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT " repositories%s%s", n_done, n_all,
		name != NULL ? ", waiting for " : "", name != NULL ? name : "");
	g_autofree char *line = text_one_line(text);
	g_autofree char *row = g_utf8_substring(line, 0, MIN(g_utf8_strlen(line, -1), 79));

	erase_progress();
	has_progress = true;
	fputs(row, stderr);
}

static Json *event_of(const char *name)
{
	Json *event = json_new_object();

	json_set_string(event, "event", name);
	return event;
}

static void put_event(Json *event)
{
	g_autofree char *text = json_print(event);
	g_autofree char *line = g_strconcat(text, "\n", NULL);

	report_put(line, strlen(line));
	json_free(event);
}

void report_start(int64_t run, int64_t now)
{
	Json *event = event_of("run-start");

	json_set_integer(event, "run", run);
	json_set_time(event, "at", now);
	json_set_string(event, "version", UPKEEPD_VERSION);
	put_event(event);
}

void report_fill(Json *object, const RunTotals *totals)
{
	Json *repositories = json_new_object(), *actions = json_new_object();
	Json *requests = json_new_object();

	json_set_integer(repositories, "visited", totals->n_visits);
	json_set_integer(repositories, "failed", totals->n_failed);
	for (size_t i = 0; i < G_N_ELEMENTS(totals->actions); i++)
		if (totals->actions[i] > 0)
			json_set_integer(actions, action_word((Action)i), totals->actions[i]);
	for (guint i = 0; i < totals->hosts->len; i++) {
		const HostCount *count = totals->hosts->pdata[i];

		json_set_integer(requests, count->host, count->requests);
	}
	json_set(object, "repositories", repositories);
	json_set(object, "actions", actions);
	json_set(object, "requests", requests);
	json_set_integer(object, "bytes_received", totals->bytes);
	json_set_integer(object, "peak_resident_kib", totals->peak_kib);
}

void report_end(const RunTotals *totals, int64_t n_busy, int64_t now, int64_t wall_ms,
		int64_t cpu_ms)
{
	Json *event = event_of("run-end");

	json_set_integer(event, "run", totals->run);
	json_set_time(event, "at", now);
	json_set_integer(event, "busy_elsewhere", n_busy);
	report_fill(event, totals);
	json_set_number(event, "wall_seconds", (double)wall_ms / 1000);
	json_set_number(event, "cpu_seconds", (double)cpu_ms / 1000);
	put_event(event);
}

void report_error(const char *repository, const char *text)
{
	Json *event = event_of("error");

	json_set_string(event, "repository", repository);
	json_set_string(event, "text", text);
	put_event(event);
}

void report_totals(const RunTotals *totals, int64_t wall_ms)
{
	GString *text = g_string_new(NULL);
	int64_t n_requests = 0;

	for (guint i = 0; i < totals->hosts->len; i++)
		n_requests += ((const HostCount *)totals->hosts->pdata[i])->requests;
	g_string_append_printf(text, "%" G_GINT64_FORMAT " repositories", totals->n_visits);
	if (totals->n_failed > 0)
		g_string_append_printf(text, ", %" G_GINT64_FORMAT " failed", totals->n_failed);
	for (size_t i = 0; i < G_N_ELEMENTS(totals->actions); i++)
		if (totals->actions[i] > 0)
			g_string_append_printf(text, ", %" G_GINT64_FORMAT " %s",
					       totals->actions[i], action_word((Action)i));
	g_string_append_printf(text, "; %" G_GINT64_FORMAT " requests, %.1f MB, %.1f s\n",
			       n_requests, (double)totals->bytes / 1e6, (double)wall_ms / 1000);
	report_put(text->str, text->len);
	g_string_free(text, TRUE);
}
