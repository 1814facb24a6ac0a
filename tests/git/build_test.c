/* SPDX-License-Identifier: MIT */
#include "git/build.h"
#include "git/fixture.h"

#define BEFORE "FROM golang:1.21\n"
#define AFTER  "FROM golang:1.22\n"

static const CommitText text = { "upkeepd",  "upkeepd@localhost", "upkeepd", "upkeepd@localhost",
				 1700000000, "Bump golang\n",     NULL };

static GBytes *bytes_of(const char *content)
{
	return content == NULL ? NULL : g_bytes_new_static(content, strlen(content));
}

/* Builds with one change; `before` and `after` may be NULL. */
static char *build_one(Objects *objects, const char *base, const char *path, const char *before,
		       const char *after, GError **error)
{
	g_autoptr(GPtrArray) changes = file_changes_new();
	g_autoptr(GBytes) old = bytes_of(before);
	g_autoptr(GBytes) new = bytes_of(after);

	g_ptr_array_add(changes, file_change_new(path, old, new));
	return build_commit(objects, base, changes, &text, error);
}

static char *paths_in(Objects *objects, const char *commit)
{
	g_autoptr(GPtrArray) files = objects_files(objects, commit, NULL, NULL, NULL);

	return paths_of(files);
}

static const struct {
	const char *name, *path, *before, *after, *paths;
} accepted[] = {
	{ "a_file", "Dockerfile", BEFORE, AFTER, "Dockerfile bin/run* src/a/go.mod " },
	{ "keeping_its_mode", "bin/run", BEFORE, AFTER, "Dockerfile bin/run* src/a/go.mod " },
	{ "unread_before", "Dockerfile", NULL, AFTER, "Dockerfile bin/run* src/a/go.mod " },
	{ "new_in_a_folder", "src/a/go.sum", NULL, "",
	  "Dockerfile bin/run* src/a/go.mod src/a/go.sum " },
	{ "new_with_its_folders", "vendor/x/y.go", NULL, "y",
	  "Dockerfile bin/run* src/a/go.mod vendor/x/y.go " },
	{ "gone", "Dockerfile", BEFORE, NULL, "bin/run* src/a/go.mod " },
	{ "gone_with_its_folders", "src/a/go.mod", "module a\n", NULL, "Dockerfile bin/run* " },
};

static void accepts(const void *data)
{
	const size_t i = GPOINTER_TO_SIZE(data);
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *base = put_example(fixture);
	g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
	g_autoptr(GError) error = NULL;
	g_autofree char *commit = build_one(objects, base, accepted[i].path, accepted[i].before,
					    accepted[i].after, &error);
	g_autofree char *paths = NULL;

	g_assert_no_error(error);
	paths = paths_in(objects, commit);
	g_assert_cmpstr(paths, ==, accepted[i].paths);
}

static const struct {
	const char *name, *path, *before, *after;
} refused[] = {
	{ "a_symlink", "docs/link", NULL, AFTER },
	{ "through_a_symlink", "docs/link/x", NULL, AFTER },
	{ "a_submodule", "lib", NULL, AFTER },
	{ "through_a_submodule", "lib/x", NULL, AFTER },
	{ "through_a_file", "Dockerfile/x", NULL, AFTER },
	{ "a_folder", "src/a", NULL, AFTER },
	{ "other_bytes", "Dockerfile", "FROM golang:1.20\n", AFTER },
	{ "what_has_gone", "missing", BEFORE, AFTER },
	{ "deleting_what_has_gone", "missing", NULL, NULL },
	{ "no_change", "Dockerfile", BEFORE, BEFORE },
	{ "an_empty_path", "", NULL, AFTER },
	{ "an_absolute_path", "/etc/passwd", NULL, AFTER },
	{ "a_path_upwards", "src/../../x", NULL, AFTER },
	{ "an_empty_name", "src//x", NULL, AFTER },
	{ "a_slash_at_the_end", "src/", NULL, AFTER },
	{ "git_itself", "a/.git/config", NULL, AFTER },
	{ "git_in_capitals", ".GIT/hooks/x", NULL, AFTER },
	{ "git_as_windows_sees_it", "GIT~1/x", NULL, AFTER },
	{ "no_utf8", "a\xff", NULL, AFTER },
};

