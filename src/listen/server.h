/* SPDX-License-Identifier: MIT */
/* The web server: a page, metrics, and webhooks. One thread, over libmicrohttpd; bounded
 * in connections, time and bytes. Speaks plain HTTP: TLS is for a proxy before it.
 *
 * GET /		the page
 * GET /metrics		the same for Prometheus
 * POST /webhook	a forge has news: 202 noted, 204 nothing that matters here, 400, 401
 *			unsigned, 413, 503 too busy; 404 where no secret is set
 */
#pragma once

#include "base/secret.h"
#include "store/store.h"

typedef struct {
	Store *store;          /* borrowed */
	const Secret *secrets; /* of webhooks, a line each; NULL: none are heard; borrowed */
	int socket;            /* listening; taken */
} ServerOptions;

/* Serves until the process is ended. Errors: IO if it cannot begin. */
bool server_run(const ServerOptions *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
