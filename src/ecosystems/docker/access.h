/* SPDX-License-Identifier: MIT */
/* The way to one repository of a registry: where it is asked, as whom, and how to
 * answer the registry's challenge.
 *
 * A token is good for one repository and lives as long as its Access, in memory
 * only. Credentials are shown to the registry's own host and its token service
 * (challenge.h) and to nobody else.
 *
 * Source: docker.md 5.1, 5.2, 5.4, 5.5; distribution auth/token.md.
 */
#pragma once

#include "ecosystems/docker/challenge.h"
#include "net/http.h"

typedef struct {
	char *host;       /* as references name it: "docker.io" */
	char *path;       /* "library/golang" */
	char *registry;   /* the base URL below which /v2/… is asked, without a last slash */
	char *tags;       /* that of Docker Hub's tag records; NULL: it has none */
	bool is_metered;  /* a manifest that is fetched counts against a limit, a HEAD does not */
	bool is_foreign;  /* the host was named by a file alone */
	bool is_replaced; /* a file has put another registry in the place of the host's: there
			   * what has no namespace is looked for without `library/` first */
	const Credential *credential; /* borrowed from the World; NULL: anonymous */
	const char *helper;           /* without one: the program that would have it; NULL */
	Secret *token;                /* NULL: none yet */
	bool sends_basic;
	char *keys_endpoint, *region; /* where the credential, an access key, is exchanged for
					  * a password (ecr.h); NULL: it is no access key */
	bool is_exchanged;            /* that was tried */
	Secret *password;             /* what it was exchanged for; NULL: not yet, or refused */
} Access;

/* The image that is looked up for the one of a file, `key`: another one where a prefix of it
 * stands for something (Upstream.stands_for). Both are host/path (docker.md 3.3). The
 * caller's. */
char *access_key(const World *w, const char *key);

/* What the settings say of a host; NULL: nothing. Borrowed. */
const Upstream *access_upstream(const World *w, const char *host);

/* `key` is host/path; the path may be empty. */
Access *access_new(const World *w, const char *key);

/* Where the list of tags is asked for after `attempt` (from 1) others failed; NULL: there
 * is no further place. */
Access *access_new_fallback(const World *w, const char *key, guint attempt);

/* Where manifests are asked for, if that is elsewhere; NULL: it is not. */
Access *access_new_manifests(const World *w, const char *key);

/* Under which name what was read of a list of tags is kept: where it comes from, and
 * whose eyes have seen it. The caller's. */
char *access_source(const Access *access);

/* Under which name it is remembered what digests the tags of `key` were seen with: what a
 * registry says that a file alone puts in the place of another is news of itself, and
 * must not be taken for news of the other by the rest of the repositories. The caller's. */
char *access_memory(const Access *access, const char *key);
void access_free(Access *access);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Access, access_free)

/* The registry has no such image: turns to the other of the two paths that one without a
 * namespace may have where Docker Hub is stood in for, "golang" and "library/golang". False:
 * there is no other, or it was tried. */
bool access_turn_library(Access *access);

/* One request to a registry. */
typedef struct {
	Access *access;    /* borrowed */
	HttpMethod method; /* GET or HEAD */
	char *url;
	const char *accept;   /* borrowed; NULL: none */
	size_t max_bytes;     /* 0: LIMIT_ANSWER */
	void *about;          /* the asker's own; borrowed */
	HttpRequest *request; /* the answer */
} Ask;

/* `url` is taken. */
Ask *ask_new(Access *access, HttpMethod method, char *url, const char *accept, void *about);
void ask_free(Ask *ask);
GPtrArray *asks_new(void); /* of Ask */

/* Carries out all of `asks`, with what tokens that takes. Each has an answer, or an
 * error in its request. */
void access_ask_all(World *w, GPtrArray *asks, HttpCache cache);

/* Exchanges the access keys of those of `accesses` (of Access) that have one. */
void access_exchange_keys(World *w, const GPtrArray *accesses);

/* The request for a token that answers `challenge`, which is no request for an image where
 * the path is empty; NULL if its realm is unusable. It has the credential only if the
 * service may see it. The caller's. */
HttpRequest *access_token_request(const Access *access, const Challenge *challenge);

/* What to add to an error where a login is out of reach, from "; " on; "" where none is.
 * The caller's. */
char *access_helper_text(const Access *access);

/* What an answer other than 200 means: ABSENT, DENIED, NET, or what the request
 * had. The caller's. */
GError *ask_error(const Ask *ask) G_GNUC_WARN_UNUSED_RESULT;
