/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/sumkeys.h"

#include "ecosystems/gomod/goversion.h"

/* From here on go.sum holds the go.mod of every package's module. */
#define GO_SUMS_PROVIDERS "1.21"

/* `go mod tidy` keeps what the Go version before the go line needs. Below 1.17
 * that is the same graph, from 1.18 on it is, too. */
#define GO_COMPATIBLE_FROM  "1.17"
#define GO_COMPATIBLE_UNTIL "1.18"

/* Keys being gathered. */
typedef struct {
	Facts *facts;
	GHashTable *zips, *gomods; /* sets of Module */
} Gathering;

static bool has_sums(const Facts *facts, const Module *module)
{
	return !module_is_main(facts, module) && !path_is_go(module->path) &&
	       !path_is_toolchain(module->path) && module->actual_version != NULL;
}

static void add(Gathering *gathering, GHashTable *set, Module *module)
{
	if (module != NULL && has_sums(gathering->facts, module))
		g_hash_table_add(set, module);
}

/* The modules that are looked into for `package`: among the listed ones if it
 * comes from one of these and the list is pruned, else in the whole graph. */
static void add_looked_into(Gathering *gathering, const Roots *roots, const Graph *graph,
			    const Package *package)
{
	bool is_listed = roots_is_pruned(roots) && package->module != NULL &&
			 roots_version(roots, package->module->path) == package->module;

	for (const Path *prefix = package->path; prefix != NULL; prefix = prefix->parent)
		add(gathering, gathering->zips,
		    is_listed ? roots_version(roots, prefix) : graph_selected(graph, prefix));
}

static bool gather(Gathering *gathering, Roots *roots, const Load *load, GError **error)
{
	bool sums_providers = goversion_compare(roots_go(roots), GO_SUMS_PROVIDERS) >= 0;
	const Graph *graph = roots_graph(roots, error);

	if (graph == NULL)
		return false;
	for (guint i = 0; i < load->packages->len; i++) {
		const Package *package = load->packages->pdata[i];

		if (package->is_test || package->kind == STANDARD)
			continue;
		if (sums_providers)
			add(gathering, gathering->gomods, package->module);
		add_looked_into(gathering, roots, graph, package);
	}
	for (guint i = 0; i < graph->read->len; i++)
		add(gathering, gathering->gomods, graph->read->pdata[i]);
	return true;
}

static bool report_difference(const Package *package, const Resolution *other, GError **error)
{
	g_autofree char *chain = package_chain(package), *now = module_text(package->module);
	g_autofree char *then = NULL;

	if (other->kind == PROVIDED)
		then = module_text(other->module);
	return fail(error, FAILURE_INPUT,
		    "%s: loaded from %s, but go 1.16 would %s%s; `go mod tidy` refuses that as "
		    "long as the go line is 1.17",
		    chain, now, then != NULL ? "select " : "fail to find it",
		    then != NULL ? then : "");
}

/* The same requirements must be selected; Go calls it an internal error of its own
 * if they are not, and fails. */
static bool check_selection(Roots *roots, GError **error)
{
	const GPtrArray *modules = roots_modules(roots);
	const Graph *graph = roots_graph(roots, error);

	if (graph == NULL)
		return false;
	for (guint i = 0; i < modules->len; i++) {
		const Module *module = modules->pdata[i];
		const Module *other = graph_selected(graph, module->path);

		if (other != module)
			return fail(
				error, FAILURE_INPUT,
				"'%s': go 1.17 selects %s, but go 1.16 would select %s; `go mod "
				"tidy` refuses that as long as the go line is 1.17",
				module->path->text, module->version, other->version);
	}
	return true;
}

/* What Go 1.16 makes of the same requirements must be the same packages. */
static bool check_compatibility(const Facts *facts, Roots *roots, const Load *load, GError **error)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new();

	for (guint i = 0; i < load->packages->len; i++) {
		const Package *package = load->packages->pdata[i];

		if (!package->is_test && package_is_external(facts, package))
			g_ptr_array_add(paths, package->path);
	}
	if (!roots_resolve(roots, paths, true, error))
		return false;
	for (guint i = 0; i < load->packages->len; i++) {
		const Package *package = load->packages->pdata[i];
		const Resolution *other;

		if (package->is_test || !package_is_external(facts, package))
			continue;
		other = roots_resolution(roots, package->path, true);
		if (other->kind != PROVIDED || other->module != package->module)
			return report_difference(package, other, error);
	}
	return check_selection(roots, error);
}

static bool gather_all(Gathering *gathering, const Solution *solution, GError **error)
{
	const char *go = roots_go(solution->roots);
	g_autoptr(Roots) compatible = NULL;

	if (!gather(gathering, solution->roots, solution->load, error))
		return false;
	if (goversion_compare(go, GO_COMPATIBLE_FROM) < 0 ||
	    goversion_compare(go, GO_COMPATIBLE_UNTIL) >= 0)
		return true;
	compatible = roots_new(gathering->facts, roots_modules(solution->roots), false,
			       roots_direct(solution->roots));
	return check_compatibility(gathering->facts, compatible, solution->load, error) &&
	       gather(gathering, compatible, solution->load, error);
}

static void append_keys(GArray *keys, GHashTable *set, bool is_gomod)
{
	GHashTableIter iter;
	void *module;

	g_hash_table_iter_init(&iter, set);
	while (g_hash_table_iter_next(&iter, &module, NULL)) {
		SumKey key = { module, is_gomod };

		g_array_append_val(keys, key);
	}
}

GArray *sumkeys_of(Facts *facts, const Solution *solution, GError **error)
{
	Gathering gathering = { facts, g_hash_table_new(NULL, NULL), g_hash_table_new(NULL, NULL) };
	bool is_complete = gather_all(&gathering, solution, error);
	GArray *keys = NULL;

	if (is_complete) {
		keys = g_array_new(FALSE, FALSE, sizeof(SumKey));
		append_keys(keys, gathering.zips, false);
		append_keys(keys, gathering.gomods, true);
	}
	g_hash_table_unref(gathering.zips);
	g_hash_table_unref(gathering.gomods);
	return keys;
}
