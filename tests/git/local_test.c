/* SPDX-License-Identifier: MIT */
/* The facade over a repository on this disk. */
#include "git/fixture.h"
#include "git/remote.h"

#include <time.h>
#include <utime.h>

static const CommitText text = { "u", "u@localhost", "u", "u@localhost", 1700000000, "x\n", NULL };

static Remote *open_remote(const Fixture *fixture, GError **error)
{
	static Repository repository; /* outlives the remote */
	static const RemoteOptions options = { .now = 1700000000 };
	Remote *remote;

	repository.path = fixture->directory;
	remote = remote_open(&repository, &options, error);
	if (remote != NULL)
		g_assert_true(remote_claim(remote, "upkeepd/", NULL));
	return remote;
}

static char *build(Remote *remote, const char *base, const char *content)
{
	g_autoptr(GPtrArray) changes = file_changes_new();
	g_autoptr(GBytes) bytes = g_bytes_new(content, strlen(content));

	g_ptr_array_add(changes, file_change_new("Dockerfile", NULL, bytes));
	return remote_build(remote, base, changes, &text, NULL);
}

static void learns_reads_builds_and_pushes(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *base = put_example(fixture);
	g_autoptr(GError) error = NULL;
	g_autoptr(Remote) remote = open_remote(fixture, &error);
	g_autoptr(GPtrArray) files = NULL;
	g_autoptr(GPtrArray) updates = push_updates_new();
	g_autofree char *commit = NULL;
	g_autofree char *now = NULL;

	g_assert_no_error(error);
	g_assert_true(remote_learn(remote, &error));
	g_assert_cmpstr(remote_default_branch(remote), ==, "main");
	g_assert_cmpstr(remote_tip(remote, "main"), ==, base);
	files = remote_files(remote, base, NULL, NULL, &error);
	g_assert_cmpuint(files->len, ==, 3);
	commit = build(remote, base, "FROM golang:1.22\n");
	g_ptr_array_add(updates, push_update_new("upkeepd/x", NULL, commit));
	g_assert_true(remote_push(remote, updates, false, &error));
	g_assert_cmpint(((PushUpdate *)updates->pdata[0])->result, ==, PUSH_OK);
	g_assert_cmpstr(remote_tip(remote, "upkeepd/x"), ==, commit);
	now = get_branch(fixture, "upkeepd/x");
	g_assert_cmpstr(now, ==, commit);
}

/* upkeepd/a is at main, upkeepd/b not there; each row is one push of one branch. */
static const struct {
	const char *name;
	const char *branch;
	char expected, wanted; /* m: main, n: a new commit, o: another, 0: none */
	PushResult result;
	char then;
} pushes[] = {
	{ "creates", "upkeepd/b", 0, 'n', PUSH_OK, 'n' },
	{ "updates", "upkeepd/a", 'm', 'n', PUSH_OK, 'n' },
	{ "deletes", "upkeepd/a", 'm', 0, PUSH_OK, 0 },
	{ "sees_that_it_is_done", "upkeepd/a", 'o', 'm', PUSH_OK, 'm' },
	{ "sees_that_it_is_gone", "upkeepd/b", 'm', 0, PUSH_OK, 0 },
	{ "does_not_create_over_another", "upkeepd/a", 0, 'n', PUSH_MOVED, 'm' },
	{ "does_not_update_what_moved", "upkeepd/a", 'o', 'n', PUSH_MOVED, 'm' },
	{ "does_not_recreate_what_was_deleted", "upkeepd/b", 'm', 'n', PUSH_MOVED, 0 },
	{ "does_not_delete_what_moved", "upkeepd/a", 'o', 0, PUSH_MOVED, 'm' },
	{ "says_what_is_in_the_way", "upkeepd/a/sub", 0, 'n', PUSH_REJECTED, 0 },
};

static void pushes_one(const void *data)
{
	const size_t i = GPOINTER_TO_SIZE(data);
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *base = put_example(fixture);
	g_autoptr(Remote) remote = open_remote(fixture, NULL);
	g_autoptr(GPtrArray) updates = push_updates_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *new = build(remote, base, "new");
	g_autofree char *other = build(remote, base, "other");
	g_autofree char *now = NULL;
	const char *ids[128] = { ['m'] = base, ['n'] = new, ['o'] = other };
	PushUpdate *update = push_update_new(pushes[i].branch, ids[(int)pushes[i].expected],
					     ids[(int)pushes[i].wanted]);

	set_branch(fixture, "upkeepd/a", base);
	g_ptr_array_add(updates, update);
	g_assert_true(remote_learn(remote, NULL));
	g_assert_true(remote_push(remote, updates, false, &error));
	g_assert_no_error(error);
	g_assert_cmpint(update->result, ==, pushes[i].result);
	g_assert_cmpint(update->reason != NULL, ==, pushes[i].result == PUSH_REJECTED);
	now = get_branch(fixture, pushes[i].branch);
	g_assert_cmpstr(now, ==, ids[(int)pushes[i].then]);
	g_assert_cmpstr(remote_tip(remote, pushes[i].branch), ==, ids[(int)pushes[i].then]);
}

