/* SPDX-License-Identifier: MIT */
/* The service: one step after another of queueing what is due, keeping workers
 * busy, and waiting for what comes first: a due time, a worker's end, a signal,
 * or the minute's end (clocks are set, laptops sleep). */
#define G_LOG_DOMAIN "daemon"

#include "base/time.h"
#include "config/paths.h"
#include "daemon/crew.h"
#include "daemon/listener.h"
#include "daemon/notify.h"
#include "daemon/report.h"
#include "daemon/stop.h"
#include "store/queue.h"
#include "store/visit.h"

#include <glib-unix.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum {
	SECOND_MS = 1000,
	MINUTE_MS = 60 * 1000,
	STORE_WAIT_MS = 1500, /* so that SIGTERM is answered in time */
	CHECK_S = 7 * 24 * 60 * 60,
};

typedef struct {
	const Call *call;
	Store *store;
	Crew *crew;
	Listener *listener;
	GMainLoop *loop;
	int lock; /* of the state directory: one service each */
	int64_t run;
	int64_t checked_at;
	guint timer;
	bool is_stopping;
	End end;
} Service;

static void step(Service *service);

static gboolean on_timer(gpointer data)
{
	Service *service = data;

	service->timer = 0;
	step(service);
	return G_SOURCE_REMOVE;
}

static void step_after(Service *service, int64_t wait_ms)
{
	if (service->timer != 0)
		g_source_remove(service->timer);
	service->timer = g_timeout_add((guint)CLAMP(wait_ms, 0, MINUTE_MS), on_timer, service);
}

static void on_tell(void *data)
{
	Service *service = data;

	if (service->is_stopping && crew_size(service->crew) == 0)
		g_main_loop_quit(service->loop);
	else
		step_after(service, 0);
}

/* Once a week, between other things, the whole database is looked through. */
static bool look_after_store(Service *service, GError **error)
{
	if (time_now() < service->checked_at + CHECK_S)
		return true;
	service->checked_at = time_now();
	return store_check(service->store, error) &&
	       clean_up(service->store, call_now(service->call), error);
}

static bool tell_manager(Service *service, int64_t *next_at, GError **error)
{
	g_autofree char *name = NULL;
	char time[32] = "never";

	if (!queue_next_at(service->store, call_now(service->call), next_at, &name, error))
		return false;
	if (name == NULL) {
		notify("STATUS=%u at work", crew_size(service->crew));
		return true;
	}
	time_text(*next_at, time, sizeof time);
	notify("STATUS=%u at work; next: %s at %s", crew_size(service->crew), name, time);
	return true;
}

static bool try_step(Service *service, int64_t *next_at, GError **error)
{
	int64_t n_added = 0;

	return look_after_store(service, error) &&
	       queue_add_due(service->store, service->run, call_now(service->call), time_now(),
			     &n_added, error) &&
	       crew_feed(service->crew, error) && tell_manager(service, next_at, error);
}

/* How long there is nothing to do but to feed the watchdog. */
static int64_t wait_until(const Service *service, int64_t next_at)
{
	int64_t wait_ms = MINUTE_MS;

	/* With --now time stands still. */
	if (next_at < INT64_MAX / 1000 && service->call->now_text == NULL)
		wait_ms = MIN(wait_ms, (next_at - call_now(service->call)) * 1000);
	if (notify_watchdog_ms() != 0)
		wait_ms = MIN(wait_ms, notify_watchdog_ms());
	if (crew_is_short(service->crew))
		wait_ms = SECOND_MS;
	return MAX(wait_ms, SECOND_MS);
}

/* The watchdog is fed only by steps that came to their end. A damaged store is set
 * aside when it is opened, so the manager has to start us anew. */
static void step(Service *service)
{
	g_autoptr(GError) error = NULL;
	int64_t next_at = INT64_MAX;

	if (service->is_stopping)
		return;
	if (try_step(service, &next_at, &error))
		notify("WATCHDOG=1");
	else
		g_warning("%s", error->message);
	if (store_is_damaged(service->store)) {
		service->end = END_FAILED;
		g_main_loop_quit(service->loop);
		return;
	}
	step_after(service, wait_until(service, next_at));
}

