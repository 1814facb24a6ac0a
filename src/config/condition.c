/* SPDX-License-Identifier: MIT */
/* Rules that the code cites:
 * 1. In block style a new line goes behind the line on which the content before it ends: what
 *    comments follow belongs to what comes next. Its line end is that of the line before, so
 *    that a file without a last one stays so.
 * 2. What is reached through an alias, has an anchor or a tag is not written to.
 */
#include "config/condition.h"

#include "base/text.h"
#include "base/yaml.h"
#include "config/dependabot.h"
#include "upkeepd/limits.h"

#include <string.h>

#define EVERYTHING ">= 0"

typedef struct {
	const char *text;
	size_t length;
	const char *name, *range;
	GPtrArray *edits; /* of Edit */
} Writer;

static bool has_text(const GPtrArray *list, const char *text)
{
	return list != NULL &&
	       g_ptr_array_find_with_equal_func((GPtrArray *)list, text, g_str_equal, NULL);
}

bool condition_is_there(const Rules *rules, const char *name, const char *range)
{
	for (guint i = 0; i < rules->ignore->len; i++) {
		const Filter *filter = g_ptr_array_index(rules->ignore, i);
		bool is_all = (filter->versions == NULL && filter->update_types == 0) ||
			      has_text(filter->versions, EVERYTHING);

		if (g_strcmp0(filter->name, name) == 0 &&
		    (is_all || (*range != '\0' && has_text(filter->versions, range))))
			return true;
	}
	return false;
}

/* Where the places are. */

static bool is_flow(const Writer *w, const YamlNode *node)
{
	return node->kind != YAML_SCALAR && strchr("[{", w->text[node->span.from]) != NULL;
}

/* rule 2 */
static bool is_open(const YamlNode *node)
{
	return !node->is_alias && !node->has_anchor && !node->has_tag;
}

static size_t line_start(const Writer *w, int line)
{
	const char *p = w->text;

	for (int i = 1; i < line && p != NULL; i++) {
		p = memchr(p, '\n', w->length - (size_t)(p - w->text));
		p = p == NULL ? NULL : p + 1;
	}
	return p == NULL ? w->length : (size_t)(p - w->text);
}

/* Where the content of a node ends. */
static size_t end_of(const Writer *w, const YamlNode *node)
{
	size_t end = node->span.to;

	if (node->is_alias) {
		end = line_start(w, node->alias_line) + (size_t)node->alias_column - 1;
		while (end < w->length && strchr(" \t\r\n,[]{}", w->text[end]) == NULL)
			end++;
		return end;
	}
	if (node->kind != YAML_SCALAR && node->n_children > 0 && !is_flow(w, node))
		return end_of(w, node->children[node->n_children - 1]);
	/* A block scalar ends where the next thing begins. */
	while (node->kind == YAML_SCALAR && node->style >= YAML_LITERAL && end > node->span.from &&
	       g_ascii_isspace(w->text[end - 1]))
		end--;
	return end;
}

static size_t line_end(const Writer *w, size_t at)
{
	const char *end = memchr(w->text + at, '\n', w->length - at);

	if (end == NULL)
		return w->length;
	return (size_t)(end - w->text) - (end > w->text && end[-1] == '\r' ? 1 : 0);
}

/* As most of the file has it: as its first line does. */
static const char *newline(const Writer *w)
{
	const char *first = memchr(w->text, '\n', w->length);

	return first != NULL && first > w->text && first[-1] == '\r' ? "\r\n" : "\n";
}

static void insert(const Writer *w, size_t at, const char *text)
{
	edits_add(w->edits, (Span){ (uint32_t)at, (uint32_t)at }, text);
}

/* Inserts lines, separated by "\n" in `lines`, behind what `node` ends with; rule 1. */
static void insert_lines(const Writer *w, const YamlNode *node, unsigned indent, const char *lines)
{
	g_auto(GStrv) list = g_strsplit(lines, "\n", -1);
	g_autoptr(GString) text = g_string_new(NULL);

	for (char **line = list; *line != NULL; line++)
		g_string_append_printf(text, "%s%*s%s", newline(w), (int)indent, "", *line);
	insert(w, line_end(w, end_of(w, node)), text->str);
}

