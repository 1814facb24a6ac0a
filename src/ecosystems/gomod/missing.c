/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/missing.h"

#include "ecosystems/gomod/modpath.h"
#include "ecosystems/gomod/supplier.h"
#include "ecosystems/gomod/version.h"

#include <string.h>

struct Missing {
	Facts *facts;
	GPtrArray *replaced; /* of Module: for each replaced path its highest version */
	GHashTable *latest;  /* Path to LatestQuery */
};

static void query_free(void *data)
{
	LatestQuery *query = data;

	g_free(query->version);
	g_clear_error(&query->error);
	g_free(query);
}

/* A path that is replaced without a version is asked for with the placeholder of
 * its major version, which is below all real ones. */
static char *placeholder(const char *path)
{
	g_autofree char *major = modpath_major(path);
	const char *rest = strchr(VERSION_PLACEHOLDER, '.');

	return g_strconcat(major != NULL ? major : "v0", rest, NULL);
}

static int longest_first(const void *a, const void *b)
{
	const char *x = (*(const Module *const *)a)->path->text;
	const char *y = (*(const Module *const *)b)->path->text;
	size_t x_length = strlen(x), y_length = strlen(y);

	if (x_length != y_length)
		return x_length > y_length ? -1 : 1;
	return strcmp(x, y);
}

/* For each path that `replace` lines name, the highest version they do. */
static void add_replaced(Missing *missing)
{
	const GPtrArray *replaces = facts_main_file(missing->facts)->replaces;
	g_autoptr(GHashTable) highest = g_hash_table_new(NULL, NULL); /* Path to char * */
	GHashTableIter iter;
	void *key, *value;

	for (guint i = 0; i < replaces->len; i++) {
		const ModReplace *replace = replaces->pdata[i];
		Path *path = facts_path(missing->facts, replace->old_path);
		const char *other = g_hash_table_lookup(highest, path);

		if (other == NULL || (replace->old_version != NULL &&
				      version_compare(other, replace->old_version) < 0))
			g_hash_table_insert(highest, path, replace->old_version);
	}
	g_hash_table_iter_init(&iter, highest);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		Path *path = key;
		g_autofree char *version =
			value != NULL ? g_strdup(value) : placeholder(path->text);

		g_ptr_array_add(missing->replaced, facts_module(missing->facts, path, version));
	}
	g_ptr_array_sort(missing->replaced, longest_first);
}

Missing *missing_new(Facts *facts)
{
	Missing *missing = g_new0(Missing, 1);

	missing->facts = facts;
	missing->replaced = g_ptr_array_new();
	missing->latest = g_hash_table_new_full(NULL, NULL, NULL, query_free);
	add_replaced(missing);
	return missing;
}

void missing_free(Missing *missing)
{
	if (missing == NULL)
		return;
	g_ptr_array_unref(missing->replaced);
	g_hash_table_unref(missing->latest);
	g_free(missing);
}

Search *search_new(Path *path)
{
	Search *search = g_new0(Search, 1);

	search->path = path;
	return search;
}

void search_free(Search *search)
{
	if (search == NULL)
		return;
	g_free(search->why);
	g_free(search);
}

static bool is_dotless(const Path *path)
{
	return memchr(path->text, '.', strcspn(path->text, "/")) == NULL;
}

/* Whether a replaced module may have the package: its path allows it, and it
 * would be above what is selected now. */
static bool is_tried(const Graph *graph, const Module *replaced, const Path *path)
{
	const Module *selected = graph_selected(graph, replaced->path);

	return modpath_is_within(path->text, replaced->path->text) &&
	       (selected == NULL ||
		(*selected->version != '\0' && module_compare(selected, replaced) < 0));
}

/* A search among the replaced modules; whether it is over. */
static bool search_replaced(const Missing *missing, const Graph *graph, Search *search)
{
	bool was_tried = false;

	for (guint i = 0; i < missing->replaced->len; i++) {
		Module *module = missing->replaced->pdata[i];

		if (!is_tried(graph, module, search->path))
			continue;
		was_tried = true;
		if (module->packages_state == FAILED) {
			search->why = g_strdup(module->packages_error->message);
			return true;
		}
		if (facts_has_package(missing->facts, module, search->path)) {
			search->found = module;
			return true;
		}
	}
	if (was_tried && !modpath_check(search->path->text, NULL)) {
		search->why = g_strdup("the module that replaces it does not contain it");
		return true;
	}
	return is_dotless(search->path);
}

static bool need_replaced(const Missing *missing, const Graph *graph, const GPtrArray *searches,
			  GError **error)
{
	g_autoptr(GPtrArray) modules = g_ptr_array_new();

	for (guint i = 0; i < searches->len; i++)
		for (guint j = 0; j < missing->replaced->len; j++)
			if (is_tried(graph, missing->replaced->pdata[j],
				     ((Search *)searches->pdata[i])->path))
				g_ptr_array_add(modules, missing->replaced->pdata[j]);
	return facts_need_packages(missing->facts, modules, error);
}

