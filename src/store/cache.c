/* SPDX-License-Identifier: MIT */
#include "store/cache.h"

#include "store/sql.h"

#include <string.h>

enum { DAY = 24 * 60 * 60, LIFE = 90 * DAY, MEMORY = 400 * DAY, LARGEST_SHARE = 4 };

CachedAnswer *cached_answer_new(void)
{
	CachedAnswer *answer = g_new0(CachedAnswer, 1);

	answer->headers = g_ptr_array_new_with_free_func(g_free);
	return answer;
}

void cached_answer_free(CachedAnswer *answer)
{
	if (answer == NULL)
		return;
	g_free(answer->etag);
	g_free(answer->last_modified);
	g_clear_pointer(&answer->headers, g_ptr_array_unref);
	g_clear_pointer(&answer->body, g_bytes_unref);
	g_free(answer);
}

void digest_seen_free(DigestSeen *seen)
{
	if (seen == NULL)
		return;
	g_free(seen->digest);
	g_free(seen);
}

void host_pause_free(HostPause *pause)
{
	if (pause == NULL)
		return;
	g_free(pause->host);
	g_free(pause);
}

/* Header lines hold no line ends, so one text takes them all. */
static char *join_headers(const GPtrArray *headers)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; headers != NULL && i < headers->len; i++)
		g_string_append_printf(text, "%s\n", (const char *)headers->pdata[i]);
	return g_string_free(text, FALSE);
}

static void split_headers(GPtrArray *headers, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (size_t i = 0; lines[i] != NULL; i++)
		if (lines[i][0] != '\0')
			g_ptr_array_add(headers, g_strdup(lines[i]));
}

static bool note_use(Store *store, const char *key, GError **error)
{
	bool is_noted = false;

	store_relax(store, true);
	is_noted = query_run(store, "UPDATE answer SET used_at = ?2 WHERE key = ?1",
			     VALUES(TEXT(key), INTEGER(store->now)), NULL, error);
	store_relax(store, false);
	return is_noted;
}

/* `*used_at` is when the answer was used last. */
static CachedAnswer *read_answer(Query *query, int64_t *used_at)
{
	CachedAnswer *answer = cached_answer_new();
	g_autofree char *headers = query_text(query, 2);

	answer->etag = query_text(query, 0);
	answer->last_modified = query_text(query, 1);
	split_headers(answer->headers, headers);
	answer->body = query_bytes(query, 3);
	answer->stored_at = query_integer(query, 4);
	answer->is_immutable = query_integer(query, 5) != 0;
	*used_at = query_integer(query, 6);
	return answer;
}

static bool find(Store *store, const char *key, CachedAnswer **found, int64_t *used_at,
		 GError **error)
{
	g_autoptr(Query) query =
		query_new(store,
			  "SELECT etag, last_modified, headers, body, stored_at, is_immutable,"
			  " used_at FROM answer WHERE key = ?1",
			  VALUES(TEXT(key)), error);
	bool has_row = false;

	if (query == NULL || !query_next(store, query, &has_row, error))
		return false;
	if (has_row)
		*found = read_answer(query, used_at);
	return true;
}

bool cache_find(Store *store, const char *key, CachedAnswer **found, GError **error)
{
	int64_t used_at = 0;

	*found = NULL;
	if (store == NULL)
		return true;
	if (!find(store, key, found, &used_at, error))
		return false;
	if (*found == NULL || used_at > store->now - DAY || note_use(store, key, error))
		return true;
	g_clear_pointer(found, cached_answer_free);
	return false;
}

static bool insert_answer(Store *store, const char *key, const CachedAnswer *answer, int64_t size,
			  int64_t now, GError **error)
{
	g_autofree char *headers = join_headers(answer->headers);

	return query_run(
		store,
		"INSERT OR REPLACE INTO answer (key, size, used_at, stored_at, is_immutable, etag,"
		" last_modified, headers, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		VALUES(TEXT(key), INTEGER(size), INTEGER(now), INTEGER(answer->stored_at),
		       INTEGER(answer->is_immutable), TEXT(answer->etag),
		       TEXT(answer->last_modified), TEXT(headers), BYTES(answer->body)),
		NULL, error);
}

