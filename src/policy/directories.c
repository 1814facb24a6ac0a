/* SPDX-License-Identifier: MIT */
#include "policy/directories.h"

#include "base/text.h"
#include "policy/match.h"
#include "upkeepd/limits.h"

#include <string.h>

/* Comparisons of one glob with one directory, which take about 0.2 µs each. */
#define MOST_COMPARISONS 5000000

/* The components of a path with leading slash. */
static char **components_of(const char *path)
{
	return g_strsplit(path + 1, "/", -1);
}

/* `**` before another component stands for any number of them, itself none. */
static bool is_any_depth(char *const *pattern)
{
	return *pattern != NULL && strcmp(*pattern, "**") == 0 && pattern[1] != NULL;
}

static bool components_fit(char *const *pattern, char *const *directory)
{
	char *const *star = NULL, *const *taken = NULL;

	while (*directory != NULL) {
		if (is_any_depth(pattern)) {
			star = ++pattern;
			taken = directory;
		} else if (*pattern != NULL && match_component(*pattern, strlen(*pattern),
							       *directory, strlen(*directory))) {
			pattern++;
			directory++;
		} else if (star != NULL) {
			pattern = star;
			directory = ++taken;
		} else {
			return false;
		}
	}
	while (is_any_depth(pattern))
		pattern++;
	return *pattern == NULL;
}

/* A directory as two lists of components: as it is, and as what it contains under
 * the name of `.`, which a star at the end of a glob finds. */
typedef struct {
	char **plain, **dotted;
} Target;

static Target target_of(const char *directory)
{
	g_autofree char *dotted =
		g_strconcat(strcmp(directory, "/") == 0 ? "" : directory, "/.", NULL);

	return (Target){ components_of(directory), components_of(dotted) };
}

static void target_clear(Target *target)
{
	g_strfreev(target->plain);
	g_strfreev(target->dotted);
}

static bool fits(const GPtrArray *patterns, const Target *target)
{
	for (guint i = 0; i < patterns->len; i++)
		if (components_fit(patterns->pdata[i], target->plain) ||
		    components_fit(patterns->pdata[i], target->dotted))
			return true;
	return false;
}

/* The patterns of a glob; of char **. */
static GPtrArray *patterns_of(const char *written)
{
	GPtrArray *patterns = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	g_autoptr(GPtrArray) list = match_alternatives(written);

	for (guint i = 0; i < list->len; i++) {
		g_autofree char *normal = directory_normal(list->pdata[i]);

		g_ptr_array_add(patterns, components_of(normal));
	}
	return patterns;
}

bool directories_take_in(const char *written, const char *directory)
{
	g_autofree char *normal = directory_normal(written);
	g_autoptr(GPtrArray) patterns = NULL;
	Target target;
	bool is_in;

	if (!directory_is_glob(written))
		return strcmp(normal, directory) == 0;
	patterns = patterns_of(written);
	target = target_of(directory);
	is_in = fits(patterns, &target);
	target_clear(&target);
	return is_in;
}

/* All directories that hold a file, in order. */
static GTree *directories_of(const GPtrArray *paths)
{
	GTree *directories = g_tree_new_full(text_compare, NULL, g_free, NULL);

	g_tree_insert(directories, g_strdup("/"), GINT_TO_POINTER(1));
	for (guint i = 0; i < paths->len; i++) {
		g_autofree char *path = g_strconcat("/", paths->pdata[i], NULL);
		char *slash;

		/* Upwards, until one is known: its own are known too. */
		while ((slash = strrchr(path, '/')) != path) {
			*slash = '\0';
			if (g_tree_lookup(directories, path) != NULL)
				break;
			g_tree_insert(directories, g_strdup(path), GINT_TO_POINTER(1));
		}
	}
	return directories;
}

static void add(GPtrArray *found, GTree *seen, const char *directory)
{
	char *copy;

	if (g_tree_lookup(seen, directory) != NULL)
		return;
	copy = g_strdup(directory);
	g_ptr_array_add(found, copy);
	g_tree_insert(seen, copy, copy);
}

static bool add_glob(GPtrArray *found, GTree *seen, const char *written, GTree *directories,
		     guint *comparisons, GError **error)
{
	g_autoptr(GPtrArray) patterns = patterns_of(written);

	for (GTreeNode *node = g_tree_node_first(directories); node != NULL;
	     node = g_tree_node_next(node)) {
		const char *directory = g_tree_node_key(node);
		Target target = target_of(directory);

		*comparisons += patterns->len;
		if (fits(patterns, &target))
			add(found, seen, directory);
		target_clear(&target);
		if (*comparisons > MOST_COMPARISONS)
			return fail(error, FAILURE_LIMIT,
				    "'directories' has too many globs for a repository of %d "
				    "directories",
				    g_tree_nnodes(directories));
	}
	return true;
}

GPtrArray *directories_expand(const Rules *rules, const GPtrArray *paths, GError **error)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GTree) seen = g_tree_new_with_data(text_compare, NULL), directories = NULL;
	guint comparisons = 0;

	for (guint i = 0; i < rules->directories->len; i++) {
		const char *written = rules->directories->pdata[i];

		if (!directory_is_glob(written)) {
			g_autofree char *normal = directory_normal(written);

			add(found, seen, normal);
			continue;
		}
		if (directories == NULL)
			directories = directories_of(paths);
		if (!add_glob(found, seen, written, directories, &comparisons, error))
			return NULL;
	}
	if (directories != NULL && found->len > LIMIT_DIRECTORIES)
		return fail_null(error, FAILURE_LIMIT,
				 "'directories' takes in %u directories, at most %d", found->len,
				 LIMIT_DIRECTORIES);
	return g_steal_pointer(&found);
}

static void complain(RulesFile *file, Rules *rules, const char *text)
{
	g_ptr_array_add(file->problems, problem_new(file->path, rules->place.line,
						    rules->place.column, WEIGHT_ERROR, "%s", text));
	rules->is_usable = false;
}

/* Notes the directories of one entry, unless an earlier one has any of them. */
static void claim(RulesFile *file, Rules *rules, const GPtrArray *directories, GTree *owners)
{
	for (guint i = 0; i < directories->len; i++) {
		g_autofree char *key = g_strjoin("\n", rules->ecosystem_name, directories->pdata[i],
						 rules->target_branch, NULL);
		const Rules *owner = g_tree_lookup(owners, key);
		g_autofree char *text = NULL;

		if (owner == NULL) {
			g_tree_insert(owners, g_steal_pointer(&key), rules);
			continue;
		}
		text = g_strdup_printf("the entry on line %d takes in '%s' for '%s' too; keep one",
				       owner->place.line, (char *)directories->pdata[i],
				       rules->ecosystem_name);
		complain(file, rules, text);
		return;
	}
}

void directories_check(RulesFile *file, const GPtrArray *paths)
{
	g_autoptr(GTree) owners = g_tree_new_full(text_compare, NULL, g_free, NULL);

	for (guint i = 0; i < file->entries->len; i++) {
		Rules *rules = file->entries->pdata[i];
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) directories = NULL;

		if (!rules->is_usable || !rules->is_handled)
			continue;
		directories = directories_expand(rules, paths, &error);
		if (directories == NULL)
			complain(file, rules, error->message);
		else
			claim(file, rules, directories, owners);
	}
}
