/* SPDX-License-Identifier: MIT */
/* Rules that the code cites:
 * 1. libyaml counts characters; a table of code-point starts gives bytes. A
 *    byte order mark is skipped by us, so that both ways of counting begin at
 *    the same place.
 * 2. An anchor can be named only after its node is complete, so there are no
 *    cycles; and what a walk would meet, aliases followed, is counted while
 *    reading, so that a bomb is refused here and every walk is short.
 */
#include "base/yaml.h"

#include "base/text.h"
#include "upkeepd/limits.h"

#include <yaml.h>

#include <string.h>

struct YamlFile {
	GPtrArray *owned;   /* nodes, values and child lists */
	GPtrArray *roots;   /* of YamlNode, borrowed; NULL for an empty document */
	GArray *duplicates; /* of YamlDuplicate */
};

/* A mapping or sequence that is being read. */
typedef struct {
	YamlNode *node;
	GPtrArray *children; /* of YamlNode, borrowed */
	char *anchor;        /* NULL if none */
	uint64_t weight;     /* nodes below, aliases followed */
} Level;

typedef struct {
	YamlFile *file;
	const char *text; /* after a byte order mark */
	size_t length;
	uint32_t skipped;     /* bytes of the mark */
	uint32_t *starts;     /* byte of each character; NULL: all ASCII */
	GArray *levels;       /* of Level */
	GTree *anchors;       /* name to Anchored */
	const YamlNode *root; /* of the document at hand */
	unsigned events, aliases;
	uint64_t weight; /* of the document so far */
} Reader;

typedef struct {
	const YamlNode *node;
	uint64_t weight;
} Anchored;

void yaml_file_free(YamlFile *file)
{
	if (file == NULL)
		return;
	g_ptr_array_unref(file->owned);
	g_ptr_array_unref(file->roots);
	g_array_unref(file->duplicates);
	g_free(file);
}

static uint32_t byte_at(const Reader *reader, size_t character)
{
	if (reader->starts == NULL)
		return (uint32_t)MIN(character, reader->length);
	return reader->starts[character];
}

/* rule 1 */
static void index_characters(Reader *reader)
{
	size_t characters = 0, i = 0;

	while (i < reader->length && (unsigned char)reader->text[i] < 0x80)
		i++;
	if (i == reader->length)
		return;
	reader->starts = g_new(uint32_t, reader->length + 2);
	for (i = 0; i < reader->length; i++)
		if (((unsigned char)reader->text[i] & 0xc0) != 0x80)
			reader->starts[characters++] = (uint32_t)i;
	/* Marks may point behind the last character. */
	for (; characters < reader->length + 2; characters++)
		reader->starts[characters] = (uint32_t)reader->length;
}

static void place(const Reader *reader, yaml_mark_t mark, int *line, int *column)
{
	*line = (int)mark.line + 1;
	*column = (int)(byte_at(reader, mark.index) -
			byte_at(reader, mark.index - MIN(mark.column, mark.index))) +
		  1;
}

static YamlNode *new_node(Reader *reader, YamlKind kind, const yaml_event_t *event)
{
	YamlNode *node = g_new0(YamlNode, 1);

	g_ptr_array_add(reader->file->owned, node);
	node->kind = kind;
	node->span.from = byte_at(reader, event->start_mark.index) + reader->skipped;
	node->span.to = byte_at(reader, event->end_mark.index) + reader->skipped;
	place(reader, event->start_mark, &node->line, &node->column);
	return node;
}

static Level *top(const Reader *reader)
{
	return reader->levels->len == 0
		       ? NULL
		       : &g_array_index(reader->levels, Level, reader->levels->len - 1);
}

static bool refuse(const Reader *reader, yaml_mark_t mark, FailureKind kind, const char *what,
		   GError **error)
{
	int line, column;

	place(reader, mark, &line, &column);
	return fail(error, kind, "%d:%d: %s", line, column, what);
}

/* Puts a complete node where it belongs, and under its anchor. */
static bool attach(Reader *reader, const YamlNode *node, const char *anchor, uint64_t weight,
		   yaml_mark_t mark, GError **error)
{
	Level *level = top(reader);

	if (anchor != NULL) {
		Anchored *anchored = g_new(Anchored, 1);

		anchored->node = node;
		anchored->weight = weight;
		g_tree_insert(reader->anchors, g_strdup(anchor), anchored);
	}
	if (level == NULL) {
		reader->root = node;
		return true;
	}
	g_ptr_array_add(level->children, (void *)node);
	level->weight += weight;
	if (level->weight > LIMIT_YAML_EVENTS) /* rule 2 */
		return refuse(reader, mark, FAILURE_LIMIT, "the aliases repeat too much", error);
	return true;
}

