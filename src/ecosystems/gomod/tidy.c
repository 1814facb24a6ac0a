/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/tidy.h"

#include "base/text.h"
#include "ecosystems/gomod/gosum.h"
#include "ecosystems/gomod/gotree.h"
#include "ecosystems/gomod/goversion.h"
#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/modrequires.h"
#include "ecosystems/gomod/solve.h"
#include "ecosystems/gomod/start.h"
#include "ecosystems/gomod/sumkeys.h"
#include "ecosystems/gomod/supplier.h"
#include "ecosystems/gomod/vendor.h"
#include "ecosystems/gomod/version.h"
#include "upkeepd/limits.h"

#include <string.h>

/* What a go.mod without a go line is read as. */
#define GO_UNKNOWN "1.16"

/* From this go line on a main module lists all that its packages need. */
#define GO_PRUNES "1.17"

/* Toolchain lines are written from here on. */
#define GO_NAMES_TOOLCHAINS "1.21"

/* One module's files, and what becomes of them. */
typedef struct {
	const TidyOrder *order;
	Supplier *supplier;
	TidyResult *result;
	char *gomod_path, *gosum_path;
	GBytes *gomod, *gosum; /* as they are; gosum NULL: there is none */
	ModFile *file;
	Facts *facts;
	Start start;
	GoSum *sums;
	Solution *solution;
	GoBound *bound; /* on the go line; NULL: none */
	bool is_ahead;  /* no Go was released yet that the result asks for */
} Tidying;

void tidy_result_free(TidyResult *result)
{
	if (result == NULL)
		return;
	g_ptr_array_unref(result->changes);
	g_clear_pointer(&result->moves, g_ptr_array_unref);
	g_ptr_array_unref(result->notes);
	g_free(result->directory);
	g_free(result->go_from);
	g_free(result->go_to);
	g_free(result);
}

static TidyResult *result_new(void)
{
	TidyResult *result = g_new0(TidyResult, 1);

	result->changes = file_changes_new();
	result->notes = g_ptr_array_new_with_free_func(g_free);
	return result;
}

static void tidying_clear(Tidying *tidying)
{
	solution_free(tidying->solution);
	start_clear(&tidying->start);
	facts_free(tidying->facts);
	gobound_free(tidying->bound);
	gosum_free(tidying->sums);
	modfile_free(tidying->file);
	g_clear_pointer(&tidying->gomod, g_bytes_unref);
	g_clear_pointer(&tidying->gosum, g_bytes_unref);
	g_free(tidying->gomod_path);
	g_free(tidying->gosum_path);
	tidy_result_free(tidying->result);
}

static bool read_files(Tidying *tidying, GError **error)
{
	Source *source = tidying->order->source;

	tidying->result->directory = g_strdup(tidying->order->directory);
	tidying->gomod_path = gotree_join(tidying->order->directory, "go.mod");
	tidying->gosum_path = gotree_join(tidying->order->directory, "go.sum");
	tidying->gomod = source->read(source, tidying->gomod_path, LIMIT_MANIFEST, error);
	if (tidying->gomod == NULL)
		return false;
	if (source_has(source, tidying->gosum_path)) {
		tidying->gosum = source->read(source, tidying->gosum_path, LIMIT_GOSUM, error);
		if (tidying->gosum == NULL)
			return false;
	}
	tidying->sums = gosum_read(tidying->gosum);
	tidying->file = modfile_parse(tidying->gomod_path, tidying->gomod, MODFILE_MAIN, error);
	if (tidying->file == NULL || !modfile_check_replaces(tidying->file, error)) {
		g_prefix_error(error, "'%s': ", tidying->gomod_path);
		return false;
	}
	if (tidying->file->module == NULL)
		return fail(error, FAILURE_INPUT, "'%s' has no module line", tidying->gomod_path);
	return true;
}

static bool set_up(Tidying *tidying, GError **error)
{
	const TidyOrder *order = tidying->order;
	MainModule main = {
		.file = tidying->file,
		.source = order->source,
		.directory = order->directory,
		.siblings = order->siblings,
		.sums = tidying->sums,
	};

	tidying->bound =
		gobound_new(order->max_go, order->builders, order->directory, tidying->file->go);
	main.bound = tidying->bound;
	tidying->supplier->makes_listings = vendor_is_used(order->source, order->directory);
	tidying->facts = facts_new(&main, tidying->supplier);
	if (!start_fill(&tidying->start, tidying->facts, order->bumps, order->n_bumps, error) ||
	    !start_prefetch(tidying->facts, &tidying->start, error))
		return false;
	facts_forget_met(tidying->facts); /* Go would not have looked at these */
	return true;
}

