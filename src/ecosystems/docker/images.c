/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/images.h"

#include "ecosystems/docker/dockerfile.h"
#include "upkeepd/limits.h"

#include <limits.h>
#include <string.h>

/* One file on its way to a list of sites. */
typedef struct {
	const char *text;
	size_t length;
	const char *path;    /* for problems; NULL: there are none */
	GPtrArray *problems; /* of Problem; NULL */
	GPtrArray *sites;    /* of Site */
} Finder;

/* The own value of `key`, not one that a merge key brings in. */
static const YamlNode *own(const YamlNode *map, const char *key)
{
	for (size_t i = 0; map != NULL && map->kind == YAML_MAPPING && i + 1 < map->n_children;
	     i += 2) {
		const YamlNode *name = map->children[i];

		if (name->kind == YAML_SCALAR && strcmp(name->value, key) == 0)
			return map->children[i + 1];
	}
	return NULL;
}

static bool is_text(const YamlNode *node)
{
	return node != NULL && node->kind == YAML_SCALAR && node->length > 0 &&
	       yaml_type(node) == YAML_IS_STRING;
}

/* A scalar that can be part of a reference: 1.20 is a tag, null is not. */
static bool is_part(const YamlNode *node)
{
	return node != NULL && node->kind == YAML_SCALAR && node->length > 0 &&
	       yaml_type(node) != YAML_IS_NULL;
}

static bool is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_block(const YamlNode *scalar)
{
	return scalar->style == YAML_LITERAL || scalar->style == YAML_FOLDED;
}

static uint32_t skip_white_and_comments(const char *text, Span rest)
{
	bool is_comment = false;

	while (rest.from < rest.to &&
	       (is_comment || is_white(text[rest.from]) || text[rest.from] == '#')) {
		is_comment = text[rest.from] != '\n' && (is_comment || text[rest.from] == '#');
		rest.from++;
	}
	return rest.from;
}

/* Where the content of a scalar begins and ends: behind its anchor and tag,
 * within its quotes, below the header of a block. */
static Span content_of(const Finder *finder, const YamlNode *scalar)
{
	const char *text = finder->text;
	Span span = scalar->span;

	while (span.from < span.to && (text[span.from] == '&' || text[span.from] == '!')) {
		while (span.from < span.to && !is_white(text[span.from]))
			span.from++;
		span.from = skip_white_and_comments(text, span);
	}
	if (scalar->style == YAML_SINGLE || scalar->style == YAML_DOUBLE)
		return span_length(span) >= 2 ? (Span){ span.from + 1, span.to - 1 } : span;
	while (is_block(scalar) && span.from < span.to && text[span.from++] != '\n')
		;
	return span;
}

/* Steps over what YAML drops before the next byte of a value that is not white:
 * indentation, line ends, the backslash of an escape that stands for itself. */
static uint32_t skip_dropped(const Finder *finder, const YamlNode *scalar, Span rest)
{
	const char *text = finder->text;
	bool has_escapes = scalar->style == YAML_DOUBLE;

	while (rest.from < rest.to && (is_white(text[rest.from]) ||
				       (has_escapes && text[rest.from] == '\\' &&
					rest.from + 1 < rest.to && is_white(text[rest.from + 1]))))
		rest.from++;
	if (has_escapes && rest.from + 1 < rest.to && text[rest.from] == '\\' &&
	    strchr("\"\\/", text[rest.from + 1]) != NULL)
		rest.from++;
	return rest.from;
}

/* The value's letters. White space has no place: folding and indentation may
 * have made it. If some byte is written in a way that is not understood here
 * (`\x41`), none has one. */
static GArray *letters_of(const Finder *finder, const YamlNode *scalar)
{
	GArray *letters = letters_new();
	Span rest = content_of(finder, scalar);
	bool is_aligned = true;

	for (size_t i = 0; i < scalar->length; i++) {
		Letter letter = { PLACE_NONE, scalar->value[i], false };
		const char *text = finder->text;

		if (!is_white(letter.byte)) {
			rest.from = skip_dropped(finder, scalar, rest);
			is_aligned &= rest.from < rest.to && text[rest.from] == letter.byte;
			letter.at = rest.from++;
			if (letter.byte == '\'' && scalar->style == YAML_SINGLE)
				rest.from++;
		} else if (rest.from + 1 < rest.to && scalar->style == YAML_DOUBLE &&
			   text[rest.from] == '\\' && strchr("nrt", text[rest.from + 1]) != NULL) {
			rest.from += 2;
		} else if (rest.from < rest.to && text[rest.from] == letter.byte) {
			rest.from++;
		}
		g_array_append_val(letters, letter);
	}
	for (guint i = 0; !is_aligned && i < letters->len; i++)
		g_array_index(letters, Letter, i).at = PLACE_NONE;
	return letters;
}

/* What stands for the letters of `scalar`, its anchor and tag included; empty if
 * the letters have no place. */