static gboolean on_stop(gpointer data)
{
	Service *service = data;

	if (service->is_stopping)
		return G_SOURCE_CONTINUE;
	service->is_stopping = true;
	notify("STOPPING=1");
	g_message("stopping");
	listener_follow(service->listener, false);
	crew_stop(service->crew);
	if (crew_size(service->crew) == 0)
		g_main_loop_quit(service->loop);
	return G_SOURCE_CONTINUE;
}

/* Mistakes in new settings leave the old ones in force. */
static gboolean on_reload(gpointer data)
{
	Service *service = data;
	g_autoptr(GError) error = NULL;
	Watching watching = { 0 };

	notify("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time());
	if (watch_settings(service->call, service->store, &watching, &error)) {
		crew_follow(service->crew, &watching);
		listener_follow(service->listener, watching.has_page);
		g_message("read the settings again");
	} else {
		g_warning("the settings stay as they were: %s", error->message);
	}
	notify("READY=1");
	step_after(service, 0);
	return G_SOURCE_CONTINUE;
}

static gboolean on_summary(gpointer data)
{
	Service *service = data;
	g_autoptr(GError) error = NULL;
	g_autofree char *summary = status_summary(service->store, call_now(service->call), &error);

	if (summary == NULL)
		g_warning("%s", error->message);
	else
		g_message("%s", summary);
	return G_SOURCE_CONTINUE;
}

/* The lock ends with the process, however that ends. */
static bool lock_state(Service *service, GError **error)
{
	g_autofree char *directory = paths_state(service->call->state);
	g_autofree char *path = g_build_filename(directory, "lock", NULL);

	service->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (service->lock < 0)
		return fail(error, FAILURE_IO, "'%s': %s", path, g_strerror(errno));
	if (flock(service->lock, LOCK_EX | LOCK_NB) == 0)
		return true;
	if (errno == EWOULDBLOCK)
		return fail(error, FAILURE_IO, "another upkeepd already serves '%s'", directory);
	return fail(error, FAILURE_IO, "'%s': %s", path, g_strerror(errno));
}

static bool start(Service *service, GError **error)
{
	Watching watching = { 0 };

	service->store = open_store(service->call, error);
	if (service->store == NULL || !lock_state(service, error) ||
	    !queue_recover(service->store, call_now(service->call), time_now(), error) ||
	    !watch_settings(service->call, service->store, &watching, error) ||
	    !clean_up(service->store, call_now(service->call), error) ||
	    !queue_start_run(service->store, true, getpid(), time_now(), &service->run, error))
		return false;
	store_set_wait(service->store, STORE_WAIT_MS);
	service->crew =
		crew_new(service->call, service->store, service->run, &watching, on_tell, service);
	service->listener = listener_new(service->call);
	listener_follow(service->listener, watching.has_page);
	service->checked_at = time_now();
	return true;
}

static void work(Service *service)
{
	service->loop = g_main_loop_new(NULL, FALSE);
	stop_watch(on_stop, service);
	g_unix_signal_add(SIGHUP, on_reload, service);
	g_unix_signal_add(SIGUSR1, on_summary, service);
	notify("READY=1");
	if (service->call->json)
		report_start(service->run, call_now(service->call));
	step(service);
	g_main_loop_run(service->loop);
	g_main_loop_unref(service->loop);
}

static void say_end(const Service *service, int64_t wall_ms)
{
	g_autoptr(RunTotals) totals = visit_totals(service->store, service->run, NULL);

	if (totals != NULL)
		report_end(totals, 0, call_now(service->call), wall_ms, cpu_used_ms());
}

End serve(const Call *call)
{
	Service service = { .call = call, .lock = -1 };
	g_autoptr(GError) error = NULL;
	int64_t began = g_get_monotonic_time();

	notify_start();
	if (start(&service, &error)) {
		work(&service);
		if (!queue_end_run(service.store, service.run, time_now(), &error))
			g_warning("%s", error->message);
		if (call->json)
			say_end(&service, (g_get_monotonic_time() - began) / 1000);
		store_tidy(service.store);
	} else {
		service.end = complain(error);
	}
	listener_free(service.listener);
	crew_free(service.crew);
	store_close(service.store);
	if (service.lock >= 0)
		close(service.lock);
	return service.end;
}
