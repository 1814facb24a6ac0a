/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "worker"

#include "worker/jobs.h"

#include "base/log.h"
#include "base/time.h"
#include "store/visit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	HOUR = 60 * 60,
	FIRST_BACK_OFF = 5 * 60,
	LONGEST_BACK_OFF = 6 * HOUR,
	BETWEEN_SIGNS = QUEUE_SILENT_S / 3,
	USUAL_LOOK = HOUR, /* so that a new dependabot.yml is found within the hour */
};

/* What a worker was told, and what it holds from job to job. */
typedef struct {
	const Invocation *invocation;
	const JobWork *work;
	void *session;
	Store *store;
	int64_t run;
	TurnForm form;
	bool is_dry;
	GPtrArray *counted; /* of HostCount: requests that earlier visits have */
	int64_t bytes_counted;
	const Ticket *ticket; /* in hand; NULL; borrowed */
	int64_t signed_at;    /* the last sign of life, by the machine's clock */
} Loop;

static int64_t cpu_ms(void)
{
	struct rusage usage = { 0 };

	if (getrusage(RUSAGE_SELF, &usage) != 0)
		return 0;
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

/* ru_maxrss counts the parent's size before exec; VmHWM is our own. */
static int64_t peak_kib(void)
{
	g_autofree char *text = NULL;
	const char *line = NULL;
	guint64 peak = 0;
	g_auto(GStrv) words = NULL;

	if (!g_file_get_contents("/proc/self/status", &text, NULL, NULL))
		return 0;
	line = strstr(text, "VmHWM:");
	if (line == NULL)
		return 0;
	words = g_strsplit_set(g_strchug((char *)line + strlen("VmHWM:")), " \n", 2);
	if (!g_ascii_string_to_unsigned(words[0], 10, 0, G_MAXINT64, &peak, NULL))
		return 0;
	return (int64_t)peak;
}

int64_t jobs_retry_at(const GError *failure, int64_t failures, int64_t now)
{
	int64_t wait = FIRST_BACK_OFF;

	switch (failure_kind(failure)) {
	case FAILURE_BUSY:
		return MAX(failure_retry_at(failure), now + FIRST_BACK_OFF);
	case FAILURE_NET:
		for (int64_t i = 0; i < failures && wait < LONGEST_BACK_OFF; i++)
			wait *= 2;
		return now + MIN(wait, LONGEST_BACK_OFF);
	case FAILURE_DENIED:
		return now + LONGEST_BACK_OFF;
	case FAILURE_STOPPED:
		return now;
	case FAILURE_INPUT:
	case FAILURE_CONFIG:
	case FAILURE_ABSENT:
	case FAILURE_IO:
	case FAILURE_LIMIT:
		break;
	}
	return MAX(failure_retry_at(failure), now + USUAL_LOOK);
}

/* Who waits for answers that come is at work: without a sign of that he would be taken
 * for one that hangs, and another be started. That a lease was lost is found out before
 * the next effect. */
static void give_sign(void *data)
{
	Loop *loop = data;
	int64_t clock = time_now();
	g_autoptr(GError) error = NULL;
	bool is_held;

	if (loop->ticket == NULL || clock < loop->signed_at + BETWEEN_SIGNS)
		return;
	loop->signed_at = clock;
	if (!queue_hold(loop->store, loop->ticket, clock, &is_held, &error))
		g_debug("no sign of life: %s", error->message);
}

static int64_t requests_counted(const Loop *loop, const char *host)
{
	for (guint i = 0; i < loop->counted->len; i++) {
		const HostCount *count = loop->counted->pdata[i];

		if (strcmp(count->host, host) == 0)
			return count->requests;
	}
	return 0;
}

/* The session counts from its beginning; a visit has what came since the last. */
static void count_requests(Loop *loop, Visit *visit)
{
	Http *http = loop->work->http(loop->session);
	g_autoptr(Visit) all = NULL;
	GPtrArray *hosts = NULL;

	if (http == NULL)
		return;
	all = visit_new(loop->run, visit->repository);
	hosts = http_hosts(http);
	for (guint i = 0; i < hosts->len; i++) {
		const HttpHost *host = hosts->pdata[i];
		int64_t requests = host->requests - requests_counted(loop, host->host);

		visit_add_host(all, host->host, host->requests);
		if (requests > 0)
			visit_add_host(visit, host->host, requests);
	}
	visit->bytes = http_bytes_received(http) - loop->bytes_counted;
	loop->bytes_counted = http_bytes_received(http);
	g_ptr_array_unref(loop->counted);
	loop->counted = g_steal_pointer(&all->hosts);
}

/* Visit and end of the job in one transaction: `status` never shows one without
 * the other. A look that found nothing due is no visit: there is one an hour. */
static bool record(Loop *loop, const Turn *turn, const Visit *visit, const GError *failure,
		   GError **error)
{
	int64_t now = loop->invocation->now;
	JobEnd end = {
		.is_dry = loop->is_dry,
		.is_idle = turn->is_idle && failure == NULL,
		.next_at = turn->next_at != 0 ? turn->next_at : now + USUAL_LOOK,
		.quiet_until = turn->trouble == NULL ? turn->quiet_until : 0,
		.token_expires_at = turn->token_expires_at,
		.tip = turn->is_behind ? NULL : turn->tip,
		.failure = failure != NULL ? failure : turn->trouble,
	};

	/* A turn that came to its end has said itself when to look again, unless what
	 * it missed will pass. */
	if (failure != NULL)
		end.next_at = jobs_retry_at(failure, turn->ticket->failures, now);
	else if (turn_is_passing(turn->trouble))
		end.next_at =
			MIN(end.next_at, jobs_retry_at(turn->trouble, turn->ticket->failures, now));

	if (!store_begin(loop->store, error))
		return false;
	if ((end.is_idle || visit_record(loop->store, visit, turn->outcomes, error)) &&
	    queue_done(loop->store, turn->ticket, &end, now, error))
		return store_commit(loop->store, error);
	store_rollback(loop->store);
	return false;
}

static bool take_turn(Loop *loop, const Ticket *ticket, GError **error)
{
	g_autoptr(Turn) turn =
		turn_new(loop->invocation, loop->store, ticket, loop->form, loop->is_dry);
	g_autoptr(Visit) visit = visit_new(loop->run, ticket->repository);
	g_autoptr(GError) failure = NULL;
	const GError *trouble;
	bool is_done;
	int64_t started = g_get_monotonic_time(), cpu = cpu_ms();
	g_autofree char *job = g_strdup_printf("%" G_GINT64_FORMAT, loop->run);

	log_about(job, ticket->repository);
	turn_begin(turn);
	loop->ticket = ticket;
	loop->signed_at = 0;
	is_done = loop->work->work(loop->session, turn, &failure);
	loop->ticket = NULL;
	trouble = is_done ? turn->trouble : failure;
	if (trouble != NULL) {
		visit->failure = g_strdup(failure_word(failure_kind(trouble)));
		visit->error = g_strdup(trouble->message);
	}
	visit->is_dry = loop->is_dry;
	visit->started_at = loop->invocation->now;
	visit->duration_ms = (g_get_monotonic_time() - started) / 1000;
	visit->cpu_ms = cpu_ms() - cpu;
	visit->peak_kib = peak_kib();
	count_requests(loop, visit);
	if (!record(loop, turn, visit, failure, error))
		return false;
	turn_end(turn, failure, visit->duration_ms);
	log_about(NULL, NULL);
	return true;
}

static bool take_turns(Loop *loop, GError **error)
{
	for (int i = 0; i < JOBS_PER_WORKER && peak_kib() < JOBS_PEAK_KIB; i++) {
		g_autoptr(Ticket) ticket = NULL;

		if (!queue_take(loop->store, loop->run, getpid(), time_now(), &ticket, error))
			return false;
		if (ticket == NULL)
			return true;
		if (!take_turn(loop, ticket, error))
			return false;
	}
	return true;
}

/* Called by hand: a run of its own. */
static bool take_due_turns(Loop *loop, GError **error)
{
	int64_t n_added = 0;

	return queue_start_run(loop->store, false, getpid(), time_now(), &loop->run, error) &&
	       queue_add_due(loop->store, loop->run, loop->invocation->now, time_now(), &n_added,
			     error) &&
	       take_turns(loop, error) && queue_end_run(loop->store, loop->run, time_now(), error);
}

static bool read_words(Loop *loop, GError **error)
{
	char **words = loop->invocation->arguments;

	loop->form = loop->invocation->json ? TURN_JSON : TURN_LOG;
	for (size_t i = 0; words[i] != NULL; i++) {
		if (i == 0 &&
		    g_ascii_string_to_signed(words[i], 10, 1, INT64_MAX, &loop->run, NULL))
			continue;
		if (strcmp(words[i], "dry-run") == 0)
			loop->is_dry = true;
		else if (strcmp(words[i], "report") == 0 && loop->form != TURN_JSON)
			loop->form = TURN_REPORT;
		else
			return fail(error, FAILURE_CONFIG,
				    "jobs takes a run's number, report and dry-run, not '%s'",
				    words[i]);
	}
	return true;
}

static bool run(Loop *loop, GError **error)
{
	g_autofree char *directory = state_directory(loop->invocation);
	bool is_done = false;

	if (!read_words(loop, error))
		return false;
	loop->store = store_open(directory, loop->invocation->now, error);
	if (loop->store == NULL)
		return false;
	loop->session = loop->work->open(loop->invocation, loop->store, error);
	if (loop->session == NULL)
		return false;
	if (loop->work->http(loop->session) != NULL)
		http_watch(loop->work->http(loop->session), give_sign, loop);
	is_done = loop->run != 0 ? take_turns(loop, error) : take_due_turns(loop, error);
	loop->work->close(loop->session);
	return is_done;
}

End jobs_run(const Invocation *invocation, const JobWork *work)
{
	Loop loop = { .invocation = invocation, .work = work };
	g_autoptr(GError) error = NULL;
	End end = END_DONE;

	/* The daemon's workers end with it (style.md 3); it watches over their leases.
	 * A full disk is an error of write(), not a signal. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)signal(SIGXFSZ, SIG_IGN);
	loop.counted = g_ptr_array_new();
	if (!run(&loop, &error))
		end = complain(error);
	g_ptr_array_unref(loop.counted);
	store_close(loop.store);
	return end;
}
