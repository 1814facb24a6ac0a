/* SPDX-License-Identifier: MIT */
#define G_LOG_DOMAIN "net"

#include "net/keep.h"

#include "base/crypto.h"
#include "base/text.h"
#include "net/headers.h"

#include <string.h>

#define DEFAULT_BYTES (INT64_C(1) << 30)
#define MEMORY_BYTES  (INT64_C(16) << 20)

struct Keep {
	Store *store; /* borrowed */
	int64_t max_bytes;
	GTree *memory; /* without store: of CachedAnswer, by key */
	int64_t memory_bytes;
};

static void free_answer(void *answer)
{
	cached_answer_free(answer);
}

Keep *keep_new(Store *store, int64_t max_bytes)
{
	Keep *keep = g_new0(Keep, 1);

	keep->store = store;
	keep->max_bytes = max_bytes > 0 ? max_bytes : DEFAULT_BYTES;
	keep->memory = g_tree_new_full(text_compare, NULL, g_free, free_answer);
	return keep;
}

void keep_free(Keep *keep)
{
	if (keep == NULL)
		return;
	g_tree_unref(keep->memory);
	g_free(keep);
}

/* Tells two credentials apart that are asked the same. */
char *keep_account(const HttpRequest *request)
{
	if (request->secret == NULL)
		return g_strdup("");
	if (request->account != NULL)
		return g_strdup(request->account);
	return http_account(request->username, request->secret);
}

char *keep_key(const HttpRequest *request)
{
	g_autofree char *account = keep_account(request);
	GString *key = g_string_new(request->url);

	for (guint i = 0; i < request->headers->len; i++)
		g_string_append_printf(key, "\n%s",
				       (const char *)g_ptr_array_index(request->headers, i));
	if (*account != '\0')
		g_string_append_printf(key, "\naccount: %s", account);
	return g_string_free(key, FALSE);
}

static CachedAnswer *copy(const CachedAnswer *answer)
{
	CachedAnswer *result = cached_answer_new();

	result->etag = g_strdup(answer->etag);
	result->last_modified = g_strdup(answer->last_modified);
	for (guint i = 0; i < answer->headers->len; i++)
		g_ptr_array_add(result->headers, g_strdup(g_ptr_array_index(answer->headers, i)));
	result->body = g_bytes_ref(answer->body);
	result->stored_at = answer->stored_at;
	result->is_immutable = answer->is_immutable;
	return result;
}

CachedAnswer *keep_find(Keep *keep, const char *key)
{
	g_autoptr(CachedAnswer) found = NULL;
	g_autoptr(GError) error = NULL;

	if (keep->store == NULL) {
		const CachedAnswer *answer = g_tree_lookup(keep->memory, key);

		return answer == NULL ? NULL : copy(answer);
	}
	if (!cache_find(keep->store, key, &found, &error))
		g_debug("a kept answer cannot be read: %s", error->message);
	return found == NULL || found->body == NULL ? NULL : g_steal_pointer(&found);
}

static bool is_worth_keeping(const char *line)
{
	static const char *const names[] = {
		"content-type", "docker-content-digest", "etag",          "last-modified",
		"link",         "x-next-page",           "x-total-count",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (header_is(line, names[i]))
			return true;
	return false;
}

static CachedAnswer *answer_of(const HttpRequest *request)
{
	CachedAnswer *answer = cached_answer_new();
	const GPtrArray *headers = request->answer_headers;

	for (guint i = 0; i < headers->len; i++)
		if (is_worth_keeping(g_ptr_array_index(headers, i)))
			g_ptr_array_add(answer->headers, g_strdup(g_ptr_array_index(headers, i)));
	/* The header that means just this; a server's own is not kept. */
	if (strcmp(request->final_url, request->url) != 0)
		g_ptr_array_add(answer->headers,
				g_strconcat("content-location: ", request->final_url, NULL));
	answer->etag = g_strdup(headers_get(headers, "etag"));
	answer->last_modified = g_strdup(headers_get(headers, "last-modified"));
	answer->body = g_bytes_new(request->answer->data, request->answer->len);
	return answer;
}

static void put_in_memory(Keep *keep, const char *key, CachedAnswer *answer)
{
	const CachedAnswer *present = g_tree_lookup(keep->memory, key);
	int64_t bytes = (int64_t)g_bytes_get_size(answer->body);

	if (present != NULL)
		keep->memory_bytes -= (int64_t)g_bytes_get_size(present->body);
	if (keep->memory_bytes + bytes > MIN(keep->max_bytes, MEMORY_BYTES)) {
		g_tree_remove(keep->memory, key);
		cached_answer_free(answer);
		return;
	}
	keep->memory_bytes += bytes;
	g_tree_insert(keep->memory, g_strdup(key), answer);
}

void keep_put(Keep *keep, const char *key, const HttpRequest *request, bool is_immutable,
	      int64_t now)
{
	g_autoptr(CachedAnswer) answer = answer_of(request);
	g_autoptr(GError) error = NULL;

	if (!is_immutable && answer->etag == NULL && answer->last_modified == NULL)
		return;
	answer->is_immutable = is_immutable;
	answer->stored_at = now;
	if (keep->store == NULL)
		put_in_memory(keep, key, g_steal_pointer(&answer));
	else if (!cache_keep(keep->store, key, answer, keep->max_bytes, now, &error))
		g_debug("an answer cannot be kept: %s", error->message);
}

void keep_drop(Keep *keep, const char *key)
{
	const CachedAnswer *present;
	g_autoptr(GError) error = NULL;

	if (keep->store != NULL) {
		if (!cache_drop(keep->store, key, &error))
			g_debug("a kept answer cannot be dropped: %s", error->message);
		return;
	}
	present = g_tree_lookup(keep->memory, key);
	if (present != NULL)
		keep->memory_bytes -= (int64_t)g_bytes_get_size(present->body);
	g_tree_remove(keep->memory, key);
}

void keep_answer(const CachedAnswer *kept, HttpRequest *request)
{
	gsize length;
	const void *bytes = g_bytes_get_data(kept->body, &length);
	const char *place = headers_get(kept->headers, "content-location");

	request->status = 200;
	request->is_from_cache = true;
	g_byte_array_set_size(request->answer, 0);
	if (length > 0)
		g_byte_array_append(request->answer, bytes, (guint)length);
	g_ptr_array_set_size(request->answer_headers, 0);
	for (guint i = 0; i < kept->headers->len; i++)
		g_ptr_array_add(request->answer_headers,
				g_strdup(g_ptr_array_index(kept->headers, i)));
	g_free(request->final_url);
	request->final_url = g_strdup(place == NULL ? request->url : place);
}
