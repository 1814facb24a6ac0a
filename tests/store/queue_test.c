/* SPDX-License-Identifier: MIT */
#include "store/directory.h"
#include "store/queue.h"

#include <sys/wait.h>
#include <unistd.h>

#define CLOCK (NOW + 777)
#define A     "https://git.test/team/a.git"
#define B     "https://git.test/team/b.git"
#define OWNER "https://git.test/acme"

/* A list of up to three words. */
static GPtrArray *list(const char *first, const char *second, const char *third)
{
	const char *const words[] = { first, second, third };
	GPtrArray *array = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < G_N_ELEMENTS(words) && words[i] != NULL; i++)
		g_ptr_array_add(array, g_strdup(words[i]));
	return array;
}

static void watch(Store *store, const char *first, const char *second, const char *owner)
{
	g_autoptr(GPtrArray) names = list(first, second, NULL);
	g_autoptr(GPtrArray) owners = list(owner, NULL, NULL);

	GOOD(queue_watch(store, names, owners, &error));
}

static int64_t start(Store *store)
{
	int64_t run = 0;

	GOOD(queue_start_run(store, false, getpid(), CLOCK, &run, &error));
	return run;
}

static QueueAnswer add(Store *store, int64_t run, const char *name, int64_t clock)
{
	QueueAnswer answer = QUEUE_BUSY;

	GOOD(queue_add(store, run, name, false, clock, &answer, &error));
	return answer;
}

static int64_t add_due(Store *store, int64_t run, int64_t now)
{
	int64_t n_added = -1;

	GOOD(queue_add_due(store, run, now, CLOCK, &n_added, &error));
	return n_added;
}

static Ticket *take(Store *store, int64_t run, pid_t pid)
{
	Ticket *ticket = NULL;

	GOOD(queue_take(store, run, pid, CLOCK, &ticket, &error));
	return ticket;
}

static bool hold(Store *store, const Ticket *ticket, int64_t clock)
{
	bool is_held = false;

	GOOD(queue_hold(store, ticket, clock, &is_held, &error));
	return is_held;
}

static void done(Store *store, const Ticket *ticket, int64_t next_at, const GError *failure)
{
	const JobEnd end = { .next_at = next_at, .tip = "0123", .failure = failure };

	GOOD(queue_done(store, ticket, &end, NOW, &error));
}

/* Whether it went into quarantine. */
static bool release(Store *store, pid_t pid, bool is_strike)
{
	g_autofree char *repository = NULL;
	bool is_quarantined = false;

	GOOD(queue_release(store, pid, "signal 9", is_strike, NOW, &repository, &is_quarantined,
			   &error));
	g_assert_nonnull(repository);
	return is_quarantined;
}

static void assert_watched(Store *store, const char *expected)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) watched = queue_watched(store, &error);
	GString *names = g_string_new(NULL);

	g_assert_no_error(error);
	for (guint i = 0; i < watched->len; i++)
		g_string_append_printf(names, "%s%s", i > 0 ? " " : "",
				       ((Watched *)watched->pdata[i])->name);
	g_assert_cmpstr(names->str, ==, expected);
	g_string_free(names, TRUE);
}

static Watched *find(Store *store, const char *name)
{
	Watched *found = NULL;

	GOOD(queue_find(store, name, &found, &error));
	return found;
}

/* A ticket for OWNER, of a run of its own. */
static Ticket *take_owner(Store *store, bool is_due_only)
{
	QueueAnswer answer = QUEUE_BUSY;
	int64_t run = start(store);

	GOOD(queue_add(store, run, OWNER, is_due_only, CLOCK, &answer, &error));
	g_assert_cmpint(answer, ==, QUEUE_ADDED);
	return take(store, run, getpid());
}

