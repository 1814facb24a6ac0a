/* SPDX-License-Identifier: MIT */
#include "config/credentials.h"

#include "base/secret.h"

#include <string.h>

char *credentials_host_of(const char *url)
{
	const char *scheme = strstr(url, "://");
	const char *authority = scheme == NULL ? url : scheme + 3;
	const char *port = scheme != NULL && g_str_has_prefix(url, "http://") ? ":80" : ":443";
	g_autofree char *whole = g_strndup(authority, strcspn(authority, "/?#"));
	const char *user = strrchr(whole, '@');
	char *host = g_ascii_strdown(user == NULL ? whole : user + 1, -1);

	if (g_str_has_suffix(host, port))
		host[strlen(host) - strlen(port)] = '\0';
	return host;
}

static Credential *credential_new(const char *host, const char *username, Secret *secret)
{
	Credential *credential = g_new0(Credential, 1);

	credential->host = g_strdup(host);
	credential->username = g_strdup(username);
	credential->secret = secret;
	return credential;
}

static GPtrArray *copy_of(const GPtrArray *texts)
{
	GPtrArray *copy = texts == NULL ? NULL : g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; texts != NULL && i < texts->len; i++)
		g_ptr_array_add(copy, g_strdup(texts->pdata[i]));
	return copy;
}

Repository *credentials_repository(const Settings *settings, const RepositorySettings *from,
				   GError **error)
{
	const char *rules = from->rules != NULL ? from->rules : settings->rules;
	g_autoptr(Repository) repository = NULL;

	if (!from->is_usable)
		return fail_null(error, FAILURE_CONFIG, "%s:%d:%d: the repository is in error",
				 from->place.path, from->place.line, from->place.column);
	repository = g_new0(Repository, 1);
	repository->url = g_strdup(from->url);
	repository->path = g_strdup(from->path);
	repository->forge_name = g_strdup(from->path != NULL ? "plain" : from->forge);
	repository->forge_root = g_strdup(from->forge_root);
	repository->rules_path = g_strdup(rules);
	repository->discover = from->discover;
	repository->has_dashboard = from->dashboard;
	repository->include = copy_of(from->include);
	repository->exclude = copy_of(from->exclude);
	repository->place = from->place;
	if (from->url != NULL && secret_source_is_given(&from->token)) {
		g_autofree char *host = credentials_host_of(from->url);
		Secret *secret = secret_source_read(&from->token, error);

		if (secret == NULL)
			return NULL;
		if (from->token.app != NULL) {
			repository->app_id = g_strdup(from->token.app);
			repository->app_key = secret;
			return g_steal_pointer(&repository);
		}
		repository->credential = credential_new(host, from->username, secret);
	}
	return g_steal_pointer(&repository);
}

GPtrArray *credentials_hosts(const Settings *settings, GPtrArray *problems)
{
	GPtrArray *hosts = g_ptr_array_new_with_free_func((GDestroyNotify)credential_free);

	for (guint i = 0; i < settings->credentials->len; i++) {
		const CredentialSettings *from = settings->credentials->pdata[i];
		g_autoptr(GError) error = NULL;
		Secret *secret;

		/* What has a name is for those who name it. */
		if (!from->is_usable || from->secret_name != NULL)
			continue;
		secret = secret_source_read(&from->token, &error);
		if (secret == NULL)
			g_ptr_array_add(problems, problem_new(from->place.path, from->place.line,
							      from->place.column, WEIGHT_ERROR,
							      "%s", error->message));
		else
			g_ptr_array_add(hosts, credential_new(from->host, from->username, secret));
	}
	return hosts;
}

/* NAME of ${{secrets.NAME}}, which config/registries.c has found well formed; NULL
 * if `written` is none. The caller's. */
static char *secret_named_in(const char *written)
{
	const char *name = strstr(written, "secrets.");

	if (!g_str_has_prefix(written, "${{") || name == NULL)
		return NULL;
	name += strlen("secrets.");
	return g_strndup(name, strcspn(name, " }"));
}

static const CredentialSettings *credential_for(const Settings *settings, const char *name,
						const char *host)
{
	for (guint i = 0; i < settings->credentials->len; i++) {
		const CredentialSettings *from = settings->credentials->pdata[i];

		if (from->is_usable && g_strcmp0(from->secret_name, name) == 0 &&
		    g_ascii_strcasecmp(from->host, host) == 0)
			return from;
	}
	return NULL;
}

/* The secret that `written` is, or that it names: as the settings have it for this
 * host, else from the environment. */
static Secret *resolve(const CredentialSettings *from, const char *name, const char *written,
		       const char *host, GError **error)
{
	g_autofree char *variable = NULL;

	if (name == NULL)
		return secret_new(written, strlen(written));
	if (from != NULL)
		return secret_source_read(&from->token, error);
	variable = g_strconcat("UPKEEPD_SECRET_", name, NULL);
	if (g_getenv(variable) != NULL)
		return secret_from_environment(variable, error);
	return fail_null(error, FAILURE_CONFIG,
			 "secret '%s' is not known for '%s': the settings need an element of "
			 "'credentials' with 'host: %s' and 'secret: %s'",
			 name, host, host, name);
}

/* The name that goes with a secret: as written, or where that is a reference too,
 * as the settings have it. NULL if it is not known. */
static const char *username_for(const Settings *settings, const RegistryEntry *registry,
				const CredentialSettings *from, const char *host)
{
	g_autofree char *name = NULL, *variable = NULL;

	if (registry->username == NULL)
		return from == NULL ? NULL : from->username;
	name = secret_named_in(registry->username);
	if (name == NULL)
		return registry->username;
	if (from != NULL && from->username != NULL)
		return from->username;
	from = credential_for(settings, name, host);
	if (from != NULL)
		return from->username;
	variable = g_strconcat("UPKEEPD_SECRET_", name, NULL);
	return g_getenv(variable);
}

static bool find_credential(const Settings *settings, const RegistryEntry *registry,
			    const char *written, Credential **credential, GError **error)
{
	g_autofree char *host = credentials_host_of(registry->url);
	g_autofree char *name = secret_named_in(written);
	const CredentialSettings *from = name == NULL ? NULL : credential_for(settings, name, host);
	const char *username = username_for(settings, registry, from, host);
	Secret *secret;

	if (registry->username != NULL && username == NULL)
		return fail(error, FAILURE_CONFIG,
			    "'username' is not known for '%s'; the element of 'credentials' in the "
			    "settings can have it",
			    host);
	secret = resolve(from, name, written, host, error);
	if (secret == NULL)
		return false;
	*credential = credential_new(host, username, secret);
	return true;
}

bool credentials_registry(const Settings *settings, const RegistryEntry *registry,
			  Credential **credential, GError **error)
{
	const char *written = registry->token != NULL      ? registry->token
			      : registry->password != NULL ? registry->password
							   : registry->key;

	*credential = NULL;
	if (!registry->is_usable || written == NULL ||
	    find_credential(settings, registry, written, credential, error))
		return true;
	g_prefix_error(error, "%s:%d:%d: registry '%s': ", registry->place.path,
		       registry->place.line, registry->place.column, registry->name);
	return false;
}
