/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "daemon"

#include "daemon/crew.h"

#include "base/time.h"
#include "daemon/report.h"
#include "daemon/stop.h"
#include "store/queue.h"
#include "store/visit.h"

#include <signal.h>
#include <sys/wait.h>

/* Workers that may end without having taken a job before we stop trying. */
enum { BARREN_LIMIT = 3 };

struct Crew {
	const Call *call;
	Store *store;
	int64_t run;
	int limit;
	void (*tell)(void *data);
	void *data;
	GPtrArray *argv; /* of char *, NULL-terminated */
	Pool *pool;
	GPtrArray *ended; /* of Ended: what they held was not given back yet */
	int n_barren;     /* in a row */
	bool is_short;    /* the last time it was fed */
	bool is_stopping;
	guint stop_timer; /* 0: not set */
};

static void add(GPtrArray *argv, const char *option, const char *value)
{
	g_ptr_array_add(argv, g_strdup(option));
	if (value != NULL)
		g_ptr_array_add(argv, g_strdup(value));
}

/* Options first, as jobs.h of the worker has it. */
static GPtrArray *command_line(const Call *call, int64_t run, int verbosity)
{
	GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);
	const struct {
		const char *name, *value;
	} valued[] = {
		{ "--config", call->config },
		{ "--state", call->state },
		{ "--now", call->now_text },
		{ "--color", call->color },
	};
	const struct {
		const char *name;
		bool is_set;
	} flags[] = {
		{ "--json", call->json },
		{ "--offline", call->offline },
		{ "--quiet", verbosity < 0 },
		{ "--verbose", verbosity > 0 },
	};

	g_ptr_array_add(argv, program_path("upkeepd-worker"));
	for (size_t i = 0; i < G_N_ELEMENTS(valued); i++)
		if (valued[i].value != NULL)
			add(argv, valued[i].name, valued[i].value);
	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
		if (flags[i].is_set)
			add(argv, flags[i].name, NULL);
	add(argv, "jobs", NULL);
	g_ptr_array_add(argv, g_strdup_printf("%" G_GINT64_FORMAT, run));
	if (call->run_once && !call->json)
		add(argv, "report", NULL);
	if (call->dry_run)
		add(argv, "dry-run", NULL);
	g_ptr_array_add(argv, NULL);
	return argv;
}

static void on_said(void *data, const char *block, size_t length)
{
	const Crew *crew = data;

	report_put(block, length);
	if (crew->call->json)
		report_put("\n", 1);
}

/* How a worker ended, in words; NULL: as it should. */
static char *death(int status)
{
	if (WIFSIGNALED(status))
		return g_strdup_printf("signal %d (%s)", WTERMSIG(status),
				       g_strsignal(WTERMSIG(status)));
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		return g_strdup_printf("exit status %d", WEXITSTATUS(status));
	return NULL;
}

/* What the worker can no longer say itself. */
static void report_quarantine(const Crew *crew, const char *repository, const char *why)
{
	g_autoptr(Visit) visit = visit_new(crew->run, repository);
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	g_autoptr(GError) error = NULL;

	visit->is_dry = crew->call->dry_run;
	visit->started_at = call_now(crew->call);
	visit->failure = g_strdup(failure_word(FAILURE_IO));
	visit->error =
		g_strdup_printf("the worker died %d times; the last: %s", (int)QUEUE_STRIKES, why);
	g_warning("%s: %s; it is left alone for a day", repository, visit->error);
	if (!visit_record(crew->store, visit, none, &error))
		g_warning("%s", error->message);
	if (crew->call->json)
		report_error(repository, visit->error);
}

/* One worker that ended. */
typedef struct {
	pid_t pid;
	char *why; /* NULL: it ended as it should */
} Ended;

static void ended_free(void *data)
{
	g_free(((Ended *)data)->why);
	g_free(data);
}

static bool give_back(Crew *crew, const Ended *ended, GError **error)
{
	const char *why = ended->why != NULL ? ended->why : "it left its job";
	g_autofree char *repository = NULL;
	bool is_quarantined = false;

	if (!queue_release(crew->store, ended->pid, why, !crew->is_stopping, call_now(crew->call),
			   &repository, &is_quarantined, error))
		return false;
	if (repository != NULL && is_quarantined)
		report_quarantine(crew, repository, why);
	else if (repository != NULL && !crew->is_stopping)
		g_warning("%s: the worker ended: %s; trying again", repository, why);
	crew->n_barren = ended->why != NULL && repository == NULL ? crew->n_barren + 1 : 0;
	return true;
}

