/* SPDX-License-Identifier: MIT */
/* The walk that all ecosystems share, on one whose versions are single digits. */
#include "policy/select.h"

#include <string.h>

#define NOW INT64_C(1790000000)
enum { DAY = 86400 };

static int order(const Dependency *dep, const Release *x, const Release *y)
{
	(void)dep;
	return strcmp(x->version, y->version);
}

static void judge(Question *q)
{
	const GPtrArray *releases = q->dependency->offer->releases;

	for (guint i = 0; i < releases->len; i++) {
		const Release *release = g_ptr_array_index(releases, i);
		int newer = strcmp(release->version, q->dependency->version);

		if (newer <= 0)
			question_reject(q, i, newer == 0 ? REASON_UP_TO_DATE : REASON_NOT_NEWER,
					NULL);
	}
}

static int higher_first(const void *a, const void *b, void *data)
{
	const Question *q = data;
	const Release *x = q->dependency->offer->releases->pdata[*(const guint *)a];
	const Release *y = q->dependency->offer->releases->pdata[*(const guint *)b];

	return strcmp(y->version, x->version);
}

static GArray *rank(Question *q)
{
	GArray *ranked = g_array_new(false, false, sizeof(guint));

	for (guint i = 0; i < q->dependency->offer->releases->len; i++)
		if (q->verdicts[i].reason == REASON_NONE)
			g_array_append_val(ranked, i);
	g_array_sort_with_data(ranked, higher_first, q);
	return ranked;
}

static Step step(const Dependency *dep, const Release *release)
{
	(void)dep;
	return strcmp(release->version, "5") >= 0 ? STEP_MAJOR : STEP_MINOR;
}

static bool in_range(const char *range, const Dependency *dep, const Release *release, bool *is_in,
		     GError **error)
{
	(void)dep;
	(void)error;
	*is_in = strcmp(range, release->version) == 0;
	return true;
}

static const Ecosystem digits = {
	.order = order, .judge = judge, .rank = rank, .step = step, .in_range = in_range
};

static bool leaps(const Dependency *dep, const Release *release)
{
	(void)dep;
	return strcmp(release->version, "8") >= 0;
}

static const Ecosystem leaping = { .order = order,
				   .judge = judge,
				   .rank = rank,
				   .step = step,
				   .in_range = in_range,
				   .leaps = leaps };

typedef struct {
	Rules *rules;
	Offer *offer;
	Manifest *manifest;
	Dependency *dependency;
	int asked;
} Case;

static Case *case_new(const char *version)
{
	Case *c = g_new0(Case, 1);
	g_autoptr(GBytes) nothing = g_bytes_new("", 0);

	c->rules = rules_new();
	c->offer = offer_new("x");
	c->manifest = manifest_new(&digits, "go.mod", "/", nothing);
	c->dependency = dependency_new();
	c->dependency->name = g_strdup("x");
	c->dependency->key = g_strdup("x");
	c->dependency->version = g_strdup(version);
	c->dependency->offer = c->offer;
	g_ptr_array_add(c->manifest->dependencies, c->dependency);
	return c;
}

static void case_free(Case *c)
{
	rules_free(c->rules);
	offer_free(c->offer);
	manifest_free(c->manifest);
	g_free(c);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Case, case_free)

/* `age` in days is told when it is asked for; -1: never. */
static void offers(Case *c, const char *version, int age)
{
	Release *release = release_new(version);

	release->published_at = age < 0 ? 0 : NOW - (int64_t)age * DAY;
	g_ptr_array_add(c->offer->releases, release);
}

static void tell(Case *c, const Question *q)
{
	for (guint i = 0; i < q->wishes->len; i++)
		((Wish *)g_ptr_array_index(q->wishes, i))->release->is_described = true;
	c->asked += (int)q->wishes->len;
	g_ptr_array_set_size(q->wishes, 0);
}

static Selection *choose_from(Case *c, Selection *selection)
{
	while (!selection_make(selection)) {
		tell(c, &selection->question);
		for (guint i = 0; i < selection->companions->len; i++)
			tell(c, g_ptr_array_index(selection->companions, i));
	}
	return selection;
}

static Selection *choose(Case *c, bool is_named)
{
	return choose_from(c, selection_new(c->manifest, c->dependency, c->rules, NOW, is_named));
}

