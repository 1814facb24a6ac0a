/* SPDX-License-Identifier: MIT */
/* `validate [FILE…]`: all mistakes in dependabot.yml or upkeepd.yml at once, as
 * compilers print them (cli.md 1). */
#include "base/json.h"
#include "base/yaml.h"
#include "config/dependabot.h"
#include "config/paths.h"
#include "config/settings.h"
#include "policy/directories.h"
#include "upkeepd/limits.h"
#include "worker/checkout.h"
#include "worker/worker.h"

#include <stdio.h>
#include <string.h>

static const char *const places[] = { ".github/dependabot.yml", ".github/dependabot.yaml" };

typedef struct {
	const Invocation *invocation;
	GPtrArray *problems; /* of Problem, of all files */
	int files;
	End end;
} Validation;

static void failed(Validation *validation, const GError *error)
{
	complain(error);
	validation->end = MAX(validation->end, END_FAILED);
}

/* Whether a file is upkeepd.yml: by its name, else by what it speaks of. */
static bool is_settings(const char *path, GBytes *text)
{
	static const char *const keys[] = { "repositories", "upstreams", "defaults",
					    "workers",      "codenames", "credentials",
					    "http",         "status",    "log" };
	g_autofree char *name = g_path_get_basename(path);
	g_autoptr(YamlFile) yaml = NULL;

	if (g_str_has_prefix(name, "dependabot."))
		return false;
	if (g_str_has_prefix(name, "upkeepd."))
		return true;
	yaml = yaml_read(text, LIMIT_CONFIG, NULL);
	if (yaml == NULL || yaml_get(yaml_root(yaml, 0), "updates") != NULL)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (yaml_get(yaml_root(yaml, 0), keys[i]) != NULL)
			return true;
	return false;
}

static void keep(Validation *validation, GPtrArray *problems)
{
	if (problems_errors(problems) > 0)
		validation->end = END_MISUSED;
	g_ptr_array_extend_and_steal(validation->problems, problems);
}

static void validate_text(Validation *validation, const char *path, GBytes *text,
			  const GPtrArray *paths)
{
	validation->files++;
	if (is_settings(path, text)) {
		g_autoptr(Settings) settings = settings_parse(path, text);

		keep(validation, g_ptr_array_ref(settings->problems));
	} else {
		g_autoptr(RulesFile) file = rules_parse(path, text);

		if (paths != NULL)
			directories_check(file, paths);
		keep(validation, g_ptr_array_ref(file->problems));
	}
}

static void validate_file(Validation *validation, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) text = read_input(path, LIMIT_CONFIG, &error);

	if (text == NULL)
		failed(validation, error);
	else
		validate_text(validation, path, text, NULL);
}

/* The rules of a checkout, against its files; false if it has none. */
static bool validate_checkout(Validation *validation, const char *path)
{
	g_autofree char *below = NULL;
	g_autoptr(GError) error = NULL;
	g_autoptr(Source) source = checkout_open(path, &below, &error);
	bool is_here = source != NULL && strcmp(path, ".") == 0 && *below == '\0';

	for (size_t i = 0; source != NULL && i < G_N_ELEMENTS(places); i++) {
		g_autofree char *name = NULL;
		g_autoptr(GBytes) text = NULL;

		if (!source_has(source, places[i]))
			continue;
		name = g_build_filename(is_here ? "" : checkout_root(source), places[i], NULL);
		text = source->read(source, places[i], LIMIT_CONFIG, &error);
		if (text == NULL)
			failed(validation, error);
		else
			validate_text(validation, name, text, source->paths);
		return true;
	}
	if (source == NULL)
		failed(validation, error);
	return source == NULL;
}

/* What a person who names nothing means: the rules here, and the settings. */
static void validate_defaults(Validation *validation)
{
	g_autofree char *settings = paths_settings(validation->invocation->config);
	bool has_rules = validate_checkout(validation, ".");

	if (settings != NULL)
		validate_file(validation, settings);
	if (!has_rules && settings == NULL) {
		fprintf(stderr, "upkeepd: there is no %s here; name a file\n", places[0]);
		validation->end = END_MISUSED;
	}
}

static void print_lines(const Validation *validation)
{
	for (guint i = 0; i < validation->problems->len; i++) {
		const Problem *problem = g_ptr_array_index(validation->problems, i);
		g_autofree char *line = problem_text(problem);

		if (problem->weight == WEIGHT_ERROR || !validation->invocation->quiet)
			puts(line);
	}
}

static void print_json(const Validation *validation)
{
	g_autoptr(Json) json = json_new_object();
	Json *array = json_new_array();
	g_autofree char *text = NULL;
	int errors = (int)problems_errors(validation->problems);

	for (guint i = 0; i < validation->problems->len; i++) {
		const Problem *problem = g_ptr_array_index(validation->problems, i);
		Json *one = json_new_object();

		json_set_string(one, "file", problem->path);
		if (problem->line > 0) {
			json_set_integer(one, "line", problem->line);
			json_set_integer(one, "column", MAX(problem->column, 1));
		}
		json_set_string(one, "severity",
				problem->weight == WEIGHT_ERROR ? "error" : "warning");
		json_set_string(one, "text", problem->text);
		json_append(array, one);
	}
	json_set_integer(json, "files", validation->files);
	json_set_integer(json, "errors", errors);
	json_set_integer(json, "warnings", (int)validation->problems->len - errors);
	json_set(json, "problems", array);
	text = json_print(json);
	puts(text);
}

End validate_command(const Invocation *invocation)
{
	g_autoptr(GPtrArray) problems = problems_new();
	Validation validation = { .invocation = invocation, .problems = problems };

	if (invocation->arguments[0] == NULL)
		validate_defaults(&validation);
	for (char **argument = invocation->arguments; *argument != NULL; argument++) {
		if (!g_file_test(*argument, G_FILE_TEST_IS_DIR))
			validate_file(&validation, *argument);
		else if (!validate_checkout(&validation, *argument)) {
			fprintf(stderr, "upkeepd: '%s' has no %s\n", *argument, places[0]);
			validation.end = MAX(validation.end, END_FAILED);
		}
	}
	if (invocation->json)
		print_json(&validation);
	else
		print_lines(&validation);
	return validation.end;
}
