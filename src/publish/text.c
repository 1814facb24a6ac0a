/* SPDX-License-Identifier: MIT */
#include "publish/text.h"

#include "base/yaml.h"
#include "publish/amendment.h"
#include "publish/body.h"
#include "publish/branch.h"
#include "publish/identity.h"
#include "publish/section.h"

#include <string.h>

#define SUBJECT_LENGTH 72
#define SHORT_LIST     5 /* as many, and the list becomes a table */

static const Item *item_at(const Topic *topic, guint i)
{
	return g_ptr_array_index(topic->items, i);
}

static const char *directory_at(const Topic *topic, guint i)
{
	return g_ptr_array_index(topic->directories, i);
}

static char *plain(const Item *item)
{
	return g_strdup(item->name);
}

static char *linked(const Item *item)
{
	if (item->home == NULL)
		return plain(item);
	return g_strdup_printf("[%s](%s)", item->name, item->home);
}

/* "a, b and c". */
static void append_names(GString *text, const GPtrArray *items, char *(*shown)(const Item *item))
{
	for (guint i = 0; i < items->len; i++) {
		g_autofree char *name = shown(g_ptr_array_index(items, i));

		if (i > 0)
			g_string_append(text, i + 1 == items->len ? " and " : ", ");
		g_string_append(text, name);
	}
}

/* "bump golang from 1.21 to 1.26". */
static void append_move(GString *text, const char *verb, const char *name, const Item *item)
{
	g_string_append_printf(text, "%s %s", verb, name);
	if (item->from != NULL)
		g_string_append_printf(text, " from %s", item->from);
	g_string_append_printf(text, " to %s", item->to);
}

static void append_count(GString *text, const char *before, guint count, const char *one,
			 const char *many)
{
	g_string_append_printf(text, "%s%u %s", before, count, count == 1 ? one : many);
}

static void append_directory(GString *text, const Topic *topic)
{
	if (strcmp(directory_at(topic, 0), "/") != 0)
		g_string_append_printf(text, " in %s", directory_at(topic, 0));
}

static void append_by_name(GString *text, const Topic *topic, const char *verb)
{
	g_string_append_printf(text, "%s %s", verb, item_at(topic, 0)->name);
	if (topic->directories->len > 1)
		append_count(text, " across ", topic->directories->len, "directory", "directories");
	else
		g_string_append_printf(text, " in %s", directory_at(topic, 0));
}

static void append_group_title(GString *text, const Topic *topic, guint names)
{
	bool is_across = topic->is_across || topic->directories->len > 1;

	if (topic->is_by_name) {
		append_by_name(text, topic, "bump");
		return;
	}
	if (topic->ecosystem == NULL) {
		g_string_append_printf(text, "bump the \"%s\" group", topic->group);
		append_count(text, " with ", names, "update", "updates");
		g_string_append(text, " across multiple ecosystems");
		return;
	}
	if (names == 1 && topic->directories->len == 1) {
		append_move(text, "bump", item_at(topic, 0)->name, item_at(topic, 0));
		append_directory(text, topic);
		g_string_append_printf(text, " in the %s group", topic->group);
		g_string_append(text, is_across ? " across 1 directory" : "");
		return;
	}
	g_string_append_printf(text, "bump the %s group", topic->group);
	if (is_across)
		append_count(text, " across ", topic->directories->len, "directory", "directories");
	else
		append_directory(text, topic);
	append_count(text, " with ", names, "update", "updates");
}

static void append_note(GString *text, const Topic *topic, const char *note)
{
	if (note != NULL && !topic->is_like_dependabot)
		g_string_append_printf(text, " (%s)", note);
}

/* Two proposals that do the same for two branches are to be told apart. */
static void append_target(GString *text, const Topic *topic)
{
	if (topic->names_target && topic->target_branch != NULL && !topic->is_like_dependabot)
		g_string_append_printf(text, " for %s", topic->target_branch);
}

