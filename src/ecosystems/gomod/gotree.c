/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gotree.h"

#include "base/text.h"
#include "ecosystems/gomod/imports.h"
#include "upkeepd/limits.h"

#include <string.h>

/* One folder that holds Go files or a go.mod. */
typedef struct {
	GPtrArray *files; /* of char *, borrowed: the paths of its Go files */
	bool is_module;
} Folder;

struct GoTree {
	Source *source;
	GTree *folders; /* char * to Folder */
};

static void folder_free(void *data)
{
	g_ptr_array_unref(((Folder *)data)->files);
	g_free(data);
}

static Folder *folder_of(GoTree *tree, const char *path, size_t length)
{
	g_autofree char *name = g_strndup(path, length);
	Folder *folder = g_tree_lookup(tree->folders, name);

	if (folder == NULL) {
		folder = g_new0(Folder, 1);
		folder->files = g_ptr_array_new();
		g_tree_insert(tree->folders, g_steal_pointer(&name), folder);
	}
	return folder;
}

GoTree *gotree_new(Source *source)
{
	GoTree *tree = g_new0(GoTree, 1);

	tree->source = source;
	tree->folders = g_tree_new_full(text_compare, NULL, g_free, folder_free);
	for (guint i = 0; i < source->paths->len; i++) {
		char *path = source->paths->pdata[i], *slash = strrchr(path, '/');
		const char *name = slash != NULL ? slash + 1 : path;
		size_t length = slash != NULL ? (size_t)(slash - path) : 0;

		if (strcmp(name, "go.mod") == 0)
			folder_of(tree, path, length)->is_module = true;
		else if (imports_is_go(name))
			g_ptr_array_add(folder_of(tree, path, length)->files, path);
	}
	return tree;
}

void gotree_free(GoTree *tree)
{
	if (tree == NULL)
		return;
	g_tree_unref(tree->folders);
	g_free(tree);
}

Source *gotree_source(const GoTree *tree)
{
	return tree->source;
}

char *gotree_join(const char *root, const char *folder)
{
	return g_strconcat(root, *root != '\0' && *folder != '\0' ? "/" : "", folder, NULL);
}

static void append_elements(GPtrArray *kept, char **elements)
{
	for (char **element = elements; *element != NULL; element++)
		if (**element != '\0')
			g_ptr_array_add(kept, *element);
}

char *gotree_resolve(const char *root, const char *path)
{
	g_auto(GStrv) above = g_strsplit(root, "/", -1), elements = g_strsplit(path, "/", -1);
	g_autoptr(GPtrArray) all = g_ptr_array_new(), kept = g_ptr_array_new();

	if (g_path_is_absolute(path))
		return NULL;
	append_elements(all, above);
	append_elements(all, elements);
	for (guint i = 0; i < all->len; i++) {
		const char *element = all->pdata[i];

		if (strcmp(element, ".") == 0)
			continue;
		if (strcmp(element, "..") != 0)
			g_ptr_array_add(kept, all->pdata[i]);
		else if (kept->len == 0)
			return NULL;
		else
			g_ptr_array_set_size(kept, (gint)kept->len - 1);
	}
	g_ptr_array_add(kept, NULL);
	return g_strjoinv("/", (char **)kept->pdata);
}

static gboolean add_module(void *name, void *folder, void *modules)
{
	if (((Folder *)folder)->is_module)
		g_ptr_array_add(modules, name);
	return FALSE;
}

GPtrArray *gotree_modules(const GoTree *tree)
{
	GPtrArray *modules = g_ptr_array_new();

	g_tree_foreach(tree->folders, add_module, modules);
	return modules;
}

/* Whether a go.mod lies in `path` or between it and `root`, that excluded. */
static bool is_of_another(const GoTree *tree, const char *root, const char *path)
{
	g_autofree char *at = g_strdup(path);
	size_t root_length = strlen(root);

	while (strlen(at) > root_length) {
		const Folder *folder = g_tree_lookup(tree->folders, at);
		char *slash = strrchr(at, '/');

		if (folder != NULL && folder->is_module)
			return true;
		*(slash != NULL ? slash : at) = '\0';
	}
	return false;
}

static const Folder *find(const GoTree *tree, const char *root, const char *name)
{
	g_autofree char *path = gotree_join(root, name);

	return g_tree_lookup(tree->folders, path);
}

bool gotree_has_package(const GoTree *tree, const char *root, const char *name)
{
	g_autofree char *path = gotree_join(root, name);
	const Folder *folder = g_tree_lookup(tree->folders, path);

	return folder != NULL && folder->files->len > 0 && !is_of_another(tree, root, path);
}

/* `./x` is the folder x of the module; `x` and `x/y` are folders of that name
 * at any depth. `name` is a folder on the way to a package. */