/* Deletes the least recently used answers until the rest fits. Sums run over the
 * index alone. */
static bool evict(Store *store, int64_t max_bytes, GError **error)
{
	int64_t is_too_much = 0;

	if (!query_number(store, "SELECT sum(size) > ?1 FROM answer", VALUES(INTEGER(max_bytes)),
			  &is_too_much, error))
		return false;
	return !is_too_much ||
	       query_run(store,
			 "DELETE FROM answer WHERE rowid IN (SELECT rowid FROM (SELECT rowid,"
			 " sum(size) OVER (ORDER BY used_at DESC, rowid DESC) AS newer FROM answer)"
			 " WHERE newer > ?1)",
			 VALUES(INTEGER(max_bytes)), NULL, error);
}

bool cache_keep(Store *store, const char *key, const CachedAnswer *answer, int64_t max_bytes,
		int64_t now, GError **error)
{
	int64_t size = (int64_t)strlen(key);
	bool is_kept = false;

	if (store == NULL)
		return true;
	size += answer->body != NULL ? (int64_t)g_bytes_get_size(answer->body) : 0;
	if (size > max_bytes / LARGEST_SHARE)
		return true;
	store_relax(store, true);
	is_kept = insert_answer(store, key, answer, size, now, error) &&
		  evict(store, max_bytes, error);
	store_relax(store, false);
	return is_kept;
}

bool cache_drop(Store *store, const char *key, GError **error)
{
	return store == NULL || query_run(store, "DELETE FROM answer WHERE key = ?1",
					  VALUES(TEXT(key)), NULL, error);
}

bool cache_first_seen(Store *store, const char *key, const char *version, const char *digest,
		      int64_t now, int64_t *first_seen_at, GError **error)
{
	*first_seen_at = 0;
	if (store != NULL &&
	    !query_number(store,
			  "SELECT first_seen_at FROM seen"
			  " WHERE key = ?1 AND version = ?2 AND digest = ?3",
			  VALUES(TEXT(key), TEXT(version), TEXT(digest)), first_seen_at, error))
		return false;
	if (*first_seen_at != 0)
		return true;
	*first_seen_at = now;
	/* Another process may have seen it since: the earlier one stays. */
	return store == NULL ||
	       query_run(store,
			 "INSERT INTO seen (key, version, digest, first_seen_at, pushed_at)"
			 " VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT DO NOTHING",
			 VALUES(TEXT(key), TEXT(version), TEXT(digest), INTEGER(now)), NULL, error);
}

bool cache_set_pushed(Store *store, const char *key, const char *version, const char *digest,
		      int64_t pushed_at, GError **error)
{
	return store == NULL ||
	       query_run(store,
			 "UPDATE seen SET pushed_at = ?4 WHERE key = ?1 AND version = ?2"
			 " AND digest = ?3 AND pushed_at != ?4",
			 VALUES(TEXT(key), TEXT(version), TEXT(digest), INTEGER(pushed_at)), NULL,
			 error);
}

static gpointer read_seen(Query *query)
{
	DigestSeen *seen = g_new0(DigestSeen, 1);

	seen->digest = query_text(query, 0);
	seen->first_seen_at = query_integer(query, 1);
	seen->pushed_at = query_integer(query, 2);
	return seen;
}

static void free_seen(gpointer seen)
{
	digest_seen_free(seen);
}

GPtrArray *cache_digests(Store *store, const char *key, const char *version, GError **error)
{
	if (store == NULL)
		return g_ptr_array_new_with_free_func(free_seen);
	return query_rows(store,
			  "SELECT digest, first_seen_at, pushed_at FROM seen WHERE key = ?1"
			  " AND version = ?2 AND digest != '' ORDER BY first_seen_at DESC, digest",
			  VALUES(TEXT(key), TEXT(version)), read_seen, free_seen, error);
}