/* How what is inserted is written. */

static bool is_plain_name(const char *name)
{
	static const char *const words[] = { "null", "true", "false", "yes", "no",
					     "on",   "off",  "y",     "n" };

	if (!g_ascii_isalpha(*name))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_ascii_strcasecmp(name, words[i]) == 0)
			return false;
	for (const char *p = name; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && strchr("._/-", *p) == NULL)
			return false;
	return true;
}

static char *quoted(const char *text, YamlStyle style)
{
	if (style == YAML_PLAIN && is_plain_name(text))
		return g_strdup(text);
	return g_strdup_printf(style == YAML_SINGLE ? "'%s'" : "\"%s\"", text);
}

/* The style in which `mapping` has the value of `key`; plain: it has none. */
static YamlStyle style_of(const YamlNode *mapping, const char *key)
{
	const YamlNode *value = yaml_get(mapping, key);

	return value != NULL && value->kind == YAML_SCALAR ? value->style : YAML_PLAIN;
}

/* "dependency-name: golang", then `between`, then "versions: [">= 2.a, < 3"]". Keys are
 * quoted where `beside` quotes its own. */
static char *item_text(const Writer *w, const YamlNode *beside, YamlStyle style,
		       const char *between)
{
	YamlStyle key_style = beside->children[0]->style;
	g_autofree char *name_key = quoted("dependency-name", key_style);
	g_autofree char *versions_key = quoted("versions", key_style);
	g_autofree char *name = quoted(w->name, style), *range = quoted(w->range, style);

	if (*w->range == '\0')
		return g_strdup_printf("%s: %s", name_key, name);
	return g_strdup_printf("%s: %s%s%s: [%s]", name_key, name, between, versions_key, range);
}

/* The same in braces, with blanks inside where those of `like` have some. */
static char *flow_item_text(const Writer *w, const YamlNode *beside, YamlStyle style,
			    const YamlNode *like)
{
	const char *blank = strchr("{[", w->text[like->span.from + 1]) == NULL &&
					    !g_ascii_isspace(w->text[like->span.from + 1])
				    ? ""
				    : " ";
	g_autofree char *item = item_text(w, beside, style, ", ");

	return g_strdup_printf("{%s%s%s}", blank, item, blank);
}

/* Writing. */

/* Adds one more scalar to `versions`. */
static void extend_versions(const Writer *w, const YamlNode *versions)
{
	const YamlNode *last = versions->children[versions->n_children - 1];
	g_autofree char *range = quoted(w->range, last->style), *text = NULL;

	if (is_flow(w, versions)) {
		text = g_strconcat(", ", range, NULL);
		insert(w, end_of(w, last), text);
		return;
	}
	text = g_strconcat("- ", range, NULL);
	insert_lines(w, last, (unsigned)versions->column - 1, text);
}

/* The list of versions of the element that can take one more; NULL: none can. */
static const YamlNode *extensible(const Writer *w, const YamlNode *list)
{
	for (size_t i = 0; *w->range != '\0' && i < list->n_children; i++) {
		const YamlNode *item = list->children[i];
		const YamlNode *name = yaml_get(item, "dependency-name");
		const YamlNode *versions = yaml_get(item, "versions");

		if (is_open(item) && item->kind == YAML_MAPPING && item->n_children == 4 &&
		    name != NULL && name->kind == YAML_SCALAR &&
		    strcmp(name->value, w->name) == 0 && versions != NULL &&
		    versions->kind == YAML_SEQUENCE && is_open(versions) &&
		    versions->n_children > 0)
			return versions;
	}
	return NULL;
}

static void add_to_flow_list(const Writer *w, const YamlNode *list, const YamlNode *beside,
			     YamlStyle style, const YamlNode *like)
{
	g_autofree char *item = flow_item_text(w, beside, style, like);
	g_autofree char *text = g_strconcat(list->n_children > 0 ? ", " : "", item, NULL);

	insert(w,
	       list->n_children > 0 ? end_of(w, list->children[list->n_children - 1])
				    : list->span.from + 1,
	       text);
}