static void ignore_of(Case *c, const char *name, const char *version)
{
	Filter *filter = g_new0(Filter, 1);

	filter->name = g_strdup(name);
	if (version != NULL) {
		filter->versions = g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_add(filter->versions, g_strdup(version));
	}
	filter->place.line = 7;
	g_ptr_array_add(c->rules->ignore, filter);
}

static void ignore(Case *c, const char *version)
{
	ignore_of(c, NULL, version);
}

static Reason verdict_on(const Selection *selection, const char *version)
{
	const GPtrArray *releases = selection->dependency->offer->releases;

	for (guint i = 0; i < releases->len; i++)
		if (strcmp(((Release *)releases->pdata[i])->version, version) == 0)
			return selection->question.verdicts[i].reason;
	g_assert_not_reached();
}

static void the_highest_is_taken_and_only_it_is_asked_about(void)
{
	g_autoptr(Case) c = case_new("1");
	g_autoptr(Selection) selection = NULL;

	offers(c, "1", 90);
	offers(c, "3", 30);
	offers(c, "2", 60);
	selection = choose(c, false);
	g_assert_nonnull(selection->update);
	g_assert_cmpstr(selection->update->from, ==, "1");
	g_assert_cmpstr(selection->update->to, ==, "3");
	g_assert_cmpint(c->asked, ==, 1);
	g_assert_cmpint(verdict_on(selection, "3"), ==, REASON_NONE);
	g_assert_cmpint(verdict_on(selection, "2"), ==, REASON_LOWER);
	g_assert_cmpstr(selection->latest->version, ==, "3");
	g_assert_cmpint(selection->held_until, ==, 0);
}

static void the_next_lower_is_taken_while_the_highest_is_too_young(void)
{
	g_autoptr(Case) c = case_new("1");
	g_autoptr(Selection) selection = NULL;

	offers(c, "1", 90);
	offers(c, "2", 60);
	offers(c, "3", 1);
	selection = choose(c, false);
	g_assert_nonnull(selection->update);
	g_assert_cmpstr(selection->update->to, ==, "2");
	g_assert_cmpstr(selection->latest->version, ==, "3");
	g_assert_cmpint(selection->held_until, ==, NOW + 2 * DAY);
	g_assert_cmpint(verdict_on(selection, "3"), ==, REASON_COOLDOWN);
}

static void a_release_is_old_enough_to_the_second(void)
{
	g_autoptr(Case) c = case_new("1");
	g_autoptr(Selection) selection = NULL, other = NULL;
	Release *release;

	offers(c, "2", 3);
	selection = choose(c, false);
	g_assert_nonnull(selection->update);
	release = g_ptr_array_index(c->offer->releases, 0);
	release->published_at++;
	other = choose(c, false);
	g_assert_null(other->update);
	g_assert_cmpint(other->reason, ==, REASON_COOLDOWN);
}

static void a_major_step_has_its_own_days(void)
{
	g_autoptr(Case) c = case_new("1");
	g_autoptr(Selection) selection = NULL;

	c->rules->cooldown.major_days = 30;
	offers(c, "5", 10);
	offers(c, "4", 10);
	selection = choose(c, false);
	g_assert_nonnull(selection->update);
	g_assert_cmpstr(selection->update->to, ==, "4");
}

static void without_a_date_it_is_held_from_now_on(void)
{
	g_autoptr(Case) c = case_new("1");
	g_autoptr(Selection) selection = NULL, other = NULL;

	offers(c, "2", -1);
	selection = choose(c, false);
	g_assert_null(selection->update);
	g_assert_cmpint(selection->held_until, ==, NOW + 3 * DAY);
	c->rules->allows_unknown_age = true;
	other = choose(c, false);
	g_assert_nonnull(other->update);
}

static void a_flood_does_not_ask_without_end(void)
{
	g_autoptr(Case) c = case_new("0");
	g_autoptr(Selection) selection = NULL;

	for (char version[] = "1"; *version <= '9'; (*version)++)
		offers(c, version, 0);
	selection = choose(c, false);
	g_assert_null(selection->update);
	g_assert_cmpint(c->asked, ==, 5);
	g_assert_cmpint(verdict_on(selection, "4"), ==, REASON_LOWER);
}

