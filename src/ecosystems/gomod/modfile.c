/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modfile.h"

#include "base/text.h"
#include "ecosystems/gomod/moddirective.h"
#include "ecosystems/gomod/modtoken.h"
#include "ecosystems/gomod/version.h"

#include <string.h>

static void require_free(ModRequire *require)
{
	g_free(require->path);
	g_free(require->version);
	g_free(require);
}

void modreplace_free(ModReplace *replace)
{
	g_free(replace->old_path);
	g_free(replace->old_version);
	g_free(replace->new_path);
	g_free(replace->new_version);
	g_free(replace);
}

static void retract_free(ModRetract *retract)
{
	g_free(retract->low);
	g_free(retract->high);
	g_free(retract->rationale);
	g_free(retract);
}

static void path_free(ModPath *path)
{
	g_free(path->path);
	g_free(path);
}

static void godebug_free(ModGodebug *godebug)
{
	g_free(godebug->key);
	g_free(godebug->value);
	g_free(godebug);
}

static GPtrArray *list_new(void (*free_element)(void *))
{
	return g_ptr_array_new_with_free_func(free_element);
}

static void facts_clear(ModFile *file)
{
	g_clear_pointer(&file->module, g_free);
	g_clear_pointer(&file->deprecated, g_free);
	g_clear_pointer(&file->go, g_free);
	g_clear_pointer(&file->toolchain, g_free);
	file->module_node = file->go_node = file->toolchain_node = NULL;
	g_ptr_array_set_size(file->requires, 0);
	g_ptr_array_set_size(file->excludes, 0);
	g_ptr_array_set_size(file->replaces, 0);
	g_ptr_array_set_size(file->retracts, 0);
	g_ptr_array_set_size(file->tools, 0);
	g_ptr_array_set_size(file->ignores, 0);
	g_ptr_array_set_size(file->uses, 0);
	g_ptr_array_set_size(file->godebugs, 0);
	g_ptr_array_set_size(file->problems, 0);
	g_tree_remove_all(file->replaced);
	g_tree_remove_all(file->excluded);
}

/* Of a module version, or of all versions (NULL), in the indexes. Neither part
 * holds a blank. */
static char *version_key(const char *path, const char *version)
{
	return g_strconcat(path, " ", version, NULL);
}

static ModFile *file_new(const char *path, ModFileKind kind)
{
	ModFile *file = g_new0(ModFile, 1);

	file->kind = kind;
	file->path = g_strdup(path);
	file->requires = list_new((GDestroyNotify)require_free);
	file->excludes = list_new((GDestroyNotify)require_free);
	file->replaces = list_new((GDestroyNotify)modreplace_free);
	file->retracts = list_new((GDestroyNotify)retract_free);
	file->tools = list_new((GDestroyNotify)path_free);
	file->ignores = list_new((GDestroyNotify)path_free);
	file->uses = list_new((GDestroyNotify)path_free);
	file->godebugs = list_new((GDestroyNotify)godebug_free);
	file->problems = problems_new();
	file->replaced = g_tree_new_full(text_compare, NULL, g_free, NULL);
	file->excluded = g_tree_new_full(text_compare, NULL, g_free, NULL);
	return file;
}

void modfile_free(ModFile *file)
{
	if (file == NULL)
		return;
	facts_clear(file);
	g_ptr_array_unref(file->requires);
	g_ptr_array_unref(file->excludes);
	g_ptr_array_unref(file->replaces);
	g_ptr_array_unref(file->retracts);
	g_ptr_array_unref(file->tools);
	g_ptr_array_unref(file->ignores);
	g_ptr_array_unref(file->uses);
	g_ptr_array_unref(file->godebugs);
	g_ptr_array_unref(file->problems);
	g_tree_unref(file->replaced);
	g_tree_unref(file->excluded);
	modsyntax_free(file->syntax);
	g_free(file->path);
	g_free(file);
}

/* What the look-ups below need. */
static void index_facts(ModFile *file)
{
	for (guint i = 0; i < file->excludes->len; i++) {
		ModRequire *exclude = g_ptr_array_index(file->excludes, i);

		g_tree_replace(file->excluded, version_key(exclude->path, exclude->version),
			       exclude);
	}
	for (guint i = 0; i < file->replaces->len; i++) { /* the last one wins */
		ModReplace *replace = g_ptr_array_index(file->replaces, i);

		g_tree_replace(file->replaced, version_key(replace->old_path, replace->old_version),
			       replace);
	}
}

void modfile_reread(ModFile *file)
{
	facts_clear(file);
	for (guint i = 0; i < file->syntax->nodes->len; i++) {
		ModNode *node = g_ptr_array_index(file->syntax->nodes, i);

		if (node->tokens != NULL)
			moddirective_read(file, node);
	}
	index_facts(file);
}

