/* SPDX-License-Identifier: MIT */
/* The certificates that a host has of its own, in the layout of Docker's certs.d: for
 * `host` or, where the port is not the scheme's own, `host:port` a folder with
 *
 *	ca.crt                    the authority, which counts beside those of the
 *	                          system's directory
 *	client.cert, client.key   what we show to the host; only both together
 *
 * Source: docker.md 5.5. */
#pragma once

#include "net/url.h"

/* Paths of files that are there and that we may read, which a key is often not where it
 * is Docker's own; each NULL if it is not. */
typedef struct {
	char *authority;
	char *client, *key;
} Certificates;

/* Fills `found` with those for `place` below `directory` (NULL: there are none), after
 * what it held is freed. */
void certificates_find(Certificates *found, const char *directory, const Url *place);
void certificates_clear(Certificates *found);