static void add_to_block_list(const Writer *w, const YamlNode *list, const YamlNode *beside,
			      YamlStyle style)
{
	const YamlNode *last = list->children[list->n_children - 1];
	bool is_mapping = last->kind == YAML_MAPPING && last->n_children > 0 && is_open(last);
	g_autofree char *item = NULL, *between = NULL, *text = NULL;
	int gap = 1;

	if (is_mapping && is_flow(w, last)) {
		item = flow_item_text(w, beside, style, last);
	} else {
		gap = is_mapping && last->children[0]->line == last->line
			      ? MAX(last->children[0]->column - list->column - 1, 1)
			      : 1;
		between = g_strdup_printf("\n%*s", gap + 1, "");
		item = item_text(w, beside, style, between);
	}
	text = g_strdup_printf("-%*s%s", gap, "", item);
	insert_lines(w, last, (unsigned)list->column - 1, text);
}

static bool add_to_list(const Writer *w, const YamlNode *entry, const YamlNode *list,
			GError **error)
{
	const YamlNode *versions, *last, *beside = entry, *like = entry;
	YamlStyle style = style_of(entry, "package-ecosystem");

	if (list->kind != YAML_SEQUENCE || !is_open(list))
		return fail(error, FAILURE_INPUT, "its 'ignore' is not a list of its own");
	versions = extensible(w, list);
	if (versions != NULL) {
		extend_versions(w, versions);
		return true;
	}
	last = list->n_children > 0 ? list->children[list->n_children - 1] : NULL;
	if (last != NULL && last->kind == YAML_MAPPING && last->n_children > 0 && is_open(last)) {
		beside = last;
		like = is_flow(w, last) ? last : entry;
		if (yaml_get(last, "dependency-name") != NULL)
			style = style_of(last, "dependency-name");
	}
	if (is_flow(w, list))
		add_to_flow_list(w, list, beside, style, is_flow(w, like) ? like : list);
	else
		add_to_block_list(w, list, beside, style);
	return true;
}

/* By how much the elements of a list stand further right than its key, as the list of
 * entries does. */
static unsigned list_offset(const YamlNode *root)
{
	const YamlNode *key = yaml_get_key(root, "updates"), *list = yaml_get(root, "updates");

	return list->column > key->column ? (unsigned)(list->column - key->column) : 0;
}

static void add_key(const Writer *w, const YamlNode *root, const YamlNode *entry)
{
	const YamlNode *first = entry->children[0];
	const YamlNode *last = entry->children[entry->n_children - 1];
	YamlStyle style = style_of(entry, "package-ecosystem");
	g_autofree char *key = quoted("ignore", first->style), *item = NULL, *text = NULL;
	g_autofree char *between = NULL;
	unsigned offset = list_offset(root);

	if (is_flow(w, entry)) {
		item = flow_item_text(w, entry, style, entry);
		text = g_strdup_printf(", %s: [%s]", key, item);
		insert(w, end_of(w, last), text);
		return;
	}
	between = g_strdup_printf("\n%*s", (int)offset + 2, "");
	item = item_text(w, entry, style, between);
	text = g_strdup_printf("%s:\n%*s- %s", key, (int)offset, "", item);
	insert_lines(w, last, (unsigned)first->column - 1, text);
}

static bool add_to_entry(const Writer *w, const YamlNode *root, const YamlNode *entry,
			 GError **error)
{
	if (entry->kind != YAML_MAPPING || entry->n_children < 2 || !is_open(entry))
		return fail(error, FAILURE_INPUT, "the entry is shared with others");
	if (yaml_get_key(entry, "ignore") != NULL)
		return add_to_list(w, entry, yaml_get(entry, "ignore"), error);
	if (yaml_get(entry, "ignore") != NULL)
		return fail(error, FAILURE_INPUT, "the entry shares its 'ignore' with others");
	add_key(w, root, entry);
	return true;
}

/* What came of it. */

static bool is_scalar(const YamlNode *node, const char *value)
{
	return node != NULL && node->kind == YAML_SCALAR && strcmp(node->value, value) == 0;
}

static bool is_same(const YamlNode *a, const YamlNode *b)
{
	if (a->kind != b->kind || a->is_alias != b->is_alias || a->n_children != b->n_children ||
	    a->has_tag != b->has_tag)
		return false;
	if (a->kind == YAML_SCALAR)
		return a->style == b->style && a->length == b->length &&
		       memcmp(a->value, b->value, a->length) == 0;
	for (size_t i = 0; i < a->n_children; i++)
		if (!is_same(a->children[i], b->children[i]))
			return false;
	return true;
}

