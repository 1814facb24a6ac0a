/* SPDX-License-Identifier: MIT */
/* Many HTTP requests at once, within ceilings; the one user of libcurl.
 *
 * Requests overlap inside http_get_all() and nowhere else: HTTP/2 over one
 * connection per host where offered. A status is a value: the call succeeds with
 * 404. What fails for one request is noted in that request. Redirects are
 * followed by us, at most LIMIT_REDIRECTS, https never to http, and anything
 * of ours (credentials, headers) is sent to the same origin only. Bodies are
 * bounded by decoded bytes. A host that limits (429, Retry-After, GitHub's 403)
 * is waited for only if the wait is short (pace.h), else the request fails BUSY
 * with the time. Transient failures (resets, 5xx, stalls) are tried again with
 * back-off, at most LIMIT_TRIES times, unless that could do a thing twice.
 * Plain http goes to loopback and insecure hosts only. No credential is ever in
 * a URL, log or error text. Source: operations.md 3, forges.md 1.
 */
#pragma once

#include "base/secret.h"
#include "upkeepd/fail.h"
#include "upkeepd/world.h"

typedef enum { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE } HttpMethod;

typedef struct HttpRequest HttpRequest;
struct HttpRequest {
	/* Asked. */
	HttpMethod method;
	char *url;                /* http or https, no user or password in it */
	GPtrArray *headers;       /* of char *, "Name: value"; never secrets */
	char *username;           /* with `secret`: Basic; without username: Bearer */
	const Secret *secret;     /* borrowed; NULL: anonymous */
	const char *secret_field; /* POST: the secret goes into the form in `body`, as this
				     field after the others, and into no header; NULL */
	char *account;            /* for whom the answer is, in the cache: a name that outlives the
				 secret, "" for everybody; NULL: a hash of the secret */
	const char *quota;   /* which limit it is counted for, where its host counts several for
				     an account; borrowed; NULL: the usual one */
	GBytes *body;        /* POST, PUT, PATCH; NULL: none */
	size_t max_bytes;    /* of the decoded body; 0: LIMIT_ANSWER */
	int timeout_ms;      /* 0: LIMIT_REQUEST_MS */
	bool is_foreign;     /* the host was chosen by a stranger: no private addresses */
	bool keeps_redirect; /* a redirect is the answer, not followed; only GET, HEAD are */
	bool is_repeatable;  /* a POST that changes nothing: may be sent again after a failure */
	/* Instead of collecting the body: each piece as it comes, 200 answers only.
	 * false stops the transfer with `*error`. */
	bool (*sink)(void *data, const void *bytes, size_t length, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;
	void *sink_data;

	/* Answered. */
	int status;         /* 0: no answer, see error; beside an error: of the last answer */
	GByteArray *answer; /* the decoded body, NUL-terminated beyond its length */
	char *final_url;    /* where the answer came from */
	GPtrArray *answer_headers; /* of char *, "name: value", names in lower case */
	bool is_from_cache;        /* a kept answer that still holds; its status is 200 */
	/* NULL: status is set. NET: no usable answer; BUSY: the host is limiting;
	 * LIMIT: a ceiling; DENIED: a place we do not go to (plain http, a private
	 * address that a stranger chose); INPUT: no usable URL or header. */
	GError *error;
};

HttpRequest *http_request_new(HttpMethod method, const char *url);
void http_request_free(HttpRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpRequest, http_request_free)

/* Adds "Name: value". */
void http_request_header(HttpRequest *request, const char *name, const char *value);

/* The value of an answer's header, name in lower case; NULL if absent. */
const char *http_answer_header(const HttpRequest *request, const char *name);

/* What a run may do on the network and how it counts. */
typedef struct {
	bool is_offline;              /* every request fails with NET "… not in the cache" */
	int connections_per_host;     /* 0: the default */
	int timeout_ms;               /* of a small request, and of a stall; 0: the defaults */
	int backoff_ms;               /* before a second try; 0: the default */
	int64_t cache_bytes;          /* ceiling of the answer cache in the store; 0: default */
	const char *record_directory; /* UPKEEPD_RECORD; NULL: none */
	const char *certificates;     /* a directory as certificates.h has it; NULL: none */
	const char *user_agent;       /* NULL: upkeepd/VERSION */
	GPtrArray *insecure_hosts;    /* of char *: plain http is fine there; loopback always is */
	GPtrArray *trusted_hosts;     /* of char *: may be private whoever named them */
} HttpOptions;                        /* a host here is "host" or "host:port" */

/* Whether the libcurl at hand has what this needs: TLS, HTTP/2, gzip, and names
 * looked up without blocking. To be asked once, at the start.
 * Errors: CONFIG, naming what is missing. */
bool http_is_usable(GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* `store` keeps answers with their validators and the hosts' pauses across
 * runs; NULL: this Http alone does. Borrowed. `now` is the run's clock; options
 * are copied. Reads the environment: HTTP_PROXY, HTTPS_PROXY, NO_PROXY (proxy.h),
 * SSL_CERT_FILE, SSL_CERT_DIR. */
Http *http_new(const HttpOptions *options, Store *store, int64_t now);
void http_free(Http *http);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Http, http_free)

/* Has `alive` called from inside http_get_all() as things get on: with each answer, and
 * with parts of a long one. Who only drips calls it seldom. */
void http_watch(Http *http, void (*alive)(void *data), void *data);

/* How an answer may be kept. */
typedef enum {
	HTTP_NO_CACHE,  /* never */
	HTTP_VALIDATE,  /* kept with its ETag or date, asked again with it */
	HTTP_RECENT,    /* the same, but this Http asks again after a minute only */
	HTTP_IMMUTABLE, /* kept for ever and never asked again (200 only) */
} HttpCache;

/* Carries out all of `requests` (of HttpRequest), concurrently; returns when
 * each has a status or an error. Only GET is cached. */
void http_get_all(Http *http, GPtrArray *requests, HttpCache cache);

/* The same for one. */
void http_get(Http *http, HttpRequest *request, HttpCache cache);

/* The answer to `request`, or to one like it, was not what it should have been: what
 * is kept of it is dropped, and the next request goes out. */
void http_forget(Http *http, const HttpRequest *request);

/* Waits as long as before try `number` (from 2) of a request that failed in a passing
 * way: for callers whose answers say that it was too early to ask. */
void http_wait(const Http *http, int number);

/* Whom a credential stands for, in the cache: a hash, too short to find the secret by.
 * `username` may be NULL. The caller's. */
char *http_account(const char *username, const Secret *secret);

/* The same for one that may have a name of its own for it; NULL, nobody, gives "". */
char *http_account_of(const Credential *credential);

/* Waits until it is the turn of a change that `request` asks for: a second after the
 * last one at that host for that account, as long as before a second try in tests. */
void http_await_turn(Http *http, const HttpRequest *request);

/* The answer to `request` says in words of its own that its host wants to be left
 * alone for a while: nobody asks it before the time that is returned, Unix seconds. Each
 * such pause that follows another is longer. */
int64_t http_pause(Http *http, const HttpRequest *request);

/* The answer to `request` says in words of its own that all is used up that its host grants
 * whoever it is of, of its quota: nobody asks for that before the time that is returned, Unix
 * seconds, which is the one that the answer names, if it does. */
int64_t http_pause_spent(Http *http, const HttpRequest *request);

/* Until when the requests are few that its host grants whoever `request` is of, as answers
 * of late have said: what can wait should. 0: there are enough, as far as is known. */
int64_t http_scarce_until(Http *http, const HttpRequest *request);

/* The run's clock, as far as it has come by now: Unix seconds. */
int64_t http_now(const Http *http);

/* What has been done since http_new: for `run-end` and tests. */
typedef struct {
	char *host;
	int64_t requests, revalidations; /* revalidations are counted in requests too */
} HttpHost;
GPtrArray *http_hosts(Http *http); /* of HttpHost; borrowed until the next call; sorted by host */
int64_t http_bytes_received(const Http *http);

/* scheme://host[:port] of a URL, lower case, default port left out; NULL if it
 * is no usable URL. The caller's. */
char *http_origin(const char *url);

/* `reference` resolved against `base` as RFC 3986 says; NULL if unusable. */
char *http_resolve(const char *base, const char *reference);

/* `text` with everything but unreserved characters percent-encoded. */
char *http_escape(const char *text);

/* An HTTP date to Unix seconds; 0 if `text` is NULL or none. */
int64_t http_date(const char *text);
