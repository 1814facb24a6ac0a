/* SPDX-License-Identifier: MIT */
/* Where a checksum database is asked: through a module proxy, or itself.
 *
 * Source: gomod.md d.2; golang/go cmd/go/internal/modfetch/sumdb.go.
 */
#pragma once

#include "ecosystems/gomod/goenv.h"
#include "net/http.h"

typedef struct {
	const GoEnv *env;       /* borrowed */
	const GoSource *source; /* the proxy it is asked through; NULL: none; borrowed */
	char *base;             /* below which `lookup/` and `tile/` lie; NULL: not known yet */
} SumServer;

void sumserver_clear(SumServer *server);

/* Finds out where the database `name` is asked: through the first proxy that says it
 * can, else straight.
 * Errors: as a proxy fails that must not be passed over. */
bool sumserver_find(SumServer *server, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A request for what lies at `path` below the base. The caller's. */
HttpRequest *sumserver_request(const SumServer *server, const char *path, size_t max_bytes);

/* Whether the answer is that there is no such thing. */
bool sumserver_is_absent(const HttpRequest *request);

/* Why a request has no usable answer: its own error, or its status. The caller's. */
GError *sumserver_failure(const HttpRequest *request);
