/* SPDX-License-Identifier: MIT */
#include "config/reader.h"

#include "base/text.h"
#include "config/nearest.h"
#include "upkeepd/limits.h"

#include <stdarg.h>
#include <string.h>

/* What a file of 1 MiB can hold of mistakes is more than anyone reads. */
#define MOST_PROBLEMS 1000
/* Characters of a foreign value in a message. */
#define SHOWN         60

G_GNUC_PRINTF(4, 0)
static void note(Reader *reader, const YamlNode *at, Weight weight, const char *format,
		 va_list arguments)
{
	g_autofree char *text = g_strdup_vprintf(format, arguments);

	if (weight == WEIGHT_ERROR)
		reader->errors++;
	if (reader->problems->len < MOST_PROBLEMS)
		g_ptr_array_add(reader->problems,
				problem_new(reader->path, at == NULL ? 0 : at->line,
					    at == NULL ? 0 : at->column, weight, "%s", text));
	else
		reader->is_cut = true;
}

void reader_error(Reader *reader, const YamlNode *at, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note(reader, at, WEIGHT_ERROR, format, arguments);
	va_end(arguments);
}

void reader_warn(Reader *reader, const YamlNode *at, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note(reader, at, WEIGHT_WARNING, format, arguments);
	va_end(arguments);
}

Place reader_place(const Reader *reader, const YamlNode *node)
{
	return (Place){ .path = reader->path, .line = node->line, .column = node->column };
}

YamlNode reader_at(const Place *place)
{
	return (YamlNode){ .line = place->line, .column = place->column };
}

/* A scalar's value, cut for a message; the caller's. */
static char *shown(const YamlNode *node)
{
	if (g_utf8_strlen(node->value, -1) <= SHOWN)
		return g_strdup(node->value);
	return g_strdup_printf("%.*s…",
			       (int)(g_utf8_offset_to_pointer(node->value, SHOWN) - node->value),
			       node->value);
}

const char *reader_kind(const YamlNode *node)
{
	if (node->kind == YAML_SEQUENCE)
		return "a list";
	if (node->kind == YAML_MAPPING)
		return "a mapping";
	switch (yaml_type(node)) {
	case YAML_IS_NULL:
		return "nothing";
	case YAML_IS_BOOL:
		return "true or false";
	case YAML_IS_INT:
		return "a number";
	case YAML_IS_FLOAT:
		return "a decimal number";
	case YAML_IS_STRING:
		break;
	}
	return "a text";
}

static bool is_nothing(const YamlNode *node)
{
	return node->kind == YAML_SCALAR && yaml_type(node) == YAML_IS_NULL;
}

static void wrong_type(Reader *reader, const YamlNode *node, const char *key, const char *wanted)
{
	if (is_nothing(node))
		reader_error(reader, node, "'%s' is empty; it must be %s", key, wanted);
	else
		reader_error(reader, node, "'%s' must be %s, not %s", key, wanted,
			     reader_kind(node));
}

char *reader_hint(const char *word, const char *const *words)
{
	const char *near = nearest(word, words);

	return near == NULL ? g_strdup("") : g_strdup_printf("; did you mean '%s'?", near);
}

/* Titles, branches and messages are made of such texts, and commands of forges and
 * trailers of commits begin a line. A tab may part the fields of a cronjob. */
static bool is_one_line(const char *value)
{
	g_autofree char *text = g_strdelimit(g_strdup(value), "\t", ' ');

	return text_is_plain(text);
}

const char *reader_text(Reader *reader, const YamlNode *node, const char *key)
{
	YamlType type = yaml_type(node);

	if (node->kind == YAML_SCALAR && type == YAML_IS_STRING) {
		if (strlen(node->value) == node->length && is_one_line(node->value))
			return node->value;
		reader_error(reader, node,
			     "'%s' has a line break or another control character in it", key);
	} else if (node->kind == YAML_SCALAR && type != YAML_IS_NULL) {
		/* The value may be a password. */
		reader_error(reader, node, "'%s' must be a text, not %s; write it in quotes", key,
			     reader_kind(node));
	} else {
		wrong_type(reader, node, key, "a text");
	}
	return NULL;
}