static void push_two(bool is_atomic, PushResult first, PushResult second)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *base = put_example(fixture);
	g_autoptr(Remote) remote = open_remote(fixture, NULL);
	g_autoptr(GPtrArray) updates = push_updates_new();
	g_autofree char *new = build(remote, base, "new");
	g_autofree char *now = NULL;

	set_branch(fixture, "upkeepd/a", base);
	g_assert_true(remote_learn(remote, NULL));
	g_ptr_array_add(updates, push_update_new("upkeepd/b", NULL, new));
	g_ptr_array_add(updates, push_update_new("upkeepd/a", NULL, new));
	g_assert_true(remote_push(remote, updates, is_atomic, NULL));
	g_assert_cmpint(((PushUpdate *)updates->pdata[0])->result, ==, first);
	g_assert_cmpint(((PushUpdate *)updates->pdata[1])->result, ==, second);
	now = get_branch(fixture, "upkeepd/b");
	g_assert_cmpint(now != NULL, ==, first == PUSH_OK);
}

static void an_atomic_push_is_all_or_none(void)
{
	push_two(true, PUSH_REJECTED, PUSH_MOVED);
}

static void else_each_branch_is_for_itself(void)
{
	push_two(false, PUSH_OK, PUSH_MOVED);
}

static void refuses_other_branches_before_anything_happens(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *base = put_example(fixture);
	g_autoptr(Remote) remote = open_remote(fixture, NULL);
	g_autofree char *new = build(remote, base, "new");
	static const char *const others[] = { "main", "master", "other/x" };

	g_assert_true(remote_learn(remote, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autoptr(GPtrArray) updates = push_updates_new();
		g_autoptr(GError) error = NULL;
		g_autofree char *now = NULL;

		g_ptr_array_add(updates, push_update_new("upkeepd/ok", NULL, new));
		g_ptr_array_add(updates, push_update_new(others[i], base, new));
		g_assert_false(remote_push(remote, updates, false, &error));
		assert_failure(error, FAILURE_CONFIG);
		now = get_branch(fixture, "upkeepd/ok");
		g_assert_null(now);
	}
}

static void a_branch_that_is_checked_out_stays(void)
{
	g_autoptr(Fixture) fixture = fixture_new(false);
	g_autofree char *base = put_example(fixture);
	g_autoptr(Remote) remote = open_remote(fixture, NULL);
	g_autoptr(GPtrArray) updates = push_updates_new();
	g_autofree char *new = build(remote, base, "new");
	PushUpdate *update = push_update_new("upkeepd/a", base, new);

	set_branch(fixture, "upkeepd/a", base);
	g_ptr_array_add(updates, update);
	g_assert_true(remote_learn(remote, NULL));
	g_assert_cmpint(git_repository_set_head(fixture->repository, "refs/heads/upkeepd/a"), ==,
			0);
	g_assert_true(remote_push(remote, updates, false, NULL));
	g_assert_cmpint(update->result, ==, PUSH_REJECTED);
	g_assert_cmpstr(update->reason, ==, "is checked out");
}

static void packed_branches_are_deleted_too(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *base = put_example(fixture);
	g_autoptr(GPtrArray) updates = push_updates_new();
	g_autofree char *packed = g_strdup_printf("%s refs/heads/upkeepd/a\n", base);
	g_autofree char *path = g_build_filename(fixture->directory, "packed-refs", NULL);
	g_autofree char *now = NULL;
	g_autoptr(Remote) remote = NULL;

	g_assert_true(g_file_set_contents(path, packed, -1, NULL));
	remote = open_remote(fixture, NULL);
	g_assert_true(remote_learn(remote, NULL));
	g_assert_cmpstr(remote_tip(remote, "upkeepd/a"), ==, base);
	g_ptr_array_add(updates, push_update_new("upkeepd/a", base, NULL));
	g_assert_true(remote_push(remote, updates, false, NULL));
	g_assert_cmpint(((PushUpdate *)updates->pdata[0])->result, ==, PUSH_OK);
	now = get_branch(fixture, "upkeepd/a");
	g_assert_null(now);
}

static void an_empty_repository_has_nothing(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autoptr(GError) error = NULL;
	g_autoptr(Remote) remote = open_remote(fixture, &error);

	g_assert_true(remote_learn(remote, &error));
	g_assert_null(remote_default_branch(remote));
	g_assert_null(remote_head(remote));
}

static void a_detached_head_names_no_branch(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *base = put_example(fixture);
	g_autoptr(Remote) remote = open_remote(fixture, NULL);
	git_oid id;

	g_assert_cmpint(git_oid_fromstr(&id, base), ==, 0);
	g_assert_cmpint(git_repository_set_head_detached(fixture->repository, &id), ==, 0);
	g_assert_true(remote_learn(remote, NULL));
	g_assert_null(remote_default_branch(remote));
	g_assert_cmpstr(remote_head(remote), ==, base);
}

static void says_why_it_cannot_open(void)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *config = g_build_filename(fixture->directory, "config", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(config,
					  "[core]\n\trepositoryformatversion = 1\n\tbare = true\n"
					  "[extensions]\n\tobjectformat = sha256\n",
					  -1, NULL));
	g_assert_null(open_remote(fixture, &error));
	g_assert_nonnull(strstr(error->message, "SHA-256"));
	assert_failure(error, FAILURE_CONFIG);
	g_remove(config);
	remove_all(fixture->directory);
	g_assert_null(open_remote(fixture, &error));
	assert_failure(error, FAILURE_ABSENT);
}

