/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/rewrite.h"

#include "base/text.h"
#include "ecosystems/docker/files.h"
#include "upkeepd/ecosystem.h"

#include <string.h>

/* The sites of a manifest are in step with its dependencies. */
static guint index_of(const Manifest *manifest, const Dependency *dependency)
{
	guint index = 0;

	if (!g_ptr_array_find(manifest->dependencies, dependency, &index))
		g_assert_not_reached();
	return index;
}

static const Site *site_of(const Manifest *manifest, const Update *update)
{
	return g_ptr_array_index((GPtrArray *)manifest->detail,
				 index_of(manifest, update->dependency));
}

static GPtrArray *read_again(const Manifest *manifest, GBytes *text, GError **error)
{
	g_autoptr(GPtrArray) problems = problems_new();

	return files_read(manifest->path, text, strcmp(manifest->ecosystem->name, "docker") != 0,
			  problems, error);
}

/* Whether two sites are one place of the file: aliases of YAML. */
static bool is_one_place(const Site *x, const Site *y)
{
	return span_length(x->word) > 0 && x->word.from == y->word.from &&
	       x->word.to == y->word.to && strcmp(x->expanded, y->expanded) == 0;
}

/* What each site shall read after `updates`; NULL where it shall not change. */
static GPtrArray *wanted_texts(const Manifest *manifest, const GPtrArray *updates)
{
	const GPtrArray *sites = manifest->detail;
	GPtrArray *wanted = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_set_size(wanted, (gint)sites->len);
	for (guint i = 0; i < updates->len; i++) {
		const Update *update = g_ptr_array_index(updates, i);
		const Site *site = site_of(manifest, update);

		for (guint j = 0; j < sites->len; j++) {
			if (!is_one_place(site, g_ptr_array_index(sites, j)) &&
			    site != g_ptr_array_index(sites, j))
				continue;
			g_free(g_ptr_array_index(wanted, j));
			g_ptr_array_index(wanted, j) =
				site_with(site, update->to, update->to_digest);
		}
	}
	return wanted;
}

/* Whether the file, read again, says what was meant and nothing else. */
static bool check(const Manifest *manifest, const GPtrArray *updates, GBytes *after, GError **error)
{
	const GPtrArray *before = manifest->detail;
	g_autoptr(GPtrArray) wanted = wanted_texts(manifest, updates);
	g_autoptr(GPtrArray) sites = read_again(manifest, after, error);

	if (sites == NULL)
		return false;
	if (sites->len != before->len)
		return fail(error, FAILURE_INPUT, "the file would name %u images, not %u",
			    sites->len, before->len);
	for (guint i = 0; i < sites->len; i++) {
		const Site *now = g_ptr_array_index(sites, i), *old = g_ptr_array_index(before, i);
		const char *text = g_ptr_array_index(wanted, i);

		if (now->kind != old->kind ||
		    strcmp(now->expanded, text != NULL ? text : old->expanded) != 0)
			return fail(error, FAILURE_INPUT,
				    "'%s' on line %d would become '%s' with it", old->expanded,
				    old->line, now->expanded);
	}
	return true;
}

/* The file after `updates`, all at once. */
static GBytes *attempt(const Manifest *manifest, const GPtrArray *updates, GError **error)
{
	g_autoptr(GPtrArray) edits = edits_new();
	g_autoptr(GBytes) after = NULL;

	for (guint i = 0; i < updates->len; i++) {
		const Update *update = g_ptr_array_index(updates, i);
		const Site *site = site_of(manifest, update);

		if (site->why_not != NULL)
			return fail_null(error, FAILURE_INPUT, "it cannot be changed: %s",
					 site->why_not);
		if (!site_edit(site, update->to, update->to_digest, edits, error))
			return NULL;
	}
	after = edits_apply(manifest->text, edits, error);
	if (after == NULL || !check(manifest, updates, after, error))
		return NULL;
	return g_steal_pointer(&after);
}