static gpointer read_version(Query *query)
{
	return query_text(query, 0);
}

GPtrArray *cache_versions(Store *store, const char *key, const char *digest, GError **error)
{
	if (store == NULL)
		return g_ptr_array_new_with_free_func(g_free);
	return query_rows(store,
			  "SELECT version FROM seen WHERE key = ?1 AND digest = ?2"
			  " ORDER BY first_seen_at DESC, version",
			  VALUES(TEXT(key), TEXT(digest)), read_version, g_free, error);
}

bool cache_pause(Store *store, const char *host, int64_t until, GError **error)
{
	return store == NULL ||
	       query_run(store,
			 "INSERT INTO pause (host, until) VALUES (?1, ?2) ON CONFLICT (host)"
			 " DO UPDATE SET until = max(until, excluded.until)",
			 VALUES(TEXT(host), INTEGER(until)), NULL, error);
}

bool cache_paused_until(Store *store, const char *host, int64_t *until, GError **error)
{
	*until = 0;
	return store == NULL || query_number(store, "SELECT until FROM pause WHERE host = ?1",
					     VALUES(TEXT(host)), until, error);
}

static gpointer read_pause(Query *query)
{
	HostPause *pause = g_new0(HostPause, 1);

	pause->host = query_text(query, 0);
	pause->until = query_integer(query, 1);
	return pause;
}

static void free_pause(gpointer pause)
{
	host_pause_free(pause);
}

GPtrArray *cache_pauses(Store *store, int64_t now, GError **error)
{
	if (store == NULL)
		return g_ptr_array_new_with_free_func(free_pause);
	/* Of an account nothing is shown: what it is called by comes from its secret. */
	return query_rows(store,
			  "SELECT substr(host, 1, instr(host || ' ', ' ') - 1), max(until)"
			  " FROM pause WHERE until > ?1 GROUP BY 1 ORDER BY 1",
			  VALUES(INTEGER(now)), read_pause, free_pause, error);
}

bool cache_value(Store *store, const char *name, char **value, GError **error)
{
	g_autoptr(Query) query = NULL;
	bool has_row = false;

	*value = NULL;
	if (store == NULL)
		return true;
	query = query_new(store, "SELECT value FROM value WHERE name = ?1", VALUES(TEXT(name)),
			  error);
	if (query == NULL || !query_next(store, query, &has_row, error))
		return false;
	*value = has_row ? query_text(query, 0) : NULL;
	return true;
}

bool cache_set_value(Store *store, const char *name, const char *value, GError **error)
{
	if (store == NULL)
		return true;
	if (value == NULL)
		return query_run(store, "DELETE FROM value WHERE name = ?1", VALUES(TEXT(name)),
				 NULL, error);
	return query_run(store, "INSERT OR REPLACE INTO value (name, value) VALUES (?1, ?2)",
			 VALUES(TEXT(name), TEXT(value)), NULL, error);
}

/* What a tag points to is never forgotten, however long ago that was first seen: it
 * would be seen as new again, and held back. What has no digest is a version, and dated. */
static bool forget_digests(Store *store, int64_t before, GError **error)
{
	return query_run(store,
			 "DELETE FROM seen WHERE first_seen_at < ?1 AND digest != '' AND EXISTS"
			 " (SELECT 1 FROM seen AS later WHERE later.key = seen.key"
			 "  AND later.version = seen.version"
			 "  AND later.first_seen_at > seen.first_seen_at"
			 "  AND later.first_seen_at < ?1 AND later.digest != '')",
			 VALUES(INTEGER(before)), NULL, error);
}

bool cache_forget(Store *store, int64_t now, GError **error)
{
	return store == NULL || (query_run(store, "DELETE FROM pause WHERE until < ?1",
					   VALUES(INTEGER(now)), NULL, error) &&
				 query_run(store, "DELETE FROM answer WHERE used_at < ?1",
					   VALUES(INTEGER(now - LIFE)), NULL, error) &&
				 forget_digests(store, now - MEMORY, error));
}
