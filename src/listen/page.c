/* SPDX-License-Identifier: MIT */
#include "listen/page.h"

#include "base/time.h"

#include <string.h>

static const char beginning[] =
	"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>upkeepd</title>\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n"
	"<style>body{font:15px/1.45 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
	"h2{font-size:1.1em;margin:1.6em 0 .3em}table{border-collapse:collapse}"
	"td,th{padding:.15em 1em .15em 0;text-align:left;vertical-align:top}"
	".failed,.quarantined{color:#b00}.dim{color:#666}</style></head><body>\n"
	"<h1>upkeepd</h1>\n";

static void escape(GString *page, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *escaped = g_markup_escape_text(valid, -1);

	g_string_append(page, escaped);
}

static void add_time(GString *page, const char *what, int64_t at)
{
	char time[32];

	if (at == 0 || at == INT64_MAX)
		return;
	time_text(at, time, sizeof time);
	g_string_append_printf(page, " %s <time>%s</time>.", what, time);
}

/* A link only to what is one: a URL comes from a forge. */
static void add_link(GString *page, const char *url, const char *text)
{
	if (url == NULL ||
	    (!g_str_has_prefix(url, "https://") && !g_str_has_prefix(url, "http://"))) {
		escape(page, text);
		return;
	}
	g_string_append(page, "<a rel=\"noreferrer\" href=\"");
	escape(page, url);
	g_string_append(page, "\">");
	escape(page, text);
	g_string_append(page, "</a>");
}

static void add_plans(GString *page, const Overview *overview, const char *repository)
{
	bool is_any = false;

	for (guint i = overview_first_plan(overview, repository); i < overview->plans->len; i++) {
		const PlanRecord *plan = overview->plans->pdata[i];

		if (strcmp(plan->repository, repository) != 0)
			break;
		if (!is_any)
			g_string_append(page, "<table>\n");
		is_any = true;
		g_string_append_printf(page, "<tr><td class=\"dim\">%s</td><td>",
				       plan_state_word(plan->state));
		add_link(page, plan->url, plan->title);
		g_string_append(page, "</td><td class=\"dim\">");
		escape(page, plan->branch);
		g_string_append(page, "</td><td class=\"dim\">");
		escape(page, plan->reason != NULL ? plan->reason : "");
		g_string_append(page, "</td></tr>\n");
	}
	if (is_any)
		g_string_append(page, "</table>\n");
}

/* What is newer and not proposed, and why. */
static void add_backlog(GString *page, const Overview *overview, const char *repository)
{
	bool is_any = false;

	for (guint i = overview_first_waiting(overview, repository); i < overview->backlog->len;
	     i++) {
		const Waiting *waiting = overview->backlog->pdata[i];
		const char *word = waiting_word(waiting->kind);

		if (strcmp(waiting->repository, repository) != 0)
			break;
		if (!is_any)
			g_string_append(page, "<table>\n");
		is_any = true;
		g_string_append_printf(page, "<tr><td class=\"%s dim\">%s</td><td>", word, word);
		escape(page, waiting->title);
		g_string_append(page, "</td><td class=\"dim\">");
		escape(page, waiting->reason != NULL ? waiting->reason : "");
		add_time(page, "until", waiting->until);
		g_string_append(page, "</td></tr>\n");
	}
	if (is_any)
		g_string_append(page, "</table>\n");
}

static void add_repository(GString *page, const Overview *overview, const Watched *watched)
{
	const char *state = overview_state(watched);

	g_string_append(page, "<h2>");
	escape(page, watched->name);
	g_string_append_printf(page, "</h2>\n<p class=\"%s\">%s.", state, state);
	add_time(page, "Next look", watched->next_at);
	add_time(page, "Next due", watched->next_due_at);
	if (overview_is_ending(watched->token_expires_at, overview->now))
		add_time(page, "Its token ends on", watched->token_expires_at);
	if (watched->failure != NULL) {
		add_time(page, "Failed", watched->failed_at);
		g_string_append(page, "<br>");
		escape(page, watched->error != NULL ? watched->error : watched->failure);
	}
	g_string_append(page, "</p>\n");
	add_plans(page, overview, watched->name);
	add_backlog(page, overview, watched->name);
}

static void add_pauses(GString *page, const Overview *overview)
{
	for (guint i = 0; i < overview->pauses->len; i++) {
		const HostPause *pause = overview->pauses->pdata[i];

		g_string_append(page, "<p>");
		escape(page, pause->host);
		add_time(page, "wants to be left alone until", pause->until);
		g_string_append(page, "</p>\n");
	}
}

char *page_text(const Overview *overview)
{
	g_autoptr(GString) page = g_string_new(beginning);
	char time[32];

	time_text(overview->now, time, sizeof time);
	g_string_append_printf(page,
			       "<p class=\"dim\">Version " UPKEEPD_VERSION
			       ", at <time>%s</time>. <a href=\"/metrics\">Metrics</a></p>\n",
			       time);
	if (overview->watched->len == 0)
		g_string_append(page, "<p>No repositories are watched.</p>\n");
	for (guint i = 0; i < overview->watched->len; i++)
		add_repository(page, overview, overview->watched->pdata[i]);
	add_pauses(page, overview);
	g_string_append(page, "</body></html>\n");
	return g_strdup(page->str);
}
