/* SPDX-License-Identifier: MIT */
/* A git server over HTTP: its two services, and how they are asked.
 *
 * Credentials go by Basic with the first request, so that nothing is sent twice,
 * and only to the host they are for. A server that sends elsewhere is followed
 * within its own origin alone. Source: git's gitprotocol-http(5), operations.md
 * 2, forges.md 8.1.
 */
#pragma once

#include "git/state.h"
#include "net/http.h"
#include "upkeepd/forge.h"

typedef enum { SERVICE_READ, SERVICE_WRITE } Service;

typedef struct {
	Http *http;                   /* borrowed */
	State *state;                 /* borrowed */
	const Credential *credential; /* borrowed; NULL: anonymous */
	const char *username;         /* to go with it */
	char *configured;             /* the repository's address, without a slash at the end */
	char *url; /* where it is found, which may be elsewhere in the same origin */
	int64_t now;
	bool is_foreign;   /* a stranger chose the address */
	bool was_asked[2]; /* by this object, for its offers */
} Endpoint;

/* Borrows all but `repository`'s strings. `token_user` as in RemoteOptions.
 * Errors: CONFIG if its URL is of no use, or its credential is for another host. */
Endpoint *endpoint_new(const Repository *repository, Http *http, State *state,
		       const char *token_user, int64_t now, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
void endpoint_free(Endpoint *endpoint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Endpoint, endpoint_free)

/* What `service` offers (bits of answers.h): as remembered for a day, else asked.
 * Errors: DENIED, ABSENT, NET, BUSY; CONFIG if the repository has moved to another
 * origin or names its objects by SHA-256. */
bool endpoint_offers(Endpoint *endpoint, Service service, unsigned *offers, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Has the next endpoint_offers() ask again; false if it has just been asked. */
bool endpoint_doubt(Endpoint *endpoint, Service service);

/* Posts `body` to `service`; the answer goes to `sink` piece by piece, `max_bytes` of
 * it at most. Only reading is tried again when the network fails. */
bool endpoint_post(Endpoint *endpoint, Service service, GByteArray *body, size_t max_bytes,
		   bool (*sink)(void *data, const void *bytes, size_t length, GError **error),
		   void *data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