/* What of go.sum a new checksum of our own making can be measured by. */
typedef struct {
	const Tidying *tidying;
	/* From a module's path without its major version to the Module of its highest version
	 * with a checksum; NULL: none yet. */
	GTree *lines;
} Measures;

static char *line_of(const char *path)
{
	size_t length;

	return modpath_split(path, &length) ? g_strndup(path, length) : g_strdup(path);
}

static void add_measure(void *data, const char *path, const char *version, bool is_gomod)
{
	const Measures *measures = data;
	Facts *facts = measures->tidying->facts;
	g_autofree char *line = NULL;
	Module *module;
	void *best;

	if (is_gomod || !modpath_check(path, NULL) || !version_is_canonical(version))
		return;
	line = line_of(path);
	if (!g_tree_lookup_extended(measures->lines, line, NULL, &best) ||
	    (best != NULL && version_compare(((Module *)best)->version, version) >= 0))
		return;
	module = facts_module(facts, facts_path(facts, path), version);
	if (!module->is_replaced && module->directory == NULL)
		g_tree_insert(measures->lines, g_steal_pointer(&line), module);
}

/* An older version of each of `zips` whose checksum, of our own making, go.sum does not
 * have yet; of Module, borrowed. */
static GPtrArray *packed_before(const Tidying *tidying, const GPtrArray *zips)
{
	g_autoptr(GTree) lines = g_tree_new_full(text_compare, NULL, g_free, NULL);
	Measures measures = { tidying, lines };
	GPtrArray *modules = g_ptr_array_new();

	for (guint i = 0; i < zips->len; i++) {
		const Module *module = zips->pdata[i];

		if (!gosum_has(tidying->sums, module->actual_path, module->actual_version, false) &&
		    tidying->supplier->packs(tidying->supplier, module->actual_path))
			g_tree_insert(lines, line_of(module->actual_path), NULL);
	}
	if (g_tree_nnodes(lines) > 0)
		gosum_foreach(tidying->sums, add_measure, &measures);
	for (GTreeNode *node = g_tree_node_first(lines); node != NULL;
	     node = g_tree_node_next(node))
		if (g_tree_node_value(node) != NULL)
			g_ptr_array_add(modules, g_tree_node_value(node));
	return modules;
}

/* Only who computes the checksum that is there already is trusted with the next one
 * (gomod.md c.5). */
static bool check_packing(const Tidying *tidying, const GPtrArray *zips, GError **error)
{
	g_autoptr(GPtrArray) modules = packed_before(tidying, zips);

	if (modules->len > 0 && !facts_need_packages(tidying->facts, modules, error))
		return false;
	for (guint i = 0; i < modules->len; i++) {
		const Module *module = modules->pdata[i];
		const char *path = module->path->text, *sum;

		if (module->packages_state == FAILED)
			return fail(error, failure_kind(module->packages_error),
				    "whether checksums of '%s' come out as Go's cannot be told: %s",
				    path, module->packages_error->message);
		sum = index_sum(module->index);
		if (!gosum_agrees(tidying->sums, path, module->version, false, sum))
			return fail(error, FAILURE_INPUT,
				    "checksums of '%s' do not come out as Go's: '%s@%s' would be "
				    "%s, and is another in go.sum",
				    path, path, module->version, sum);
	}
	return true;
}

/* How `modules` lead to `module`, whatever go.mod itself says of it; NULL if they do
 * not. The caller's. */
static char *chain_to(const Graph *graph, const GPtrArray *modules, Module *module)
{
	g_autoptr(GPtrArray) others = g_ptr_array_new();
	g_autofree char *alone = module_text(module), *chain = NULL;

	for (guint i = 0; i < modules->len; i++)
		if (modules->pdata[i] != module)
			g_ptr_array_add(others, modules->pdata[i]);
	chain = graph_chain(graph, others, module);
	return strcmp(chain, alone) == 0 ? NULL : g_steal_pointer(&chain);
}

