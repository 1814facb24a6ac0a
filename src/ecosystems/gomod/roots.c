/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/roots.h"

#include "ecosystems/gomod/goversion.h"
#include "ecosystems/gomod/modpath.h"

#include <string.h>

/* What a main module without a go line is read as. */
#define GO_UNKNOWN "1.16"

/* From here on a package's module must have a usable go.mod, whose go line says
 * how to compile it. */
#define GO_CHECKS_PROVIDERS "1.21"

struct Roots {
	Facts *facts;
	GPtrArray *modules;
	GHashTable *highest; /* Path to Module */
	GHashTable *direct;
	bool is_pruned;
	Graph *graph; /* NULL until it was read */

	/* By the path's number; NULL: not asked. From the list, from the graph. */
	GPtrArray *resolutions[2];
};

static void resolution_free(void *data)
{
	Resolution *resolution = data;

	if (resolution == NULL)
		return;
	g_clear_pointer(&resolution->others, g_ptr_array_unref);
	g_free(resolution->why);
	g_free(resolution);
}

static GHashTable *copy_set(GHashTable *set)
{
	GHashTable *other = g_hash_table_new(NULL, NULL);
	GHashTableIter iter;
	void *element;

	g_hash_table_iter_init(&iter, set);
	while (g_hash_table_iter_next(&iter, &element, NULL))
		g_hash_table_add(other, element);
	return other;
}

Roots *roots_new(Facts *facts, const GPtrArray *modules, bool is_pruned, GHashTable *direct)
{
	Roots *roots = g_new0(Roots, 1);

	roots->facts = facts;
	roots->is_pruned = is_pruned;
	roots->direct = copy_set(direct);
	roots->modules = g_ptr_array_new();
	for (guint i = 0; i < modules->len; i++)
		g_ptr_array_add(roots->modules, modules->pdata[i]);
	g_ptr_array_sort(roots->modules, module_order);
	roots->highest = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < roots->modules->len; i++) {
		Module *module = roots->modules->pdata[i];

		g_hash_table_insert(roots->highest, module->path, module);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(roots->resolutions); i++)
		roots->resolutions[i] = g_ptr_array_new_with_free_func(resolution_free);
	return roots;
}

void roots_free(Roots *roots)
{
	if (roots == NULL)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(roots->resolutions); i++)
		g_ptr_array_unref(roots->resolutions[i]);
	graph_free(roots->graph);
	g_hash_table_unref(roots->highest);
	g_hash_table_unref(roots->direct);
	g_ptr_array_unref(roots->modules);
	g_free(roots);
}

bool roots_is_pruned(const Roots *roots)
{
	return roots->is_pruned;
}

GHashTable *roots_direct(const Roots *roots)
{
	return roots->direct;
}

const GPtrArray *roots_modules(const Roots *roots)
{
	return roots->modules;
}

Module *roots_version(const Roots *roots, const Path *path)
{
	Module *main = facts_main(roots->facts);

	return path == main->path ? main : g_hash_table_lookup(roots->highest, path);
}

const char *roots_go(const Roots *roots)
{
	const Module *go = roots_version(roots, facts_path(roots->facts, GOVERSION_PATH));

	return go != NULL ? go->version : GO_UNKNOWN;
}

bool roots_are_equal(const Roots *a, const Roots *b)
{
	if (a->modules->len != b->modules->len)
		return false;
	for (guint i = 0; i < a->modules->len; i++)
		if (a->modules->pdata[i] != b->modules->pdata[i])
			return false;
	return true;
}

Graph *roots_graph(Roots *roots, GError **error)
{
	if (roots->graph == NULL)
		roots->graph = graph_read(roots->facts, roots->modules, roots->is_pruned, error);
	return roots->graph;
}

bool roots_has_graph(const Roots *roots)
{
	return roots->graph != NULL;
}

