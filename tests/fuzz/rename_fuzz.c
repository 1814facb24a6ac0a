/* SPDX-License-Identifier: MIT */
/* A Go file: in the edited one exactly the imports that are meant have their new path,
 * and every byte beside them is as it was. */
#include "base/text.h"
#include "ecosystems/gomod/imports.h"
#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/rename.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FROM   "a.b/m"
#define TO     FROM "/v2"
#define NESTED FROM "/n"

static bool is_moved(const char *path)
{
	return modpath_is_within(path, FROM) && !modpath_is_within(path, TO) &&
	       !modpath_is_within(path, NESTED);
}

static void check_path(const ImportPlace *old, const ImportPlace *now)
{
	g_autofree char *wanted = is_moved(old->path)
					  ? g_strconcat(TO, old->path + strlen(FROM), NULL)
					  : g_strdup(old->path);

	if (strcmp(now->path, wanted) != 0)
		abort();
}

/* What lies before each import, and behind the last. */
static void check_rest(GBytes *before, const GPtrArray *olds, GBytes *after, const GPtrArray *nows)
{
	gsize old_size, now_size;
	const char *old = g_bytes_get_data(before, &old_size);
	const char *now = g_bytes_get_data(after, &now_size);
	size_t old_at = 0, now_at = 0;

	for (guint i = 0; i <= olds->len; i++) {
		const ImportPlace *x = i < olds->len ? olds->pdata[i] : NULL;
		const ImportPlace *y = i < olds->len ? nows->pdata[i] : NULL;
		size_t old_end = x != NULL ? x->span.from : old_size;
		size_t now_end = y != NULL ? y->span.from : now_size;

		if (old_end - old_at != now_end - now_at ||
		    memcmp(old + old_at, now + now_at, old_end - old_at) != 0)
			abort();
		if (x == NULL)
			return;
		if (old[x->span.from] != now[y->span.from])
			abort();
		old_at = x->span.to;
		now_at = y->span.to;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const Rename rename = { FROM, TO, "v2.0.0" };
	g_autoptr(GBytes) before = g_bytes_new(data, size), after = NULL;
	g_autoptr(GTree) others = g_tree_new_full(text_compare, NULL, NULL, NULL);
	g_autoptr(GPtrArray) edits = NULL, olds = NULL, nows = NULL;

	g_tree_insert(others, (void *)TO, NULL);
	g_tree_insert(others, (void *)NESTED, NULL);
	if (size == 0)
		return 0;
	edits = rename_imports((const char *)data, size, &rename, others);
	after = edits_apply(before, edits, NULL);
	if (after == NULL)
		abort();
	olds = imports_places((const char *)data, size);
	nows = imports_places(g_bytes_get_data(after, NULL), g_bytes_get_size(after));
	if (olds->len != nows->len)
		abort();
	for (guint i = 0; i < olds->len; i++)
		check_path(olds->pdata[i], nows->pdata[i]);
	check_rest(before, olds, after, nows);
	return 0;
}