static void read_text(Reader *reader, const YamlNode *node, const Field *field, char **text)
{
	const char *value = reader_text(reader, node, field->key);
	glong length;

	if (value == NULL)
		return;
	length = g_utf8_strlen(value, -1);
	if (length == 0 && field->low > 0) {
		reader_error(reader, node, "'%s' is empty", field->key);
	} else if (length < field->low) {
		reader_error(reader, node, "'%s' needs at least %d characters", field->key,
			     (int)field->low);
	} else if (field->high > 0 && length > field->high) {
		reader_error(reader, node, "'%s' has %ld characters; at most %d are allowed",
			     field->key, length, (int)field->high);
	} else {
		g_free(*text);
		*text = g_strdup(value);
	}
}

static void read_written(Reader *reader, const YamlNode *node, const Field *field, char **text)
{
	if (node->kind != YAML_SCALAR || is_nothing(node) || *node->value == '\0' ||
	    strlen(node->value) != node->length) {
		wrong_type(reader, node, field->key, "a text");
		return;
	}
	g_free(*text);
	*text = g_strdup(node->value);
}

void reader_texts(Reader *reader, const YamlNode *node, const Field *field, GPtrArray **list)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GTree) seen = g_tree_new_with_data(text_compare, NULL);
	const YamlNode *const *items = node->children;
	size_t count = node->n_children;
	int before = reader->errors;

	if (field->kind == FIELD_ONE_OR_TEXTS && node->kind == YAML_SCALAR && !is_nothing(node)) {
		items = &node;
		count = 1;
	} else if (node->kind != YAML_SEQUENCE) {
		wrong_type(reader, node, field->key, "a list");
		return;
	}
	if ((int64_t)count < field->low)
		reader_error(reader, node, "'%s' is an empty list", field->key);
	if (field->high > 0 && (int64_t)count > field->high)
		reader_error(reader, node, "'%s' has %zu elements; at most %d are allowed",
			     field->key, count, (int)field->high);
	for (size_t i = 0; i < count; i++) {
		const char *value = reader_text(reader, items[i], field->key);

		if (value == NULL)
			continue;
		if (*value == '\0')
			reader_error(reader, items[i], "'%s' has an empty element", field->key);
		else if (g_tree_lookup(seen, value) != NULL)
			reader_error(reader, items[i], "'%s' stands twice in '%s'", value,
				     field->key);
		g_tree_insert(seen, (char *)value, (char *)value);
		g_ptr_array_add(texts, g_strdup(value));
	}
	if (reader->errors > before)
		return;
	if (*list != NULL)
		g_ptr_array_unref(*list);
	*list = g_steal_pointer(&texts);
}

static void read_flag(Reader *reader, const YamlNode *node, const Field *field, bool *flag)
{
	static const struct {
		const char *word;
		bool value;
	} old[] = { { "yes", true }, { "on", true }, { "no", false }, { "off", false } };

	if (node->kind == YAML_SCALAR && yaml_type(node) == YAML_IS_BOOL) {
		*flag = yaml_is_true(node);
		return;
	}
	/* Booleans of YAML 1.1, on which parsers differ. */
	for (size_t i = 0; i < G_N_ELEMENTS(old) && node->kind == YAML_SCALAR; i++)
		if (node->style == YAML_PLAIN &&
		    g_ascii_strcasecmp(node->value, old[i].word) == 0) {
			reader_warn(reader, node,
				    "'%s': write %s; not every YAML reader takes %s for it",
				    field->key, old[i].value ? "true" : "false", node->value);
			*flag = old[i].value;
			return;
		}
	wrong_type(reader, node, field->key, "true or false");
}