static void what_is_found_below_an_owner_joins_its_run(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) found = list(OWNER "/x.git", OWNER "/y.git", A);
	g_autoptr(Ticket) all = NULL;
	g_autoptr(Ticket) due = NULL;

	(void)data;
	watch(store, A, NULL, OWNER);
	all = take_owner(store, false);
	GOOD(queue_watch_below(store, all, found, NOW, CLOCK, &error));
	for (size_t i = 0; i < 2; i++) {
		g_autoptr(Ticket) ticket = take(store, all->run, getpid());

		g_assert_cmpstr(ticket->repository, ==, found->pdata[i]);
		g_assert_cmpstr(ticket->owner, ==, OWNER);
		done(store, ticket, i == 0 ? NOW : NOW + 60, NULL);
	}
	g_assert_null(take(store, all->run, getpid())); /* A is not the owner's */
	done(store, all, NOW, NULL);
	due = take_owner(store, true);
	GOOD(queue_watch_below(store, due, found, NOW, CLOCK, &error));
	{
		g_autoptr(Ticket) ticket = take(store, due->run, getpid());

		g_assert_cmpstr(ticket->repository, ==, OWNER "/x.git");
		g_assert_null(take(store, due->run, getpid()));
	}
}

static void the_watched_set_is_what_the_settings_say(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) found = list(OWNER "/x.git", A, NULL);
	g_autoptr(GPtrArray) later = list(OWNER "/y.git", NULL, NULL);
	g_autoptr(Ticket) ticket = NULL;

	(void)data;
	watch(store, A, B, NULL);
	assert_watched(store, A " " B);
	watch(store, A, NULL, OWNER);
	assert_watched(store, OWNER " " A);
	ticket = take_owner(store, true);
	GOOD(queue_watch_below(store, ticket, found, NOW, CLOCK, &error));
	{
		g_autoptr(Watched) a = find(store, A);
		g_autoptr(Watched) x = find(store, OWNER "/x.git");

		g_assert_null(a->owner);
		g_assert_cmpstr(x->owner, ==, OWNER);
		g_assert_false(x->is_owner);
	}
	GOOD(queue_watch_below(store, ticket, later, NOW, CLOCK, &error));
	watch(store, A, NULL, OWNER); /* reading the settings again keeps what was found */
	assert_watched(store, OWNER " " OWNER "/y.git " A);
	watch(store, B, NULL, NULL);
	assert_watched(store, B);
}

static void a_job_is_taken_once_and_done(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Ticket) ticket = NULL;
	g_autoptr(Watched) a = NULL;
	g_autofree char *at_work = NULL;
	g_autofree char *nobody = NULL;
	int64_t run = 0, n_waiting = -1, n_held = -1;

	(void)data;
	watch(store, A, B, NULL);
	run = start(store);
	g_assert_cmpint(add(store, run, A, CLOCK), ==, QUEUE_ADDED);
	GOOD(queue_oldest(store, run, &nobody, &error));
	g_assert_null(nobody);
	ticket = take(store, run, 100);
	g_assert_cmpstr(ticket->repository, ==, A);
	g_assert_false(ticket->is_due_only);
	g_assert_null(take(store, run, 101));
	GOOD(queue_count(store, run, &n_waiting, &n_held, &error));
	g_assert_cmpint(n_waiting, ==, 0);
	g_assert_cmpint(n_held, ==, 1);
	GOOD(queue_oldest(store, run, &at_work, &error));
	g_assert_cmpstr(at_work, ==, A);
	done(store, ticket, NOW + 60, NULL);
	g_assert_false(hold(store, ticket, CLOCK));
	a = find(store, A);
	g_assert_cmpint(a->next_at, ==, NOW + 60);
	g_assert_cmpint(a->succeeded_at, ==, NOW);
	g_assert_cmpstr(a->tip, ==, "0123");
	g_assert_false(a->is_running);
}

static void only_the_workers_of_a_run_take_its_jobs(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	int64_t service = 0, once = 0;

	(void)data;
	watch(store, A, NULL, NULL);
	service = start(store);
	once = start(store);
	g_assert_cmpint(once, !=, service);
	g_assert_cmpint(add(store, once, A, CLOCK), ==, QUEUE_ADDED);
	g_assert_null(take(store, service, 100));
	g_assert_null(take(store, 0, 100));
}

