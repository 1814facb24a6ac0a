/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/goimport.h"

#include "ecosystems/gomod/modpath.h"

#include <string.h>

/* A page with more of them means no good. */
#define MAX_TAGS 1000

void goimport_free(GoImport *import)
{
	if (import == NULL)
		return;
	g_free(import->root);
	g_free(import->vcs);
	g_free(import->url);
	g_free(import->folder);
	g_free(import);
}

static GoImport *import_new(const char *root, const char *vcs, const char *url, const char *folder)
{
	GoImport *import = g_new0(GoImport, 1);

	import->root = g_strdup(root);
	import->vcs = g_strdup(vcs);
	import->url = g_strdup(url);
	import->folder = g_strdup(folder);
	return import;
}

/* Paths. */

/* The length of the first `count` elements; 0 if there are fewer. */
static size_t elements(const char *path, unsigned count)
{
	const char *p = path;

	for (unsigned i = 0; i < count; i++) {
		size_t length = strcspn(p, "/");

		if (length == 0)
			return 0;
		p += length;
		if (i + 1 < count && *p++ == '\0')
			return 0;
	}
	return (size_t)(p - path);
}

static GoImport *import_of_root(const char *path, size_t length)
{
	g_autofree char *root = g_strndup(path, length);
	g_autofree char *url = g_strconcat("https://", root, NULL);

	return import_new(root, "git", url, "");
}

/* The length up to and with the first element, but the host, that ends in ".git". */
static size_t find_suffix(const char *path)
{
	const char *p = strchr(path, '/');

	while (p != NULL) {
		size_t length = strcspn(p + 1, "/");

		if (length > 4 && memcmp(p + 1 + length - 4, ".git", 4) == 0)
			return (size_t)(p + 1 + length - path);
		p = strchr(p + 1, '/');
	}
	return 0;
}

bool goimport_of_path(const char *path, GoImport **import, GError **error)
{
	static const char *const hosts[] = { "github.com/", "bitbucket.org/" };
	size_t length;

	*import = NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(hosts); i++) {
		if (!g_str_has_prefix(path, hosts[i]))
			continue;
		length = elements(path, 3);
		if (length == 0)
			return fail(error, FAILURE_INPUT,
				    "'%s' lacks the names of an owner and a repository", path);
		*import = import_of_root(path, length);
		return true;
	}
	length = find_suffix(path);
	if (length > 0)
		*import = import_of_root(path, length);
	return true;
}

/* Pages. */

typedef struct {
	const char *p, *end;
} Reader;

static void skip_blanks(Reader *r)
{
	while (r->p < r->end && g_ascii_isspace(*r->p))
		r->p++;
}

/* What stands before one of `stops` or the end; the caller's. */
static char *take_until(Reader *r, const char *stops)
{
	const char *start = r->p;

	while (r->p < r->end && (*r->p == '\0' || strchr(stops, *r->p) == NULL))
		r->p++;
	return g_strndup(start, (size_t)(r->p - start));
}

/* NAME, NAME=VALUE, NAME="VALUE" or NAME='VALUE'; false at the tag's end. */
static bool take_attribute(Reader *r, char **name, char **value)
{
	while (r->p < r->end && (g_ascii_isspace(*r->p) || *r->p == '/'))
		r->p++;
	if (r->p == r->end || *r->p == '>')
		return false;
	*name = take_until(r, " \t\r\n=/>");
	skip_blanks(r);
	if (r->p == r->end || *r->p != '=') {
		*value = g_strdup("");
		/* Whatever stands there in place of a name must not be met again. */
		if (**name == '\0' && r->p < r->end)
			r->p++;
		return true;
	}
	r->p++;
	skip_blanks(r);
	if (r->p < r->end && (*r->p == '"' || *r->p == '\'')) {
		const char quote[] = { *r->p++, '\0' };

		*value = take_until(r, quote);
		r->p += r->p < r->end;
	} else {
		*value = take_until(r, " \t\r\n>");
	}
	return true;
}

static void add_import(GPtrArray *imports, const char *content)
{
	g_auto(GStrv) words = g_strsplit_set(content, " \t\r\n", -1);
	const char *fields[5] = { NULL };
	size_t count = 0;

	for (char **word = words; *word != NULL; word++)
		if (**word != '\0' && count < G_N_ELEMENTS(fields))
			fields[count++] = *word;
	if ((count == 3 || count == 4) && imports->len < MAX_TAGS)
		g_ptr_array_add(imports, import_new(fields[0], fields[1], fields[2],
						    count == 4 ? fields[3] : ""));
}

static void take_meta(Reader *r, GPtrArray *imports)
{
	g_autofree char *name = NULL, *content = NULL;
	char *key, *value;

	while (take_attribute(r, &key, &value)) {
		if (g_ascii_strcasecmp(key, "name") == 0 && name == NULL)
			name = g_steal_pointer(&value);
		else if (g_ascii_strcasecmp(key, "content") == 0 && content == NULL)
			content = g_steal_pointer(&value);
		g_free(key);
		g_free(value);
	}
	if (r->p < r->end && content != NULL && g_strcmp0(name, "go-import") == 0)
		add_import(imports, content);
}

static bool starts(const Reader *r, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(r->end - r->p) >= length && g_ascii_strncasecmp(r->p, text, length) == 0;
}

static void skip_comment(Reader *r)
{
	const char *end = memmem(r->p, (size_t)(r->end - r->p), "-->", 3);

	r->p = end != NULL ? end + 3 : r->end;
}

static gint proxies_first(gconstpointer a, gconstpointer b)
{
	const GoImport *x = *(GoImport *const *)a, *y = *(GoImport *const *)b;

	return (strcmp(y->vcs, "mod") == 0) - (strcmp(x->vcs, "mod") == 0);
}

GPtrArray *goimport_of_page(const char *html, size_t length)
{
	GPtrArray *imports = g_ptr_array_new_with_free_func((GDestroyNotify)goimport_free);
	Reader r = { html, html + length };

	while (r.p < r.end && (r.p = memchr(r.p, '<', (size_t)(r.end - r.p))) != NULL) {
		if (starts(&r, "<body") || starts(&r, "</head"))
			break;
		if (starts(&r, "<!--")) {
			skip_comment(&r);
		} else if (starts(&r, "<meta") && r.end - r.p > 5 &&
			   (g_ascii_isspace(r.p[5]) || r.p[5] == '/')) {
			r.p += strlen("<meta");
			take_meta(&r, imports);
		} else {
			r.p++;
		}
	}
	g_ptr_array_sort(imports, proxies_first); /* which is stable */
	return imports;
}

const GoImport *goimport_choose(const GPtrArray *imports, const char *path, GError **error)
{
	const GoImport *chosen = NULL;

	for (guint i = 0; i < imports->len; i++) {
		const GoImport *import = g_ptr_array_index(imports, i);

		if (!modpath_is_within(path, import->root))
			continue;
		if (chosen != NULL && strcmp(chosen->vcs, "mod") == 0 &&
		    strcmp(import->vcs, "mod") != 0)
			break;
		if (chosen != NULL)
			return fail_null(error, FAILURE_INPUT,
					 "several go-import tags speak of '%s'", path);
		chosen = import;
	}
	if (chosen == NULL)
		return fail_null(error, FAILURE_ABSENT, "no go-import tag speaks of '%s'", path);
	return chosen;
}
