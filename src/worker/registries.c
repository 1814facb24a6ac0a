/* SPDX-License-Identifier: MIT */
#include "worker/registries.h"

#include "base/crypto.h"
#include "config/credentials.h"
#include "net/http.h"

#include <string.h>

/* Enough to tell circles apart. */
#define CIRCLE_DIGITS 16

/* What one registry of the file adds to a world. */
typedef struct {
	const RegistryEntry *entry;
	Credential *credential; /* NULL: none */
	Upstream *upstream;     /* in Docker Hub's place; NULL: none */
	char *proxy;            /* of modules; NULL: none */
} Addition;

/* The world of all who list the same. */
typedef struct {
	GPtrArray *additions;               /* of Addition, in the order of the file; borrowed */
	GPtrArray *credentials, *upstreams; /* as in World; elements are borrowed */
	GPtrArray *proxies;
	char *circle; /* NULL: they add nothing to what is seen of modules */
	World world;
} View;

struct Registries {
	const World *world;
	GPtrArray *additions; /* of Addition */
	GTree *views;         /* of View, by its additions */
	GHashTable *of_entry; /* const Rules * to View *, borrowed: what was found before */
};

static void addition_free(void *data)
{
	Addition *addition = data;

	credential_free(addition->credential);
	upstream_free(addition->upstream);
	g_free(addition->proxy);
	g_free(addition);
}

static void view_free(void *data)
{
	View *view = data;

	g_ptr_array_unref(view->additions);
	g_ptr_array_unref(view->credentials);
	g_ptr_array_unref(view->upstreams);
	g_ptr_array_unref(view->proxies);
	g_free(view->circle);
	g_free(view);
}

void registries_free(Registries *registries)
{
	if (registries == NULL)
		return;
	g_hash_table_unref(registries->of_entry);
	g_tree_unref(registries->views);
	g_ptr_array_unref(registries->additions);
	g_free(registries);
}

static bool lists(const Rules *rules, const char *name)
{
	return rules->uses_all_registries ||
	       g_ptr_array_find_with_equal_func(rules->registries, name, g_str_equal, NULL);
}

