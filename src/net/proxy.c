/* SPDX-License-Identifier: MIT */
#include "net/proxy.h"

#include "net/address.h"

#include <string.h>

static const char *variable(const char *lower, const char *upper)
{
	const char *value = g_getenv(lower);

	return value != NULL ? value : g_getenv(upper);
}

ProxyRules proxy_from_environment(void)
{
	return (ProxyRules){
		.http = variable("http_proxy", "HTTP_PROXY"),
		.https = variable("https_proxy", "HTTPS_PROXY"),
		.none = variable("no_proxy", "NO_PROXY"),
	};
}

/* Cuts ":port" off `entry`; false if it has one that is not `port`. The colons
 * of a bare IPv6 address are no port. */
static bool port_fits(char *entry, const char *port)
{
	char *bracket = strrchr(entry, ']');
	char *colon = strrchr(bracket != NULL ? bracket : entry, ':');
	bool is_port;

	if (colon == NULL || (bracket == NULL && strchr(entry, ':') != colon))
		return true;
	is_port = strcmp(colon + 1, port) == 0;
	*colon = '\0';
	return is_port;
}

static bool domain_fits(const char *domain, const char *host)
{
	size_t length, rest;

	while (*domain == '.')
		domain++;
	length = strlen(domain);
	if (length == 0 || length > strlen(host))
		return false;
	rest = strlen(host) - length;
	return g_ascii_strcasecmp(host + rest, domain) == 0 && (rest == 0 || host[rest - 1] == '.');
}

bool proxy_is_bypassed(const char *list, const Url *url)
{
	g_auto(GStrv) entries = g_strsplit_set(list, ", \t", -1);

	for (char **entry = entries; *entry != NULL; entry++) {
		if (strcmp(*entry, "*") == 0)
			return true;
		if (**entry == '\0' || !port_fits(*entry, url->port))
			continue;
		if (address_is_literal(url->host) ? address_is_in(url->host, *entry)
						  : domain_fits(*entry, url->host))
			return true;
	}
	return false;
}

const char *proxy_for(const ProxyRules *rules, const Url *url)
{
	const char *proxy = url->is_https ? rules->https : rules->http;

	if (proxy == NULL || *proxy == '\0')
		return NULL;
	return rules->none != NULL && proxy_is_bypassed(rules->none, url) ? NULL : proxy;
}
