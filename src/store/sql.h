/* SPDX-License-Identifier: MIT */
/* Statements of the state database; for the files of this folder alone.
 *
 * A Query is a prepared statement that the Store keeps: it is made once for
 * each SQL text and reset, not freed, when its g_autoptr ends. So the text must
 * be a literal (it is known by its address), and one text cannot be walked
 * twice at the same time. Parameters and columns are numbered as SQLite does:
 * parameters from 1, columns from 0.
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

/* Errors, here and below: IO in SQLite's words. */
Query *query_new(Store *store, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Text and bytes are borrowed until the query is reset; NULL binds NULL. */
void query_set_text(Query *query, int parameter, const char *text);
void query_set_integer(Query *query, int parameter, int64_t number);
void query_set_bytes(Query *query, int parameter, GBytes *bytes);

/* Goes to the next row; `*has_row` false at the end. */
bool query_next(Store *store, Query *query, bool *has_row, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Runs to the end; rows are passed over. */
bool query_run(Store *store, Query *query, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Columns of the present row. Text: the caller's copy; NULL for NULL. */
char *query_text(Query *query, int column);
int64_t query_integer(Query *query, int column);
GBytes *query_bytes(Query *query, int column);

/* Between relax(true) and relax(false), outside of a transaction, commits are
 * ordered but not synced: for what can be had again by asking the network. A
 * later synced commit carries them along. */
void store_relax(Store *store, bool is_relaxed);

/* Notes SQLite's present error as a failure of kind IO; returns false. */
bool store_fail(Store *store, GError **error);
