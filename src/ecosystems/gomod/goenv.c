/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/goenv.h"

#include "ecosystems/gomod/netrc.h"
#include "net/url.h"

#include <string.h>

#define DEFAULT_GOPROXY "https://proxy.golang.org,direct"
#define DEFAULT_GOSUMDB "sum.golang.org"

static void source_free(GoSource *source)
{
	g_free(source->base);
	g_free(source->username);
	secret_free(source->secret);
	g_free(source);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GoSource, source_free)

void goenv_free(GoEnv *env)
{
	if (env == NULL)
		return;
	g_ptr_array_unref(env->sources);
	g_clear_pointer(&env->netrc, g_ptr_array_unref);
	g_free(env->no_proxy);
	g_free(env->no_sumdb);
	g_free(env->sumdb);
	g_free(env);
}

static void cut_slashes(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && text[length - 1] == '/')
		text[--length] = '\0';
}

/* Takes "user:password@" out of a URL's authority. Error texts show the rest only. */
static bool take_user(GoSource *source, GError **error)
{
	char *start = strstr(source->base, "://") + strlen("://");
	char *end = start + strcspn(start, "/?#");
	char *at = memrchr(start, '@', (size_t)(end - start));
	g_autofree char *user = NULL;
	g_autofree char *password = NULL;
	char *colon;

	if (at == NULL)
		return true;
	colon = memchr(start, ':', (size_t)(at - start));
	user = g_uri_unescape_segment(start, colon != NULL ? colon : at, NULL);
	password = colon != NULL ? g_uri_unescape_segment(colon + 1, at, NULL) : g_strdup("");
	memmove(start, at + 1, strlen(at + 1) + 1);
	if (user == NULL || password == NULL)
		return fail(error, FAILURE_CONFIG, "the user in GOPROXY '%s' cannot be read",
			    source->base);
	source->username = g_steal_pointer(&user);
	source->secret = secret_new(password, strlen(password));
	explicit_bzero(password, strlen(password));
	return true;
}

static bool set_proxy(GoSource *source, const char *url, GError **error)
{
	g_autoptr(Url) parsed = NULL;

	source->kind = GOSOURCE_PROXY;
	source->base = g_strdup(url);
	cut_slashes(source->base);
	if (strstr(source->base, "://") == NULL)
		return fail(error, FAILURE_CONFIG, "GOPROXY '%s' is no URL", source->base);
	if (!take_user(source, error))
		return false;
	parsed = url_parse(source->base);
	if (parsed == NULL || strpbrk(source->base, "?#") != NULL)
		return fail(error, FAILURE_CONFIG,
			    "GOPROXY '%s' is no URL of http, https or file, nor 'direct' or 'off'",
			    source->base);
	return true;
}

static bool set_folder(GoSource *source, const char *url, GError **error)
{
	const char *path = url + strlen("file://");

	source->kind = GOSOURCE_FOLDER;
	source->base = *path == '/' && strpbrk(path, "?#") == NULL
			       ? g_uri_unescape_string(path, "/")
			       : NULL;
	if (source->base == NULL)
		return fail(error, FAILURE_CONFIG, "GOPROXY '%s' may have nothing but a path", url);
	cut_slashes(source->base);
	return true;
}

static GoSource *source_new(const char *text, GError **error)
{
	g_autoptr(GoSource) source = g_new0(GoSource, 1);
	g_autofree char *url = g_strdup(text);
	bool is_set = true;

	if (strcmp(text, "direct") == 0) {
		source->kind = GOSOURCE_DIRECT;
		return g_steal_pointer(&source);
	}
	if (strcmp(text, "off") == 0) {
		source->kind = GOSOURCE_OFF;
		return g_steal_pointer(&source);
	}
	/* A bare host is one of https; a bare word is kept for Go's own use. */
	if (strpbrk(text, ".:/") != NULL && strstr(text, ":/") == NULL && *text != '/') {
		g_free(url);
		url = g_strconcat("https://", text, NULL);
	}
	if (g_str_has_prefix(url, "file://"))
		is_set = set_folder(source, url, error);
	else
		is_set = set_proxy(source, url, error);
	return is_set ? g_steal_pointer(&source) : NULL;
}

