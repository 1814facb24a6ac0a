/* SPDX-License-Identifier: MIT */
#include "policy/group.h"

#include "base/text.h"
#include "policy/filter.h"

#include <string.h>

enum {
	SCORE_NONE = 0,
	SCORE_ANY = 1,
	SCORE_PLAIN = 500,
	SCORE_EXACT = 1000,
	ALL_TYPES = UPDATE_MAJOR | UPDATE_MINOR | UPDATE_PATCH,
};

static unsigned type_of(Step step)
{
	static const unsigned types[] = { 0, 0, UPDATE_PATCH, UPDATE_MINOR, UPDATE_MAJOR };

	return types[step];
}

static unsigned types_of(const Group *group)
{
	return group->update_types == 0 ? ALL_TYPES : group->update_types;
}

/* A new digest under the same tag has no type, and so falls out of groups with types. */
static bool accepts(const Group *group, Step step)
{
	return group->update_types == 0 || (group->update_types & type_of(step)) != 0;
}

static int score_of_pattern(const Ecosystem *ecosystem, const Dependency *dep, const char *pattern)
{
	int stars = 0, length = (int)strlen(pattern);

	if (!filter_names(ecosystem, dep, pattern))
		return SCORE_NONE;
	if (strcmp(pattern, dep->name) == 0)
		return SCORE_EXACT;
	if (strcmp(pattern, "*") == 0)
		return SCORE_ANY;
	for (const char *p = pattern; *p != '\0'; p++)
		stars += *p == '*';
	if (stars == 0)
		return SCORE_PLAIN;
	return MAX(SCORE_ANY, 100 - 10 * stars + MAX(0, length - 5));
}

static bool has_match(const Ecosystem *ecosystem, const Dependency *dep, const GPtrArray *patterns)
{
	for (guint i = 0; patterns != NULL && i < patterns->len; i++)
		if (filter_names(ecosystem, dep, g_ptr_array_index(patterns, i)))
			return true;
	return false;
}

/* How well a group fits a dependency; SCORE_NONE: not at all. */
static int score_of(const Group *group, const Ecosystem *ecosystem, const Dependency *dep)
{
	int best = group->patterns == NULL ? SCORE_PLAIN : SCORE_NONE;

	if (group->is_security || has_match(ecosystem, dep, group->exclude_patterns))
		return SCORE_NONE;
	if (group->dependency_type != NULL &&
	    (strcmp(group->dependency_type, "production") == 0) != dep->is_production)
		return SCORE_NONE;
	for (guint i = 0; group->patterns != NULL && i < group->patterns->len; i++)
		best = MAX(best,
			   score_of_pattern(ecosystem, dep, g_ptr_array_index(group->patterns, i)));
	return best;
}

/* The best score among groups that could take one of `types`. `best` has one for
 * each set of types. */
static int best_of(const int best[ALL_TYPES + 1], unsigned types)
{
	int found = SCORE_NONE;

	for (unsigned other = 1; other <= ALL_TYPES; other++)
		if ((other & types) != 0)
			found = MAX(found, best[other]);
	return found;
}

/* The groups that have a dependency, in the order of the file; of Group. */
static GPtrArray *groups_of(const Rules *rules, const Ecosystem *ecosystem, const Dependency *dep)
{
	g_autofree int *scores = g_new(int, rules->groups->len + 1);
	int best[ALL_TYPES + 1] = { 0 };
	GPtrArray *groups = g_ptr_array_new();

	for (guint i = 0; i < rules->groups->len; i++) {
		const Group *group = g_ptr_array_index(rules->groups, i);

		scores[i] = score_of(group, ecosystem, dep);
		best[types_of(group)] = MAX(best[types_of(group)], scores[i]);
	}
	for (guint i = 0; i < rules->groups->len; i++) {
		Group *group = g_ptr_array_index(rules->groups, i);

		if (scores[i] == SCORE_NONE ||
		    (group->patterns != NULL && best_of(best, types_of(group)) > scores[i]))
			continue;
		best[types_of(group)] = SCORE_EXACT;
		g_ptr_array_add(groups, group);
	}
	return groups;
}

static bool joins_multi(const Rules *rules, const Ecosystem *ecosystem, const Dependency *dep)
{
	return rules->multi_ecosystem_group != NULL && has_match(ecosystem, dep, rules->patterns);
}

