/* SPDX-License-Identifier: MIT */
/* `explain [PATH] NAME`: every release that was considered, newest first, and what
 * was thought of it (cli.md 1). */
#include "base/time.h"
#include "policy/filter.h"
#include "policy/group.h"
#include "worker/names.h"
#include "worker/show.h"
#include "worker/survey.h"

#include <stdio.h>
#include <string.h>

static Json *release_json(const Selection *selection, guint index)
{
	const Release *release = selection->dependency->offer->releases->pdata[index];
	const Verdict *verdict = &selection->question.verdicts[index];
	g_autofree char *rule = place_text(verdict->rule);
	Json *json = json_new_object();

	json_set_string(json, "version", release->version);
	json_set_string(json, "digest", release->digest);
	json_set_time(json, "published_at", release->published_at);
	json_set_string(json, "verdict", verdict->reason == REASON_NONE ? "take" : "reject");
	json_set_string(json, "reason", show_verdict(selection, index));
	json_set_string(json, "text", verdict->text);
	json_set_string(json, "rule", rule);
	json_set_time(json, "ready_at", verdict->ready_at);
	return json;
}

/* The place of the entry of `allow` that lets the dependency in; NULL: there is none, or
 * none is needed; the caller's. */
static char *let_in_by(const Selection *selection)
{
	const Place *rule = NULL;

	if (filter_dependency(selection->manifest->ecosystem, selection->question.rules,
			      selection->dependency, &rule) != REASON_NONE)
		return NULL;
	return place_text(rule);
}

/* The name of the group that has the update; NULL: none. `*place` is the group's, the
 * caller's; NULL where it is over several ecosystems. */
static const char *group_with(const Selection *selection, char **place)
{
	const Group *group;
	bool is_multi;

	*place = NULL;
	if (selection->update == NULL)
		return NULL;
	group = group_of_update(selection, &is_multi);
	if (is_multi)
		return selection->question.rules->multi_ecosystem_group;
	if (group != NULL)
		*place = place_text(&group->place);
	return group != NULL ? group->name : NULL;
}

static Json *selection_json(Selection *selection)
{
	g_autoptr(GArray) indexes = show_considered(selection);
	g_autofree char *place = NULL, *allow = let_in_by(selection);
	const char *group = group_with(selection, &place);
	Json *json = show_selection(selection), *releases = json_new_array();

	for (guint i = 0; i < indexes->len; i++)
		json_append(releases, release_json(selection, g_array_index(indexes, guint, i)));
	json_set(json, "releases", releases);
	json_set_string(json, "group", group);
	json_set_string(json, "group_rule", place);
	json_set_string(json, "allow_rule", allow);
	return json;
}

static void print_release(const Selection *selection, guint index, int width)
{
	const Release *release = selection->dependency->offer->releases->pdata[index];
	const Verdict *verdict = &selection->question.verdicts[index];
	g_autofree char *rule = place_text(verdict->rule);
	char published[32] = "-", ready[32] = "";

	if (release->published_at > 0)
		time_text(release->published_at, published, sizeof published);
	if (verdict->ready_at > 0)
		time_text(verdict->ready_at, ready, sizeof ready);
	printf("  %-*s  %-20s  %s%s%s%s%s%s%s%s\n", width, release->version, published,
	       show_verdict(selection, index), *ready != '\0' ? " until " : "", ready,
	       verdict->text != NULL ? ": " : "", verdict->text != NULL ? verdict->text : "",
	       rule != NULL ? " (" : "", rule != NULL ? rule : "", rule != NULL ? ")" : "");
}

static void print_group(const Selection *selection)
{
	g_autofree char *place = NULL;
	const char *name = group_with(selection, &place);

	if (name != NULL && place != NULL)
		printf("  goes into group '%s' (%s)\n", name, place);
	else if (name != NULL)
		printf("  goes into multi-ecosystem group '%s'\n", name);
}

