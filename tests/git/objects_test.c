/* SPDX-License-Identifier: MIT */
#include "git/fixture.h"
#include "git/objects.h"
#include "upkeepd/limits.h"

static const char nothing[] = "1234567890123456789012345678901234567890";

static GPtrArray *files_of(Fixture *fixture, const char *commit, GError **error)
{
	g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);

	return objects_files(objects, commit, NULL, NULL, error);
}

static void lists_regular_files_only(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *commit = put_example(fixture);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) files = files_of(fixture, commit, &error);
	g_autofree char *paths = NULL;

	g_assert_no_error(error);
	paths = paths_of(files);
	g_assert_cmpstr(paths, ==, "Dockerfile bin/run* src/a/go.mod ");
}

static bool is_module(const char *path, void *data)
{
	++*(int *)data;
	return g_str_has_suffix(path, "go.mod");
}

static void keeps_what_is_wanted(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *commit = put_example(fixture);
	g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
	int asked = 0;
	g_autoptr(GPtrArray) files = objects_files(objects, commit, is_module, &asked, NULL);

	g_assert_cmpuint(files->len, ==, 1);
	g_assert_cmpint(asked, ==, 3);
}

/* Read at all or refused as malformed by libgit2: never shown. */
static void leaves_out_names_no_checkout_accepts(void)
{
	static const char *const odd[] = { "..", ".", ".git", ".GIT", "a\nb", "a/b", "\xff" };

	for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
		g_autoptr(Fixture) fixture = fixture_new(true);
		g_autofree char *file = put_file(fixture, "x");
		g_autofree char *odd_row = row("100644", odd[i], file);
		g_autofree char *tree = put_tree(fixture, (const char *[]){ odd_row, NULL });
		g_autofree char *commit = put_commit(fixture, tree, "", 1);
		g_autoptr(GPtrArray) files = files_of(fixture, commit, NULL);

		g_assert_true(files == NULL || files->len == 0);
	}
}

/* A tree whose one or two entries are the tree before. */
static char *put_bomb(Fixture *fixture, int depth, bool is_double)
{
	char *tree = put_tree(fixture, (const char *[]){ NULL });

	for (int i = 0; i < depth; i++) {
		g_autofree char *one = row("40000", "a", tree);
		g_autofree char *two = row("40000", "b", tree);

		g_free(tree);
		tree = put_tree(fixture, (const char *[]){ one, is_double ? two : NULL, NULL });
	}
	return tree;
}

static void check_bomb(int depth, bool is_double)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *tree = put_bomb(fixture, depth, is_double);
	g_autofree char *commit = put_commit(fixture, tree, "", 1);
	g_autoptr(GError) error = NULL;

	g_assert_null(files_of(fixture, commit, &error));
	assert_failure(error, FAILURE_LIMIT);
}

/* 2^60 paths in 60 objects */
static void a_tree_that_stands_in_itself_twice_ends(void)
{
	check_bomb(60, true);
}

static void depth_has_a_limit(void)
{
	check_bomb(LIMIT_TREE_DEPTH + 1, false);
}

static void a_folder_has_a_limit(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *zeros = g_malloc0(LIMIT_TREE + 1);
	g_autofree char *tree = put(fixture, GIT_OBJECT_TREE, zeros, LIMIT_TREE + 1);
	g_autofree char *commit = put_commit(fixture, tree, "", 1);
	g_autoptr(GError) error = NULL;

	g_assert_null(files_of(fixture, commit, &error));
	assert_failure(error, FAILURE_LIMIT);
}

static void an_unsorted_tree_is_refused(void)
{
	static const char *const names[][2] = { { "b", "a" }, { "a", "a" } };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(Fixture) fixture = fixture_new(true);
		g_autofree char *file = put_file(fixture, "x");
		g_autofree char *one = row("100644", names[i][0], file);
		g_autofree char *two = row("100644", names[i][1], file);
		g_autofree char *tree = put_tree(fixture, (const char *[]){ one, two, NULL });
		g_autofree char *commit = put_commit(fixture, tree, "", 1);
		g_autoptr(GError) error = NULL;

		g_assert_null(files_of(fixture, commit, &error));
		assert_failure(error, FAILURE_INPUT);
	}
}

static void what_is_missing_is_absent(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *missing_row = row("40000", "a", nothing);
	g_autofree char *tree = put_tree(fixture, (const char *[]){ missing_row, NULL });
	g_autofree char *commit = put_commit(fixture, tree, "", 1);
	g_autoptr(GError) error = NULL;

	g_assert_null(files_of(fixture, commit, &error));
	assert_failure(error, FAILURE_ABSENT);
	g_assert_null(files_of(fixture, nothing, &error));
	assert_failure(error, FAILURE_ABSENT);
}

static void reads_files_within_bounds(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *file = put_file(fixture, "twelve bytes");
	g_autofree char *commit = put_example(fixture);
	g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = objects_read(objects, file, 12, &error);

	g_assert_no_error(error);
	g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), "twelve bytes", 12);
	g_assert_null(objects_read(objects, file, 11, &error));
	assert_failure(error, FAILURE_LIMIT);
	g_assert_null(objects_read(objects, commit, 1000, &error));
	assert_failure(error, FAILURE_INPUT);
	g_assert_null(objects_read(objects, "HEAD", 1000, &error));
	assert_failure(error, FAILURE_INPUT);
}