GPtrArray *group_selections(const GPtrArray *selections)
{
	GPtrArray *more = g_ptr_array_new_with_free_func((GDestroyNotify)selection_free);

	for (guint i = 0; i < selections->len; i++) {
		const Selection *s = g_ptr_array_index(selections, i);
		const Rules *rules = s->question.rules;
		unsigned lower = s->update == NULL ? 0 : type_of(s->update->step);
		g_autoptr(GPtrArray) groups = NULL;

		/* The bits below that of the type. */
		lower = lower == 0 ? 0 : ALL_TYPES & ~(lower | (lower - 1));
		if (lower == 0 || s->types != 0 || s->question.is_named ||
		    joins_multi(rules, s->manifest->ecosystem, s->dependency))
			continue;
		groups = groups_of(rules, s->manifest->ecosystem, s->dependency);
		for (guint k = 0; k < groups->len; k++) {
			const Group *group = g_ptr_array_index(groups, k);
			Selection *one;

			if (accepts(group, s->update->step) || (types_of(group) & lower) == 0)
				continue;
			one = selection_new(s->manifest, s->dependency, rules, s->question.now,
					    false);
			if (s->is_urgent)
				selection_hurry(one);
			one->types = types_of(group) & lower;
			one->group = group;
			g_ptr_array_add(more, one);
		}
	}
	return more;
}

/* A plan that is being put together. */
typedef struct {
	Plan *plan;
	enum { OF_ECOSYSTEMS, OF_GROUP, OF_ONE } kind;
	guint order;    /* OF_GROUP: of the group in its entry */
	int64_t age_at; /* OF_ONE: when its release was published; INT64_MAX unknown */
} Bucket;

typedef struct {
	GTree *by_key;       /* what makes a plan one to Bucket */
	GPtrArray *in_order; /* of Bucket */
	GHashTable *homes;   /* Dependency to the Bucket that has it; the last one */
} Buckets;

static Bucket *bucket_for(Buckets *buckets, char *key, const Rules *rules)
{
	Bucket *bucket = g_tree_lookup(buckets->by_key, key);

	if (bucket != NULL) {
		g_free(key);
		return bucket;
	}
	bucket = g_new0(Bucket, 1);
	bucket->plan = plan_new(rules);
	bucket->age_at = INT64_MAX;
	g_ptr_array_add(buckets->in_order, bucket);
	g_tree_insert(buckets->by_key, key, bucket);
	return bucket;
}

static Bucket *bucket_of_ecosystems(Buckets *buckets, const Rules *rules)
{
	char *key = g_strjoin("\n", "ecosystems", rules->multi_ecosystem_group,
			      rules->target_branch, NULL);
	Bucket *bucket = bucket_for(buckets, key, rules);

	bucket->kind = OF_ECOSYSTEMS;
	bucket->plan->is_multi = true;
	if (bucket->plan->group == NULL)
		bucket->plan->group = g_strdup(rules->multi_ecosystem_group);
	return bucket;
}

static Bucket *bucket_of_group(Buckets *buckets, const Rules *rules, const Group *group,
			       const Dependency *dep)
{
	g_autofree char *entry = g_strdup_printf("%d", rules->index);
	char *key = g_strjoin("\n", "group", entry, group->name,
			      group->is_by_name ? dep->name : NULL, NULL);
	Bucket *bucket = bucket_for(buckets, key, rules);

	bucket->kind = OF_GROUP;
	bucket->plan->is_across = rules->is_list;
	if (bucket->plan->group == NULL) {
		bucket->plan->group = g_strdup(group->name);
		g_ptr_array_find(rules->groups, group, &bucket->order);
	}
	return bucket;
}

static Bucket *bucket_of_one(Buckets *buckets, const Rules *rules, const Update *update)
{
	g_autofree char *entry = g_strdup_printf("%d", rules->index);
	char *key = g_strjoin("\n", "one", entry, update->manifest->directory,
			      update->dependency->name, NULL);
	Bucket *bucket = bucket_for(buckets, key, rules);

	bucket->kind = OF_ONE;
	if (update_published_at(update) != 0)
		bucket->age_at = MIN(bucket->age_at, update_published_at(update));
	return bucket;
}

const Group *group_of_update(const Selection *s, bool *is_multi)
{
	const Rules *rules = s->question.rules;
	g_autoptr(GPtrArray) groups = NULL;

	*is_multi = joins_multi(rules, s->manifest->ecosystem, s->dependency);
	if (*is_multi)
		return NULL;
	groups = groups_of(rules, s->manifest->ecosystem, s->dependency);
	for (guint i = 0; i < groups->len; i++)
		if (accepts(g_ptr_array_index(groups, i), s->update->step))
			return g_ptr_array_index(groups, i);
	return NULL;
}

/* Where the update of a choice belongs; NULL: nowhere, since no group takes what was
 * chosen for one. */
static Bucket *place(Buckets *buckets, const Selection *s)
{
	bool is_multi;
	const Group *group = group_of_update(s, &is_multi);

	if (is_multi)
		return bucket_of_ecosystems(buckets, s->question.rules);
	if (group != NULL)
		return bucket_of_group(buckets, s->question.rules, group, s->dependency);
	return s->types == 0 ? bucket_of_one(buckets, s->question.rules, s->update) : NULL;
}

