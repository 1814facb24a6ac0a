/* SPDX-License-Identifier: MIT */
#include "store/directory.h"
#include "store/visit.h"

static Visit *visit_of(int64_t run, int64_t peak_kib)
{
	Visit *visit = visit_new(run, "https://git.test/a.git");

	visit->started_at = NOW;
	visit->cpu_ms = 10;
	visit->bytes = 1000;
	visit->peak_kib = peak_kib;
	visit_add_host(visit, "registry.test", 2);
	visit_add_host(visit, "git.test", 1);
	return visit;
}

static void a_run_is_the_sum_of_its_visits(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) outcomes =
		g_ptr_array_new_with_free_func((GDestroyNotify)outcome_free);
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	g_autoptr(Visit) first = visit_of(7, 3000);
	g_autoptr(Visit) second = visit_of(7, 2000);
	g_autoptr(Visit) other = visit_of(8, 9000);
	g_autoptr(RunTotals) totals = NULL;
	const HostCount *host = NULL;

	(void)data;
	g_ptr_array_add(outcomes, outcome_new("upkeepd/docker/a-1", ACTION_CREATED));
	g_ptr_array_add(outcomes, outcome_new("upkeepd/docker/b-1", ACTION_CREATED));
	g_ptr_array_add(outcomes, outcome_new("upkeepd/docker/c-1", ACTION_FAILED));
	second->failure = g_strdup("net");
	second->error = g_strdup("reset by peer");
	g_assert_true(visit_record(store, first, outcomes, NULL));
	g_assert_true(visit_record(store, second, none, NULL));
	g_assert_true(visit_record(store, other, none, NULL));

	totals = visit_totals(store, 7, NULL);
	g_assert_cmpint(totals->n_visits, ==, 2);
	g_assert_cmpint(totals->n_failed, ==, 2); /* one by a plan of its own */
	g_assert_cmpint(totals->actions[ACTION_CREATED], ==, 2);
	g_assert_cmpint(totals->actions[ACTION_FAILED], ==, 1);
	g_assert_cmpint(totals->actions[ACTION_CLOSED], ==, 0);
	g_assert_cmpint(totals->cpu_ms, ==, 20);
	g_assert_cmpint(totals->bytes, ==, 2000);
	g_assert_cmpint(totals->peak_kib, ==, 3000);
	g_assert_cmpuint(totals->hosts->len, ==, 2);
	host = totals->hosts->pdata[1];
	g_assert_cmpstr(host->host, ==, "registry.test");
	g_assert_cmpint(host->requests, ==, 4);
}

static void a_run_without_visits_has_totals(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(RunTotals) totals = visit_totals(store, 7, NULL);

	(void)data;
	g_assert_cmpint(totals->n_visits, ==, 0);
	g_assert_cmpint(totals->peak_kib, ==, 0);
	g_assert_cmpuint(totals->hosts->len, ==, 0);
}

static void the_last_run_is_no_dry_one(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	g_autoptr(Visit) real = visit_of(7, 1);
	g_autoptr(Visit) dry = visit_of(9, 1);
	int64_t run = -1;

	(void)data;
	g_assert_true(visit_last_run(store, &run, NULL));
	g_assert_cmpint(run, ==, 0);
	dry->is_dry = true;
	g_assert_true(visit_record(store, real, none, NULL));
	g_assert_true(visit_record(store, dry, none, NULL));
	g_assert_true(visit_last_run(store, &run, NULL));
	g_assert_cmpint(run, ==, 7);
}

static void old_visits_are_forgotten(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) outcomes =
		g_ptr_array_new_with_free_func((GDestroyNotify)outcome_free);
	g_autoptr(Visit) old = visit_of(7, 1);
	int64_t run = -1;

	(void)data;
	g_ptr_array_add(outcomes, outcome_new("upkeepd/docker/a-1", ACTION_CREATED));
	g_assert_true(visit_record(store, old, outcomes, NULL));
	g_assert_true(visit_forget(store, NOW + 170 * 86400, NULL));
	g_assert_true(visit_last_run(store, &run, NULL));
	g_assert_cmpint(run, ==, 7);
	g_assert_true(visit_forget(store, NOW + 190 * 86400, NULL));
	g_assert_true(visit_last_run(store, &run, NULL));
	g_assert_cmpint(run, ==, 0);
	g_assert_true(store_check(store, NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	store_test("/visit/a_run_is_the_sum_of_its_visits", a_run_is_the_sum_of_its_visits);
	store_test("/visit/a_run_without_visits_has_totals", a_run_without_visits_has_totals);
	store_test("/visit/the_last_run_is_no_dry_one", the_last_run_is_no_dry_one);
	store_test("/visit/old_visits_are_forgotten", old_visits_are_forgotten);
	return g_test_run();
}
