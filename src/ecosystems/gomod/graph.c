/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/graph.h"

#include <string.h>

/* The largest real graphs have 2,000. */
#define LIMIT_MODULES 100000

/* How a module was met; the values of Reading.met. */
enum { MET = 1, MET_UNPRUNED = 2 };

/* A graph being read. */
typedef struct {
	Facts *facts;
	Graph *graph;
	GHashTable *met;  /* Module to how it was met */
	GPtrArray *queue; /* of Module: what the next round visits */
} Reading;

static bool is_met(const Reading *reading, const Module *module, unsigned how)
{
	return (GPOINTER_TO_UINT(g_hash_table_lookup(reading->met, module)) & how) != 0;
}

static void note_met(Reading *reading, Module *module, unsigned how)
{
	how |= GPOINTER_TO_UINT(g_hash_table_lookup(reading->met, module));
	g_hash_table_insert(reading->met, module, GUINT_TO_POINTER(how));
}

static void see(Reading *reading, Module *module)
{
	GPtrArray *by_number = reading->graph->by_number;
	uint32_t number = module->path->number;
	const Module *best;

	if (by_number->len <= number)
		g_ptr_array_set_size(by_number, (gint)facts_path_count(reading->facts));
	best = by_number->pdata[number];
	if (best == NULL ||
	    (!module_is_main(reading->facts, best) && module_compare(best, module) < 0))
		by_number->pdata[number] = module;
}

/* The requirements of `module` count; what is below them does if it was met in
 * an unpruned context or is not pruned itself. */
static void visit(Reading *reading, Module *module, bool is_unpruned)
{
	if (!is_met(reading, module, MET)) {
		g_ptr_array_add(reading->graph->read, module);
		for (uint32_t i = 0; i < module->n_requirements; i++)
			see(reading, module->requirements[i]);
	}
	note_met(reading, module, is_unpruned ? MET | MET_UNPRUNED : MET);
	if (!is_unpruned && module->is_pruned)
		return;
	for (uint32_t i = 0; i < module->n_requirements; i++) {
		Module *below = module->requirements[i];

		if (!is_met(reading, below, MET_UNPRUNED)) {
			note_met(reading, below, MET_UNPRUNED);
			g_ptr_array_add(reading->queue, below);
		}
	}
}

static bool read_rounds(Reading *reading, const GPtrArray *roots, bool is_pruned, GError **error)
{
	if (!facts_must_have_requirements(reading->facts, roots, error))
		return false;
	for (guint i = 0; i < roots->len; i++) {
		see(reading, roots->pdata[i]);
		visit(reading, roots->pdata[i], !is_pruned);
	}
	while (reading->queue->len > 0) {
		g_autoptr(GPtrArray) round = g_steal_pointer(&reading->queue);

		reading->queue = g_ptr_array_new();
		if (reading->graph->read->len + round->len > LIMIT_MODULES)
			return fail(error, FAILURE_LIMIT,
				    "the module graph has more than %d modules", LIMIT_MODULES);
		if (!facts_must_have_requirements(reading->facts, round, error))
			return false;
		for (guint i = 0; i < round->len; i++)
			visit(reading, round->pdata[i], true);
	}
	return true;
}

static int by_path(const void *a, const void *b)
{
	return strcmp((*(const Module *const *)a)->path->text,
		      (*(const Module *const *)b)->path->text);
}

Graph *graph_read(Facts *facts, const GPtrArray *roots, bool is_pruned, GError **error)
{
	g_autoptr(Graph) graph = g_new0(Graph, 1);
	Reading reading = { .facts = facts, .graph = graph };
	bool is_read;

	graph->by_number = g_ptr_array_new();
	graph->selected = g_ptr_array_new();
	graph->read = g_ptr_array_new();
	reading.met = g_hash_table_new(NULL, NULL);
	reading.queue = g_ptr_array_new();
	see(&reading, facts_main(facts));
	is_read = read_rounds(&reading, roots, is_pruned, error);
	g_hash_table_unref(reading.met);
	g_ptr_array_unref(reading.queue);
	if (!is_read)
		return NULL;
	for (guint i = 0; i < graph->by_number->len; i++) {
		Module *module = graph->by_number->pdata[i];

		if (module != NULL && !module_is_main(facts, module))
			g_ptr_array_add(graph->selected, module);
	}
	g_ptr_array_sort(graph->selected, by_path);
	return g_steal_pointer(&graph);
}

void graph_free(Graph *graph)
{
	if (graph == NULL)
		return;
	g_ptr_array_unref(graph->by_number);
	g_ptr_array_unref(graph->selected);
	g_ptr_array_unref(graph->read);
	g_free(graph);
}

Module *graph_selected(const Graph *graph, const Path *path)
{
	return path->number < graph->by_number->len ? graph->by_number->pdata[path->number] : NULL;
}

/* The modules from a root to `target`, backwards. */
static char *chain_text(GHashTable *parents, Module *target)
{
	g_autoptr(GString) text = g_string_new(NULL);
	Module *module = target;

	for (;;) {
		g_autofree char *name = module_text(module);

		g_string_prepend(text, name);
		module = g_hash_table_lookup(parents, module);
		if (module == NULL)
			return g_string_free(g_steal_pointer(&text), FALSE);
		g_string_prepend(text, g_hash_table_lookup(parents, module) == NULL
					       ? " requires "
					       : ", which requires ");
	}
}

char *graph_chain(const Graph *graph, const GPtrArray *roots, Module *target)
{
	g_autoptr(GHashTable) parents = g_hash_table_new(NULL, NULL); /* Module to Module */
	g_autoptr(GHashTable) is_read = g_hash_table_new(NULL, NULL);
	g_autoptr(GPtrArray) queue = g_ptr_array_new();

	for (guint i = 0; i < graph->read->len; i++)
		g_hash_table_add(is_read, graph->read->pdata[i]);
	for (guint i = 0; i < roots->len; i++)
		if (g_hash_table_insert(parents, roots->pdata[i], NULL))
			g_ptr_array_add(queue, roots->pdata[i]);
	for (guint at = 0; at < queue->len; at++) {
		Module *module = queue->pdata[at];

		for (uint32_t i = 0;
		     i < module->n_requirements && g_hash_table_contains(is_read, module); i++) {
			Module *below = module->requirements[i];

			if (g_hash_table_contains(parents, below))
				continue;
			g_hash_table_insert(parents, below, module);
			g_ptr_array_add(queue, below);
		}
	}
	return chain_text(parents, target);
}
