/* SPDX-License-Identifier: MIT */
#include "store/backlog.h"
#include "store/directory.h"
#include "store/queue.h"

#define REPOSITORY "https://git.test/a.git"

static GPtrArray *names(const char *first, const char *second)
{
	GPtrArray *array = g_ptr_array_new();

	g_ptr_array_add(array, (char *)first);
	if (second != NULL)
		g_ptr_array_add(array, (char *)second);
	return array;
}

/* Says that `entry` has run and has left `title`; NULL: nothing. */
static void say(Store *store, const char *entry, WaitingKind kind, const char *title)
{
	g_autoptr(GPtrArray) entries = names(entry, NULL), list = waitings_new();

	if (title != NULL)
		g_ptr_array_add(list, waiting_new(kind, entry, title, "why"));
	GOOD(backlog_replace(store, REPOSITORY, entries, list, 0, &error));
}

static void assert_list(Store *store, const char *expected)
{
	g_autoptr(GPtrArray) all = backlog_list(store, NULL);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < all->len; i++) {
		const Waiting *waiting = g_ptr_array_index(all, i);

		g_assert_cmpstr(waiting->repository, ==, REPOSITORY);
		g_assert_cmpstr(waiting->reason, ==, "why");
		g_string_append_printf(text, "%s%s %s", i > 0 ? "; " : "",
				       waiting_word(waiting->kind), waiting->title);
	}
	g_assert_cmpstr(text->str, ==, expected);
}

static void watch(Store *store)
{
	g_autoptr(GPtrArray) repositories = names(REPOSITORY, NULL), owners = g_ptr_array_new();

	GOOD(queue_watch(store, repositories, owners, &error));
}

static void enter(Store *store, const char *key)
{
	GOOD(queue_start_entry(store, REPOSITORY, key, NOW, &error));
}

static void each_entry_says_its_own(Directory *directory, gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(Store) store = directory_open(directory);

	watch(store);
	enter(store, "docker /");
	enter(store, "gomod /");
	say(store, "docker /", WAITING_LIMITED, "b");
	say(store, "gomod /", WAITING_HELD, "c");
	assert_list(store, "held c; limited b");
	say(store, "docker /", WAITING_FAILED, "a");
	assert_list(store, "held c; failed a");
	say(store, "docker /", WAITING_FAILED, NULL);
	assert_list(store, "held c");
}

static void what_is_said_of_no_entry_any_more_goes(Directory *directory,
						   gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) keys = names("gomod /", NULL);

	watch(store);
	enter(store, "docker /");
	enter(store, "gomod /");
	say(store, "docker /", WAITING_SKIPPED, "b");
	say(store, "gomod /", WAITING_HELD, "c");
	say(store, "docker /never", WAITING_HELD, "d");
	assert_list(store, "held c; skipped b");
	GOOD(queue_keep_entries(store, REPOSITORY, keys, &error));
	assert_list(store, "held c");
}

/* Says that `entry` has run and has left so many, and `more` that it does not name. */
static void say_many(Store *store, const char *entry, guint count, guint more)
{
	g_autoptr(GPtrArray) entries = names(entry, NULL), list = waitings_new();

	for (guint i = 0; i < count; i++)
		g_ptr_array_add(list, waiting_new(WAITING_HELD, entry, "a", "why"));
	GOOD(backlog_replace(store, REPOSITORY, entries, list, more, &error));
}

static void assert_end(Store *store, guint count, const char *last)
{
	g_autoptr(GPtrArray) all = backlog_list(store, NULL);

	g_assert_cmpuint(all->len, ==, count);
	g_assert_cmpstr(((Waiting *)all->pdata[count - 1])->title, ==, last);
}

static void no_more_is_said_of_one_repository(Directory *directory,
					      gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(Store) store = directory_open(directory);

	watch(store);
	enter(store, "docker /");
	enter(store, "gomod /");
	enter(store, "gomod /b");
	say_many(store, "docker /", BACKLOG_MOST, 0);
	assert_end(store, BACKLOG_MOST, "a");
	say_many(store, "docker /", BACKLOG_MOST, 7);
	assert_end(store, BACKLOG_MOST + 1, "… and 7 more");
	say_many(store, "docker /", BACKLOG_MOST - 5, 0);
	say_many(store, "gomod /", 9, 3);
	assert_end(store, BACKLOG_MOST + 1, "… and 7 more");
	say_many(store, "gomod /b", 9, 3);
	assert_end(store, BACKLOG_MOST + 1, "… and 7 more");
	say_many(store, "docker /", 0, 0);
	assert_end(store, 6, "… and 7 more");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	store_test("/backlog/each_entry_says_its_own", each_entry_says_its_own);
	store_test("/backlog/what_is_said_of_no_entry_any_more_goes",
		   what_is_said_of_no_entry_any_more_goes);
	store_test("/backlog/no_more_is_said_of_one_repository", no_more_is_said_of_one_repository);
	return g_test_run();
}
