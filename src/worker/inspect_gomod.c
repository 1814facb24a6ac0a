/* SPDX-License-Identifier: MIT */
/* `inspect gomod FILE`, `inspect gowork FILE`: the JSON of `go mod edit -json` and
 * `go work edit -json`, key by key; `inspect gosum FILE`: its lines; `inspect
 * goversion A B`: which module version is the newer. */
#include "ecosystems/gomod/modedit.h"
#include "ecosystems/gomod/version.h"
#include "worker/inspect.h"

#include <stdio.h>
#include <string.h>

/* Keys that Go leaves out where they are empty. */
static void set_if_any(Json *json, const char *name, const char *text)
{
	if (text != NULL && *text != '\0')
		json_set_string(json, name, text);
}

/* A list of `count` elements; Go's empty ones are null. */
static Json *set_list(Json *json, const char *name, guint count)
{
	Json *array;

	if (count == 0) {
		json_set_null(json, name);
		return NULL;
	}
	array = json_new_array();
	json_set(json, name, array);
	return array;
}

static Json *version_json(const char *path, const char *version)
{
	Json *json = json_new_object();

	json_set_string(json, "Path", path);
	set_if_any(json, "Version", version);
	return json;
}

static void set_requirements(Json *json, const char *name, const GPtrArray *requires)
{
	Json *array = set_list(json, name, requires->len);

	for (guint i = 0; i < requires->len; i++) {
		const ModRequire *require = g_ptr_array_index(requires, i);
		Json *item = version_json(require->path, require->version);

		if (require->is_indirect)
			json_set_bool(item, "Indirect", true);
		json_append(array, item);
	}
}

static void set_replaces(Json *json, const ModFile *file)
{
	Json *array = set_list(json, "Replace", file->replaces->len);

	for (guint i = 0; i < file->replaces->len; i++) {
		const ModReplace *replace = g_ptr_array_index(file->replaces, i);
		Json *item = json_new_object();

		json_set(item, "Old", version_json(replace->old_path, replace->old_version));
		json_set(item, "New", version_json(replace->new_path, replace->new_version));
		json_append(array, item);
	}
}

static void set_retracts(Json *json, const ModFile *file)
{
	Json *array = set_list(json, "Retract", file->retracts->len);

	for (guint i = 0; i < file->retracts->len; i++) {
		const ModRetract *retract = g_ptr_array_index(file->retracts, i);
		Json *item = json_new_object();

		json_set_string(item, "Low", retract->low);
		json_set_string(item, "High", retract->high);
		set_if_any(item, "Rationale", retract->rationale);
		json_append(array, item);
	}
}

/* `tool`, `ignore`, `use`: lists of one key. */
static void set_paths(Json *json, const char *name, const char *key, const GPtrArray *paths)
{
	Json *array = json_new_array();

	for (guint i = 0; i < paths->len; i++) {
		const ModPath *path = g_ptr_array_index(paths, i);
		Json *item = json_new_object();

		json_set_string(item, key, path->path);
		json_append(array, item);
	}
	json_set(json, name, array);
}

static void set_godebugs(Json *json, const ModFile *file)
{
	Json *array = json_new_array();

	for (guint i = 0; i < file->godebugs->len; i++) {
		const ModGodebug *godebug = g_ptr_array_index(file->godebugs, i);
		Json *item = json_new_object();

		json_set_string(item, "Key", godebug->key);
		json_set_string(item, "Value", godebug->value);
		json_append(array, item);
	}
	json_set(json, "Godebug", array);
}

/* What go.mod and go.work have in common. */
static void set_common(Json *json, const ModFile *file)
{
	set_if_any(json, "Go", file->go);
	set_if_any(json, "Toolchain", file->toolchain);
	if (file->godebugs->len > 0)
		set_godebugs(json, file);
	set_replaces(json, file);
}

static Json *gomod_json(const ModFile *file)
{
	Json *json = json_new_object(), *module = json_new_object();

	json_set_string(module, "Path", file->module != NULL ? file->module : "");
	set_if_any(module, "Deprecated", file->deprecated);
	json_set(json, "Module", module);
	set_common(json, file);
	set_requirements(json, "Require", file->requires);
	set_requirements(json, "Exclude", file->excludes);
	set_retracts(json, file);
	if (file->tools->len > 0)
		set_paths(json, "Tool", "Path", file->tools);
	if (file->ignores->len > 0)
		set_paths(json, "Ignore", "Path", file->ignores);
	return json;
}

static Json *gowork_json(const ModFile *file)
{
	Json *json = json_new_object();

	set_common(json, file);
	if (file->uses->len > 0)
		set_paths(json, "Use", "DiskPath", file->uses);
	else
		json_set_null(json, "Use");
	return json;
}