static bool give_all_back(Crew *crew, GError **error)
{
	while (crew->ended->len > 0) {
		if (!give_back(crew, g_ptr_array_index(crew->ended, 0), error))
			return false;
		g_ptr_array_remove_index(crew->ended, 0);
	}
	return true;
}

/* What cannot be given back now is tried again before the crew is fed, and said
 * then; while it stops, the next run finds it (queue_recover). */
static void on_ended(void *data, pid_t pid, int status)
{
	Crew *crew = data;
	Ended *ended = g_new0(Ended, 1);
	g_autoptr(GError) error = NULL;

	ended->pid = pid;
	ended->why = death(status);
	g_ptr_array_add(crew->ended, ended);
	if (!give_all_back(crew, &error))
		g_debug("%s", error->message);
	crew->tell(crew->data);
}

Crew *crew_new(const Call *call, Store *store, int64_t run, const Watching *watching,
	       void (*tell)(void *data), void *data)
{
	static const PoolEvents events = { on_said, on_ended };
	Crew *crew = g_new0(Crew, 1);

	crew->call = call;
	crew->store = store;
	crew->run = run;
	crew->tell = tell;
	crew->data = data;
	crew->ended = g_ptr_array_new_with_free_func(ended_free);
	crew->pool = pool_new(call->json ? '\n' : '\0', &events, crew);
	crew_follow(crew, watching);
	return crew;
}

void crew_free(Crew *crew)
{
	if (crew == NULL)
		return;
	if (crew->stop_timer != 0)
		g_source_remove(crew->stop_timer);
	pool_free(crew->pool);
	g_ptr_array_unref(crew->argv);
	g_ptr_array_unref(crew->ended);
	g_free(crew);
}

void crew_follow(Crew *crew, const Watching *watching)
{
	crew->limit = watching->workers;
	g_clear_pointer(&crew->argv, g_ptr_array_unref);
	crew->argv = command_line(crew->call, crew->run, watching->verbosity);
}

guint crew_size(const Crew *crew)
{
	return pool_size(crew->pool);
}

static bool kill_overdue(Crew *crew, GError **error)
{
	g_autoptr(GArray) pids = queue_overdue(crew->store, crew->run, time_now(), error);

	if (pids == NULL)
		return false;
	for (guint i = 0; i < pids->len; i++) {
		pid_t pid = g_array_index(pids, pid_t, i);

		if (pool_signal(crew->pool, pid, SIGKILL))
			g_warning("worker %d held its job beyond the lease and was killed",
				  (int)pid);
	}
	return true;
}

bool crew_feed(Crew *crew, GError **error)
{
	int64_t n_waiting = 0, n_ready = 0, n_held = 0, n_silent = 0, n_idle = 0, limit;

	if (crew->is_stopping)
		return true;
	if (!give_all_back(crew, error) || !kill_overdue(crew, error) ||
	    !queue_count(crew->store, crew->run, &n_waiting, &n_held, error) ||
	    !queue_count_ready(crew->store, crew->run, &n_ready, error) ||
	    !queue_count_silent(crew->store, crew->run, time_now(), &n_silent, error))
		return false;
	limit = crew->limit + MIN(n_silent, (int64_t)crew->limit * CREW_SPARE);
	/* Those that hold nothing are on their way to the queue, or to their end. */
	n_idle = MAX((int64_t)crew_size(crew) - n_held, 0);
	while (n_idle < n_ready && crew_size(crew) < limit) {
		if (crew->n_barren >= BARREN_LIMIT) {
			crew->n_barren = 0;
			return fail(error, FAILURE_LIMIT,
				    "%d workers in a row ended without taking a job",
				    (int)BARREN_LIMIT);
		}
		if (!pool_start(crew->pool, (char *const *)crew->argv->pdata, error))
			return false;
		n_idle++;
	}
	crew->is_short = n_idle < n_ready;
	return true;
}

bool crew_is_short(const Crew *crew)
{
	return crew->is_short;
}

static gboolean on_patience_lost(gpointer data)
{
	Crew *crew = data;

	crew->stop_timer = 0;
	(void)pool_signal(crew->pool, 0, SIGKILL);
	return G_SOURCE_REMOVE;
}

void crew_stop(Crew *crew)
{
	if (crew->is_stopping)
		return;
	crew->is_stopping = true;
	crew->stop_timer = g_timeout_add(STOP_HARD_MS, on_patience_lost, crew);
	(void)pool_signal(crew->pool, 0, SIGTERM);
}
