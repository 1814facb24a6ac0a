/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/mvs.h"

/* A walk below one module: requirements come before what requires them. */
typedef struct {
	Module *module;
	uint32_t next; /* of its requirements */
} Step;

/* Walks what is below `from` and has not the mark yet; what is left behind for
 * good is appended to `order` (NULL: nowhere). */
static void walk(Module *from, unsigned mark, GPtrArray *order)
{
	g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(Step));
	Step first = { from, 0 };

	if (from->mark == mark)
		return;
	from->mark = mark;
	g_array_append_val(stack, first);
	while (stack->len > 0) {
		Step *top = &g_array_index(stack, Step, stack->len - 1);
		Step below = { NULL, 0 };

		while (top->next < top->module->n_requirements && below.module == NULL) {
			Module *module = top->module->requirements[top->next++];

			if (module->mark != mark)
				below.module = module;
		}
		if (below.module != NULL) {
			below.module->mark = mark;
			g_array_append_val(stack, below);
			continue;
		}
		if (order != NULL)
			g_ptr_array_add(order, top->module);
		g_array_set_size(stack, stack->len - 1);
	}
}

static void list(GPtrArray *minimal, Module *module, unsigned mark)
{
	g_ptr_array_add(minimal, module);
	walk(module, mark, NULL);
}

GPtrArray *mvs_minimal(Facts *facts, const GPtrArray *kept, const GPtrArray *listed, Graph **graph,
		       GError **error)
{
	g_autoptr(Graph) whole = graph_read(facts, kept, false, error);
	g_autoptr(GPtrArray) order = g_ptr_array_new();
	g_autoptr(GHashTable) is_listed = g_hash_table_new(NULL, NULL); /* set of Path */
	GPtrArray *minimal;
	unsigned mark;

	if (whole == NULL)
		return NULL;
	mark = facts_next_mark(facts);
	for (guint i = 0; i < whole->selected->len; i++)
		walk(whole->selected->pdata[i], mark, order);

	minimal = g_ptr_array_new();
	mark = facts_next_mark(facts);
	for (guint i = 0; i < listed->len; i++) {
		Module *module = graph_selected(whole, listed->pdata[i]);

		if (module != NULL && !module_is_main(facts, module) &&
		    g_hash_table_add(is_listed, listed->pdata[i]))
			list(minimal, module, mark);
	}
	for (guint i = order->len; i > 0; i--) {
		Module *module = order->pdata[i - 1];

		if (graph_selected(whole, module->path) == module && module->mark != mark)
			list(minimal, module, mark);
	}
	g_ptr_array_sort(minimal, module_order);
	if (graph != NULL)
		*graph = g_steal_pointer(&whole);
	return minimal;
}