/* A branch or hash in place of a version is for Go's commands that may ask the
 * network; `go mod edit` refuses it, and so does its likeness here. Shorthands
 * are made canonical, as there. */
static void resolve_queries(ModFile *file)
{
	for (guint i = 0; i < file->requires->len; i++) {
		ModRequire *require = g_ptr_array_index(file->requires, i);
		char *version = require->is_query ? version_canonical(require->version) : NULL;

		if (version != NULL) {
			g_free(require->version);
			require->version = version;
		} else if (require->is_query) {
			g_ptr_array_add(file->problems,
					problem_new(file->path, require->node->line,
						    require->node->column, WEIGHT_ERROR,
						    "require %s: version '%s' invalid: must be "
						    "of the form v1.2.3",
						    require->path, require->version));
		}
	}
}

static ModFile *read_file(const char *path, GBytes *text, ModFileKind kind, GError **error)
{
	g_autoptr(ModFile) file = modfile_read(path, text, kind, error);
	guint mistakes;

	if (file == NULL) {
		g_prefix_error(error, "%s:", path);
		return NULL;
	}
	resolve_queries(file);
	say_problems(file->problems);
	mistakes = problems_errors(file->problems);
	if (mistakes > 0)
		return fail_null(error, FAILURE_INPUT, "'%s' cannot be used: %u mistake%s", path,
				 mistakes, mistakes == 1 ? "" : "s");
	return g_steal_pointer(&file);
}

Json *inspect_gomod(const Invocation *invocation, const char *path, GBytes *text, End *end,
		    GError **error)
{
	g_autoptr(ModFile) file = read_file(path, text, MODFILE_MAIN, error);

	(void)invocation;
	(void)end;
	if (file == NULL)
		return NULL;
	modedit_drop_duplicates(file);
	return gomod_json(file);
}

Json *inspect_gowork(const Invocation *invocation, const char *path, GBytes *text, End *end,
		     GError **error)
{
	g_autoptr(ModFile) file = read_file(path, text, MODFILE_WORK, error);

	(void)invocation;
	(void)end;
	return file != NULL ? gowork_json(file) : NULL;
}

/* One line of go.sum, "PATH VERSION[/go.mod] HASH"; NULL if it is none. */
static Json *sum_json(char *line)
{
	g_auto(GStrv) words = g_strsplit_set(g_strstrip(line), " \t", -1);
	bool is_gomod;
	Json *json;

	if (g_strv_length(words) != 3)
		return NULL;
	is_gomod = g_str_has_suffix(words[1], "/go.mod");
	if (is_gomod)
		words[1][strlen(words[1]) - strlen("/go.mod")] = '\0';
	json = json_new_object();
	json_set_string(json, "path", words[0]);
	json_set_string(json, "version", words[1]);
	json_set_bool(json, "is_gomod", is_gomod);
	json_set_string(json, "hash", words[2]);
	return json;
}

Json *inspect_gosum(const Invocation *invocation, const char *path, GBytes *text, End *end,
		    GError **error)
{
	g_autofree char *whole = g_strndup(g_bytes_get_data(text, NULL), g_bytes_get_size(text));
	g_auto(GStrv) lines = g_strsplit(whole, "\n", -1);
	Json *json = json_new_object(), *sums = json_new_array();

	(void)invocation;
	(void)end;
	(void)error;
	for (int i = 0; lines[i] != NULL; i++) {
		Json *sum = sum_json(lines[i]);

		if (sum != NULL) {
			json_set_integer(sum, "line", i + 1);
			json_append(sums, sum);
		} else if (lines[i][0] != '\0') {
			fprintf(stderr,
				"%s:%d:1: warning: no checksum line: the Go command passes "
				"over it\n",
				path, i + 1);
		}
	}
	json_set_string(json, "file", path);
	json_set(json, "sums", sums);
	return json;
}

Json *inspect_goversion(const Invocation *invocation, const char *text, GBytes *lines, End *end,
			GError **error)
{
	g_auto(GStrv) versions = NULL;
	g_autofree char *both = g_strndup(g_bytes_get_data(lines, NULL), g_bytes_get_size(lines));
	Json *json;

	(void)invocation;
	(void)text;
	(void)end;
	versions = g_strsplit(both, "\n", 2);
	if (g_strv_length(versions) != 2)
		return fail_null(error, FAILURE_INPUT, "two versions are needed");
	json = json_new_object();
	json_set_string(json, "a", versions[0]);
	json_set_string(json, "b", versions[1]);
	json_set_integer(json, "order", version_compare(versions[0], versions[1]));
	return json;
}