/* Who requires more than the only bump, when that is known. */
static bool refuse_bump(const Tidying *tidying, const Module *selected, const char *chain,
			GError **error)
{
	const Bump *bump = &g_array_index(tidying->start.bumps, Bump, 0);

	return fail(error, FAILURE_INPUT, "'%s' cannot be at %s: %s%s", bump->path, bump->version,
		    chain != NULL ? chain : "it ends at ", chain != NULL ? "" : selected->version);
}

/* What a graph selects of the only bump where that is another version; a group may
 * carry a member further than it was asked to (gomod.md e.3). */
static Module *find_other(const Tidying *tidying, const Graph *graph)
{
	const Bump *bump;
	Module *selected;

	if (tidying->start.bumps->len != 1)
		return NULL;
	bump = &g_array_index(tidying->start.bumps, Bump, 0);
	selected = graph_selected(graph, facts_path(tidying->facts, bump->path));
	return selected != NULL && strcmp(selected->version, bump->version) != 0 ? selected : NULL;
}

/* Whether the bound on the go line may be why something failed: a module that cannot be
 * had is another reason. */
static bool is_bounded(const Tidying *tidying, const GError *error)
{
	return facts_is_bounded(tidying->facts) && failure_kind(error) == FAILURE_INPUT;
}

/* Before anything is loaded. Looks at a graph of its own, so that the solution does
 * not see it. Where a go.mod of it cannot be had, as of a private module, nothing may
 * come to need that one: check_after() has the last word. */
