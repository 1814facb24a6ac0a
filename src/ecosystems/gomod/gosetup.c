/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gosetup.h"

#include "base/yaml.h"
#include "ecosystems/gomod/goversion.h"
#include "upkeepd/limits.h"

#include <string.h>

/* How many builders one file may name. */
#define MOST_BUILDERS 256

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static bool is_workflow(const char *path)
{
	static const char *const folders[] = { ".github/workflows/", ".gitea/workflows/",
					       ".forgejo/workflows/" };

	if (!g_str_has_suffix(path, ".yml") && !g_str_has_suffix(path, ".yaml"))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
		if (g_str_has_prefix(path, folders[i]))
			return true;
	return false;
}

bool gosetup_tells(const char *path)
{
	return is_workflow(path) || strcmp(name_of(path), ".go-version") == 0 ||
	       strcmp(name_of(path), ".tool-versions") == 0;
}

/* Cuts "1.22.x" to "1.22"; true if there was something to cut. */
static bool cut_wildcard(char *version)
{
	size_t length = strlen(version);

	if (length < 2 || version[length - 2] != '.' || strchr("xX*", version[length - 1]) == NULL)
		return false;
	version[length - 2] = '\0';
	return true;
}

char *gosetup_version(const char *written, bool *is_line)
{
	g_autofree char *version = g_strstrip(g_strdup(written));
	const char *p = version;
	guint dots = 0;

	if (g_str_has_prefix(p, "go"))
		p += strlen("go");
	if (*p == '=' || *p == '~')
		p++;
	*is_line = cut_wildcard(version);
	if (!goversion_is_line(p) || !goversion_is_valid(p))
		return NULL;
	for (const char *dot = p; (dot = strchr(dot, '.')) != NULL; dot++)
		dots++;
	if (dots == 1 && strspn(p, "0123456789.") == strlen(p))
		*is_line = true;
	/* "~1.22.4" is 1.22.4 or above: the newest of 1.22. */
	if (version[0] == '~' && dots > 1) {
		*is_line = true;
		return g_strndup(p, (size_t)(strrchr(p, '.') - p));
	}
	return g_strdup(p);
}

/* A workflow being read. */
typedef struct {
	const char *path;
	const YamlNode *root, *job;
	GPtrArray *builders;
} Workflow;

static void add(const Workflow *flow, const YamlNode *scalar)
{
	g_autofree char *version = NULL, *text = NULL;
	bool is_line;

	if (scalar == NULL || scalar->kind != YAML_SCALAR || flow->builders->len >= MOST_BUILDERS)
		return;
	version = gosetup_version(scalar->value, &is_line);
	if (version == NULL)
		return;
	text = g_strconcat("go-version ", scalar->value, NULL);
	g_ptr_array_add(flow->builders, builder_new(GOVERSION_PATH, version, is_line, flow->path,
						    scalar->line, text));
}

/* The name behind `context` in "${{ context.name }}"; NULL if it is something else. The
 * caller's. */
static char *variable(const char *text, const char *context)
{
	g_autofree char *inner = NULL;
	size_t length = strlen(text);

	if (!g_str_has_prefix(text, "${{") || length < strlen("${{}}") ||
	    !g_str_has_suffix(text, "}}"))
		return NULL;
	inner = g_strstrip(g_strndup(text + 3, length - 5));
	if (!g_str_has_prefix(inner, context) || inner[strlen(context)] != '.')
		return NULL;
	return g_strdup(inner + strlen(context) + 1);
}

/* One version of each job that a matrix makes; what `include` adds is not left out. */
static void add_matrix(const Workflow *flow, const char *name)
{
	const YamlNode *matrix = yaml_get(yaml_get(flow->job, "strategy"), "matrix");
	const YamlNode *list = yaml_get(matrix, name), *more = yaml_get(matrix, "include");

	for (size_t i = 0; list != NULL && list->kind == YAML_SEQUENCE &&
			   i < MIN(list->n_children, MOST_BUILDERS);
	     i++)
		add(flow, list->children[i]);
	for (size_t i = 0; more != NULL && more->kind == YAML_SEQUENCE &&
			   i < MIN(more->n_children, MOST_BUILDERS);
	     i++)
		add(flow, yaml_get(more->children[i], name));
}

static void add_value(const Workflow *flow, const YamlNode *value)
{
	g_autofree char *of_matrix = NULL, *of_environment = NULL;
	const YamlNode *own;

	if (value == NULL || value->kind != YAML_SCALAR)
		return;
	of_matrix = variable(value->value, "matrix");
	of_environment = variable(value->value, "env");
	if (of_matrix != NULL) {
		add_matrix(flow, of_matrix);
	} else if (of_environment != NULL) {
		own = yaml_get(yaml_get(flow->job, "env"), of_environment);
		add(flow,
		    own != NULL ? own : yaml_get(yaml_get(flow->root, "env"), of_environment));
	} else {
		add(flow, value);
	}
}

/* "actions/setup-go@v5", and forks under other owners. */
static bool is_setup(const YamlNode *uses)
{
	return uses != NULL && uses->kind == YAML_SCALAR &&
	       (g_str_has_prefix(uses->value, "setup-go@") ||
		strstr(uses->value, "/setup-go@") != NULL);
}

static void read_job(const Workflow *flow)
{
	const YamlNode *steps = yaml_get(flow->job, "steps");

	for (size_t i = 0; steps != NULL && steps->kind == YAML_SEQUENCE && i < steps->n_children;
	     i++)
		if (is_setup(yaml_get(steps->children[i], "uses")))
			add_value(flow,
				  yaml_get(yaml_get(steps->children[i], "with"), "go-version"));
}

static void read_workflow(const char *path, GBytes *text, GPtrArray *builders)
{
	g_autoptr(YamlFile) yaml = yaml_read(text, LIMIT_MANIFEST, NULL);
	const YamlNode *root = yaml != NULL && yaml_count(yaml) > 0 ? yaml_root(yaml, 0) : NULL;
	const YamlNode *jobs = yaml_get(root, "jobs");

	for (size_t i = 0; jobs != NULL && jobs->kind == YAML_MAPPING && i + 1 < jobs->n_children;
	     i += 2) {
		const Workflow flow = { path, root, jobs->children[i + 1], builders };

		read_job(&flow);
	}
}

/* ".go-version" has a version, ".tool-versions" lines of "golang 1.22.4". */
static void read_versions(const char *path, GBytes *text, GPtrArray *builders)
{
	gsize length;
	const char *bytes = g_bytes_get_data(text, &length);
	g_autofree char *copy = g_strndup(bytes != NULL ? bytes : "", length);
	g_auto(GStrv) lines = g_strsplit(copy, "\n", MOST_BUILDERS);
	bool has_names = strcmp(name_of(path), ".tool-versions") == 0;

	for (int i = 0; lines[i] != NULL; i++) {
		g_autofree char *version = NULL, *said = NULL;
		const char *word = g_strstrip(lines[i]);
		bool is_line;

		if (has_names && (!g_str_has_prefix(word, "golang ") || strchr(word, '#') != NULL))
			continue;
		word += has_names ? strlen("golang ") : 0;
		version = gosetup_version(word, &is_line);
		if (version == NULL)
			continue;
		said = g_strconcat("go ", word, NULL);
		g_ptr_array_add(builders, builder_new(GOVERSION_PATH, version, is_line, path, i + 1,
						      g_strstrip(said)));
	}
}

void gosetup_read(const char *path, GBytes *text, GPtrArray *builders)
{
	if (is_workflow(path))
		read_workflow(path, text, builders);
	else
		read_versions(path, text, builders);
}