static void what_is_known_already_costs_nothing_to_try(void)
{
	g_autoptr(Case) c = case_new("0");
	g_autoptr(Selection) selection = NULL;

	for (char version[] = "1"; *version <= '9'; (*version)++)
		offers(c, version, *version == '1' ? 9 : 0);
	for (guint i = 0; i < c->offer->releases->len; i++)
		((Release *)c->offer->releases->pdata[i])->is_described = true;
	selection = choose(c, false);
	g_assert_nonnull(selection->update);
	g_assert_cmpstr(selection->update->to, ==, "1");
}

static void ignored_releases_are_passed_over(void)
{
	g_autoptr(Case) c = case_new("1");
	g_autoptr(Selection) selection = NULL;

	offers(c, "2", 30);
	offers(c, "3", 30);
	ignore(c, "3");
	selection = choose(c, false);
	g_assert_nonnull(selection->update);
	g_assert_cmpstr(selection->update->to, ==, "2");
	g_assert_cmpstr(selection->latest->version, ==, "2");
}

static void an_ignored_dependency_is_not_even_looked_up(void)
{
	g_autoptr(Case) c = case_new("1");
	g_autoptr(Selection) selection = NULL;

	ignore(c, NULL);
	selection = selection_new(c->manifest, c->dependency, c->rules, NOW, false);
	g_assert_true(selection_is_idle(selection));
	g_assert_cmpint(selection->reason, ==, REASON_IGNORED);
	g_assert_cmpint(selection->rule->line, ==, 7);
}

static void a_person_overrides_the_rule_that_leaves_nothing(void)
{
	g_autoptr(Case) c = case_new("1");
	g_autoptr(Selection) selection = NULL;

	offers(c, "2", 0);
	ignore(c, NULL);
	selection = choose(c, true);
	g_assert_nonnull(selection->update);
	g_assert_cmpstr(selection->update->to, ==, "2");
	g_assert_cmpint(selection->rule->line, ==, 7);
}

static void a_person_does_not_override_a_rule_that_leaves_something(void)
{
	g_autoptr(Case) c = case_new("1");
	g_autoptr(Selection) selection = NULL;

	offers(c, "2", 0);
	offers(c, "3", 0);
	ignore(c, "3");
	selection = choose(c, true);
	g_assert_nonnull(selection->update);
	g_assert_cmpstr(selection->update->to, ==, "2");
	g_assert_null(selection->rule);
}

static void a_release_asked_for_by_name_is_taken_even_if_lower(void)
{
	g_autoptr(Case) c = case_new("3");
	g_autoptr(Selection) selection = NULL;

	offers(c, "2", 0);
	offers(c, "4", 0);
	selection = selection_new(c->manifest, c->dependency, c->rules, NOW, true);
	selection->named = g_ptr_array_index(c->offer->releases, 0);
	choose_from(c, selection);
	g_assert_nonnull(selection->update);
	g_assert_cmpstr(selection->update->to, ==, "2");
}

static void only_the_update_types_wanted_are_chosen_from(void)
{
	g_autoptr(Case) c = case_new("1");
	g_autoptr(Selection) selection = NULL;

	offers(c, "4", 30);
	offers(c, "6", 30);
	selection = selection_new(c->manifest, c->dependency, c->rules, NOW, false);
	selection->types = UPDATE_MINOR | UPDATE_PATCH;
	choose_from(c, selection);
	g_assert_nonnull(selection->update);
	g_assert_cmpstr(selection->update->to, ==, "4");
}

static void a_dependency_that_stays_says_why(void)
{
	g_autoptr(Case) c = case_new("3");
	g_autoptr(Selection) present = NULL, error = NULL, unknown = NULL;

	offers(c, "2", 30);
	offers(c, "3", 30);
	present = choose(c, false);
	g_assert_cmpstr(selection_word(present), ==, "up-to-date");
	g_assert_cmpstr(present->latest->version, ==, "3");
	c->offer->error = g_error_new_literal(FAILURE, FAILURE_NET, "no route");
	error = choose(c, false);
	g_assert_cmpstr(selection_word(error), ==, "unresolved");
	g_assert_cmpstr(error->text, ==, "no route");
	c->dependency->why_not = g_strdup("built-here");
	unknown = choose(c, false);
	g_assert_cmpstr(selection_word(unknown), ==, "built-here");
}

