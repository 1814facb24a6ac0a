/* SPDX-License-Identifier: MIT */
#include "config/dependabot.h"
#include "policy/group.h"

#include <string.h>

static Step step(const Dependency *dep, const Release *release)
{
	(void)dep;
	(void)release;
	return STEP_MINOR;
}

/* What shares a key moves along. */
static GPtrArray *entail(Manifest *m, Dependency *dependency, const char *version,
			 GError **error G_GNUC_UNUSED)
{
	GPtrArray *updates = g_ptr_array_new_with_free_func((GDestroyNotify)update_free);

	for (guint i = 0; i < m->dependencies->len; i++) {
		Dependency *other = g_ptr_array_index(m->dependencies, i);
		Update *update;

		if (strcmp(other->key, dependency->key) != 0)
			continue;
		update = update_new(m, other);
		update->from = g_strdup(other->version);
		update->to = g_strdup(version);
		g_ptr_array_insert(updates, other == dependency ? 0 : -1, update);
	}
	return updates;
}

static const Ecosystem images = { .name = "docker", .step = step };
static const Ecosystem modules = { .name = "gomod", .step = step };
static const Ecosystem bound = { .name = "docker", .step = step, .entail = entail };

/* The rules of a file, its manifests and what was chosen. */
typedef struct {
	RulesFile *file;
	GPtrArray *manifests, *selections, *offers;
} Bench;

static Bench *bench_new(const char *yaml)
{
	Bench *w = g_new0(Bench, 1);
	g_autoptr(GBytes) text = g_bytes_new(yaml, strlen(yaml));

	w->file = rules_parse("dependabot.yml", text);
	w->manifests = g_ptr_array_new_with_free_func((GDestroyNotify)manifest_free);
	w->selections = g_ptr_array_new_with_free_func((GDestroyNotify)selection_free);
	w->offers = g_ptr_array_new_with_free_func((GDestroyNotify)offer_free);
	return w;
}

static void bench_free(Bench *w)
{
	g_ptr_array_unref(w->selections);
	g_ptr_array_unref(w->manifests);
	g_ptr_array_unref(w->offers);
	rules_file_free(w->file);
	g_free(w);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bench, bench_free)

/* The manifest of `directory` for the entry `index`, made at first. */
static Manifest *manifest_in(Bench *w, guint index, const char *directory)
{
	const Rules *rules = w->file->entries->pdata[index];
	g_autoptr(GBytes) nothing = g_bytes_new("", 0);
	Manifest *m;

	for (guint i = 0; i < w->manifests->len; i++) {
		m = w->manifests->pdata[i];
		if (m->rules == rules && strcmp(m->directory, directory) == 0)
			return m;
	}
	m = manifest_new(strcmp(rules->ecosystem_name, "gomod") == 0 ? &modules : &images, "file",
			 directory, nothing);
	m->rules = rules;
	g_ptr_array_add(w->manifests, m);
	return m;
}

static Step step_of(const char *word)
{
	for (int i = STEP_NONE; i <= STEP_MAJOR; i++)
		if (strcmp(step_word((Step)i), word) == 0)
			return (Step)i;
	g_assert_not_reached();
}

/* A dependency with a choice that moves it to `to`; NULL: it stays. */
static Selection *add(Bench *w, Manifest *m, const char *name, const char *word, const char *to)
{
	Dependency *dep = dependency_new();
	Selection *s;

	dep->name = g_strdup(name);
	dep->key = g_strdup(name);
	dep->version = g_strdup("1");
	g_ptr_array_add(m->dependencies, dep);
	s = selection_new(m, dep, m->rules, 0, false);
	if (to != NULL) {
		s->update = update_new(m, dep);
		s->update->from = g_strdup("1");
		s->update->to = g_strdup(to);
		s->update->step = step_of(word);
	}
	g_ptr_array_add(w->selections, s);
	return s;
}

/* "a:minor b:major", all in `directory`. */
static void add_all(Bench *w, guint index, const char *directory, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);

	for (char **word = words; *word != NULL; word++) {
		char *colon = strchr(*word, ':');

		*colon = '\0';
		add(w, manifest_in(w, index, directory), *word, colon + 1, "2");
	}
}

