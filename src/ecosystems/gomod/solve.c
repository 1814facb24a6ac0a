/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/solve.h"

#include "base/text.h"
#include "ecosystems/gomod/goversion.h"
#include "ecosystems/gomod/missing.h"
#include "ecosystems/gomod/rootset.h"

#include <string.h>

/* Real modules take three or four. */
#define LIMIT_ROUNDS 100

/* Mistakes that an error message tells; it says how many more there are. */
#define TOLD_PROBLEMS 5

/* From this go line on a main module lists all that its packages need. */
#define GO_PRUNES "1.17"

/* A solution on its way; what is in it is what holds now. */
typedef struct {
	Facts *facts;
	Missing *missing;
	Solution *solution;
} Solving;

void solution_free(Solution *solution)
{
	if (solution == NULL)
		return;
	load_free(solution->load);
	g_ptr_array_unref(solution->history);
	g_free(solution);
}

/* Goes on with another list; NULL: with the same. */
static void go_on_with(Solving *solving, Roots *roots)
{
	if (roots == NULL)
		return;
	g_ptr_array_add(solving->solution->history, roots);
	solving->solution->roots = roots;
}

static bool update(Solving *solving, const Load *load, GHashTable *direct, const GPtrArray *add,
		   GError **error)
{
	Roots *roots = solving->solution->roots, *updated;

	if (!rootset_update(solving->facts, roots, load, direct, add, &updated, error))
		return false;
	go_on_with(solving, updated);
	return true;
}

/* The same, adding only; what is direct stays so. */
static bool add_modules(Solving *solving, const GPtrArray *add, GError **error)
{
	return update(solving, NULL, roots_direct(solving->solution->roots), add, error);
}

static bool has_duplicates(const GPtrArray *modules)
{
	for (guint i = 1; i < modules->len; i++)
		if (((Module *)modules->pdata[i - 1])->path == ((Module *)modules->pdata[i])->path)
			return true;
	return false;
}

static bool are_selected(const Graph *graph, const GPtrArray *modules)
{
	for (guint i = 0; i < modules->len; i++) {
		const Module *module = modules->pdata[i];

		if (graph_selected(graph, module->path) != module)
			return false;
	}
	return true;
}

/* A list with a path twice is made consistent at once, one that is not pruned
 * as well if its graph raises any of it. */
static bool begin(Solving *solving, GError **error)
{
	const Graph *graph;

	if (has_duplicates(roots_modules(solving->solution->roots)) &&
	    !add_modules(solving, NULL, error))
		return false;
	if (roots_is_pruned(solving->solution->roots))
		return true;
	graph = roots_graph(solving->solution->roots, error);
	return graph != NULL && (are_selected(graph, roots_modules(solving->solution->roots)) ||
				 add_modules(solving, NULL, error));
}

static bool convert(Solving *solving, GError **error)
{
	Roots *updated;

	if (!rootset_convert(solving->facts, solving->solution->roots, &updated, error))
		return false;
	go_on_with(solving, updated);
	return true;
}

static void add_if_unlisted(const Roots *roots, Module *module, GPtrArray *add)
{
	if (roots_version(roots, module->path) != module)
		g_ptr_array_add(add, module);
}

/* Modules of `tool` packages are listed before anything is loaded, because loading
 * would find these packages at versions that Go never looks at. */
static bool find_tools(Solving *solving, GPtrArray *add, GError **error)
{
	const GPtrArray *tools = facts_main_file(solving->facts)->tools;
	Roots *roots = solving->solution->roots;
	g_autoptr(GHashTable) paths = g_hash_table_new(NULL, NULL); /* set of Path */
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	g_autoptr(GPtrArray) searches = g_ptr_array_new_with_free_func((GDestroyNotify)search_free);

	for (guint i = 0; i < tools->len; i++) {
		Path *path = facts_path(solving->facts, ((ModPath *)tools->pdata[i])->path);

		if (g_hash_table_add(paths, path))
			g_ptr_array_add(list, path);
	}
	if (!roots_resolve(roots, list, false, error))
		return false;
	for (guint i = 0; i < list->len; i++) {
		const Resolution *found = roots_resolution(roots, list->pdata[i], false);

		if (found->kind == PROVIDED)
			add_if_unlisted(roots, found->module, add);
		else if (found->kind == MISSING)
			g_ptr_array_add(searches, search_new(list->pdata[i]));
	}
	if (searches->len > 0 && !missing_find(solving->missing, roots, searches, error))
		return false;
	for (guint i = 0; i < searches->len; i++) {
		Module *module = ((Search *)searches->pdata[i])->found;

		if (module != NULL)
			add_if_unlisted(roots, module, add);
	}
	return true;
}