static void tells_who_made_a_commit(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *first = put_example(fixture);
	g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
	g_autoptr(Commit) commit = objects_commit(objects, first, NULL);
	g_autofree char *second = put_commit(fixture, commit->tree, first, 2000);
	g_autoptr(Commit) child = objects_commit(objects, second, NULL);

	g_assert_cmpstr(child->id, ==, second);
	g_assert_cmpstr(child->author_name, ==, "A");
	g_assert_cmpstr(child->author_email, ==, "a@example.org");
	g_assert_cmpstr(child->committer_email, ==, "c@example.org");
	g_assert_cmpint(child->committed_at, ==, 2000);
	g_assert_cmpuint(child->parents->len, ==, 1);
	g_assert_cmpstr(g_ptr_array_index(child->parents, 0), ==, first);
	g_assert_cmpstr(child->message, ==, "no. 2000\n");
}

static void commits_are_bounded_and_checked(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *large = g_strnfill(LIMIT_COMMIT + 1, 'x');
	g_autofree char *huge = put(fixture, GIT_OBJECT_COMMIT, large, LIMIT_COMMIT + 1);
	g_autofree char *broken = put(fixture, GIT_OBJECT_COMMIT, "tree x\n", 7);
	g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
	g_autoptr(GError) error = NULL;

	g_assert_null(objects_commit(objects, huge, &error));
	assert_failure(error, FAILURE_LIMIT);
	g_assert_null(objects_commit(objects, broken, &error));
	assert_failure(error, FAILURE_INPUT);
}

/* 1 ← 2 ← 5 ← 6, which merges 4: 1 ← 3 ← 4 */
static void history_is_newest_first(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *tree = put_tree(fixture, (const char *[]){ NULL });
	g_autofree char *c1 = put_commit(fixture, tree, "", 1);
	g_autofree char *c2 = put_commit(fixture, tree, c1, 2);
	g_autofree char *c3 = put_commit(fixture, tree, c1, 3);
	g_autofree char *c4 = put_commit(fixture, tree, c3, 4);
	g_autofree char *c5 = put_commit(fixture, tree, c2, 5);
	g_autofree char *both = g_strdup_printf("%s %s", c5, c4);
	g_autofree char *c6 = put_commit(fixture, tree, both, 6);
	g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
	bool is_whole = false;
	g_autoptr(GPtrArray) history = objects_history(objects, c6, 100, &is_whole, NULL);
	g_autoptr(GPtrArray) some = objects_history(objects, c6, 4, &is_whole, NULL);

	g_assert_true(is_whole);
	g_assert_cmpuint(history->len, ==, 6);
	g_assert_cmpuint(some->len, ==, 4);
	for (unsigned i = 0; i < history->len; i++) {
		const Commit *commit = g_ptr_array_index(history, i);

		g_assert_cmpint(commit->committed_at, ==, 6 - (int)i);
	}
}

static void history_says_where_it_was_cut(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *tree = put_tree(fixture, (const char *[]){ NULL });
	g_autofree char *tip = put_commit(fixture, tree, nothing, 1);
	g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
	bool is_whole = true;
	g_autoptr(GPtrArray) history = objects_history(objects, tip, 100, &is_whole, NULL);

	g_assert_cmpuint(history->len, ==, 1);
	g_assert_false(is_whole);
}

static void a_store_is_swept_when_opened(void)
{
	g_autofree char *directory = g_dir_make_tmp(NULL, NULL);
	g_autofree char *packs = g_build_filename(directory, "objects", "pack", NULL);
	g_autofree char *left = g_build_filename(packs, "tmp_pack_x", NULL);
	g_autofree char *kept = g_build_filename(packs, "pack-x.keep", NULL);
	g_autoptr(Objects) objects = NULL;
	g_autoptr(GError) error = NULL;

	g_mkdir_with_parents(packs, 0700);
	g_file_set_contents(left, "x", 1, NULL);
	g_file_set_contents(kept, "x", 1, NULL);
	objects = objects_open(directory, &error);
	g_assert_no_error(error);
	g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
	g_assert_true(g_file_test(kept, G_FILE_TEST_EXISTS));
	remove_all(directory);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/git/objects/lists_regular_files_only", lists_regular_files_only);
	g_test_add_func("/git/objects/keeps_what_is_wanted", keeps_what_is_wanted);
	g_test_add_func("/git/objects/leaves_out_names_no_checkout_accepts",
			leaves_out_names_no_checkout_accepts);
	g_test_add_func("/git/objects/a_tree_that_stands_in_itself_twice_ends",
			a_tree_that_stands_in_itself_twice_ends);
	g_test_add_func("/git/objects/depth_has_a_limit", depth_has_a_limit);
	g_test_add_func("/git/objects/a_folder_has_a_limit", a_folder_has_a_limit);
	g_test_add_func("/git/objects/an_unsorted_tree_is_refused", an_unsorted_tree_is_refused);
	g_test_add_func("/git/objects/what_is_missing_is_absent", what_is_missing_is_absent);
	g_test_add_func("/git/objects/reads_files_within_bounds", reads_files_within_bounds);
	g_test_add_func("/git/objects/tells_who_made_a_commit", tells_who_made_a_commit);
	g_test_add_func("/git/objects/commits_are_bounded_and_checked",
			commits_are_bounded_and_checked);
	g_test_add_func("/git/objects/history_is_newest_first", history_is_newest_first);
	g_test_add_func("/git/objects/history_says_where_it_was_cut",
			history_says_where_it_was_cut);
	g_test_add_func("/git/objects/a_store_is_swept_when_opened", a_store_is_swept_when_opened);
	return g_test_run();
}