/* "group(a b) c": the plans in order, groups with their members. */
static char *shown(const GPtrArray *plans)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < plans->len; i++) {
		const Plan *plan = plans->pdata[i];

		g_string_append_printf(text, "%s%s", i == 0 ? "" : " ",
				       plan->group == NULL ? "" : plan->group);
		for (guint k = 0; k < plan->updates->len; k++) {
			const Update *update = plan->updates->pdata[k];

			g_string_append_printf(text, "%s%s",
					       k > 0                 ? ","
					       : plan->group == NULL ? ""
								     : "=",
					       update->dependency->name);
		}
	}
	return g_string_free(text, FALSE);
}

#define ENTRY(groups)                                                                     \
	"version: 2\nupdates:\n  - package-ecosystem: docker\n    directories: [/, /a]\n" \
	"    schedule: { interval: daily }\n" groups

static const struct {
	const char *groups, *updates, *plans;
} cases[] = {
	/* None: one by one, by name. */
	{ "", "b:minor a:patch", "a b" },
	/* The first that matches; the rest alone. */
	{ "    groups: { go: { patterns: [\"go*\"] }, all: { patterns: [\"*\"] } }\n",
	  "golang:minor node:minor gopher:major", "go=golang,gopher all=node" },
	/* A more specific pattern further down. */
	{ "    groups: { all: { patterns: [\"*\"] }, net: { patterns: [\"golang.org/x/*\"] } }\n",
	  "golang.org/x/net:minor node:minor", "all=node net=golang.org/x/net" },
	{ "    groups: { short: { patterns: [\"golang*\"] }, long: { patterns: "
	  "[\"golang.org/x/*\"] } }\n",
	  "golang.org/x/net:minor golang:minor", "short=golang long=golang.org/x/net" },
	/* More stars are less specific. */
	{ "    groups: { two: { patterns: [\"*o*ang\"] }, one: { patterns: [\"gol*g\"] } }\n",
	  "golang:minor", "one=golang" },
	/* An exact name beats all; at a tie the first has it. */
	{ "    groups: { a: { patterns: [golang] }, b: { patterns: [golang] } }\n", "golang:minor",
	  "a=golang" },
	{ "    groups: { stars: { patterns: [\"golan*\"] }, exact: { patterns: [golang] } }\n",
	  "golang:minor", "exact=golang" },
	{ "    groups: { other: { patterns: [GOLANG] }, stars: { patterns: [\"golan*\"] } }\n",
	  "golang:minor", "other=golang" },
	/* Without patterns: 500, which beats every star, and is never passed over. */
	{ "    groups: { stars: { patterns: [\"golan*\"] }, all: {} }\n", "golang:minor",
	  "all=golang" },
	{ "    groups: { all: {}, exact: { patterns: [golang] } }\n", "golang:minor",
	  "all=golang" },
	/* Exclusions beat patterns. */
	{ "    groups: { go: { patterns: [\"go*\"], exclude-patterns: [\"*lang\"] } }\n",
	  "golang:minor gopher:minor", "go=gopher golang" },
	/* Security groups are for others. */
	{ "    groups: { sec: { applies-to: security-updates, patterns: [\"*\"] } }\n",
	  "golang:minor", "golang" },
	{ "    groups: { dev: { dependency-type: development }, prod: { dependency-type: "
	  "production } }\n",
	  "golang:minor", "prod=golang" },
	/* The level decides; disjoint ones never compete. */
	{ "    groups: { small: { update-types: [minor, patch] }, big: { update-types: [major] } "
	  "}\n",
	  "a:major b:minor c:patch", "small=b,c big=a" },
	{ "    groups: { small: { patterns: [\"*\"], update-types: [minor, patch] }, "
	  "big: { patterns: [a], update-types: [major] } }\n",
	  "a:minor b:minor", "small=a,b" },
	{ "    groups: { small: { patterns: [\"*\"], update-types: [minor] } }\n",
	  "a:major b:minor", "small=b a" },
	/* Overlapping ones do. */
	{ "    groups: { any: { patterns: [\"*\"] }, exact: { patterns: [a], update-types: [minor] "
	  "} }\n",
	  "a:minor", "exact=a" },
	/* A digest has no level. */
	{ "    groups: { small: { update-types: [minor, patch] } }\n", "a:digest b:patch",
	  "small=b a" },
	{ "    groups: { all: { patterns: [\"*\"] } }\n", "a:digest", "all=a" },
	/* By name: one each. */
	{ "    groups: { each: { group-by: dependency-name } }\n", "b:minor a:minor",
	  "each=a each=b" },
};