/* Modules that packages and tests of the main module import from. */
static GHashTable *direct_of(Facts *facts, const Load *load)
{
	GHashTable *direct = g_hash_table_new(NULL, NULL);

	g_hash_table_add(direct, facts_path(facts, GOVERSION_PATH));
	for (guint i = 0; i < load->packages->len; i++) {
		const Package *package = load->packages->pdata[i];

		if (package->module == NULL || package_is_external(facts, package))
			continue;
		for (guint j = 0; j < package->imports->len; j++) {
			const Package *import = package->imports->pdata[j];

			if (package_is_external(facts, import))
				g_hash_table_add(direct, import->module->path);
		}
	}
	return direct;
}

/* Whether any package would be loaded differently with the present list. */
static bool loads_differently(Solving *solving, bool *differs, GError **error)
{
	const Load *load = solving->solution->load;
	Roots *roots = solving->solution->roots;
	const Graph *graph = roots_graph(roots, error);
	g_autoptr(GPtrArray) failed = g_ptr_array_new(); /* of Path */

	if (graph == NULL)
		return false;
	*differs = false;
	for (guint i = 0; i < load->packages->len; i++) {
		const Package *package = load->packages->pdata[i];

		if (package_is_external(solving->facts, package) &&
		    graph_selected(graph, package->module->path) != package->module)
			*differs = true;
		else if (package->module == NULL && package->kind != STANDARD)
			g_ptr_array_add(failed, package->path);
	}
	if (*differs)
		return true;
	if (!roots_resolve(roots, failed, false, error))
		return false;
	for (guint i = 0; i < failed->len; i++)
		if (roots_resolution(roots, failed->pdata[i], false)->kind == PROVIDED)
			*differs = true;
	return true;
}

/* Lists what the loaded packages need; whether they must be loaded again. */
static bool settle(Solving *solving, bool *is_changed, GError **error)
{
	Solution *solution = solving->solution;
	Roots *before = solution->roots;
	g_autoptr(GHashTable) direct = direct_of(solving->facts, solution->load);
	g_autoptr(Roots) tidy = rootset_tidy(solving->facts, before, solution->load, error);

	if (tidy == NULL || !update(solving, solution->load, direct, roots_modules(tidy), error))
		return false;
	*is_changed = strcmp(roots_go(before), roots_go(solution->roots)) != 0;
	if (*is_changed || roots_are_equal(before, solution->roots))
		return true;
	return loads_differently(solving, is_changed, error);
}

/* Adds modules for packages that were not found; whether any were. */
static bool search(Solving *solving, bool *is_changed, GError **error)
{
	const Load *load = solving->solution->load;
	g_autoptr(GPtrArray) searches = g_ptr_array_new_with_free_func((GDestroyNotify)search_free);
	g_autoptr(GPtrArray) packages = g_ptr_array_new(), add = g_ptr_array_new();

	for (guint i = 0; i < load->packages->len; i++) {
		Package *package = load->packages->pdata[i];

		if (package->kind == MISSING) {
			g_ptr_array_add(packages, package);
			g_ptr_array_add(searches, search_new(package->path));
		}
	}
	*is_changed = false;
	if (searches->len == 0)
		return true;
	if (!missing_find(solving->missing, solving->solution->roots, searches, error))
		return false;
	for (guint i = 0; i < searches->len; i++) {
		Search *result = searches->pdata[i];
		Package *package = packages->pdata[i];

		if (result->found != NULL && !g_ptr_array_find(add, result->found, NULL))
			g_ptr_array_add(add, result->found);
		if (result->found == NULL)
			package->problem = g_steal_pointer(&result->why);
	}
	*is_changed = add->len > 0;
	return add->len == 0 || add_modules(solving, add, error);
}

/* One round; it was the last if nothing changed. */
static bool run_round(Solving *solving, bool *is_changed, GError **error)
{
	Solution *solution = solving->solution;
	g_autoptr(GPtrArray) tools = g_ptr_array_new();

	if (!convert(solving, error))
		return false;
	if (roots_is_pruned(solution->roots) && !find_tools(solving, tools, error))
		return false;
	*is_changed = tools->len > 0;
	if (*is_changed)
		return add_modules(solving, tools, error);
	g_clear_pointer(&solution->load, load_free);
	solution->load = load_packages(solving->facts, solution->roots, error);
	return solution->load != NULL && settle(solving, is_changed, error) &&
	       (*is_changed || search(solving, is_changed, error));
}