static void settle(Roots *roots, const Path *path, bool from_graph, Resolution *resolution)
{
	GPtrArray *list = roots->resolutions[from_graph];

	if (list->len <= path->number)
		g_ptr_array_set_size(list, (gint)facts_path_count(roots->facts));
	list->pdata[path->number] = resolution;
}

const Resolution *roots_resolution(const Roots *roots, const Path *path, bool from_graph)
{
	const GPtrArray *list = roots->resolutions[from_graph];

	return path->number < list->len ? list->pdata[path->number] : NULL;
}

static Resolution *resolution_new(ResolutionKind kind)
{
	Resolution *resolution = g_new0(Resolution, 1);

	resolution->kind = kind;
	return resolution;
}

static void break_off(Resolution *resolution, FailureKind failure, const char *why)
{
	resolution->kind = BROKEN;
	resolution->failure = failure;
	resolution->why = g_strdup(why);
}

static Resolution *broken(FailureKind failure, const char *why)
{
	Resolution *resolution = resolution_new(BROKEN);

	break_off(resolution, failure, why);
	return resolution;
}

/* Answers that need no module: NULL if it takes some. */
static Resolution *resolve_alone(const Path *path)
{
	static const char *const patterns[] = { "all", "std", "cmd", "tool", "work" };
	g_autoptr(GError) error = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++)
		if (strcmp(path->text, patterns[i]) == 0)
			return broken(FAILURE_INPUT, "it is not an importable package");
	if (path->is_standard)
		return resolution_new(STANDARD);
	if (strcmp(path->text, ".") == 0 || strcmp(path->text, "..") == 0 ||
	    g_str_has_prefix(path->text, "./") || g_str_has_prefix(path->text, "../"))
		return broken(FAILURE_INPUT, "relative import paths are not supported in modules");
	if (!modpath_check_import(path->text, &error))
		return broken(FAILURE_INPUT, error->message);
	return NULL;
}

/* The version of `prefix` that a package may come from; NULL: none. */
static Module *candidate(const Roots *roots, const Graph *graph, const Path *prefix)
{
	if (path_is_go(prefix) || path_is_toolchain(prefix))
		return NULL;
	return graph != NULL ? graph_selected(graph, prefix) : roots_version(roots, prefix);
}

static bool need_candidates(Roots *roots, const Graph *graph, const GPtrArray *paths,
			    GError **error)
{
	g_autoptr(GPtrArray) modules = g_ptr_array_new();

	for (guint i = 0; i < paths->len; i++)
		for (const Path *prefix = paths->pdata[i]; prefix != NULL;
		     prefix = prefix->parent) {
			Module *module = candidate(roots, graph, prefix);

			if (module != NULL && module->packages_state == UNKNOWN)
				g_ptr_array_add(modules, module);
		}
	return facts_need_packages(roots->facts, modules, error);
}

/* One pass of the loop of gomod.md f.4, all that it looks at being known; NULL
 * if no module has the package. */
static Resolution *resolve_among(Roots *roots, const Graph *graph, Path *path)
{
	g_autoptr(GPtrArray) providers = g_ptr_array_new(), others = g_ptr_array_new();
	Resolution *resolution;

	for (const Path *prefix = path; prefix != NULL; prefix = prefix->parent) {
		Module *module = candidate(roots, graph, prefix);

		if (module == NULL)
			continue;
		if (module->packages_state == FAILED)
			return broken(failure_kind(module->packages_error),
				      module->packages_error->message);
		g_ptr_array_add(facts_has_package(roots->facts, module, path) ? providers : others,
				module);
	}
	if (providers->len == 0)
		return NULL;
	resolution = resolution_new(providers->len == 1 ? PROVIDED : AMBIGUOUS);
	if (resolution->kind == PROVIDED) {
		resolution->module = providers->pdata[0];
		resolution->others = g_steal_pointer(&others);
	} else {
		resolution->others = g_steal_pointer(&providers);
	}
	return resolution;
}