static void groups_take_what_fits_best(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	g_autofree char *yaml = g_strconcat(ENTRY(""), cases[i].groups, NULL), *text = NULL;
	g_autoptr(Bench) w = bench_new(yaml);
	g_autoptr(GPtrArray) plans = NULL;

	g_test_message("%s", cases[i].groups);
	add_all(w, 0, "/", cases[i].updates);
	plans = group_plans(w->selections);
	text = shown(plans);
	g_assert_cmpstr(text, ==, cases[i].plans);
}

static void a_group_is_one_plan_over_all_directories(void)
{
	g_autoptr(Bench) w = bench_new(ENTRY("    groups: { go: { patterns: [\"go*\"] } }\n"));
	g_autoptr(GPtrArray) plans = NULL;
	g_autofree char *text = NULL;

	add_all(w, 0, "/", "golang:minor node:minor");
	add_all(w, 0, "/a", "golang:minor node:minor");
	plans = group_plans(w->selections);
	text = shown(plans);
	/* Single dependencies have a plan in each directory. */
	g_assert_cmpstr(text, ==, "go=golang,golang node node");
	g_assert_true(((Plan *)plans->pdata[0])->is_across);
	g_assert_false(((Plan *)plans->pdata[1])->is_across);
	g_assert_false(((Plan *)plans->pdata[0])->is_multi);
}

static void one_image_of_several_files_is_one_plan(void)
{
	g_autoptr(Bench) w = bench_new(ENTRY(""));
	g_autoptr(GPtrArray) plans = NULL;
	g_autofree char *text = NULL;

	add_all(w, 0, "/", "golang:minor golang:patch");
	plans = group_plans(w->selections);
	text = shown(plans);
	g_assert_cmpstr(text, ==, "golang,golang");
}

static void what_stays_is_in_no_plan(void)
{
	g_autoptr(Bench) w = bench_new(ENTRY(""));
	g_autoptr(GPtrArray) plans = NULL;

	add(w, manifest_in(w, 0, "/"), "golang", "none", NULL);
	plans = group_plans(w->selections);
	g_assert_cmpuint(plans->len, ==, 0);
}

#define MULTI                                                                                 \
	"version: 2\nmulti-ecosystem-groups: { stack: { schedule: { interval: weekly } } }\n" \
	"updates:\n"                                                                          \
	"  - { package-ecosystem: gomod, directory: /, multi-ecosystem-group: stack, "        \
	"patterns: [\"*chi*\"], groups: { rest: { patterns: [\"*\"] } } }\n"                  \
	"  - { package-ecosystem: docker, directory: /, multi-ecosystem-group: stack, "       \
	"patterns: [golang] }\n"

static void a_multi_ecosystem_group_is_one_plan_over_all_entries(void)
{
	g_autoptr(Bench) w = bench_new(MULTI);
	g_autoptr(GPtrArray) plans = NULL;
	g_autofree char *text = NULL;

	add_all(w, 0, "/", "github.com/go-chi/chi:minor golang.org/x/net:minor");
	add_all(w, 1, "/", "golang:minor node:minor");
	plans = group_plans(w->selections);
	text = shown(plans);
	g_assert_cmpstr(text, ==, "stack=github.com/go-chi/chi,golang rest=golang.org/x/net node");
	g_assert_true(((Plan *)plans->pdata[0])->is_multi);
	g_assert_true(((Plan *)plans->pdata[0])->rules == w->file->entries->pdata[0]);
	g_assert_false(((Plan *)plans->pdata[2])->is_multi);
}

static void what_has_waited_longest_comes_first(void)
{
	g_autoptr(Bench) w = bench_new(ENTRY(""));
	static const struct {
		const char *name;
		int64_t published_at;
	} releases[] = { { "a", 300 }, { "b", 100 }, { "c", 0 }, { "d", 200 } };
	g_autoptr(GPtrArray) plans = NULL;
	g_autofree char *text = NULL;

	for (size_t i = 0; i < G_N_ELEMENTS(releases); i++) {
		Selection *s = add(w, manifest_in(w, 0, "/"), releases[i].name, "minor", "2");
		Offer *offer = offer_new(releases[i].name);
		Release *release = release_new("2");

		release->published_at = releases[i].published_at;
		g_ptr_array_add(offer->releases, release);
		g_ptr_array_add(w->offers, offer);
		s->dependency->offer = offer;
	}
	plans = group_plans(w->selections);
	text = shown(plans);
	g_assert_cmpstr(text, ==, "b d a c");
}

