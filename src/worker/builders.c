/* SPDX-License-Identifier: MIT */
#include "worker/builders.h"

#include "base/text.h"
#include "upkeepd/limits.h"

#include <string.h>

struct Builders {
	const GPtrArray *manifests; /* of Manifest */
	GPtrArray *all;             /* of Builder */
	GTree *homes;               /* char *, home_key(), a set */
	GPtrArray *lists;           /* of GPtrArray (of Builder, borrowed), one a manifest */
	GHashTable *by_manifest;    /* Manifest to its list, NULL for none */
};

void builders_drop(Builders *builders)
{
	if (builders == NULL)
		return;
	g_ptr_array_unref(builders->all);
	g_tree_unref(builders->homes);
	g_ptr_array_unref(builders->lists);
	g_hash_table_unref(builders->by_manifest);
	g_free(builders);
}

static bool is_minded(const GPtrArray *manifests)
{
	for (guint i = 0; i < manifests->len; i++)
		if (((Manifest *)g_ptr_array_index(manifests, i))->ecosystem->tool != NULL)
			return true;
	return false;
}

/* Where the tool has something to build. */
static char *home_key(const char *tool, const char *folder)
{
	return g_strconcat(tool, "\n", folder, NULL);
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? g_strndup(path, (size_t)(slash - path)) : g_strdup("");
}

static void find_homes(Builders *builders, const Source *source)
{
	for (const Ecosystem *const *ecosystem = ecosystems; *ecosystem != NULL; ecosystem++)
		for (guint i = 0; (*ecosystem)->tool != NULL && i < source->paths->len; i++) {
			const char *path = g_ptr_array_index(source->paths, i);
			g_autofree char *folder = NULL;

			if (!(*ecosystem)->claims(path))
				continue;
			folder = folder_of(path);
			text_add(builders->homes, home_key((*ecosystem)->tool, folder));
		}
}

/* The nearest home at the file or above it. */
static void settle(const Builders *builders, Builder *builder)
{
	g_autofree char *folder = builder_folder(builder->path);

	for (;;) {
		g_autofree char *key = home_key(builder->tool, folder);
		char *slash = strrchr(folder, '/');

		if (g_tree_lookup(builders->homes, key) != NULL) {
			builder->home = g_strdup(folder);
			return;
		}
		if (*folder == '\0')
			return;
		*(slash != NULL ? slash : folder) = '\0';
	}
}

/* What one file says, of all who can read it. */
static void read_file(const Builders *builders, const char *path, GBytes *text, GPtrArray *into)
{
	guint known = into->len;

	for (const Ecosystem *const *ecosystem = ecosystems; *ecosystem != NULL; ecosystem++)
		if ((*ecosystem)->tells_builders != NULL && (*ecosystem)->tells_builders(path))
			(*ecosystem)->read_builders(path, text, into);
	for (; known < into->len; known++)
		settle(builders, g_ptr_array_index(into, known));
}

bool builders_is_own(const char *path)
{
	static const char *const of_others[] = { "vendor", "testdata", "node_modules" };
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);

	for (size_t i = 0; i < G_N_ELEMENTS(of_others); i++)
		if (g_strv_contains((const char *const *)parts, of_others[i]))
			return false;
	return true;
}

static bool is_telling(const char *path)
{
	for (const Ecosystem *const *ecosystem = ecosystems; *ecosystem != NULL; ecosystem++)
		if ((*ecosystem)->tells_builders != NULL && (*ecosystem)->tells_builders(path))
			return builders_is_own(path);
	return false;
}

static bool collect(Builders *builders, Source *source, GError **error)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new();

	for (guint i = 0; i < source->paths->len && paths->len < LIMIT_MANIFESTS; i++)
		if (is_telling(g_ptr_array_index(source->paths, i)))
			g_ptr_array_add(paths, g_ptr_array_index(source->paths, i));
	if (!source->want(source, paths, error))
		return false;
	for (guint i = 0; i < paths->len; i++) {
		const char *path = g_ptr_array_index(paths, i);
		g_autoptr(GError) local = NULL;
		g_autoptr(GBytes) text = source->read(source, path, LIMIT_MANIFEST, &local);

		if (text != NULL) {
			read_file(builders, path, text, builders->all);
		} else if (failure_kind(local) != FAILURE_LIMIT) {
			g_propagate_error(error, g_steal_pointer(&local));
			return false;
		}
	}
	return true;
}