static bool is_used(const RulesFile *file, const char *name)
{
	for (guint i = 0; i < file->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(file->entries, i);

		if (rules->is_usable && rules->is_handled && lists(rules, name))
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
static Upstream *base_of(const RegistryEntry *entry)
{
	Upstream *upstream = g_new0(Upstream, 1);

	upstream->host = g_strdup("docker.io");
	upstream->registry = url_of(entry);
	upstream->is_foreign = true;
	return upstream;
}

static Addition *addition_new(const Settings *settings, const RulesFile *rules,
			      const RegistryEntry *entry, GPtrArray *problems)
{
	Addition *addition = g_new0(Addition, 1);
	g_autoptr(GError) error = NULL;

	addition->entry = entry;
	if (!credentials_registry(settings, entry, &addition->credential, &error))
		g_ptr_array_add(problems,
				problem_new(rules->path, entry->place.line, entry->place.column,
					    WEIGHT_ERROR, "%s", error->message));
	if (entry->replaces_base && entry->url != NULL &&
	    g_strcmp0(entry->type, "docker-registry") == 0)
		addition->upstream = base_of(entry);
	if (entry->url != NULL && g_strcmp0(entry->type, "goproxy-server") == 0)
		addition->proxy = url_of(entry);
	return addition;
}

/* Any order will do that tells lists (of Addition) apart. */
static int compare(const void *a, const void *b, void *unused G_GNUC_UNUSED)
{
	const GPtrArray *one = a, *other = b;

	if (one->len != other->len)
		return one->len < other->len ? -1 : 1;
	return one->len > 0 ? memcmp(one->pdata, other->pdata, one->len * sizeof(void *)) : 0;
}

Registries *registries_new(const World *w, const Settings *settings, const RulesFile *rules,
			   GPtrArray *problems)
{
	Registries *registries = g_new0(Registries, 1);

	registries->world = w;
	registries->additions = g_ptr_array_new_with_free_func(addition_free);
	registries->views = g_tree_new_full(compare, NULL, NULL, view_free);
	registries->of_entry = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < rules->registries->len; i++) {
		const RegistryEntry *entry = g_ptr_array_index(rules->registries, i);

		if (entry->is_usable && is_used(rules, entry->name))
			g_ptr_array_add(registries->additions,
					addition_new(settings, rules, entry, problems));
	}
	return registries;
}

static GPtrArray *copy_of(const GPtrArray *array)
{
	GPtrArray *copy = g_ptr_array_new();

	for (guint i = 0; array != NULL && i < array->len; i++)
		g_ptr_array_add(copy, g_ptr_array_index(array, i));
	return copy;
}

/* World.circle: the same for all whose registries let them see the same of modules. The
 * caller's. */
static char *circle_of(const GPtrArray *additions)
{
	g_autoptr(GString) all = g_string_new(NULL);
	char *hash;

	for (guint i = 0; i < additions->len; i++) {
		const Addition *addition = g_ptr_array_index(additions, i);
		const Credential *credential = addition->credential;
		g_autofree char *account = http_account_of(credential);

		if (g_strcmp0(addition->entry->type, "docker-registry") != 0 &&
		    (credential != NULL || addition->proxy != NULL))
			g_string_append_printf(all, "%s %s %s %s\n", addition->entry->type,
					       credential != NULL ? credential->host : "",
					       addition->proxy != NULL ? addition->proxy : "",
					       account);
	}
	if (all->len == 0)
		return NULL;
	hash = sha256_hex(all->str, all->len);
	hash[CIRCLE_DIGITS] = '\0';
	return hash;
}

/* Takes `additions`. */
static View *view_new(const World *w, GPtrArray *additions)
{
	View *view = g_new0(View, 1);

	view->additions = additions;
	view->credentials = copy_of(w->credentials);
	view->upstreams = copy_of(w->upstreams);
	view->proxies = copy_of(w->proxies);
	for (guint i = 0; i < additions->len; i++) {
		const Addition *addition = g_ptr_array_index(additions, i);

		if (addition->credential != NULL)
			g_ptr_array_add(view->credentials, addition->credential);
		if (addition->upstream != NULL)
			g_ptr_array_add(view->upstreams, addition->upstream);
		if (addition->proxy != NULL)
			g_ptr_array_add(view->proxies, addition->proxy);
	}
	view->world = *w;
	view->world.credentials = view->credentials;
	view->world.upstreams = view->upstreams;
	view->world.proxies = view->proxies;
	view->circle = circle_of(additions);
	view->world.circle = view->circle;
	return view;
}

static View *view_of(Registries *registries, const Rules *entry)
{
	g_autoptr(GPtrArray) additions = g_ptr_array_new();
	View *view;

	for (guint i = 0; entry != NULL && i < registries->additions->len; i++) {
		Addition *addition = g_ptr_array_index(registries->additions, i);

		if (lists(entry, addition->entry->name))
			g_ptr_array_add(additions, addition);
	}
	view = g_tree_lookup(registries->views, additions);
	if (view == NULL) {
		view = view_new(registries->world, g_steal_pointer(&additions));
		g_tree_insert(registries->views, view->additions, view);
	}
	return view;
}

World *registries_world(Registries *registries, const Rules *entry)
{
	View *view = g_hash_table_lookup(registries->of_entry, entry);

	if (view == NULL) {
		view = view_of(registries, entry);
		g_hash_table_insert(registries->of_entry, (void *)entry, view);
	}
	return &view->world;
}

static World *world_of_manifest(void *registries, const Manifest *m)
{
	return registries_world(registries, m->rules);
}

Worlds registries_worlds(Registries *registries)
{
	return (Worlds){ world_of_manifest, registries };
}