static bool add_scalar(Reader *reader, const yaml_event_t *event, GError **error)
{
	static const YamlStyle styles[] = {
		[YAML_PLAIN_SCALAR_STYLE] = YAML_PLAIN,
		[YAML_SINGLE_QUOTED_SCALAR_STYLE] = YAML_SINGLE,
		[YAML_DOUBLE_QUOTED_SCALAR_STYLE] = YAML_DOUBLE,
		[YAML_LITERAL_SCALAR_STYLE] = YAML_LITERAL,
		[YAML_FOLDED_SCALAR_STYLE] = YAML_FOLDED,
	};
	YamlNode *node = new_node(reader, YAML_SCALAR, event);
	size_t length = event->data.scalar.length;
	char *value = g_malloc(length + 1);

	memcpy(value, event->data.scalar.value, length);
	value[length] = '\0';
	g_ptr_array_add(reader->file->owned, value);
	node->style = styles[event->data.scalar.style];
	node->value = value;
	node->length = length;
	node->has_tag = event->data.scalar.tag != NULL;
	node->has_anchor = event->data.scalar.anchor != NULL;
	return attach(reader, node, (const char *)event->data.scalar.anchor, 1, event->start_mark,
		      error);
}

static bool add_alias(Reader *reader, const yaml_event_t *event, GError **error)
{
	const char *name = (const char *)event->data.alias.anchor;
	const Anchored *anchored = g_tree_lookup(reader->anchors, name);
	YamlNode *node;

	if (anchored == NULL)
		return refuse(reader, event->start_mark, FAILURE_INPUT,
			      "the alias names no anchor before it", error);
	if (++reader->aliases > LIMIT_YAML_ALIASES)
		return refuse(reader, event->start_mark, FAILURE_LIMIT, "too many aliases", error);
	node = g_new(YamlNode, 1);
	*node = *anchored->node;
	node->is_alias = true;
	place(reader, event->start_mark, &node->alias_line, &node->alias_column);
	g_ptr_array_add(reader->file->owned, node);
	return attach(reader, node, NULL, anchored->weight, event->start_mark, error);
}

static bool begin(Reader *reader, YamlKind kind, const yaml_event_t *event, GError **error)
{
	const char *anchor =
		(const char *)(kind == YAML_MAPPING ? event->data.mapping_start.anchor
						    : event->data.sequence_start.anchor);
	bool has_tag = (kind == YAML_MAPPING ? event->data.mapping_start.tag
					     : event->data.sequence_start.tag) != NULL;
	Level level = { .weight = 1 };

	if (reader->levels->len >= LIMIT_YAML_DEPTH)
		return refuse(reader, event->start_mark, FAILURE_LIMIT, "nested too deep", error);
	level.node = new_node(reader, kind, event);
	level.node->has_tag = has_tag;
	level.node->has_anchor = anchor != NULL;
	level.children = g_ptr_array_new();
	level.anchor = g_strdup(anchor);
	g_array_append_val(reader->levels, level);
	return true;
}

static int by_key(const void *a, const void *b, void *unused G_GNUC_UNUSED)
{
	const YamlNode *x = *(const YamlNode *const *)a, *y = *(const YamlNode *const *)b;
	int order = strcmp(x->value, y->value);

	if (order == 0)
		return x->span.from < y->span.from ? -1 : x->span.from > y->span.from;
	return order;
}

static int by_place(const void *a, const void *b)
{
	const YamlDuplicate *x = a, *y = b;

	return x->key->span.from < y->key->span.from ? -1 : x->key->span.from > y->key->span.from;
}

static void note_duplicates(Reader *reader, const YamlNode *mapping)
{
	g_autoptr(GPtrArray) keys = g_ptr_array_new();

	for (size_t i = 0; i + 1 < mapping->n_children; i += 2)
		if (mapping->children[i]->kind == YAML_SCALAR &&
		    strcmp(mapping->children[i]->value, "<<") != 0)
			g_ptr_array_add(keys, (void *)mapping->children[i]);
	if (keys->len < 2)
		return;
	g_qsort_with_data(keys->pdata, (int)keys->len, sizeof(void *), by_key, NULL);
	for (guint i = 1, first = 0; i < keys->len; i++) {
		const YamlNode *before = g_ptr_array_index(keys, first);
		YamlDuplicate duplicate = { g_ptr_array_index(keys, i), before->line };

		if (strcmp(before->value, duplicate.key->value) != 0)
			first = i;
		else
			g_array_append_val(reader->file->duplicates, duplicate);
	}
}

