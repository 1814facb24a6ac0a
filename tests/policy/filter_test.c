/* SPDX-License-Identifier: MIT */
#include "policy/filter.h"

#include <string.h>

static char **two_names(const Dependency *dep)
{
	const char *const names[] = { dep->key, NULL };

	return g_strdupv((char **)names);
}

static Step step_of(const Dependency *dep, const Release *release)
{
	(void)dep;
	return strcmp(release->version, "2") == 0     ? STEP_MAJOR
	       : strcmp(release->version, "1.2") == 0 ? STEP_MINOR
						      : STEP_PATCH;
}

static bool is_equal(const char *range, const Dependency *dep, const Release *release, bool *is_in,
		     GError **error)
{
	(void)dep;
	if (*range == '^')
		return fail(error, FAILURE_CONFIG, "'%s' is no range", range);
	*is_in = strcmp(range, release->version) == 0;
	return true;
}

static const Ecosystem ecosystem = {
	.name = "docker", .aliases = two_names, .step = step_of, .in_range = is_equal
};

static Dependency *dependency(bool is_direct)
{
	Dependency *dep = dependency_new();

	dep->name = g_strdup("golang");
	dep->key = g_strdup("docker.io/library/golang");
	dep->version = g_strdup("1.1");
	dep->is_direct = is_direct;
	return dep;
}

static Filter *add(GPtrArray *filters, const char *name, unsigned types, const char *version)
{
	Filter *filter = g_new0(Filter, 1);

	filter->name = g_strdup(name);
	filter->update_types = types;
	if (version != NULL) {
		filter->versions = g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_add(filter->versions, g_strdup(version));
	}
	filter->place.path = "dependabot.yml";
	filter->place.line = (int)filters->len + 1;
	g_ptr_array_add(filters, filter);
	return filter;
}

static Reason on_dependency(const Rules *rules, bool is_direct, int *line)
{
	g_autoptr(Dependency) dep = dependency(is_direct);
	const Place *rule = NULL;
	Reason reason = filter_dependency(&ecosystem, rules, dep, &rule);

	*line = rule != NULL ? rule->line : 0;
	return reason;
}

static Reason on_release(const Rules *rules, const char *version, char **complaint)
{
	g_autoptr(Dependency) dep = dependency(true);
	g_autoptr(Release) release = release_new(version);
	Verdict verdict = filter_release(&ecosystem, rules, dep, release, complaint);

	g_free(verdict.text);
	return verdict.reason;
}

static void a_verdict_says_what_of_the_rule_decided(void)
{
	g_autoptr(Rules) rules = rules_new();
	g_autoptr(Dependency) dep = dependency(true);
	static const struct {
		const char *version, *text;
		int line;
	} rows[] = {
		{ "2", "semver-major", 1 },
		{ "1.1.9", "versions '1.1.9'", 2 },
		{ "1.2", "'allow' permits semver-patch", 1 },
		{ "1.1.3", NULL, 0 },
	};

	add(rules->ignore, "*", UPDATE_MAJOR, NULL);
	add(rules->ignore, "go*", 0, "1.1.9");
	add(rules->allow, "*", UPDATE_PATCH, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Release) release = release_new(rows[i].version);
		g_autofree char *complaint = NULL;
		Verdict verdict = filter_release(&ecosystem, rules, dep, release, &complaint);

		g_assert_cmpstr(verdict.text, ==, rows[i].text);
		g_assert_cmpint(verdict.rule == NULL ? 0 : verdict.rule->line, ==, rows[i].line);
		g_free(verdict.text);
	}
}

static void without_allow_all_direct_ones_are_meant(void)
{
	g_autoptr(Rules) rules = rules_new();
	int line;

	g_assert_cmpint(on_dependency(rules, true, &line), ==, REASON_NONE);
	g_assert_cmpint(on_dependency(rules, false, &line), ==, REASON_NOT_ALLOWED);
}

static void an_entry_of_allow_means_direct_ones_unless_it_says_more(void)
{
	g_autoptr(Rules) rules = rules_new();
	int line;

	add(rules->allow, "go*", 0, NULL);
	g_assert_cmpint(on_dependency(rules, true, &line), ==, REASON_NONE);
	g_assert_cmpint(on_dependency(rules, false, &line), ==, REASON_NOT_ALLOWED);
	add(rules->allow, "GOLANG", 0, NULL)->type = g_strdup("all");
	g_assert_cmpint(on_dependency(rules, false, &line), ==, REASON_NONE);
}