static bool is_new_item(const Writer *w, const YamlNode *item)
{
	const YamlNode *versions = yaml_get(item, "versions");

	if (!is_scalar(yaml_get(item, "dependency-name"), w->name))
		return false;
	if (*w->range == '\0')
		return item->n_children == 2;
	return item->n_children == 4 && versions != NULL && versions->kind == YAML_SEQUENCE &&
	       versions->n_children == 1 && is_scalar(versions->children[0], w->range);
}

/* Whether `b` is `a` with more at its end, which `is_more` knows. */
static bool is_longer(const Writer *w, const YamlNode *a, const YamlNode *b,
		      bool (*is_more)(const Writer *w, const YamlNode *last))
{
	if (b->kind != YAML_SEQUENCE || a->kind != b->kind || b->n_children != a->n_children + 1)
		return false;
	for (size_t i = 0; i < a->n_children; i++)
		if (!is_same(a->children[i], b->children[i]))
			return false;
	return is_more(w, b->children[a->n_children]);
}

static bool is_range(const Writer *w, const YamlNode *node)
{
	return is_scalar(node, w->range);
}

/* Whether `b` is the element `a` of this name with one version more. */
static bool is_extended_item(const Writer *w, const YamlNode *a, const YamlNode *b)
{
	if (a->kind != YAML_MAPPING || b->kind != YAML_MAPPING || a->n_children != 4 ||
	    b->n_children != 4 || !is_scalar(yaml_get(b, "dependency-name"), w->name) ||
	    yaml_get(a, "versions") == NULL || yaml_get(b, "versions") == NULL)
		return false;
	for (size_t i = 0; i < 4; i += 2)
		if (!is_same(a->children[i], b->children[i]) ||
		    (!is_scalar(a->children[i], "versions") &&
		     !is_same(a->children[i + 1], b->children[i + 1])))
			return false;
	return is_longer(w, yaml_get(a, "versions"), yaml_get(b, "versions"), is_range);
}

static bool is_extended_list(const Writer *w, const YamlNode *a, const YamlNode *b)
{
	unsigned extended = 0;

	if (is_longer(w, a, b, is_new_item))
		return true;
	if (a->kind != YAML_SEQUENCE || b->kind != YAML_SEQUENCE || a->n_children != b->n_children)
		return false;
	for (size_t i = 0; i < a->n_children; i++) {
		if (is_same(a->children[i], b->children[i]))
			continue;
		if (!is_extended_item(w, a->children[i], b->children[i]))
			return false;
		extended++;
	}
	return extended == 1;
}

static bool is_extended_entry(const Writer *w, const YamlNode *a, const YamlNode *b)
{
	const YamlNode *list = yaml_get_key(b, "ignore") != NULL ? yaml_get(b, "ignore") : NULL;
	bool had_list = yaml_get_key(a, "ignore") != NULL;

	if (list == NULL || b->n_children != a->n_children + (had_list ? 0 : 2))
		return false;
	for (size_t i = 0; i + 1 < a->n_children; i += 2) {
		if (!is_same(a->children[i], b->children[i]))
			return false;
		if (is_scalar(a->children[i], "ignore")
			    ? !is_extended_list(w, a->children[i + 1], b->children[i + 1])
			    : !is_same(a->children[i + 1], b->children[i + 1]))
			return false;
	}
	return had_list || (list->kind == YAML_SEQUENCE && list->n_children == 1 &&
			    is_new_item(w, list->children[0]));
}

static bool is_among(const GArray *entries, size_t index)
{
	for (guint i = 0; i < entries->len; i++)
		if (g_array_index(entries, int, i) == (int)index)
			return true;
	return false;
}

static bool are_extended(const Writer *w, const GArray *entries, const YamlNode *a,
			 const YamlNode *b)
{
	if (a->kind != YAML_SEQUENCE || b->kind != YAML_SEQUENCE || a->n_children != b->n_children)
		return false;
	for (size_t i = 0; i < a->n_children; i++)
		if (is_among(entries, i) ? !is_extended_entry(w, a->children[i], b->children[i])
					 : !is_same(a->children[i], b->children[i]))
			return false;
	return true;
}

