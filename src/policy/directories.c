/* SPDX-License-Identifier: MIT */
#include "policy/directories.h"

#include "base/text.h"
#include "policy/match.h"
#include "upkeepd/limits.h"

#include <string.h>

/* Comparisons of one glob with one directory, which take about 0.2 µs each. */
#define MOST_COMPARISONS 5000000

/* What a pattern costs by itself, in comparisons. */
#define PATTERN_COST 8

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

/* What of a path is not looked at yet: `at` NULL if nothing. */
typedef struct {
	const char *at, *end;
} Rest;

static size_t first_length(Rest rest)
{
	const char *slash = memchr(rest.at, '/', (size_t)(rest.end - rest.at));

	return (size_t)((slash != NULL ? slash : rest.end) - rest.at);
}

static Rest after_first(Rest rest)
{
	const char *stop = rest.at + first_length(rest);

	return (Rest){ stop < rest.end ? stop + 1 : NULL, rest.end };
}

/* `path` with leading slash, of that length. */
static bool components_fit(char *const *pattern, const char *path, size_t length)
{
	Rest rest = { length > 1 ? path + 1 : NULL, path + length }, taken = { NULL, NULL };
	char *const *star = NULL;

	while (rest.at != NULL) {
		if (is_any_depth(pattern)) {
			star = ++pattern;
			taken = rest;
		} else if (*pattern != NULL && match_component(*pattern, strlen(*pattern), rest.at,
							       first_length(rest))) {
			pattern++;
			rest = after_first(rest);
		} else if (star != NULL) {
			pattern = star;
			rest = taken = after_first(taken);
		} else {
			return false;
		}
	}
	while (is_any_depth(pattern))
		pattern++;
	return *pattern == NULL;
}

/* A directory fits as it is, and as what it contains under the name of `.`, which a star
 * at the end of a glob finds. `dotted` is for that, from one time to the next. */
static bool fits(char *const *pattern, const char *directory, GString *dotted)
{
	g_string_assign(dotted, strcmp(directory, "/") == 0 ? "" : directory);
	g_string_append(dotted, "/.");
	return components_fit(pattern, directory, strlen(directory)) ||
	       components_fit(pattern, dotted->str, dotted->len);
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
	g_autoptr(GString) dotted = g_string_new(NULL);

	if (!directory_is_glob(written))
		return strcmp(normal, directory) == 0;
	patterns = patterns_of(written);
	for (guint i = 0; i < patterns->len; i++)
		if (fits(patterns->pdata[i], directory, dotted))
			return true;
	return false;
}

struct Folders {
	GPtrArray *names; /* of char *, sorted */
};

static gboolean take_name(gpointer key, gpointer value G_GNUC_UNUSED, gpointer names)
{
	g_ptr_array_add(names, key);
	return FALSE;
}

Folders *folders_new(const GPtrArray *paths)
{
	Folders *folders = g_new0(Folders, 1);
	g_autoptr(GTree) known = g_tree_new_with_data(text_compare, NULL);
	char *root = g_strdup("/");

	g_tree_insert(known, root, root);
	for (guint i = 0; i < paths->len; i++) {
		g_autofree char *path = g_strconcat("/", paths->pdata[i], NULL);
		char *slash;

		/* Upwards, until one is known: its own are known too. */
		while ((slash = strrchr(path, '/')) != path) {
			char *copy;

			*slash = '\0';
			if (g_tree_lookup(known, path) != NULL)
				break;
			copy = g_strdup(path);
			g_tree_insert(known, copy, copy);
		}
	}
	folders->names = g_ptr_array_new_full((guint)g_tree_nnodes(known), g_free);
	g_tree_foreach(known, take_name, folders->names);
	return folders;
}

void folders_free(Folders *folders)
{
	if (folders == NULL)
		return;
	g_ptr_array_unref(folders->names);
	g_free(folders);
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

/* What all begin with that a pattern can fit: its components before the first that is one. */
static char *beginning_of(char *const *pattern)
{
	GString *beginning = g_string_new(NULL);

	for (; *pattern != NULL && strpbrk(*pattern, "*?[\\") == NULL; pattern++)
		g_string_append_printf(beginning, "/%s", *pattern);
	return g_string_free(beginning, FALSE);
}

/* Adds to `fitting` where in the list those stand that fit. */
static bool find_fitting(const Folders *folders, char *const *pattern, GTree *fitting,
			 guint *comparisons, GError **error)
{
	g_autofree char *beginning = beginning_of(pattern);
	g_autoptr(GString) dotted = g_string_new(NULL);

	*comparisons += PATTERN_COST;
	for (guint i = text_position(folders->names, beginning); i < folders->names->len; i++) {
		char *directory = folders->names->pdata[i];

		if (!g_str_has_prefix(directory, beginning))
			break;
		if (++*comparisons > MOST_COMPARISONS)
			return fail(error, FAILURE_LIMIT,
				    "'directories' has too many globs for a repository of %u "
				    "directories",
				    folders->names->len);
		if (fits(pattern, directory, dotted))
			g_tree_insert(fitting, directory, directory);
	}
	return true;
}

static bool add_glob(GPtrArray *found, GTree *seen, const char *written, const Folders *folders,
		     guint *comparisons, GError **error)
{
	g_autoptr(GPtrArray) patterns = patterns_of(written);
	g_autoptr(GTree) fitting = g_tree_new_with_data(text_compare, NULL);

	for (guint i = 0; i < patterns->len; i++)
		if (!find_fitting(folders, patterns->pdata[i], fitting, comparisons, error))
			return false;
	for (GTreeNode *node = g_tree_node_first(fitting); node != NULL;
	     node = g_tree_node_next(node))
		add(found, seen, g_tree_node_key(node));
	return true;
}

GPtrArray *directories_expand(const Rules *rules, const Folders *folders, GError **error)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GTree) seen = g_tree_new_with_data(text_compare, NULL);
	bool has_glob = false;
	guint comparisons = 0;

	for (guint i = 0; i < rules->directories->len; i++) {
		const char *written = rules->directories->pdata[i];

		if (!directory_is_glob(written)) {
			g_autofree char *normal = directory_normal(written);

			add(found, seen, normal);
			continue;
		}
		has_glob = true;
		if (!add_glob(found, seen, written, folders, &comparisons, error))
			return NULL;
	}
	if (has_glob && found->len > LIMIT_DIRECTORIES)
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
	g_autoptr(Folders) folders = folders_new(paths);

	for (guint i = 0; i < file->entries->len; i++) {
		Rules *rules = file->entries->pdata[i];
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) directories = NULL;

		if (!rules->is_usable || !rules->is_handled)
			continue;
		directories = directories_expand(rules, folders, &error);
		if (directories == NULL)
			complain(file, rules, error->message);
		else
			claim(file, rules, directories, owners);
	}
}
