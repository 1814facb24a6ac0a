/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/rootset.h"

#include "ecosystems/gomod/goversion.h"
#include "ecosystems/gomod/mvs.h"

/* From this go line on a main module lists all that its packages need. */
#define GO_PRUNES "1.17"

static GPtrArray *copy(const GPtrArray *modules)
{
	GPtrArray *list = g_ptr_array_sized_new(modules->len + 8);

	for (guint i = 0; i < modules->len; i++)
		g_ptr_array_add(list, modules->pdata[i]);
	return list;
}

static bool same_sets(GHashTable *a, GHashTable *b)
{
	GHashTableIter iter;
	void *element;

	if (g_hash_table_size(a) != g_hash_table_size(b))
		return false;
	g_hash_table_iter_init(&iter, a);
	while (g_hash_table_iter_next(&iter, &element, NULL))
		if (!g_hash_table_contains(b, element))
			return false;
	return true;
}

/* Appends to `list` the modules that packages of "all" need and that are not
 * listed; those that are go to `used`. */
static void add_providers(Facts *facts, const Roots *roots, const Load *load, GPtrArray *list,
			  GPtrArray *used)
{
	unsigned mark = facts_next_mark(facts);

	for (guint i = 0; i < load->packages->len; i++) {
		const Package *package = load->packages->pdata[i];
		Module *module = package->module;

		if (!package->in_all || !package_is_external(facts, package) ||
		    module->mark == mark)
			continue;
		module->mark = mark;
		g_ptr_array_add(roots_version(roots, module->path) != NULL ? used : list, module);
	}
}

static void add_higher(const Roots *roots, const GPtrArray *add, GPtrArray *list)
{
	for (guint i = 0; i < add->len; i++) {
		Module *module = add->pdata[i];
		const Module *listed = roots_version(roots, module->path);

		if (listed == NULL || module_compare(listed, module) < 0)
			g_ptr_array_add(list, module);
	}
}

/* Whether none of `used` requires a higher version of something listed. */
static bool spot_check(Facts *facts, const Roots *roots, const GPtrArray *used, bool *is_sound,
		       GError **error)
{
	if (!facts_need_requirements(facts, used, error))
		return false;
	*is_sound = true;
	for (guint i = 0; i < used->len; i++) {
		const Module *module = used->pdata[i];

		if (module->requirements_state == FAILED)
			*is_sound = false;
		for (uint32_t j = 0; j < module->n_requirements; j++) {
			const Module *below = module->requirements[j];
			const Module *listed = roots_version(roots, below->path);

			if (listed != NULL && !module_is_main(facts, listed) &&
			    module_compare(listed, below) < 0)
				*is_sound = false;
		}
	}
	return true;
}

/* Each path once, at the version that `graph` selects (NULL: the highest that is
 * listed); whether that changed any. */
static GPtrArray *selected(Facts *facts, const Roots *roots, const Graph *graph, bool *is_raised)
{
	const GPtrArray *modules = roots_modules(roots);
	GPtrArray *list = g_ptr_array_sized_new(modules->len);
	const Path *last = facts_main(facts)->path;

	*is_raised = false;
	for (guint i = 0; i < modules->len; i++) {
		const Module *module = modules->pdata[i];
		Module *version;

		if (module->path == last || module->path == facts_main(facts)->path)
			continue;
		last = module->path;
		version = graph != NULL ? graph_selected(graph, module->path)
					: roots_version(roots, module->path);
		g_ptr_array_add(list, version);
		if (version != module)
			*is_raised = true;
	}
	return list;
}

static bool update_pruned(Facts *facts, Roots *roots, const Load *load, GHashTable *direct,
			  const GPtrArray *add, Roots **updated, GError **error)
{
	g_autoptr(GPtrArray) list = copy(roots_modules(roots)), used = g_ptr_array_new();
	g_autoptr(Roots) next = NULL; /* NULL: still `roots` */
	bool is_raised, is_sound = true;
	Graph *graph = NULL;

	if (load != NULL)
		add_providers(facts, roots, load, list, used);
	if (add != NULL)
		add_higher(roots, add, list);
	is_raised = list->len > roots_modules(roots)->len;
	if (!is_raised && !roots_has_graph(roots) &&
	    !spot_check(facts, roots, used, &is_sound, error))
		return false;
	if (!is_raised && (roots_has_graph(roots) || !is_sound)) {
		graph = roots_graph(roots, error);
		if (graph == NULL)
			return false;
	}
	do {
		if (is_raised) {
			roots_free(next);
			next = roots_new(facts, list, true, direct);
			graph = roots_graph(next, error);
			if (graph == NULL)
				return false;
		}
		g_ptr_array_unref(list);
		list = selected(facts, next != NULL ? next : roots, graph, &is_raised);
	} while (is_raised);
	if (list->len != roots_modules(next != NULL ? next : roots)->len ||
	    (next == NULL && !same_sets(direct, roots_direct(roots)))) {
		roots_free(next);
		next = roots_new(facts, list, true, direct);
	}
	*updated = g_steal_pointer(&next);
	return true;
}