static void print_selection(Selection *selection)
{
	const Dependency *dependency = selection->dependency;
	const Update *update = selection->update;
	g_autofree char *present = show_version(dependency->version, dependency->digest);
	g_autofree char *why = show_why(selection), *rule = place_text(selection->rule);
	g_autofree char *allow = let_in_by(selection);
	g_autoptr(GArray) indexes = show_considered(selection);
	int width = 0;

	printf("%s:%d: %s %s", selection->manifest->path, dependency->line, dependency->name,
	       present);
	if (update != NULL) {
		g_autofree char *to = show_version(update->step == STEP_DIGEST ? NULL : update->to,
						   update->to_digest);

		printf(" -> %s (%s)", to, step_word(update->step));
	}
	printf("%s%s%s%s%s\n", *why != '\0' ? ": " : "", why, rule != NULL ? " (" : "",
	       rule != NULL ? rule : "", rule != NULL ? ")" : "");
	if (allow != NULL)
		printf("  let in by 'allow' (%s)\n", allow);
	print_group(selection);
	for (guint i = 0; i < indexes->len; i++) {
		guint index = g_array_index(indexes, guint, i);
		const Release *release = dependency->offer->releases->pdata[index];

		width = MAX(width, (int)strlen(release->version));
	}
	for (guint i = 0; i < indexes->len; i++)
		print_release(selection, g_array_index(indexes, guint, i), width);
	if (selection->verdict_count > indexes->len)
		printf("  and %u of other lines\n", selection->verdict_count - indexes->len);
}

/* What a group looked for in vain is no news. */
static bool is_of_interest(const Selection *selection)
{
	return selection->types == 0 || selection->update != NULL;
}

static void print_all(const Survey *survey, const Invocation *invocation)
{
	g_autoptr(Json) json = json_new_object();
	Json *dependencies = json_new_array();
	g_autofree char *text = NULL;

	json_set_string(json, "repository", survey->source->name);
	json_set_string(json, "commit", survey->source->commit);
	for (guint i = 0; i < survey->decision.selections->len; i++) {
		Selection *selection = g_ptr_array_index(survey->decision.selections, i);

		if (!is_of_interest(selection))
			continue;
		if (invocation->json) {
			json_append(dependencies, selection_json(selection));
			continue;
		}
		if (i > 0)
			puts("");
		print_selection(selection);
	}
	json_set(json, "dependencies", dependencies);
	text = json_print(json);
	if (invocation->json)
		puts(text);
}

typedef struct {
	const Survey *survey;
	const Name *name;
} Wanted;

/* A dependency does not know its manifest. */
static bool is_wanted(const Dependency *dependency, void *data)
{
	const Wanted *wanted = data;

	for (guint i = 0; i < wanted->survey->manifests->len; i++) {
		const Manifest *manifest = g_ptr_array_index(wanted->survey->manifests, i);

		if (g_ptr_array_find(manifest->dependencies, dependency, NULL))
			return name_means(wanted->name, manifest->ecosystem, dependency);
	}
	return false;
}

static bool excludes_any(const RulesFile *file)
{
	for (guint i = 0; i < file->entries->len; i++)
		if (((Rules *)g_ptr_array_index(file->entries, i))->exclude_paths->len > 0)
			return true;
	return false;
}

static bool explain(Survey *survey, const Invocation *invocation, const char *place,
		    const char *text, GError **error)
{
	Name *name = name_parse(text);
	Wanted wanted = { survey, name };
	bool is_done =
		survey_open(survey, invocation, place, error) &&
		survey_decide(survey, is_wanted, &wanted, error) &&
		decision_choose_for_groups(&survey->decision, &survey->session->world, error);

	name_free(name);
	if (!is_done)
		return false;
	if (survey->decision.selections->len == 0)
		return fail(error, FAILURE_ABSENT, "nothing in '%s' is called '%s'%s",
			    survey->source->name, text,
			    excludes_any(survey->rules)
				    ? "; what 'exclude-paths' names is not looked at"
				    : "");
	return true;
}

End explain_command(const Invocation *invocation)
{
	g_auto(Survey) survey = { 0 };
	g_autoptr(GError) error = NULL;
	char **arguments = invocation->arguments;
	guint count = g_strv_length(arguments);
	bool has_place = count == 2;

	if (count < 1 || count > 2) {
		fputs("upkeepd: explain takes a path, if it is not this one, and a name\n", stderr);
		return END_MISUSED;
	}
	if (has_place && !survey_is_url(arguments[0]) &&
	    !g_file_test(arguments[0], G_FILE_TEST_IS_DIR)) {
		fprintf(stderr, "upkeepd: '%s' is no directory\n", arguments[0]);
		return END_MISUSED;
	}
	if (!explain(&survey, invocation, has_place ? arguments[0] : ".", arguments[count - 1],
		     &error))
		return complain(error);
	survey_say_problems(&survey);
	print_all(&survey, invocation);
	return survey.decision.is_whole ? END_DONE : END_FAILED;
}
