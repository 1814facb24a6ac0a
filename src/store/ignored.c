/* SPDX-License-Identifier: MIT */
#include "store/ignored.h"

#include "store/sql.h"

void ignored_free(Ignored *ignored)
{
	if (ignored == NULL)
		return;
	g_free(ignored->ecosystem);
	g_free(ignored->name);
	g_free(ignored->range);
	g_free(ignored->author);
	g_free(ignored->places);
	g_free(ignored);
}

Ignored *ignored_copy(const Ignored *ignored)
{
	Ignored *copy = g_new(Ignored, 1);

	*copy = *ignored;
	copy->ecosystem = g_strdup(ignored->ecosystem);
	copy->name = g_strdup(ignored->name);
	copy->range = g_strdup(ignored->range);
	copy->author = g_strdup(ignored->author);
	copy->places = g_strdup(ignored->places);
	return copy;
}

static void free_ignored(gpointer ignored)
{
	ignored_free(ignored);
}

static gpointer read_ignored(Query *query)
{
	Ignored *ignored = g_new0(Ignored, 1);
	int column = 0;

	ignored->ecosystem = query_text(query, column++);
	ignored->name = query_text(query, column++);
	ignored->range = query_text(query, column++);
	ignored->author = query_text(query, column++);
	ignored->number = query_integer(query, column++);
	ignored->ignored_at = query_integer(query, column++);
	ignored->expires_at = query_integer(query, column++);
	ignored->places = query_text(query, column++);
	return ignored;
}

GPtrArray *ignored_list(Store *store, const char *repository, int64_t now, GError **error)
{
	return query_rows(store,
			  "SELECT ecosystem, name, range, author, number, ignored_at, expires_at,"
			  " places"
			  " FROM ignored WHERE repository = ?1 AND expires_at > ?2"
			  " ORDER BY name, ecosystem, range",
			  VALUES(TEXT(repository), INTEGER(now)), read_ignored, free_ignored,
			  error);
}

bool ignored_add(Store *store, const char *repository, const Ignored *ignored, GError **error)
{
	return query_run(store,
			 "INSERT INTO ignored (repository, ecosystem, name, range, author, number,"
			 " ignored_at, expires_at, places)"
			 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
			 " ON CONFLICT DO UPDATE SET author = ?5, number = ?6, ignored_at = ?7,"
			 " expires_at = ?8, places = iif(?9 = '', places, ?9)",
			 VALUES(TEXT(repository), TEXT(ignored->ecosystem), TEXT(ignored->name),
				TEXT(ignored->range), TEXT(ignored->author),
				INTEGER(ignored->number), INTEGER(ignored->ignored_at),
				INTEGER(ignored->expires_at),
				TEXT(ignored->places != NULL ? ignored->places : "")),
			 NULL, error);
}

static bool change(Store *store, const char *sql, const char *repository, const Ignored *ignored,
		   GError **error)
{
	return query_run(store, sql,
			 VALUES(TEXT(repository), TEXT(ignored->ecosystem), TEXT(ignored->name),
				TEXT(ignored->range)),
			 NULL, error);
}

bool ignored_keep_apart(Store *store, const char *repository, const Ignored *ignored,
			GError **error)
{
	return change(store,
		      "UPDATE ignored SET places = '' WHERE repository = ?1 AND ecosystem = ?2"
		      " AND name = ?3 AND range = ?4",
		      repository, ignored, error);
}

bool ignored_drop(Store *store, const char *repository, const Ignored *ignored, GError **error)
{
	return change(store,
		      "DELETE FROM ignored WHERE repository = ?1 AND ecosystem = ?2"
		      " AND name = ?3 AND range = ?4",
		      repository, ignored, error);
}

bool ignored_remove(Store *store, const char *repository, const char *name, const char *range,
		    int64_t *n_removed, GError **error)
{
	return query_run(store,
			 "DELETE FROM ignored WHERE repository = ?1 AND lower(name) = lower(?2)"
			 " AND (?3 IS NULL OR range = ?3)",
			 VALUES(TEXT(repository), TEXT(name), TEXT(range)), n_removed, error);
}

bool ignored_forget(Store *store, int64_t now, GError **error)
{
	return query_run(store, "DELETE FROM ignored WHERE expires_at <= ?1", VALUES(INTEGER(now)),
			 NULL, error);
}
