/* SPDX-License-Identifier: MIT */
/* Credentials for registries: whose they are, and those of Docker's own file.
 * Source: docker.md 5.4. */
#pragma once

#include "upkeepd/fail.h"
#include "upkeepd/world.h"

/* The first of `credentials` (of Credential; NULL: none) for `host`, a registry as
 * references name it, when it is asked below the URL `base`; NULL: anonymous. One
 * for a public registry is not shown to a stand-in, which has to have its own.
 * Borrowed. */
const Credential *login_find(const GPtrArray *credentials, const char *host, const char *base);

/* Appends the credentials of a config.json of Docker, `length` bytes. Helpers named
 * there are programs and are not run; identity tokens, which need a protocol of
 * their own, are left out.
 * Errors: CONFIG if it is no such file. */
bool login_read(GPtrArray *credentials, const char *text, size_t length, GError **error)
	G_GNUC_WARN_UNUSED_RESULT; /* of Credential */

/* The same of $DOCKER_CONFIG/config.json, else ~/.docker/config.json; nothing where
 * there is no file. */
bool login_read_own(GPtrArray *credentials, GError **error) G_GNUC_WARN_UNUSED_RESULT;
