/* SPDX-License-Identifier: MIT */
/* --run-once: queue what was asked for, work until nothing waits, say what became
 * of it. It takes leases, not the service's lock: both may run at a time, and
 * neither touches what the other has in hand. */
#define G_LOG_DOMAIN "daemon"

#include "base/time.h"
#include "daemon/crew.h"
#include "daemon/report.h"
#include "daemon/stop.h"
#include "store/queue.h"
#include "store/visit.h"

#include <glib-unix.h>

#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { STEP_MS = 1000, PROGRESS_MS = 500 };

typedef struct {
	const Call *call;
	Store *store;
	Crew *crew;
	GMainLoop *loop;
	Watching watching;
	int64_t run;
	int64_t n_busy;
	bool is_stopping, has_failed;
} Once;

static gboolean on_progress(gpointer data)
{
	Once *once = data;
	g_autoptr(RunTotals) totals = visit_totals(once->store, once->run, NULL);
	g_autofree char *name = NULL;
	int64_t n_waiting = 0, n_held = 0;

	if (totals != NULL && queue_count(once->store, once->run, &n_waiting, &n_held, NULL) &&
	    queue_oldest(once->store, once->run, &name, NULL))
		report_progress(totals->n_visits, totals->n_visits + n_waiting + n_held, name);
	return G_SOURCE_CONTINUE;
}

/* Feeds the crew; quits when neither jobs nor workers are left. */
static void step(Once *once)
{
	g_autoptr(GError) error = NULL;

	if (!once->is_stopping && !crew_feed(once->crew, &error)) {
		once->has_failed = true;
		once->is_stopping = true;
		(void)complain(error);
		crew_stop(once->crew);
	}
	if (crew_size(once->crew) == 0)
		g_main_loop_quit(once->loop);
}

static gboolean on_step(gpointer data)
{
	step(data);
	return G_SOURCE_CONTINUE;
}

static void on_tell(void *data)
{
	step(data);
}

static gboolean on_stop(gpointer data)
{
	Once *once = data;

	once->is_stopping = true;
	crew_stop(once->crew);
	step(once);
	return G_SOURCE_CONTINUE;
}

/* A name of the settings, or the end of exactly one of them: "acme/shop". */
static bool resolve(const GPtrArray *watched, const char *word, const Watched **found,
		    GError **error)
{
	g_autofree char *end = g_strconcat("/", word, NULL);
	g_autofree char *end_git = g_strconcat(end, ".git", NULL);
	guint n_found = 0;

	for (guint i = 0; i < watched->len; i++) {
		const Watched *one = watched->pdata[i];

		if (strcmp(one->name, word) == 0) {
			*found = one;
			return true;
		}
		if (g_str_has_suffix(one->name, end) || g_str_has_suffix(one->name, end_git)) {
			*found = one;
			n_found++;
		}
	}
	if (n_found == 1)
		return true;
	return fail(error, FAILURE_CONFIG,
		    n_found == 0 ? "no watched repository is called '%s'"
				 : "more than one watched repository ends in '%s'",
		    word);
}

static bool add(Once *once, const Watched *watched, GError **error)
{
	QueueAnswer answer = QUEUE_ADDED;

	if (once->call->due && watched->next_at > call_now(once->call) &&
	    watched->next_at <= call_now(once->call) + QUEUE_FAR_S)
		return true;
	if (!queue_add(once->store, once->run, watched->name, once->call->due, time_now(), &answer,
		       error))
		return false;
	if (answer == QUEUE_BUSY) {
		once->n_busy++;
		g_message("%s: another upkeepd is at work on it", watched->name);
	}
	return true;
}

