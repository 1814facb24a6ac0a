/* SPDX-License-Identifier: MIT */
#include "git/fixture.h"
#include "git/state.h"

#define ONE "1111111111111111111111111111111111111111"

static void a_state_is_what_was_saved(void)
{
	g_autofree char *cache = g_dir_make_tmp(NULL, NULL);

	{
		g_autoptr(State) state = state_load(cache);

		g_assert_cmpint(state->reading.asked_at, ==, 0);
		state->url = g_strdup("https://example.org/moved");
		state->writing.offers = 5;
		state->writing.asked_at = 1700000000;
		state->refs->head = g_strdup(ONE);
		state->refs->default_branch = g_strdup("main");
		g_tree_insert(state->refs->tips, g_strdup("main"), g_strdup(ONE));
		state_note_whole(state, ONE);
		state_note_whole(state, ONE);
		g_assert_true(state_save(state, NULL));
	}
	{
		g_autoptr(State) state = state_load(cache);

		g_assert_cmpstr(state->url, ==, "https://example.org/moved");
		g_assert_cmpuint(state->writing.offers, ==, 5);
		g_assert_cmpint(state->writing.asked_at, ==, 1700000000);
		g_assert_cmpstr(state->refs->head, ==, ONE);
		g_assert_cmpstr(state->refs->default_branch, ==, "main");
		g_assert_cmpstr(g_tree_lookup(state->refs->tips, "main"), ==, ONE);
		g_assert_cmpuint(state->whole->len, ==, 1);
	}
	remove_all(cache);
}

/* Whatever stands in the file, nothing of it gets into a request unchecked. */
static void a_broken_state_is_an_empty_one(void)
{
	static const char *const texts[] = {
		"",
		"{",
		"[]",
		"{\"refs\":1,\"whole\":{},\"reading\":[]}",
		"{\"refs\":{\"head\":\"x\",\"default_branch\":\"a "
		"b\",\"tips\":{\"main\":1,\"b\":\"x\"}},"
		"\"whole\":[\"x\",1,\"" ONE "\\n\"],\"reading\":{\"offers\":-1,\"asked_at\":5}}",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *cache = g_dir_make_tmp(NULL, NULL);
		g_autofree char *path = g_build_filename(cache, "remote.json", NULL);
		g_autoptr(State) state = NULL;

		g_assert_true(g_file_set_contents(path, texts[i], -1, NULL));
		state = state_load(cache);
		g_assert_null(state->refs->head);
		g_assert_null(state->refs->default_branch);
		g_assert_cmpint(g_tree_nnodes(state->refs->tips), ==, 0);
		g_assert_cmpuint(state->whole->len, ==, 0);
		g_assert_cmpint(state->reading.asked_at, ==, 0);
		remove_all(cache);
	}
}

static void the_oldest_whole_commits_are_forgotten(void)
{
	g_autofree char *cache = g_dir_make_tmp(NULL, NULL);
	g_autoptr(State) state = state_load(cache);

	for (int i = 0; i < 20; i++) {
		g_autofree char *id = g_strdup_printf("%040d", i);

		state_note_whole(state, id);
	}
	g_assert_cmpuint(state->whole->len, ==, 8);
	g_assert_cmpstr(g_ptr_array_index(state->whole, 7), ==,
			"0000000000000000000000000000000000000019");
	remove_all(cache);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_assert_true(library_start(NULL));
	g_test_add_func("/git/state/a_state_is_what_was_saved", a_state_is_what_was_saved);
	g_test_add_func("/git/state/a_broken_state_is_an_empty_one",
			a_broken_state_is_an_empty_one);
	g_test_add_func("/git/state/the_oldest_whole_commits_are_forgotten",
			the_oldest_whole_commits_are_forgotten);
	return g_test_run();
}