static void append_title(GString *text, const Topic *topic)
{
	g_autoptr(GPtrArray) firsts = topic_firsts(topic, NULL);
	const Item *first = item_at(topic, 0);

	if (topic->group != NULL) {
		append_group_title(text, topic, firsts->len);
		append_target(text, topic);
		append_note(text, topic, topic->note);
		return;
	}
	if (firsts->len == 1) {
		append_move(text, "bump", first->name, first);
	} else {
		g_string_append(text, "bump ");
		append_names(text, firsts, plain);
	}
	append_directory(text, topic);
	append_target(text, topic);
	append_note(text, topic, firsts->len == 1 ? first->note : topic->note);
}

char *text_title(const Topic *topic, const Style *style)
{
	g_autoptr(GString) title = g_string_new(style->prefix);

	append_title(title, topic);
	if (style->is_capital)
		title->str[strlen(style->prefix)] = 'B';
	if (!topic->is_like_dependabot && g_utf8_strlen(title->str, -1) > TEXT_TITLE_LENGTH)
		g_string_truncate(title,
				  (gsize)(g_utf8_offset_to_pointer(title->str, TEXT_TITLE_LENGTH) -
					  title->str));
	return g_strdup(title->str);
}

/* Drops every " from A to B"; A and B are runs of non-blanks. */
static void drop_versions(GString *text)
{
	const char *p = text->str;

	while ((p = strstr(p, " from ")) != NULL) {
		const char *from = p, *blank = " \t\r\n\f\v";

		p += strlen(" from ");
		p += strcspn(p, blank);
		if (p == from + strlen(" from ") || !g_str_has_prefix(p, " to ") ||
		    strcspn(p + 4, blank) == 0) {
			p = from + 1;
			continue;
		}
		p += 4 + strcspn(p + 4, blank);
		g_string_erase(text, from - text->str, p - from);
		p = from;
	}
}

char *text_subject(const char *title)
{
	g_autoptr(GString) subject = g_string_new(title);
	const char *in;

	g_string_replace(subject, "⬆️", ":arrow_up:", 0);
	g_string_replace(subject, "🔒", ":lock:", 0);
	if (g_utf8_strlen(subject->str, -1) > SUBJECT_LENGTH)
		drop_versions(subject);
	in = strstr(subject->str, " in ");
	if (g_utf8_strlen(subject->str, -1) > SUBJECT_LENGTH && in != NULL)
		g_string_truncate(subject, (gsize)(in - subject->str));
	return g_strdup(subject->str);
}

static bool is_shown(const Fit *fit, guint i, SectionKind kind)
{
	return fit != NULL && (kind < fit->kind || (kind == fit->kind && i < fit->items));
}

/* Links first: what follows a block on the next line would be taken for HTML. */
static void append_links(GString *text, const Item *item, guint i, const Fit *fit)
{
	for (SectionKind kind = SECTION_IMAGE; kind <= SECTION_COMMITS; kind++) {
		const Section *section = item_section(item, kind);
		const char *url = section != NULL           ? section->url
				  : kind == SECTION_COMMITS ? item->changes
							    : NULL;

		if (url != NULL && (section == NULL || !is_shown(fit, i, kind)))
			g_string_append_printf(text, "- [%s](%s)\n", section_title(kind), url);
	}
}

static void append_blocks(GString *text, const Item *item, guint i, const Fit *fit)
{
	bool is_any = false;

	for (SectionKind kind = SECTION_IMAGE; kind <= SECTION_COMMITS; kind++) {
		const Section *section = is_shown(fit, i, kind) ? item_section(item, kind) : NULL;
		g_autofree char *block =
			section != NULL ? section_block(section, item->name) : g_strdup("");

		g_string_append(text, block);
		is_any |= section != NULL;
	}
	if (is_any)
		g_string_append(text, "\n<br />\n");
}

static void append_more(GString *text, const Topic *topic, guint i, const Fit *fit)
{
	append_links(text, item_at(topic, i), i, fit);
	append_blocks(text, item_at(topic, i), i, fit);
}

