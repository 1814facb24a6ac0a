/* SPDX-License-Identifier: MIT */
#include "listen/metrics.h"
#include "listen/page.h"

#define REPOSITORY "https://git.test/<a>&.git"

static void add_waiting(Overview *overview, WaitingKind kind, const char *title, const char *reason,
			int64_t until)
{
	Waiting *waiting = waiting_new(kind, "docker /", title, reason);

	waiting->repository = g_strdup(REPOSITORY);
	waiting->until = until;
	g_ptr_array_add(overview->backlog, waiting);
}

/* One repository with one that is proposed and one of each that is not. */
static void fill(Overview *overview)
{
	Watched *watched = g_new0(Watched, 1);
	PlanRecord *plan = plan_record_new();
	HostPause *pause = g_new0(HostPause, 1);

	overview->now = 1790000000;
	overview->watched = g_ptr_array_new_with_free_func((GDestroyNotify)watched_free);
	overview->plans = g_ptr_array_new_with_free_func((GDestroyNotify)plan_record_free);
	overview->backlog = waitings_new();
	overview->pauses = g_ptr_array_new_with_free_func((GDestroyNotify)host_pause_free);
	plan->repository = g_strdup(REPOSITORY);
	plan->state = PLAN_DONE;
	plan->title = g_strdup("Bump w from 1 to 2");
	plan->branch = g_strdup("upkeepd/w-2");
	plan->reason = g_strdup("no <options>");
	g_ptr_array_add(overview->plans, plan);
	watched->name = g_strdup(REPOSITORY);
	watched->token_expires_at = overview->now + OVERVIEW_TOKEN_NOTICE_S;
	g_ptr_array_add(overview->watched, watched);
	pause->host = g_strdup("h for \"x\"");
	pause->until = 1790000060;
	g_ptr_array_add(overview->pauses, pause);
	add_waiting(overview, WAITING_HELD, "golang 1.23.0 in /", NULL, 1790000000);
	add_waiting(overview, WAITING_LIMITED, "Bump <b>x</b> from 1 to 2", NULL, 0);
	add_waiting(overview, WAITING_LIMITED, "Bump y from 1 to 2", NULL, 0);
	add_waiting(overview, WAITING_FAILED, "Bump z from 1 to 2", "no \"zip\" & <no> sum", 0);
}

static void the_page_lists_what_is_open_or_not_and_why(void)
{
	static const char *const parts[] = {
		"<td class=\"dim\">upkeepd/w-2</td><td class=\"dim\">no &lt;options&gt;</td>",
		"<td class=\"held dim\">held</td><td>golang 1.23.0 in /</td>",
		" until <time>2026-09-21T14:13:20Z</time>",
		" Its token ends on <time>2026-10-05T14:13:20Z</time>.",
		"limited</td><td>Bump &lt;b&gt;x&lt;/b&gt; from 1 to 2</td>",
		("failed</td><td>Bump z from 1 to 2</td><td class=\"dim\">no &quot;zip&quot; &amp; "
		 "&lt;no&gt; sum</td>"),
	};
	g_auto(Overview) overview = { 0 };
	g_autofree char *page = NULL;

	fill(&overview);
	page = page_text(&overview);
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (strstr(page, parts[i]) == NULL)
			g_test_fail_printf("'%s' is not in %s", parts[i], page);
	g_assert_null(strstr(page, "<b>"));
	g_assert_null(strstr(page, "<a>"));
}

static void metrics_count_it(void)
{
	static const char *const lines[] = {
		"\n# TYPE upkeepd_updates_waiting gauge\n",
		"\nupkeepd_updates_waiting{state=\"held\"} 1\n",
		"\nupkeepd_updates_waiting{state=\"limited\"} 2\n",
		"\nupkeepd_updates_waiting{state=\"skipped\"} 0\n",
		"\nupkeepd_updates_waiting{state=\"failed\"} 1\n",
		"\nupkeepd_repository_token_expiry_timestamp_seconds{repository=\"" REPOSITORY
		"\"} 1791209600\n",
		"\nupkeepd_host_pause_end_timestamp_seconds{host=\"h for \\\"x\\\"\"} 1790000060\n",
	};
	g_auto(Overview) overview = { 0 };
	g_autofree char *text = NULL;

	fill(&overview);
	text = metrics_text(&overview);
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
		if (strstr(text, lines[i]) == NULL)
			g_test_fail_printf("'%s' is not in %s", lines[i], text);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/page/lists_what_is_open_or_not_and_why",
			the_page_lists_what_is_open_or_not_and_why);
	g_test_add_func("/page/metrics_count_it", metrics_count_it);
	return g_test_run();
}