static bool add_all(Once *once, GError **error)
{
	g_autoptr(GPtrArray) watched = NULL;
	char **words = once->call->arguments;
	const Watched *found = NULL;

	if (once->call->due && words[0] == NULL) {
		int64_t n_added = 0;

		return queue_add_due(once->store, once->run, call_now(once->call), time_now(),
				     &n_added, error);
	}
	watched = queue_watched(once->store, error);
	if (watched == NULL)
		return false;
	for (size_t i = 0; words[i] != NULL; i++)
		if (!resolve(watched, words[i], &found, error))
			return false;
	for (size_t i = 0; words[i] != NULL; i++)
		if (!resolve(watched, words[i], &found, error) || !add(once, found, error))
			return false;
	for (guint i = 0; words[0] == NULL && i < watched->len; i++) {
		found = watched->pdata[i];
		/* What lies below an owner is queued by the worker that asks the forge. */
		if (found->owner == NULL && !add(once, found, error))
			return false;
	}
	return true;
}

/* The hourly heartbeat of a timer mostly finds nothing due, and then writes
 * nothing (operations.md 7.2). */
static bool is_idle(const Once *once, bool *is_nothing_due, GError **error)
{
	g_autofree char *name = NULL;
	int64_t at = 0;

	if (!queue_next_at(once->store, call_now(once->call), &at, &name, error))
		return false;
	*is_nothing_due = once->call->due && at > call_now(once->call);
	return true;
}

static bool start(Once *once, GError **error)
{
	bool is_nothing_due = false;

	once->store = open_store(once->call, error);
	if (once->store == NULL ||
	    !queue_recover(once->store, call_now(once->call), time_now(), error) ||
	    !watch_settings(once->call, once->store, &once->watching, error) ||
	    !is_idle(once, &is_nothing_due, error))
		return false;
	if (is_nothing_due)
		return true;
	if (!queue_start_run(once->store, false, getpid(), time_now(), &once->run, error))
		return false;
	once->crew = crew_new(once->call, once->store, once->run, &once->watching, on_tell, once);
	return add_all(once, error);
}

static void work(Once *once)
{
	once->loop = g_main_loop_new(NULL, FALSE);
	stop_watch(on_stop, once);
	g_unix_signal_add(SIGHUP, on_stop, once); /* its terminal was closed */
	g_timeout_add(STEP_MS, on_step, once);
	if (!once->call->quiet && isatty(STDERR_FILENO))
		g_timeout_add(PROGRESS_MS, on_progress, once);
	step(once);
	if (crew_size(once->crew) > 0)
		g_main_loop_run(once->loop);
	g_main_loop_unref(once->loop);
	report_put("", 0); /* without the progress line */
}

/* A repository that the settings have wrong is one that failed. */
static End judge(const Once *once, const RunTotals *totals)
{
	int64_t n_failed = totals->n_failed + once->watching.n_unusable;

	if (once->has_failed)
		return END_FAILED;
	if (once->is_stopping)
		return END_SIGNALLED;
	if (n_failed == 0)
		return END_DONE;
	return totals->n_failed < totals->n_visits ? END_SOME_FAILED : END_FAILED;
}

static End finish(Once *once, int64_t wall_ms, GError **error)
{
	g_autoptr(RunTotals) totals = NULL;

	if (queue_end_run(once->store, once->run, time_now(), error))
		totals = visit_totals(once->store, once->run, error);
	if (totals == NULL) /* has_failed: that was said before */
		return once->has_failed ? END_FAILED : complain(*error);
	if (once->call->json)
		report_end(totals, once->n_busy, call_now(once->call), wall_ms, cpu_used_ms());
	else if (!once->call->quiet && once->crew != NULL) /* cron would mail it */
		report_totals(totals, wall_ms);
	if (totals->n_visits > 0 && !clean_up(once->store, call_now(once->call), error))
		return complain(*error);
	return judge(once, totals);
}

End run_once(const Call *call)
{
	Once once = { .call = call };
	g_autoptr(GError) error = NULL;
	int64_t began = g_get_monotonic_time();
	End end = END_DONE;

	if (start(&once, &error)) {
		if (call->json)
			report_start(once.run, call_now(call));
		if (once.crew != NULL)
			work(&once);
		end = finish(&once, (g_get_monotonic_time() - began) / 1000, &error);
	} else {
		end = complain(error);
		if (once.run != 0)
			(void)!queue_end_run(once.store, once.run, time_now(), NULL);
	}
	crew_free(once.crew);
	store_close(once.store);
	return end;
}
