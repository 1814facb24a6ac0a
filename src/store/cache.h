/* SPDX-License-Identifier: MIT */
/* What was learnt from upstreams, in the store: answers with their validators,
 * first-seen dates, pauses of hosts. All of it may be deleted without harm
 * but the first-seen dates, which then begin anew. */
#pragma once

#include "store/store.h"

/* One kept answer. */
typedef struct {
	char *etag, *last_modified; /* NULL if none */
	GPtrArray
		*headers; /* of char *, those of the answer worth keeping (Link, Content-Type, …) */
	GBytes *body;
	int64_t stored_at;
	bool is_immutable;
} CachedAnswer;

void cached_answer_free(CachedAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CachedAnswer, cached_answer_free)

/* The answer kept under `key` (method-less URL plus what selects a variant,
 * never a secret); `*found` NULL if none. The caller's. */
bool cache_find(Store *store, const char *key, CachedAnswer **found, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
/* Keeps or replaces one; the least recently used go when `max_bytes` is passed. */
bool cache_keep(Store *store, const char *key, const CachedAnswer *answer, int64_t max_bytes,
		int64_t now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* When this installation first saw `version` of `key` point to `digest` ("" for
 * what has none); sets it to `now` if never. `*first_seen_at` is the result. */
bool cache_first_seen(Store *store, const char *key, const char *version, const char *digest,
		      int64_t now, int64_t *first_seen_at, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Every digest that `version` of `key` was seen with, newest first; of DigestSeen. */
typedef struct {
	char *digest;
	int64_t first_seen_at, pushed_at; /* pushed_at 0: unknown */
} DigestSeen;
GPtrArray *cache_digests(Store *store, const char *key, const char *version, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* A host (with port) that asked to be left alone until a time; 0: it did not. */
bool cache_pause(Store *store, const char *host, int64_t until, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool cache_paused_until(Store *store, const char *host, int64_t *until, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Small named values that outlive a run: the checksum database's signed head. */
bool cache_value(Store *store, const char *name, char **value, GError **error)
	G_GNUC_WARN_UNUSED_RESULT; /* NULL if none; the caller's */
bool cache_set_value(Store *store, const char *name, const char *value, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
