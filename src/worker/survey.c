/* SPDX-License-Identifier: MIT */
#include "worker/survey.h"

#include "base/text.h"
#include "config/credentials.h"
#include "git/tip.h"
#include "publish/address.h"
#include "worker/checkout.h"
#include "worker/discover.h"

#include <string.h>

void survey_clear(Survey *survey)
{
	decision_clear(&survey->decision);
	g_clear_pointer(&survey->manifests, g_ptr_array_unref);
	g_clear_pointer(&survey->rules, rules_file_free);
	g_clear_pointer(&survey->source, source_free);
	g_clear_pointer(&survey->remote, remote_free);
	g_clear_pointer(&survey->repository, repository_free);
	g_clear_pointer(&survey->registries, registries_free);
	g_clear_pointer(&survey->problems, g_ptr_array_unref);
	g_clear_pointer(&survey->session, session_free);
	g_clear_pointer(&survey->below, g_free);
}

/* "https://…", "ssh://…", and the short form "git@host:path". */
bool survey_is_url(const char *text)
{
	const char *colon = strchr(text, ':'), *slash = strchr(text, '/');

	return strstr(text, "://") != NULL ||
	       (colon != NULL && strchr(text, '@') != NULL && (slash == NULL || colon < slash));
}

static bool is_bare(const char *path)
{
	static const char *const parts[] = { "HEAD", "objects", "refs" };

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *part = g_build_filename(path, parts[i], NULL);

		if (!g_file_test(part, G_FILE_TEST_EXISTS))
			return false;
	}
	return true;
}

/* What the settings say of a repository that they watch; a stranger's else. */
static Repository *repository_of(const Settings *settings, const char *place, GError **error)
{
	Repository *repository;

	for (guint i = 0; i < settings->repositories->len; i++) {
		const RepositorySettings *watched = g_ptr_array_index(settings->repositories, i);

		if (watched->is_usable && !watched->discover &&
		    (g_strcmp0(watched->url, place) == 0 || g_strcmp0(watched->path, place) == 0))
			return credentials_repository(settings, watched, error);
	}
	repository = g_new0(Repository, 1);
	*(survey_is_url(place) ? &repository->url : &repository->path) = g_strdup(place);
	return repository;
}

static const char *token_user_of(const Repository *repository)
{
	const char *name = repository->forge_name != NULL ? repository->forge_name
							  : forge_guess(repository->url);
	const Forge *forge = forge_by_name(name);

	return forge != NULL ? forge->git_user : NULL;
}

/* The tip of the default branch. */
static bool open_remote(Survey *survey, const char *place, GError **error)
{
	const World *w = &survey->session->world;
	RemoteOptions options = { .http = survey->session->http,
				  .cache_directory = survey->session->cache,
				  .now = w->now,
				  .is_offline = w->is_offline };
	const char *branch, *tip;

	survey->below = g_strdup("");
	survey->repository = repository_of(survey->session->settings, place, error);
	if (survey->repository == NULL)
		return false;
	options.token_user = token_user_of(survey->repository);
	survey->remote = remote_open(survey->repository, &options, error);
	if (survey->remote == NULL || !remote_learn(survey->remote, error))
		return false;
	branch = remote_default_branch(survey->remote);
	tip = branch != NULL ? remote_tip(survey->remote, branch) : remote_head(survey->remote);
	if (tip == NULL)
		return fail(error, FAILURE_ABSENT, "'%s' has no commit", place);
	survey->source = tip_open(survey->remote, tip, error);
	return survey->source != NULL;
}

static bool open_source(Survey *survey, const char *place, GError **error)
{
	if (survey_is_url(place) || is_bare(place))
		return open_remote(survey, place, error);
	survey->source = checkout_open(place, &survey->below, error);
	return survey->source != NULL;
}

static void note_problems(Survey *survey, const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++) {
		const Problem *problem = g_ptr_array_index(problems, i);

		g_ptr_array_add(survey->problems,
				problem_new(problem->path, problem->line, problem->column,
					    problem->weight, "%s", problem->text));
	}
}

static bool is_for_default_branch(const Rules *entry, void *data)
{
	const bool *wants = data;

	return (entry->target_branch == NULL) == *wants;
}

/* A file that entries for several branches cover is shown by the one for the
 * default branch, which is what a checkout mostly is. */
static bool read_manifests(Survey *survey, GError **error)
{
	g_autoptr(GTree) seen = g_tree_new_full(text_compare, NULL, g_free, NULL);
	bool wants[] = { true, false };

	survey->manifests = g_ptr_array_new_with_free_func((GDestroyNotify)manifest_free);
	for (size_t pass = 0; pass < G_N_ELEMENTS(wants); pass++) {
		g_autoptr(GPtrArray) some =
			discover_manifests(survey->source, survey->rules, survey->below,
					   is_for_default_branch, &wants[pass], error);

		if (some == NULL)
			return false;
		g_ptr_array_set_free_func(some, NULL);
		for (guint i = 0; i < some->len; i++) {
			Manifest *manifest = g_ptr_array_index(some, i);
			char *name =
				g_strconcat(manifest->ecosystem->name, " ", manifest->path, NULL);

			if (g_tree_lookup(seen, name) != NULL) {
				g_free(name);
				manifest_free(manifest);
				continue;
			}
			g_tree_insert(seen, name, manifest);
			g_ptr_array_add(survey->manifests, manifest);
			note_problems(survey, manifest->problems);
		}
	}
	return true;
}

bool survey_open(Survey *survey, const Invocation *invocation, const char *place, GError **error)
{
	survey->problems = problems_new();
	survey->session = session_open(invocation, NULL, error);
	if (survey->session == NULL || !open_source(survey, place, error) ||
	    !discover_rules(survey->source, NULL, &survey->rules, error))
		return false;
	if (survey->rules == NULL)
		survey->rules = discover_default_rules(survey->source);
	else
		note_problems(survey, survey->rules->problems);
	survey->registries = registries_new(&survey->session->world, survey->session->settings,
					    survey->rules, survey->problems);
	return read_manifests(survey, error);
}

bool survey_decide(Survey *survey, bool (*wants)(const Dependency *dependency, void *data),
		   void *data, GError **error)
{
	decision_begin(&survey->decision, survey->manifests, NULL, survey->session->world.now,
		       false, wants, data);
	decision_mind_registries(&survey->decision, survey->registries);
	return decision_mind_builders(&survey->decision, survey->source, survey->manifests,
				      error) &&
	       decision_look_up(&survey->decision, &survey->session->world, error) &&
	       decision_choose(&survey->decision, &survey->session->world, error);
}

void survey_say_problems(const Survey *survey)
{
	say_problems(survey->problems);
}
