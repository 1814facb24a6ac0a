/* SPDX-License-Identifier: MIT */
/* `inspect dockerfile|compose|kubernetes|helm|reference`: what was seen of
 * images (cli.md 2). */
#include "ecosystems/docker/dockerfile.h"
#include "ecosystems/docker/images.h"
#include "upkeepd/limits.h"
#include "worker/inspect.h"

static void set_parts(Json *json, const Reference *reference)
{
	json_set_string(json, "registry", reference != NULL ? reference->registry : NULL);
	json_set_string(json, "repository", reference != NULL ? reference->repository : NULL);
	json_set_string(json, "tag", reference != NULL ? reference->tag : NULL);
	json_set_string(json, "digest", reference != NULL ? reference->digest : NULL);
}

static Json *sites_json(const GPtrArray *sites)
{
	Json *array = json_new_array();

	for (guint i = 0; i < sites->len; i++) {
		const Site *site = g_ptr_array_index(sites, i);
		Json *json = json_new_object();

		json_set_string(json, "kind", site_kind_word(site->kind));
		json_set_integer(json, "line", site->line);
		json_set_integer(json, "column", site->column);
		json_set_string(json, "text", site->text);
		set_parts(json, site->reference);
		if (site->stage >= 0)
			json_set_integer(json, "stage", site->stage);
		else
			json_set_null(json, "stage");
		json_set_bool(json, "editable", site->why_not == NULL);
		json_set_string(json, "why", site->why_not);
		if (site->service != NULL)
			json_set_string(json, "service", site->service);
		if (site->path != NULL)
			json_set_string(json, "path", site->path);
		json_append(array, json);
	}
	return array;
}

static Json *arguments_json(const GPtrArray *arguments)
{
	Json *array = json_new_array();

	for (guint i = 0; i < arguments->len; i++) {
		const BuildArgument *argument = g_ptr_array_index(arguments, i);
		Json *json = json_new_object();

		json_set_string(json, "name", argument->name);
		json_set_string(json, "value", argument->value);
		json_set_integer(json, "line", argument->line);
		json_append(array, json);
	}
	return array;
}

static Json *stages_json(const GPtrArray *stages)
{
	Json *array = json_new_array();

	for (guint i = 0; i < stages->len; i++) {
		const Stage *stage = g_ptr_array_index(stages, i);
		Json *json = json_new_object();

		json_set_integer(json, "index", (int64_t)i);
		json_set_string(json, "name", stage->name);
		json_set_integer(json, "line", stage->line);
		json_set_string(json, "base", stage->base);
		json_set_string(json, "source", stage->source);
		json_set_string(json, "platform", stage->platform);
		json_set_bool(json, "is_stage", stage->is_stage);
		json_set_bool(json, "resolved", stage->is_resolved);
		json_append(array, json);
	}
	return array;
}

Json *inspect_dockerfile(const Invocation *invocation G_GNUC_UNUSED, const char *path, GBytes *text,
			 End *end G_GNUC_UNUSED, GError **error)
{
	gsize length;
	const char *bytes = g_bytes_get_data(text, &length);
	const DockerfileSource source = { bytes, length, NULL, 1 };
	g_autoptr(Dockerfile) file = dockerfile_parse(path, &source, error);
	Json *json;

	if (file == NULL) {
		g_prefix_error(error, "%s:", path);
		return NULL;
	}
	sites_locate(file->sites, text);
	/* A bad instruction in a readable file is said, and the rest is shown. */
	say_problems(file->problems);
	json = json_new_object();
	json_set_string(json, "file", path);
	json_set_string(json, "syntax", file->syntax);
	json_set_string(json, "escape", file->escape == '`' ? "`" : "\\");
	json_set(json, "args", arguments_json(file->arguments));
	json_set(json, "stages", stages_json(file->stages));
	json_set(json, "references", sites_json(file->sites));
	return json;
}

static Json *images_json(const char *path, const GPtrArray *sites)
{
	Json *json = json_new_object();

	json_set_string(json, "file", path);
	json_set(json, "references", sites_json(sites));
	return json;
}

Json *inspect_compose(const Invocation *invocation G_GNUC_UNUSED, const char *path, GBytes *text,
		      End *end G_GNUC_UNUSED, GError **error)
{
	g_autoptr(YamlFile) yaml = yaml_read(text, LIMIT_MANIFEST, error);
	g_autoptr(GPtrArray) problems = problems_new(), sites = NULL;

	if (yaml != NULL)
		sites = images_of_compose(yaml, text, path, problems, error);
	if (sites == NULL) {
		g_prefix_error(error, "%s:", path);
		return NULL;
	}
	say_problems(problems);
	return images_json(path, sites);
}

Json *inspect_kubernetes(const Invocation *invocation G_GNUC_UNUSED, const char *path, GBytes *text,
			 End *end G_GNUC_UNUSED, GError **error)
{
	g_autoptr(YamlFile) yaml = yaml_read(text, LIMIT_MANIFEST, error);
	g_autoptr(GPtrArray) sites = NULL;

	if (yaml != NULL)
		sites = images_of_kubernetes(yaml, text, error);
	if (sites == NULL) {
		g_prefix_error(error, "%s:", path);
		return NULL;
	}
	return images_json(path, sites);
}

Json *inspect_reference(const Invocation *invocation G_GNUC_UNUSED, const char *path G_GNUC_UNUSED,
			GBytes *text, End *end G_GNUC_UNUSED, GError **error)
{
	gsize length;
	const char *bytes = g_bytes_get_data(text, &length); /* NULL if there are none */
	g_autofree char *word = g_strndup(bytes != NULL ? bytes : "", length);
	g_autoptr(Reference) reference = reference_parse(word, error);
	Json *json;

	if (reference == NULL)
		return NULL;
	json = json_new_object();
	set_parts(json, reference);
	return json;
}
