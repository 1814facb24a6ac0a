/* SPDX-License-Identifier: MIT */
/* Statements of the state database; for the files of this folder alone.
 *
 * A Query is a prepared statement that the Store keeps: it is made once for
 * each SQL text and reset, not freed, when its g_autoptr ends. So the text must
 * be a literal (it is known by its address), and one text cannot be walked
 * twice at the same time. Parameters and columns are numbered as SQLite does:
 * parameters from 1, columns from 0.
 *
 * Binding fails only for texts beyond a gigabyte and parameters that do not
 * exist: ceilings exclude the one, tests the other.
 */
#pragma once

#include "store/store.h"

#include <sqlite3.h>

struct Store {
	sqlite3 *db;
	char *path;          /* of the database, absolute, without symbolic links */
	int directory;       /* descriptor that carries the lock of store.c, rule 1 */
	GHashTable *queries; /* of Query, by the address of their text */
	int64_t now;         /* the clock of the run that opened the store */
	char *set_aside;     /* store_set_aside() */
	bool is_damaged;     /* SQLite met a page that cannot be */
};

typedef sqlite3_stmt Query;

void query_reset(Query *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Query, query_reset)

/* The parameters of a statement, in order: VALUES(TEXT(name), INTEGER(now)).
 * Text and bytes are borrowed until the query is reset; NULL is NULL. */
typedef struct {
	enum { VALUE_END, VALUE_TEXT, VALUE_INTEGER, VALUE_BYTES } type;
	const char *text;
	int64_t integer;
	GBytes *bytes;
} Value;

#define TEXT(x)     ((Value){ .type = VALUE_TEXT, .text = (x) })
#define INTEGER(x)  ((Value){ .type = VALUE_INTEGER, .integer = (x) })
#define BYTES(x)    ((Value){ .type = VALUE_BYTES, .bytes = (x) })
#define VALUES(...) ((const Value[]){ __VA_ARGS__, { .type = VALUE_END } })
#define NO_VALUES   ((const Value[]){ { .type = VALUE_END } })

/* A statement with its parameters, ready for its first row.
 * Errors, here and below: IO in SQLite's words. */
Query *query_new(Store *store, const char *sql, const Value *values, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Goes to the next row; `*has_row` false at the end. */
bool query_next(Store *store, Query *query, bool *has_row, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Everything that `read` makes of the rows, in a list that owns it. */
GPtrArray *query_rows(Store *store, const char *sql, const Value *values,
		      gpointer (*read)(Query *query), GDestroyNotify free_element, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Runs a statement to its end; `*n_changed`, unless NULL, is how many rows it
 * inserted, updated or deleted. */
bool query_run(Store *store, const char *sql, const Value *values, int64_t *n_changed,
	       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Runs a statement to its end, for the first column of its first row as a number;
 * 0 if there is no row. */
bool query_number(Store *store, const char *sql, const Value *values, int64_t *number,
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Columns of the present row. Text: the caller's copy; NULL for NULL. */
char *query_text(Query *query, int column);
int64_t query_integer(Query *query, int column);
GBytes *query_bytes(Query *query, int column);

/* Between relax(true) and relax(false), outside of a transaction, commits are
 * ordered but not synced: for what can be had again by asking the network. A
 * later synced commit carries them along. */
void store_relax(Store *store, bool is_relaxed);

/* Begins a transaction unless the caller is in one; `*is_mine` says which. What
 * follows ends by store_leave, which commits what is ours to commit if the work
 * `is_good`, and else rolls it back. */
bool store_enter(Store *store, bool *is_mine, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool store_leave(Store *store, bool is_mine, bool is_good, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Notes SQLite's present error as a failure of kind IO; returns false. */
bool store_fail(Store *store, GError **error);