/* Whether the file is the old one but for the condition in `entries`. */
static bool is_extended(const Writer *w, const GArray *entries, const YamlNode *a,
			const YamlNode *b)
{
	if (b == NULL || a->kind != b->kind || a->n_children != b->n_children)
		return false;
	for (size_t i = 0; i + 1 < a->n_children; i += 2)
		if (!is_same(a->children[i], b->children[i]) ||
		    (is_scalar(a->children[i], "updates")
			     ? !are_extended(w, entries, a->children[i + 1], b->children[i + 1])
			     : !is_same(a->children[i + 1], b->children[i + 1])))
			return false;
	return true;
}

/* Whether the entries mean it: what is there can be in error. */
static bool is_meant(const Writer *w, const GArray *entries, const RulesFile *before,
		     const RulesFile *after)
{
	if (before->entries->len != after->entries->len ||
	    problems_errors(before->problems) != problems_errors(after->problems))
		return false;
	for (guint i = 0; i < after->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(after->entries, i);

		if (is_among(entries, i) &&
		    (!rules->is_usable || !condition_is_there(rules, w->name, w->range)))
			return false;
	}
	return true;
}

/* The entries of these that do not have it. */
static GArray *lacking(const Writer *w, const RulesFile *file, const GArray *entries)
{
	GArray *left = g_array_new(FALSE, FALSE, sizeof(int));

	for (guint i = 0; i < entries->len; i++) {
		int index = g_array_index(entries, int, i);

		if (index >= 0 && (guint)index < file->entries->len &&
		    !condition_is_there(g_ptr_array_index(file->entries, index), w->name, w->range))
			g_array_append_val(left, index);
	}
	return left;
}

/* What can stand between quotes of either kind as it is. */
static bool is_writable(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if (!g_ascii_isprint(*p) || strchr("'\"\\*", *p) != NULL)
			return false;
	return true;
}

static bool add_to_all(const Writer *w, const YamlNode *root, const GArray *entries, GError **error)
{
	const YamlNode *list = yaml_get(root, "updates");

	for (guint i = 0; i < entries->len; i++) {
		size_t index = (size_t)g_array_index(entries, int, i);

		if (list == NULL || list->kind != YAML_SEQUENCE || index >= list->n_children)
			return fail(error, FAILURE_INPUT, "it has no such entry");
		if (!add_to_entry(w, root, list->children[index], error))
			return false;
	}
	return true;
}

GBytes *condition_write(const char *path, GBytes *text, const GArray *entries, const char *name,
			const char *range, GError **error)
{
	g_autoptr(RulesFile) before = rules_parse(path, text), after = NULL;
	g_autoptr(YamlFile) old = yaml_read(text, LIMIT_CONFIG, error), new = NULL;
	g_autoptr(GPtrArray) edits = edits_new();
	g_autoptr(GArray) left = NULL;
	g_autoptr(GBytes) result = NULL;
	Writer w = { .name = name, .range = range, .edits = edits };

	if (old == NULL)
		return NULL;
	w.text = g_bytes_get_data(text, &w.length);
	left = lacking(&w, before, entries);
	if (left->len == 0)
		return g_bytes_ref(text);
	if (*name == '\0' || !is_writable(name) || !is_writable(range))
		return fail_null(error, FAILURE_INPUT, "its name is one that YAML would change");
	if (yaml_count(old) != 1 || yaml_root(old, 0) == NULL)
		return fail_null(error, FAILURE_INPUT, "it is not one document");
	if (!add_to_all(&w, yaml_root(old, 0), left, error))
		return NULL;
	result = edits_apply(text, edits, error);
	if (result == NULL || (new = yaml_read(result, LIMIT_CONFIG, error)) == NULL)
		return NULL;
	after = rules_parse(path, result);
	if (yaml_count(new) != 1 || !is_extended(&w, left, yaml_root(old, 0), yaml_root(new, 0)) ||
	    !is_meant(&w, left, before, after))
		return fail_null(error, FAILURE_INPUT, "it would change more than that");
	return g_steal_pointer(&result);
}