/* "Updates `golang` from 1.21.6 to 1.26.3": a line that others read. */
static void append_update(GString *text, const Topic *topic, guint i, const Fit *fit)
{
	const Item *item = item_at(topic, i);
	g_autofree char *name = g_strdup_printf("`%s`", item->name);

	g_string_append_c(text, '\n');
	append_move(text, "Updates", name, item);
	g_string_append_c(text, '\n');
	if (item->note != NULL && !topic->is_like_dependabot)
		g_string_append_printf(text, "(%s)\n", item->note);
	append_more(text, topic, i, fit);
}

/* A version in a cell of the table: always in backticks. */
static char *cell(const char *version)
{
	if (version == NULL)
		return g_strdup("");
	return *version == '`' ? g_strdup(version) : g_strdup_printf("`%s`", version);
}

/* ": a, b and c." or a table, of the items in `directory` (NULL: all), each name once. */
static void append_members(GString *text, const Topic *topic, const char *directory)
{
	g_autoptr(GPtrArray) firsts = topic_firsts(topic, directory);

	append_count(text, " with ", firsts->len, "update", "updates");
	if (directory != NULL)
		g_string_append_printf(text, " in the %s directory", directory);
	if (firsts->len < SHORT_LIST) {
		g_string_append(text, ": ");
		append_names(text, firsts, linked);
		g_string_append(text, ".\n");
		return;
	}
	g_string_append(text, ":\n\n| Package | From | To |\n| --- | --- | --- |\n");
	for (guint i = 0; i < firsts->len; i++) {
		const Item *item = g_ptr_array_index(firsts, i);
		g_autofree char *from = cell(item->from), *to = cell(item->to);
		g_autofree char *name = linked(item);

		g_string_append_printf(text, "| %s | %s | %s |\n", name, from, to);
	}
}

static void append_group_intro(GString *text, const Topic *topic)
{
	if (topic->is_by_name) {
		append_by_name(text, topic, "Bumps");
		g_string_append(text, ":\n\n");
		for (guint i = 0; i < topic->items->len; i++) {
			const Item *item = item_at(topic, i);

			append_move(text, "-", item->directory, item);
			g_string_append_c(text, '\n');
		}
	} else if (topic->ecosystem == NULL) {
		g_string_append_printf(text, "Bumps the \"%s\" group", topic->group);
		append_members(text, topic, NULL);
	} else if (topic->is_across || topic->directories->len > 1) {
		for (guint i = 0; i < topic->directories->len; i++) {
			g_string_append_printf(text, "%sBumps the %s group", i == 0 ? "" : "\n",
					       topic->group);
			append_members(text, topic, directory_at(topic, i));
		}
	} else {
		g_string_append_printf(text, "Bumps the %s group", topic->group);
		append_directory(text, topic);
		append_members(text, topic, NULL);
	}
}

char *text_intro(const Topic *topic, const Fit *fit)
{
	g_autoptr(GPtrArray) firsts = topic_firsts(topic, NULL);
	g_autoptr(GString) text = g_string_new(NULL);
	const Item *first = item_at(topic, 0);

	if (topic->group != NULL) {
		append_group_intro(text, topic);
	} else if (firsts->len == 1) {
		g_autofree char *name = linked(first);

		append_move(text, "Bumps", name, first);
		g_string_append(text, ".\n");
		if (first->note != NULL && !topic->is_like_dependabot)
			g_string_append_printf(text, "\nThis also %s.\n", first->note);
		append_more(text, topic, 0, fit);
	} else {
		g_string_append(text, "Bumps ");
		append_names(text, firsts, linked);
		g_string_append(text, ". These dependencies needed to be updated together.\n");
	}
	if (topic->group != NULL || firsts->len > 1)
		for (guint i = 0; i < topic->items->len; i++)
			append_update(text, topic, i, fit);
	return g_strdup(text->str);
}

