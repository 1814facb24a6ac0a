/* SPDX-License-Identifier: MIT */
/* A file with images, its kind in the first byte: moving a reference to its own
 * tag changes nothing, to another one, or another digest, nothing else; of several that
 * are moved at once each is moved or left. */
#include "ecosystems/docker/docker.h"
#include "ecosystems/docker/rewrite.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_MOVED = 8 };

#define TAG    "9.9-x"
#define DIGEST "sha256:9999999999999999999999999999999999999999999999999999999999999999"

static bool is_equal(const char *x, const char *y)
{
	return g_strcmp0(x, y) == 0;
}

static bool is_movable(const Manifest *manifest, guint index)
{
	const Dependency *dependency = g_ptr_array_index(manifest->dependencies, index);

	return dependency->why_not == NULL && dependency->version != NULL;
}

static void add(Plan *plan, Manifest *manifest, guint index, const char *tag, const char *digest)
{
	Update *update = update_new(manifest, g_ptr_array_index(manifest->dependencies, index));

	update->to = g_strdup(tag);
	update->to_digest = g_strdup(digest);
	g_ptr_array_add(plan->updates, update);
}

/* The file as the plan leaves it; NULL if it does not admit it, or nothing changes. */
static Manifest *carried_out(Plan *plan, const Manifest *manifest)
{
	Manifest *again;

	if (!manifest->ecosystem->rewrite(plan, NULL) || plan->changes->len == 0)
		return NULL;
	again = manifest_new(manifest->ecosystem, manifest->path, "/",
			     ((FileChange *)g_ptr_array_index(plan->changes, 0))->after);
	if (!manifest->ecosystem->parse(again, NULL) ||
	    again->dependencies->len != manifest->dependencies->len)
		abort();
	return again;
}

/* Whether one reads as it is meant to, or else as before. */
static bool is_moved(const Dependency *old, const Dependency *now, const char *tag,
		     const char *digest)
{
	if (!is_equal(now->key, old->key))
		abort();
	if (is_equal(now->version, old->version) && is_equal(now->digest, old->digest))
		return false;
	if (!is_equal(now->version, tag) ||
	    !is_equal(now->digest, digest != NULL ? digest : old->digest))
		abort();
	return true;
}

static void check_same(Manifest *manifest, guint index)
{
	const Dependency *aim = g_ptr_array_index(manifest->dependencies, index);
	g_autoptr(Plan) plan = plan_new(NULL);

	add(plan, manifest, index, aim->version, aim->digest);
	if (!manifest->ecosystem->rewrite(plan, NULL) || plan->changes->len > 0)
		abort();
}

static void check_one(Manifest *manifest, guint index, const char *tag, const char *digest)
{
	const Dependency *aim = g_ptr_array_index(manifest->dependencies, index);
	g_autoptr(Plan) plan = plan_new(NULL);
	g_autoptr(Manifest) again = NULL;
	bool is_any = false;

	add(plan, manifest, index, tag, digest);
	again = carried_out(plan, manifest);
	for (guint i = 0; again != NULL && i < again->dependencies->len; i++) {
		const Dependency *old = g_ptr_array_index(manifest->dependencies, i);
		const Dependency *now = g_ptr_array_index(again->dependencies, i);

		if (!is_moved(old, now, tag, digest))
			continue;
		if (old->span.from != aim->span.from)
			abort();
		is_any = true;
	}
	if (again != NULL && !is_any)
		abort();
}

/* All at once: what cannot be moved is left as it was. */
static void check_all(Manifest *manifest)
{
	g_autoptr(Plan) plan = plan_new(NULL);
	g_autoptr(Manifest) again = NULL;

	for (guint i = 0; i < manifest->dependencies->len && i < MOST_MOVED; i++)
		if (is_movable(manifest, i))
			add(plan, manifest, i, TAG, NULL);
	if (plan->updates->len == 0)
		return;
	again = carried_out(plan, manifest);
	for (guint i = 0; again != NULL && i < again->dependencies->len; i++)
		(void)is_moved(g_ptr_array_index(manifest->dependencies, i),
			       g_ptr_array_index(again->dependencies, i), TAG, NULL);
}

static void check_entailed(Manifest *manifest, guint index)
{
	Dependency *aim = g_ptr_array_index(manifest->dependencies, index);
	g_autoptr(GPtrArray) updates = rewrite_entailed(manifest, aim, "9.9-y", NULL);
	const Update *first = updates != NULL ? g_ptr_array_index(updates, 0) : NULL;

	if (first != NULL && (first->dependency != aim || !is_equal(first->to, "9.9-y")))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "Dockerfile", "compose.yml", "values.yaml" };
	size_t kind = size > 0 ? data[0] % G_N_ELEMENTS(paths) : 0;
	const Ecosystem *ecosystem = kind == 1 ? &ecosystem_docker_compose : &ecosystem_docker;
	g_autoptr(GBytes) text = g_bytes_new(data + (size > 0), size - (size > 0));
	g_autoptr(Manifest) manifest = manifest_new(ecosystem, paths[kind], "/", text);

	if (!ecosystem->parse(manifest, NULL))
		return 0;
	for (guint i = 0; i < manifest->dependencies->len && i < MOST_MOVED; i++) {
		if (!is_movable(manifest, i))
			continue;
		check_same(manifest, i);
		check_one(manifest, i, TAG, NULL);
		check_one(manifest, i, TAG, DIGEST);
		check_entailed(manifest, i);
	}
	check_all(manifest);
	return 0;
}
