/* SPDX-License-Identifier: MIT */
#include "upkeepd/source.h"

#include "base/text.h"

#include <string.h>

void source_free(Source *source)
{
	if (source == NULL)
		return;
	if (source->free_detail != NULL)
		source->free_detail(source->detail);
	g_free(source->name);
	g_free(source->commit);
	g_clear_pointer(&source->paths, g_ptr_array_unref);
	g_free(source);
}

guint source_find(const Source *source, const char *path, bool *is_there)
{
	guint position = text_position(source->paths, path);

	*is_there =
		position < source->paths->len && strcmp(source->paths->pdata[position], path) == 0;
	return position;
}

bool source_has(const Source *source, const char *path)
{
	bool is_there;

	source_find(source, path, &is_there);
	return is_there;
}