static bool update_unpruned(Facts *facts, Roots *roots, GHashTable *direct, const GPtrArray *add,
			    Roots **updated, GError **error)
{
	const GPtrArray *modules = roots_modules(roots);
	g_autoptr(GPtrArray) kept = NULL, listed = g_ptr_array_new(), minimal = NULL;
	g_autoptr(Roots) next = NULL;
	const Graph *graph = roots_graph(roots, error);

	if (graph == NULL)
		return false;
	for (guint i = 0; i < modules->len; i++) {
		const Module *module = modules->pdata[i];

		if (graph_selected(graph, module->path) == module)
			g_ptr_array_add(listed, module->path);
	}
	kept = copy(graph->selected);
	for (guint i = 0; add != NULL && i < add->len; i++)
		g_ptr_array_add(kept, add->pdata[i]);
	for (guint i = 0; i < kept->len; i++) {
		const Module *module = kept->pdata[i];

		if (g_hash_table_contains(direct, module->path))
			g_ptr_array_add(listed, module->path);
	}
	minimal = mvs_minimal(facts, kept, listed, NULL, error);
	if (minimal == NULL)
		return false;
	next = roots_new(facts, minimal, false, direct);
	if (roots_is_pruned(roots) || !roots_are_equal(next, roots) ||
	    !same_sets(direct, roots_direct(roots)))
		*updated = g_steal_pointer(&next);
	return true;
}

bool rootset_update(Facts *facts, Roots *roots, const Load *load, GHashTable *direct,
		    const GPtrArray *add, Roots **updated, GError **error)
{
	*updated = NULL;
	if (!roots_is_pruned(roots))
		return update_unpruned(facts, roots, direct, add, updated, error);
	return update_pruned(facts, roots, load, direct, add, updated, error);
}

bool rootset_convert(Facts *facts, Roots *roots, Roots **updated, GError **error)
{
	bool prunes = goversion_compare(roots_go(roots), GO_PRUNES) >= 0;
	const Graph *graph;

	*updated = NULL;
	if (prunes == roots_is_pruned(roots))
		return true;
	if (!prunes)
		return update_unpruned(facts, roots, roots_direct(roots), NULL, updated, error);
	/* What an unpruned list leaves to its graph, a pruned one lists. */
	graph = roots_graph(roots, error);
	if (graph == NULL)
		return false;
	*updated = roots_new(facts, graph->selected, true, roots_direct(roots));
	return true;
}

/* The `go` and `toolchain` lines, which every list keeps. */
static GPtrArray *kept_lines(Facts *facts, const Roots *roots)
{
	static const char *const paths[] = { GOVERSION_PATH, GOVERSION_TOOLCHAIN_PATH };
	GPtrArray *list = g_ptr_array_new();

	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		Module *module = roots_version(roots, facts_path(facts, paths[i]));

		if (module != NULL)
			g_ptr_array_add(list, module);
	}
	return list;
}

/* A pruned list being tidied. */
typedef struct {
	Facts *facts;
	const Roots *roots; /* before */
	GPtrArray *list;    /* of Module */
	GHashTable *listed; /* set of Path */
	Roots *current;     /* the list as it was before the present level */
} Pruning;

static void list_module(Pruning *pruning, Module *module)
{
	if (g_hash_table_add(pruning->listed, module->path))
		g_ptr_array_add(pruning->list, module);
}

/* The graph of the list as it is now. */
static const Graph *refresh(Pruning *pruning, GError **error)
{
	if (pruning->current == NULL || roots_modules(pruning->current)->len < pruning->list->len) {
		roots_free(pruning->current);
		pruning->current = roots_new(pruning->facts, pruning->list, true,
					     roots_direct(pruning->roots));
	}
	return roots_graph(pruning->current, error);
}

static bool is_too_low(const Graph *graph, const Module *module)
{
	const Module *version = graph_selected(graph, module->path);

	return version == NULL || module_compare(version, module) < 0;
}

/* One level of gomod.md f.7 step 2; `level` is replaced by the next one. */
static void tidy_level(Pruning *pruning, const Graph *graph, GHashTable *queued, GPtrArray **level)
{
	g_autoptr(GPtrArray) packages = g_steal_pointer(level);

	*level = g_ptr_array_new();
	for (guint i = 0; i < packages->len; i++) {
		Package *package = packages->pdata[i];

		if (package->module == NULL)
			continue;
		for (guint j = 0; j < package->imports->len; j++)
			if (g_hash_table_add(queued, package->imports->pdata[j]))
				g_ptr_array_add(*level, package->imports->pdata[j]);
		if (package->tests != NULL && g_hash_table_add(queued, package->tests))
			g_ptr_array_add(*level, package->tests);
		if (package_is_external(pruning->facts, package) &&
		    !g_hash_table_contains(pruning->listed, package->module->path) &&
		    is_too_low(graph, package->module))
			list_module(pruning, package->module);
	}
}

