/* SPDX-License-Identifier: MIT */
#include "worker/decide.h"

#include "base/text.h"
#include "policy/group.h"

typedef bool (*LookUp)(World *w, GPtrArray *dependencies, GTree *offers, GError **error);

void decision_clear(Decision *decision)
{
	g_clear_pointer(&decision->selections, g_ptr_array_unref);
	g_clear_pointer(&decision->offers, g_ptr_array_unref);
	g_clear_pointer(&decision->builders, builders_drop);
}

void decision_begin(Decision *decision, const GPtrArray *manifests, const Rules *fallback,
		    int64_t now, bool is_named,
		    bool (*wants)(const Dependency *dependency, void *data), void *data)
{
	*decision = (Decision){
		.selections = g_ptr_array_new_with_free_func((GDestroyNotify)selection_free),
		.offers = g_ptr_array_new_with_free_func((GDestroyNotify)g_tree_unref),
		.is_whole = true,
	};
	for (guint i = 0; i < manifests->len; i++) {
		Manifest *manifest = g_ptr_array_index(manifests, i);
		const Rules *rules = manifest->rules != NULL ? manifest->rules : fallback;

		for (guint k = 0; k < manifest->dependencies->len; k++) {
			Dependency *dependency = g_ptr_array_index(manifest->dependencies, k);

			if (wants == NULL || wants(dependency, data))
				g_ptr_array_add(
					decision->selections,
					selection_new(manifest, dependency, rules, now, is_named));
		}
	}
}

static void mind(const Decision *decision, const GPtrArray *selections)
{
	for (guint i = 0; decision->builders != NULL && i < selections->len; i++) {
		Selection *selection = g_ptr_array_index(selections, i);

		selection->question.builders = builders_of(decision->builders, selection->manifest);
	}
}

bool decision_mind_builders(Decision *decision, Source *source, const GPtrArray *manifests,
			    GError **error)
{
	decision->builders = builders_collect(source, manifests, error);
	if (decision->builders == NULL)
		return false;
	mind(decision, decision->selections);
	return true;
}

void decision_mind_registries(Decision *decision, Registries *registries)
{
	decision->registries = registries;
}

static World *world_of(const Decision *decision, const Selection *selection, World *w)
{
	return decision->registries != NULL
		       ? registries_world(decision->registries, selection->manifest->rules)
		       : w;
}

/* Does `step` for all that look up in the same world at once, one world after the other. */
static bool in_each_world(Decision *decision, const GPtrArray *selections, World *w,
			  bool (*step)(Decision *decision, const GPtrArray *asking, World *w,
				       GError **error),
			  GError **error)
{
	g_autoptr(GPtrArray) worlds = g_ptr_array_new(); /* in the order in which they come */
	g_autoptr(GHashTable) asking =
		g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);

	for (guint i = 0; i < selections->len; i++) {
		Selection *selection = g_ptr_array_index(selections, i);
		World *world = world_of(decision, selection, w);
		GPtrArray *its = g_hash_table_lookup(asking, world);

		if (its == NULL) {
			its = g_ptr_array_new();
			g_ptr_array_add(worlds, world);
			g_hash_table_insert(asking, world, its);
		}
		g_ptr_array_add(its, selection);
	}
	for (guint i = 0; i < worlds->len; i++) {
		World *world = g_ptr_array_index(worlds, i);

		if (!step(decision, g_hash_table_lookup(asking, world), world, error))
			return false;
	}
	return true;
}

/* Looks up all that one function answers for: ecosystems that share it share what
 * it finds. */
static bool look_up(Decision *decision, const GPtrArray *asking, LookUp function, World *w,
		    GError **error)
{
	GTree *offers = g_tree_new_full(text_compare, NULL, g_free, (GDestroyNotify)offer_free);
	g_autoptr(GPtrArray) dependencies = g_ptr_array_new();

	g_ptr_array_add(decision->offers, offers);
	for (guint i = 0; i < asking->len; i++) {
		const Selection *selection = g_ptr_array_index(asking, i);

		if (selection->manifest->ecosystem->look_up == function)
			g_ptr_array_add(dependencies, selection->dependency);
	}
	return function(w, dependencies, offers, error);
}