static void read_number(Reader *reader, const YamlNode *node, const Field *field, int *number)
{
	int64_t high = field->high > 0 ? field->high : INT_MAX, value;
	bool is_read = node->kind == YAML_SCALAR && yaml_integer(node, &value);

	if (!is_read && (node->kind != YAML_SCALAR || yaml_type(node) != YAML_IS_INT))
		wrong_type(reader, node, field->key, "a whole number");
	else if (is_read && value >= field->low && value <= high)
		*number = (int)value;
	else if (field->high > 0 || (is_read && value > high) || !is_read)
		reader_error(reader, node, "'%s' must be %d to %d, not %.30s", field->key,
			     (int)field->low, (int)high, node->value);
	else
		reader_error(reader, node, "'%s' must be at least %d, not %s", field->key,
			     (int)field->low, node->value);
}

/* Which of `words` a node is; -1 with the mistake noted. */
static int which(Reader *reader, const YamlNode *node, const Field *field)
{
	const char *value = reader_text(reader, node, field->key);
	g_autofree char *list = NULL, *hint = NULL, *cut = NULL;

	if (value == NULL)
		return -1;
	for (int i = 0; field->words[i] != NULL; i++)
		if (strcmp(field->words[i], value) == 0)
			return i;
	list = g_strjoinv(", ", (char **)field->words);
	hint = reader_hint(value, field->words);
	cut = shown(node);
	reader_error(reader, node, "unknown value '%s' for '%s', which can be: %s%s", cut,
		     field->key, list, hint);
	return -1;
}

static void read_bits(Reader *reader, const YamlNode *node, const Field *field, unsigned *bits)
{
	unsigned found = 0;
	int before = reader->errors;

	if (node->kind != YAML_SEQUENCE) {
		wrong_type(reader, node, field->key, "a list");
		return;
	}
	if (node->n_children == 0)
		reader_error(reader, node, "'%s' is an empty list", field->key);
	for (size_t i = 0; i < node->n_children; i++) {
		int word = which(reader, node->children[i], field);

		if (word >= 0 && (found & 1u << word) != 0)
			reader_error(reader, node->children[i], "'%s' stands twice in '%s'",
				     field->words[word], field->key);
		if (word >= 0)
			found |= 1u << word;
	}
	if (reader->errors == before)
		*bits = found;
}

/* A key and its value. */
typedef struct {
	const YamlNode *key, *value;
} Pair;

/* The members of a mapping, its own before those of its merge keys, of each name
 * the first. A name that stands twice in one mapping is a mistake. */
static void collect(Reader *reader, const YamlNode *mapping, GTree *seen, GArray *pairs, int depth)
{
	g_autoptr(GTree) own = g_tree_new_with_data(text_compare, NULL);

	if (mapping->kind != YAML_MAPPING || depth > LIMIT_YAML_DEPTH)
		return;
	for (size_t i = 0; i + 1 < mapping->n_children; i += 2) {
		Pair pair = { mapping->children[i], mapping->children[i + 1] };
		const YamlNode *first;

		if (pair.key->kind != YAML_SCALAR) {
			reader_error(reader, pair.key, "a key must be a text, not %s",
				     reader_kind(pair.key));
			continue;
		}
		/* It may be the name of a group, which goes where texts go. */
		if (!is_one_line(pair.key->value))
			reader_error(reader, pair.key,
				     "a key has a line break or another control character in it");
		first = g_tree_lookup(own, pair.key->value);
		if (first != NULL)
			reader_error(reader, pair.key,
				     "key '%s' stands twice; the first is on line %d",
				     pair.key->value, first->line);
		else
			g_tree_insert(own, (char *)pair.key->value, (void *)pair.key);
		if (strcmp(pair.key->value, "<<") == 0 ||
		    g_tree_lookup(seen, pair.key->value) != NULL)
			continue;
		g_tree_insert(seen, (char *)pair.key->value, (void *)pair.key);
		g_array_append_val(pairs, pair);
	}
	for (size_t i = 0; i + 1 < mapping->n_children; i += 2) {
		const YamlNode *key = mapping->children[i], *from = mapping->children[i + 1];

		if (key->kind != YAML_SCALAR || strcmp(key->value, "<<") != 0)
			continue;
		if (from->kind == YAML_SEQUENCE)
			for (size_t k = 0; k < from->n_children; k++)
				collect(reader, from->children[k], seen, pairs, depth + 1);
		else
			collect(reader, from, seen, pairs, depth + 1);
	}
}

