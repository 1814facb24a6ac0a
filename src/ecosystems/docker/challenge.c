/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/challenge.h"

#include "net/http.h"
#include "net/url.h"
#include "upkeepd/limits.h"

#include <string.h>

/* More than any server offers. */
enum { MOST_CHALLENGES = 16 };

/* Token services of other domains that are known to be the registry's own. */
static const struct {
	const char *registry, *service;
} token_services[] = {
	{ "registry-1.docker.io", "auth.docker.io" },
	{ "registry.gitlab.com", "gitlab.com" },
	{ "registry.access.redhat.com", "sso.redhat.com" },
	{ "registry.redhat.io", "sso.redhat.com" },
};

void challenge_free(Challenge *challenge)
{
	if (challenge == NULL)
		return;
	g_free(challenge->scheme);
	g_free(challenge->realm);
	g_free(challenge->service);
	g_free(challenge->scope);
	g_free(challenge);
}

GPtrArray *challenges_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)challenge_free);
}

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

static size_t token_length(const char *p)
{
	return strspn(p, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
			 "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

/* A token or a quoted string at *p, moved behind; NULL if it is neither. */
static char *read_value(const char **p)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const char *q = *p;

	if (*q != '"') {
		size_t length = token_length(q);

		*p += length;
		return length > 0 ? g_strndup(q, length) : NULL;
	}
	for (q++; *q != '"'; q++) {
		if (*q == '\\' && q[1] != '\0')
			q++;
		if (*q == '\0' || text->len >= LIMIT_URL)
			return NULL;
		g_string_append_c(text, *q);
	}
	*p = q + 1;
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* `name = value` at *p, moved behind it and the comma. False if it is no such. */
static bool read_parameter(Challenge *challenge, const char **p)
{
	size_t length = token_length(*p);
	g_autofree char *name = g_ascii_strdown(*p, (gssize)length), *value = NULL;
	const char *q = skip_blanks(*p + length);
	char **place = strcmp(name, "realm") == 0     ? &challenge->realm
		       : strcmp(name, "service") == 0 ? &challenge->service
		       : strcmp(name, "scope") == 0   ? &challenge->scope
						      : NULL;

	if (length == 0 || *q != '=')
		return false;
	q = skip_blanks(q + 1);
	value = read_value(&q);
	if (value == NULL)
		return false;
	q = skip_blanks(q);
	if (*q != '\0' && *q != ',')
		return false;
	*p = q;
	if (place != NULL && *place == NULL)
		*place = g_steal_pointer(&value);
	return true;
}

/* The one word that some schemes have instead of parameters. */
static const char *skip_word(const char *p)
{
	const char *q = p + strspn(p, "-._~+/0123456789abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	q = skip_blanks(q + strspn(q, "="));
	return q > p && (*q == ',' || *q == '\0') ? q : p;
}

void challenges_add(GPtrArray *challenges, const char *value)
{
	const char *p = value;

	while (challenges->len < MOST_CHALLENGES) {
		g_autoptr(Challenge) challenge = g_new0(Challenge, 1);
		size_t length;

		p += strspn(p, " \t,");
		length = token_length(p);
		if (length == 0)
			return;
		challenge->scheme = g_ascii_strdown(p, (gssize)length);
		p = skip_word(skip_blanks(p + length));
		do
			p += strspn(p, " \t,");
		while (read_parameter(challenge, &p));
		g_ptr_array_add(challenges, g_steal_pointer(&challenge));
	}
}

const Challenge *challenges_find(const GPtrArray *challenges, const char *scheme)
{
	for (guint i = 0; i < challenges->len; i++) {
		const Challenge *challenge = g_ptr_array_index(challenges, i);

		if (strcmp(challenge->scheme, scheme) == 0)
			return challenge;
	}
	return NULL;
}

Challenge *challenges_take(GPtrArray *challenges, const char *scheme)
{
	const Challenge *challenge = challenges_find(challenges, scheme);
	guint index;

	if (challenge == NULL || !g_ptr_array_find(challenges, challenge, &index))
		return NULL;
	return g_ptr_array_steal_index(challenges, index);
}

/* Neither a step down from https, nor anything but http. */
static bool is_as_safe(const Url *url, const char *registry)
{
	g_autoptr(Url) own = url_parse(registry);

	return own != NULL && (url->is_https || !own->is_https);
}

static bool has_realm(const Challenge *challenge, const char *registry)
{
	g_autoptr(Url) url = challenge->realm != NULL ? url_parse(challenge->realm) : NULL;

	return url != NULL && strchr(challenge->realm, '#') == NULL && is_as_safe(url, registry);
}

/* What is asked for, as a query. */
static char *query_of(const Challenge *challenge, const char *path)
{
	g_autofree char *scope = NULL, *escaped_scope = NULL, *service = NULL;

	service = challenge->service != NULL ? http_escape(challenge->service) : g_strdup("");
	if (path == NULL)
		return g_strdup_printf("service=%s", service);
	scope = g_strdup_printf("repository:%s:pull", path);
	if (challenge->scope != NULL && g_str_has_prefix(challenge->scope, "repository:") &&
	    g_str_has_prefix(challenge->scope + strlen("repository:"), path)) {
		g_free(scope);
		scope = g_strdup(challenge->scope);
	}
	escaped_scope = http_escape(scope);
	return g_strdup_printf("scope=%s%s%s", escaped_scope, *service != '\0' ? "&service=" : "",
			       service);
}

char *challenge_token_url(const Challenge *challenge, const char *registry, const char *path)
{
	g_autofree char *query = query_of(challenge, path);

	if (!has_realm(challenge, registry))
		return NULL;
	return g_strconcat(challenge->realm, strchr(challenge->realm, '?') != NULL ? "&" : "?",
			   query, NULL);
}

char *challenge_exchange_url(const Challenge *challenge, const char *registry, const char *path,
			     char **form)
{
	g_autofree char *query = query_of(challenge, path);

	if (!has_realm(challenge, registry))
		return NULL;
	*form = g_strconcat("grant_type=refresh_token&client_id=upkeepd&", query, NULL);
	return g_strdup(challenge->realm);
}

/* Whether a domain of two labels is a country's, under which strangers register. */
static bool is_shared(const char *domain, const char *dot)
{
	static const char *const shared[] = { "ac",  "co", "com", "edu", "go", "gob",
					      "gov", "ne", "net", "or",  "org" };

	if (strchr(dot + 1, '.') != NULL || strlen(dot + 1) != 2)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(shared); i++)
		if (strlen(shared[i]) == (size_t)(dot - domain) &&
		    g_str_has_prefix(domain, shared[i]))
			return true;
	return false;
}

/* What the registry's host is one name of: "example.org" of "registry.example.org";
 * NULL where there is no such, or others may have names in it. */
static const char *domain_of(const char *host)
{
	const char *domain = strchr(host, '.'), *dot;

	if (domain == NULL || g_hostname_is_ip_address(host))
		return NULL;
	domain++;
	dot = strchr(domain, '.');
	return dot == NULL || is_shared(domain, dot) ? NULL : domain;
}

bool challenge_may_see_credentials(const char *text, const char *registry)
{
	g_autoptr(Url) url = url_parse(text), own = url_parse(registry);
	const char *domain;

	if (url == NULL || own == NULL || !is_as_safe(url, registry))
		return false;
	if (strcmp(url->authority, own->authority) == 0)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(token_services); i++)
		if (strcmp(own->authority, token_services[i].registry) == 0 &&
		    strcmp(url->authority, token_services[i].service) == 0)
			return true;
	domain = domain_of(own->host);
	if (domain == NULL)
		return false;
	return strcmp(url->host, domain) == 0 ||
	       (g_str_has_suffix(url->host, domain) &&
		url->host[strlen(url->host) - strlen(domain) - 1] == '.');
}
