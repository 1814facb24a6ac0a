/* SPDX-License-Identifier: MIT */
/* The inside of an Http: shared by http.c, which makes and shows it, and
 * round.c, which carries requests out with it. For net/ alone. */
#pragma once

#include "net/http.h"
#include "net/keep.h"
#include "net/pace.h"
#include "net/proxy.h"
#include "net/record.h"
#include "net/url.h"

#include <curl/curl.h>

/* Connections that a run has at most, to all hosts together; operations.md 3. */
#define ENGINE_CONNECTIONS 32

/* One "host:port". */
typedef struct {
	HttpHost count;
	bool is_multiplexed;   /* one connection carries many requests */
	unsigned running;      /* transfers under way */
	int64_t not_before_ms; /* the host asked for a short pause; monotonic clock */
	int misses;            /* tries in a row without a connection, of all requests */
	char *down;            /* why no connection came about, lately; NULL */
	bool is_unresolved;    /* because it has no address, which is said of the host, once */
	int64_t down_until_ms;
	GQueue waiting; /* of Exchange; borrowed, empty between rounds */
} Host;

struct Http {
	HttpOptions options; /* its pointers are not used: see below */
	char *user_agent;
	GPtrArray *insecure_hosts, *trusted_hosts; /* of char * */
	ProxyRules proxies;
	const char *cert_file, *cert_directory; /* of the environment; NULL: the system's */
	char *certificates;                     /* directory of the hosts' own; NULL: none */
	CURLM *multi;
	Keep *keep;
	Pace *pace;
	Recorder *recorder; /* NULL: nothing is recorded */
	GTree *hosts;       /* of Host, by authority */
	GTree *recent;      /* keys of kept answers to when they were had (int64_t, engine_ms) */
	GPtrArray *counts;  /* what http_hosts() last returned */
	int64_t now, started_us;
	int64_t bytes_received;
	void (*alive)(void *data); /* NULL: nobody wants to know */
	void *alive_data;
	size_t arrived; /* bytes of bodies since it was called; an answer counts as many */
};

/* Bytes of a body that are worth a sign of life. */
#define ENGINE_ALIVE_BYTES (64 * 1024)

/* The monotonic clock. */
int64_t engine_ms(void);

/* The run's clock, as far as it has come by now. */
int64_t engine_now(const Http *http);

/* Whose limits at `place` a request is counted for, a name as pace_account() gives; the
 * caller's. */
char *engine_account(const HttpRequest *request, const Url *place);

/* Before a second try of anything, milliseconds. */
int engine_backoff_ms(const Http *http);

/* Carries out all `requests`. */
void round_run(Http *http, GPtrArray *requests, HttpCache cache);