static GArray *members(Reader *reader, const YamlNode *mapping)
{
	GArray *pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
	g_autoptr(GTree) seen = g_tree_new_with_data(text_compare, NULL);

	collect(reader, mapping, seen, pairs, 0);
	return pairs;
}

/* Notes where a struct comes from, unless that is known already. */
static void set_place(const Reader *reader, const YamlNode *node, const Block *block, void *target)
{
	Place *place;

	if (block->place_offset == NO_OFFSET)
		return;
	place = (Place *)((char *)target + block->place_offset);
	if (place->path == NULL)
		*place = reader_place(reader, node);
}

static void read_blocks(Reader *reader, const YamlNode *node, const Field *field, GPtrArray *list)
{
	if (node->kind != YAML_SEQUENCE) {
		wrong_type(reader, node, field->key, "a list");
		return;
	}
	if ((int64_t)node->n_children < field->low)
		reader_error(reader, node, "'%s' is an empty list", field->key);
	for (size_t i = 0; i < node->n_children; i++) {
		void *target = field->block->create();
		int before = reader->errors;

		g_ptr_array_add(list, target);
		reader_block(reader, node->children[i], field->key, field->block, target);
		if (field->block->stands_apart)
			reader->errors_apart += reader->errors - before;
	}
}

/* One name and its mapping. */
static void read_member(Reader *reader, const Pair *pair, const Field *field, GPtrArray *list)
{
	void *target = field->block->create();

	*(char **)((char *)target + field->block->name_offset) = g_strdup(pair->key->value);
	g_ptr_array_add(list, target);
	if (*pair->key->value == '\0')
		reader_error(reader, pair->key, "a name in '%s' is empty", field->key);
	/* A person looks for the name. */
	set_place(reader, pair->key, field->block, target);
	reader_block(reader, pair->value, pair->key->value, field->block, target);
}

static void read_named(Reader *reader, const YamlNode *node, const Field *field, GPtrArray *list)
{
	g_autoptr(GArray) pairs = NULL;

	if (node->kind != YAML_MAPPING) {
		wrong_type(reader, node, field->key, "a mapping from names to their settings");
		return;
	}
	pairs = members(reader, node);
	if (pairs->len == 0)
		reader_error(reader, node, "'%s' is empty", field->key);
	for (guint i = 0; i < pairs->len; i++)
		read_member(reader, &g_array_index(pairs, Pair, i), field, list);
}

static void read_word(Reader *reader, const YamlNode *node, const Field *field, void *member)
{
	int word = which(reader, node, field);

	if (word < 0)
		return;
	switch (field->kind) {
	case FIELD_WORD:
		*(int *)member = (int)field->low + word;
		break;
	case FIELD_CLAIM:
		*(bool *)member = field->words[word + 1] == NULL;
		break;
	case FIELD_CHARACTER:
		*(char *)member = field->words[word][0];
		break;
	default:
		g_free(*(char **)member);
		*(char **)member = g_strdup(field->words[word]);
	}
}

static void read_value(Reader *reader, const YamlNode *node, const Field *field, void *member)
{
	switch (field->kind) {
	case FIELD_TEXT:
		read_text(reader, node, field, member);
		break;
	case FIELD_WRITTEN:
		read_written(reader, node, field, member);
		break;
	case FIELD_TEXTS:
	case FIELD_ONE_OR_TEXTS:
		reader_texts(reader, node, field, member);
		break;
	case FIELD_FLAG:
		read_flag(reader, node, field, member);
		break;
	case FIELD_NUMBER:
		read_number(reader, node, field, member);
		break;
	case FIELD_WORD:
	case FIELD_CLAIM:
	case FIELD_CHOICE:
	case FIELD_CHARACTER:
		read_word(reader, node, field, member);
		break;
	case FIELD_BITS:
		read_bits(reader, node, field, member);
		break;
	case FIELD_BLOCK:
		reader_block(reader, node, field->key, field->block, member);
		break;
	case FIELD_BLOCKS:
		read_blocks(reader, node, field, *(GPtrArray **)member);
		break;
	case FIELD_NAMED:
		read_named(reader, node, field, *(GPtrArray **)member);
		break;
	case FIELD_CUSTOM:
		g_assert_not_reached();
	}
}

