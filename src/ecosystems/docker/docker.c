/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/docker.h"

#include "ecosystems/docker/choice.h"
#include "ecosystems/docker/files.h"
#include "ecosystems/docker/goimage.h"
#include "ecosystems/docker/imagehome.h"
#include "ecosystems/docker/registry.h"
#include "ecosystems/docker/rewrite.h"

#include <string.h>

/* What is no reference goes by its text: it is listed, and why it stays. */
static Dependency *dependency_of(Site *site)
{
	Dependency *dependency = dependency_new();
	const Reference *reference = site->reference;

	dependency->name = g_strdup(reference != NULL ? reference->name : site->text);
	dependency->key = reference != NULL ? reference_key(reference) : g_strdup(site->text);
	dependency->version = g_strdup(reference != NULL ? reference->tag : NULL);
	dependency->digest = g_strdup(reference != NULL ? reference->digest : NULL);
	dependency->line = site->line;
	dependency->column = site->column;
	dependency->span = site->word;
	dependency->why_not = g_strdup(site->why_not);
	dependency->remark = g_strdup(site->remark);
	dependency->detail = site; /* the manifest's */
	return dependency;
}

static void sites_free(void *sites)
{
	g_ptr_array_unref(sites);
}

static bool parse(Manifest *m, bool is_compose, GError **error)
{
	GPtrArray *sites = files_read(m->path, m->text, is_compose, m->problems, error);

	if (sites == NULL)
		return false;
	m->detail = sites;
	m->free_detail = sites_free;
	for (guint i = 0; i < sites->len; i++)
		g_ptr_array_add(m->dependencies, dependency_of(g_ptr_array_index(sites, i)));
	return true;
}

static bool parse_docker(Manifest *m, GError **error)
{
	return parse(m, false, error);
}

static bool parse_compose(Manifest *m, GError **error)
{
	return parse(m, true, error);
}

/* What --platform= says, if it says it without variables. */
static const char *platform_of(const Dependency *dependency)
{
	const Site *site = dependency->detail;

	return site->platform != NULL && strchr(site->platform, '$') == NULL ? site->platform
									     : NULL;
}

/* An image also answers to its name as the file spells it. */
static char **aliases(const Dependency *dependency)
{
	const Site *site = dependency->detail;
	g_auto(GStrv) names = choice_aliases(dependency);
	g_autoptr(GStrvBuilder) all = g_strv_builder_new();
	g_autofree char *written = NULL;

	g_strv_builder_addv(all, (const char **)names);
	if (site->reference != NULL) {
		written = g_strndup(site->expanded, site->reference->name_end);
		g_strv_builder_add(all, written);
	}
	return g_strv_builder_end(all);
}

static void examine(Question *q, guint index, Age *age)
{
	choice_examine(q, index, age, platform_of(q->dependency));
}

static Verdict complete(Question *q, const Release *chosen, Update *update)
{
	return choice_complete(q, chosen, update, platform_of(q->dependency));
}

static bool rewrite_docker(Plan *plan, GError **error)
{
	return rewrite_plan(plan, &ecosystem_docker, error);
}

static bool rewrite_compose(Plan *plan, GError **error)
{
	return rewrite_plan(plan, &ecosystem_docker_compose, error);
}

/* What an image is asked, whatever file names it. */
#define IMAGES                                                                                 \
	.look_up = registry_look_up, .aliases = aliases, .find_homes = imagehome_all,          \
	.order = choice_order, .judge = choice_judge, .rank = choice_rank, .examine = examine, \
	.complete = complete, .counterpart = choice_counterpart, .step = choice_step,          \
	.in_range = choice_in_range, .check_range = choice_check_range,                        \
	.describe = registry_describe, .entail = rewrite_entailed

const Ecosystem ecosystem_docker = {
	.name = "docker",
	.id = "docker",
	.label = "docker",
	.claims = files_claims_docker,
	.yields_to = "docker-compose",
	.tells_builders = goimage_tells,
	.read_builders = goimage_read,
	.parse = parse_docker,
	IMAGES,
	.rewrite = rewrite_docker,
};

const Ecosystem ecosystem_docker_compose = {
	.name = "docker-compose",
	.id = "docker_compose",
	.label = "docker_compose",
	.names_branch_by_tag = true,
	.claims = files_claims_compose,
	.parse = parse_compose,
	IMAGES,
	.rewrite = rewrite_compose,
};
