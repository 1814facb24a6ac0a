/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/load.h"

#include "ecosystems/gomod/goversion.h"

/* The largest real modules load 10,000. */
#define LIMIT_PACKAGES 500000

/* Below this go line "all" holds the tests of every package in it, too. */
#define GO_NARROWS_ALL "1.16"

/* A load on its way. */
typedef struct {
	Facts *facts;
	Roots *roots;
	Load *load;
	GPtrArray *queue;   /* of Package: not resolved yet */
	GPtrArray *changed; /* of Package: now in "all", or loaded: see spread() */
	bool closes_over_tests;
} Loading;

static void package_free(void *data)
{
	Package *package = data;

	g_ptr_array_unref(package->imports);
	g_free(package->problem);
	g_free(package);
}

void load_free(Load *load)
{
	if (load == NULL)
		return;
	g_ptr_array_unref(load->packages);
	g_ptr_array_unref(load->by_path);
	g_free(load);
}

bool package_is_external(const Facts *facts, const Package *package)
{
	return package->module != NULL && !module_is_main(facts, package->module);
}

char *package_chain(const Package *package)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (const Package *at = package; at != NULL; at = at->importer) {
		if (at != package)
			g_string_prepend(text, " imports ");
		g_string_prepend(text, at->is_test ? ".test" : "");
		g_string_prepend(text, at->path->text);
		/* The tests of a package come from it; it need not be said twice. */
		if (at->is_test)
			at = at->importer;
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static Package *package_new(Loading *loading, Path *path, Package *importer)
{
	Package *package = g_new0(Package, 1);

	package->path = path;
	package->importer = importer;
	package->imports = g_ptr_array_new();
	g_ptr_array_add(loading->load->packages, package);
	return package;
}

static void put_into_all(Loading *loading, Package *package)
{
	if (package->in_all)
		return;
	package->in_all = true;
	if (package->is_loaded)
		g_ptr_array_add(loading->changed, package);
}

/* The package of a path, new or not. */
static Package *package_of(Loading *loading, Path *path, bool in_all, Package *importer)
{
	GPtrArray *by_path = loading->load->by_path;
	Package *package = path->number < by_path->len ? by_path->pdata[path->number] : NULL;

	if (package == NULL) {
		package = package_new(loading, path, importer);
		if (by_path->len <= path->number)
			g_ptr_array_set_size(by_path, (gint)facts_path_count(loading->facts));
		by_path->pdata[path->number] = package;
		g_ptr_array_add(loading->queue, package);
	}
	if (importer != NULL)
		package->is_wanted = true;
	if (in_all)
		put_into_all(loading, package);
	return package;
}

static void import_all(Loading *loading, Package *package, Path **paths, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		g_ptr_array_add(package->imports,
				package_of(loading, paths[i], package->in_all, package));
	package->is_loaded = true;
	g_ptr_array_add(loading->changed, package);
}

static void load_tests(Loading *loading, Package *package)
{
	const PackageFacts *facts = facts_package(loading->facts, package->module, package->path);
	Package *tests = package_new(loading, package->path, package);

	tests->kind = PROVIDED;
	tests->module = package->module;
	tests->is_test = true;
	tests->in_all =
		module_is_main(loading->facts, package->module) || loading->closes_over_tests;
	package->tests = tests;
	import_all(loading, tests, facts->tests, facts->n_tests);
}

/* Being in "all" is passed on to imports, and asks for tests. */
static void spread(Loading *loading)
{
	while (loading->changed->len > 0) {
		Package *package =
			g_ptr_array_remove_index_fast(loading->changed, loading->changed->len - 1);

		if (!package->in_all)
			continue;
		for (guint i = 0; i < package->imports->len; i++)
			put_into_all(loading, package->imports->pdata[i]);
		if (!package->is_test && package->tests == NULL && package->module != NULL)
			load_tests(loading, package);
	}
}

static void load_one(Loading *loading, Package *package)
{
	const Resolution *found =
		roots_resolution(loading->roots, package->path, !roots_is_pruned(loading->roots));
	const PackageFacts *facts;

	package->resolution = found;
	package->kind = found->kind;
	if (found->kind != PROVIDED) {
		package->problem = g_strdup(found->why);
		return;
	}
	facts = facts_package(loading->facts, found->module, package->path);
	if (facts->failure != NULL || !facts->has_source) {
		package->kind = BROKEN;
		package->problem =
			g_strdup(facts->failure != NULL ? facts->failure : "no Go source files");
		return;
	}
	package->module = found->module;
	if (module_is_main(loading->facts, found->module))
		package->in_all = true;
	import_all(loading, package, facts->imports, facts->n_imports);
}

static bool load_round(Loading *loading, GError **error)
{
	g_autoptr(GPtrArray) round = g_steal_pointer(&loading->queue);
	g_autoptr(GPtrArray) paths = g_ptr_array_sized_new(round->len);

	loading->queue = g_ptr_array_new();
	if (loading->load->packages->len > LIMIT_PACKAGES)
		return fail(error, FAILURE_LIMIT, "more than %d packages are needed",
			    LIMIT_PACKAGES);
	for (guint i = 0; i < round->len; i++)
		g_ptr_array_add(paths, ((Package *)round->pdata[i])->path);
	if (!roots_resolve(loading->roots, paths, !roots_is_pruned(loading->roots), error))
		return false;
	for (guint i = 0; i < round->len; i++)
		load_one(loading, round->pdata[i]);
	spread(loading);
	return true;
}

static bool load_rounds(Loading *loading, GError **error)
{
	g_autoptr(GPtrArray) own = facts_main_packages(loading->facts, error);
	const GPtrArray *tools = facts_main_file(loading->facts)->tools;

	if (own == NULL)
		return false;
	for (guint i = 0; i < own->len; i++)
		package_of(loading, own->pdata[i], true, NULL);
	for (guint i = 0; i < tools->len; i++) {
		Path *path = facts_path(loading->facts, ((ModPath *)tools->pdata[i])->path);

		package_of(loading, path, true, NULL)->is_wanted = true;
	}
	while (loading->queue->len > 0)
		if (!load_round(loading, error))
			return false;
	return true;
}

Load *load_packages(Facts *facts, Roots *roots, GError **error)
{
	g_autoptr(Load) load = g_new0(Load, 1);
	Loading loading = { .facts = facts, .roots = roots, .load = load };
	bool is_loaded;

	load->packages = g_ptr_array_new_with_free_func(package_free);
	load->by_path = g_ptr_array_new();
	loading.queue = g_ptr_array_new();
	loading.changed = g_ptr_array_new();
	loading.closes_over_tests = goversion_compare(roots_go(roots), GO_NARROWS_ALL) < 0;
	is_loaded = load_rounds(&loading, error);
	g_ptr_array_unref(loading.queue);
	g_ptr_array_unref(loading.changed);
	return is_loaded ? g_steal_pointer(&load) : NULL;
}
