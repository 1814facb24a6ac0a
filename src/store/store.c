/* SPDX-License-Identifier: MIT */
/* Opening, in this order:
 *
 * 1. Every process that has the database open holds a shared flock() on its
 *    directory. Opening begins with the exclusive one: who gets it is alone,
 *    and may check, set aside and migrate; then it shares. A database is never
 *    renamed or migrated under another process. (The directory carries the
 *    lock: closing any second descriptor of the database itself would drop
 *    SQLite's own locks.)
 * 2. The last process to close deletes the WAL. One that is lying there when a
 *    process is alone was left by a crash, or on purpose by a process that met
 *    damage: then the database is checked. A clean one costs nothing.
 * 3. A corrupt database is renamed, with its WAL, and begun anew: branches and
 *    trailers on the forge rebuild it (operations.md 4). A foreign or newer one
 *    is refused and not touched.
 */
#include "store/schema.h"
#include "store/sql.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum {
	APPLICATION_ID = 0x75706b64, /* "upkd" */
	BUSY_MS = 5000,
	POLL_MS = 10,
};

static bool execute(Store *store, const char *sql, GError **error)
{
	return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
	       store_fail(store, error);
}

/* The first column of the first row of a statement that is used once. */
static bool ask(Store *store, const char *sql, int64_t *number, char **text, GError **error)
{
	sqlite3_stmt *statement = NULL;
	bool is_good = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK;
	int code = is_good ? sqlite3_step(statement) : SQLITE_ERROR;

	is_good = code == SQLITE_ROW || code == SQLITE_DONE || store_fail(store, error);
	if (is_good && number != NULL)
		*number = code == SQLITE_ROW ? query_integer(statement, 0) : 0;
	if (is_good && text != NULL)
		*text = code == SQLITE_ROW ? query_text(statement, 0) : NULL;
	(void)sqlite3_finalize(statement);
	return is_good;
}

/* Waits as long for the lock of rule 1 as SQLite does for its own. */
static bool share_directory(Store *store, GError **error)
{
	for (int waited_ms = 0; flock(store->directory, LOCK_SH | LOCK_NB) != 0;
	     waited_ms += POLL_MS) {
		if (errno != EWOULDBLOCK)
			return true; /* a file system without flock: SQLite's locks must do */
		if (waited_ms >= BUSY_MS)
			return fail(error, FAILURE_IO,
				    "state database '%s': locked by another process", store->path);
		g_usleep(POLL_MS * 1000);
	}
	return true;
}

static int count_steps(void)
{
	int steps = 0;

	while (schema_steps[steps] != NULL)
		steps++;
	return steps;
}

/* Whose database it is, and how old. */
static bool identify(Store *store, int64_t *version, GError **error)
{
	int64_t application = 0, tables = 0;

	if (!ask(store, "PRAGMA application_id", &application, NULL, error) ||
	    !ask(store, "PRAGMA user_version", version, NULL, error) ||
	    !ask(store, "SELECT count(*) FROM sqlite_schema", &tables, NULL, error))
		return false;
	if (application != APPLICATION_ID && (application != 0 || tables != 0 || *version != 0))
		return fail(error, FAILURE_CONFIG,
			    "'%s' is the database of another program; choose another --state",
			    store->path);
	if (*version > count_steps())
		return fail(error, FAILURE_CONFIG,
			    "state database '%s' has version %" G_GINT64_FORMAT
			    ", this upkeepd knows %d; upgrade it, or go back to '%s.v%d'",
			    store->path, *version, count_steps(), store->path, count_steps());
	return true;
}

static bool sync_file(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	bool is_good = file >= 0 && fsync(file) == 0;

	if (file >= 0)
		close(file);
	return is_good;
}

/* Keeps the database as it is beside itself, for a downgrade. The answers can
 * be had again and would make the copy large. */
static bool save_copy(Store *store, int64_t version, GError **error)
{
	g_autofree char *copy = g_strdup_printf("%s.v%" G_GINT64_FORMAT, store->path, version);
	g_autofree char *unfinished = g_strconcat(copy, ".new", NULL);
	char *sql = sqlite3_mprintf("VACUUM INTO %Q", unfinished);
	bool is_good = false;

	(void)g_unlink(unfinished);
	is_good = execute(store, "DELETE FROM answer", error) && execute(store, sql, error);
	sqlite3_free(sql);
	if (!is_good)
		return false;
	/* VACUUM INTO does not sync what it wrote. */
	if (!sync_file(unfinished) || g_rename(unfinished, copy) != 0)
		return fail(error, FAILURE_IO, "saving '%s': %s", copy, g_strerror(errno));
	return true;
}