static Update *update_in(const Plan *plan, const Dependency *dep)
{
	for (guint i = 0; i < plan->updates->len; i++) {
		Update *update = g_ptr_array_index(plan->updates, i);

		if (update->dependency == dep)
			return update;
	}
	return NULL;
}

/* Brings what moves along with `update` into its plan, out of a plan that would do
 * the same. */
static void gather(Buckets *buckets, Bucket *bucket, const Update *update)
{
	const Ecosystem *ecosystem = update->manifest->ecosystem;
	g_autoptr(GPtrArray) moved = NULL;

	if (ecosystem->entail == NULL || update->to == NULL || update->from == NULL)
		return;
	/* What is wrong with the file is said where it is rewritten. */
	moved = ecosystem->entail(update->manifest, update->dependency, update->to, NULL);
	for (guint i = 1; moved != NULL && i < moved->len; i++) {
		const Update *other = g_ptr_array_index(moved, i);
		Bucket *home = g_hash_table_lookup(buckets->homes, other->dependency);
		Update *own = home == NULL ? NULL : update_in(home->plan, other->dependency);
		bool is_same = own != NULL && g_strcmp0(own->to, other->to) == 0;

		if (update_in(bucket->plan, other->dependency) != NULL)
			continue;
		/* Its own choice knows more: the digest. */
		g_ptr_array_add(bucket->plan->updates, update_copy(is_same ? own : other));
		if (is_same)
			g_ptr_array_remove(home->plan->updates, own);
	}
}

static void gather_all(Buckets *buckets)
{
	for (guint i = 0; i < buckets->in_order->len; i++) {
		Bucket *bucket = g_ptr_array_index(buckets->in_order, i);
		guint count = bucket->plan->updates->len;

		for (guint k = 0; k < MIN(count, bucket->plan->updates->len); k++)
			gather(buckets, bucket, g_ptr_array_index(bucket->plan->updates, k));
	}
}

static const char *name_of(const Bucket *bucket)
{
	return ((Update *)g_ptr_array_index(bucket->plan->updates, 0))->dependency->name;
}

static const char *directory_of(const Bucket *bucket)
{
	return ((Update *)g_ptr_array_index(bucket->plan->updates, 0))->manifest->directory;
}

static int compare(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int in_order_of_work(const void *a, const void *b)
{
	const Bucket *x = *(Bucket *const *)a, *y = *(Bucket *const *)b;
	int order = compare(x->kind, y->kind);

	if (order == 0 && x->kind == OF_GROUP)
		order = compare(x->plan->rules->index, y->plan->rules->index);
	if (order == 0)
		order = compare(x->order, y->order);
	if (order == 0)
		order = compare(x->age_at, y->age_at);
	if (order == 0 && x->kind != OF_ECOSYSTEMS)
		order = strcmp(name_of(x), name_of(y));
	if (order == 0)
		order = compare(x->plan->rules->index, y->plan->rules->index);
	if (order == 0)
		order = strcmp(directory_of(x), directory_of(y));
	return order;
}

/* The plans in order; those that gave all they had to others go. */
static GPtrArray *take_plans(Buckets *buckets)
{
	GPtrArray *plans = g_ptr_array_new_with_free_func((GDestroyNotify)plan_free);

	for (guint i = buckets->in_order->len; i > 0; i--) {
		Bucket *bucket = g_ptr_array_index(buckets->in_order, i - 1);

		if (bucket->plan->updates->len > 0)
			continue;
		plan_free(bucket->plan);
		g_ptr_array_remove_index(buckets->in_order, i - 1);
	}
	g_ptr_array_sort(buckets->in_order, in_order_of_work);
	for (guint i = 0; i < buckets->in_order->len; i++)
		g_ptr_array_add(plans, ((Bucket *)g_ptr_array_index(buckets->in_order, i))->plan);
	return plans;
}

static bool is_in_another(const GPtrArray *plans, const Plan *plan, const Update *update)
{
	for (guint i = 0; i < plans->len; i++)
		if (plans->pdata[i] != plan && update_in(plans->pdata[i], update->dependency))
			return true;
	return false;
}

/* What an update does otherwise is not done twice: a group may have that already. */
static void drop_doubles(const GPtrArray *plans)
{
	for (guint i = 0; i < plans->len; i++) {
		const Plan *plan = g_ptr_array_index(plans, i);

		for (guint k = 0; k < plan->updates->len; k++) {
			Update *update = g_ptr_array_index(plan->updates, k);

			if (update->otherwise != NULL && is_in_another(plans, plan, update))
				g_clear_pointer(&update->otherwise, update_free);
		}
	}
}

GPtrArray *group_plans(const GPtrArray *selections)
{
	g_autoptr(GTree) by_name = g_tree_new_full(text_compare, NULL, g_free, NULL);
	g_autoptr(GPtrArray) in_order = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) homes = g_hash_table_new(NULL, NULL);
	Buckets buckets = { by_name, in_order, homes };
	GPtrArray *plans;

	for (guint i = 0; i < selections->len; i++) {
		const Selection *s = g_ptr_array_index(selections, i);
		Bucket *bucket = s->update == NULL ? NULL : place(&buckets, s);

		if (bucket == NULL || update_in(bucket->plan, s->dependency) != NULL)
			continue;
		g_ptr_array_add(bucket->plan->updates, update_copy(s->update));
		g_hash_table_insert(homes, s->dependency, bucket);
	}
	gather_all(&buckets);
	plans = take_plans(&buckets);
	drop_doubles(plans);
	return plans;
}

