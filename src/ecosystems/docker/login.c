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

/* "team" is for "team" and "team/app", and not for "teams". */
static bool is_below(const char *path, const char *limit)
{
	size_t length = limit != NULL ? strlen(limit) : 0;

	return limit == NULL ||
	       (strncmp(path, limit, length) == 0 && (path[length] == '/' || path[length] == '\0'));
}

static bool goes_before(const Credential *a, const Credential *b)
{
	size_t of_a = a->path != NULL ? strlen(a->path) : 0;
	size_t of_b = b->path != NULL ? strlen(b->path) : 0;

	return a->is_login != b->is_login ? b->is_login : of_a > of_b;
}

static const Credential *find(const GPtrArray *credentials, const char *host, const char *path,
			      const char *base, bool is_kept_by_helper)
{
	g_autoptr(Url) url = url_parse(base);
	const Credential *best = NULL;

	for (guint i = 0; credentials != NULL && url != NULL && i < credentials->len; i++) {
		const Credential *credential = g_ptr_array_index(credentials, i);

		if ((credential->helper != NULL) == is_kept_by_helper &&
		    (g_ascii_strcasecmp(credential->host, url->authority) == 0 ||
		     (is_hub(host) && is_hub(url->host) && is_hub(credential->host))) &&
		    is_below(path, credential->path) &&
		    (best == NULL || goes_before(credential, best)))
			best = credential;
	}
	return best;
}

const Credential *login_find(const GPtrArray *credentials, const char *host, const char *path,
			     const char *base)
{
	return find(credentials, host, path, base, false);
}

const char *login_helper(const GPtrArray *credentials, const char *host, const char *path,
			 const char *base)
{
	const Credential *kept = find(credentials, host, path, base, true);

	return kept != NULL ? kept->helper : NULL;
}

/* "registry.example.org/team" is for a part of a registry; a URL, or one with the version
 * of an interface, "https://index.docker.io/v1/", for all of it. */
static void set_place(Credential *credential, const char *key)
{
	const char *host = strstr(key, "://") != NULL ? strstr(key, "://") + 3 : key;
	size_t length = strcspn(host, "/");
	g_autofree char *path = g_strdup(host[length] == '/' ? host + length + 1 : "");

	while (g_str_has_suffix(path, "/"))
		path[strlen(path) - 1] = '\0';
	credential->host = g_ascii_strdown(host, (gssize)length);
	if (host == key && *path != '\0' && strcmp(path, "v1") != 0 && strcmp(path, "v2") != 0)
		credential->path = g_steal_pointer(&path);
}

/* Borrowed. */
static Credential *add_login(GPtrArray *credentials, const char *key)
{
	Credential *credential = g_new0(Credential, 1);

	set_place(credential, key);
	credential->is_login = true;
	g_ptr_array_add(credentials, credential);
	return credential;
}

/* Borrowed. */
static Credential *add(GPtrArray *credentials, const char *key, const char *username,
		       const char *secret, size_t length)
{
	Credential *credential = add_login(credentials, key);

	credential->username = g_strdup(username);
	credential->secret = secret_new(secret, length);
	return credential;
}

/* `helper` is the end of a program's name; what cannot be one keeps nothing. */
static void add_kept(GPtrArray *credentials, const char *key, const char *helper)
{
	if (helper != NULL && *helper != '\0' &&
	    strspn(helper, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-") == strlen(helper))
		add_login(credentials, key)->helper =
			g_strconcat("docker-credential-", helper, NULL);
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

/* `store`: who keeps what is not here; NULL: nobody. */
static bool read_entry(GPtrArray *credentials, const Json *entry, const char *store, GError **error)
{
	const char *key = json_name(entry), *auth = json_string(entry, "auth");
	const char *username = json_string(entry, "username");
	const char *password = json_string(entry, "password");
	const char *token = json_string(entry, "registrytoken");
	const char *identity = json_string(entry, "identitytoken");

	if (token != NULL)
		add(credentials, key, NULL, token, strlen(token));
	else if (identity != NULL && *identity != '\0')
		add(credentials, key, "<token>", identity, strlen(identity))->is_identity = true;
	else if (username != NULL && password != NULL)
		add(credentials, key, username, password, strlen(password));
	else if (auth != NULL && *auth != '\0' && !add_encoded(credentials, key, auth))
		return fail(error, FAILURE_CONFIG, "the login for '%s' cannot be read", key);
	else if (auth == NULL || *auth == '\0')
		add_kept(credentials, key, store);
	return true;
}

bool login_read(GPtrArray *credentials, const char *text, size_t length, GError **error)
{
	g_autoptr(GError) cause = NULL;
	g_autoptr(Json) json = json_parse(text, length, "the file of logins", &cause);

	if (json == NULL)
		return fail(error, FAILURE_CONFIG, "%s", cause->message);
	for (const Json *entry = json_first(json_object(json, "auths")); entry != NULL;
	     entry = json_next(entry))
		if (!read_entry(credentials, entry, json_string(json, "credsStore"), error))
			return false;
	for (const Json *helper = json_first(json_object(json, "credHelpers")); helper != NULL;
	     helper = json_next(helper))
		add_kept(credentials, json_name(helper), json_text(helper));
	return true;
}

/* Nothing where there is no file; `must_exist`: that is a mistake too. */
static bool read_file(GPtrArray *credentials, const char *path, bool must_exist, GError **error)
{
	g_autoptr(GError) cause = NULL;
	g_autofree char *text = NULL;
	gsize length = 0;
	bool is_read;

	if (!g_file_get_contents(path, &text, &length, &cause)) {
		if (!must_exist && g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
			return true;
		return fail(error, FAILURE_CONFIG, "'%s' cannot be read: %s", path, cause->message);
	}
	is_read = length <= LIMIT_CONFIG
			  ? login_read(credentials, text, length, error)
			  : fail(error, FAILURE_CONFIG, "it has more than %d bytes", LIMIT_CONFIG);
	explicit_bzero(text, length);
	if (!is_read)
		g_prefix_error(error, "'%s': ", path);
	return is_read;
}

static const char *variable(const char *name)
{
	const char *value = g_getenv(name);

	return value != NULL && *value != '\0' ? value : NULL;
}

static bool read_podmans(GPtrArray *credentials, GError **error)
{
	const char *named = variable("REGISTRY_AUTH_FILE"), *folder = variable("XDG_RUNTIME_DIR");
	g_autofree char *usual =
		folder != NULL ? g_build_filename(folder, "containers", "auth.json", NULL) : NULL;

	if (named != NULL)
		return read_file(credentials, named, true, error);
	return usual == NULL || read_file(credentials, usual, false, error);
}

bool login_read_own(GPtrArray *credentials, GError **error)
{
	const char *folder = variable("DOCKER_CONFIG");
	g_autofree char *path =
		folder != NULL ? g_build_filename(folder, "config.json", NULL)
			       : g_build_filename(g_get_home_dir(), ".docker", "config.json", NULL);
	g_autoptr(GError) podmans = NULL;
	bool is_read = read_podmans(credentials, &podmans);

	/* One that is broken takes nothing from the other. */
	if (!read_file(credentials, path, false, error))
		return false;
	if (!is_read)
		g_propagate_error(error, g_steal_pointer(&podmans));
	return is_read;
}