/* A value that has to be right, and is of no use. */
static void check_value(Reader *reader, const YamlNode *node, const Field *field)
{
	g_autofree char *text = NULL;
	g_autoptr(GPtrArray) list = NULL;
	int64_t plain = 0; /* as large as any number, flag or set of bits */

	if (field->kind == FIELD_TEXTS || field->kind == FIELD_ONE_OR_TEXTS)
		read_value(reader, node, field, &list);
	else if (field->kind == FIELD_TEXT || field->kind == FIELD_WRITTEN ||
		 field->kind == FIELD_CHOICE)
		read_value(reader, node, field, &text);
	else
		read_value(reader, node, field, &plain);
}

static void read_field(Reader *reader, const YamlNode *node, const Field *field, void *target)
{
	if (field->kind == FIELD_CUSTOM)
		field->read(reader, node, target);
	else if (field->offset == NO_OFFSET)
		check_value(reader, node, field);
	else
		read_value(reader, node, field, (char *)target + field->offset);
}

static const Field *field_of(const Block *block, const char *key)
{
	for (size_t i = 0; i < block->n_fields; i++)
		if (strcmp(block->fields[i].key, key) == 0)
			return &block->fields[i];
	return NULL;
}

/* Appends where in the grammar `key` is known: "in 'schedule' or in a group". The
 * grammar is a tree of constants, a few levels deep. */
static void add_homes(const Block *block, const char *key, GString *homes)
{
	if (field_of(block, key) != NULL && strstr(homes->str, block->where) == NULL)
		g_string_append_printf(homes, "%s%s", homes->len == 0 ? "" : " or ", block->where);
	for (size_t i = 0; i < block->n_fields; i++)
		if (block->fields[i].block != NULL)
			add_homes(block->fields[i].block, key, homes);
	if (block->others != NULL)
		add_homes(block->others->block, key, homes);
}

static void unknown_key(Reader *reader, const YamlNode *key, const Block *block)
{
	g_autofree const char **words = g_new0(const char *, block->n_fields + 1);
	g_autoptr(GString) homes = g_string_new(NULL);
	g_autofree char *cut = shown(key), *hint = NULL;

	for (size_t i = 0; i < block->n_fields; i++)
		words[i] = block->fields[i].key;
	add_homes(reader->root, key->value, homes);
	if (homes->len > 0)
		hint = g_strdup_printf("; it belongs %s", homes->str);
	else
		hint = reader_hint(key->value, words);
	if (block->unknown == WEIGHT_ERROR)
		reader_error(reader, key, "unknown key '%s' %s%s", cut, block->where, hint);
	else
		reader_warn(reader, key, "unknown key '%s' %s%s", cut, block->where, hint);
}

static void read_pair(Reader *reader, const Pair *pair, const Block *block, void *target,
		      uint64_t *found)
{
	const Field *field = field_of(block, pair->key->value), *others = block->others;

	if (field == NULL && others != NULL) {
		read_member(reader, pair, others, *(GPtrArray **)((char *)target + others->offset));
		return;
	}
	if (field == NULL) {
		unknown_key(reader, pair->key, block);
		return;
	}
	*found |= UINT64_C(1) << (field - block->fields);
	if (field->remark != NULL)
		reader_warn(reader, pair->key, "%s", field->remark);
	read_field(reader, pair->value, field, target);
}

