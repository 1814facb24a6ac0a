/* SPDX-License-Identifier: MIT */
#include "base/time.h"
#include "net/http.h"
#include "net/loopback.h"
#include "store/directory.h"
#include "store/visit.h"
#include "worker/jobs.h"

#include <string.h>
#include <unistd.h>

#define DAY (24 * 60 * 60)

static const struct {
	const char *name;
	FailureKind kind;
	int64_t told;     /* when to try again, after now; 0: not told */
	int64_t failures; /* before */
	int64_t after;
} retries[] = {
	{ "net_at_first", FAILURE_NET, 0, 0, 5 * 60 },
	{ "net_again", FAILURE_NET, 0, 1, 10 * 60 },
	{ "net_for_days", FAILURE_NET, 0, 50, 6 * 60 * 60 },
	{ "net_for_ever", FAILURE_NET, 0, INT64_MAX, 6 * 60 * 60 },
	{ "busy_as_told", FAILURE_BUSY, 3600, 0, 3600 },
	{ "busy_without_a_word", FAILURE_BUSY, 0, 0, 5 * 60 },
	{ "busy_for_a_moment", FAILURE_BUSY, 2, 0, 5 * 60 },
	{ "denied", FAILURE_DENIED, 0, 0, 6 * 60 * 60 },
	{ "input", FAILURE_INPUT, 0, 9, 60 * 60 },
	{ "input_as_told", FAILURE_INPUT, 86400, 0, 86400 },
	{ "disk", FAILURE_IO, 0, 0, 60 * 60 },
	{ "stopped", FAILURE_STOPPED, 0, 0, 0 },
};

static void retried(gconstpointer data)
{
	size_t row = GPOINTER_TO_SIZE(data);
	g_autoptr(GError) error = NULL;
	int64_t told = retries[row].told;

	fail_until(&error, retries[row].kind, told != 0 ? NOW + told : 0, "some reason");
	g_assert_cmpint(jobs_retry_at(error, retries[row].failures, NOW), ==,
			NOW + retries[row].after);
}

/* The work of the tests: what a repository's last letter says. */
typedef struct {
	int n_turns;
} Session;

static void *session_open_for_test(const Invocation *invocation, Store *store, GError **error)
{
	(void)store;
	if (invocation->offline)
		return fail_null(error, FAILURE_CONFIG, "no session today");
	return g_new0(Session, 1);
}

static bool session_work(void *data, Turn *turn, GError **error)
{
	Session *session = data;
	g_autoptr(GError) mistake = NULL;
	const char *name = turn->ticket->repository;

	session->n_turns++;
	turn->tip = g_strdup("0123");
	if (g_str_has_suffix(name, "f"))
		return fail(error, FAILURE_NET, "reset by peer");
	if (g_str_has_suffix(name, "n")) {
		turn->next_at = NOW + 7 * DAY;
		return true;
	}
	fail(&mistake, FAILURE_INPUT, "unknown directive");
	turn_error(turn, (Place){ "go.mod", 3, 1 }, mistake);
	turn_outcome(turn, outcome_new("upkeepd/docker/a-1", ACTION_CREATED), "Bump a");
	return true;
}

static Http *session_http(void *data)
{
	(void)data;
	return NULL;
}

static const JobWork work = { session_open_for_test, session_work, session_http, g_free };

static void watch(Store *store, const char *const *names)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	g_autoptr(GPtrArray) owners = g_ptr_array_new();

	for (size_t i = 0; names[i] != NULL; i++)
		g_ptr_array_add(list, (gpointer)names[i]);
	GOOD(queue_watch(store, list, owners, &error));
}

/* Runs the loop on all that is due, as `upkeepd-worker jobs` by hand. */
static End run(const Directory *directory, const char *const *words, bool is_json)
{
	const Invocation invocation = {
		.state = directory->path, .now = NOW, .json = is_json, .arguments = (char **)words
	};

	return jobs_run(&invocation, &work);
}

