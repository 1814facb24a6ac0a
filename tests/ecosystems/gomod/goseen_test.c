/* SPDX-License-Identifier: MIT */
/* When versions of modules were first seen, and by whom. */
#include "ecosystems/gomod/golookup.h"
#include "ecosystems/gomod/goseen.h"
#include "store/directory.h"

/* When v1.1.0 of a module was first seen, for one who sees it at `now` and whose rules
 * name `proxy` (NULL: none). */
static int64_t seen_by(Store *store, int64_t now, const char *proxy, bool has_newer)
{
	g_autoptr(GPtrArray) proxies = g_ptr_array_new(), offers = g_ptr_array_new();
	World w = { .store = store, .now = now, .proxies = proxies };
	g_autoptr(Offer) offer = offer_new("example.com/a");

	if (proxy != NULL)
		g_ptr_array_add(proxies, (char *)proxy);
	g_ptr_array_add(offer->releases, release_new("v1.0.0"));
	if (has_newer)
		g_ptr_array_add(offer->releases, release_new("v1.1.0"));
	g_ptr_array_add(offers, offer);
	GOOD(goseen_note(&w, offers, &error));
	return has_newer ? golookup_detail(offer->releases->pdata[1])->first_seen_at : 0;
}

static void what_comes_later_is_as_old_as_its_first_sight(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);

	(void)data;
	g_assert_cmpint(seen_by(store, NOW - 30, NULL, false), ==, 0);
	g_assert_cmpint(seen_by(store, NOW - 20, NULL, true), ==, NOW - 20);
	g_assert_cmpint(seen_by(store, NOW - 10, NULL, true), ==, NOW - 20);
}

static void what_was_there_at_first_is_not_new(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);

	(void)data;
	g_assert_cmpint(seen_by(store, NOW - 30, NULL, true), ==, 0);
}

/* Else one repository could make all the others wait, or let them wait for nothing. */
static void a_proxy_that_a_file_names_is_believed_by_its_askers_only(Directory *directory,
								     gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);

	(void)data;
	g_assert_cmpint(seen_by(store, NOW - 30, "https://own.test", false), ==, 0);
	g_assert_cmpint(seen_by(store, NOW - 25, "https://own.test", true), ==, NOW - 25);
	g_assert_cmpint(seen_by(store, NOW - 20, NULL, false), ==, 0);
	g_assert_cmpint(seen_by(store, NOW - 10, NULL, true), ==, NOW - 10);
	g_assert_cmpint(seen_by(store, NOW - 5, "https://other.test", true), ==, 0);
	g_assert_cmpint(seen_by(store, NOW, "https://own.test", true), ==, NOW - 25);
}

static void seen_test(const char *path, void (*test)(Directory *, gconstpointer))
{
	g_test_add(path, Directory, NULL, directory_make, test, directory_remove);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	seen_test("/gomod/goseen/what_comes_later_is_as_old_as_its_first_sight",
		  what_comes_later_is_as_old_as_its_first_sight);
	seen_test("/gomod/goseen/what_was_there_at_first_is_not_new",
		  what_was_there_at_first_is_not_new);
	seen_test("/gomod/goseen/a_proxy_that_a_file_names_is_believed_by_its_askers_only",
		  a_proxy_that_a_file_names_is_believed_by_its_askers_only);
	return g_test_run();
}