static void what_failed_comes_last_and_one_at_a_time(Directory *directory, gconstpointer data)
{
	static const char *const names[] = { A, B, OWNER };
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) all = list(A, B, OWNER), none = list(NULL, NULL, NULL);
	g_autoptr(GError) trouble = g_error_new(FAILURE, FAILURE_NET, "it hangs");
	g_autoptr(Ticket) sound = NULL;
	g_autoptr(Ticket) bad = NULL;
	g_autoptr(Ticket) worse = NULL;
	int64_t run = 0, n_ready = -1;

	(void)data;
	GOOD(queue_watch(store, all, none, &error));
	run = start(store);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(Ticket) ticket = NULL;

		(void)add(store, run, names[i], CLOCK);
		ticket = take(store, run, 100);
		done(store, ticket, NOW, strcmp(names[i], OWNER) != 0 ? trouble : NULL);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		(void)add(store, run, names[i], CLOCK + (int64_t)i);
	GOOD(queue_count_ready(store, run, &n_ready, &error));
	g_assert_cmpint(n_ready, ==, 3);
	sound = take(store, run, 100);
	g_assert_cmpstr(sound->repository, ==, OWNER);
	bad = take(store, run, 101);
	g_assert_cmpstr(bad->repository, ==, A);
	g_assert_null(take(store, run, 102));
	GOOD(queue_count_ready(store, run, &n_ready, &error));
	g_assert_cmpint(n_ready, ==, 0);
	done(store, bad, NOW, trouble);
	worse = take(store, run, 102);
	g_assert_cmpstr(worse->repository, ==, B);
}

static void who_gives_no_sign_of_life_is_counted(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Ticket) ticket = NULL;
	int64_t run = 0, n_silent = -1;

	(void)data;
	watch(store, A, NULL, NULL);
	run = start(store);
	(void)add(store, run, A, CLOCK);
	GOOD(queue_count_silent(store, run, CLOCK + QUEUE_SILENT_S, &n_silent, &error));
	g_assert_cmpint(n_silent, ==, 0); /* it waits */
	ticket = take(store, run, 100);
	GOOD(queue_count_silent(store, run, CLOCK + QUEUE_SILENT_S - 1, &n_silent, &error));
	g_assert_cmpint(n_silent, ==, 0);
	GOOD(queue_count_silent(store, run, CLOCK + QUEUE_SILENT_S, &n_silent, &error));
	g_assert_cmpint(n_silent, ==, 1);
	g_assert_true(hold(store, ticket, CLOCK + 5));
	GOOD(queue_count_silent(store, run, CLOCK + QUEUE_SILENT_S, &n_silent, &error));
	g_assert_cmpint(n_silent, ==, 0);
}

static void a_repository_has_one_worker_at_a_time(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Ticket) late = NULL;
	g_autoptr(Ticket) next = NULL;
	int64_t service = 0, once = 0, after = CLOCK + QUEUE_LEASE_S + 1;

	(void)data;
	watch(store, A, NULL, NULL);
	service = start(store);
	once = start(store);
	(void)add(store, service, A, CLOCK);
	g_assert_cmpint(add(store, once, A, CLOCK), ==, QUEUE_ADDED); /* it only waited */
	late = take(store, once, 100);
	g_assert_cmpint(add(store, service, A, CLOCK + QUEUE_LEASE_S), ==, QUEUE_BUSY);
	g_assert_true(hold(store, late, CLOCK + 1));
	g_assert_cmpint(add(store, service, A, after), ==, QUEUE_BUSY); /* was renewed */
	g_assert_cmpint(add(store, service, A, after + 1), ==, QUEUE_ADDED);
	g_assert_false(hold(store, late, after));
	next = take(store, service, 200);
	done(store, late, NOW + 5, NULL); /* too late: changes nothing */
	g_assert_true(hold(store, next, CLOCK));
	{
		g_autoptr(Watched) a = find(store, A);

		g_assert_cmpint(a->next_at, ==, 0);
		g_assert_true(a->is_running);
	}
}

static void due_repositories_are_queued_and_the_next_is_known(Directory *directory,
							      gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autofree char *name = NULL;
	int64_t run = 0, at = 0;

	(void)data;
	watch(store, A, B, NULL);
	run = start(store);
	g_assert_cmpint(add_due(store, run, NOW), ==, 2);
	g_assert_cmpint(add_due(store, run, NOW), ==, 0);
	for (int64_t i = 0; i < 2; i++) {
		g_autoptr(Ticket) ticket = take(store, run, 100);

		g_assert_true(ticket->is_due_only);
		done(store, ticket, NOW + 100 - 50 * i, NULL);
	}
	GOOD(queue_next_at(store, NOW, &at, &name, &error));
	g_assert_cmpint(at, ==, NOW + 50);
	g_assert_cmpstr(name, ==, B);
	g_assert_cmpint(add_due(store, run, NOW + 49), ==, 0);
	g_assert_cmpint(add_due(store, run, NOW + 50), ==, 1);
}