static guint entailed; /* how often it was asked */

/* Both dependencies of the file move at once; 4 and its like cannot be written. */
static GPtrArray *entail(Manifest *m, Dependency *dependency, const char *version, GError **error)
{
	GPtrArray *updates;

	entailed++;
	if (*version == '4')
		return fail_null(error, FAILURE_INPUT, "no place");
	updates = g_ptr_array_new_with_free_func((GDestroyNotify)update_free);
	for (guint i = 0; i < 2; i++) {
		Update *update = update_new(m, g_ptr_array_index(m->dependencies, i));

		update->to = g_strdup(version);
		g_ptr_array_insert(updates, update->dependency == dependency ? 0 : -1, update);
	}
	return updates;
}

static const Release *named(const Dependency *dep, const char *version, bool is_alone G_GNUC_UNUSED)
{
	for (guint i = 0; i < dep->offer->releases->len; i++)
		if (strcmp(((Release *)dep->offer->releases->pdata[i])->version, version) == 0)
			return dep->offer->releases->pdata[i];
	return NULL;
}

static const Ecosystem bound = { .order = order,
				 .judge = judge,
				 .rank = rank,
				 .counterpart = named,
				 .step = step,
				 .in_range = in_range,
				 .entail = entail };

static void bound_dependencies_take_what_all_of_them_have(void)
{
	g_autoptr(Case) c = case_new("1"), other = case_new("1");
	g_autoptr(Selection) selection = NULL, lonely = NULL;

	c->manifest->ecosystem = &bound;
	g_ptr_array_add(c->manifest->dependencies,
			g_ptr_array_steal_index(other->manifest->dependencies, 0));
	offers(c, "2", 30);
	offers(c, "3", 30);
	offers(c, "4", 30);
	offers(other, "2", 30);
	offers(other, "4", 30);
	selection = choose(c, false);
	g_assert_cmpstr(selection->update->to, ==, "2");
	g_assert_cmpint(verdict_on(selection, "3"), ==, REASON_BOUND);
	g_assert_cmpint(verdict_on(selection, "4"), ==, REASON_BOUND);
	other->dependency->offer = NULL;
	lonely = choose(c, false);
	g_assert_null(lonely->update);
	g_assert_cmpstr(selection_word(lonely), ==, "bound");
}

/* The file of `c` with the dependency of `other` beside its own. */
static void bind(Case *c, Case *other)
{
	c->manifest->ecosystem = &bound;
	g_free(other->dependency->name);
	other->dependency->name = g_strdup("y");
	other->dependency->line = 7;
	g_ptr_array_add(c->manifest->dependencies,
			g_ptr_array_steal_index(other->manifest->dependencies, 0));
}

static void bound_dependencies_wait_for_each_other(void)
{
	g_autoptr(Case) c = case_new("1"), other = case_new("1");
	g_autoptr(Selection) selection = NULL, named = NULL, excluded = NULL, urgent = NULL;
	const Verdict *verdict;

	bind(c, other);
	offers(c, "2", 30);
	offers(c, "3", 30);
	offers(other, "2", 30);
	offers(other, "3", 1);
	c->rules->cooldown.minor_days = 3;
	selection = choose(c, false);
	g_assert_cmpstr(selection->update->to, ==, "2");
	verdict = &selection->question.verdicts[1];
	g_assert_cmpint(verdict->reason, ==, REASON_COOLDOWN);
	g_assert_cmpstr(verdict->text, ==, "3 days by default for 'y' on line 7");
	g_assert_cmpint(verdict->ready_at, ==, NOW + 2 * DAY);
	g_assert_cmpint(selection->held_until, ==, NOW + 2 * DAY);
	named = choose(c, true);
	g_assert_cmpstr(named->update->to, ==, "3");
	urgent = selection_new(c->manifest, c->dependency, c->rules, NOW, false);
	selection_hurry(urgent);
	choose_from(c, urgent);
	g_assert_cmpstr(urgent->update->to, ==, "3");
	c->rules->cooldown.exclude = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(c->rules->cooldown.exclude, g_strdup("y"));
	excluded = choose(c, false);
	g_assert_cmpstr(excluded->update->to, ==, "3");
}

