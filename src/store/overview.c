/* SPDX-License-Identifier: MIT */
#include "store/overview.h"

#include <string.h>

void overview_clear(Overview *overview)
{
	g_clear_pointer(&overview->watched, g_ptr_array_unref);
	g_clear_pointer(&overview->plans, g_ptr_array_unref);
	g_clear_pointer(&overview->backlog, g_ptr_array_unref);
	g_clear_pointer(&overview->pauses, g_ptr_array_unref);
	g_clear_pointer(&overview->last, run_totals_free);
}

bool overview_read(Store *store, int64_t now, Overview *overview, GError **error)
{
	int64_t run = 0;

	overview->now = now;
	overview->watched = queue_watched(store, error);
	if (overview->watched == NULL)
		return false;
	overview->plans = journal_plans(store, NULL, error);
	if (overview->plans == NULL)
		return false;
	overview->backlog = backlog_list(store, error);
	if (overview->backlog == NULL)
		return false;
	overview->pauses = cache_pauses(store, now, error);
	if (overview->pauses == NULL || !visit_last_run(store, &run, error))
		return false;
	overview->last = run != 0 ? visit_totals(store, run, error) : NULL;
	return run == 0 || overview->last != NULL;
}

bool overview_is_ending(int64_t expires_at, int64_t now)
{
	return expires_at != 0 && expires_at <= now + OVERVIEW_TOKEN_NOTICE_S;
}

const char *overview_state(const Watched *watched)
{
	if (watched->is_running)
		return "running";
	if (watched->is_quarantined)
		return "quarantined";
	if (watched->failure != NULL)
		return "failed";
	return watched->succeeded_at != 0 ? "ok" : "new";
}

/* Thousands of repositories have thousands of plans: nobody walks all for each. */
static guint first_of(const GPtrArray *list, const char *(*repository_of)(gconstpointer item),
		      const char *repository)
{
	guint from = 0, to = list->len;

	while (from < to) {
		guint middle = from + (to - from) / 2;

		if (strcmp(repository_of(list->pdata[middle]), repository) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static const char *repository_of_plan(gconstpointer item)
{
	return ((const PlanRecord *)item)->repository;
}

static const char *repository_of_waiting(gconstpointer item)
{
	return ((const Waiting *)item)->repository;
}

guint overview_first_plan(const Overview *overview, const char *repository)
{
	return first_of(overview->plans, repository_of_plan, repository);
}

guint overview_first_waiting(const Overview *overview, const char *repository)
{
	return first_of(overview->backlog, repository_of_waiting, repository);
}
