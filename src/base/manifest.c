/* SPDX-License-Identifier: MIT */
#include "upkeepd/manifest.h"

#include "base/text.h"

Problem *problem_new(const char *path, int line, int column, Weight weight, const char *format, ...)
{
	Problem *problem = g_new0(Problem, 1);
	g_autofree char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	problem->path = g_strdup(path);
	problem->line = line;
	problem->column = column;
	problem->weight = weight;
	problem->text = text_one_line(text);
	return problem;
}

void problem_free(Problem *problem)
{
	if (problem == NULL)
		return;
	g_free(problem->path);
	g_free(problem->text);
	g_free(problem);
}

GPtrArray *problems_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)problem_free);
}

guint problems_errors(const GPtrArray *problems)
{
	guint errors = 0;

	for (guint i = 0; i < problems->len; i++)
		errors += ((const Problem *)problems->pdata[i])->weight == WEIGHT_ERROR;
	return errors;
}

char *place_text(const Place *place)
{
	if (place == NULL || place->path == NULL)
		return NULL;
	if (place->line == 0)
		return g_strdup(place->path);
	return g_strdup_printf("%s:%d:%d", place->path, place->line, MAX(place->column, 1));
}

char *problem_text(const Problem *problem)
{
	const Place place = { problem->path, problem->line, problem->column };
	g_autofree char *where = place_text(&place);

	return g_strdup_printf("%s: %s: %s", where,
			       problem->weight == WEIGHT_ERROR ? "error" : "warning",
			       problem->text);
}

Dependency *dependency_new(void)
{
	Dependency *dependency = g_new0(Dependency, 1);

	dependency->is_direct = true;
	dependency->is_production = true;
	return dependency;
}

void dependency_free(Dependency *dependency)
{
	if (dependency == NULL)
		return;
	if (dependency->free_detail != NULL)
		dependency->free_detail(dependency->detail);
	g_free(dependency->name);
	g_free(dependency->key);
	g_free(dependency->version);
	g_free(dependency->digest);
	g_free(dependency->why_not);
	g_free(dependency->remark);
	g_free(dependency);
}

Manifest *manifest_new(const Ecosystem *ecosystem, const char *path, const char *directory,
		       GBytes *text)
{
	Manifest *manifest = g_new0(Manifest, 1);

	manifest->ecosystem = ecosystem;
	manifest->path = g_strdup(path);
	manifest->directory = g_strdup(directory);
	manifest->text = g_bytes_ref(text);
	manifest->dependencies = g_ptr_array_new_with_free_func((GDestroyNotify)dependency_free);
	manifest->problems = problems_new();
	return manifest;
}

void manifest_free(Manifest *manifest)
{
	if (manifest == NULL)
		return;
	if (manifest->free_detail != NULL)
		manifest->free_detail(manifest->detail);
	g_ptr_array_unref(manifest->dependencies);
	g_ptr_array_unref(manifest->problems);
	g_bytes_unref(manifest->text);
	g_free(manifest->path);
	g_free(manifest->directory);
	g_free(manifest);
}
