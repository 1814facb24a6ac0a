/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/files.h"

#include "ecosystems/docker/dockerfile.h"
#include "ecosystems/docker/images.h"
#include "upkeepd/limits.h"

#include <string.h>

/* The last component of a path in lower case; the caller's. */
static char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return g_ascii_strdown(slash != NULL ? slash + 1 : path, -1);
}

static bool is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

static bool is_yaml_suffix(const char *text)
{
	return strcmp(text, ".yml") == 0 || strcmp(text, ".yaml") == 0;
}

static bool is_yaml(const char *name)
{
	const char *dot = strrchr(name, '.');

	return *name != '.' && dot != NULL && is_yaml_suffix(dot);
}

static bool is_dockerfile(const char *name)
{
	return (strstr(name, "dockerfile") != NULL || strstr(name, "containerfile") != NULL) &&
	       !g_str_has_suffix(name, ".dockerignore") &&
	       !g_str_has_suffix(name, ".containerignore");
}

/* "values", then letters, digits, `-`, `_`, `.`, then the suffix. */
static bool is_helm(const char *name)
{
	const char *values = strstr(name, "values");

	if (values == NULL || !is_yaml(name))
		return false;
	while (is_word(*values) || *values == '-' || *values == '.')
		values++;
	return *values == '\0';
}

bool files_claims_docker(const char *path)
{
	g_autofree char *name = name_of(path);

	return is_dockerfile(name) || is_yaml(name);
}

bool files_claims_compose(const char *path)
{
	g_autofree char *name = name_of(path);

	for (const char *p = name; (p = strstr(p, "compose")) != NULL; p++) {
		const char *end = p + strlen("compose");

		if (*end == '-' && is_word(end[1]))
			for (end++; is_word(*end);)
				end++;
		if (is_yaml_suffix(end))
			return true;
		if (*end == '.' && is_word(end[1]))
			for (end++; is_word(*end);)
				end++;
		if (is_yaml_suffix(end))
			return true;
	}
	return false;
}

/* Whether a line begins with the word FROM, behind white space or a byte-order
 * mark: anything that is not ASCII will do. */
static bool has_from(const char *text, size_t length)
{
	const char *end = text + length;

	for (const char *line = text; line < end;) {
		const char *next = memchr(line, '\n', (size_t)(end - line));

		while (line < end && (*line == ' ' || *line == '\t' || (*line & 0x80) != 0))
			line++;
		if (end - line > 4 && g_ascii_strncasecmp(line, "from", 4) == 0 &&
		    g_ascii_isspace(line[4]))
			return true;
		line = next != NULL ? next + 1 : end;
	}
	return false;
}

/* A source file may be named like a Dockerfile and have lines that begin with
 * `from`; most of what it says is no instruction. A template has fewer of those. */
static bool is_really_one(const Dockerfile *file)
{
	return file->stages->len > 0 &&
	       (file->strange == 0 ||
		(file->strange + file->refused_from) * 2 <= file->instructions);
}

static void move_all(GPtrArray *from, GPtrArray *to)
{
	for (guint i = 0; i < from->len; i++) {
		g_ptr_array_add(to, g_ptr_array_index(from, i));
		g_ptr_array_index(from, i) = NULL;
	}
}

static GPtrArray *no_sites(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)site_free);
}

static GPtrArray *read_dockerfile(const char *path, GBytes *text, GPtrArray *problems,
				  GError **error)
{
	gsize length;
	const char *bytes = g_bytes_get_data(text, &length);
	const DockerfileSource source = { bytes, length, NULL, 1 };
	g_autoptr(Dockerfile) file = NULL;

	if (length == 0 || !has_from(bytes, length))
		return no_sites();
	file = dockerfile_parse(path, &source, error);
	if (file == NULL)
		return NULL;
	/* Both sides would be taken for what is built, or the marks for a reason to think that
	 * it is no Dockerfile. */
	if (file->conflict_line > 0) {
		fail(error, FAILURE_INPUT, "%d:1: the file holds a merge conflict",
		     file->conflict_line);
		return NULL;
	}
	if (!is_really_one(file))
		return no_sites();
	sites_locate(file->sites, text);
	move_all(file->problems, problems);
	return g_ptr_array_ref(file->sites);
}

static GPtrArray *read_kubernetes(const char *path, GBytes *text, GError **error)
{
	g_autofree char *name = name_of(path);
	g_autoptr(GError) failure = NULL;
	g_autoptr(YamlFile) yaml = yaml_read(text, LIMIT_MANIFEST, &failure);

	/* Any YAML of the folder comes here; what it is for is not known. */
	if (yaml == NULL && !is_helm(name))
		return no_sites();
	if (yaml == NULL) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return NULL;
	}
	if (!is_helm(name) && !images_is_kubernetes(yaml))
		return no_sites();
	return images_of_kubernetes(yaml, text, error);
}

GPtrArray *files_read(const char *path, GBytes *text, bool is_compose, GPtrArray *problems,
		      GError **error)
{
	g_autofree char *name = name_of(path);
	g_autoptr(YamlFile) yaml = NULL;

	if (!is_compose && is_yaml(name))
		return read_kubernetes(path, text, error);
	if (!is_compose)
		return read_dockerfile(path, text, problems, error);
	yaml = yaml_read(text, LIMIT_MANIFEST, error);
	return yaml == NULL ? NULL : images_of_compose(yaml, text, path, problems, error);
}