static bool end(Reader *reader, const yaml_event_t *event, GError **error)
{
	Level level = *top(reader);
	g_autofree char *anchor = level.anchor;

	g_array_set_size(reader->levels, reader->levels->len - 1);
	level.node->n_children = level.children->len;
	level.node->children = (const YamlNode *const *)g_ptr_array_free(level.children, FALSE);
	g_ptr_array_add(reader->file->owned, (void *)level.node->children);
	level.node->span.to = byte_at(reader, event->end_mark.index) + reader->skipped;
	if (level.node->kind == YAML_MAPPING)
		note_duplicates(reader, level.node);
	return attach(reader, level.node, anchor, level.weight, event->start_mark, error);
}

static bool take(Reader *reader, const yaml_event_t *event, GError **error)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		reader->root = NULL;
		g_tree_remove_all(reader->anchors);
		return true;
	case YAML_DOCUMENT_END_EVENT:
		g_ptr_array_add(reader->file->roots, (void *)reader->root);
		return true;
	case YAML_ALIAS_EVENT:
		return add_alias(reader, event, error);
	case YAML_SCALAR_EVENT:
		return add_scalar(reader, event, error);
	case YAML_SEQUENCE_START_EVENT:
		return begin(reader, YAML_SEQUENCE, event, error);
	case YAML_MAPPING_START_EVENT:
		return begin(reader, YAML_MAPPING, event, error);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return end(reader, event, error);
	default:
		return true;
	}
}

static bool parser_failed(const Reader *reader, const yaml_parser_t *parser, GError **error)
{
	int line, column;

	place(reader, parser->problem_mark, &line, &column);
	return fail(error, FAILURE_INPUT, "%d:%d: not valid YAML: %s%s%s", line, column,
		    parser->problem != NULL ? parser->problem : "unreadable",
		    parser->context != NULL ? " " : "",
		    parser->context != NULL ? parser->context : "");
}

static bool read_events(Reader *reader, GError **error)
{
	yaml_parser_t parser;
	bool is_done = false, is_good = true;

	if (!yaml_parser_initialize(&parser))
		return fail(error, FAILURE_IO, "no memory for the YAML parser");
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)reader->text, reader->length);
	while (is_good && !is_done) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event)) {
			is_good = parser_failed(reader, &parser, error);
			break;
		}
		is_done = event.type == YAML_STREAM_END_EVENT;
		if (++reader->events > LIMIT_YAML_EVENTS)
			is_good = refuse(reader, event.start_mark, FAILURE_LIMIT,
					 "more YAML than is ever read", error);
		else
			is_good = take(reader, &event, error);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return is_good;
}

static bool check_text(const char *text, size_t length, size_t max_bytes, GError **error)
{
	const char *bad;

	if (length > max_bytes)
		return fail(error, FAILURE_LIMIT, "the file has more than %zu bytes", max_bytes);
	if (!g_utf8_validate_len(text, length, &bad)) {
		g_autoptr(GBytes) bytes = g_bytes_new_static(text, length);
		int line, column;

		position_of(bytes, (uint32_t)(bad - text), &line, &column);
		return fail(error, FAILURE_INPUT, "%d:%d: not valid UTF-8", line, column);
	}
	return true;
}

static void drop_levels(Reader *reader)
{
	for (guint i = 0; i < reader->levels->len; i++) {
		Level *level = &g_array_index(reader->levels, Level, i);

		g_ptr_array_unref(level->children);
		g_free(level->anchor);
	}
	g_array_unref(reader->levels);
	g_tree_unref(reader->anchors);
	g_free(reader->starts);
}

YamlFile *yaml_read(GBytes *bytes, size_t max_bytes, GError **error)
{
	g_autoptr(YamlFile) file = NULL;
	Reader reader = { 0 };
	bool is_good;

	reader.text = g_bytes_get_data(bytes, &reader.length);
	/* Nothing has no address, and libyaml asserts one. */
	if (reader.text == NULL)
		reader.text = "";
	if (!check_text(reader.text, reader.length, MIN(max_bytes, UINT32_MAX / 2), error))
		return NULL;
	if (reader.length >= 3 && memcmp(reader.text, "\xef\xbb\xbf", 3) == 0) {
		reader.skipped = 3;
		reader.text += 3;
		reader.length -= 3;
	}
	file = g_new0(YamlFile, 1);
	file->owned = g_ptr_array_new_with_free_func(g_free);
	file->roots = g_ptr_array_new();
	file->duplicates = g_array_new(FALSE, FALSE, sizeof(YamlDuplicate));
	reader.file = file;
	reader.levels = g_array_new(FALSE, TRUE, sizeof(Level));
	reader.anchors = g_tree_new_full(text_compare, NULL, g_free, g_free);
	index_characters(&reader);
	is_good = read_events(&reader, error);
	drop_levels(&reader);
	if (!is_good)
		return NULL;
	g_array_sort(file->duplicates, by_place);
	return g_steal_pointer(&file);
}

