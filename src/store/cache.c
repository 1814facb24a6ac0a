/* SPDX-License-Identifier: MIT */
#include "store/cache.h"

#include "store/sql.h"

#include <string.h>

enum { DAY = 24 * 60 * 60, LARGEST_SHARE = 4 };

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
	g_autoptr(Query) query =
		query_new(store, "UPDATE answer SET used_at = ?2 WHERE key = ?1", error);

	if (query == NULL)
		return false;
	query_set_text(query, 1, key);
	query_set_integer(query, 2, store->now);
	return query_run(store, query, error);
}

bool cache_find(Store *store, const char *key, CachedAnswer **found, GError **error)
{
	g_autoptr(Query) query = NULL;
	g_autoptr(CachedAnswer) answer = NULL;
	g_autofree char *headers = NULL;
	bool has_row = false, is_noted = true;

	*found = NULL;
	if (store == NULL)
		return true;
	query = query_new(store,
			  "SELECT etag, last_modified, headers, body, stored_at, is_immutable,"
			  " used_at FROM answer WHERE key = ?1",
			  error);
	if (query == NULL)
		return false;
	query_set_text(query, 1, key);
	if (!query_next(store, query, &has_row, error))
		return false;
	if (!has_row)
		return true;
	answer = cached_answer_new();
	answer->etag = query_text(query, 0);
	answer->last_modified = query_text(query, 1);
	headers = query_text(query, 2);
	split_headers(answer->headers, headers);
	answer->body = query_bytes(query, 3);
	answer->stored_at = query_integer(query, 4);
	answer->is_immutable = query_integer(query, 5) != 0;
	is_noted = query_integer(query, 6) > store->now - DAY;
	query_reset(query); /* ends the read, which the write would have to wait for */
	if (!is_noted) {
		store_relax(store, true);
		is_noted = note_use(store, key, error);
		store_relax(store, false);
		if (!is_noted)
			return false;
	}
	*found = g_steal_pointer(&answer);
	return true;
}

