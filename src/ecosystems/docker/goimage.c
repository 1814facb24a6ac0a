/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/goimage.h"

#include "base/yaml.h"
#include "ecosystems/docker/files.h"
#include "upkeepd/limits.h"

#include <string.h>

/* Repositories whose tags are versions of Go, in any registry. */
static const char *const images[] = { "golang", "go-toolset", "cimg/go", "chainguard/go" };

bool goimage_is(const char *repository)
{
	for (size_t i = 0; i < G_N_ELEMENTS(images); i++) {
		size_t length = strlen(repository), own = strlen(images[i]);

		if (length < own || strcmp(repository + length - own, images[i]) != 0)
			continue;
		if (length == own || repository[length - own - 1] == '/')
			return true;
	}
	return false;
}

/* Behind a number; Go writes none with a zero in front. */
static const char *digits_at(const char *p)
{
	return *p == '0' ? p + 1 : p + strspn(p, "0123456789");
}

/* "1.22", then ".4", "rc1", "beta1" or nothing, then the end or a dash. */
char *goimage_version(const char *tag, bool *is_line)
{
	const char *end;

	*is_line = false;
	if (!g_str_has_prefix(tag, "1.") || !g_ascii_isdigit(tag[2]))
		return NULL;
	end = digits_at(tag + 2);
	if (*end == '.' && g_ascii_isdigit(end[1]))
		end = digits_at(end + 1);
	else if (g_str_has_prefix(end, "rc") && g_ascii_isdigit(end[2]))
		end = digits_at(end + 2);
	else if (g_str_has_prefix(end, "beta") && g_ascii_isdigit(end[4]))
		end = digits_at(end + 4);
	else
		*is_line = true;
	return *end == '\0' || *end == '-' ? g_strndup(tag, (size_t)(end - tag)) : NULL;
}

/* A digest holds the image of one day: then the tag's line says no more than its
 * first version. */
static void add_image(GPtrArray *builders, const Reference *reference, const char *path, int line)
{
	g_autofree char *version = NULL, *exact = NULL, *text = NULL;
	bool is_line;

	if (reference == NULL || reference->tag == NULL || !goimage_is(reference->repository))
		return;
	version = goimage_version(reference->tag, &is_line);
	if (version == NULL)
		return;
	text = g_strconcat(reference->name, ":", reference->tag, NULL);
	if (is_line && reference->digest != NULL)
		exact = g_strconcat(version, ".0", NULL);
	g_ptr_array_add(builders, builder_new("go", exact != NULL ? exact : version,
					      is_line && exact == NULL, path, line, text));
}

/* The last component; what it begins with tells nothing of the letters' case. */
static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static bool is_yaml(const char *name)
{
	return g_str_has_suffix(name, ".yml") || g_str_has_suffix(name, ".yaml");
}

static bool is_below(const char *path, const char *folder)
{
	const char *at = strstr(path, folder);

	return at != NULL && (at == path || at[-1] == '/');
}

/* Jobs of GitLab, GitHub, Gitea, CircleCI, Woodpecker, Drone, Azure and Bitbucket. */
static bool is_pipeline(const char *path)
{
	static const char *const folders[] = { ".github/workflows/",  ".gitea/workflows/",
					       ".forgejo/workflows/", ".circleci/",
					       ".woodpecker/",        ".gitlab/" };
	static const char *const names[] = { ".gitlab-ci.", ".woodpecker.", ".drone.",
					     "bitbucket-pipelines.", "azure-pipelines." };
	const char *name = name_of(path);

	if (!is_yaml(name))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
		if (is_below(path, folders[i]))
			return true;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_str_has_prefix(name, names[i]))
			return true;
	return g_str_has_suffix(name, ".gitlab-ci.yml");
}

bool goimage_tells(const char *path)
{
	return is_pipeline(path) || files_claims_compose(path) ||
	       (files_claims_docker(path) && !is_yaml(name_of(path)));
}

static void add_scalar(GPtrArray *builders, const YamlNode *node, const char *path)
{
	g_autoptr(Reference) reference = NULL;

	if (node == NULL || node->kind != YAML_SCALAR)
		return;
	reference = reference_parse(node->value, NULL);
	add_image(builders, reference, path, node->line);
}

/* Every `image` and `container`: a text, or a mapping with the text under `name` or
 * `image`. As deep as the reader lets a file be. */
static void walk(GPtrArray *builders, const YamlNode *node, const char *path)
{
	if (node == NULL || node->is_alias || builders->len > LIMIT_DOCKER_REFERENCES)
		return;
	for (size_t i = 0; node->kind == YAML_SEQUENCE && i < node->n_children; i++)
		walk(builders, node->children[i], path);
	for (size_t i = 0; node->kind == YAML_MAPPING && i + 1 < node->n_children; i += 2) {
		const YamlNode *key = node->children[i], *value = node->children[i + 1];

		if (key->kind == YAML_SCALAR &&
		    (strcmp(key->value, "image") == 0 || strcmp(key->value, "container") == 0)) {
			add_scalar(builders, value, path);
			add_scalar(builders, yaml_get(value, "name"), path);
		}
		walk(builders, value, path);
	}
}

static void read_pipeline(const char *path, GBytes *text, GPtrArray *builders)
{
	g_autoptr(YamlFile) yaml = yaml_read(text, LIMIT_MANIFEST, NULL);

	for (size_t i = 0; yaml != NULL && i < yaml_count(yaml); i++)
		walk(builders, yaml_root(yaml, i), path);
}

void goimage_read(const char *path, GBytes *text, GPtrArray *builders)
{
	g_autoptr(GPtrArray) problems = NULL, sites = NULL;

	if (is_pipeline(path)) {
		read_pipeline(path, text, builders);
		return;
	}
	problems = problems_new();
	sites = files_read(path, text, files_claims_compose(path), problems, NULL);
	for (guint i = 0; sites != NULL && i < sites->len; i++) {
		const Site *site = g_ptr_array_index(sites, i);

		if (g_strcmp0(site->why_not, "unresolved") != 0 &&
		    (site->kind == SITE_FROM || site->kind == SITE_IMAGE))
			add_image(builders, site->reference, path, site->line);
	}
}