static void turns_are_taken_and_recorded(Directory *directory, gconstpointer data)
{
	static const char *const names[] = { "/a", "/f", "/n", NULL };
	static const char *const words[] = { NULL };
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) watched = NULL;
	g_autoptr(RunTotals) totals = NULL;
	int64_t run_number = 0;

	(void)data;
	watch(store, names);
	g_test_expect_message("worker", G_LOG_LEVEL_WARNING, "go.mod:3:1: unknown directive");
	g_test_expect_message("worker", G_LOG_LEVEL_WARNING, "reset by peer");
	g_assert_cmpint(run(directory, words, false), ==, END_DONE);
	g_test_assert_expected_messages();
	watched = queue_watched(store, NULL);
	for (guint i = 0; i < watched->len; i++) {
		const Watched *one = watched->pdata[i];

		g_assert_false(one->is_running);
		g_assert_cmpstr(one->tip, ==, "0123");
		g_assert_cmpint(one->next_at, ==,
				NOW + (i == 0   ? 60 * 60
				       : i == 1 ? 5 * 60
						: 7 * DAY));
	}
	GOOD(visit_last_run(store, &run_number, &error));
	totals = visit_totals(store, run_number, NULL);
	g_assert_cmpint(totals->n_visits, ==, 3);
	g_assert_cmpint(totals->n_failed, ==, 2);
	g_assert_cmpint(totals->actions[ACTION_CREATED], ==, 1);
	g_assert_cmpint(totals->peak_kib, >, 100);
}

/* A session that asks a server. */
typedef struct {
	Http *http;
	Loopback *server;
} Asker;

static void *asker_open(const Invocation *invocation, Store *store, GError **error)
{
	static const Page pages[] = { { "/a", { "200\n\n" } }, { NULL, { NULL } } };
	const HttpOptions options = { 0 };
	Asker *asker = g_new0(Asker, 1);

	(void)store;
	(void)error;
	asker->http = http_new(&options, NULL, invocation->now);
	asker->server = loopback_new(pages);
	return asker;
}

/* As if nothing had been heard of the worker for a while. */
static void fall_silent(Store *store, const Ticket *ticket)
{
	bool is_held = false;

	GOOD(queue_hold(store, ticket, time_now() - QUEUE_SILENT_S, &is_held, &error));
	g_assert_true(is_held);
}

static int64_t count_silent(Store *store, const Ticket *ticket)
{
	int64_t n_silent = 0;

	GOOD(queue_count_silent(store, ticket->run, time_now(), &n_silent, &error));
	return n_silent;
}

static bool asker_work(void *data, Turn *turn, GError **error)
{
	Asker *asker = data;
	g_autofree char *url = loopback_url(asker->server, "/a");
	g_autoptr(HttpRequest) request = http_request_new(HTTP_GET, url);

	(void)error;
	fall_silent(turn->store, turn->ticket);
	g_assert_cmpint(count_silent(turn->store, turn->ticket), ==, 1);
	http_get(asker->http, request, HTTP_NO_CACHE);
	g_assert_cmpint(request->status, ==, 200);
	g_assert_cmpint(count_silent(turn->store, turn->ticket), ==, 0);
	return true;
}

static Http *asker_http(void *data)
{
	return ((Asker *)data)->http;
}

static void asker_close(void *data)
{
	Asker *asker = data;

	http_free(asker->http);
	loopback_free(asker->server);
	g_free(asker);
}

static void who_gets_answers_gives_signs_of_life(Directory *directory, gconstpointer data)
{
	static const JobWork asking = { asker_open, asker_work, asker_http, asker_close };
	static const char *const names[] = { "/n", NULL };
	static char *words[] = { NULL };
	const Invocation invocation = { .state = directory->path, .now = NOW, .arguments = words };
	g_autoptr(Store) store = directory_open(directory);

	(void)data;
	watch(store, names);
	g_assert_cmpint(jobs_run(&invocation, &asking), ==, END_DONE);
}

static void a_dry_run_is_counted_and_forgotten(Directory *directory, gconstpointer data)
{
	static const char *const names[] = { "/n", NULL };
	static const char *const words[] = { "dry-run", NULL };
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Watched) found = NULL;
	int64_t run_number = -1;

	(void)data;
	watch(store, names);
	g_assert_cmpint(run(directory, words, false), ==, END_DONE);
	GOOD(queue_find(store, "/n", &found, &error));
	g_assert_cmpint(found->next_at, ==, 0);
	GOOD(visit_last_run(store, &run_number, &error));
	g_assert_cmpint(run_number, ==, 0);
}

