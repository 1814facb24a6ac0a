/* SPDX-License-Identifier: MIT */
/* Answers kept for the next time: in the store, or in memory without one.
 *
 * The cache may be lost at any time, so nothing here fails: a store that cannot
 * be read or written costs requests, never a run.
 */
#pragma once

#include "net/http.h"
#include "store/cache.h"

typedef struct Keep Keep;

/* `store` is borrowed; NULL: memory, up to a few MiB. `max_bytes` 0: the default. */
Keep *keep_new(Store *store, int64_t max_bytes);
void keep_free(Keep *keep);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Keep, keep_free)

/* The name of the answer to `request`: URL, headers, and for whom it is, never
 * the secret itself. The caller's. */
char *keep_key(const HttpRequest *request);

/* For whom the answer to `request` is: a name that tells nothing of the secret, "" if it
 * shows none. The caller's. */
char *keep_account(const HttpRequest *request);

/* The answer kept under `key`; NULL if none. The caller's. */
CachedAnswer *keep_find(Keep *keep, const char *key);

/* Keeps the answer that `request` holds (a 200). Without a validator it is kept
 * only if `is_immutable`. */
void keep_put(Keep *keep, const char *key, const HttpRequest *request, bool is_immutable,
	      int64_t now);

/* Keeps no answer under `key` any more. */
void keep_drop(Keep *keep, const char *key);

/* Gives `request` the kept answer. */
void keep_answer(const CachedAnswer *kept, HttpRequest *request);