/* `age` is that of the lock in seconds. */
static PushResult push_past_a_lock(time_t age)
{
	g_autoptr(Fixture) fixture = fixture_new(true);
	g_autofree char *base = put_example(fixture);
	g_autoptr(Remote) remote = open_remote(fixture, NULL);
	g_autoptr(GPtrArray) updates = push_updates_new();
	g_autofree char *new = build(remote, base, "new");
	g_autofree char *folder =
		g_build_filename(fixture->directory, "refs", "heads", "upkeepd", NULL);
	g_autofree char *lock = g_build_filename(folder, "a.lock", NULL);
	const struct utimbuf times = { time(NULL) - age, time(NULL) - age };
	PushUpdate *update = push_update_new("upkeepd/a", NULL, new);

	g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
	g_assert_true(g_file_set_contents(lock, "", 0, NULL));
	g_assert_cmpint(utime(lock, &times), ==, 0);
	g_ptr_array_add(updates, update);
	g_assert_true(remote_learn(remote, NULL));
	g_assert_true(remote_push(remote, updates, false, NULL));
	return update->result;
}

static void a_lock_that_was_left_behind_is_broken(void)
{
	g_assert_cmpint(push_past_a_lock(60), ==, PUSH_REJECTED);
	g_assert_cmpint(push_past_a_lock(60 * 60), ==, PUSH_OK);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/git/local/learns_reads_builds_and_pushes",
			learns_reads_builds_and_pushes);
	for (size_t i = 0; i < G_N_ELEMENTS(pushes); i++) {
		g_autofree char *path = g_strdup_printf("/git/local/push/%s", pushes[i].name);
		g_test_add_data_func(path, GSIZE_TO_POINTER(i), pushes_one);
	}
	g_test_add_func("/git/local/an_atomic_push_is_all_or_none", an_atomic_push_is_all_or_none);
	g_test_add_func("/git/local/else_each_branch_is_for_itself",
			else_each_branch_is_for_itself);
	g_test_add_func("/git/local/a_lock_that_was_left_behind_is_broken",
			a_lock_that_was_left_behind_is_broken);
	g_test_add_func("/git/local/refuses_other_branches_before_anything_happens",
			refuses_other_branches_before_anything_happens);
	g_test_add_func("/git/local/a_branch_that_is_checked_out_stays",
			a_branch_that_is_checked_out_stays);
	g_test_add_func("/git/local/packed_branches_are_deleted_too",
			packed_branches_are_deleted_too);
	g_test_add_func("/git/local/an_empty_repository_has_nothing",
			an_empty_repository_has_nothing);
	g_test_add_func("/git/local/a_detached_head_names_no_branch",
			a_detached_head_names_no_branch);
	g_test_add_func("/git/local/says_why_it_cannot_open", says_why_it_cannot_open);
	return g_test_run();
}
