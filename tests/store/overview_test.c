/* SPDX-License-Identifier: MIT */
#include "store/directory.h"
#include "store/overview.h"

/* Neighbours of each other in every order but that of bytes. */
static const char *const names[] = { "https://git.test/A", "https://git.test/a",
				     "https://git.test/a-b", "https://git.test/a/b",
				     "https://git.test/\303\244" };

/* One entry of a repository, of which `count` updates wait. */
static void fill(Store *store, const char *name, guint count)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new(), list = waitings_new();

	g_ptr_array_add(entries, (gpointer) "docker /");
	for (guint i = 0; i < count; i++)
		g_ptr_array_add(list, waiting_new(WAITING_HELD, "docker /", "Bump it", NULL));
	GOOD(queue_finish_entry(store, name, "docker /", "", NOW, true, &error));
	GOOD(backlog_replace(store, name, entries, list, 0, &error));
}

static void what_is_of_a_repository_is_found_by_its_name(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) watched = g_ptr_array_new(), owners = g_ptr_array_new();
	g_auto(Overview) overview = { 0 };

	(void)data;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		g_ptr_array_add(watched, (gpointer)names[i]);
	GOOD(queue_watch(store, watched, owners, &error));
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		fill(store, names[i], i % 3);
	GOOD(overview_read(store, NOW, &overview, &error));
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		guint at = overview_first_waiting(&overview, names[i]), count = 0;

		while (at < overview.backlog->len &&
		       g_str_equal(((Waiting *)overview.backlog->pdata[at])->repository, names[i]))
			at++, count++;
		g_assert_cmpuint(count, ==, i % 3);
	}
	g_assert_cmpuint(overview_first_waiting(&overview, ""), ==, 0);
	g_assert_cmpuint(overview_first_waiting(&overview, "z"), ==, overview.backlog->len);
	g_assert_cmpuint(overview_first_plan(&overview, names[0]), ==, 0);
}

static const struct {
	const char *name;
	int64_t expires_at;
	bool is_ending;
} tokens[] = {
	{ "not_known", 0, false },
	{ "never", INT64_MAX, false },
	{ "long_ago", 1, true },
	{ "in_two_weeks", NOW + 14 * 24 * 60 * 60, true },
	{ "a_second_later", NOW + 14 * 24 * 60 * 60 + 1, false },
};

static void tells_which_tokens_are_ending(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tokens); i++) {
		g_test_message("%s", tokens[i].name);
		g_assert_cmpint(overview_is_ending(tokens[i].expires_at, NOW), ==,
				tokens[i].is_ending);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	store_test("/overview/what_is_of_a_repository_is_found_by_its_name",
		   what_is_of_a_repository_is_found_by_its_name);
	g_test_add_func("/overview/tells_which_tokens_are_ending", tells_which_tokens_are_ending);
	return g_test_run();
}