/* A merge left to a person would be read as odd requirements, or cause a puzzling
 * mistake further down. */
static bool check_merged(GBytes *text, GError **error)
{
	static const char marker[] = "\n<<<<<<< ";
	gsize length;
	const char *bytes = g_bytes_get_data(text, &length);
	const char *found = NULL;
	int line, column;

	if (length >= strlen(marker + 1) && memcmp(bytes, marker + 1, strlen(marker + 1)) == 0)
		found = bytes;
	else if (length > 0)
		found = memmem(bytes, length, marker, strlen(marker));
	if (found == NULL)
		return true;
	position_of(text, (uint32_t)(found - bytes) + (found > bytes), &line, &column);
	return fail(error, FAILURE_INPUT, "%d:%d: the file holds a merge conflict", line, column);
}

ModFile *modfile_read(const char *path, GBytes *text, ModFileKind kind, GError **error)
{
	ModSyntax *syntax = NULL;
	ModFile *file;

	if (kind == MODFILE_DEPENDENCY || check_merged(text, error))
		syntax = modsyntax_parse(text, error);
	if (syntax == NULL)
		return NULL;
	file = file_new(path, kind);
	file->syntax = syntax;
	modfile_reread(file);
	return file;
}

ModFile *modfile_parse(const char *path, GBytes *text, ModFileKind kind, GError **error)
{
	g_autoptr(ModFile) file = modfile_read(path, text, kind, error);

	for (guint i = 0; file != NULL && i < file->problems->len; i++) {
		const Problem *problem = g_ptr_array_index(file->problems, i);

		if (problem->weight == WEIGHT_ERROR)
			return fail_null(error, FAILURE_INPUT, "%d:%d: %s", problem->line,
					 problem->column, problem->text);
	}
	return g_steal_pointer(&file);
}

bool modfile_is_directory(const char *path)
{
	static const char *const starts[] = { "./", "../", "/", ".\\", "..\\", "\\" };

	if (strcmp(path, ".") == 0 || strcmp(path, "..") == 0)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++)
		if (g_str_has_prefix(path, starts[i]))
			return true;
	return g_ascii_isalpha(path[0]) && path[1] == ':';
}

bool modfile_is_marked_indirect(const ModNode *line)
{
	const char *comment, *rest;

	if (line->suffix == NULL)
		return false;
	comment = g_ptr_array_index(line->suffix, 0);
	comment += g_str_has_prefix(comment, "//") ? 2 : 0;
	comment = modtoken_skip_spaces(comment);
	if (!g_str_has_prefix(comment, "indirect"))
		return false;
	rest = comment + strlen("indirect");
	if (*rest == ';') /* `indirect;` alone does not count */
		return modtoken_skip_spaces(rest + 1) > rest + 1 &&
		       *modtoken_skip_spaces(rest + 1) != '\0';
	return *modtoken_skip_spaces(rest) == '\0';
}

const ModRequire *modfile_require(const ModFile *file, const char *path)
{
	for (guint i = 0; i < file->requires->len; i++) {
		const ModRequire *require = g_ptr_array_index(file->requires, i);

		if (strcmp(require->path, path) == 0)
			return require;
	}
	return NULL;
}

const ModReplace *modfile_replacement(const ModFile *file, const char *path, const char *version)
{
	g_autofree char *of_one = version_key(path, version);
	g_autofree char *of_all = version_key(path, NULL);
	const ModReplace *replace = g_tree_lookup(file->replaced, of_one);

	return replace != NULL ? replace : g_tree_lookup(file->replaced, of_all);
}

bool modfile_check_replaces(const ModFile *file, GError **error)
{
	for (guint i = 0; i < file->replaces->len; i++) {
		const ModReplace *a = g_ptr_array_index(file->replaces, i);
		g_autofree char *key = version_key(a->old_path, a->old_version);
		const ModReplace *b = g_tree_lookup(file->replaced, key);

		if (strcmp(a->new_path, b->new_path) != 0 ||
		    g_strcmp0(a->new_version, b->new_version) != 0)
			return fail(error, FAILURE_INPUT,
				    "%d:%d: '%s' is replaced here and, otherwise, in line %d",
				    a->node->line, a->node->column, a->old_path, b->node->line);
	}
	return true;
}

bool modfile_excludes(const ModFile *file, const char *path, const char *version)
{
	g_autofree char *key = version_key(path, version);

	return g_tree_lookup(file->excluded, key) != NULL;
}

const ModRetract *modfile_retraction(const ModFile *file, const char *version)
{
	for (guint i = 0; i < file->retracts->len; i++) {
		const ModRetract *retract = g_ptr_array_index(file->retracts, i);

		if (version_compare(retract->low, version) <= 0 &&
		    version_compare(version, retract->high) <= 0)
			return retract;
	}
	return NULL;
}
