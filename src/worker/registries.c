/* SPDX-License-Identifier: MIT */
#include "worker/registries.h"

#include "config/credentials.h"

#include <string.h>

struct Registries {
	GPtrArray *credentials, *upstreams; /* of Credential, of Upstream; borrowed */
	GPtrArray *own_credentials, *own_upstreams;
	GPtrArray *proxies; /* of char * */
};

void registries_free(Registries *registries)
{
	if (registries == NULL)
		return;
	g_ptr_array_unref(registries->credentials);
	g_ptr_array_unref(registries->upstreams);
	g_ptr_array_unref(registries->own_credentials);
	g_ptr_array_unref(registries->own_upstreams);
	g_ptr_array_unref(registries->proxies);
	g_free(registries);
}

static bool is_used(const RulesFile *file, const char *name)
{
	for (guint i = 0; i < file->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(file->entries, i);

		if (rules->is_usable && rules->is_handled &&
		    (rules->uses_all_registries ||
		     g_ptr_array_find_with_equal_func(rules->registries, name, g_str_equal, NULL)))
			return true;
	}
	return false;
}

static char *url_of(const RegistryEntry *entry)
{
	return g_strconcat(strstr(entry->url, "://") != NULL ? "" : "https://", entry->url, NULL);
}

/* A stranger's words put this registry in Docker Hub's place, so it is as foreign as
 * any other host that a file names. */
static void replace_base(Registries *registries, const RegistryEntry *entry)
{
	Upstream *upstream = g_new0(Upstream, 1);

	upstream->host = g_strdup("docker.io");
	upstream->registry = url_of(entry);
	upstream->is_foreign = true;
	g_ptr_array_add(registries->own_upstreams, upstream);
	g_ptr_array_add(registries->upstreams, upstream);
}

static void add(Registries *registries, const Settings *settings, const RulesFile *rules,
		const RegistryEntry *entry, GPtrArray *problems)
{
	g_autoptr(GError) error = NULL;
	Credential *credential = NULL;

	if (!credentials_registry(settings, entry, &credential, &error)) {
		g_ptr_array_add(problems,
				problem_new(rules->path, entry->place.line, entry->place.column,
					    WEIGHT_ERROR, "%s", error->message));
	} else if (credential != NULL) {
		g_ptr_array_add(registries->own_credentials, credential);
		g_ptr_array_add(registries->credentials, credential);
	}
	if (entry->replaces_base && entry->url != NULL &&
	    g_strcmp0(entry->type, "docker-registry") == 0)
		replace_base(registries, entry);
	if (entry->url != NULL && g_strcmp0(entry->type, "goproxy-server") == 0)
		g_ptr_array_add(registries->proxies, url_of(entry));
}

static GPtrArray *copy_of(const GPtrArray *array)
{
	GPtrArray *copy = g_ptr_array_new();

	for (guint i = 0; array != NULL && i < array->len; i++)
		g_ptr_array_add(copy, g_ptr_array_index(array, i));
	return copy;
}

Registries *registries_apply(World *w, const Settings *settings, const RulesFile *rules,
			     GPtrArray *problems)
{
	Registries *registries = g_new0(Registries, 1);

	registries->credentials = copy_of(w->credentials);
	registries->upstreams = copy_of(w->upstreams);
	registries->own_credentials =
		g_ptr_array_new_with_free_func((GDestroyNotify)credential_free);
	registries->proxies = g_ptr_array_new_with_free_func(g_free);
	registries->own_upstreams = g_ptr_array_new_with_free_func((GDestroyNotify)upstream_free);
	for (guint i = 0; i < rules->registries->len; i++) {
		const RegistryEntry *entry = g_ptr_array_index(rules->registries, i);

		if (entry->is_usable && is_used(rules, entry->name))
			add(registries, settings, rules, entry, problems);
	}
	w->credentials = registries->credentials;
	w->upstreams = registries->upstreams;
	w->proxies = registries->proxies;
	return registries;
}