static bool is_ignored(const char *name, const GPtrArray *ignores)
{
	for (guint i = 0; i < ignores->len; i++) {
		g_autofree char *ignore = g_strdup(((ModPath *)ignores->pdata[i])->path);
		size_t length = strlen(ignore), end = strlen(name);

		while (length > 0 && ignore[length - 1] == '/')
			ignore[--length] = '\0';
		if (g_str_has_prefix(ignore, "./")) {
			if (strcmp(name, ignore + 2) == 0)
				return true;
		} else if (length > 0 && end >= length &&
			   strcmp(name + end - length, ignore) == 0 &&
			   (end == length || name[end - length - 1] == '/')) {
			return true;
		}
	}
	return false;
}

/* Whether the walk enters every folder on the way to `name`. */
static bool is_walked(const char *name, const GPtrArray *ignores)
{
	g_auto(GStrv) elements = g_strsplit(name, "/", -1);
	g_autoptr(GString) at = g_string_new(NULL);

	for (char **element = elements; *element != NULL; element++) {
		if (**element == '.' || **element == '_' || strcmp(*element, "testdata") == 0 ||
		    (element > elements && strcmp(element[-1], "vendor") == 0))
			return false;
		g_string_append_printf(at, "%s%s", at->len > 0 ? "/" : "", *element);
		if (is_ignored(at->str, ignores))
			return false;
	}
	return true;
}

/* What gotree_packages() hands to its walk. */
typedef struct {
	const GoTree *tree;
	const char *root;
	const GPtrArray *ignores;
	GPtrArray *packages;
} Walk;

static gboolean add_package(void *key, void *data, void *user)
{
	const char *path = key, *name = path;
	size_t length;
	Walk *walk = user;

	length = strlen(walk->root);
	if (length > 0) {
		if (strncmp(path, walk->root, length) != 0 ||
		    (path[length] != '/' && path[length] != '\0'))
			return FALSE;
		name = path[length] == '/' ? path + length + 1 : "";
	}
	if (((Folder *)data)->files->len > 0 && (*name == '\0' || is_walked(name, walk->ignores)) &&
	    !is_of_another(walk->tree, walk->root, path))
		g_ptr_array_add(walk->packages, g_strdup(name));
	return FALSE;
}

GPtrArray *gotree_packages(const GoTree *tree, const char *root, const GPtrArray *ignores)
{
	Walk walk = { tree, root, ignores, g_ptr_array_new_with_free_func(g_free) };

	g_tree_foreach(tree->folders, add_package, &walk);
	return walk.packages;
}

GPtrArray *gotree_files(const GoTree *tree, const char *root)
{
	const GPtrArray *paths = tree->source->paths;
	g_autofree char *prefix = *root != '\0' ? g_strconcat(root, "/", NULL) : g_strdup("");
	GPtrArray *files = g_ptr_array_new();
	bool is_there;

	for (guint i = source_find(tree->source, prefix, &is_there);
	     i < paths->len && g_str_has_prefix(paths->pdata[i], prefix); i++) {
		const char *path = paths->pdata[i], *slash = strrchr(path, '/');
		g_autofree char *folder =
			slash != NULL ? g_strndup(path, (size_t)(slash - path)) : g_strdup("");

		if (!is_of_another(tree, root, folder))
			g_ptr_array_add(files, paths->pdata[i]);
	}
	return files;
}

bool gotree_want(const GoTree *tree, const char *root, const GPtrArray *folders, GError **error)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new();

	for (guint i = 0; i < folders->len; i++) {
		const Folder *folder = find(tree, root, folders->pdata[i]);

		for (guint j = 0; folder != NULL && j < folder->files->len; j++)
			g_ptr_array_add(paths, folder->files->pdata[j]);
	}
	return tree->source->want(tree->source, paths, error);
}

static bool read_file(const GoTree *tree, const char *path, GTree *set, bool *is_source,
		      GError **error)
{
	g_autoptr(GBytes) bytes = tree->source->read(tree->source, path, LIMIT_SOURCE_FILE, error);
	g_autoptr(Imports) imports = NULL;
	gsize length;
	const char *text;

	if (bytes == NULL)
		return false;
	text = g_bytes_get_data(bytes, &length);
	imports = imports_read(text, length, false);
	for (guint i = 0; i < imports->imports->len; i++)
		g_tree_insert(set, g_strdup(imports->imports->pdata[i]), NULL);
	*is_source = *is_source || imports->is_source;
	return true;
}

bool gotree_read(const GoTree *tree, const char *root, const char *name, GoFolder *found,
		 GError **error)
{
	const Folder *folder = find(tree, root, name);

	found->imports = g_tree_new_full(text_compare, NULL, g_free, NULL);
	found->tests = g_tree_new_full(text_compare, NULL, g_free, NULL);
	for (guint i = 0; folder != NULL && i < folder->files->len; i++) {
		const char *path = folder->files->pdata[i], *slash = strrchr(path, '/');
		const char *file = slash != NULL ? slash + 1 : path;

		if (imports_is_read(file) &&
		    !read_file(tree, path, imports_is_test(file) ? found->tests : found->imports,
			       &found->has_source, error))
			return false;
	}
	return true;
}

void gofolder_clear(GoFolder *folder)
{
	g_clear_pointer(&folder->imports, g_tree_unref);
	g_clear_pointer(&folder->tests, g_tree_unref);
}
