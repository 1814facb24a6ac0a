/* SPDX-License-Identifier: MIT */
#include "git/build.h"
#include "git/fixture.h"
#include "git/pack.h"

static const CommitText text = { "u", "u@localhost", "u", "u@localhost", 1700000000, "x\n", NULL };

/* A commit on `base` with `n` new files in one folder. */
static char *build_files(Objects *objects, const char *base, int n)
{
	g_autoptr(GPtrArray) changes = file_changes_new();

	for (int i = 0; i < n; i++) {
		g_autofree char *path = g_strdup_printf("vendor/%03d", i);
		g_autoptr(GBytes) bytes = g_bytes_new(path, strlen(path));

		g_ptr_array_add(changes, file_change_new(path, NULL, bytes));
	}
	return build_commit(objects, base, changes, &text, NULL);
}

static GPtrArray *list_of(char *id)
{
	GPtrArray *list = g_ptr_array_new();

	g_ptr_array_add(list, id);
	return list;
}

static bool receive(Objects *objects, const uint8_t *bytes, size_t length, size_t piece,
		    GError **error)
{
	g_autoptr(PackReceiver) receiver = pack_receive(objects, error);

	for (size_t at = 0; at < length; at += piece)
		if (!pack_receive_piece(receiver, bytes + at, MIN(piece, length - at), error))
			return false;
	return pack_receive_end(receiver, error);
}

static void holds_what_the_base_lacks(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *base = put_example(fixture);
	g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
	g_autofree char *commit = build_files(objects, base, 1);
	g_autoptr(GPtrArray) commits = list_of(commit);
	unsigned count = 0;
	g_autoptr(GBytes) pack = pack_new(objects, commits, &count, NULL);

	/* commit, root, vendor, file */
	g_assert_cmpuint(count, ==, 4);
	g_assert_cmpuint(g_bytes_get_size(pack), <, 1000);
}

/* The receiver has the base, as a remote would. */
static void arrives_in_pieces(void)
{
	static const size_t pieces[] = { 1, 7, 100000 };

	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		g_autoptr(Fixture) here = fixture_new(true);
		g_autoptr(Fixture) there = fixture_new(true);
		g_autofree char *base = put_example(here);
		g_autofree char *same = put_example(there);
		g_autoptr(Objects) objects = objects_of(here->repository, NULL);
		g_autoptr(Objects) others = objects_of(there->repository, NULL);
		g_autofree char *commit = build_files(objects, base, 2);
		g_autoptr(GPtrArray) commits = list_of(commit);
		g_autoptr(GBytes) pack = pack_new(objects, commits, NULL, NULL);
		g_autoptr(GPtrArray) files = NULL;
		g_autoptr(GError) error = NULL;

		g_assert_cmpstr(base, ==, same);
		g_assert_false(objects_has(others, commit));
		g_assert_true(receive(others, g_bytes_get_data(pack, NULL), g_bytes_get_size(pack),
				      pieces[i], &error));
		g_assert_no_error(error);
		g_assert_true(objects_has(others, commit));
		files = objects_files(others, commit, NULL, NULL, &error);
		g_assert_cmpuint(files->len, ==, 5);
	}
}

static unsigned files_in(const char *directory)
{
	g_autoptr(GDir) folder = g_dir_open(directory, 0, NULL);
	unsigned count = 0;

	while (folder != NULL && g_dir_read_name(folder) != NULL)
		count++;
	return count;
}

static void garbage_is_refused_and_leaves_nothing(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *packs = g_build_filename(fixture->directory, "objects", "pack", NULL);
	g_autofree char *base = put_example(fixture);
	g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
	g_autofree char *commit = build_files(objects, base, 3);
	g_autoptr(GPtrArray) commits = list_of(commit);
	g_autoptr(GBytes) pack = pack_new(objects, commits, NULL, NULL);
	gsize length;
	const uint8_t *bytes = g_bytes_get_data(pack, &length);
	g_autofree uint8_t *flipped = g_memdup2(bytes, length);
	g_autoptr(GError) error = NULL;

	g_assert_false(receive(objects, (const uint8_t *)"<html>no pack</html>", 20, 20, &error));
	assert_failure(error, FAILURE_NET);
	g_assert_false(receive(objects, bytes, length - 1, length, &error));
	assert_failure(error, FAILURE_NET);
	g_assert_false(receive(objects, bytes, 0, 1, &error));
	assert_failure(error, FAILURE_NET);
	flipped[length / 2] ^= 1;
	g_assert_false(receive(objects, flipped, length, length, &error));
	assert_failure(error, FAILURE_NET);
	g_assert_cmpuint(files_in(packs), ==, 0);
}

/* As git does: few objects loose, many as a pack. */
static void keeps_few_loose_and_many_packed(void)
{
	static const struct {
		int files;
		unsigned in_packs;
	} cases[] = { { 97, 0 }, { 98, 2 } };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Fixture) fixture = fixture_new(true);
		g_autofree char *packs =
			g_build_filename(fixture->directory, "objects", "pack", NULL);
		g_autofree char *base = put_example(fixture);
		g_autofree char *commit = NULL;
		git_repository *again = NULL;
		g_autoptr(GError) error = NULL;
		git_oid id;

		{
			g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
			g_autoptr(GPtrArray) commits = NULL;

			commit = build_files(objects, base, cases[i].files);
			commits = list_of(commit);
			g_assert_true(pack_keep(objects, commits, &error));
		}
		g_assert_cmpuint(files_in(packs), ==, cases[i].in_packs);
		g_assert_cmpint(git_oid_fromstr(&id, commit), ==, 0);
		g_assert_cmpint(git_repository_open(&again, fixture->directory), ==, 0);
		{
			g_autoptr(Objects) objects = objects_of(again, NULL);
			g_autoptr(GPtrArray) files =
				objects_files(objects, commit, NULL, NULL, &error);

			g_assert_no_error(error);
			g_assert_cmpuint(files->len, ==, 3 + (unsigned)cases[i].files);
		}
		git_repository_free(again);
	}
}

static void what_is_not_here_cannot_be_sent(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
	g_autofree char *id = g_strdup("1234567890123456789012345678901234567890");
	g_autoptr(GPtrArray) commits = list_of(id);
	g_autoptr(GError) error = NULL;

	g_assert_null(pack_new(objects, commits, NULL, &error));
	assert_failure(error, FAILURE_ABSENT);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/git/pack/holds_what_the_base_lacks", holds_what_the_base_lacks);
	g_test_add_func("/git/pack/arrives_in_pieces", arrives_in_pieces);
	g_test_add_func("/git/pack/garbage_is_refused_and_leaves_nothing",
			garbage_is_refused_and_leaves_nothing);
	g_test_add_func("/git/pack/keeps_few_loose_and_many_packed",
			keeps_few_loose_and_many_packed);
	g_test_add_func("/git/pack/what_is_not_here_cannot_be_sent",
			what_is_not_here_cannot_be_sent);
	return g_test_run();
}
