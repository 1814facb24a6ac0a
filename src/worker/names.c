/* SPDX-License-Identifier: MIT */
#include "worker/names.h"

#include <string.h>

Name *name_parse(const char *text)
{
	Name *name = g_new0(Name, 1);
	const char *at = strchr(text, '@'), *slash, *colon;

	name->text = g_strdup(text);
	name->name = at != NULL ? g_strndup(text, (size_t)(at - text)) : g_strdup(text);
	name->version = at != NULL ? g_strdup(at + 1) : NULL;
	/* A colon before a slash belongs to a registry's port. */
	slash = strrchr(name->name, '/');
	colon = strchr(slash != NULL ? slash : name->name, ':');
	if (colon != NULL) {
		name->tag = g_strdup(colon + 1);
		name->name[colon - name->name] = '\0';
	}
	return name;
}

void name_free(Name *name)
{
	if (name == NULL)
		return;
	g_free(name->text);
	g_free(name->name);
	g_free(name->tag);
	g_free(name->version);
	g_free(name);
}

/* An image's key is registry/path; its aliases say it in full, but for the path
 * alone, which is how messages name an image of another registry. */
static bool is_called(const char *called, const Ecosystem *ecosystem, const Dependency *dependency)
{
	g_auto(GStrv) aliases = NULL;
	const char *path;

	if (strcmp(called, dependency->name) == 0)
		return true;
	if (ecosystem->aliases == NULL)
		return false;
	aliases = ecosystem->aliases(dependency);
	if (g_strv_contains((const char *const *)aliases, called))
		return true;
	path = strchr(dependency->key, '/');
	return path != NULL && strcmp(called, path + 1) == 0;
}

bool name_means(const Name *name, const Ecosystem *ecosystem, const Dependency *dependency)
{
	return (name->tag == NULL || g_strcmp0(name->tag, dependency->version) == 0) &&
	       is_called(name->name, ecosystem, dependency);
}

Name *names_find(const GPtrArray *names, const Ecosystem *ecosystem, const Dependency *dependency)
{
	for (guint i = 0; i < names->len; i++)
		if (name_means(g_ptr_array_index(names, i), ecosystem, dependency))
			return g_ptr_array_index(names, i);
	return NULL;
}
