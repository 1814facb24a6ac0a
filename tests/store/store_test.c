/* SPDX-License-Identifier: MIT */
#include "store/cache.h"
#include "store/directory.h"
#include "store/schema.h"
#include "store/store.h"

#include <sqlite3.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs SQL on the database from outside, as another program would. */
static void alter(const Directory *directory, const char *sql)
{
	g_autofree char *path = directory_file(directory, "upkeepd.db");
	sqlite3 *db = NULL;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_close(db), ==, SQLITE_OK);
}

static int64_t look(const Directory *directory, const char *file, const char *sql)
{
	g_autofree char *path = directory_file(directory, file);
	sqlite3_stmt *statement = NULL;
	sqlite3 *db = NULL;
	int64_t number = 0;

	g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
	number = sqlite3_column_int64(statement, 0);
	(void)sqlite3_finalize(statement);
	g_assert_cmpint(sqlite3_close(db), ==, SQLITE_OK);
	return number;
}

static void set_value(Store *store, const char *name, const char *value)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(cache_set_value(store, name, value, &error));
	g_assert_no_error(error);
}

static void assert_value(Store *store, const char *name, const char *expected)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *value = NULL;

	g_assert_true(cache_value(store, name, &value, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(value, ==, expected);
}

static void assert_refused(const Directory *directory, FailureKind kind, const char *words)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = store_open(directory->path, NOW, &error);

	g_assert_null(store);
	g_assert_error(error, FAILURE, (int)kind);
	g_assert_nonnull(strstr(error->message, words));
}

static void is_created_private_and_closed_clean(Directory *directory, gconstpointer data)
{
	g_autofree char *below = directory_file(directory, "a");
	g_autofree char *state = directory_file(directory, "a/state");
	g_autofree char *path = directory_file(directory, "a/state/upkeepd.db");
	g_autofree char *wal = directory_file(directory, "a/state/upkeepd.db-wal");
	g_autoptr(Store) store = store_open(state, NOW, NULL);
	struct stat about;

	(void)data;
	g_assert_nonnull(store);
	set_value(store, "name", "value");
	g_assert_cmpint(stat(state, &about), ==, 0);
	g_assert_cmpint(about.st_mode & 07777, ==, 0700);
	store_close(g_steal_pointer(&store));
	g_assert_false(g_file_test(wal, G_FILE_TEST_EXISTS));
	g_assert_cmpint(g_remove(path), ==, 0);
	g_assert_cmpint(g_rmdir(state), ==, 0);
	g_assert_cmpint(g_rmdir(below), ==, 0);
}

static void keeps_what_was_committed(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);

	(void)data;
	g_assert_true(store_begin(store, NULL));
	set_value(store, "kept", "yes");
	g_assert_true(store_commit(store, NULL));
	g_assert_true(store_begin(store, NULL));
	set_value(store, "dropped", "yes");
	store_rollback(store);
	g_assert_true(store_begin(store, NULL));
	set_value(store, "unfinished", "yes");
	store_close(g_steal_pointer(&store));

	store = directory_open(directory);
	assert_value(store, "kept", "yes");
	assert_value(store, "dropped", NULL);
	assert_value(store, "unfinished", NULL);
	g_assert_true(store_check(store, NULL));
	store_tidy(store);
	g_assert_null(store_set_aside(store));
}

static void may_be_open_in_several_processes(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) first = directory_open(directory);
	g_autoptr(Store) second = directory_open(directory);

	(void)data;
	set_value(first, "name", "of the first");
	assert_value(second, "name", "of the first");
	set_value(second, "name", "of the second");
	assert_value(first, "name", "of the second");
}

static void the_database_of_another_program_is_refused(Directory *directory, gconstpointer data)
{
	(void)data;
	alter(directory, "CREATE TABLE recipe (name TEXT)");
	assert_refused(directory, FAILURE_CONFIG, "another program");
	alter(directory, "PRAGMA application_id = 1196444487");
	assert_refused(directory, FAILURE_CONFIG, "another program");
	g_assert_cmpint(look(directory, "upkeepd.db", "SELECT count(*) FROM recipe"), ==, 0);
}