static void a_worker_leaves_after_its_share(Directory *directory, gconstpointer data)
{
	static const char *const words[] = { NULL };
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) owners = g_ptr_array_new();
	g_autoptr(RunTotals) totals = NULL;
	int64_t run_number = 0;

	(void)data;
	for (int i = 0; i < JOBS_PER_WORKER + 5; i++)
		g_ptr_array_add(list, g_strdup_printf("/%02d-n", i));
	GOOD(queue_watch(store, list, owners, &error));
	g_assert_cmpint(run(directory, words, false), ==, END_DONE);
	GOOD(visit_last_run(store, &run_number, &error));
	totals = visit_totals(store, run_number, NULL);
	g_assert_cmpint(totals->n_visits, ==, JOBS_PER_WORKER);
}

/* What is printed, seen from outside. */
static void says(const char *const *words, bool is_json)
{
	static const char *const names[] = { "/a", "/f", "/n", NULL };
	Directory directory = { NULL };

	directory_make(&directory, NULL);
	{
		g_autoptr(Store) store = directory_open(&directory);

		watch(store, names);
	}
	g_assert_cmpint(run(&directory, words, is_json), ==, END_DONE);
	directory_remove(&directory, NULL);
}

static void says_events(void)
{
	static const char *const words[] = { NULL };

	says(words, true);
}

static void says_reports(void)
{
	static const char *const words[] = { "report", NULL };

	says(words, false);
}

static void events_are_lines_of_json(void)
{
	g_test_trap_subprocess("/jobs/subprocess/events", 0, G_TEST_SUBPROCESS_DEFAULT);
	g_test_trap_assert_passed();
	g_test_trap_assert_stdout("*{\"event\":\"repository-start\",\"repository\":\"/a\"}\n"
				  "{\"event\":\"error\",\"repository\":\"/a\",\"file\":\"go.mod\","
				  "\"line\":3,\"column\":1,\"text\":\"unknown directive\"}\n"
				  "{\"event\":\"outcome\",\"repository\":\"/a\",\"branch\":"
				  "\"upkeepd/docker/a-1\",\"commit\":null,\"action\":\"created\","
				  "\"proposal_url\":null,\"error\":null}\n"
				  "{\"event\":\"repository-end\",\"repository\":\"/a\","
				  "\"commit\":\"0123\",\"status\":\"done\",\"plans\":1,*}\n"
				  "{\"event\":\"repository-start\",\"repository\":\"/f\"}\n"
				  "{\"event\":\"error\",\"repository\":\"/f\","
				  "\"text\":\"reset by peer\"}\n*");
}

static void reports_come_whole(void)
{
	g_test_trap_subprocess("/jobs/subprocess/reports", 0, G_TEST_SUBPROCESS_DEFAULT);
	g_test_trap_assert_passed();
	/* GTest shows standard output up to the first NUL. */
	g_test_trap_assert_stdout("*/a\n  go.mod:3:1: error: unknown directive\n"
				  "  created upkeepd/docker/a-1: Bump a\n");
}

static void wrong_words_are_refused(void)
{
	g_test_trap_subprocess("/jobs/subprocess/words", 0, G_TEST_SUBPROCESS_DEFAULT);
	g_test_trap_assert_failed();
	g_test_trap_assert_stderr("*not '0'*");
}

static void says_wrong_words(void)
{
	static const char *const words[] = { "0", "sideways", NULL };
	const Invocation invocation = { .now = NOW, .arguments = (char **)words };

	_exit((int)jobs_run(&invocation, &work));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(retries); i++) {
		g_autofree char *path = g_strdup_printf("/jobs/retry/%s", retries[i].name);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), retried);
	}
	store_test("/jobs/turns_are_taken_and_recorded", turns_are_taken_and_recorded);
	store_test("/jobs/who_gets_answers_gives_signs_of_life",
		   who_gets_answers_gives_signs_of_life);
	store_test("/jobs/a_dry_run_is_counted_and_forgotten", a_dry_run_is_counted_and_forgotten);
	store_test("/jobs/a_worker_leaves_after_its_share", a_worker_leaves_after_its_share);
	g_test_add_func("/jobs/events_are_lines_of_json", events_are_lines_of_json);
	g_test_add_func("/jobs/reports_come_whole", reports_come_whole);
	g_test_add_func("/jobs/wrong_words_are_refused", wrong_words_are_refused);
	g_test_add_func("/jobs/subprocess/events", says_events);
	g_test_add_func("/jobs/subprocess/reports", says_reports);
	g_test_add_func("/jobs/subprocess/words", says_wrong_words);
	return g_test_run();
}
