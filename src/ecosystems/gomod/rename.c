/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/rename.h"

#include "base/text.h"
#include "ecosystems/gomod/gotree.h"
#include "ecosystems/gomod/imports.h"
#include "ecosystems/gomod/modfile.h"
#include "ecosystems/gomod/modpath.h"
#include "upkeepd/edit.h"
#include "upkeepd/limits.h"

#include <string.h>

enum {
	/* A package is a folder. What lies deeper, or has a longer name, is none. */
	LONGEST_PATH = 4096,
	MOST_ELEMENTS = 100,
};

typedef struct {
	Source *source;
	const char *directory;
	const Rename *rename;
	ModFile *file;
	GTree *others; /* set of char *: module paths that are not `from` */
	GPtrArray *changes;
} Renaming;

/* Whether a package is of the module that gives way. */
static bool is_meant(const Rename *rename, GTree *others, const char *package)
{
	size_t shortest = strlen(rename->from), length = strlen(package);
	g_autofree char *at = NULL;
	guint elements = 0;

	if (length > LONGEST_PATH || !modpath_is_within(package, rename->from))
		return false;
	at = g_strdup(package);
	while (length > shortest) {
		if (at[length] != '/' && at[length] != '\0') {
			length--;
			continue;
		}
		at[length--] = '\0';
		if (++elements > MOST_ELEMENTS || g_tree_lookup_extended(others, at, NULL, NULL))
			return false;
	}
	return true;
}

/* The package's path in the new module; the caller's. */
static char *moved(const Rename *rename, const char *package)
{
	return g_strconcat(rename->to, package + strlen(rename->from), NULL);
}

GPtrArray *rename_imports(const char *text, size_t length, const Rename *rename, GTree *others)
{
	g_autoptr(GPtrArray) places = imports_places(text, length);
	GPtrArray *edits = edits_new();

	for (guint i = 0; i < places->len; i++) {
		const ImportPlace *place = places->pdata[i];
		g_autofree char *package = NULL, *literal = NULL;
		char quote = text[place->span.from];

		if (!is_meant(rename, others, place->path))
			continue;
		package = moved(rename, place->path);
		literal = g_strdup_printf("%c%s%c", quote, package, quote);
		edits_add(edits, place->span, literal);
	}
	return edits;
}

/* Takes the edits of one file. */
static bool change(Renaming *renaming, const char *path, GBytes *before, const GPtrArray *edits,
		   GError **error)
{
	g_autoptr(GBytes) after = NULL;

	if (edits->len == 0)
		return true;
	after = edits_apply(before, edits, error);
	if (after == NULL)
		return false;
	g_ptr_array_add(renaming->changes, file_change_new(path, before, after));
	return true;
}

static void add_tools(const Renaming *renaming, GPtrArray *edits)
{
	for (guint i = 0; i < renaming->file->tools->len; i++) {
		const ModPath *tool = renaming->file->tools->pdata[i];
		g_autofree char *text = NULL;

		if (!is_meant(renaming->rename, renaming->others, tool->path))
			continue;
		text = moved(renaming->rename, tool->path);
		edits_add(edits, modnode_span(tool->node, tool->node->is_in_block ? 0 : 1), text);
	}
}

static void move_requires(const Renaming *renaming, GPtrArray *edits)
{
	const Rename *rename = renaming->rename;

	for (guint i = 0; i < renaming->file->requires->len; i++) {
		const ModRequire *require = renaming->file->requires->pdata[i];
		guint first = require->node->is_in_block ? 0 : 1; /* behind `require` */

		if (strcmp(require->path, rename->from) != 0)
			continue;
		edits_add(edits, modnode_span(require->node, first), rename->to);
		edits_add(edits, modnode_span(require->node, first + 1), rename->version);
	}
}

static bool change_gomod(Renaming *renaming, GBytes *text, GError **error)
{
	const Rename *rename = renaming->rename;
	g_autoptr(GPtrArray) edits = edits_new();

	if (modfile_require(renaming->file, rename->from) == NULL)
		return fail(error, FAILURE_ABSENT, "'%s' is not required in '%s'", rename->from,
			    renaming->file->path);
	if (modfile_require(renaming->file, rename->to) == NULL)
		move_requires(renaming, edits);
	add_tools(renaming, edits);
	return change(renaming, renaming->file->path, text, edits, error);
}

static bool change_source(Renaming *renaming, const char *path, GError **error)
{
	Source *source = renaming->source;
	g_autoptr(GBytes) text = source->read(source, path, LIMIT_SOURCE_FILE, error);
	g_autoptr(GPtrArray) edits = NULL;
	const char *bytes;
	gsize length;

	if (text == NULL)
		return false;
	bytes = g_bytes_get_data(text, &length);
	edits = rename_imports(bytes, length, renaming->rename, renaming->others);
	return change(renaming, path, text, edits, error);
}

/* Whether a package is read from the file, by its name. */
static bool is_looked_at(const char *path, const char *root, GTree *folders)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
	size_t skipped = *root != '\0' ? strlen(root) + 1 : 0;
	g_autofree char *folder = NULL;

	if (!imports_is_read(name))
		return false;
	folder = slash != NULL && (size_t)(slash - path) > skipped
			 ? g_strndup(path + skipped, (size_t)(slash - path) - skipped)
			 : g_strdup("");
	return g_tree_lookup_extended(folders, folder, NULL, NULL);
}

static bool change_sources(Renaming *renaming, GError **error)
{
	const char *root = renaming->directory;
	g_autoptr(GoTree) tree = gotree_new(renaming->source);
	g_autoptr(GPtrArray) packages = gotree_packages(tree, root, renaming->file->ignores);
	g_autoptr(GPtrArray) files = gotree_files(tree, root);
	g_autoptr(GTree) folders = g_tree_new_full(text_compare, NULL, NULL, NULL);

	for (guint i = 0; i < packages->len; i++)
		g_tree_insert(folders, packages->pdata[i], NULL);
	if (!gotree_want(tree, root, packages, error))
		return false;
	for (guint i = 0; i < files->len; i++)
		if (is_looked_at(files->pdata[i], root, folders) &&
		    !change_source(renaming, files->pdata[i], error))
			return false;
	return true;
}

static void add_others(Renaming *renaming)
{
	const ModFile *file = renaming->file;

	renaming->others = g_tree_new_full(text_compare, NULL, NULL, NULL);
	g_tree_insert(renaming->others, (void *)renaming->rename->to, NULL);
	if (file->module != NULL)
		g_tree_insert(renaming->others, file->module, NULL);
	for (guint i = 0; i < file->requires->len; i++)
		g_tree_insert(renaming->others, ((ModRequire *)file->requires->pdata[i])->path,
			      NULL);
}

GPtrArray *rename_apply(Source *source, const char *directory, const Rename *rename, GError **error)
{
	Renaming renaming = { .source = source, .directory = directory, .rename = rename };
	g_autofree char *path = gotree_join(directory, "go.mod");
	g_autoptr(GBytes) text = source->read(source, path, LIMIT_MANIFEST, error);
	g_autoptr(ModFile) file =
		text != NULL ? modfile_parse(path, text, MODFILE_MAIN, error) : NULL;
	bool is_done;

	if (file == NULL)
		return NULL;
	renaming.file = file;
	renaming.changes = file_changes_new();
	add_others(&renaming);
	is_done = change_gomod(&renaming, text, error) && change_sources(&renaming, error);
	g_tree_unref(renaming.others);
	if (is_done)
		return renaming.changes;
	g_ptr_array_unref(renaming.changes);
	return NULL;
}