static void what_no_entry_of_allow_means_is_not_allowed(void)
{
	g_autoptr(Rules) rules = rules_new();
	int line;

	add(rules->allow, "alpine", 0, NULL);
	g_assert_cmpint(on_dependency(rules, true, &line), ==, REASON_NOT_ALLOWED);
	g_assert_cmpint(line, ==, 1);
	add(rules->allow, "docker.io/*/golang", 0, NULL);
	g_assert_cmpint(on_dependency(rules, true, &line), ==, REASON_NONE);
}

static void ignore_beats_allow(void)
{
	g_autoptr(Rules) rules = rules_new();
	int line;

	add(rules->allow, "golang", 0, NULL);
	add(rules->ignore, "alpine", 0, NULL);
	add(rules->ignore, "golang", 0, NULL);
	g_assert_cmpint(on_dependency(rules, true, &line), ==, REASON_IGNORED);
	g_assert_cmpint(line, ==, 2);
}

static void an_entry_with_types_or_versions_ignores_releases_only(void)
{
	g_autoptr(Rules) rules = rules_new();
	g_autofree char *complaint = NULL;
	int line;

	add(rules->ignore, "golang", UPDATE_MAJOR, NULL);
	add(rules->ignore, NULL, 0, "1.2");
	g_assert_cmpint(on_dependency(rules, true, &line), ==, REASON_NONE);
	g_assert_cmpint(on_release(rules, "2", &complaint), ==, REASON_IGNORED);
	g_assert_cmpint(on_release(rules, "1.2", &complaint), ==, REASON_IGNORED);
	g_assert_cmpint(on_release(rules, "1.1.1", &complaint), ==, REASON_NONE);
	g_assert_null(complaint);
}

static void a_range_that_is_none_is_said_and_counts_for_nothing(void)
{
	g_autoptr(Rules) rules = rules_new();
	g_autofree char *complaint = NULL;

	add(rules->ignore, "golang", 0, "^1");
	add(rules->ignore, "golang", 0, "2");
	g_assert_cmpint(on_release(rules, "1.2", &complaint), ==, REASON_NONE);
	g_assert_cmpstr(complaint, ==, "dependabot.yml:1:0: '^1' is no range");
	g_assert_cmpint(on_release(rules, "2", &complaint), ==, REASON_IGNORED);
}

static void the_types_of_all_matching_entries_of_allow_add_up(void)
{
	g_autoptr(Rules) rules = rules_new();
	g_autofree char *complaint = NULL;

	add(rules->allow, "golang", UPDATE_PATCH, NULL);
	add(rules->allow, "go*", UPDATE_MINOR, NULL);
	add(rules->allow, "alpine", UPDATE_MAJOR, NULL);
	g_assert_cmpint(on_release(rules, "1.2", &complaint), ==, REASON_NONE);
	g_assert_cmpint(on_release(rules, "1.1.1", &complaint), ==, REASON_NONE);
	g_assert_cmpint(on_release(rules, "2", &complaint), ==, REASON_NOT_ALLOWED);
	add(rules->allow, "golang", 0, NULL);
	g_assert_cmpint(on_release(rules, "2", &complaint), ==, REASON_NONE);
}

static const struct {
	const char *include, *exclude;
	int days;
} cooldowns[] = {
	{ NULL, NULL, 3 },          { "golang", NULL, 3 },           { "alpine", NULL, 0 },
	{ "GoLang", NULL, 0 },      { "go*", "*lang", 0 },           { NULL, "alpine", 3 },
	{ "docker.io/*", NULL, 3 }, { NULL, "*/library/golang", 0 }, { "quay.io/*", NULL, 0 },
};