static void bound_dependencies_obey_the_rules_of_each(void)
{
	g_autoptr(Case) c = case_new("1"), other = case_new("1");
	g_autoptr(Selection) selection = NULL, barred = NULL, whole = NULL;
	const Verdict *verdict;

	bind(c, other);
	for (int version = 2; version <= 3; version++) {
		offers(c, version == 2 ? "2" : "3", 30);
		offers(other, version == 2 ? "2" : "3", 30);
	}
	ignore_of(c, "y", "3");
	selection = choose(c, false);
	g_assert_cmpstr(selection->update->to, ==, "2");
	verdict = &selection->question.verdicts[1];
	g_assert_cmpint(verdict->reason, ==, REASON_BOUND);
	g_assert_cmpstr(verdict->text, ==, "'y' on line 7 is ignored: versions '3'");
	g_assert_cmpint(verdict->rule->line, ==, 7);
	ignore_of(c, "y", "2");
	barred = choose(c, false);
	g_assert_null(barred->update);
	g_assert_cmpstr(selection_word(barred), ==, "bound");
	ignore_of(c, "y", NULL);
	whole = choose(c, false);
	g_assert_cmpstr(whole->text, ==, "'y' on line 7 is ignored: all versions");
}

static void a_person_overrides_the_rules_of_bound_ones_that_leave_nothing(void)
{
	g_autoptr(Case) c = case_new("1"), other = case_new("1");
	g_autoptr(Selection) lower = NULL, highest = NULL;

	bind(c, other);
	for (int version = 2; version <= 3; version++) {
		offers(c, version == 2 ? "2" : "3", 30);
		offers(other, version == 2 ? "2" : "3", 30);
	}
	ignore_of(c, "y", "3");
	lower = choose(c, true);
	g_assert_cmpstr(lower->update->to, ==, "2");
	ignore_of(c, "y", "2");
	highest = choose(c, true);
	g_assert_cmpstr(highest->update->to, ==, "3");
	g_assert_nonnull(highest->rule);
}

static void bound_dependencies_move_only_if_each_is_allowed(void)
{
	g_autoptr(Case) c = case_new("1"), other = case_new("1");
	g_autoptr(Selection) selection = NULL;
	Filter *filter = g_new0(Filter, 1);

	bind(c, other);
	offers(c, "2", 30);
	offers(other, "2", 30);
	filter->name = g_strdup("x");
	g_ptr_array_add(c->rules->allow, filter);
	selection = choose(c, false);
	g_assert_null(selection->update);
	g_assert_cmpstr(selection->text, ==, "'y' on line 7 is not allowed");
}

static void refuse_absent(Question *q, guint index, Age *age)
{
	Release *release = g_ptr_array_index(q->dependency->offer->releases, index);

	question_wish(q, release);
	age->since = release->published_at;
	if (strcmp(q->dependency->name, "y") == 0 && *release->version == '3')
		question_reject(q, index, REASON_ABSENT, NULL);
}

static void bound_dependencies_take_what_is_there_for_all(void)
{
	g_autoptr(Case) c = case_new("1"), other = case_new("1");
	g_autoptr(Selection) selection = NULL;
	Ecosystem ecosystem = bound;

	bind(c, other);
	ecosystem.examine = refuse_absent;
	c->manifest->ecosystem = &ecosystem;
	offers(c, "2", 30);
	offers(c, "3", 30);
	offers(other, "2", 30);
	offers(other, "3", 30);
	selection = choose(c, false);
	g_assert_cmpstr(selection->update->to, ==, "2");
	g_assert_cmpint(verdict_on(selection, "3"), ==, REASON_BOUND);
}