static void what_a_wrong_clock_has_planned_is_due_at_once(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autofree char *name = NULL;
	g_autoptr(Ticket) ticket = NULL;
	int64_t run = 0, at = 0;

	(void)data;
	watch(store, A, NULL, NULL);
	run = start(store);
	g_assert_cmpint(add_due(store, run, NOW), ==, 1);
	ticket = take(store, run, 100);
	done(store, ticket, NOW + 5 * 365 * 86400LL, NULL);
	GOOD(queue_next_at(store, NOW, &at, &name, &error));
	g_assert_cmpint(at, ==, 0);
	g_assert_cmpstr(name, ==, A);
	g_assert_cmpint(add_due(store, run, NOW), ==, 1);
}

static void an_idle_look_leaves_what_is_known(Directory *directory, gconstpointer data)
{
	const JobEnd end = { .is_idle = true, .next_at = NOW + 60 };
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GError) failure = g_error_new(FAILURE, FAILURE_INPUT, "no rules");
	g_autoptr(Ticket) first = NULL, second = NULL;
	g_autoptr(Watched) a = NULL;
	int64_t run = 0;

	(void)data;
	watch(store, A, NULL, NULL);
	run = start(store);
	(void)add(store, run, A, CLOCK);
	first = take(store, run, 100);
	done(store, first, NOW, failure);
	(void)add(store, run, A, CLOCK);
	second = take(store, run, 100);
	GOOD(queue_done(store, second, &end, NOW, &error));
	a = find(store, A);
	g_assert_cmpint(a->next_at, ==, NOW + 60);
	g_assert_cmpstr(a->error, ==, "no rules");
	g_assert_cmpstr(a->tip, ==, "0123");
	g_assert_false(a->is_running);
}

/* What the next job of A is told. */
static int64_t quiet_after(Store *store, const JobEnd *end)
{
	int64_t run = start(store);
	g_autoptr(Ticket) first = NULL, second = NULL;

	(void)add(store, run, A, CLOCK);
	first = take(store, run, 100);
	GOOD(queue_done(store, first, end, NOW, &error));
	(void)add(store, run, A, CLOCK);
	second = take(store, run, 100);
	GOOD(queue_done(store, second, &(JobEnd){ .is_dry = true }, NOW, &error));
	return second->quiet_until;
}

static void a_look_may_leave_it_quiet_but_for_a_failure(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GError) failure = g_error_new(FAILURE, FAILURE_NET, "reset by peer");
	JobEnd end = { .next_at = NOW + 60, .quiet_until = NOW + 90 };

	(void)data;
	watch(store, A, NULL, NULL);
	g_assert_cmpint(quiet_after(store, &end), ==, NOW + 90);
	end.is_idle = true;
	end.quiet_until = NOW + 80;
	g_assert_cmpint(quiet_after(store, &end), ==, NOW + 80);
	end.is_idle = false;
	end.failure = failure;
	g_assert_cmpint(quiet_after(store, &end), ==, 0);
}

static void a_failure_is_remembered_until_a_success(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GError) failure = g_error_new(FAILURE, FAILURE_NET, "reset by peer");
	int64_t run = 0;

	(void)data;
	watch(store, A, NULL, NULL);
	run = start(store);
	for (int64_t i = 0; i < 3; i++) {
		g_autoptr(Ticket) ticket = NULL;
		g_autoptr(Watched) a = NULL;

		(void)add(store, run, A, CLOCK);
		ticket = take(store, run, 100);
		g_assert_cmpint(ticket->failures, ==, i);
		done(store, ticket, NOW, i < 2 ? failure : NULL);
		a = find(store, A);
		g_assert_cmpint(a->failures, ==, i < 2 ? i + 1 : 0);
		g_assert_cmpstr(a->failure, ==, i < 2 ? "net" : NULL);
		g_assert_cmpstr(a->error, ==, i < 2 ? "reset by peer" : NULL);
	}
}

