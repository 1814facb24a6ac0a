/* SPDX-License-Identifier: MIT */
/* Which proxy the environment asks for, as curl reads it: HTTP_PROXY,
 * HTTPS_PROXY and NO_PROXY, each in lower case first. (libcurl itself ignores
 * HTTP_PROXY in capitals, for the sake of CGI programs, and does not say which
 * connections went through a proxy; the address filter must know.)
 */
#pragma once

#include "net/url.h"

typedef struct {
	const char *http, *https, *none; /* as the variables say; NULL or "": not set */
} ProxyRules;

/* The variables of this process; borrowed from the environment. */
ProxyRules proxy_from_environment(void);

/* The proxy for `url`; NULL: straight. Borrowed from `rules`. */
const char *proxy_for(const ProxyRules *rules, const Url *url);

/* Whether `list` (NO_PROXY) names `url`: "*"; a domain, with or without leading
 * dot, which includes its subdomains; an address or a block of them; each
 * optionally with ":port". Separated by commas or blanks. */
bool proxy_is_bypassed(const char *list, const Url *url);