static void a_newer_database_is_refused_and_not_touched(Directory *directory, gconstpointer data)
{
	g_autofree char *path = directory_file(directory, "upkeepd.db");
	g_autofree char *before = NULL;
	g_autofree char *after = NULL;
	size_t length = 0, length_after = 0;

	(void)data;
	store_close(directory_open(directory));
	alter(directory, "PRAGMA user_version = 9999");
	g_assert_true(g_file_get_contents(path, &before, &length, NULL));
	assert_refused(directory, FAILURE_CONFIG, "version 9999");
	g_assert_true(g_file_get_contents(path, &after, &length_after, NULL));
	g_assert_cmpmem(before, length, after, length_after);
}

/* Every version there ever was, with a row in it, comes to the newest. */
static void every_older_database_is_saved_and_migrated(Directory *directory, gconstpointer data)
{
	int newest = 0;

	(void)data;
	while (schema_steps[newest] != NULL)
		newest++;
	for (int version = 1; version < newest; version++) {
		g_autofree char *path = directory_file(directory, "upkeepd.db");
		g_autofree char *stamp =
			g_strdup_printf("INSERT INTO value VALUES ('name', 'kept');"
					"PRAGMA application_id = %d; PRAGMA user_version = %d",
					0x75706b64, version);
		g_autofree char *copy = g_strdup_printf("upkeepd.db.v%d", version);
		g_autoptr(Store) store = NULL;

		for (int step = 0; step < version; step++)
			alter(directory, schema_steps[step]);
		alter(directory, stamp);
		store = directory_open(directory);
		assert_value(store, "name", "kept");
		g_assert_true(store_check(store, NULL));
		store_close(g_steal_pointer(&store));
		g_assert_cmpint(look(directory, "upkeepd.db", "PRAGMA user_version"), ==, newest);
		g_assert_cmpint(look(directory, copy, "PRAGMA user_version"), ==, version);
		g_assert_cmpint(g_remove(path), ==, 0);
	}
}

static void an_older_database_in_use_is_left_alone(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) user = directory_open(directory);

	(void)data;
	g_assert_nonnull(user);
	alter(directory, "PRAGMA user_version = 0");
	assert_refused(directory, FAILURE_IO, "in use by an older upkeepd");
}

/* Overwrites the last page, or all but the first: an opening that only looks at
 * header and schema does not see the one, and does see the other. */
static void damage(const Directory *directory, bool is_last_only)
{
	g_autofree char *path = directory_file(directory, "upkeepd.db");
	g_autofree char *bytes = NULL;
	size_t length = 0, from = 4096;

	g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
	g_assert_cmpuint(length, >, 2 * 4096);
	if (is_last_only)
		from = length - 4096;
	memset(bytes + from, 'x', length - from);
	g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
}

/* A WAL that was left tells that the last user did not close. */
static void leave_wal(const Directory *directory)
{
	g_autofree char *wal = directory_file(directory, "upkeepd.db-wal");

	g_assert_true(g_file_set_contents(wal, "", 0, NULL));
}

static void damage_found_after_a_crash_is_set_aside(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autofree char *aside = NULL;

	(void)data;
	set_value(store, "name", "lost");
	store_close(g_steal_pointer(&store));
	damage(directory, true);
	leave_wal(directory);
	store = directory_open(directory);
	aside = directory_file(directory, "upkeepd.db.corrupt-20260601T000000Z");
	g_assert_cmpstr(store_set_aside(store), ==, aside);
	g_assert_true(g_file_test(aside, G_FILE_TEST_IS_REGULAR));
	assert_value(store, "name", NULL);
	set_value(store, "name", "new");
}

static void damage_met_at_work_is_set_aside_by_the_next_opening(Directory *directory,
								gconstpointer data)
{
	g_autoptr(Store) store = NULL;
	g_autoptr(GError) error = NULL;

	(void)data;
	store_close(directory_open(directory));
	damage(directory, true);
	store = directory_open(directory); /* was closed cleanly: not checked */
	g_assert_null(store_set_aside(store));
	g_assert_false(store_is_damaged(store));
	g_assert_false(store_check(store, &error));
	g_assert_error(error, FAILURE, FAILURE_IO);
	g_assert_true(store_is_damaged(store));
	store_close(g_steal_pointer(&store));
	store = directory_open(directory);
	g_assert_nonnull(store_set_aside(store));
}

static void damage_of_the_schema_needs_no_check(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = NULL;

	(void)data;
	store_close(directory_open(directory));
	damage(directory, false);
	store = directory_open(directory);
	g_assert_nonnull(store_set_aside(store));
}

