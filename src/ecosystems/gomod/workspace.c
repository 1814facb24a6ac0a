/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/workspace.h"

#include "upkeepd/limits.h"

#include <string.h>

static void member_free(void *data)
{
	Member *member = data;

	g_free(member->path);
	g_free(member->directory);
	g_free(member);
}

void workspace_free(Workspace *workspace)
{
	if (workspace == NULL)
		return;
	g_free(workspace->file);
	g_ptr_array_unref(workspace->members);
	g_free(workspace);
}

/* The go.mod of a folder; NULL if it is none, or cannot be had. */
static ModFile *read_gomod(const GoTree *tree, const char *directory)
{
	Source *source = gotree_source(tree);
	g_autofree char *path = gotree_join(directory, "go.mod");
	g_autoptr(GBytes) text = source->read(source, path, LIMIT_MANIFEST, NULL);

	return text != NULL ? modfile_read(path, text, MODFILE_MAIN, NULL) : NULL;
}

static void add_member(const GoTree *tree, Workspace *workspace, const char *root, const char *use)
{
	g_autofree char *directory = gotree_resolve(root, use);
	g_autofree char *gomod = directory != NULL ? gotree_join(directory, "go.mod") : NULL;
	g_autoptr(ModFile) file = NULL;
	Member *member;

	if (gomod == NULL || !source_has(gotree_source(tree), gomod))
		return;
	file = read_gomod(tree, directory);
	member = g_new0(Member, 1);
	member->directory = g_steal_pointer(&directory);
	if (file != NULL)
		member->path = g_strdup(file->module);
	g_ptr_array_add(workspace->members, member);
}

static Workspace *read_workspace(const GoTree *tree, const char *root, GError **error)
{
	Source *source = gotree_source(tree);
	g_autoptr(Workspace) workspace = g_new0(Workspace, 1);
	g_autoptr(GBytes) text = NULL;
	g_autoptr(ModFile) file = NULL;

	workspace->members = g_ptr_array_new_with_free_func(member_free);
	workspace->file = gotree_join(root, "go.work");
	text = source->read(source, workspace->file, LIMIT_MANIFEST, error);
	if (text == NULL)
		return NULL;
	file = modfile_parse(workspace->file, text, MODFILE_WORK, error);
	if (file == NULL) {
		g_prefix_error(error, "'%s': ", workspace->file);
		return NULL;
	}
	for (guint i = 0; i < file->uses->len; i++)
		add_member(tree, workspace, root, ((ModPath *)file->uses->pdata[i])->path);
	return g_steal_pointer(&workspace);
}

bool workspace_find(const GoTree *tree, const char *directory, Workspace **workspace,
		    GError **error)
{
	g_autofree char *at = g_strdup(directory);

	*workspace = NULL;
	for (;;) {
		g_autofree char *file = gotree_join(at, "go.work");
		char *slash;

		if (source_has(gotree_source(tree), file))
			break;
		if (*at == '\0')
			return true;
		slash = strrchr(at, '/');
		*(slash != NULL ? slash : at) = '\0';
	}
	*workspace = read_workspace(tree, at, error);
	if (*workspace == NULL)
		return false;
	for (guint i = 0; i < (*workspace)->members->len; i++)
		if (strcmp(((Member *)(*workspace)->members->pdata[i])->directory, directory) == 0)
			return true;
	g_clear_pointer(workspace, workspace_free);
	return true;
}

static bool follows(const GoTree *tree, const char *module, const char *directory)
{
	g_autoptr(ModFile) file = read_gomod(tree, module);

	for (guint i = 0; file != NULL && i < file->replaces->len; i++) {
		const ModReplace *replace = file->replaces->pdata[i];
		g_autofree char *target = NULL;

		if (replace->new_version != NULL)
			continue;
		target = gotree_resolve(module, replace->new_path);
		if (target != NULL && strcmp(target, directory) == 0)
			return true;
	}
	return false;
}

GPtrArray *workspace_followers(const GoTree *tree, const char *directory, GError **error)
{
	Source *source = gotree_source(tree);
	g_autoptr(GPtrArray) modules = gotree_modules(tree), files = NULL;
	GPtrArray *followers;

	files = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < modules->len; i++)
		g_ptr_array_add(files, gotree_join(modules->pdata[i], "go.mod"));
	if (!source->want(source, files, error))
		return NULL;
	followers = g_ptr_array_new();
	for (guint i = 0; i < modules->len; i++)
		if (strcmp(modules->pdata[i], directory) != 0 &&
		    follows(tree, modules->pdata[i], directory))
			g_ptr_array_add(followers, modules->pdata[i]);
	return followers;
}