static bool look_up_all(Decision *decision, const GPtrArray *asking, World *w, GError **error)
{
	g_autoptr(GPtrArray) done = g_ptr_array_new();

	for (guint i = 0; i < asking->len; i++) {
		const Selection *selection = g_ptr_array_index(asking, i);
		const Ecosystem *ecosystem = selection->manifest->ecosystem;
		bool is_done = false;

		for (guint k = 0; k < done->len; k++)
			is_done = is_done || ((const Ecosystem *)done->pdata[k])->look_up ==
						     ecosystem->look_up;
		if (is_done)
			continue;
		g_ptr_array_add(done, (void *)ecosystem);
		if (!look_up(decision, asking, ecosystem->look_up, w, error))
			return false;
	}
	return true;
}

/* Makes the choices that can be made; what is left wishes for more. */
static GPtrArray *make_some(GPtrArray *asking)
{
	GPtrArray *left = g_ptr_array_new();

	for (guint i = 0; i < asking->len; i++) {
		Selection *selection = g_ptr_array_index(asking, i);

		if (!selection_make(selection))
			g_ptr_array_add(left, selection);
	}
	return left;
}

static bool describe(Decision *decision G_GNUC_UNUSED, const GPtrArray *asking, World *w,
		     GError **error)
{
	for (const Ecosystem *const *ecosystem = ecosystems; *ecosystem != NULL; ecosystem++) {
		g_autoptr(GPtrArray) questions = g_ptr_array_new();

		for (guint i = 0; i < asking->len; i++) {
			Selection *selection = g_ptr_array_index(asking, i);

			if (selection->manifest->ecosystem != *ecosystem)
				continue;
			g_ptr_array_add(questions, &selection->question);
			g_ptr_array_extend(questions, selection->companions, NULL, NULL);
		}
		if (questions->len > 0 && !(*ecosystem)->describe(w, questions, error))
			return false;
	}
	return true;
}

/* Those whose answer is not known without asking anybody. */
static GPtrArray *open_questions(const GPtrArray *selections)
{
	GPtrArray *asking = g_ptr_array_new();

	for (guint i = 0; i < selections->len; i++) {
		Selection *selection = g_ptr_array_index(selections, i);

		if (!selection_is_idle(selection))
			g_ptr_array_add(asking, selection);
	}
	return asking;
}

bool decision_look_up(Decision *decision, World *w, GError **error)
{
	g_autoptr(GPtrArray) asking = open_questions(decision->selections);

	if (!in_each_world(decision, asking, w, look_up_all, error))
		return false;
	for (guint i = 0; i < asking->len; i++) {
		const Selection *selection = g_ptr_array_index(asking, i);
		const Offer *offer = selection->dependency->offer;

		if (offer == NULL || offer->error != NULL)
			decision->is_whole = false;
	}
	return true;
}

static bool choose(Decision *decision, const GPtrArray *selections, World *w, GError **error)
{
	g_autoptr(GPtrArray) asking = open_questions(selections);

	for (;;) {
		GPtrArray *left = make_some(asking);

		g_ptr_array_unref(asking);
		asking = left;
		if (asking->len == 0)
			return true;
		if (!in_each_world(decision, asking, w, describe, error))
			return false;
	}
}

bool decision_choose(Decision *decision, World *w, GError **error)
{
	return choose(decision, decision->selections, w, error);
}

bool decision_choose_for_groups(Decision *decision, World *w, GError **error)
{
	g_autoptr(GPtrArray) more = group_selections(decision->selections);

	mind(decision, more);
	if (!choose(decision, more, w, error))
		return false;
	while (more->len > 0)
		g_ptr_array_add(decision->selections, g_ptr_array_steal_index(more, 0));
	return true;
}
