/* SPDX-License-Identifier: MIT */
/* The paths of `exclude-paths`, in one documented meaning (filter.h). */
#include "policy/filter.h"
#include "policy/match.h"

#include <string.h>

static bool has_glob(const char *pattern)
{
	return strpbrk(pattern, "*?[") != NULL;
}

static bool fits(const char *pattern, const char *component)
{
	return match_component(pattern, strlen(pattern), component, strlen(component));
}

/* Whether the pattern matches the first components of the path, or all of them. As
 * in match.c there is one point to come back to: the last `**`. */
static bool matches_upwards(char **pattern, char **path)
{
	char **star = NULL, **taken = NULL;

	while (*path != NULL) {
		if (*pattern == NULL)
			return true;
		if (strcmp(*pattern, "**") == 0) {
			star = ++pattern;
			taken = path;
		} else if (fits(*pattern, *path)) {
			pattern++;
			path++;
		} else if (star != NULL) {
			pattern = star;
			path = ++taken;
		} else {
			return false;
		}
	}
	while (*pattern != NULL && strcmp(*pattern, "**") == 0)
		pattern++;
	return *pattern == NULL;
}

static bool matches(const char *written, const char *path)
{
	g_autofree char *pattern = g_strdup(written + strspn(written, "/"));
	g_auto(GStrv) parts = NULL, components = NULL;

	if (g_str_has_prefix(pattern, "./"))
		memmove(pattern, pattern + 2, strlen(pattern) - 1);
	if (g_str_has_suffix(pattern, "/"))
		pattern[strlen(pattern) - 1] = '\0';
	if (*pattern == '\0')
		return false;
	if (has_glob(pattern) && strchr(pattern, '/') == NULL) {
		g_autofree char *deep = g_strconcat("**/", pattern, NULL);

		parts = g_strsplit(deep, "/", -1);
	} else {
		parts = g_strsplit(pattern, "/", -1);
	}
	components = g_strsplit(path, "/", -1);
	return matches_upwards(parts, components);
}

static bool excludes(const char *pattern, const char *path, const char *below)
{
	g_autoptr(GPtrArray) patterns = match_alternatives(pattern);

	for (guint i = 0; i < patterns->len; i++) {
		const char *one = g_ptr_array_index(patterns, i);

		if (matches(one, path) || (below != NULL && matches(one, below)))
			return true;
	}
	return false;
}

bool filter_excludes(const Rules *rules, const char *directory, const char *path)
{
	const char *below = NULL, *root = directory + strspn(directory, "/");

	if (*root != '\0' && g_str_has_prefix(path, root) && path[strlen(root)] == '/')
		below = path + strlen(root) + 1;
	for (guint i = 0; i < rules->exclude_paths->len; i++)
		if (excludes(g_ptr_array_index(rules->exclude_paths, i), path, below))
			return true;
	return false;
}