/* One round of step 3: lists what disambiguates an import. */
static bool disambiguate(Pruning *pruning, const Load *load, GError **error)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new();

	for (guint i = 0; i < load->packages->len; i++) {
		const Package *package = load->packages->pdata[i];

		if (package_is_external(pruning->facts, package) && !package->is_test &&
		    !g_hash_table_contains(pruning->listed, package->module->path))
			g_ptr_array_add(paths, package->path);
	}
	if (!roots_resolve(pruning->current, paths, false, error))
		return false;
	for (guint i = 0; i < load->packages->len; i++) {
		const Package *package = load->packages->pdata[i];
		const Resolution *found;

		if (!package_is_external(pruning->facts, package) || package->is_test)
			continue;
		found = roots_resolution(pruning->current, package->path, false);
		if (found != NULL && found->kind == AMBIGUOUS)
			list_module(pruning, package->module);
	}
	return true;
}

static bool tidy_levels(Pruning *pruning, const Load *load, GError **error)
{
	g_autoptr(GHashTable) queued = g_hash_table_new(NULL, NULL); /* set of Package */
	g_autoptr(GPtrArray) level = g_ptr_array_new();
	const Graph *graph;
	guint before;

	for (guint i = 0; i < load->packages->len; i++) {
		Package *package = load->packages->pdata[i];

		if (!package->in_all)
			continue;
		if (package_is_external(pruning->facts, package))
			list_module(pruning, package->module);
		g_hash_table_add(queued, package);
		g_ptr_array_add(level, package);
	}
	while (level->len > 0) {
		graph = refresh(pruning, error);
		if (graph == NULL)
			return false;
		tidy_level(pruning, graph, queued, &level);
	}
	do {
		if (refresh(pruning, error) == NULL)
			return false;
		before = pruning->list->len;
		if (!disambiguate(pruning, load, error))
			return false;
	} while (pruning->list->len > before);
	return true;
}

static Roots *tidy_pruned(Facts *facts, const Roots *roots, const Load *load, GError **error)
{
	Pruning pruning = {
		.facts = facts,
		.roots = roots,
		.list = kept_lines(facts, roots),
		.listed = g_hash_table_new(NULL, NULL),
	};
	bool is_tidy;

	for (guint i = 0; i < pruning.list->len; i++)
		g_hash_table_add(pruning.listed, ((Module *)pruning.list->pdata[i])->path);
	is_tidy = tidy_levels(&pruning, load, error);
	g_ptr_array_unref(pruning.list);
	g_hash_table_unref(pruning.listed);
	if (is_tidy)
		return pruning.current;
	roots_free(pruning.current);
	return NULL;
}

/* Modules that could have provided a package and did not (gomod.md f.8): where
 * `graph` selects a lower version than the package was resolved with, that
 * version is to be kept. */
static bool keep_alternatives(Facts *facts, const Load *load, const Graph *graph, GPtrArray *kept)
{
	g_autoptr(GHashTable) alternatives = g_hash_table_new(NULL, NULL); /* Path to Module */
	guint before = kept->len;

	for (guint i = 0; i < load->packages->len; i++) {
		const Package *package = load->packages->pdata[i];

		if (!package_is_external(facts, package) || package->resolution == NULL)
			continue;
		for (guint j = 0; j < package->resolution->others->len; j++) {
			Module *module = package->resolution->others->pdata[j];

			if (!module_is_main(facts, module))
				g_hash_table_insert(alternatives, module->path, module);
		}
	}
	for (guint i = 0; i < graph->selected->len; i++) {
		const Module *module = graph->selected->pdata[i];
		Module *other = g_hash_table_lookup(alternatives, module->path);

		if (other != NULL && module_compare(module, other) < 0)
			g_ptr_array_add(kept, other);
	}
	return kept->len > before;
}

static Roots *tidy_unpruned(Facts *facts, const Roots *roots, const Load *load, GError **error)
{
	g_autoptr(GPtrArray) kept = kept_lines(facts, roots), listed = g_ptr_array_new();
	g_autoptr(GHashTable) is_kept = g_hash_table_new(NULL, NULL); /* set of Path */
	g_autoptr(GPtrArray) minimal = NULL;
	g_autoptr(Graph) graph = NULL;

	for (guint i = 0; i < load->packages->len; i++) {
		const Package *package = load->packages->pdata[i];

		if (!package_is_external(facts, package) ||
		    !g_hash_table_add(is_kept, package->module->path))
			continue;
		g_ptr_array_add(kept, package->module);
		if (g_hash_table_contains(roots_direct(roots), package->module->path))
			g_ptr_array_add(listed, package->module->path);
	}
	minimal = mvs_minimal(facts, kept, listed, &graph, error);
	if (minimal == NULL)
		return NULL;
	if (keep_alternatives(facts, load, graph, kept)) {
		g_ptr_array_unref(minimal);
		minimal = mvs_minimal(facts, kept, listed, NULL, error);
		if (minimal == NULL)
			return NULL;
	}
	return roots_new(facts, minimal, false, roots_direct(roots));
}

Roots *rootset_tidy(Facts *facts, const Roots *roots, const Load *load, GError **error)
{
	return roots_is_pruned(roots) ? tidy_pruned(facts, roots, load, error)
				      : tidy_unpruned(facts, roots, load, error);
}