/* Whether `prefix` of a missing package's path is asked for its newest version. */
static bool is_asked(const Missing *missing, const Path *prefix)
{
	return prefix != facts_main(missing->facts)->path && modpath_check(prefix->text, NULL);
}

/* Asks for the newest version of every prefix of every path, and for the contents
 * of what was found. */
static bool ask(Missing *missing, const GPtrArray *searches, GError **error)
{
	Supplier *supplier = facts_supplier(missing->facts);
	g_autoptr(GPtrArray) queries = g_ptr_array_new(), modules = g_ptr_array_new();

	for (guint i = 0; i < searches->len; i++)
		for (Path *prefix = ((Search *)searches->pdata[i])->path; prefix != NULL;
		     prefix = prefix->parent) {
			LatestQuery *query;

			if (!is_asked(missing, prefix) ||
			    g_hash_table_contains(missing->latest, prefix))
				continue;
			query = g_new0(LatestQuery, 1);
			query->path = prefix;
			g_hash_table_insert(missing->latest, prefix, query);
			g_ptr_array_add(queries, query);
		}
	if (queries->len > 0 && !supplier->find_latest(supplier, missing->facts, queries, error))
		return false;
	for (guint i = 0; i < queries->len; i++) {
		const LatestQuery *query = queries->pdata[i];

		if (query->version != NULL)
			g_ptr_array_add(modules,
					facts_module(missing->facts, query->path, query->version));
	}
	return facts_need_packages(missing->facts, modules, error);
}

/* The answers to one search, from the longest prefix to the shortest. */
typedef struct {
	GPtrArray *having; /* of Module: that have the package */
	char *lacking;     /* of the first module without the package */
	char *without;     /* of the first module of which no version may be taken */
	char *failure;     /* of the first question that failed and matters */
} Answers;

static void weigh(const Missing *missing, const Path *path, const LatestQuery *query,
		  Answers *answers)
{
	bool is_named = answers->having->len > 0 || answers->lacking != NULL;
	Module *module;

	if (query->version == NULL) {
		if (query->error != NULL && !is_named && answers->failure == NULL)
			answers->failure = g_strdup(query->error->message);
		if (query->error == NULL && query->exists && answers->without == NULL)
			answers->without = g_strdup_printf("no version of module '%s' may be taken",
							   query->path->text);
		return;
	}
	module = facts_module(missing->facts, query->path, query->version);
	if (module->packages_state == FAILED) {
		if (failure_kind(module->packages_error) != FAILURE_ABSENT && !is_named &&
		    answers->failure == NULL)
			answers->failure = g_strdup(module->packages_error->message);
	} else if (facts_has_package(missing->facts, module, path)) {
		g_ptr_array_add(answers->having, module);
	} else if (answers->lacking == NULL) {
		answers->lacking = g_strdup_printf(
			"module %s@latest found (%s), but does not contain package %s",
			module->path->text, module->version, path->text);
	}
}

static void decide(const Graph *graph, Search *search, Answers *answers)
{
	for (guint i = 0; i < answers->having->len && answers->failure == NULL; i++) {
		Module *module = answers->having->pdata[i];
		const Module *selected = graph_selected(graph, module->path);

		if (selected == NULL || module_compare(selected, module) <= 0) {
			search->found = module;
			return;
		}
		if (i == 0)
			search->why = g_strdup_printf(
				"module %s@latest found (%s), but %s is selected, which does not "
				"contain package %s",
				module->path->text, module->version, selected->version,
				search->path->text);
	}
	if (search->why == NULL || answers->failure != NULL) {
		g_free(search->why);
		search->why = g_strdup(answers->failure != NULL   ? answers->failure
				       : answers->lacking != NULL ? answers->lacking
				       : answers->without != NULL ? answers->without
								  : "no module provides it");
	}
}

static void search_latest(const Missing *missing, const Graph *graph, Search *search)
{
	Answers answers = { .having = g_ptr_array_new() };

	for (const Path *prefix = search->path; prefix != NULL; prefix = prefix->parent)
		if (is_asked(missing, prefix))
			weigh(missing, search->path, g_hash_table_lookup(missing->latest, prefix),
			      &answers);
	decide(graph, search, &answers);
	g_ptr_array_unref(answers.having);
	g_free(answers.lacking);
	g_free(answers.without);
	g_free(answers.failure);
}

bool missing_find(Missing *missing, Roots *roots, GPtrArray *searches, GError **error)
{
	g_autoptr(GPtrArray) open = g_ptr_array_new();
	const Graph *graph = roots_graph(roots, error);

	if (graph == NULL || !need_replaced(missing, graph, searches, error))
		return false;
	for (guint i = 0; i < searches->len; i++)
		if (!search_replaced(missing, graph, searches->pdata[i]))
			g_ptr_array_add(open, searches->pdata[i]);
	if (!ask(missing, open, error))
		return false;
	for (guint i = 0; i < open->len; i++)
		search_latest(missing, graph, open->pdata[i]);
	return true;
}
