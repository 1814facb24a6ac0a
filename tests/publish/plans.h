/* SPDX-License-Identifier: MIT */
/* Plans for tests, out of one line each. */
#pragma once

#include "publish/topic.h"

#include <string.h>

static const Ecosystem docker_stub = { .name = "docker", .id = "docker", .label = "docker" };
static const Ecosystem compose_stub = { .name = "docker-compose",
					.id = "docker_compose",
					.label = "docker_compose",
					.names_branch_by_tag = true };
static const Ecosystem gomod_stub = {
	.name = "gomod", .id = "go_modules", .label = "go", .hides_v = true
};

static inline const Ecosystem *stub_called(const char *name)
{
	if (strcmp(name, "docker") == 0)
		return &docker_stub;
	return strcmp(name, "gomod") == 0 ? &gomod_stub : &compose_stub;
}

/* A plan that owns its manifests and dependencies. */
typedef struct {
	Plan *plan;
	GPtrArray *manifests, *dependencies;
} TestPlan;

static inline void test_plan_free(TestPlan *test)
{
	plan_free(test->plan);
	g_ptr_array_unref(test->manifests);
	g_ptr_array_unref(test->dependencies);
	g_free(test);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestPlan, test_plan_free)

/* "TAG", "TAG@DIGEST", "@DIGEST", "-" for nothing. */
static inline void test_cut(const char *text, char **version, char **digest)
{
	const char *at = strchr(text, '@');

	if (strcmp(text, "-") == 0)
		return;
	if (at != text)
		*version = at == NULL ? g_strdup(text) : g_strndup(text, (gsize)(at - text));
	if (at != NULL)
		*digest = g_strconcat("sha256:", at + 1, NULL);
}

/* `lines`: "ECOSYSTEM DIRECTORY NAME FROM TO" each, separated by "; ". */
static inline TestPlan *test_plan(const Rules *rules, const char *group, bool is_across,
				  const char *lines)
{
	g_auto(GStrv) each = g_strsplit(lines, "; ", -1);
	TestPlan *test = g_new0(TestPlan, 1);

	test->plan = plan_new(rules);
	test->plan->group = g_strdup(group);
	test->plan->is_across = is_across;
	test->manifests = g_ptr_array_new_with_free_func((GDestroyNotify)manifest_free);
	test->dependencies = g_ptr_array_new_with_free_func((GDestroyNotify)dependency_free);
	for (char **line = each; *line != NULL; line++) {
		g_auto(GStrv) words = g_strsplit(*line, " ", -1);
		g_autoptr(GBytes) text = g_bytes_new_static("", 0);
		Manifest *manifest = manifest_new(stub_called(words[0]), "f", words[1], text);
		Dependency *dependency = dependency_new();
		Update *update = update_new(manifest, dependency);

		g_assert_cmpuint(g_strv_length(words), ==, 5);
		g_ptr_array_add(test->manifests, manifest);
		g_ptr_array_add(test->dependencies, dependency);
		dependency->name = g_strdup(words[2]);
		dependency->is_direct = dependency->is_production = true;
		test_cut(words[3], &update->from, &update->from_digest);
		test_cut(words[4], &update->to, &update->to_digest);
		g_ptr_array_add(test->plan->updates, update);
	}
	return test;
}