/* What can change of a site: all behind its name. */
static Letters changeable(const Site *site)
{
	Letters letters = letters_all(site->letters);

	return letters_from(letters,
			    site->reference != NULL ? site->reference->name_end : letters.length);
}

static bool stands_at(Letters letters, GHashTable *places)
{
	for (size_t i = 0; i < letters.length; i++)
		if (letters.first[i].at < PLACE_BUILDER &&
		    g_hash_table_contains(places, GUINT_TO_POINTER(letters.first[i].at)))
			return true;
	return false;
}

/* Takes from `updates` the first and those that can only be made with it. */
static GPtrArray *take_bound(const Manifest *manifest, GPtrArray *updates)
{
	g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
	GPtrArray *bound = g_ptr_array_new();

	for (guint i = 0; i < updates->len;) {
		Update *update = g_ptr_array_index(updates, i);
		Letters letters = changeable(site_of(manifest, update));

		if (bound->len > 0 && !stands_at(letters, places)) {
			i++;
			continue;
		}
		for (size_t j = 0; j < letters.length; j++)
			g_hash_table_add(places, GUINT_TO_POINTER(letters.first[j].at));
		g_ptr_array_add(bound, update);
		g_ptr_array_remove_index(updates, i);
		i = 0; /* one that was passed over may be bound to this one */
	}
	return bound;
}

/* Says why updates are not made. */
static void refuse(Manifest *manifest, const GPtrArray *updates, const GError *why)
{
	for (guint i = 0; i < updates->len; i++) {
		const Update *update = g_ptr_array_index(updates, i);
		const Dependency *dependency = update->dependency;

		g_ptr_array_add(manifest->problems,
				problem_new(manifest->path, dependency->line, dependency->column,
					    WEIGHT_WARNING, "'%s' cannot be moved to '%s': %s",
					    dependency->name,
					    update->to != NULL ? update->to : update->to_digest,
					    why->message));
	}
}

/* Makes what can be made, where not all can: one bound set after the other. What
 * cannot is added to `refused`. */
static GBytes *make_some(Manifest *manifest, GPtrArray *pending, GPtrArray *refused)
{
	g_autoptr(GPtrArray) made = g_ptr_array_new();
	g_autoptr(GBytes) after = g_bytes_ref(manifest->text);

	while (pending->len > 0) {
		g_autoptr(GPtrArray) bound = take_bound(manifest, pending);
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) more = NULL;
		guint count = made->len;

		g_ptr_array_extend(made, bound, NULL, NULL);
		more = attempt(manifest, made, &error);
		if (more == NULL) {
			g_ptr_array_set_size(made, (gint)count);
			refuse(manifest, bound, error);
			g_ptr_array_extend(refused, bound, NULL, NULL);
			continue;
		}
		g_bytes_unref(after);
		after = g_steal_pointer(&more);
	}
	return g_steal_pointer(&after);
}

static void rewrite_manifest(Plan *plan, Manifest *manifest, GPtrArray *refused)
{
	g_autoptr(GPtrArray) updates = g_ptr_array_new();
	g_autoptr(GBytes) after = NULL;

	for (guint i = 0; i < plan->updates->len; i++) {
		Update *update = g_ptr_array_index(plan->updates, i);

		if (update->manifest == manifest)
			g_ptr_array_add(updates, update);
	}
	after = attempt(manifest, updates, NULL);
	if (after == NULL)
		after = make_some(manifest, updates, refused);
	if (!g_bytes_equal(after, manifest->text))
		g_ptr_array_add(plan->changes,
				file_change_new(manifest->path, manifest->text, after));
}

