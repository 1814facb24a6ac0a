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

static int bind_bytes(Query *query, int parameter, GBytes *bytes)
{
	gsize length = 0;
	const void *data = bytes != NULL ? g_bytes_get_data(bytes, &length) : NULL;

	/* No bytes are not NULL: SQLite tells them apart by the pointer alone. */
	if (bytes != NULL && length == 0)
		return sqlite3_bind_zeroblob(query, parameter, 0);
	return sqlite3_bind_blob64(query, parameter, data, length, SQLITE_STATIC);
}

static int bind(Query *query, int parameter, const Value *value)
{
	if (value->type == VALUE_TEXT)
		return sqlite3_bind_text(query, parameter, value->text, -1, SQLITE_STATIC);
	if (value->type == VALUE_INTEGER)
		return sqlite3_bind_int64(query, parameter, value->integer);
	return bind_bytes(query, parameter, value->bytes);
}

static Query *prepared(Store *store, const char *sql, GError **error)
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

Query *query_new(Store *store, const char *sql, const Value *values, GError **error)
{
	Query *query = prepared(store, sql, error);

	for (int i = 0; query != NULL && values[i].type != VALUE_END; i++) {
		int code = bind(query, i + 1, &values[i]);

		g_return_val_if_fail(code == SQLITE_OK, NULL);
	}
	return query;
}

bool query_next(Store *store, Query *query, bool *has_row, GError **error)
{
	int code = sqlite3_step(query);

	*has_row = code == SQLITE_ROW;
	return code == SQLITE_ROW || code == SQLITE_DONE || store_fail(store, error);
}

GPtrArray *query_rows(Store *store, const char *sql, const Value *values,
		      gpointer (*read)(Query *query), GDestroyNotify free_element, GError **error)
{
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_element);
	g_autoptr(Query) query = query_new(store, sql, values, error);
	bool has_row = query != NULL;

	if (query == NULL)
		return NULL;
	for (;;) {
		if (!query_next(store, query, &has_row, error))
			return NULL;
		if (!has_row)
			return g_steal_pointer(&rows);
		g_ptr_array_add(rows, read(query));
	}
}

bool query_run(Store *store, const char *sql, const Value *values, int64_t *n_changed,
	       GError **error)
{
	g_autoptr(Query) query = query_new(store, sql, values, error);
	bool has_row = true;

	if (query == NULL)
		return false;
	while (has_row)
		if (!query_next(store, query, &has_row, error))
			return false;
	if (n_changed != NULL)
		*n_changed = sqlite3_changes64(store->db);
	return true;
}

bool query_number(Store *store, const char *sql, const Value *values, int64_t *number,
		  GError **error)
{
	g_autoptr(Query) query = query_new(store, sql, values, error);
	bool has_row = false;

	if (query == NULL || !query_next(store, query, &has_row, error))
		return false;
	*number = has_row ? query_integer(query, 0) : 0;
	/* An insertion is committed, and may fail, after its last row. */
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
