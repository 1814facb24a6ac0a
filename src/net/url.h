/* SPDX-License-Identifier: MIT */
/* The parts of a URL that decide where a request goes, by the parser that
 * makes the request (libcurl's), so that no two readings of one URL exist. */
#pragma once

#include <glib.h>

#include <stdbool.h>

typedef struct {
	char *origin;    /* "https://host:8443": lower case, the scheme's own port left out */
	char *authority; /* "host:8443": the origin without its scheme */
	char *host;      /* "host"; an IPv6 address in its brackets */
	char *port;      /* always given: "443" */
	bool is_https;
} Url;

/* NULL if `text` is longer than LIMIT_URL, neither http nor https, has a user
 * or password, or cannot be read. The caller's. */
Url *url_parse(const char *text);
void url_free(Url *url);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Url, url_free)

/* Whether `url` leads to this machine by its very name: localhost, 127.0.0.0/8, ::1. */
bool url_is_loopback(const Url *url);

/* Whether one of `hosts` (of char *, "host" or "host:port"; NULL: none) is `url`'s. */
bool url_is_among(const Url *url, const GPtrArray *hosts);

/* `text`, which need not be usable, without user, password, query and fragment:
 * for errors and traces. The caller's. */
char *url_to_show(const char *text);