static void the_best_below_one_that_leaps_stands_by(void)
{
	g_autoptr(Case) c = case_new("1");
	g_autoptr(Selection) selection = NULL;

	c->manifest->ecosystem = &leaping;
	offers(c, "2", 90);
	offers(c, "3", 90);
	offers(c, "8", 90);
	offers(c, "9", 90);
	selection = choose(c, false);
	g_assert_cmpstr(selection->update->to, ==, "9");
	g_assert_cmpstr(selection->update->otherwise->to, ==, "3");
	g_assert_cmpint(selection->update->otherwise->step, ==, STEP_MINOR);
	g_assert_null(selection->update->otherwise->otherwise);
	g_assert_cmpint(verdict_on(selection, "8"), ==, REASON_LOWER);
	g_assert_cmpint(verdict_on(selection, "3"), ==, REASON_LOWER);
	g_assert_cmpint(verdict_on(selection, "2"), ==, REASON_LOWER);
	g_assert_cmpint(c->asked, ==, 2);
}

static void what_stands_by_is_old_enough_and_holds_nothing(void)
{
	g_autoptr(Case) c = case_new("1");
	g_autoptr(Selection) selection = NULL;

	c->manifest->ecosystem = &leaping;
	c->rules->cooldown.is_given = true;
	c->rules->cooldown.default_days = 7;
	offers(c, "2", 90);
	offers(c, "3", 2);
	offers(c, "9", 90);
	selection = choose(c, false);
	g_assert_cmpstr(selection->update->to, ==, "9");
	g_assert_cmpstr(selection->update->otherwise->to, ==, "2");
	g_assert_cmpint(verdict_on(selection, "3"), ==, REASON_COOLDOWN);
	g_assert_cmpint(selection->held_until, ==, 0);
}

static void an_update_gives_way_to_what_it_does_otherwise(void)
{
	g_autoptr(Case) c = case_new("1");
	g_autoptr(Selection) selection = NULL;
	g_autoptr(Update) copy = NULL;

	c->manifest->ecosystem = &leaping;
	offers(c, "3", 90);
	offers(c, "9", 90);
	selection = choose(c, false);
	copy = update_copy(selection->update);
	update_give_way(copy);
	g_assert_cmpstr(copy->to, ==, "3");
	g_assert_cmpstr(copy->from, ==, "1");
	g_assert_true(copy->dependency == c->dependency);
	g_assert_null(copy->otherwise);
	g_assert_cmpstr(selection->update->to, ==, "9");
}

static void a_file_is_not_tried_with_a_whole_flood(void)
{
	g_autoptr(Case) c = case_new("1");
	g_autoptr(Selection) selection = NULL;

	c->manifest->ecosystem = &bound;
	for (int i = 0; i < 2000; i++) {
		g_autofree char *version = g_strdup_printf("4%04d", i);

		offers(c, version, 30);
	}
	entailed = 0;
	selection = choose(c, false);
	g_assert_null(selection->update);
	g_assert_cmpstr(selection_word(selection), ==, "bound");
	g_assert_cmpint(entailed, <=, 256);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/policy/select/" #name, name)
	ADD(the_highest_is_taken_and_only_it_is_asked_about);
	ADD(the_next_lower_is_taken_while_the_highest_is_too_young);
	ADD(a_release_is_old_enough_to_the_second);
	ADD(a_major_step_has_its_own_days);
	ADD(without_a_date_it_is_held_from_now_on);
	ADD(a_flood_does_not_ask_without_end);
	ADD(what_is_known_already_costs_nothing_to_try);
	ADD(ignored_releases_are_passed_over);
	ADD(an_ignored_dependency_is_not_even_looked_up);
	ADD(a_person_overrides_the_rule_that_leaves_nothing);
	ADD(a_person_does_not_override_a_rule_that_leaves_something);
	ADD(a_release_asked_for_by_name_is_taken_even_if_lower);
	ADD(only_the_update_types_wanted_are_chosen_from);
	ADD(a_dependency_that_stays_says_why);
	ADD(bound_dependencies_take_what_all_of_them_have);
	ADD(bound_dependencies_wait_for_each_other);
	ADD(bound_dependencies_take_what_is_there_for_all);
	ADD(bound_dependencies_obey_the_rules_of_each);
	ADD(bound_dependencies_move_only_if_each_is_allowed);
	ADD(a_person_overrides_the_rules_of_bound_ones_that_leave_nothing);
	ADD(a_file_is_not_tried_with_a_whole_flood);
	ADD(the_best_below_one_that_leaps_stands_by);
	ADD(what_stands_by_is_old_enough_and_holds_nothing);
	ADD(an_update_gives_way_to_what_it_does_otherwise);
	return g_test_run();
}
