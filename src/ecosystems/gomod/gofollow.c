/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gofollow.h"

#include "ecosystems/gomod/gobound.h"
#include "ecosystems/gomod/goversion.h"
#include "ecosystems/gomod/modfile.h"
#include "upkeepd/edit.h"

#include <string.h>

/* Lines of lower ones do not count. */
#define GO_NAMES_TOOLCHAINS "1.21"

/* The oldest version that is named in full by what builds the folder. */
static const char *oldest(const GPtrArray *builders, const char *folder, const char *go)
{
	const char *found = NULL;

	for (guint i = 0; i < builders->len; i++) {
		const Builder *builder = g_ptr_array_index(builders, i);

		if (strcmp(builder->tool, GOVERSION_PATH) == 0 && !builder->is_line &&
		    builder_concerns(builder, folder) &&
		    (go == NULL || goversion_compare(builder->version, go) >= 0) &&
		    (found == NULL || goversion_compare(builder->version, found) < 0))
			found = builder->version;
	}
	return found;
}

/* The version that the line is to name; NULL: it stays. */
static const char *wanted(const ModFile *file, const GPtrArray *builders, const char *folder)
{
	g_autofree char *present = goversion_of_toolchain(file->toolchain), *plain = NULL;
	g_autoptr(GoBound) bound = gobound_new(NULL, builders, folder, file->go);
	const char *version = oldest(builders, folder, file->go);

	if (present == NULL || version == NULL || !gobound_admits(bound, version))
		return NULL;
	plain = g_strconcat("go", present, NULL);
	if (strcmp(plain, file->toolchain) != 0 || goversion_compare(version, present) <= 0 ||
	    goversion_compare(version, GO_NAMES_TOOLCHAINS) < 0 ||
	    (file->go != NULL && goversion_compare(version, file->go) <= 0))
		return NULL;
	return version;
}

GBytes *gofollow(const char *path, GBytes *text, const GPtrArray *builders, Shift **shift)
{
	const char *slash = strrchr(path, '/');
	g_autofree char *folder = g_strndup(path, slash != NULL ? (size_t)(slash - path) : 0);
	g_autoptr(ModFile) file = modfile_parse(path, text, MODFILE_MAIN, NULL);
	g_autoptr(GPtrArray) edits = edits_new();
	g_autofree char *name = NULL;
	const char *version;
	GBytes *after;

	if (file == NULL || file->toolchain == NULL)
		return NULL;
	version = wanted(file, builders, folder);
	if (version == NULL)
		return NULL;
	name = g_strconcat("go", version, NULL);
	edits_add(edits, modnode_span(file->toolchain_node, 1), name);
	after = edits_apply(text, edits, NULL);
	if (after != NULL)
		*shift = shift_new(path, GOVERSION_TOOLCHAIN_PATH, file->toolchain, name);
	return after;
}