static bool migrate(Store *store, int64_t version, bool is_alone, GError **error)
{
	if (version == count_steps())
		return true;
	if (!is_alone)
		return fail(error, FAILURE_IO,
			    "state database '%s' is in use by an older upkeepd; stop that first",
			    store->path);
	if (version > 0 && !save_copy(store, version, error))
		return false;
	for (; schema_steps[version] != NULL; version++) {
		g_autofree char *stamp = g_strdup_printf(
			"PRAGMA application_id = %d; PRAGMA user_version = %" G_GINT64_FORMAT,
			APPLICATION_ID, version + 1);

		if (!store_begin(store, error))
			return false;
		if (!execute(store, schema_steps[version], error) ||
		    !execute(store, stamp, error)) {
			store_rollback(store);
			return false;
		}
		if (!store_commit(store, error))
			return false;
	}
	return true;
}

/* Runs one of SQLite's checks; its answer is one row, "ok", when all is well. */
static bool check(Store *store, const char *pragma, GError **error)
{
	g_autofree char *answer = NULL;

	if (!ask(store, pragma, NULL, &answer, error))
		return false;
	if (g_strcmp0(answer, "ok") == 0)
		return true;
	store->is_damaged = true;
	return fail(error, FAILURE_IO, "state database '%s' is damaged: %s", store->path, answer);
}

/* One connection, hardened: SQL in the file's schema is not trusted. */
static bool open_database(Store *store, int flags, GError **error)
{
	static const int off_on[][2] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
	};
	int code = sqlite3_open_v2(store->path, &store->db,
				   flags | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE, NULL);

	if (code != SQLITE_OK)
		return store_fail(store, error);
	for (size_t i = 0; i < G_N_ELEMENTS(off_on); i++)
		(void)sqlite3_db_config(store->db, off_on[i][0], off_on[i][1], NULL);
	(void)sqlite3_busy_timeout(store->db, BUSY_MS);
	return true;
}

/* EXTRA while a new database gets its WAL, so that the deletion of the rollback
 * journal that does it is synced too: found again after a power cut, that journal
 * would undo the whole database. */
static bool switch_to_wal(Store *store, GError **error)
{
	g_autofree char *mode = NULL;

	if (!execute(store, "PRAGMA synchronous = EXTRA", error) ||
	    !ask(store, "PRAGMA journal_mode = WAL", NULL, &mode, error))
		return false;
	if (g_strcmp0(mode, "wal") != 0)
		return fail(error, FAILURE_IO,
			    "state database '%s': its file system does not allow WAL", store->path);
	return execute(store,
		       "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
		       "PRAGMA cell_size_check = ON; PRAGMA journal_size_limit = 4194304",
		       error);
}

/* Nobody else may read it, whatever the directory allows. Only what is not there is
 * touched: closing a descriptor of a file in use would drop SQLite's locks. */
static void create_private(const char *path)
{
	int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (file >= 0)
		close(file);
}

static bool prepare(Store *store, bool is_alone, GError **error)
{
	g_autofree char *wal = g_strconcat(store->path, "-wal", NULL);
	bool was_left = g_file_test(wal, G_FILE_TEST_EXISTS);
	int64_t version = 0;

	create_private(store->path);
	return open_database(store, SQLITE_OPEN_READWRITE, error) &&
	       identify(store, &version, error) && switch_to_wal(store, error) &&
	       (!is_alone || !was_left || check(store, "PRAGMA quick_check(1)", error)) &&
	       migrate(store, version, is_alone, error);
}

static void disconnect(Store *store)
{
	int one = 1;

	g_hash_table_remove_all(store->queries);
	if (store->is_damaged) /* rule 2 */
		(void)sqlite3_file_control(store->db, "main", SQLITE_FCNTL_PERSIST_WAL, &one);
	(void)sqlite3_close(store->db);
	store->db = NULL;
}

/* Rule 3. */
static bool set_aside(Store *store, GError **error)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc(store->now);
	g_autofree char *time = g_date_time_format(now, "%Y%m%dT%H%M%SZ");

	store->set_aside = g_strdup_printf("%s.corrupt-%s", store->path, time);
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *from = g_strconcat(store->path, ends[i], NULL);
		g_autofree char *to = g_strconcat(store->set_aside, ends[i], NULL);

		if (g_rename(from, to) != 0 && errno != ENOENT)
			return fail(error, FAILURE_IO, "setting '%s' aside: %s", from,
				    g_strerror(errno));
	}
	return true;
}

static void finalize(gpointer query)
{
	(void)sqlite3_finalize(query);
}

/* The object without a connection, its directory resolved: SQLite's NOFOLLOW
 * refuses a symbolic link anywhere in the path, and systemd's state directories
 * may be one. */
