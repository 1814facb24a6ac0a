/* SPDX-License-Identifier: MIT */
#include "store/directory.h"
#include "store/ignored.h"

#define REPOSITORY "https://git.test/a.git"

static void add(Store *store, const char *name, const char *range, int64_t expires_at)
{
	Ignored ignored = { .ecosystem = (char *)"docker",
			    .name = (char *)name,
			    .range = (char *)range,
			    .author = (char *)"ann",
			    .number = 7,
			    .ignored_at = NOW,
			    .expires_at = expires_at };

	GOOD(ignored_add(store, REPOSITORY, &ignored, &error));
}

/* "name range" of all that holds, joined with "; ". */
static char *list(Store *store, int64_t now)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GPtrArray) all = ignored_list(store, REPOSITORY, now, NULL);

	for (guint i = 0; i < all->len; i++) {
		const Ignored *ignored = g_ptr_array_index(all, i);

		g_assert_cmpstr(ignored->ecosystem, ==, "docker");
		g_assert_cmpstr(ignored->author, ==, "ann");
		g_assert_cmpint(ignored->number, ==, 7);
		g_string_append_printf(text, "%s%s %s", i > 0 ? "; " : "", ignored->name,
				       ignored->range);
	}
	return g_strdup(text->str);
}

static void assert_list(Store *store, int64_t now, const char *expected)
{
	g_autofree char *text = list(store, now);

	g_assert_cmpstr(text, ==, expected);
}

static void what_is_ignored_is_kept_until_it_is_taken_back(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	int64_t removed = 0;

	(void)data;
	add(store, "golang", "", INT64_MAX);
	add(store, "golang", ">= 2.a, < 3", INT64_MAX);
	add(store, "golang", ">= 2.a, < 3", INT64_MAX);
	add(store, "alpine", "= 3.20.0", INT64_MAX);
	assert_list(store, NOW, "alpine = 3.20.0; golang ; golang >= 2.a, < 3");
	GOOD(ignored_remove(store, REPOSITORY, "golang", "", &removed, &error));
	g_assert_cmpint(removed, ==, 1);
	assert_list(store, NOW, "alpine = 3.20.0; golang >= 2.a, < 3");
	GOOD(ignored_remove(store, "https://git.test/b.git", "golang", NULL, &removed, &error));
	g_assert_cmpint(removed, ==, 0);
	GOOD(ignored_remove(store, REPOSITORY, "golang", NULL, &removed, &error));
	g_assert_cmpint(removed, ==, 1);
	assert_list(store, NOW, "alpine = 3.20.0");
}

static void what_is_held_comes_back_by_itself(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);

	(void)data;
	add(store, "golang", "", NOW + 10);
	assert_list(store, NOW + 9, "golang ");
	assert_list(store, NOW + 10, "");
	GOOD(ignored_forget(store, NOW + 9, &error));
	assert_list(store, NOW, "golang ");
	GOOD(ignored_forget(store, NOW + 10, &error));
	assert_list(store, NOW, "");
}

/* "name range: places" of all, joined with "; ", line ends as commas. */
static char *list_places(Store *store)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GPtrArray) all = ignored_list(store, REPOSITORY, NOW, NULL);

	for (guint i = 0; i < all->len; i++) {
		const Ignored *ignored = g_ptr_array_index(all, i);
		g_autofree char *places = g_strdelimit(g_strdup(ignored->places), "\n", ',');

		g_string_append_printf(text, "%s%s %s: %s", i > 0 ? "; " : "", ignored->name,
				       ignored->range, places);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void add_for(Store *store, const char *name, const char *range, const char *places)
{
	Ignored ignored = { .ecosystem = (char *)"docker",
			    .name = (char *)name,
			    .range = (char *)range,
			    .author = (char *)"ann",
			    .expires_at = INT64_MAX,
			    .places = (char *)places };

	GOOD(ignored_add(store, REPOSITORY, &ignored, &error));
}

static void where_the_rules_are_to_say_it_is_kept_until_they_do(Directory *directory,
								gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	Ignored all = { .ecosystem = (char *)"docker",
			.name = (char *)"golang",
			.range = (char *)"" };
	Ignored some = { .ecosystem = (char *)"docker",
			 .name = (char *)"golang",
			 .range = (char *)"= 1.22.4" };
	g_autofree char *first = NULL, *second = NULL, *third = NULL;

	(void)data;
	add_for(store, "golang", "", "main\n/");
	add_for(store, "golang", "= 1.22.4", "main\n/");
	add_for(store, "golang", "", NULL);
	first = list_places(store);
	g_assert_cmpstr(first, ==, "golang : main,/; golang = 1.22.4: main,/");
	add_for(store, "golang", "", "main\n/\n/b");
	GOOD(ignored_keep_apart(store, REPOSITORY, &some, &error));
	second = list_places(store);
	g_assert_cmpstr(second, ==, "golang : main,/,/b; golang = 1.22.4: ");
	GOOD(ignored_drop(store, REPOSITORY, &all, &error));
	third = list_places(store);
	g_assert_cmpstr(third, ==, "golang = 1.22.4: ");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	store_test("/ignored/what_is_ignored_is_kept_until_it_is_taken_back",
		   what_is_ignored_is_kept_until_it_is_taken_back);
	store_test("/ignored/what_is_held_comes_back_by_itself", what_is_held_comes_back_by_itself);
	store_test("/ignored/where_the_rules_are_to_say_it_is_kept_until_they_do",
		   where_the_rules_are_to_say_it_is_kept_until_they_do);
	return g_test_run();
}