static void add_home(GPtrArray *homes, const Selection *s, const char *group)
{
	Plan *plan = plan_new(s->question.rules);

	plan->group = g_strdup(group);
	g_ptr_array_add(plan->updates, update_new(s->manifest, s->dependency));
	g_ptr_array_add(homes, plan);
}

GPtrArray *group_homes(const Selection *s)
{
	const Rules *rules = s->question.rules;
	GPtrArray *homes = g_ptr_array_new_with_free_func((GDestroyNotify)plan_free);
	bool is_multi = joins_multi(rules, s->manifest->ecosystem, s->dependency);
	g_autoptr(GPtrArray) groups =
		is_multi ? NULL : groups_of(rules, s->manifest->ecosystem, s->dependency);

	if (is_multi) {
		add_home(homes, s, rules->multi_ecosystem_group);
		((Plan *)g_ptr_array_index(homes, 0))->is_multi = true;
	}
	for (guint i = 0; groups != NULL && i < groups->len; i++) {
		add_home(homes, s, ((const Group *)g_ptr_array_index(groups, i))->name);
		((Plan *)g_ptr_array_index(homes, homes->len - 1))->is_across = rules->is_list;
	}
	if (s->types == 0)
		add_home(homes, s, NULL);
	return homes;
}

bool group_has(const Plan *plan, const Selection *s)
{
	const Rules *rules = s->question.rules;
	const Update *first = g_ptr_array_index(plan->updates, 0);
	bool is_multi = joins_multi(rules, s->manifest->ecosystem, s->dependency);
	g_autoptr(GPtrArray) groups = NULL;

	if (is_multi || plan->is_multi)
		return is_multi && plan->is_multi &&
		       strcmp(rules->multi_ecosystem_group, plan->group) == 0 &&
		       g_strcmp0(rules->target_branch, plan->rules->target_branch) == 0;
	if (rules != plan->rules)
		return false;
	groups = groups_of(rules, s->manifest->ecosystem, s->dependency);
	for (guint i = 0; i < groups->len; i++) {
		const Group *group = g_ptr_array_index(groups, i);

		if (strcmp(group->name, plan->group) == 0)
			return !group->is_by_name ||
			       strcmp(first->dependency->name, s->dependency->name) == 0;
	}
	return false;
}

static bool takes_any(const Group *group, const Rules *rules, const GPtrArray *manifests,
		      guint *count)
{
	*count = 0;
	for (guint i = 0; i < manifests->len; i++) {
		const Manifest *m = g_ptr_array_index(manifests, i);

		for (guint k = 0; m->rules == rules && k < m->dependencies->len; k++) {
			const Dependency *dep = g_ptr_array_index(m->dependencies, k);
			const Place *rule;

			if (filter_dependency(m->ecosystem, rules, dep, &rule) != REASON_NONE)
				continue;
			++*count;
			if (score_of(group, m->ecosystem, dep) != SCORE_NONE)
				return true;
		}
	}
	return false;
}

void group_complain(const RulesFile *file, const GPtrArray *manifests, GPtrArray *problems)
{
	for (guint i = 0; i < file->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(file->entries, i);

		for (guint k = 0; rules->is_usable && k < rules->groups->len; k++) {
			const Group *group = g_ptr_array_index(rules->groups, k);
			guint count;

			if (group->is_security || takes_any(group, rules, manifests, &count) ||
			    count == 0)
				continue;
			g_ptr_array_add(
				problems,
				problem_new(
					group->place.path, group->place.line, group->place.column,
					WEIGHT_WARNING,
					"group '%.60s' takes none of the %u dependencies of its "
					"entry: a pattern may be misspelt, or name what 'allow' or "
					"'ignore' leave out, or what is gone",
					group->name, count));
		}
	}
}
