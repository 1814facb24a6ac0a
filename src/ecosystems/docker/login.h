/* SPDX-License-Identifier: MIT */
/* Credentials for registries: whose they are, and those of the files in which Docker
 * and podman keep their logins.
 * Source: docker.md 5.4; containers-auth.json(5). */
#pragma once

#include "upkeepd/fail.h"
#include "upkeepd/world.h"

/* The one of `credentials` (of Credential; NULL: none) for the image `path` of `host`, a
 * registry as references name it, when it is asked below the URL `base`; NULL: anonymous.
 * What upkeepd was told comes before logins, of those the one for the longest path, then
 * the first. One for a public registry is not shown to a stand-in, which has to have its
 * own. Borrowed. */
const Credential *login_find(const GPtrArray *credentials, const char *host, const char *path,
			     const char *base);

/* The name of the helper that keeps a login which would have been found if it were ours to
 * read; NULL: none does. Borrowed. */
const char *login_helper(const GPtrArray *credentials, const char *host, const char *path,
			 const char *base);

/* Appends the logins of a config.json of Docker or an auth.json of podman, `length`
 * bytes. Helpers named there are programs and are not run: their logins have no secret.
 * Errors: CONFIG if it is no such file. */
bool login_read(GPtrArray *credentials, const char *text, size_t length, GError **error)
	G_GNUC_WARN_UNUSED_RESULT; /* of Credential */

/* The same of this user's files: $REGISTRY_AUTH_FILE or, where it is not set,
 * $XDG_RUNTIME_DIR/containers/auth.json; then $DOCKER_CONFIG/config.json, else
 * ~/.docker/config.json. One that is not there holds nothing, but for the first. */
bool login_read_own(GPtrArray *credentials, GError **error) G_GNUC_WARN_UNUSED_RESULT;
