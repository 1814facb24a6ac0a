/* SPDX-License-Identifier: MIT */
/* One request sent once: a libcurl handle and what came back through it.
 *
 * This is the only place that sets libcurl's options. Ceilings hold while bytes
 * arrive: header lines, decoded body, time. Redirects are not followed here.
 * Source of the options: operations.md 3.
 */
#pragma once

#include "net/http.h"

#include <curl/curl.h>

/* How to send a request at one place. All borrowed until the transfer is over. */
typedef struct {
	const char *url;
	const char *proxy;                /* NULL: straight */
	const char *etag, *last_modified; /* of the answer we have; NULL: none */
	const char *user_agent;
	const char *cert_file, *cert_directory; /* trusted authorities; NULL: the system's */
	const char *client_cert, *client_key;   /* ours, shown if asked for; NULL: none */
	int timeout_ms, stall_ms;
	bool is_ours;    /* the origin first asked: our headers and credentials go along */
	bool is_guarded; /* may not reach a private address */
	size_t *budget;  /* bytes that all running transfers together may still collect */
	size_t *arrived; /* bytes of bodies are added here */
} TransferPlan;

typedef struct {
	CURL *easy;
	const HttpRequest *request; /* borrowed */
	TransferPlan plan;
	struct curl_slist *lines;
	char detail[CURL_ERROR_SIZE]; /* libcurl's words for what went wrong */

	int status;
	GPtrArray *headers; /* of char *, "name: value" */
	GByteArray *body;
	size_t header_bytes, body_bytes; /* body: decoded */
	size_t body_sent;                /* of the request's, where it is sent once */
	bool has_fed_sink;               /* the request's sink has seen some of it */
	bool is_refused;                 /* the address filter said no */
	bool is_unresolved;              /* its host has no address, nor has it for others */
	bool is_costly;                  /* it failed so slowly that it counts for two tries */
	GError *error; /* LIMIT or the sink's; what libcurl then says is a result of it */
} Transfer;

/* Never fails: libcurl refuses no option that is set here. `data` comes back
 * as CURLINFO_PRIVATE. */
Transfer *transfer_new(const HttpRequest *request, const TransferPlan *plan, void *data);
void transfer_free(Transfer *transfer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transfer, transfer_free)

/* What the end of a transfer means. */
typedef enum {
	TRANSFER_ANSWERED,
	TRANSFER_FAILED,      /* for good; transfer->error says why */
	TRANSFER_UNREACHABLE, /* in passing: no connection came about */
	TRANSFER_BROKEN,      /* in passing: it was cut, or nothing came */
} TransferEnd;

/* Judges `code`, sets transfer->error unless answered. */
TransferEnd transfer_end(Transfer *transfer, CURLcode code);

/* Bytes that came over the wire, headers included. */
int64_t transfer_wire_bytes(const Transfer *transfer);

/* How long it took, milliseconds. */
int64_t transfer_ms(const Transfer *transfer);

/* "GET". */
const char *transfer_method(const HttpRequest *request);

/* Whether the server speaks HTTP/2, so that one connection carries many requests. */
bool transfer_is_multiplexed(const Transfer *transfer);

/* Whether the server stood in a private network. */
bool transfer_was_inside(const Transfer *transfer);
