/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gometa.h"

#include "ecosystems/gomod/modpath.h"

#include <string.h>

/* No page has more of them for a good reason. */
#define LIMIT_METAS 1000

void go_import_free(GoImport *import)
{
	g_free(import->root);
	g_free(import->vcs);
	g_free(import->repository);
	g_free(import->subdirectory);
	g_free(import);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* The end of an element's name that begins at `p`. */
static const char *name_end(const char *p, const char *end)
{
	while (p < end && !is_blank(*p) && *p != '>' && *p != '/' && *p != '=')
		p++;
	return p;
}

static bool is_named(const char *p, const char *end, const char *name)
{
	return (size_t)(end - p) == strlen(name) && g_ascii_strncasecmp(p, name, strlen(name)) == 0;
}

/* The value with its entities resolved; the caller's. */
static char *value_of(const char *start, const char *end)
{
	static const char *const entities[][2] = {
		{ "&lt;", "<" },  { "&gt;", ">" },   { "&quot;", "\"" }, { "&#34;", "\"" },
		{ "&#39;", "'" }, { "&apos;", "'" }, { "&amp;", "&" },
	};
	g_autoptr(GString) value = g_string_new_len(start, end - start);

	for (size_t i = 0; i < G_N_ELEMENTS(entities); i++)
		g_string_replace(value, entities[i][0], entities[i][1], 0);
	return g_strdup(value->str);
}

/* Reads one attribute at `*p`, which moves behind it; false at the end of the element. */
static bool next_attribute(const char **p, const char *end, const char **name,
			   const char **name_stop, char **value)
{
	const char *start;
	char quote;

	while (*p < end && (is_blank(**p) || **p == '/' || **p == '='))
		(*p)++;
	if (*p >= end || **p == '>')
		return false;
	*name = *p;
	*name_stop = *p = name_end(*p, end);
	while (*p < end && is_blank(**p))
		(*p)++;
	if (*p >= end || **p != '=')
		return true;
	do
		(*p)++;
	while (*p < end && is_blank(**p));
	quote = *p < end && (**p == '"' || **p == '\'') ? **p : '\0';
	*p += quote != '\0';
	start = *p;
	while (*p < end && (quote != '\0' ? **p != quote : !is_blank(**p) && **p != '>'))
		(*p)++;
	g_free(*value);
	*value = value_of(start, *p);
	*p += quote != '\0' && *p < end;
	return true;
}

/* The content of a meta element called `wanted`, whose attributes begin at `*p`; NULL:
 * it is another. */
static char *content_of(const char **p, const char *end, const char *wanted)
{
	g_autofree char *name = NULL, *content = NULL;
	const char *start = NULL, *stop = NULL;

	for (;;) {
		g_autofree char *value = NULL;

		if (!next_attribute(p, end, &start, &stop, &value))
			break;
		if (is_named(start, stop, "name") && name == NULL)
			name = g_steal_pointer(&value);
		else if (is_named(start, stop, "content") && content == NULL)
			content = g_steal_pointer(&value);
	}
	return g_strcmp0(name, wanted) == 0 ? g_steal_pointer(&content) : NULL;
}

/* What stands behind the comment at `p`. */
static const char *behind_comment(const char *p, const char *end)
{
	const char *stop = g_strstr_len(p, end - p, "-->");

	return stop != NULL ? stop + 3 : end;
}

/* The contents of all meta elements called `wanted` before the body, cut into words; of
 * GStrv. */
static GPtrArray *metas(const char *html, size_t length, const char *wanted)
{
	GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	const char *end = html + length, *p = html;

	while (all->len < LIMIT_METAS && (p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		const char *name = ++p;
		g_autofree char *content = NULL;

		if (end - p >= 3 && strncmp(p, "!--", 3) == 0) {
			p = behind_comment(p, end);
			continue;
		}
		p = name_end(p + (p < end && *p == '/'), end);
		if (is_named(name, p, "body") || is_named(name, p, "/head"))
			break;
		if (!is_named(name, p, "meta"))
			continue;
		content = content_of(&p, end, wanted);
		if (content != NULL) {
			g_autoptr(GStrvBuilder) words = g_strv_builder_new();
			g_auto(GStrv) parts = g_strsplit_set(content, " \t\r\n\f", -1);

			for (char **part = parts; *part != NULL; part++)
				if (**part != '\0')
					g_strv_builder_add(words, *part);
			g_ptr_array_add(all, g_strv_builder_end(words));
		}
	}
	return all;
}

GPtrArray *gometa_imports(const char *html, size_t length)
{
	GPtrArray *imports = g_ptr_array_new_with_free_func((GDestroyNotify)go_import_free);
	g_autoptr(GPtrArray) contents = metas(html, length, "go-import");

	for (guint i = 0; i < contents->len; i++) {
		char **words = g_ptr_array_index(contents, i);
		guint count = g_strv_length(words);
		GoImport *import;

		if (count != 3 && count != 4)
			continue;
		import = g_new0(GoImport, 1);
		import->root = g_strdup(words[0]);
		import->vcs = g_strdup(words[1]);
		import->repository = g_strdup(words[2]);
		import->subdirectory = g_strdup(count == 4 ? words[3] : "");
		g_ptr_array_add(imports, import);
	}
	return imports;
}

/* Whether there is a proxy's tag for the same root. */
static bool is_superseded(const GPtrArray *imports, const GoImport *import)
{
	for (guint i = 0; i < imports->len; i++) {
		const GoImport *other = g_ptr_array_index(imports, i);

		if (strcmp(other->vcs, "mod") == 0 && strcmp(other->root, import->root) == 0)
			return true;
	}
	return false;
}

/* Go looks at those of proxies first, and at the others only without such. */
static bool match_among(const GPtrArray *imports, const char *path, bool is_proxy,
			bool with_proxies, const GoImport **found, GError **error)
{
	for (guint i = 0; i < imports->len; i++) {
		const GoImport *import = g_ptr_array_index(imports, i);

		if ((strcmp(import->vcs, "mod") == 0) != is_proxy ||
		    !modpath_is_within(path, import->root) ||
		    (!is_proxy && with_proxies && is_superseded(imports, import)))
			continue;
		if (*found != NULL)
			return fail(error, FAILURE_INPUT, "several go-import tags are about '%s'",
				    path);
		*found = import;
	}
	return true;
}

const GoImport *gometa_match(const GPtrArray *imports, const char *path, bool with_proxies,
			     GError **error)
{
	const GoImport *found = NULL;

	if (with_proxies && !match_among(imports, path, true, true, &found, error))
		return NULL;
	if (found == NULL && !match_among(imports, path, false, with_proxies, &found, error))
		return NULL;
	if (found == NULL)
		return fail_null(error, FAILURE_ABSENT, "no go-import tag is about '%s'", path);
	return found;
}

char *gometa_home(const char *html, size_t length, const char *root)
{
	g_autoptr(GPtrArray) contents = metas(html, length, "go-source");

	for (guint i = 0; i < contents->len; i++) {
		char **words = g_ptr_array_index(contents, i);

		if (g_strv_length(words) >= 2 && strcmp(words[0], root) == 0 &&
		    strcmp(words[1], "_") != 0)
			return g_strdup(words[1]);
	}
	return NULL;
}