/* A package whose module has no usable go.mod cannot be compiled. */
static bool check_providers(Roots *roots, const GPtrArray *paths, bool from_graph, GError **error)
{
	g_autoptr(GPtrArray) modules = g_ptr_array_new();

	if (goversion_compare(roots_go(roots), GO_CHECKS_PROVIDERS) < 0)
		return true;
	for (guint i = 0; i < paths->len; i++) {
		const Resolution *found = roots_resolution(roots, paths->pdata[i], from_graph);

		if (found->kind == PROVIDED && !module_is_main(roots->facts, found->module))
			g_ptr_array_add(modules, found->module);
	}
	if (!facts_need_requirements(roots->facts, modules, error))
		return false;
	for (guint i = 0; i < paths->len; i++) {
		Resolution *found =
			roots->resolutions[from_graph]->pdata[((Path *)paths->pdata[i])->number];

		if (found->kind == PROVIDED && found->module->requirements_state == FAILED)
			break_off(found, failure_kind(found->module->requirements_error),
				  found->module->requirements_error->message);
	}
	return true;
}

static GPtrArray *unanswered(Roots *roots, const GPtrArray *paths, bool from_graph)
{
	GPtrArray *list = g_ptr_array_new();
	for (guint i = 0; i < paths->len; i++) {
		Path *path = paths->pdata[i];
		Resolution *alone;

		if (roots_resolution(roots, path, from_graph) != NULL)
			continue;
		alone = resolve_alone(path);
		if (alone != NULL)
			settle(roots, path, from_graph, alone);
		else
			g_ptr_array_add(list, path);
	}
	return list;
}

/* Settles what lies in another module of the workspace; returns the others. */
static GPtrArray *leave_to_siblings(Roots *roots, const GPtrArray *paths, bool from_graph)
{
	GPtrArray *others = g_ptr_array_new();

	for (guint i = 0; i < paths->len; i++) {
		const Path *sibling = facts_sibling_of(roots->facts, paths->pdata[i]);

		if (sibling != NULL && roots_version(roots, sibling) == NULL)
			settle(roots, paths->pdata[i], from_graph, resolution_new(STANDARD));
		else
			g_ptr_array_add(others, paths->pdata[i]);
	}
	return others;
}

/* Settles those of `paths` that a pass finds; returns the others. */
static GPtrArray *pass(Roots *roots, const Graph *graph, const GPtrArray *paths, bool from_graph,
		       GError **error)
{
	g_autoptr(GPtrArray) others = g_ptr_array_new();

	if (!need_candidates(roots, graph, paths, error))
		return NULL;
	for (guint i = 0; i < paths->len; i++) {
		Resolution *found = resolve_among(roots, graph, paths->pdata[i]);

		if (found != NULL)
			settle(roots, paths->pdata[i], from_graph, found);
		else
			g_ptr_array_add(others, paths->pdata[i]);
	}
	return g_steal_pointer(&others);
}

bool roots_resolve(Roots *roots, const GPtrArray *paths, bool from_graph, GError **error)
{
	g_autoptr(GPtrArray) asked = unanswered(roots, paths, from_graph), unlisted = NULL;
	g_autoptr(GPtrArray) left = NULL, missing = NULL;
	const Graph *graph;

	if (!from_graph) {
		unlisted = pass(roots, NULL, asked, from_graph, error);
		if (unlisted == NULL)
			return false;
	}
	left = leave_to_siblings(roots, unlisted != NULL ? unlisted : asked, from_graph);
	if (left->len > 0) {
		graph = roots_graph(roots, error);
		if (graph == NULL)
			return false;
		missing = pass(roots, graph, left, from_graph, error);
		if (missing == NULL)
			return false;
		for (guint i = 0; i < missing->len; i++)
			settle(roots, missing->pdata[i], from_graph, resolution_new(MISSING));
	}
	return check_providers(roots, asked, from_graph, error);
}