size_t yaml_count(const YamlFile *file)
{
	return file->roots->len;
}

const YamlNode *yaml_root(const YamlFile *file, size_t document)
{
	return document < file->roots->len ? g_ptr_array_index(file->roots, document) : NULL;
}

const GArray *yaml_duplicates(const YamlFile *file)
{
	return file->duplicates;
}

static bool is_key(const YamlNode *node, const char *key)
{
	return node->kind == YAML_SCALAR && strcmp(node->value, key) == 0;
}

static const YamlNode *get(const YamlNode *node, const char *key, int depth)
{
	if (node == NULL || node->kind != YAML_MAPPING || depth > LIMIT_YAML_DEPTH)
		return NULL;
	for (size_t i = 0; i + 1 < node->n_children; i += 2)
		if (is_key(node->children[i], key))
			return node->children[i + 1];
	for (size_t i = 0; i + 1 < node->n_children; i += 2) {
		const YamlNode *from = node->children[i + 1], *found = NULL;

		if (!is_key(node->children[i], "<<"))
			continue;
		if (from->kind == YAML_SEQUENCE)
			for (size_t k = 0; k < from->n_children && found == NULL; k++)
				found = get(from->children[k], key, depth + 1);
		else
			found = get(from, key, depth + 1);
		if (found != NULL)
			return found;
	}
	return NULL;
}

const YamlNode *yaml_get(const YamlNode *node, const char *key)
{
	return get(node, key, 0);
}

const YamlNode *yaml_get_key(const YamlNode *node, const char *key)
{
	if (node == NULL || node->kind != YAML_MAPPING)
		return NULL;
	for (size_t i = 0; i + 1 < node->n_children; i += 2)
		if (is_key(node->children[i], key))
			return node->children[i];
	return NULL;
}

static bool is_one_of(const char *text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	return false;
}

static const char *skip_digits(const char *p)
{
	while (g_ascii_isdigit(*p))
		p++;
	return p;
}

static bool is_float(const char *text)
{
	const char *p = *text == '+' || *text == '-' ? text + 1 : text;
	const char *start = p, *dot;

	p = skip_digits(p);
	dot = p;
	if (*p == '.')
		p = skip_digits(p + 1);
	if (p == start || (p == dot + 1 && dot == start))
		return false;
	if (*p == 'e' || *p == 'E') {
		const char *exponent = p[1] == '+' || p[1] == '-' ? p + 2 : p + 1;

		p = skip_digits(exponent);
		if (p == exponent)
			return false;
	}
	return *p == '\0';
}

YamlType yaml_type(const YamlNode *scalar)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL" };
	static const char *const bools[] = { "true", "True", "TRUE", "false", "False", "FALSE" };
	const char *text = scalar->value, *p;

	if (scalar->kind != YAML_SCALAR || scalar->style != YAML_PLAIN ||
	    strlen(text) != scalar->length)
		return YAML_IS_STRING;
	if (is_one_of(text, nulls, G_N_ELEMENTS(nulls)))
		return YAML_IS_NULL;
	if (is_one_of(text, bools, G_N_ELEMENTS(bools)))
		return YAML_IS_BOOL;
	p = *text == '+' || *text == '-' ? text + 1 : text;
	if (*p != '\0' && *skip_digits(p) == '\0')
		return YAML_IS_INT;
	return is_float(text) ? YAML_IS_FLOAT : YAML_IS_STRING;
}

bool yaml_is_true(const YamlNode *scalar)
{
	return g_ascii_tolower(scalar->value[0]) == 't';
}

bool yaml_integer(const YamlNode *scalar, int64_t *number)
{
	return yaml_type(scalar) == YAML_IS_INT &&
	       g_ascii_string_to_signed(*scalar->value == '+' ? scalar->value + 1 : scalar->value,
					10, INT64_MIN, INT64_MAX, number, NULL);
}