static Span word_of(const YamlNode *scalar, Letters letters)
{
	Span span = { 0, 0 };

	for (size_t i = 0; i < letters.length; i++) {
		uint32_t at = letters.first[i].at;

		if (at >= PLACE_BUILDER)
			continue;
		if (span.to == 0)
			span.from = at;
		span.to = MAX(span.to, at + 1);
	}
	if (span.to > 0 && (scalar->has_anchor || scalar->has_tag))
		span.from = scalar->span.from;
	return span;
}

static Site *add_site(Finder *finder, const YamlNode *node, const char *text, Span word,
		      Expansion *expansion)
{
	Site *site = site_new(SITE_IMAGE, word, text, expansion);

	site->line = node->line;
	site->column = node->column;
	g_ptr_array_add(finder->sites, site);
	return site;
}

/* A compose `image`: variables are expanded for its parts, not for its text. */
static void add_compose_image(Finder *finder, const YamlNode *image, const char *service,
			      bool is_built)
{
	g_autoptr(Scope) scope = scope_new(SYNTAX_COMPOSE);
	g_autoptr(GArray) letters = letters_of(finder, image);
	Letters word = letters_trim(letters_all(letters));
	g_auto(Expansion) expansion = { 0 };
	Site *site;

	if (!scope_expand(scope, word, '\0', &expansion, NULL)) {
		g_array_set_size(expansion.letters, 0);
		letters_append(expansion.letters, word);
		expansion.is_unresolved = true;
	}
	site = add_site(finder, image, image->value, word_of(image, word), &expansion);
	site->service = g_strdup(service);
	if (is_built)
		site->why_not = "built-here";
}

/* A problem of an error whose text is "line:column: what is wrong". */
static Problem *problem_of(const char *path, const GError *error)
{
	g_auto(GStrv) parts = g_strsplit(error->message, ":", 3);
	guint64 line = 0, column = 0;

	if (g_strv_length(parts) == 3 &&
	    g_ascii_string_to_unsigned(parts[0], 10, 1, INT_MAX, &line, NULL) &&
	    g_ascii_string_to_unsigned(parts[1], 10, 1, INT_MAX, &column, NULL))
		return problem_new(path, (int)line, (int)column, WEIGHT_ERROR, "%s",
				   g_strchug(parts[2]));
	return problem_new(path, 0, 0, WEIGHT_ERROR, "%s", error->message);
}

/* A Dockerfile within the compose file. Its letters get their places there. */
static void add_inline_images(Finder *finder, const YamlNode *inline_, const char *service)
{
	g_autoptr(GArray) letters = letters_of(finder, inline_);
	g_autofree uint32_t *places = g_new(uint32_t, letters->len + 1);
	const DockerfileSource source = { inline_->value, inline_->length, places,
					  inline_->line + (is_block(inline_) ? 1 : 0) };
	g_autoptr(Dockerfile) file = NULL;
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < letters->len; i++)
		places[i] = g_array_index(letters, Letter, i).at;
	file = dockerfile_parse(finder->path, &source, &error);
	if (file == NULL) {
		g_ptr_array_add(finder->problems, problem_of(finder->path, error));
		return;
	}
	while (file->sites->len > 0) {
		Site *site = g_ptr_array_steal_index(file->sites, 0);

		site->service = g_strdup(service);
		site->column = 1;
		g_ptr_array_add(finder->sites, site);
	}
	while (file->problems->len > 0)
		g_ptr_array_add(finder->problems, g_ptr_array_steal_index(file->problems, 0));
}

static void read_service(Finder *finder, const char *name, const YamlNode *service)
{
	const YamlNode *image = own(service, "image"), *build = own(service, "build");
	const YamlNode *inline_ = own(build, "dockerfile_inline");

	if (service->is_alias || finder->sites->len > LIMIT_DOCKER_REFERENCES)
		return;
	if (is_part(image))
		add_compose_image(finder, image, name, build != NULL);
	if (is_part(inline_) && !build->is_alias)
		add_inline_images(finder, inline_, name);
}

static GPtrArray *finish(Finder *finder, GBytes *text, GError **error)
{
	if (finder->sites->len > LIMIT_DOCKER_REFERENCES) {
		g_ptr_array_unref(finder->sites);
		return fail_null(error, FAILURE_LIMIT, "1:1: more than %d image references",
				 LIMIT_DOCKER_REFERENCES);
	}
	sites_locate(finder->sites, text);
	return finder->sites;
}

static Finder finder_new(GBytes *text)
{
	Finder finder = { 0 };

	finder.text = g_bytes_get_data(text, &finder.length);
	finder.sites = g_ptr_array_new_with_free_func((GDestroyNotify)site_free);
	return finder;
}

