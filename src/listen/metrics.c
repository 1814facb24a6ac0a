/* SPDX-License-Identifier: MIT */
#include "listen/metrics.h"

#include <string.h>

static void head(GString *text, const char *name, const char *help)
{
	g_string_append_printf(text, "# HELP upkeepd_%s %s\n# TYPE upkeepd_%s gauge\n", name, help,
			       name);
}

/* One sample; `label` NULL: without. Values of labels are escaped. */
static void sample(GString *text, const char *name, const char *label, const char *value,
		   int64_t number)
{
	g_string_append_printf(text, "upkeepd_%s", name);
	if (label != NULL) {
		g_string_append_printf(text, "{%s=\"", label);
		for (const char *p = value; *p != '\0'; p++) {
			if (*p == '\n') {
				g_string_append(text, "\\n");
				continue;
			}
			if (*p == '\\' || *p == '"')
				g_string_append_c(text, '\\');
			g_string_append_c(text, *p);
		}
		g_string_append(text, "\"}");
	}
	g_string_append_printf(text, " %" G_GINT64_FORMAT "\n", number);
}

static void count_repositories(const Overview *overview, GString *text)
{
	static const char *const states[] = { "ok", "failed", "running", "quarantined", "new" };

	head(text, "repositories", "Watched repositories, by how they are.");
	for (size_t i = 0; i < G_N_ELEMENTS(states); i++) {
		int64_t count = 0;

		for (guint k = 0; k < overview->watched->len; k++)
			count +=
				strcmp(overview_state(overview->watched->pdata[k]), states[i]) == 0;
		sample(text, "repositories", "state", states[i], count);
	}
}

static void count_proposals(const Overview *overview, GString *text)
{
	head(text, "proposals", "Branches and proposals that stand, by state.");
	for (PlanState state = PLAN_PLANNED; state <= PLAN_SUPERSEDED; state++) {
		int64_t count = 0;

		for (guint i = 0; i < overview->plans->len; i++)
			count += ((const PlanRecord *)overview->plans->pdata[i])->state == state;
		sample(text, "proposals", "state", plan_state_word(state), count);
	}
}

static void count_backlog(const Overview *overview, GString *text)
{
	head(text, "updates_waiting", "Updates that are known and not proposed, by why.");
	for (int kind = 0; kind < WAITING_KINDS; kind++) {
		int64_t count = 0;

		for (guint i = 0; i < overview->backlog->len; i++)
			count += ((const Waiting *)overview->backlog->pdata[i])->kind ==
				 (WaitingKind)kind;
		sample(text, "updates_waiting", "state", waiting_word((WaitingKind)kind), count);
	}
}

/* One number of each repository; 0 is unknown, and left out where it is a time. */
static void each_repository(const Overview *overview, GString *text, const char *name,
			    const char *help, int64_t (*number)(const Watched *watched),
			    bool is_time)
{
	head(text, name, help);
	for (guint i = 0; i < overview->watched->len; i++) {
		const Watched *watched = overview->watched->pdata[i];
		int64_t value = number(watched);

		if (!is_time || (value != 0 && value != INT64_MAX))
			sample(text, name, "repository", watched->name, value);
	}
}

static int64_t succeeded_at(const Watched *watched)
{
	return watched->succeeded_at;
}

static int64_t next_at(const Watched *watched)
{
	return watched->next_at;
}

static int64_t token_expires_at(const Watched *watched)
{
	return watched->token_expires_at;
}

static int64_t failures(const Watched *watched)
{
	return watched->failures;
}

static void describe_last_run(const RunTotals *last, GString *text)
{
	head(text, "last_run_start_timestamp_seconds", "When the last run began.");
	sample(text, "last_run_start_timestamp_seconds", NULL, NULL, last->started_at);
	head(text, "last_run_visits", "Visits of repositories in the last run.");
	sample(text, "last_run_visits", NULL, NULL, last->n_visits);
	head(text, "last_run_failed_visits", "Those in which something failed.");
	sample(text, "last_run_failed_visits", NULL, NULL, last->n_failed);
	head(text, "last_run_peak_bytes", "The most memory that a worker of it used.");
	sample(text, "last_run_peak_bytes", NULL, NULL, last->peak_kib * 1024);
	head(text, "last_run_received_bytes", "Bytes that it received.");
	sample(text, "last_run_received_bytes", NULL, NULL, last->bytes);
	head(text, "last_run_outcomes", "What became of its plans.");
	for (Action action = ACTION_CREATED; action < ACTION_DRY_RUN; action++)
		sample(text, "last_run_outcomes", "action", action_word(action),
		       last->actions[action]);
	head(text, "last_run_requests", "Requests that it made, by host.");
	for (guint i = 0; i < last->hosts->len; i++) {
		const HostCount *count = last->hosts->pdata[i];

		sample(text, "last_run_requests", "host", count->host, count->requests);
	}
}

char *metrics_text(const Overview *overview)
{
	g_autoptr(GString) text = g_string_new(NULL);

	head(text, "info", "The program.");
	sample(text, "info", "version", UPKEEPD_VERSION, 1);
	count_repositories(overview, text);
	count_proposals(overview, text);
	count_backlog(overview, text);
	each_repository(overview, text, "repository_last_success_timestamp_seconds",
			"When a repository was last done without failure.", succeeded_at, true);
	each_repository(overview, text, "repository_next_look_timestamp_seconds",
			"When a repository is looked at next.", next_at, true);
	each_repository(overview, text, "repository_token_expiry_timestamp_seconds",
			"When the token of a repository ends, where its forge tells.",
			token_expires_at, true);
	each_repository(overview, text, "repository_failures",
			"How often in a row a repository has failed.", failures, false);
	head(text, "host_pause_end_timestamp_seconds", "Until when a host wants to be left alone.");
	for (guint i = 0; i < overview->pauses->len; i++) {
		const HostPause *pause = overview->pauses->pdata[i];

		sample(text, "host_pause_end_timestamp_seconds", "host", pause->host, pause->until);
	}
	if (overview->last != NULL)
		describe_last_run(overview->last, text);
	return g_strdup(text->str);
}
