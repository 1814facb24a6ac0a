/* SPDX-License-Identifier: MIT */
#include "config/dependabot.h"
#include "policy/absent.h"

#include <string.h>

static const Ecosystem modules = { .name = "gomod" };

static const char entry[] =
	"version: 2\nupdates:\n"
	"  - package-ecosystem: gomod\n"
	"    directory: /\n"
	"    schedule: { interval: weekly }\n"
	"    groups: { small: { patterns: ['a*'], update-types: [minor, patch] } }\n";

/* What became of the choice for a dependency that the group has or not. */
static const struct {
	const char *name;
	Reason reason;
	Step step; /* of its update; STEP_NONE: there is none */
	const char *text, *error, *why_not;
	int64_t held_until;
	guint verdicts;
	const char *said; /* NULL: nothing */
} rows[] = {
	{ "a1", .reason = REASON_UP_TO_DATE, .verdicts = 3 },
	{ "b1", .reason = REASON_IGNORED, .verdicts = 3 },
	{ "a2", .step = STEP_MAJOR,
	  .said = "`a2` has a major update, which the group does not take" },
	{ "a3", .step = STEP_MINOR, .said = "`a3` could not be moved along" },
	{ "a4", .reason = REASON_IGNORED, .text = "all versions" },
	{ "a5", .reason = REASON_IGNORED, .text = ">= 2", .verdicts = 2,
	  .said = "`a5` stays (ignored): >= 2" },
	{ "a6", .reason = REASON_COOLDOWN, .held_until = INT64_C(1767225600), .verdicts = 2,
	  .text = "2 days", .said = "`a6` waits for its cooldown until 2026-01-01" },
	{ "a7", .reason = REASON_UNRESOLVED, .error = "https://secret.example.org does not answer",
	  .said = "`a7` could not be looked up" },
	{ "a8", .reason = REASON_UNRESOLVED, .why_not = "replaced" },
	{ "a9", .reason = REASON_NOT_ALLOWED, .verdicts = 2 },
};

static void what_is_left_out_has_its_reason(void)
{
	g_autoptr(GBytes) text = g_bytes_new_static(entry, strlen(entry));
	g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);
	g_autoptr(RulesFile) file = rules_parse("dependabot.yml", text);
	const Rules *rules = g_ptr_array_index(file->entries, 0);
	g_autoptr(Manifest) m = manifest_new(&modules, "go.mod", "/", nothing);
	g_autoptr(Plan) plan = plan_new(rules);
	g_autoptr(GPtrArray) selections =
		g_ptr_array_new_with_free_func((GDestroyNotify)selection_free);
	g_autoptr(GPtrArray) offers = g_ptr_array_new_with_free_func((GDestroyNotify)offer_free);
	g_autoptr(GPtrArray) absent = NULL;
	g_autoptr(GString) said = g_string_new(NULL), wanted = g_string_new(NULL);
	Release *latest = release_new("v9");

	m->rules = rules;
	plan->group = g_strdup("small");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		Dependency *dependency = dependency_new();
		Offer *offer = offer_new(rows[i].name);
		Selection *s;

		g_ptr_array_add(m->dependencies, dependency);
		g_ptr_array_add(offers, offer);
		g_ptr_array_add(offer->releases, release_new("v1"));
		g_ptr_array_add(offer->releases, release_new("v2"));
		dependency->name = g_strdup(rows[i].name);
		dependency->key = g_strdup(rows[i].name);
		dependency->why_not = g_strdup(rows[i].why_not);
		dependency->offer = offer;
		dependency->is_direct = dependency->is_production = true;
		if (rows[i].error != NULL)
			fail(&offer->error, FAILURE_NET, "%s", rows[i].error);
		s = selection_new(m, dependency, rules, 0, false);
		g_ptr_array_add(selections, s);
		s->reason = rows[i].reason;
		s->text = g_strdup(rows[i].text);
		s->held_until = rows[i].held_until;
		s->latest = rows[i].held_until != 0 ? latest : NULL;
		s->question.verdicts = g_new0(Verdict, rows[i].verdicts + 1);
		s->verdict_count = rows[i].verdicts;
		if (rows[i].step != STEP_NONE) {
			s->update = update_new(m, dependency);
			s->update->step = rows[i].step;
		}
		if (rows[i].said != NULL)
			g_string_append_printf(wanted, "%s\n", rows[i].said);
	}
	g_ptr_array_add(plan->updates, update_new(m, g_ptr_array_index(m->dependencies, 0)));
	absent = absent_from(plan, selections);
	for (guint i = 0; i < absent->len; i++) {
		const Notice *notice = g_ptr_array_index(absent, i);

		g_string_append_printf(said, "%s%s%s\n", notice->text,
				       notice->quote != NULL ? ": " : "",
				       notice->quote != NULL ? notice->quote : "");
	}
	g_assert_cmpstr(said->str, ==, wanted->str);
	g_clear_pointer(&absent, g_ptr_array_unref);
	g_clear_pointer(&plan->group, g_free);
	absent = absent_from(plan, selections);
	g_assert_cmpuint(absent->len, ==, 0);
	release_free(latest);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/absent/what_is_left_out_has_its_reason", what_is_left_out_has_its_reason);
	return g_test_run();
}
