/* SPDX-License-Identifier: MIT */
/* WWW-Authenticate: what a registry wants to see before it answers.
 *
 * A realm is a URL that the registry chose, so it is hostile: who may see a
 * credential is decided by challenge_may_see_credentials(), not by the realm.
 * Pure. Source: RFC 9110 11, distribution auth/token.md, docker.md 5.1.
 */
#pragma once

#include <glib.h>

#include <stdbool.h>

typedef struct {
	char *scheme;                  /* in lower case: "bearer", "basic" */
	char *realm, *service, *scope; /* NULL where not given */
} Challenge;

void challenge_free(Challenge *challenge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Challenge, challenge_free)

GPtrArray *challenges_new(void); /* of Challenge */

/* Adds the challenges of one header's value; what cannot be read ends it. */
void challenges_add(GPtrArray *challenges, const char *value);

/* The first of a scheme, in lower case; NULL if there is none. */
const Challenge *challenges_find(const GPtrArray *challenges, const char *scheme);

/* The same, out of the list; the caller's. */
Challenge *challenges_take(GPtrArray *challenges, const char *scheme);

/* Where to ask for a token to read `path` (NULL: nothing, just to see whether who asks
 * is known); NULL if the realm is unusable: not https
 * where the registry is. `registry` is the base URL that was asked. A scope that
 * names no repository is replaced (GHCR's own is a placeholder). The caller's. */
char *challenge_token_url(const Challenge *challenge, const char *registry, const char *path);

/* The same for who exchanges an identity token: `*form` is what is posted to the URL,
 * without that token, which is its last field (distribution auth/oauth.md). */
char *challenge_exchange_url(const Challenge *challenge, const char *registry, const char *path,
			     char **form);

/* Whether a credential for `registry` may be sent to `url`: its own host, one of
 * the same domain, or the token service that is known to be its own; by https,
 * or by whatever the registry itself is asked. */
bool challenge_may_see_credentials(const char *url, const char *registry);