static Builders *new_builders(const GPtrArray *manifests)
{
	Builders *builders = g_new0(Builders, 1);

	builders->manifests = manifests;
	builders->all = builders_new();
	builders->homes = g_tree_new_full(text_compare, NULL, g_free, NULL);
	builders->lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	builders->by_manifest = g_hash_table_new(NULL, NULL);
	return builders;
}

static Builders *collect_for(const GPtrArray *manifests, Source *source, GError **error)
{
	g_autoptr(Builders) builders = new_builders(manifests);

	find_homes(builders, source);
	return collect(builders, source, error) ? g_steal_pointer(&builders) : NULL;
}

Builders *builders_collect(Source *source, const GPtrArray *manifests, GError **error)
{
	return is_minded(manifests) ? collect_for(manifests, source, error)
				    : new_builders(manifests);
}

Builders *builders_collect_all(Source *source, GError **error)
{
	return collect_for(NULL, source, error);
}

const GPtrArray *builders_before(const Builders *builders)
{
	return builders->all;
}

/* Whether the file is one that the multi-ecosystem group of `manifest` may change. */
static bool moves_along(const Builders *builders, const char *path, const Manifest *manifest)
{
	const Rules *rules = manifest->rules;

	if (rules == NULL || rules->multi_ecosystem_group == NULL)
		return false;
	for (guint i = 0; i < builders->manifests->len; i++) {
		const Manifest *other = g_ptr_array_index(builders->manifests, i);

		if (other != manifest && other->rules != NULL && strcmp(other->path, path) == 0 &&
		    g_strcmp0(other->rules->multi_ecosystem_group, rules->multi_ecosystem_group) ==
			    0)
			return true;
	}
	return false;
}

static GPtrArray *list_of(const Builders *builders, const Manifest *manifest)
{
	g_autofree char *folder = folder_of(manifest->path);
	GPtrArray *list = g_ptr_array_new();

	for (guint i = 0; i < builders->all->len; i++) {
		Builder *builder = g_ptr_array_index(builders->all, i);

		if (strcmp(builder->tool, manifest->ecosystem->tool) == 0 &&
		    builder_concerns(builder, folder) &&
		    !moves_along(builders, builder->path, manifest))
			g_ptr_array_add(list, builder);
	}
	return list;
}

const GPtrArray *builders_of(Builders *builders, const Manifest *manifest)
{
	GPtrArray *list = g_hash_table_lookup(builders->by_manifest, manifest);

	if (list != NULL || manifest->ecosystem->tool == NULL || builders->all->len == 0)
		return list;
	list = list_of(builders, manifest);
	g_ptr_array_add(builders->lists, list);
	g_hash_table_insert(builders->by_manifest, (void *)manifest, list);
	return list;
}

static const FileChange *find_change(const GPtrArray *changes, const char *path)
{
	for (guint i = 0; i < changes->len; i++) {
		const FileChange *change = g_ptr_array_index(changes, i);

		if (strcmp(change->path, path) == 0)
			return change;
	}
	return NULL;
}

static Builder *copy_of(const Builder *builder)
{
	Builder *copy = builder_new(builder->tool, builder->version, builder->is_line,
				    builder->path, builder->line, builder->text);

	copy->home = g_strdup(builder->home);
	return copy;
}

GPtrArray *builders_after(const Builders *builders, const GPtrArray *changes)
{
	GPtrArray *after = builders_new();

	for (guint i = 0; i < builders->all->len; i++) {
		const Builder *builder = g_ptr_array_index(builders->all, i);

		if (find_change(changes, builder->path) == NULL)
			g_ptr_array_add(after, copy_of(builder));
	}
	for (guint i = 0; i < changes->len; i++) {
		const FileChange *change = g_ptr_array_index(changes, i);

		if (change->after != NULL && is_telling(change->path))
			read_file(builders, change->path, change->after, after);
	}
	return after;
}
