/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/overlay.h"

#include "base/text.h"
#include "upkeepd/limits.h"

#include <string.h>

typedef struct {
	Source *base;
	GTree *files; /* char * to GBytes; NULL: it is gone */
} Overlay;

static void bytes_free(void *bytes)
{
	if (bytes != NULL)
		g_bytes_unref(bytes);
}

static void overlay_free(void *detail)
{
	g_tree_unref(((Overlay *)detail)->files);
	g_free(detail);
}

static bool want(Source *source, const GPtrArray *paths, GError **error)
{
	const Overlay *overlay = source->detail;
	g_autoptr(GPtrArray) others = g_ptr_array_new();

	for (guint i = 0; i < paths->len; i++)
		if (!g_tree_lookup_extended(overlay->files, paths->pdata[i], NULL, NULL))
			g_ptr_array_add(others, paths->pdata[i]);
	return overlay->base->want(overlay->base, others, error);
}

static GBytes *read_file(Source *source, const char *path, size_t max_bytes, GError **error)
{
	const Overlay *overlay = source->detail;
	void *bytes = NULL;

	if (!g_tree_lookup_extended(overlay->files, path, NULL, &bytes))
		return overlay->base->read(overlay->base, path, max_bytes, error);
	if (bytes == NULL)
		return fail_null(error, FAILURE_ABSENT, "there is no file '%s'", path);
	if (g_bytes_get_size(bytes) > max_bytes)
		return fail_null(error, FAILURE_LIMIT, "'%s' has more than %zu bytes", path,
				 max_bytes);
	return g_bytes_ref(bytes);
}

static GPtrArray *paths_new(void)
{
	return g_ptr_array_new_with_free_func(g_free);
}

Source *overlay_new(Source *base)
{
	Source *source = g_new0(Source, 1);
	Overlay *overlay = g_new0(Overlay, 1);

	overlay->base = base;
	overlay->files = g_tree_new_full(text_compare, NULL, g_free, bytes_free);
	source->name = g_strdup(base->name);
	source->commit = g_strdup(base->commit);
	source->paths = paths_new();
	for (guint i = 0; i < base->paths->len; i++)
		g_ptr_array_add(source->paths, g_strdup(base->paths->pdata[i]));
	source->want = want;
	source->read = read_file;
	source->detail = overlay;
	source->free_detail = overlay_free;
	return source;
}

/* What list_changed() fills. */
typedef struct {
	Source *source;
	GPtrArray *added;   /* of char *, borrowed */
	bool is_list_wrong; /* files have come or gone */
} Listing;

static gboolean list_changed(void *path, void *bytes, void *data)
{
	Listing *listing = data;
	bool is_there = source_has(listing->source, path);

	if (bytes != NULL && !is_there)
		g_ptr_array_add(listing->added, path);
	if ((bytes != NULL) != is_there)
		listing->is_list_wrong = true;
	return FALSE;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void overlay_add(Source *source, const GPtrArray *changes)
{
	Overlay *overlay = source->detail;
	Listing listing = { source, g_ptr_array_new(), false };
	GPtrArray *paths;

	for (guint i = 0; i < changes->len; i++) {
		const FileChange *change = changes->pdata[i];

		g_tree_insert(overlay->files, g_strdup(change->path),
			      change->after != NULL ? g_bytes_ref(change->after) : NULL);
	}
	g_tree_foreach(overlay->files, list_changed, &listing);
	if (listing.is_list_wrong) {
		paths = paths_new();
		for (guint i = 0; i < source->paths->len; i++) {
			const char *path = source->paths->pdata[i];
			void *bytes = NULL;

			if (!g_tree_lookup_extended(overlay->files, path, NULL, &bytes) ||
			    bytes != NULL)
				g_ptr_array_add(paths, g_strdup(path));
		}
		for (guint i = 0; i < listing.added->len; i++)
			g_ptr_array_add(paths, g_strdup(listing.added->pdata[i]));
		g_ptr_array_sort(paths, by_bytes);
		g_ptr_array_unref(source->paths);
		source->paths = paths;
	}
	g_ptr_array_unref(listing.added);
}

/* What compare() fills. */
typedef struct {
	Source *base;
	GPtrArray *changes;
	GError *error;
} Comparison;

static gboolean compare(void *path, void *after, void *data)
{
	Comparison *comparison = data;
	g_autoptr(GBytes) before = NULL;

	if (source_has(comparison->base, path)) {
		before = comparison->base->read(comparison->base, path, LIMIT_MODULE_ZIP,
						&comparison->error);
		if (before == NULL)
			return TRUE; /* ends it */
	}
	if (before != NULL && after != NULL ? !g_bytes_equal(before, after) : before != after)
		g_ptr_array_add(comparison->changes, file_change_new(path, before, after));
	return FALSE;
}

GPtrArray *overlay_changes(Source *source, GError **error)
{
	const Overlay *overlay = source->detail;
	Comparison comparison = { .base = overlay->base };

	comparison.changes = file_changes_new();
	g_tree_foreach(overlay->files, compare, &comparison);
	if (comparison.error == NULL)
		return comparison.changes;
	g_ptr_array_unref(comparison.changes);
	g_propagate_error(error, comparison.error);
	return NULL;
}