/* The newest is a major one, which the group does not take. */
static void a_group_gets_the_newest_within_its_types(void)
{
	g_autoptr(Bench) w =
		bench_new(ENTRY("    groups: { small: { update-types: [minor, patch] } }\n"));
	g_autoptr(GPtrArray) more = NULL, plans = NULL;
	g_autofree char *text = NULL;
	Selection *one;

	add_all(w, 0, "/", "a:major b:minor c:digest d:patch");
	more = group_selections(w->selections);
	g_assert_cmpuint(more->len, ==, 1);
	one = more->pdata[0];
	g_assert_cmpstr(one->dependency->name, ==, "a");
	g_assert_cmpuint(one->types, ==, UPDATE_MINOR | UPDATE_PATCH);
	one->update = update_new(one->manifest, one->dependency);
	one->update->to = g_strdup("1.5");
	one->update->step = STEP_MINOR;
	g_ptr_array_extend_and_steal(w->selections, g_steal_pointer(&more));
	plans = group_plans(w->selections);
	text = shown(plans);
	g_assert_cmpstr(text, ==, "small=b,d,a a c");
	g_assert_cmpstr(((Update *)((Plan *)plans->pdata[0])->updates->pdata[2])->to, ==, "1.5");
}

static void what_was_chosen_for_a_group_is_for_it_alone(void)
{
	g_autoptr(Bench) w = bench_new(ENTRY("    groups: { small: { update-types: [minor] } }\n"));
	g_autoptr(GPtrArray) plans = NULL;
	g_autofree char *text = NULL;
	Selection *s;

	/* Nothing newer within the types, but a digest has moved. */
	s = add(w, manifest_in(w, 0, "/"), "a", "digest", "1");
	s->types = UPDATE_MINOR;
	plans = group_plans(w->selections);
	text = shown(plans);
	g_assert_cmpstr(text, ==, "");
}

static void what_moves_along_is_in_the_same_plan(void)
{
	g_autoptr(Bench) w = bench_new(ENTRY(""));
	g_autoptr(GPtrArray) plans = NULL;
	g_autofree char *text = NULL;
	Manifest *m = manifest_in(w, 0, "/");
	Dependency *silent;

	m->ecosystem = &bound;
	add_all(w, 0, "/", "b:minor a:minor c:minor");
	add(w, m, "d", "none", NULL);
	/* One ARG feeds a, b and d, whose own choice is to stay. */
	for (guint i = 0; i < m->dependencies->len; i++) {
		Dependency *dep = m->dependencies->pdata[i];

		if (strcmp(dep->name, "c") != 0) {
			g_free(dep->key);
			dep->key = g_strdup("arg");
		}
	}
	plans = group_plans(w->selections);
	text = shown(plans);
	g_assert_cmpstr(text, ==, "b,a,d c");
	silent = ((Update *)((Plan *)plans->pdata[0])->updates->pdata[2])->dependency;
	g_assert_cmpstr(silent->name, ==, "d");
}

static void a_group_that_takes_nothing_is_told(void)
{
	g_autoptr(Bench) w = bench_new(
		ENTRY("    ignore: [{ dependency-name: node }]\n"
		      "    groups: { go: { patterns: [\"go*\"] }, nod: { patterns: [\"nod*\"] }, "
		      "sec: { applies-to: security-updates, patterns: [x] } }\n"));
	g_autoptr(GPtrArray) problems = problems_new(), none = problems_new();
	const Problem *problem;

	group_complain(w->file, w->manifests, none);
	g_assert_cmpuint(none->len, ==, 0);
	add_all(w, 0, "/", "golang:minor node:minor");
	group_complain(w->file, w->manifests, problems);
	g_assert_cmpuint(problems->len, ==, 1);
	problem = problems->pdata[0];
	g_assert_cmpint(problem->line, ==, 7);
	g_assert_cmpint(problem->weight, ==, WEIGHT_WARNING);
	g_assert_true(g_str_has_prefix(problem->text, "group 'nod' takes none of the 1 "));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/policy/group/fit/%zu", i);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), groups_take_what_fits_best);
	}
#define ADD(test) g_test_add_func("/policy/group/" #test, test)
	ADD(a_group_is_one_plan_over_all_directories);
	ADD(one_image_of_several_files_is_one_plan);
	ADD(what_stays_is_in_no_plan);
	ADD(a_multi_ecosystem_group_is_one_plan_over_all_entries);
	ADD(what_has_waited_longest_comes_first);
	ADD(a_group_gets_the_newest_within_its_types);
	ADD(what_was_chosen_for_a_group_is_for_it_alone);
	ADD(what_moves_along_is_in_the_same_plan);
	ADD(a_group_that_takes_nothing_is_told);
	return g_test_run();
}