static void cooldown_is_for_those_included(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cooldowns); i++) {
		g_autoptr(Rules) rules = rules_new();
		g_autoptr(Dependency) dep = dependency(true);
		int64_t seconds[STEP_MAJOR + 1];

		rules->cooldown.include = g_ptr_array_new_with_free_func(g_free);
		rules->cooldown.exclude = g_ptr_array_new_with_free_func(g_free);
		if (cooldowns[i].include != NULL)
			g_ptr_array_add(rules->cooldown.include, g_strdup(cooldowns[i].include));
		if (cooldowns[i].exclude != NULL)
			g_ptr_array_add(rules->cooldown.exclude, g_strdup(cooldowns[i].exclude));
		filter_cooldown(&ecosystem, rules, dep, seconds);
		g_assert_cmpint(seconds[STEP_MINOR], ==, cooldowns[i].days * 86400);
	}
}

static const struct {
	const char *pattern, *directory, *path;
	bool is_excluded;
} excluded[] = {
	{ "vendor", "/", "vendor/a/go.mod", true },
	{ "vendor", "/", "vendored/go.mod", false },
	{ "vendor/", "/", "vendor/go.mod", true },
	{ "./vendor", "/", "vendor/go.mod", true },
	{ "/vendor", "/", "vendor/go.mod", true },
	{ "Dockerfile", "/", "Dockerfile", true },
	{ "Dockerfile", "/", "a/Dockerfile", false },
	{ "Dockerfile", "/a", "a/Dockerfile", true },
	{ "a/Dockerfile", "/a", "a/Dockerfile", true },
	{ "**/Dockerfile", "/", "a/b/Dockerfile", true },
	{ "**/Dockerfile", "/", "Dockerfile", true },
	{ "test/**", "/", "test/a/b/Dockerfile", true },
	{ "src/*", "/", "src/a/b/Dockerfile", true },
	{ "docs/*.yaml", "/", "docs/a.yaml", true },
	{ "docs/*.yaml", "/", "docs/a/b.yaml", false },
	{ "docs/**/*.yaml", "/", "docs/a/b.yaml", true },
	{ "*.yaml", "/", "a/b/c.yaml", true },
	{ "a/**/z/**/Dockerfile", "/", "a/b/z/c/z/Dockerfile", true },
	{ "a/**/z/**/Dockerfile", "/", "a/b/c/Dockerfile", false },
	{ "{a,b}/Dockerfile", "/", "b/Dockerfile", true },
	{ "{a,b}/{c,d}/Dockerfile", "/", "a/d/Dockerfile", true },
	{ "{a,{b,c}}/Dockerfile", "/", "c/Dockerfile", true },
	{ "{a}/Dockerfile", "/", "a/Dockerfile", true },
	{ "DOCKERFILE", "/", "Dockerfile", false },
	{ "Dockerfile.[0-9]", "/", "Dockerfile.7", true },
	{ "", "/", "Dockerfile", false },
};

static void exclude_paths_have_one_meaning(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(excluded); i++) {
		g_autoptr(Rules) rules = rules_new();

		g_test_message("%s: %s", excluded[i].pattern, excluded[i].path);
		g_ptr_array_add(rules->exclude_paths, g_strdup(excluded[i].pattern));
		g_assert_cmpint(filter_excludes(rules, excluded[i].directory, excluded[i].path), ==,
				excluded[i].is_excluded);
	}
}

static void braces_without_end_cost_little(void)
{
	g_autoptr(Rules) rules = rules_new();
	GString *pattern = g_string_new(NULL);

	for (int i = 0; i < 10000; i++)
		g_string_append(pattern, "{a,b}");
	g_ptr_array_add(rules->exclude_paths, g_string_free(pattern, FALSE));
	g_assert_false(filter_excludes(rules, "/", "Dockerfile"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/policy/filter/" #name, name)
	ADD(without_allow_all_direct_ones_are_meant);
	ADD(a_verdict_says_what_of_the_rule_decided);
	ADD(an_entry_of_allow_means_direct_ones_unless_it_says_more);
	ADD(what_no_entry_of_allow_means_is_not_allowed);
	ADD(ignore_beats_allow);
	ADD(an_entry_with_types_or_versions_ignores_releases_only);
	ADD(a_range_that_is_none_is_said_and_counts_for_nothing);
	ADD(the_types_of_all_matching_entries_of_allow_add_up);
	ADD(cooldown_is_for_those_included);
	ADD(exclude_paths_have_one_meaning);
	ADD(braces_without_end_cost_little);
	return g_test_run();
}