static bool add_sources(GPtrArray *sources, const char *list, GError **error)
{
	for (const char *p = list; *p != '\0';) {
		size_t length = strcspn(p, ",|");
		g_autofree char *text = g_strstrip(g_strndup(p, length));
		bool goes_on_after_any = p[length] == '|';
		GoSource *source;

		p += length + (p[length] != '\0');
		if (*text == '\0')
			continue;
		source = source_new(text, error);
		if (source == NULL)
			return false;
		source->goes_on_after_any = goes_on_after_any;
		g_ptr_array_add(sources, source);
		if (source->kind == GOSOURCE_DIRECT || source->kind == GOSOURCE_OFF)
			break;
	}
	if (sources->len == 0)
		return fail(error, FAILURE_CONFIG, "GOPROXY '%s' has no entries", list);
	return true;
}

static bool add_foreign(GPtrArray *sources, const GPtrArray *proxies, GError **error)
{
	for (guint i = 0; proxies != NULL && i < proxies->len; i++) {
		GoSource *source = source_new(g_ptr_array_index(proxies, i), error);

		if (source == NULL)
			return false;
		source->is_foreign = true;
		g_ptr_array_add(sources, source);
		if (source->kind != GOSOURCE_PROXY)
			return fail(error, FAILURE_CONFIG, "'%s' is no URL of a module proxy",
				    (char *)g_ptr_array_index(proxies, i));
	}
	return true;
}

static const char *or_else(const char *value, const char *fallback)
{
	return value != NULL && *value != '\0' ? value : fallback;
}

GoEnv *goenv_new(const World *world, GError **error)
{
	g_autoptr(GoEnv) env = g_new0(GoEnv, 1);

	env->world = world;
	env->sources = g_ptr_array_new_with_free_func((GDestroyNotify)source_free);
	env->no_proxy = g_strdup(or_else(world->gonoproxy, world->goprivate));
	env->no_sumdb = g_strdup(or_else(world->gonosumdb, world->goprivate));
	env->sumdb = g_strdup(or_else(world->gosumdb, DEFAULT_GOSUMDB));
	if (!add_foreign(env->sources, world->proxies, error) ||
	    !add_sources(env->sources, or_else(world->goproxy, DEFAULT_GOPROXY), error))
		return NULL;
	env->netrc = netrc_read(world->netrc, error);
	return env->netrc != NULL ? g_steal_pointer(&env) : NULL;
}

static const Credential *find_credential(const GPtrArray *credentials, const Url *url)
{
	for (guint i = 0; credentials != NULL && i < credentials->len; i++) {
		const Credential *credential = g_ptr_array_index(credentials, i);

		if (!credential->is_login &&
		    (g_ascii_strcasecmp(credential->host, url->authority) == 0 ||
		     g_ascii_strcasecmp(credential->host, url->host) == 0))
			return credential;
	}
	return NULL;
}

char *goenv_key(const World *world, const char *subject)
{
	GString *key = g_string_new(subject);

	for (guint i = 0; world->proxies != NULL && i < world->proxies->len; i++)
		g_string_append_printf(key, " from %s", (char *)world->proxies->pdata[i]);
	if (world->circle != NULL)
		g_string_append_printf(key, " in %s", world->circle);
	return g_string_free(key, FALSE);
}

void goenv_credential(const GoEnv *env, const GoSource *source, const char *url,
		      const char **username, const Secret **secret)
{
	g_autoptr(Url) parsed = url_parse(url);
	const Credential *credential = NULL;

	*username = NULL;
	*secret = NULL;
	if (source != NULL && source->secret != NULL) {
		*username = source->username;
		*secret = source->secret;
		return;
	}
	if (parsed != NULL)
		credential = find_credential(env->world->credentials, parsed);
	if (parsed != NULL && credential == NULL && parsed->is_https)
		credential = find_credential(env->netrc, parsed);
	if (credential != NULL) {
		*username = credential->username;
		*secret = credential->secret;
	}
}
