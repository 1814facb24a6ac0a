/* SPDX-License-Identifier: MIT */
#include "upkeepd/builder.h"

#include "base/text.h"

#include <string.h>

Builder *builder_new(const char *tool, const char *version, bool is_line, const char *path,
		     int line, const char *text)
{
	Builder *builder = g_new0(Builder, 1);

	builder->tool = tool;
	builder->version = g_strdup(version);
	builder->is_line = is_line;
	builder->path = g_strdup(path);
	builder->line = line;
	builder->text = g_strdup(text);
	return builder;
}

void builder_free(Builder *builder)
{
	if (builder == NULL)
		return;
	g_free(builder->version);
	g_free(builder->path);
	g_free(builder->text);
	g_free(builder->home);
	g_free(builder);
}

GPtrArray *builders_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)builder_free);
}

char *builder_folder(const char *path)
{
	const char *end = path;

	for (const char *p = path; *p != '.'; p++) {
		p = strchr(p, '/');
		if (p == NULL)
			break;
		end = p;
	}
	return g_strndup(path, (size_t)(end - path));
}

static bool is_above(const char *folder, const char *other)
{
	size_t length = strlen(folder);

	return length == 0 || (strncmp(folder, other, length) == 0 && other[length] == '/');
}

bool builder_concerns(const Builder *builder, const char *folder)
{
	g_autofree char *own = builder_folder(builder->path);

	return builder->home == NULL || strcmp(builder->home, folder) == 0 || is_above(own, folder);
}

char *builder_words(const Builder *builder)
{
	g_autofree char *path = text_one_line(builder->path), *text = text_one_line(builder->text);

	return g_strdup_printf("%s:%d has %s", path, builder->line, text);
}
