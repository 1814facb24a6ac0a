/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/login.h"

#include "base/crypto.h"
#include "base/json.h"
#include "base/secret.h"
#include "net/url.h"
#include "upkeepd/limits.h"

#include <string.h>

/* The names that Docker Hub goes by, in credentials. */
static const char *const hub_names[] = { "docker.io", "index.docker.io", "registry-1.docker.io",
					 "registry.hub.docker.com" };

static bool is_hub(const char *host)
{
	for (size_t i = 0; i < G_N_ELEMENTS(hub_names); i++)
		if (g_ascii_strcasecmp(host, hub_names[i]) == 0)
			return true;
	return false;
}

const Credential *login_find(const GPtrArray *credentials, const char *host, const char *base)
{
	g_autoptr(Url) url = url_parse(base);

	for (guint i = 0; credentials != NULL && url != NULL && i < credentials->len; i++) {
		const Credential *credential = g_ptr_array_index(credentials, i);

		if (g_ascii_strcasecmp(credential->host, url->authority) == 0 ||
		    (is_hub(host) && is_hub(url->host) && is_hub(credential->host)))
			return credential;
	}
	return NULL;
}

/* "https://index.docker.io/v1/" and "registry.example.org/team" name a host. */
static char *host_of(const char *key)
{
	const char *host = strstr(key, "://") != NULL ? strstr(key, "://") + 3 : key;

	return g_ascii_strdown(host, (gssize)strcspn(host, "/"));
}

static void add(GPtrArray *credentials, const char *key, const char *username, const char *secret,
		size_t length)
{
	Credential *credential = g_new0(Credential, 1);

	credential->host = host_of(key);
	credential->username = g_strdup(username);
	credential->secret = secret_new(secret, length);
	g_ptr_array_add(credentials, credential);
}

/* `auth` is Base64 of "user:password". */
static bool add_encoded(GPtrArray *credentials, const char *key, const char *auth)
{
	uint8_t *bytes = NULL;
	size_t length = 0;
	const char *colon, *end;
	g_autofree char *username = NULL;

	if (!base64_decode(auth, &bytes, &length))
		return false;
	colon = memchr(bytes, ':', length);
	if (colon != NULL) {
		end = (const char *)bytes + length;
		username = g_strndup((const char *)bytes, (gsize)(colon - (const char *)bytes));
		add(credentials, key, username, colon + 1, (size_t)(end - colon - 1));
	}
	explicit_bzero(bytes, length);
	g_free(bytes);
	return colon != NULL;
}

static bool read_entry(GPtrArray *credentials, const Json *entry, GError **error)
{
	const char *key = json_name(entry), *auth = json_string(entry, "auth");
	const char *username = json_string(entry, "username");
	const char *password = json_string(entry, "password");
	const char *token = json_string(entry, "registrytoken");

	if (token != NULL)
		add(credentials, key, NULL, token, strlen(token));
	else if (username != NULL && password != NULL)
		add(credentials, key, username, password, strlen(password));
	else if (json_string(entry, "identitytoken") == NULL && auth != NULL && *auth != '\0' &&
		 !add_encoded(credentials, key, auth))
		return fail(error, FAILURE_CONFIG, "the login for '%s' cannot be read", key);
	return true;
}

bool login_read(GPtrArray *credentials, const char *text, size_t length, GError **error)
{
	g_autoptr(GError) cause = NULL;
	g_autoptr(Json) json = json_parse(text, length, "docker's config.json", &cause);

	if (json == NULL)
		return fail(error, FAILURE_CONFIG, "%s", cause->message);
	for (const Json *entry = json_first(json_object(json, "auths")); entry != NULL;
	     entry = json_next(entry))
		if (!read_entry(credentials, entry, error))
			return false;
	return true;
}

bool login_read_own(GPtrArray *credentials, GError **error)
{
	const char *folder = g_getenv("DOCKER_CONFIG");
	g_autofree char *path =
		folder != NULL && *folder != '\0'
			? g_build_filename(folder, "config.json", NULL)
			: g_build_filename(g_get_home_dir(), ".docker", "config.json", NULL);
	g_autoptr(GError) cause = NULL;
	g_autofree char *text = NULL;
	gsize length = 0;
	bool is_read;

	if (!g_file_get_contents(path, &text, &length, &cause)) {
		if (g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
			return true;
		return fail(error, FAILURE_CONFIG, "'%s' cannot be read: %s", path, cause->message);
	}
	if (length > LIMIT_CONFIG)
		return fail(error, FAILURE_CONFIG, "'%s' has more than %d bytes", path,
			    LIMIT_CONFIG);
	is_read = login_read(credentials, text, length, error);
	explicit_bzero(text, length);
	return is_read;
}