/* The one mapping there is, or a text that stands for one. */
static bool is_mapping(Reader *reader, const YamlNode *node, const char *key, const Block *block)
{
	bool is_text = node->kind == YAML_SCALAR && !is_nothing(node);

	if (node->kind == YAML_MAPPING || (is_nothing(node) && block->may_be_empty) ||
	    (is_text && block->shorthand != NULL))
		return true;
	if (is_text && block->no_text != NULL)
		reader_error(reader, node, "'%s': %s", key, block->no_text);
	else
		wrong_type(reader, node, key, "a mapping");
	return false;
}

void reader_block(Reader *reader, const YamlNode *node, const char *key, const Block *block,
		  void *target)
{
	g_autoptr(GArray) pairs = NULL;
	uint64_t found = 0;
	int before = reader->errors;

	g_assert(block->n_fields <= 64);
	set_place(reader, node, block, target);
	if (!is_mapping(reader, node, key, block))
		return;
	pairs = members(reader, node);
	for (guint i = 0; i < pairs->len; i++)
		read_pair(reader, &g_array_index(pairs, Pair, i), block, target, &found);
	if (node->kind == YAML_SCALAR && block->shorthand != NULL)
		read_field(reader, node, field_of(block, block->shorthand), target);
	for (size_t i = 0; i < block->n_fields && node->kind == YAML_MAPPING; i++)
		if (block->fields[i].is_required && (found & UINT64_C(1) << i) == 0)
			reader_error(reader, node, "'%s' is missing %s", block->fields[i].key,
				     block->where);
	if (block->needs_a_key && node->kind == YAML_MAPPING && node->n_children == 0)
		reader_error(reader, node, "'%s' is empty", key);
	if (block->check != NULL)
		block->check(reader, node, target, reader->errors - before);
}

/* "12:3: text", as yaml_read() words what is no YAML. */
static void note_unreadable(Reader *reader, const GError *error)
{
	g_auto(GStrv) parts = g_strsplit(error->message, ":", 3);
	YamlNode at = { 0 };
	guint64 line, column;

	if (g_strv_length(parts) == 3 &&
	    g_ascii_string_to_unsigned(parts[0], 10, 1, INT_MAX, &line, NULL) &&
	    g_ascii_string_to_unsigned(parts[1], 10, 1, INT_MAX, &column, NULL)) {
		at.line = (int)line;
		at.column = (int)column;
		reader_error(reader, &at, "%s", g_strchug(parts[2]));
	} else {
		reader_error(reader, NULL, "%s", error->message);
	}
}

const YamlNode *reader_document(Reader *reader, GBytes *text, YamlFile **file)
{
	g_autoptr(GError) error = NULL;
	const YamlNode *root;

	*file = yaml_read(text, LIMIT_CONFIG, &error);
	if (*file == NULL) {
		note_unreadable(reader, error);
		return NULL;
	}
	root = yaml_root(*file, 0);
	if (root == NULL || is_nothing(root)) {
		reader_error(reader, root, "the file is empty");
		return NULL;
	}
	for (size_t i = 1; i < yaml_count(*file); i++)
		if (yaml_root(*file, i) != NULL && !is_nothing(yaml_root(*file, i)))
			reader_error(reader, yaml_root(*file, i),
				     "a second document begins here; only the first is read");
	return root;
}

static int by_place(const void *a, const void *b)
{
	const Problem *x = *(Problem *const *)a, *y = *(Problem *const *)b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->text, y->text);
}

void reader_finish(Reader *reader)
{
	GPtrArray *problems = reader->problems;

	g_ptr_array_sort(problems, by_place);
	/* Two aliases of one node make the same mistakes. */
	for (guint i = problems->len; i > 1; i--)
		if (by_place(&problems->pdata[i - 1], &problems->pdata[i - 2]) == 0)
			g_ptr_array_remove_index(problems, i - 1);
	if (reader->is_cut)
		g_ptr_array_add(problems,
				problem_new(reader->path, 0, 0, WEIGHT_WARNING,
					    "there is more that is wrong than is said here"));
}