static void a_dry_job_leaves_no_memory(Directory *directory, gconstpointer data)
{
	const JobEnd end = { .is_dry = true, .next_at = NOW + 60, .tip = "0123" };
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Ticket) ticket = NULL;
	g_autoptr(Watched) a = NULL;
	int64_t run = 0;

	(void)data;
	watch(store, A, NULL, NULL);
	run = start(store);
	(void)add(store, run, A, CLOCK);
	ticket = take(store, run, 100);
	GOOD(queue_done(store, ticket, &end, NOW, &error));
	a = find(store, A);
	g_assert_cmpint(a->next_at, ==, 0);
	g_assert_null(a->tip);
	g_assert_false(a->is_running);
}

static void the_third_dead_worker_brings_quarantine(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Watched) a = NULL;
	int64_t run = 0;

	(void)data;
	watch(store, A, NULL, NULL);
	run = start(store);
	(void)add(store, run, A, CLOCK);
	for (pid_t pid = 100; pid < 103; pid++) {
		g_autoptr(Ticket) ticket = take(store, run, pid);

		g_assert_nonnull(ticket);
		g_assert_cmpint(release(store, pid, true), ==, pid == 102);
		g_assert_false(hold(store, ticket, CLOCK));
	}
	g_assert_null(take(store, run, 103));
	a = find(store, A);
	g_assert_true(a->is_quarantined);
	g_assert_cmpint(a->next_at, ==, NOW + QUEUE_QUARANTINE_S);
	g_assert_nonnull(strstr(a->error, "signal 9"));
	g_assert_cmpint(add(store, run, A, CLOCK), ==, QUEUE_ADDED); /* a person may insist */
}

static void stopping_a_worker_is_no_strike(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	int64_t run = 0;

	(void)data;
	watch(store, A, NULL, NULL);
	run = start(store);
	(void)add(store, run, A, CLOCK);
	for (pid_t pid = 100; pid < 110; pid++) {
		g_autoptr(Ticket) ticket = take(store, run, pid);

		g_assert_nonnull(ticket);
		g_assert_false(release(store, pid, false));
	}
}

/* A run and a worker whose processes are gone. */
static void recover_from(Directory *directory, pid_t gone)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Ticket) dead = NULL;
	g_autoptr(Ticket) alive = NULL;
	int64_t run = 0;

	watch(store, A, B, NULL);
	GOOD(queue_start_run(store, false, gone, CLOCK, &run, &error));
	(void)add(store, run, A, CLOCK);
	(void)add(store, run, B, CLOCK);
	dead = take(store, run, gone);
	alive = take(store, run, getpid());
	GOOD(queue_recover(store, NOW, CLOCK, &error));
	g_assert_false(hold(store, dead, CLOCK));
	g_assert_true(hold(store, alive, CLOCK));
	g_assert_null(take(store, run, getpid())); /* the run is over */
	g_assert_cmpint(add_due(store, start(store), NOW), ==, 1);
}

static pid_t dead_child(void)
{
	siginfo_t how = { 0 };
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	g_assert_cmpint(waitid(P_PID, (id_t)child, &how, WEXITED | WNOWAIT), ==, 0);
	return child;
}

/* As after a power cut. */
static void what_the_dead_held_is_recovered(Directory *directory, gconstpointer data)
{
	pid_t gone = dead_child();

	(void)data;
	g_assert_cmpint(waitpid(gone, NULL, 0), ==, gone);
	recover_from(directory, gone);
}

/* As in a container whose first process takes no notice of orphans. */
static void what_the_dead_held_whom_nobody_buried_is_recovered(Directory *directory,
							       gconstpointer data)
{
	pid_t gone = dead_child();

	(void)data;
	recover_from(directory, gone);
	g_assert_cmpint(waitpid(gone, NULL, 0), ==, gone);
}

static void workers_whose_lease_ran_out_are_named(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Ticket) ticket = NULL;
	g_autoptr(GArray) none = NULL;
	g_autoptr(GArray) one = NULL;
	int64_t run = 0;

	(void)data;
	watch(store, A, NULL, NULL);
	run = start(store);
	(void)add(store, run, A, CLOCK);
	ticket = take(store, run, 100);
	none = queue_overdue(store, run, CLOCK + QUEUE_LEASE_S, NULL);
	one = queue_overdue(store, run, CLOCK + QUEUE_LEASE_S + 1, NULL);
	g_assert_cmpuint(none->len, ==, 0);
	g_assert_cmpuint(one->len, ==, 1);
	g_assert_cmpint(g_array_index(one, pid_t, 0), ==, 100);
}

