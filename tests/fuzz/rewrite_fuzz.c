/* SPDX-License-Identifier: MIT */
/* A file with images, its kind in the first byte: moving a reference to its own
 * tag changes nothing, to another one nothing else. */
#include "ecosystems/docker/docker.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_MOVED = 8 };

static bool is_equal(const char *x, const char *y)
{
	return g_strcmp0(x, y) == 0;
}

/* The plan with one update; NULL if the file does not admit it. */
static Plan *move(Manifest *manifest, guint index, const char *tag)
{
	g_autoptr(Plan) plan = plan_new(NULL);
	Update *update = update_new(manifest, g_ptr_array_index(manifest->dependencies, index));

	update->to = g_strdup(tag);
	g_ptr_array_add(plan->updates, update);
	return manifest->ecosystem->rewrite(plan, NULL) ? g_steal_pointer(&plan) : NULL;
}

static void check(Manifest *manifest, guint index)
{
	const Dependency *aim = g_ptr_array_index(manifest->dependencies, index);
	g_autoptr(Plan) same = move(manifest, index, aim->version);
	g_autoptr(Plan) plan = move(manifest, index, "9.9-x");
	g_autoptr(Manifest) again = NULL;
	bool is_moved = false;

	if (same == NULL || same->changes->len > 0)
		abort();
	if (plan == NULL || plan->changes->len == 0)
		return;
	again = manifest_new(manifest->ecosystem, manifest->path, "/",
			     ((FileChange *)g_ptr_array_index(plan->changes, 0))->after);
	if (!manifest->ecosystem->parse(again, NULL) ||
	    again->dependencies->len != manifest->dependencies->len)
		abort();
	for (guint i = 0; i < again->dependencies->len; i++) {
		const Dependency *old = g_ptr_array_index(manifest->dependencies, i);
		const Dependency *now = g_ptr_array_index(again->dependencies, i);

		if (!is_equal(now->key, old->key) || !is_equal(now->digest, old->digest))
			abort();
		if (is_equal(now->version, old->version))
			continue;
		if (!is_equal(now->version, "9.9-x") || old->span.from != aim->span.from)
			abort();
		is_moved = true;
	}
	if (!is_moved && !is_equal(aim->version, "9.9-x"))
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
		const Dependency *dependency = g_ptr_array_index(manifest->dependencies, i);

		if (dependency->why_not == NULL && dependency->version != NULL)
			check(manifest, i);
	}
	return 0;
}
