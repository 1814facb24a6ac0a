/* SPDX-License-Identifier: MIT */
/* The paths of `exclude-paths`, in one documented meaning (filter.h). */
#include "policy/filter.h"
#include "policy/match.h"

#include <string.h>

/* What `{a,b}` may become, so that braces within braces stay harmless. */
enum { MOST_ALTERNATIVES = 64 };

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

/* Puts what the first pair of braces stands for in the pattern's place. False if it
 * has none that divides, or there are too many already: braces are then literal. */
static bool expand(GPtrArray *patterns, guint at)
{
	const char *pattern = g_ptr_array_index(patterns, at);
	const char *open = strchr(pattern, '{'), *close = open != NULL ? strchr(open, '}') : NULL;
	g_autofree char *head = NULL, *inner = NULL, *tail = NULL;
	g_auto(GStrv) words = NULL;

	if (close == NULL || memchr(open, ',', (size_t)(close - open)) == NULL)
		return false;
	head = g_strndup(pattern, (gsize)(open - pattern));
	inner = g_strndup(open + 1, (gsize)(close - open - 1));
	tail = g_strdup(close + 1);
	words = g_strsplit(inner, ",", -1);
	if (patterns->len + g_strv_length(words) > MOST_ALTERNATIVES)
		return false;
	g_ptr_array_remove_index(patterns, at);
	for (char **word = words; *word != NULL; word++)
		g_ptr_array_insert(patterns, (gint)at, g_strconcat(head, *word, tail, NULL));
	return true;
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
	g_autoptr(GPtrArray) patterns = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(patterns, g_strdup(pattern));
	for (guint i = 0; i < patterns->len; i++)
		while (expand(patterns, i))
			continue;
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
