/* SPDX-License-Identifier: MIT */
/* What was learnt from upstreams, in the store: answers with their validators,
 * first-seen dates, pauses of hosts. All of it may be deleted without harm
 * but the first-seen dates, which then begin anew.
 *
 * With a NULL store nothing is found, nothing is kept, and everything is seen
 * for the first time. Errors: IO, as store.h.
 */
#pragma once

#include "store/store.h"

/* One kept answer. */
typedef struct {
	char *etag, *last_modified; /* NULL if none */
	GPtrArray *headers;         /* of char *, those worth keeping (Link, Content-Type, …) */
	GBytes *body;
	int64_t stored_at;
	bool is_immutable;
} CachedAnswer;

CachedAnswer *cached_answer_new(void); /* with an empty list of headers, no body */
void cached_answer_free(CachedAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CachedAnswer, cached_answer_free)

/* The answer kept under `key` (method-less URL plus what selects a variant,
 * never a secret); `*found` NULL if none. The caller's. Once a day this also
 * notes that the answer was used. */
bool cache_find(Store *store, const char *key, CachedAnswer **found, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Keeps or replaces one; the least recently used go when `max_bytes` is passed.
 * An answer larger than a quarter of that is not kept. Outside of a transaction
 * of the caller this is not synced to disk: after a power cut it may be gone. */
bool cache_keep(Store *store, const char *key, const CachedAnswer *answer, int64_t max_bytes,
		int64_t now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes it away again: it was not what it should have been. */
bool cache_drop(Store *store, const char *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* When this installation first saw `version` of `key` point to `digest` ("" for
 * what has none); sets it to `now` if never. `*first_seen_at` is the result.
 * Costs a sync when it was never seen: put many into one transaction. */
bool cache_first_seen(Store *store, const char *key, const char *version, const char *digest,
		      int64_t now, int64_t *first_seen_at, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Adds the registry's own date to one that was seen. */
bool cache_set_pushed(Store *store, const char *key, const char *version, const char *digest,
		      int64_t pushed_at, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
	char *digest;
	int64_t first_seen_at, pushed_at; /* pushed_at 0: unknown */
} DigestSeen;

void digest_seen_free(DigestSeen *seen);

/* Every digest that `version` of `key` was seen with, newest first. */
GPtrArray *cache_digests(Store *store, const char *key, const char *version, GError **error)
	G_GNUC_WARN_UNUSED_RESULT; /* of DigestSeen */

/* Every version of `key` that was seen with `digest`, last seen first. */
GPtrArray *cache_versions(Store *store, const char *key, const char *digest, GError **error)
	G_GNUC_WARN_UNUSED_RESULT; /* of char * */

/* A host (with port) that asked to be left alone until a time. A pause is only
 * ever made longer; it ends by itself. `*until` 0: there is none. */
bool cache_pause(Store *store, const char *host, int64_t until, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool cache_paused_until(Store *store, const char *host, int64_t *until, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The hosts that are paused beyond `now`, altogether or for an account (a pause of
 * "HOST for ACCOUNT"), with the end of the longest pause; for `status`. */
typedef struct {
	char *host;
	int64_t until;
} HostPause;
void host_pause_free(HostPause *pause);
GPtrArray *cache_pauses(Store *store, int64_t now, GError **error)
	G_GNUC_WARN_UNUSED_RESULT; /* of HostPause */

/* Small named values that outlive a run: the checksum database's signed head.
 * `*value` is the caller's, NULL if none; setting NULL removes it. */
bool cache_value(Store *store, const char *name, char **value, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool cache_set_value(Store *store, const char *name, const char *value, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Deletes pauses that are over, answers not used for 90 days, and digests in whose place
 * another was seen 400 days ago or more (docker.md 5.6). */
bool cache_forget(Store *store, int64_t now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