static bool check_before(Tidying *tidying, GError **error)
{
	const Start *start = &tidying->start;
	const char *go = tidying->file->go != NULL ? tidying->file->go : GO_UNKNOWN;
	g_autoptr(GError) local = NULL;
	g_autoptr(Graph) graph = NULL;
	g_autofree char *chain = NULL;
	Module *other;

	if (start->bumps->len != 1)
		return true;
	graph = graph_read(tidying->facts, start->modules, goversion_compare(go, GO_PRUNES) >= 0,
			   &local);
	facts_forget_met(tidying->facts);
	if (graph == NULL && is_bounded(tidying, local)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	if (graph == NULL)
		return true;
	other = find_other(tidying, graph);
	if (other == NULL)
		return true;
	chain = chain_to(graph, start->modules, other);
	return refuse_bump(tidying, other, chain, error);
}

/* A pruned list shows only when packages are loaded what modules that it did not have
 * require; one of the lists on the way had who requires more. */
static bool check_after(Tidying *tidying, GError **error)
{
	const GArray *bumps = tidying->start.bumps;
	const GPtrArray *history = tidying->solution->history;
	const Graph *graph = roots_graph(tidying->solution->roots, error);
	g_autofree char *chain = NULL;
	Module *other;

	if (graph == NULL)
		return false;
	for (guint i = 0; i < bumps->len; i++) {
		const Bump *bump = &g_array_index(bumps, Bump, i);

		if (graph_selected(graph, facts_path(tidying->facts, bump->path)) == NULL)
			g_ptr_array_add(
				tidying->result->notes,
				g_strdup_printf("nothing needs '%s': its line goes", bump->path));
	}
	other = find_other(tidying, graph);
	if (other == NULL)
		return true;
	for (guint i = 0; i < history->len && chain == NULL; i++) {
		Roots *roots = history->pdata[i];

		if (roots_has_graph(roots))
			chain = chain_to(roots_graph(roots, NULL), roots_modules(roots), other);
	}
	return refuse_bump(tidying, other, chain, error);
}

/* Who brought a go line about; NULL: nobody whose go.mod was read. */
static const Module *asker_of(const Graph *graph, const char *go)
{
	for (guint i = 0; i < graph->read->len; i++) {
		const Module *module = graph->read->pdata[i];

		if (module->version[0] != '\0' && g_strcmp0(module->go, go) == 0)
			return module;
	}
	return NULL;
}

/* A go line that no Go can satisfy would end every build (gomod.md e.1). */
static bool check_go(Tidying *tidying, GError **error)
{
	Supplier *supplier = tidying->supplier;
	const char *go = roots_go(tidying->solution->roots);
	const char *present = tidying->file->go != NULL ? tidying->file->go : GO_UNKNOWN;
	const Module *asker;
	g_autofree char *text = NULL;
	bool is_released = true;

	if (strcmp(go, present) == 0)
		return true;
	if (!supplier->find_go(supplier, go, &is_released, error))
		return false;
	if (is_released)
		return true;
	tidying->is_ahead = true;
	asker = asker_of(roots_graph(tidying->solution->roots, NULL), go);
	text = asker != NULL ? module_text(asker) : g_strdup("a requirement");
	return fail(error, FAILURE_INPUT, "'%s' asks for go %s, of which there is no release", text,
		    go);
}

/* The checksums that are needed are those that the file has, or that the database
 * vouches for. */
static bool settle_sums(Tidying *tidying, GError **error)
{
	g_autoptr(GArray) keys = sumkeys_of(tidying->facts, tidying->solution, error);
	g_autoptr(GPtrArray) zips = g_ptr_array_new(), gomods = g_ptr_array_new();

	if (keys == NULL)
		return false;
	for (guint i = 0; i < keys->len; i++) {
		const SumKey *key = &g_array_index(keys, SumKey, i);

		g_ptr_array_add(key->is_gomod ? gomods : zips, key->module);
	}
	if (!facts_must_have_requirements(tidying->facts, gomods, error) ||
	    !facts_need_packages(tidying->facts, zips, error) ||
	    !check_packing(tidying, zips, error))
		return false;
	for (guint i = 0; i < keys->len; i++) {
		const SumKey *key = &g_array_index(keys, SumKey, i);
		const Module *module = key->module;

		if (!key->is_gomod && module->packages_state == FAILED) {
			g_propagate_error(error, g_error_copy(module->packages_error));
			return false;
		}
		if (!gosum_need(tidying->sums, module->actual_path, module->actual_version,
				key->is_gomod,
				key->is_gomod ? module->gomod_sum : index_sum(module->index),
				error))
			return false;
	}
	return true;
}

/* The toolchain line of the result (gomod.md a.6); NULL: none. */
static const char *toolchain_of(const Tidying *tidying, const char *go)
{
	const Module *module = roots_version(tidying->solution->roots,
					     facts_path(tidying->facts, GOVERSION_TOOLCHAIN_PATH));
	g_autofree char *implied = g_strconcat("go", go, NULL);

	if (module == NULL || strcmp(module->version, implied) == 0 ||
	    goversion_compare_toolchains(module->version, "go" GO_NAMES_TOOLCHAINS) < 0)
		return NULL;
	return module->version;
}

static void add_change(Tidying *tidying, const char *path, GBytes *before, GBytes *after)
{
	if (before != NULL && after != NULL ? g_bytes_equal(before, after) : before == after)
		return;
	g_ptr_array_add(tidying->result->changes, file_change_new(path, before, after));
}

static int by_wanted_path(const void *a, const void *b)
{
	return strcmp(((const ModWanted *)a)->path, ((const ModWanted *)b)->path);
}

/* The requirements of the solution as lines; of ModWanted. */
static GArray *wanted_lines(const Tidying *tidying)
{
	const Roots *roots = tidying->solution->roots;
	const GPtrArray *modules = roots_modules(roots);
	GArray *lines = g_array_new(FALSE, FALSE, sizeof(ModWanted));

	for (guint i = 0; i < modules->len; i++) {
		const Module *module = modules->pdata[i];
		ModWanted line = {
			.path = module->path->text,
			.version = module->version,
			.is_indirect = !g_hash_table_contains(roots_direct(roots), module->path),
		};

		if (!path_is_go(module->path) && !path_is_toolchain(module->path))
			g_array_append_val(lines, line);
	}
	g_array_sort(lines, by_wanted_path);
	return lines;
}

/* Go writes down what it meets and then forgets what is not needed. */
static void meet_sums(const Tidying *tidying)
{
	const GPtrArray *gomods = facts_met_gomods(tidying->facts);
	const GPtrArray *zips = facts_met_zips(tidying->facts);

	for (guint i = 0; i < gomods->len; i++) {
		const Module *module = gomods->pdata[i];

		if (module->requirements_state == KNOWN && module->gomod_sum != NULL &&
		    module->actual_version != NULL)
			gosum_meet(tidying->sums, module->actual_path, module->actual_version,
				   true);
	}
	for (guint i = 0; i < zips->len; i++) {
		const Module *module = zips->pdata[i];

		if (module->packages_state == KNOWN && module->index != NULL)
			gosum_meet(tidying->sums, module->actual_path, module->actual_version,
				   false);
	}
}

static bool write_files(Tidying *tidying, GError **error)
{
	const GArray *bumps = tidying->start.bumps;
	const char *go = roots_go(tidying->solution->roots);
	bool has_go = tidying->file->go != NULL || strcmp(go, GO_UNKNOWN) != 0;
	g_autoptr(GArray) lines = wanted_lines(tidying);
	g_autoptr(GBytes) gomod = NULL, gosum = NULL, bumped = NULL;
	g_autoptr(ModFile) after = NULL;

	meet_sums(tidying);
	gosum = gosum_write(tidying->sums);
	bumped = bumps->len == 0
			 ? g_bytes_ref(tidying->gomod)
			 : modrequires_bump(tidying->gomod, (const Bump *)(void *)bumps->data,
					    bumps->len, error);
	if (bumped == NULL)
		return false;
	gomod = modrequires_write(bumped, has_go ? go : NULL, toolchain_of(tidying, go),
				  (const ModWanted *)(void *)lines->data, lines->len, error);
	if (gomod == NULL)
		return false;
	add_change(tidying, tidying->gomod_path, tidying->gomod, gomod);
	add_change(tidying, tidying->gosum_path, tidying->gosum, gosum);
	after = modfile_parse(tidying->gomod_path, gomod, MODFILE_MAIN, error);
	if (after == NULL)
		return false;
	tidying->result->moves = moves_between(tidying->file, after);
	tidying->result->go_from = g_strdup(tidying->file->go);
	tidying->result->go_to = has_go ? g_strdup(go) : NULL;
	if (!has_go)
		g_ptr_array_add(tidying->result->notes,
				g_strdup_printf("'%s' has no go line and is read as go %s",
						tidying->gomod_path, GO_UNKNOWN));
	return true;
}

/* Go's own result is not always one that its next run leaves alone
 * (gomod.md f.13). */
static bool check_fixed_point(Tidying *tidying, GError **error)
{
	const Roots *roots = tidying->solution->roots;
	g_autoptr(GError) local = NULL;
	g_autoptr(Solution) again =
		solve(tidying->facts, roots_modules(roots), roots_direct(roots), &local);

	if (again == NULL && failure_kind(local) != FAILURE_INPUT) {
		g_propagate_error(error, g_steal_pointer(&local));
		return false;
	}
	if (again == NULL)
		g_ptr_array_add(
			tidying->result->notes,
			g_strdup_printf("tidying the result once more fails: %s", local->message));
	else if (!roots_are_equal(again->roots, roots))
		g_ptr_array_add(tidying->result->notes,
				g_strdup("tidying the result once more would change it again"));
	return true;
}

static bool refresh_vendor(Tidying *tidying, GError **error)
{
	return !tidying->supplier->makes_listings ||
	       vendor_refresh(tidying->facts, tidying->solution, tidying->result->changes, error);
}

static bool run(Tidying *tidying, GError **error)
{
	if (!read_files(tidying, error) || !set_up(tidying, error) || !check_before(tidying, error))
		return false;
	tidying->solution =
		solve(tidying->facts, tidying->start.modules, tidying->start.direct, error);
	return tidying->solution != NULL && check_after(tidying, error) &&
	       check_go(tidying, error) && settle_sums(tidying, error) &&
	       write_files(tidying, error) && refresh_vendor(tidying, error) &&
	       check_fixed_point(tidying, error);
}

TidyResult *tidy(const TidyOrder *order, Supplier *supplier, GError **error)
{
	Tidying tidying = { .order = order, .supplier = supplier, .result = result_new() };
	TidyResult *result = NULL;

	if (run(&tidying, error))
		result = g_steal_pointer(&tidying.result);
	else if (order->is_held != NULL && tidying.facts != NULL)
		*order->is_held =
			tidying.is_ahead || (error != NULL && is_bounded(&tidying, *error));
	tidying_clear(&tidying);
	return result;
}
