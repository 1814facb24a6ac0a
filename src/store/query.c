/* SPDX-License-Identifier: MIT */
#include "store/sql.h"

#include <string.h>

bool store_fail(Store *store, GError **error)
{
	int code = sqlite3_extended_errcode(store->db) & 0xff;
	int number = sqlite3_system_errno(store->db);

	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		store->is_damaged = true;
	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return fail(error, FAILURE_IO, "state database '%s': locked by another process",
			    store->path);
	if (code == SQLITE_IOERR && number != 0)
		return fail(error, FAILURE_IO, "state database '%s': %s: %s", store->path,
			    sqlite3_errmsg(store->db), g_strerror(number));
	return fail(error, FAILURE_IO, "state database '%s': %s", store->path,
		    sqlite3_errmsg(store->db));
}

void query_reset(Query *query)
{
	if (query == NULL)
		return;
	/* The error of the last step comes again here; it was reported then. */
	(void)sqlite3_reset(query);
	(void)sqlite3_clear_bindings(query);
}

Query *query_new(Store *store, const char *sql, GError **error)
{
	Query *query = g_hash_table_lookup(store->queries, sql);

	if (query != NULL)
		return query;
	if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &query, NULL) !=
	    SQLITE_OK) {
		store_fail(store, error);
		return NULL;
	}
	g_hash_table_insert(store->queries, (gpointer)sql, query);
	return query;
}

/* Binding fails for texts beyond a gigabyte and for parameters that do not
 * exist: ceilings exclude the one, tests the other. */
void query_set_text(Query *query, int parameter, const char *text)
{
	int code = sqlite3_bind_text(query, parameter, text, -1, SQLITE_STATIC);

	g_return_if_fail(code == SQLITE_OK);
}

void query_set_integer(Query *query, int parameter, int64_t number)
{
	int code = sqlite3_bind_int64(query, parameter, number);

	g_return_if_fail(code == SQLITE_OK);
}

void query_set_bytes(Query *query, int parameter, GBytes *bytes)
{
	gsize length = 0;
	const void *data = bytes != NULL ? g_bytes_get_data(bytes, &length) : NULL;
	int code = SQLITE_OK;

	/* No bytes are not NULL: SQLite tells them apart by the pointer alone. */
	if (bytes != NULL && length == 0)
		code = sqlite3_bind_zeroblob(query, parameter, 0);
	else
		code = sqlite3_bind_blob64(query, parameter, data, length, SQLITE_STATIC);
	g_return_if_fail(code == SQLITE_OK);
}

bool query_next(Store *store, Query *query, bool *has_row, GError **error)
{
	int code = sqlite3_step(query);

	*has_row = code == SQLITE_ROW;
	return code == SQLITE_ROW || code == SQLITE_DONE || store_fail(store, error);
}

bool query_run(Store *store, Query *query, GError **error)
{
	bool has_row = true;

	while (has_row)
		if (!query_next(store, query, &has_row, error))
			return false;
	return true;
}

char *query_text(Query *query, int column)
{
	return g_strdup((const char *)sqlite3_column_text(query, column));
}

int64_t query_integer(Query *query, int column)
{
	return sqlite3_column_int64(query, column);
}

GBytes *query_bytes(Query *query, int column)
{
	const void *data = sqlite3_column_blob(query, column);

	return g_bytes_new(data, (gsize)sqlite3_column_bytes(query, column));
}