static void refuses(const void *data)
{
	const size_t i = GPOINTER_TO_SIZE(data);
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *base = put_example(fixture);
	g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
	g_autoptr(GError) error = NULL;

	g_assert_null(build_one(objects, base, refused[i].path, refused[i].before, refused[i].after,
				&error));
	assert_failure(error, FAILURE_INPUT);
}

static void refuses_what_changes_twice(void)
{
	static const char *const pairs[][2] = { { "a", "a" }, { "a", "a/b" }, { "x/y/z", "x" } };

	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
		g_autoptr(Fixture) fixture = fixture_new(true);
		g_autofree char *base = put_example(fixture);
		g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
		g_autoptr(GPtrArray) changes = file_changes_new();
		g_autoptr(GBytes) bytes = bytes_of("x");
		g_autoptr(GError) error = NULL;

		g_ptr_array_add(changes, file_change_new(pairs[i][0], NULL, bytes));
		g_ptr_array_add(changes, file_change_new(pairs[i][1], NULL, bytes));
		g_assert_null(build_commit(objects, base, changes, &text, &error));
		assert_failure(error, FAILURE_INPUT);
	}
}

static void the_same_again_has_the_same_id(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *base = put_example(fixture);
	g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
	g_autofree char *one = build_one(objects, base, "Dockerfile", BEFORE, AFTER, NULL);
	g_autofree char *two = build_one(objects, base, "Dockerfile", BEFORE, AFTER, NULL);
	g_autoptr(Commit) commit = objects_commit(objects, one, NULL);

	g_assert_cmpstr(one, ==, two);
	/* By git itself, from the same files, author and time. */
	g_assert_cmpstr(one, ==, "c9502221555e159773cf043cae6dfb025372a3a0");
	g_assert_cmpstr(commit->message, ==, text.message);
	g_assert_cmpint(commit->committed_at, ==, text.at);
	g_assert_cmpstr(g_ptr_array_index(commit->parents, 0), ==, base);
}

static void nothing_reaches_the_disk(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *base = put_example(fixture);
	g_autofree char *commit = NULL;
	git_repository *again = NULL;
	git_odb *database = NULL;
	git_oid id;

	{
		g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);

		commit = build_one(objects, base, "Dockerfile", BEFORE, AFTER, NULL);
		g_assert_true(objects_has(objects, commit));
	}
	g_assert_cmpint(git_oid_fromstr(&id, commit), ==, 0);
	g_assert_cmpint(git_repository_open(&again, fixture->directory), ==, 0);
	g_assert_cmpint(git_repository_odb(&database, again), ==, 0);
	g_assert_false(git_odb_exists(database, &id));
	git_odb_free(database);
	git_repository_free(again);
}

static void a_missing_base_is_absent(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autoptr(Objects) objects = objects_of(fixture->repository, NULL);
	g_autoptr(GError) error = NULL;

	g_assert_null(build_one(objects, "1234567890123456789012345678901234567890", "a", NULL, "x",
				&error));
	assert_failure(error, FAILURE_ABSENT);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(accepted); i++) {
		g_autofree char *path = g_strdup_printf("/git/build/accepts/%s", accepted[i].name);
		g_test_add_data_func(path, GSIZE_TO_POINTER(i), accepts);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
		g_autofree char *path = g_strdup_printf("/git/build/refuses/%s", refused[i].name);
		g_test_add_data_func(path, GSIZE_TO_POINTER(i), refuses);
	}
	g_test_add_func("/git/build/refuses_what_changes_twice", refuses_what_changes_twice);
	g_test_add_func("/git/build/the_same_again_has_the_same_id",
			the_same_again_has_the_same_id);
	g_test_add_func("/git/build/nothing_reaches_the_disk", nothing_reaches_the_disk);
	g_test_add_func("/git/build/a_missing_base_is_absent", a_missing_base_is_absent);
	return g_test_run();
}