static void damage_is_not_set_aside_under_another_process(Directory *directory, gconstpointer data)
{
	g_autofree char *path = directory_file(directory, "upkeepd.db");
	g_autoptr(Store) user = NULL;

	(void)data;
	store_close(directory_open(directory));
	user = directory_open(directory);
	g_assert_true(g_file_set_contents(path, "no database at all, to be sure", -1, NULL));
	assert_refused(directory, FAILURE_IO, "not a database");
	g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void no_database_at_all_is_set_aside(Directory *directory, gconstpointer data)
{
	g_autofree char *path = directory_file(directory, "upkeepd.db");
	g_autoptr(Store) store = NULL;

	(void)data;
	g_assert_true(g_file_set_contents(path, "no database at all, to be sure", -1, NULL));
	store = directory_open(directory);
	g_assert_nonnull(store_set_aside(store));
}

static void an_empty_file_is_a_new_database(Directory *directory, gconstpointer data)
{
	g_autofree char *path = directory_file(directory, "upkeepd.db");
	g_autoptr(Store) store = NULL;

	(void)data;
	g_assert_true(g_file_set_contents(path, "", 0, NULL));
	store = directory_open(directory);
	g_assert_null(store_set_aside(store));
}

static void a_reader_needs_a_database_and_cannot_write(Directory *directory, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = store_open_readonly(directory->path, &error);

	(void)data;
	g_assert_error(error, FAILURE, FAILURE_ABSENT);
	g_clear_error(&error);
	store = directory_open(directory);
	set_value(store, "name", "value");
	store_close(g_steal_pointer(&store));
	store = store_open_readonly(directory->path, &error);
	g_assert_no_error(error);
	assert_value(store, "name", "value");
	g_assert_false(cache_set_value(store, "name", "other", &error));
	g_assert_error(error, FAILURE, FAILURE_IO);
}

static void a_link_is_not_followed(Directory *directory, gconstpointer data)
{
	g_autofree char *target = directory_file(directory, "elsewhere");
	g_autofree char *link = directory_file(directory, "upkeepd.db");

	(void)data;
	g_assert_cmpint(symlink(target, link), ==, 0);
	assert_refused(directory, FAILURE_IO, "upkeepd.db");
	g_assert_false(g_file_test(target, G_FILE_TEST_EXISTS));
}

/* The child writes until its file may not grow further, and must still be able
 * to read what it wrote before. */
static void fill_the_disk(Store *store)
{
	const struct rlimit limit = { 256 * 1024, 256 * 1024 };
	g_autofree char *large = g_strnfill(64 * 1024, 'x');
	g_autoptr(GError) error = NULL;
	g_autofree char *kept = NULL;

	(void)signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		_exit(2);
	for (int i = 0; i < 16 && error == NULL; i++) {
		g_autofree char *name = g_strdup_printf("large %d", i);

		(void)!cache_set_value(store, name, large, &error);
	}
	if (error == NULL || failure_kind(error) != FAILURE_IO)
		_exit(3);
	if (!cache_value(store, "name", &kept, NULL) || g_strcmp0(kept, "kept") != 0)
		_exit(4);
	_exit(0);
}

static void a_full_disk_is_an_error_and_loses_nothing(Directory *directory, gconstpointer data)
{
	pid_t child = fork();
	int status = 0;

	(void)data;
	if (child == 0) {
		Store *store = store_open(directory->path, NOW, NULL);

		if (store == NULL || !cache_set_value(store, "name", "kept", NULL))
			_exit(1);
		fill_the_disk(store);
	}
	g_assert_cmpint(waitpid(child, &status, 0), ==, child);
	g_assert_cmpint(status, ==, 0);
	{
		g_autoptr(Store) store = directory_open(directory);

		g_assert_null(store_set_aside(store));
		assert_value(store, "name", "kept");
	}
}

static void commit_numbers(const Directory *directory, int64_t from, int told)
{
	g_autoptr(Store) store = directory_open(directory);

	for (int number = (int)from;; number++) {
		g_autofree char *text = g_strdup_printf("%d", number);

		if (!store_begin(store, NULL) || !cache_set_value(store, "one", text, NULL) ||
		    !cache_set_value(store, "two", text, NULL) || !store_commit(store, NULL) ||
		    write(told, &number, sizeof number) != sizeof number)
			_exit(1);
	}
}

/* The child tells each number that it has committed; whatever moment it dies
 * at, all of those are there and at most one more. */
static void nothing_acknowledged_is_lost_by_a_kill(Directory *directory, gconstpointer data)
{
	int64_t acknowledged = -1, present = -1;

	(void)data;
	for (int round = 0; round < 12; round++) {
		g_autoptr(Store) store = NULL;
		g_autofree char *value = NULL;
		int ends[2] = { -1, -1 };
		pid_t child = -1;
		int number = 0;

		g_assert_cmpint(pipe(ends), ==, 0);
		child = fork();
		if (child == 0)
			commit_numbers(directory, acknowledged + 1, ends[1]);
		close(ends[1]);
		for (int i = g_test_rand_int_range(1, 30); i > 0; i--)
			if (read(ends[0], &number, sizeof number) == sizeof number)
				acknowledged = number;
		g_assert_cmpint(kill(child, SIGKILL), ==, 0);
		g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
		while (read(ends[0], &number, sizeof number) == sizeof number)
			acknowledged = number;
		close(ends[0]);
		store = directory_open(directory);
		g_assert_null(store_set_aside(store));
		g_assert_true(cache_value(store, "one", &value, NULL));
		g_assert_true(g_ascii_string_to_signed(value, 10, 0, G_MAXINT, &present, NULL));
		g_assert_cmpint(present, >=, acknowledged);
		g_assert_cmpint(present, <=, acknowledged + 1);
		assert_value(store, "two", value);
		acknowledged = present;
	}
}

static void a_locked_database_is_an_error_after_a_while(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) writer = directory_open(directory);
	g_autoptr(Store) waiter = directory_open(directory);
	g_autoptr(GError) error = NULL;

	(void)data;
	if (!g_test_slow()) {
		g_test_skip("waits five seconds; run with -m slow");
		return;
	}
	g_assert_true(store_begin(writer, NULL));
	g_assert_false(store_begin(waiter, &error));
	g_assert_error(error, FAILURE, FAILURE_IO);
	g_assert_nonnull(strstr(error->message, "locked by another process"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	store_test("/store/is_created_private_and_closed_clean",
		   is_created_private_and_closed_clean);
	store_test("/store/keeps_what_was_committed", keeps_what_was_committed);
	store_test("/store/may_be_open_in_several_processes", may_be_open_in_several_processes);
	store_test("/store/the_database_of_another_program_is_refused",
		   the_database_of_another_program_is_refused);
	store_test("/store/a_newer_database_is_refused_and_not_touched",
		   a_newer_database_is_refused_and_not_touched);
	store_test("/store/every_older_database_is_saved_and_migrated",
		   every_older_database_is_saved_and_migrated);
	store_test("/store/an_older_database_in_use_is_left_alone",
		   an_older_database_in_use_is_left_alone);
	store_test("/store/damage_found_after_a_crash_is_set_aside",
		   damage_found_after_a_crash_is_set_aside);
	store_test("/store/damage_met_at_work_is_set_aside_by_the_next_opening",
		   damage_met_at_work_is_set_aside_by_the_next_opening);
	store_test("/store/damage_of_the_schema_needs_no_check",
		   damage_of_the_schema_needs_no_check);
	store_test("/store/damage_is_not_set_aside_under_another_process",
		   damage_is_not_set_aside_under_another_process);
	store_test("/store/no_database_at_all_is_set_aside", no_database_at_all_is_set_aside);
	store_test("/store/an_empty_file_is_a_new_database", an_empty_file_is_a_new_database);
	store_test("/store/a_reader_needs_a_database_and_cannot_write",
		   a_reader_needs_a_database_and_cannot_write);
	store_test("/store/a_link_is_not_followed", a_link_is_not_followed);
	store_test("/store/a_full_disk_is_an_error_and_loses_nothing",
		   a_full_disk_is_an_error_and_loses_nothing);
	store_test("/store/nothing_acknowledged_is_lost_by_a_kill",
		   nothing_acknowledged_is_lost_by_a_kill);
	store_test("/store/a_locked_database_is_an_error_after_a_while",
		   a_locked_database_is_an_error_after_a_while);
	return g_test_run();
}