/* What a person should know who merges: each once, with the file. */
static void add_remarks(Plan *plan, const Ecosystem *ecosystem)
{
	for (guint i = 0; i < plan->updates->len; i++) {
		const Update *update = g_ptr_array_index(plan->updates, i);
		const char *remark = update->dependency->remark;
		g_autofree char *path = text_code(update->manifest->path), *text = NULL;

		if (update->manifest->ecosystem != ecosystem || remark == NULL ||
		    g_strcmp0(update->from, update->to) == 0)
			continue;
		text = g_strdup_printf("%s: %s", path, remark);
		if (!g_ptr_array_find_with_equal_func(plan->remarks, text, g_str_equal, NULL))
			g_ptr_array_add(plan->remarks, g_steal_pointer(&text));
	}
}

bool rewrite_plan(Plan *plan, const Ecosystem *ecosystem, GError **error)
{
	g_autoptr(GPtrArray) manifests = g_ptr_array_new(); /* of Manifest */
	g_autoptr(GPtrArray) refused = g_ptr_array_new();   /* of Update */

	for (guint i = 0; i < plan->updates->len; i++) {
		const Update *update = g_ptr_array_index(plan->updates, i);

		if (update->manifest->ecosystem == ecosystem &&
		    !g_ptr_array_find(manifests, update->manifest, NULL))
			g_ptr_array_add(manifests, update->manifest);
	}
	for (guint i = 0; i < manifests->len; i++)
		rewrite_manifest(plan, g_ptr_array_index(manifests, i), refused);
	if (refused->len > 0 && refused->len == plan->updates->len) {
		const Update *last = g_ptr_array_index(refused, refused->len - 1);
		const GPtrArray *problems = last->manifest->problems;
		const Problem *problem = g_ptr_array_index(problems, problems->len - 1);

		return fail(error, FAILURE_INPUT, "%s:%d: %s", problem->path, problem->line,
			    problem->text);
	}
	for (guint i = 0; i < refused->len; i++)
		g_ptr_array_remove(plan->updates, g_ptr_array_index(refused, i));
	add_remarks(plan, ecosystem);
	return true;
}

static bool is_moved_to(const Update *update, const Dependency *dependency, const char *version)
{
	return update->dependency == dependency && g_strcmp0(update->to, version) == 0;
}

GPtrArray *rewrite_entailed(Manifest *manifest, Dependency *dependency, const char *version,
			    GError **error)
{
	const GPtrArray *before = manifest->detail;
	guint first = index_of(manifest, dependency);
	g_autoptr(GPtrArray) edits = edits_new(), sites = NULL;
	g_autoptr(GPtrArray) updates = g_ptr_array_new_with_free_func((GDestroyNotify)update_free);
	g_autoptr(GBytes) after = NULL;

	if (site_edit(g_ptr_array_index(before, first), version, NULL, edits, error))
		after = edits_apply(manifest->text, edits, error);
	if (after != NULL)
		sites = read_again(manifest, after, error);
	if (sites == NULL)
		return NULL;
	for (guint i = 0; i < sites->len && sites->len == before->len; i++) {
		const Site *now = g_ptr_array_index(sites, i), *old = g_ptr_array_index(before, i);
		Dependency *moved = g_ptr_array_index(manifest->dependencies, i);
		Update *update;

		if (strcmp(now->expanded, old->expanded) == 0)
			continue;
		/* No update could say so, and rewrite_plan() refuses what is not said. */
		if (now->kind != old->kind || now->reference == NULL || old->reference == NULL)
			return fail_null(error, FAILURE_INPUT,
					 "'%s' on line %d would become '%s' with it", old->expanded,
					 old->line, now->expanded);
		update = update_new(manifest, moved);
		update->from = g_strdup(old->reference->tag);
		update->to = g_strdup(now->reference->tag);
		g_ptr_array_insert(updates, moved == dependency ? 0 : -1, update);
	}
	/* An operator may take from the text what was put there: ${G%%.*} ends at a dot. */
	if (updates->len == 0 || !is_moved_to(g_ptr_array_index(updates, 0), dependency, version))
		return fail_null(error, FAILURE_INPUT, "the file cannot be changed so");
	return g_steal_pointer(&updates);
}