/* A scalar as YAML reads it back as the same text: plain where that is so. */
static char *yaml_scalar(const char *text)
{
	g_autofree char *document = g_strconcat("- ", text, "\n", NULL);
	g_autoptr(GBytes) bytes = g_bytes_new(document, strlen(document));
	g_autoptr(YamlFile) file = yaml_read(bytes, SIZE_MAX, NULL);
	const YamlNode *list = file == NULL ? NULL : yaml_root(file, 0);
	const YamlNode *item = NULL;
	g_autoptr(GString) quoted = NULL;

	if (list != NULL && list->kind == YAML_SEQUENCE && list->n_children == 1)
		item = list->children[0];
	if (item != NULL && item->kind == YAML_SCALAR && item->style == YAML_PLAIN &&
	    strcmp(item->value, text) == 0 && yaml_type(item) == YAML_IS_STRING)
		return g_strdup(text);
	quoted = g_string_new(text);
	g_string_replace(quoted, "'", "''", 0);
	return g_strdup_printf("'%s'", quoted->str);
}

Json *text_trailer(const Topic *topic)
{
	Json *list = json_new_array();

	for (guint i = 0; i < topic->items->len; i++) {
		const Item *item = item_at(topic, i);
		Json *entry = json_new_object();

		json_set_string(entry, "dependency-name", item->name);
		json_set_string(entry, "dependency-version", item->version);
		json_set_string(entry, "dependency-type", item->type);
		if (item->update_type != NULL)
			json_set_string(entry, "update-type", item->update_type);
		if (topic->group != NULL)
			json_set_string(entry, "dependency-group", topic->group);
		json_append(list, entry);
	}
	return list;
}

static void append_trailer(GString *text, const Topic *topic)
{
	g_autoptr(Json) list = text_trailer(topic);

	g_string_append(text, "---\nupdated-dependencies:\n");
	for (const Json *entry = json_first(list); entry != NULL; entry = json_next(entry)) {
		const char *lead = "- ";

		for (const Json *key = json_first(entry); key != NULL; key = json_next(key)) {
			g_autofree char *value = yaml_scalar(json_text(key));

			g_string_append_printf(text, "%s%s: %s\n", lead, json_name(key), value);
			lead = "  ";
		}
	}
	g_string_append(text, "...\n");
}

char *text_message(const Topic *topic, const char *subject, const char *update_id,
		   const char *signer)
{
	g_autofree char *intro = text_intro(topic, NULL);
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "%s\n\n%s\n", subject, intro);
	append_trailer(text, topic);
	if (update_id != NULL || signer != NULL)
		g_string_append_c(text, '\n');
	if (update_id != NULL)
		g_string_append_printf(text, IDENTITY_TRAILER ": %s\n", update_id);
	if (signer != NULL)
		g_string_append_printf(text, "Signed-off-by: %s\n", signer);
	return g_string_free(text, FALSE);
}

char *text_signer(const Wording *wording)
{
	if (strcmp(wording->prefix, "dependabot") == 0)
		return g_strdup(DEPENDABOT_SIGNER);
	if (wording->author_name == NULL)
		return NULL;
	return g_strdup_printf("%s <%s>", wording->author_name, wording->author_email);
}

static void word_updates(Plan *plan, const Topic *topic, const Style *style, const Wording *wording)
{
	g_autofree char *update_id = identity_trailer(plan), *signer = text_signer(wording);
	g_autofree char *subject = NULL;

	g_free(plan->title);
	plan->title = text_title(topic, style);
	subject = text_subject(plan->title);
	g_free(plan->message);
	plan->message = text_message(topic, subject, update_id, signer);
	g_free(plan->body);
	plan->body = body_of(topic, plan, wording);
}

bool text_fill(Plan *plan, const Wording *wording, GError **error)
{
	bool is_like_dependabot = strcmp(wording->prefix, "dependabot") == 0;
	g_autoptr(Topic) topic = plan->amendment != NULL ? amendment_topic(plan, is_like_dependabot)
							 : topic_of(plan, is_like_dependabot);
	g_auto(Style) style = style_find(topic->commit_message, wording->history);

	topic->names_target = wording->names_target;
	g_free(plan->branch);
	plan->branch = branch_name(topic, wording->prefix, error);
	if (plan->branch == NULL)
		return false;
	g_free(plan->update_key);
	plan->update_key = identity_key(plan);
	if (plan->amendment != NULL)
		amendment_word(plan, topic, &style, wording);
	else
		word_updates(plan, topic, &style, wording);
	return true;
}