static bool insert_answer(Store *store, const char *key, const CachedAnswer *answer, int64_t size,
			  int64_t now, GError **error)
{
	g_autofree char *headers = join_headers(answer->headers);
	g_autoptr(Query) query = query_new(
		store,
		"INSERT OR REPLACE INTO answer (key, size, used_at, stored_at, is_immutable, etag,"
		" last_modified, headers, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		error);

	if (query == NULL)
		return false;
	query_set_text(query, 1, key);
	query_set_integer(query, 2, size);
	query_set_integer(query, 3, now);
	query_set_integer(query, 4, answer->stored_at);
	query_set_integer(query, 5, answer->is_immutable);
	query_set_text(query, 6, answer->etag);
	query_set_text(query, 7, answer->last_modified);
	query_set_text(query, 8, headers);
	query_set_bytes(query, 9, answer->body);
	return query_run(store, query, error);
}

/* Deletes the least recently used answers until the rest fits. The sum runs
 * over the index alone. */
static bool evict(Store *store, int64_t max_bytes, GError **error)
{
	g_autoptr(Query) query = query_new(
		store,
		"DELETE FROM answer WHERE rowid IN (SELECT rowid FROM (SELECT rowid,"
		" sum(size) OVER (ORDER BY used_at DESC, rowid DESC) AS newer FROM answer)"
		" WHERE newer > ?1)",
		error);

	if (query == NULL)
		return false;
	query_set_integer(query, 1, max_bytes);
	return query_run(store, query, error);
}

static bool is_over(Store *store, int64_t max_bytes, bool *is_too_much, GError **error)
{
	g_autoptr(Query) query =
		query_new(store, "SELECT coalesce(sum(size), 0) > ?1 FROM answer", error);
	bool has_row = false;

	if (query == NULL)
		return false;
	query_set_integer(query, 1, max_bytes);
	if (!query_next(store, query, &has_row, error))
		return false;
	*is_too_much = has_row && query_integer(query, 0) != 0;
	return true;
}

static bool keep(Store *store, const char *key, const CachedAnswer *answer, int64_t size,
		 int64_t max_bytes, int64_t now, GError **error)
{
	bool is_too_much = false;

	return insert_answer(store, key, answer, size, now, error) &&
	       is_over(store, max_bytes, &is_too_much, error) &&
	       (!is_too_much || evict(store, max_bytes, error));
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
	is_kept = keep(store, key, answer, size, max_bytes, now, error);
	store_relax(store, false);
	return is_kept;
}

static bool find_seen(Store *store, const char *key, const char *version, const char *digest,
		      int64_t *first_seen_at, GError **error)
{
	g_autoptr(Query) query = query_new(store,
					   "SELECT first_seen_at FROM seen"
					   " WHERE key = ?1 AND version = ?2 AND digest = ?3",
					   error);
	bool has_row = false;

	if (query == NULL)
		return false;
	query_set_text(query, 1, key);
	query_set_text(query, 2, version);
	query_set_text(query, 3, digest);
	if (!query_next(store, query, &has_row, error))
		return false;
	*first_seen_at = has_row ? query_integer(query, 0) : 0;
	return true;
}

bool cache_first_seen(Store *store, const char *key, const char *version, const char *digest,
		      int64_t now, int64_t *first_seen_at, GError **error)
{
	g_autoptr(Query) query = NULL;

	*first_seen_at = 0;
	if (store != NULL && !find_seen(store, key, version, digest, first_seen_at, error))
		return false;
	if (*first_seen_at != 0)
		return true;
	*first_seen_at = now;
	if (store == NULL)
		return true;
	/* Another process may have seen it since: the earlier one stays. */
	query = query_new(store,
			  "INSERT INTO seen (key, version, digest, first_seen_at, pushed_at)"
			  " VALUES (?1, ?2, ?3, ?4, 0) ON CONFLICT DO NOTHING",
			  error);
	if (query == NULL)
		return false;
	query_set_text(query, 1, key);
	query_set_text(query, 2, version);
	query_set_text(query, 3, digest);
	query_set_integer(query, 4, now);
	return query_run(store, query, error);
}

bool cache_set_pushed(Store *store, const char *key, const char *version, const char *digest,
		      int64_t pushed_at, GError **error)
{
	g_autoptr(Query) query = NULL;

	if (store == NULL)
		return true;
	query = query_new(store,
			  "UPDATE seen SET pushed_at = ?4 WHERE key = ?1 AND version = ?2"
			  " AND digest = ?3 AND pushed_at != ?4",
			  error);
	if (query == NULL)
		return false;
	query_set_text(query, 1, key);
	query_set_text(query, 2, version);
	query_set_text(query, 3, digest);
	query_set_integer(query, 4, pushed_at);
	return query_run(store, query, error);
}

GPtrArray *cache_digests(Store *store, const char *key, const char *version, GError **error)
{
	g_autoptr(GPtrArray) digests =
		g_ptr_array_new_with_free_func((GDestroyNotify)digest_seen_free);
	g_autoptr(Query) query = NULL;
	bool has_row = false;

	if (store == NULL)
		return g_steal_pointer(&digests);
	query = query_new(store,
			  "SELECT digest, first_seen_at, pushed_at FROM seen WHERE key = ?1"
			  " AND version = ?2 AND digest != '' ORDER BY first_seen_at DESC, digest",
			  error);
	if (query == NULL)
		return NULL;
	query_set_text(query, 1, key);
	query_set_text(query, 2, version);
	for (;;) {
		DigestSeen *seen = NULL;

		if (!query_next(store, query, &has_row, error))
			return NULL;
		if (!has_row)
			return g_steal_pointer(&digests);
		seen = g_new0(DigestSeen, 1);
		seen->digest = query_text(query, 0);
		seen->first_seen_at = query_integer(query, 1);
		seen->pushed_at = query_integer(query, 2);
		g_ptr_array_add(digests, seen);
	}
}

bool cache_pause(Store *store, const char *host, int64_t until, GError **error)
{
	g_autoptr(Query) query = NULL;

	if (store == NULL)
		return true;
	query = query_new(store,
			  "INSERT INTO pause (host, until) VALUES (?1, ?2) ON CONFLICT (host)"
			  " DO UPDATE SET until = max(until, excluded.until)",
			  error);
	if (query == NULL)
		return false;
	query_set_text(query, 1, host);
	query_set_integer(query, 2, until);
	return query_run(store, query, error);
}

bool cache_paused_until(Store *store, const char *host, int64_t *until, GError **error)
{
	g_autoptr(Query) query = NULL;
	bool has_row = false;

	*until = 0;
	if (store == NULL)
		return true;
	query = query_new(store, "SELECT until FROM pause WHERE host = ?1", error);
	if (query == NULL)
		return false;
	query_set_text(query, 1, host);
	if (!query_next(store, query, &has_row, error))
		return false;
	*until = has_row ? query_integer(query, 0) : 0;
	return true;
}

GPtrArray *cache_pauses(Store *store, int64_t now, GError **error)
{
	g_autoptr(GPtrArray) pauses =
		g_ptr_array_new_with_free_func((GDestroyNotify)host_pause_free);
	g_autoptr(Query) query = NULL;
	bool has_row = false;

	if (store == NULL)
		return g_steal_pointer(&pauses);
	query = query_new(store, "SELECT host, until FROM pause WHERE until > ?1 ORDER BY host",
			  error);
	if (query == NULL)
		return NULL;
	query_set_integer(query, 1, now);
	for (;;) {
		HostPause *pause = NULL;

		if (!query_next(store, query, &has_row, error))
			return NULL;
		if (!has_row)
			return g_steal_pointer(&pauses);
		pause = g_new0(HostPause, 1);
		pause->host = query_text(query, 0);
		pause->until = query_integer(query, 1);
		g_ptr_array_add(pauses, pause);
	}
}

bool cache_value(Store *store, const char *name, char **value, GError **error)
{
	g_autoptr(Query) query = NULL;
	bool has_row = false;

	*value = NULL;
	if (store == NULL)
		return true;
	query = query_new(store, "SELECT value FROM value WHERE name = ?1", error);
	if (query == NULL)
		return false;
	query_set_text(query, 1, name);
	if (!query_next(store, query, &has_row, error))
		return false;
	*value = has_row ? query_text(query, 0) : NULL;
	return true;
}

bool cache_set_value(Store *store, const char *name, const char *value, GError **error)
{
	g_autoptr(Query) query = NULL;

	if (store == NULL)
		return true;
	query = query_new(store,
			  value != NULL
				  ? "INSERT OR REPLACE INTO value (name, value) VALUES (?1, ?2)"
				  : "DELETE FROM value WHERE name = ?1 AND ?2 IS NULL",
			  error);
	if (query == NULL)
		return false;
	query_set_text(query, 1, name);
	query_set_text(query, 2, value);
	return query_run(store, query, error);
}