static Store *new_store(const char *directory, int64_t now, GError **error)
{
	g_autoptr(Store) store = g_new0(Store, 1);
	g_autofree char *resolved = g_malloc(PATH_MAX);

	store->now = now;
	store->queries = g_hash_table_new_full(NULL, NULL, NULL, finalize);
	store->directory = -1;
	if (realpath(directory, resolved) == NULL)
		return errno == ENOENT
			       ? fail_null(error, FAILURE_ABSENT,
					   "there is no state directory '%s' yet", directory)
			       : fail_null(error, FAILURE_IO, "state directory '%s': %s", directory,
					   g_strerror(errno));
	store->path = g_build_filename(resolved, "upkeepd.db", NULL);
	store->directory = open(resolved, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->directory < 0)
		return fail_null(error, FAILURE_IO, "state directory '%s': %s", directory,
				 g_strerror(errno));
	return g_steal_pointer(&store);
}

Store *store_open(const char *directory, int64_t now, GError **error)
{
	g_autoptr(Store) store = NULL;
	g_autoptr(GError) damage = NULL;
	bool is_alone = false, is_open = false;

	if (g_mkdir_with_parents(directory, 0700) != 0)
		return fail_null(error, FAILURE_IO, "state directory '%s': %s", directory,
				 g_strerror(errno));
	store = new_store(directory, now, error);
	if (store == NULL)
		return NULL;
	/* Rule 1; WAL needs a local file system, so one without flock has no others. */
	is_alone = flock(store->directory, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
	if (!is_alone && !share_directory(store, error))
		return NULL;
	is_open = prepare(store, is_alone, &damage);
	if (!is_open && store->is_damaged && is_alone) {
		disconnect(store);
		store->is_damaged = false;
		g_clear_error(&damage);
		is_open = set_aside(store, &damage) && prepare(store, true, &damage);
	}
	if (!is_open) {
		g_propagate_error(error, g_steal_pointer(&damage));
		return NULL;
	}
	if (is_alone && !share_directory(store, error))
		return NULL;
	return g_steal_pointer(&store);
}

Store *store_open_readonly(const char *directory, GError **error)
{
	g_autoptr(Store) store = new_store(directory, 0, error);
	int64_t version = 0;

	if (store == NULL || !share_directory(store, error))
		return NULL;
	if (!g_file_test(store->path, G_FILE_TEST_EXISTS))
		return fail_null(error, FAILURE_ABSENT, "there is no state database '%s' yet",
				 store->path);
	if (!open_database(store, SQLITE_OPEN_READONLY, error) || !identify(store, &version, error))
		return NULL;
	if (version != count_steps())
		return fail_null(error, FAILURE_CONFIG,
				 "state database '%s' is older than this program; "
				 "the service or --run-once brings it up to date",
				 store->path);
	return g_steal_pointer(&store);
}

void store_close(Store *store)
{
	if (store == NULL)
		return;
	if (store->db != NULL)
		disconnect(store);
	g_hash_table_unref(store->queries);
	if (store->directory >= 0)
		close(store->directory);
	g_free(store->path);
	g_free(store->set_aside);
	g_free(store);
}

void store_set_wait(Store *store, int wait_ms)
{
	(void)sqlite3_busy_timeout(store->db, wait_ms);
}

const char *store_set_aside(const Store *store)
{
	return store->set_aside;
}

bool store_check(Store *store, GError **error)
{
	int64_t orphans = 0;

	if (!check(store, "PRAGMA integrity_check(1)", error) ||
	    !ask(store, "SELECT count(*) FROM pragma_foreign_key_check", &orphans, NULL, error))
		return false;
	if (orphans == 0)
		return true;
	store->is_damaged = true;
	return fail(error, FAILURE_IO, "state database '%s' is damaged: rows without their parents",
		    store->path);
}

bool store_is_damaged(const Store *store)
{
	return store->is_damaged;
}

void store_tidy(Store *store)
{
	(void)execute(store, "PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)", NULL);
}

bool store_begin(Store *store, GError **error)
{
	return execute(store, "BEGIN IMMEDIATE", error);
}

bool store_commit(Store *store, GError **error)
{
	if (execute(store, "COMMIT", error))
		return true;
	store_rollback(store);
	return false;
}

void store_rollback(Store *store)
{
	if (sqlite3_get_autocommit(store->db) == 0)
		(void)execute(store, "ROLLBACK", NULL);
}

bool store_enter(Store *store, bool *is_mine, GError **error)
{
	*is_mine = sqlite3_get_autocommit(store->db) != 0;
	return !*is_mine || store_begin(store, error);
}

bool store_leave(Store *store, bool is_mine, bool is_good, GError **error)
{
	if (!is_mine)
		return is_good;
	if (is_good)
		return store_commit(store, error);
	store_rollback(store);
	return false;
}

void store_relax(Store *store, bool is_relaxed)
{
	if (sqlite3_get_autocommit(store->db) != 0)
		(void)execute(store,
			      is_relaxed ? "PRAGMA synchronous = NORMAL"
					 : "PRAGMA synchronous = FULL",
			      NULL);
}