static void entries_know_when_they_are_due(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) keys = list("docker /", NULL, NULL);
	g_autoptr(GPtrArray) started = NULL;
	g_autoptr(GPtrArray) missed = NULL;
	g_autoptr(GPtrArray) finished = NULL;
	const EntryState *entry = NULL;

	(void)data;
	watch(store, A, NULL, NULL);
	GOOD(queue_start_entry(store, A, "docker /", NOW, &error));
	GOOD(queue_finish_entry(store, A, "gomod /", "dd", INT64_MAX, true, &error));
	started = queue_entries(store, A, NULL);
	g_assert_cmpuint(started->len, ==, 2);
	entry = started->pdata[0];
	g_assert_cmpstr(entry->key, ==, "docker /");
	g_assert_true(entry->is_running);
	GOOD(queue_finish_entry(store, A, "docker /", "aa", NOW + 60, false, &error));
	missed = queue_entries(store, A, NULL);
	g_assert_true(((const EntryState *)missed->pdata[0])->is_running);
	GOOD(queue_finish_entry(store, A, "docker /", "aa", NOW + 60, true, &error));
	{
		g_autoptr(Watched) a = find(store, A);

		g_assert_cmpint(a->next_due_at, ==, NOW + 60);
	}
	GOOD(queue_keep_entries(store, A, keys, &error));
	finished = queue_entries(store, A, NULL);
	g_assert_cmpuint(finished->len, ==, 1);
	entry = finished->pdata[0];
	g_assert_false(entry->is_running);
	g_assert_cmpint(entry->started_at, ==, NOW);
	g_assert_cmpint(entry->next_due_at, ==, NOW + 60);
	g_assert_cmpstr(entry->digest, ==, "aa");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	store_test("/queue/the_watched_set_is_what_the_settings_say",
		   the_watched_set_is_what_the_settings_say);
	store_test("/queue/what_is_found_below_an_owner_joins_its_run",
		   what_is_found_below_an_owner_joins_its_run);
	store_test("/queue/a_job_is_taken_once_and_done", a_job_is_taken_once_and_done);
	store_test("/queue/only_the_workers_of_a_run_take_its_jobs",
		   only_the_workers_of_a_run_take_its_jobs);
	store_test("/queue/a_repository_has_one_worker_at_a_time",
		   a_repository_has_one_worker_at_a_time);
	store_test("/queue/what_failed_comes_last_and_one_at_a_time",
		   what_failed_comes_last_and_one_at_a_time);
	store_test("/queue/who_gives_no_sign_of_life_is_counted",
		   who_gives_no_sign_of_life_is_counted);
	store_test("/queue/due_repositories_are_queued_and_the_next_is_known",
		   due_repositories_are_queued_and_the_next_is_known);
	store_test("/queue/what_a_wrong_clock_has_planned_is_due_at_once",
		   what_a_wrong_clock_has_planned_is_due_at_once);
	store_test("/queue/an_idle_look_leaves_what_is_known", an_idle_look_leaves_what_is_known);
	store_test("/queue/a_look_may_leave_it_quiet_but_for_a_failure",
		   a_look_may_leave_it_quiet_but_for_a_failure);
	store_test("/queue/a_failure_is_remembered_until_a_success",
		   a_failure_is_remembered_until_a_success);
	store_test("/queue/a_dry_job_leaves_no_memory", a_dry_job_leaves_no_memory);
	store_test("/queue/the_third_dead_worker_brings_quarantine",
		   the_third_dead_worker_brings_quarantine);
	store_test("/queue/stopping_a_worker_is_no_strike", stopping_a_worker_is_no_strike);
	store_test("/queue/what_the_dead_held_is_recovered", what_the_dead_held_is_recovered);
	store_test("/queue/what_the_dead_held_whom_nobody_buried_is_recovered",
		   what_the_dead_held_whom_nobody_buried_is_recovered);
	store_test("/queue/workers_whose_lease_ran_out_are_named",
		   workers_whose_lease_ran_out_are_named);
	store_test("/queue/entries_know_when_they_are_due", entries_know_when_they_are_due);
	return g_test_run();
}