static char *problem_of(const Package *package)
{
	g_autofree char *chain = package_chain(package);
	g_autoptr(GString) modules = g_string_new(NULL);

	if (package->kind != AMBIGUOUS)
		return g_strdup_printf("%s: %s", chain, package->problem);
	for (guint i = package->resolution->others->len; i > 0; i--) {
		g_autofree char *text = module_text(package->resolution->others->pdata[i - 1]);

		g_string_append_printf(modules, "%s%s", modules->len > 0 ? ", " : "", text);
	}
	return g_strdup_printf("%s: ambiguous import, found in several modules: %s", chain,
			       modules->str);
}

/* An import that cannot be resolved refuses the whole. */
static bool check_packages(const Load *load, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	FailureKind failure = FAILURE_INPUT;
	guint count = 0;

	for (guint i = 0; i < load->packages->len; i++) {
		const Package *package = load->packages->pdata[i];
		g_autofree char *problem = NULL;

		if (package->kind == PROVIDED || package->kind == STANDARD ||
		    (package->kind == MISSING && package->problem == NULL) || !package->is_wanted)
			continue;
		if (package->kind == BROKEN && package->resolution->why != NULL &&
		    package->resolution->failure != FAILURE_ABSENT)
			failure = package->resolution->failure;
		if (++count > TOLD_PROBLEMS)
			continue;
		problem = problem_of(package);
		g_string_append_printf(text, "%s%s", count > 1 ? "; " : "", problem);
	}
	if (count > TOLD_PROBLEMS)
		g_string_append_printf(text, "; and %u more", count - TOLD_PROBLEMS);
	return count == 0 || fail(error, failure, "%s", text->str);
}

/* One place cannot hold two modules. Go looks at those of the graph if it has been
 * read by then, which is so for pruned requirements. */
static bool check_places(Roots *roots, GError **error)
{
	g_autoptr(GTree) places = g_tree_new_full(text_compare, NULL, g_free, NULL);
	const GPtrArray *modules = roots_modules(roots);

	if (roots_is_pruned(roots)) {
		const Graph *graph = roots_graph(roots, error);

		if (graph == NULL)
			return false;
		modules = graph->selected;
	}
	for (guint i = 0; i < modules->len; i++) {
		const Module *module = modules->pdata[i], *other;
		g_autofree char *place = NULL;

		if (module->actual_path == NULL)
			continue;
		place = g_strconcat(module->actual_path, "@", module->actual_version, NULL);
		other = g_tree_lookup(places, place);
		if (other != NULL)
			return fail(error, FAILURE_INPUT,
				    "'%s' is used for two different modules, '%s' and '%s'", place,
				    other->path->text, module->path->text);
		g_tree_insert(places, g_steal_pointer(&place), modules->pdata[i]);
	}
	return true;
}

static bool run(Solving *solving, GError **error)
{
	Solution *solution = solving->solution;
	bool is_changed = true;
	Roots *tidy;

	if (!begin(solving, error))
		return false;
	for (int round = 0; is_changed; round++) {
		if (round == LIMIT_ROUNDS)
			return fail(error, FAILURE_LIMIT, "the requirements do not settle");
		if (!run_round(solving, &is_changed, error))
			return false;
	}
	tidy = rootset_tidy(solving->facts, solution->roots, solution->load, error);
	if (tidy == NULL)
		return false;
	go_on_with(solving, tidy);
	return roots_graph(tidy, error) != NULL && check_packages(solution->load, error) &&
	       check_places(tidy, error);
}

Solution *solve(Facts *facts, const GPtrArray *start, GHashTable *direct, GError **error)
{
	g_autoptr(Solution) solution = g_new0(Solution, 1);
	g_autoptr(Missing) missing = missing_new(facts);
	Solving solving = { facts, missing, solution };
	g_autoptr(Roots) first = roots_new(facts, start, false, direct);
	bool prunes = goversion_compare(roots_go(first), GO_PRUNES) >= 0;

	solution->history = g_ptr_array_new_with_free_func((GDestroyNotify)roots_free);
	go_on_with(&solving, roots_new(facts, start, prunes, direct));
	return run(&solving, error) ? g_steal_pointer(&solution) : NULL;
}
