/* SPDX-License-Identifier: MIT */
#include "store/directory.h"
#include "store/queue.h"
#include "store/wake.h"

#include <unistd.h>

static int64_t wake(Store *store, const char *path)
{
	int64_t woken = 0;

	GOOD(wake_repository(store, path, NOW, &woken, &error));
	return woken;
}

static void who_is_called_so_is_woken(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) names = g_ptr_array_new(), owners = g_ptr_array_new();

	(void)data;
	g_ptr_array_add(names, (gpointer) "https://git.test/acme/shop.git");
	g_ptr_array_add(names, (gpointer) "https://git.test/acme/workshop");
	g_ptr_array_add(names, (gpointer) "https://git.test/sub/acme/%");
	g_ptr_array_add(owners, (gpointer) "https://git.test/acme");
	GOOD(queue_watch(store, names, owners, &error));
	g_assert_cmpint(wake(store, "acme/shop"), ==, 1);
	g_assert_cmpint(wake(store, "ACME/Workshop"), ==, 1);
	g_assert_cmpint(wake(store, "shop"), ==, 1);
	g_assert_cmpint(wake(store, "acme"), ==, 0);
	g_assert_cmpint(wake(store, "acme/%"), ==, 1);
	g_assert_cmpint(wake(store, "acme/_"), ==, 0);
}

static void who_is_woken_is_looked_at_as_a_whole(Directory *directory, gconstpointer data)
{
	static const char name[] = "https://git.test/acme/shop.git";
	const JobEnd end = { .next_at = NOW + 300, .quiet_until = NOW + 900 };
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) names = g_ptr_array_new(), owners = g_ptr_array_new();
	g_autoptr(Ticket) first = NULL, second = NULL;
	int64_t run = 0, n_added = 0;

	(void)data;
	g_ptr_array_add(names, (gpointer)name);
	GOOD(queue_watch(store, names, owners, &error));
	GOOD(queue_start_run(store, true, getpid(), NOW, &run, &error));
	GOOD(queue_add_due(store, run, NOW, NOW, &n_added, &error));
	GOOD(queue_take(store, run, getpid(), NOW, &first, &error));
	GOOD(queue_done(store, first, &end, NOW, &error));
	g_assert_cmpint(wake(store, "acme/shop"), ==, 1);
	GOOD(queue_add_due(store, run, NOW + WAKE_CALM_S, NOW, &n_added, &error));
	GOOD(queue_take(store, run, getpid(), NOW, &second, &error));
	g_assert_nonnull(second);
	g_assert_cmpint(second->quiet_until, ==, 0);
}

static void a_delivery_is_new_once(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	bool is_new = false;

	(void)data;
	GOOD(wake_deliver(store, "a", NOW, &is_new, &error));
	g_assert_true(is_new);
	GOOD(wake_deliver(store, "a", NOW + WAKE_REMEMBERED_S, &is_new, &error));
	g_assert_false(is_new);
	GOOD(wake_deliver(store, "b", NOW, &is_new, &error));
	g_assert_true(is_new);
	GOOD(wake_deliver(store, "a", NOW + WAKE_REMEMBERED_S + 1, &is_new, &error));
	g_assert_true(is_new);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	store_test("/wake/who_is_called_so_is_woken", who_is_called_so_is_woken);
	store_test("/wake/who_is_woken_is_looked_at_as_a_whole",
		   who_is_woken_is_looked_at_as_a_whole);
	store_test("/wake/a_delivery_is_new_once", a_delivery_is_new_once);
	return g_test_run();
}
