/* SPDX-License-Identifier: MIT */
#include "net/url.h"

#include "net/address.h"
#include "net/cleanup.h"
#include "net/http.h"
#include "upkeepd/limits.h"

#include <string.h>

/* CURLU_NON_SUPPORT_SCHEME is left out: what libcurl cannot speak is refused. */
#define PARSE_FLAGS CURLU_DISALLOW_USER

static char *part(CURLU *handle, CURLUPart which, unsigned flags)
{
	g_autoptr(CurlText) text = NULL;

	if (curl_url_get(handle, which, &text, flags) != CURLUE_OK)
		return NULL;
	return g_strdup(text);
}

static CURLU *handle_of(const char *text)
{
	g_autoptr(CURLU) handle = curl_url();

	if (handle == NULL || strlen(text) > LIMIT_URL ||
	    curl_url_set(handle, CURLUPART_URL, text, PARSE_FLAGS) != CURLUE_OK)
		return NULL;
	return g_steal_pointer(&handle);
}

Url *url_parse(const char *text)
{
	g_autoptr(CURLU) handle = handle_of(text);
	g_autoptr(Url) url = g_new0(Url, 1);
	g_autofree char *scheme = NULL, *host = NULL;
	bool is_own_port;

	if (handle == NULL)
		return NULL;
	scheme = part(handle, CURLUPART_SCHEME, 0);
	host = part(handle, CURLUPART_HOST, 0);
	url->port = part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT);
	if (scheme == NULL || host == NULL || *host == '\0' || url->port == NULL)
		return NULL;
	url->is_https = strcmp(scheme, "https") == 0;
	if (!url->is_https && strcmp(scheme, "http") != 0)
		return NULL;
	url->host = g_ascii_strdown(host, -1);
	is_own_port = strcmp(url->port, url->is_https ? "443" : "80") == 0;
	url->authority =
		is_own_port ? g_strdup(url->host) : g_strconcat(url->host, ":", url->port, NULL);
	url->origin = g_strconcat(scheme, "://", url->authority, NULL);
	return g_steal_pointer(&url);
}

void url_free(Url *url)
{
	if (url == NULL)
		return;
	g_free(url->origin);
	g_free(url->authority);
	g_free(url->host);
	g_free(url->port);
	g_free(url);
}

bool url_is_loopback(const Url *url)
{
	return strcmp(url->host, "localhost") == 0 || address_is_loopback(url->host);
}

bool url_is_among(const Url *url, const GPtrArray *hosts)
{
	for (guint i = 0; hosts != NULL && i < hosts->len; i++) {
		const char *host = g_ptr_array_index(hosts, i);

		if (g_ascii_strcasecmp(host, url->host) == 0 ||
		    g_ascii_strcasecmp(host, url->authority) == 0)
			return true;
	}
	return false;
}

char *url_to_show(const char *text)
{
	g_autofree char *shown = g_strndup(text, strcspn(text, "?#"));
	char *place = strstr(shown, "://");
	char *at;

	if (place == NULL)
		return g_steal_pointer(&shown);
	place += strlen("://");
	/* The user ends at the authority's last @; the path may have some of its own. */
	at = memrchr(place, '@', strcspn(place, "/"));
	if (at == NULL)
		return g_steal_pointer(&shown);
	return g_strdup_printf("%.*s%s", (int)(place - shown), shown, at + 1);
}

char *http_origin(const char *text)
{
	g_autoptr(Url) url = url_parse(text);

	return url == NULL ? NULL : g_steal_pointer(&url->origin);
}

/* libcurl refuses them before 8.9 and escapes them since. */
static bool has_controls(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if (g_ascii_iscntrl(*c))
			return true;
	return false;
}

char *http_resolve(const char *base, const char *reference)
{
	g_autoptr(CURLU) handle = handle_of(base);
	g_autofree char *text = NULL;
	g_autoptr(Url) url = NULL;

	if (handle == NULL || strlen(reference) > LIMIT_URL || has_controls(reference) ||
	    curl_url_set(handle, CURLUPART_URL, reference, PARSE_FLAGS) != CURLUE_OK)
		return NULL;
	text = part(handle, CURLUPART_URL, 0);
	url = text == NULL ? NULL : url_parse(text);
	return url == NULL ? NULL : g_steal_pointer(&text);
}

char *http_escape(const char *text)
{
	return g_uri_escape_string(text, NULL, false);
}

int64_t http_date(const char *text)
{
	return text != NULL ? MAX((int64_t)curl_getdate(text, NULL), 0) : 0;
}