GPtrArray *images_of_compose(const YamlFile *yaml, GBytes *text, const char *path,
			     GPtrArray *problems, GError **error)
{
	Finder finder = finder_new(text);

	finder.path = path;
	finder.problems = problems;
	for (size_t d = 0; d < yaml_count(yaml); d++) {
		const YamlNode *services = own(yaml_root(yaml, d), "services");

		if (services == NULL || services->kind != YAML_MAPPING)
			continue;
		for (size_t i = 0; i + 1 < services->n_children; i += 2)
			if (services->children[i]->kind == YAML_SCALAR)
				read_service(&finder, services->children[i]->value,
					     services->children[i + 1]);
	}
	return finish(&finder, text, error);
}

static void append_part(GArray *letters, const Finder *finder, char separator, const YamlNode *part)
{
	g_autoptr(GArray) value = letters_of(finder, part);
	const Letter letter = { PLACE_NONE, separator, false };

	if (separator != '\0')
		g_array_append_val(letters, letter);
	letters_append(letters, letters_all(value));
}

static void set_path(Site *site, const GString *path)
{
	site->path = g_strndup(path->str, MIN(path->len, LIMIT_DOCKER_WORD));
}

/* `image: { registry: …, repository: …, tag: … }`. False if it is no such pair. */
static bool add_pair(Finder *finder, const YamlNode *image, const GString *path)
{
	const YamlNode *registry = own(image, "registry"), *repository = own(image, "repository"),
		       *tag = own(image, "tag"), *digest = own(image, "digest");
	g_auto(Expansion) expansion = { letters_new(), false, false };
	const YamlNode *first = is_text(registry) ? registry : repository;

	if (tag == NULL)
		tag = own(image, "version");
	if (!is_text(repository))
		return false;
	if (!is_part(tag) && !is_text(digest))
		return true;
	if (first == registry)
		append_part(expansion.letters, finder, '\0', registry);
	append_part(expansion.letters, finder, first == registry ? '/' : '\0', repository);
	if (is_part(tag))
		append_part(expansion.letters, finder, ':', tag);
	if (is_text(digest))
		append_part(expansion.letters, finder, '@', digest);
	/* The parts may stand in any order: the place is that of the text's first. */
	set_path(add_site(finder, first, NULL,
			  word_of(first,
				  letters_until(letters_all(expansion.letters), first->length)),
			  &expansion),
		 path);
	return true;
}

static void add_text(Finder *finder, const YamlNode *image, const GString *path)
{
	g_autoptr(GArray) letters = letters_of(finder, image);
	Letters word = letters_trim(letters_all(letters));
	g_auto(Expansion) expansion = { letters_new(), false, false };

	letters_append(expansion.letters, word);
	set_path(add_site(finder, image, image->value, word_of(image, word), &expansion), path);
}

static void walk(Finder *finder, const YamlNode *node, GString *path);

static void walk_image(Finder *finder, const YamlNode *image, GString *path)
{
	const YamlNode *volume = own(image, "reference");

	if (image->is_alias)
		return;
	if (is_text(image)) {
		add_text(finder, image, path);
	} else if (is_text(volume) && !volume->is_alias) {
		g_string_append(path, ".reference");
		add_text(finder, volume, path);
	} else if (image->kind != YAML_MAPPING || !add_pair(finder, image, path)) {
		walk(finder, image, path);
	}
}

/* As deep as the reader lets a file be. What an alias names is read where it
 * stands itself. */
static void walk(Finder *finder, const YamlNode *node, GString *path)
{
	gsize length = path->len;

	if (node->is_alias || finder->sites->len > LIMIT_DOCKER_REFERENCES)
		return;
	for (size_t i = 0; node->kind == YAML_SEQUENCE && i < node->n_children; i++) {
		g_string_append_printf(path, "[%zu]", i);
		walk(finder, node->children[i], path);
		g_string_truncate(path, length);
	}
	for (size_t i = 0; node->kind == YAML_MAPPING && i + 1 < node->n_children; i += 2) {
		const YamlNode *key = node->children[i], *value = node->children[i + 1];
		const char *name = key->kind == YAML_SCALAR ? key->value : "?";

		g_string_append_printf(path, "%s%s", length > 0 ? "." : "", name);
		if (strcmp(name, "image") == 0)
			walk_image(finder, value, path);
		else
			walk(finder, value, path);
		g_string_truncate(path, length);
	}
}

GPtrArray *images_of_kubernetes(const YamlFile *yaml, GBytes *text, GError **error)
{
	Finder finder = finder_new(text);
	g_autoptr(GString) path = g_string_new(NULL);

	for (size_t d = 0; d < yaml_count(yaml); d++) {
		const YamlNode *root = yaml_root(yaml, d);

		if (root != NULL)
			walk(&finder, root, path);
	}
	return finish(&finder, text, error);
}

bool images_is_kubernetes(const YamlFile *yaml)
{
	const YamlNode *first = yaml_count(yaml) > 0 ? yaml_root(yaml, 0) : NULL;

	return own(first, "apiVersion") != NULL && own(first, "kind") != NULL;
}
