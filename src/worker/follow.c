/* SPDX-License-Identifier: MIT */
#include "worker/follow.h"

#include "upkeepd/ecosystem.h"
#include "upkeepd/limits.h"
#include "upkeepd/rules.h"

#include <string.h>

static FileChange *find_change(const GPtrArray *changes, const char *path)
{
	for (guint i = 0; i < changes->len; i++) {
		FileChange *change = g_ptr_array_index(changes, i);

		if (strcmp(change->path, path) == 0)
			return change;
	}
	return NULL;
}

/* Whether an update that may carry others along has changed the file. */
static bool may_carry(const GPtrArray *updates, const char *path)
{
	for (guint i = 0; i < updates->len; i++) {
		const Manifest *manifest =
			((const Update *)g_ptr_array_index(updates, i))->manifest;

		if (manifest->rules != NULL && manifest->rules->carries_toolchain &&
		    strcmp(manifest->path, path) == 0)
			return true;
	}
	return false;
}

static bool may_any_carry(const GPtrArray *updates, const GPtrArray *changes)
{
	for (guint i = 0; i < changes->len; i++)
		if (may_carry(updates, ((const FileChange *)changes->pdata[i])->path))
			return true;
	return false;
}

static bool is_among(const GPtrArray *builders, const Builder *builder)
{
	for (guint i = 0; i < builders->len; i++) {
		const Builder *other = g_ptr_array_index(builders, i);

		if (other->line == builder->line && strcmp(other->path, builder->path) == 0 &&
		    strcmp(other->version, builder->version) == 0)
			return true;
	}
	return false;
}

/* Those of `after` that have moved; borrowed. */
static GPtrArray *moved_among(const GPtrArray *before, const GPtrArray *after,
			      const GPtrArray *updates)
{
	GPtrArray *moved = g_ptr_array_new();

	for (guint i = 0; i < after->len; i++) {
		Builder *builder = g_ptr_array_index(after, i);

		if (may_carry(updates, builder->path) && !is_among(before, builder))
			g_ptr_array_add(moved, builder);
	}
	return moved;
}

static bool concerns(const GPtrArray *moved, const Ecosystem *ecosystem, const char *path)
{
	const char *slash = strrchr(path, '/');
	g_autofree char *folder = g_strndup(path, slash != NULL ? (size_t)(slash - path) : 0);

	for (guint i = 0; i < moved->len; i++) {
		const Builder *builder = g_ptr_array_index(moved, i);

		if (strcmp(builder->tool, ecosystem->tool) == 0 &&
		    builder_concerns(builder, folder))
			return true;
	}
	return false;
}

/* The files that may follow; of char *, borrowed. */
static GPtrArray *followers(const Source *source, const Ecosystem *ecosystem,
			    const GPtrArray *moved)
{
	GPtrArray *paths = g_ptr_array_new();

	for (guint i = 0; i < source->paths->len && paths->len < LIMIT_MANIFESTS; i++) {
		char *path = g_ptr_array_index(source->paths, i);

		if (ecosystem->claims(path) && builders_is_own(path) &&
		    concerns(moved, ecosystem, path))
			g_ptr_array_add(paths, path);
	}
	return paths;
}

static bool follow(Source *source, const Ecosystem *ecosystem, const char *path,
		   const GPtrArray *builders, GPtrArray *changes, GPtrArray *shifts, GError **error)
{
	FileChange *change = find_change(changes, path);
	g_autoptr(GBytes) text = NULL, after = NULL;
	g_autoptr(GError) local = NULL;
	Shift *shift = NULL;

	if (change != NULL && change->after == NULL)
		return true;
	text = change != NULL ? g_bytes_ref(change->after)
			      : source->read(source, path, LIMIT_MANIFEST, &local);
	if (text == NULL && failure_kind(local) == FAILURE_LIMIT)
		return true;
	if (text == NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	after = ecosystem->follow(path, text, builders, &shift);
	if (after == NULL)
		return true;
	g_ptr_array_add(shifts, shift);
	if (change == NULL) {
		g_ptr_array_add(changes, file_change_new(path, text, after));
		return true;
	}
	g_bytes_unref(change->after);
	change->after = g_steal_pointer(&after);
	return true;
}

static bool follow_all(Source *source, const Ecosystem *ecosystem, const GPtrArray *moved,
		       const GPtrArray *builders, GPtrArray *changes, GPtrArray *shifts,
		       GError **error)
{
	g_autoptr(GPtrArray) paths = followers(source, ecosystem, moved);

	if (paths->len > 0 && !source->want(source, paths, error))
		return false;
	for (guint i = 0; i < paths->len; i++)
		if (!follow(source, ecosystem, g_ptr_array_index(paths, i), builders, changes,
			    shifts, error))
			return false;
	return true;
}

bool follow_builders(Source *source, Builders **builders, const GPtrArray *updates,
		     GPtrArray *changes, GPtrArray *shifts, GError **error)
{
	g_autoptr(GPtrArray) after = NULL, moved = NULL;

	if (!may_any_carry(updates, changes))
		return true;
	if (*builders == NULL)
		*builders = builders_collect_all(source, error);
	if (*builders == NULL)
		return false;
	after = builders_after(*builders, changes);
	moved = moved_among(builders_before(*builders), after, updates);
	for (const Ecosystem *const *ecosystem = ecosystems; *ecosystem != NULL; ecosystem++)
		if ((*ecosystem)->follow != NULL && moved->len > 0 &&
		    !follow_all(source, *ecosystem, moved, after, changes, shifts, error))
			return false;
	return true;
}
