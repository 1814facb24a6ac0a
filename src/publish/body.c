/* SPDX-License-Identifier: MIT */
#include "publish/body.h"

#include "base/text.h"
#include "publish/identity.h"
#include "publish/quote.h"
#include "publish/section.h"

#include <string.h>

/* Of a large group the first will do. */
enum { NOTICES_SHOWN = 20, NOTICE_LENGTH = 200 };

static const char footer[] =
	"\n---\n\n"
	"upkeepd rebuilds this branch as long as nobody else pushes to it, and closes it when "
	"it is no longer needed. Closing it without merging means: not this version.\n";

/* "`example.org/a` is deprecated: "use example.org/b"."; the caller's. */
static char *notice_line(const Notice *notice)
{
	g_autofree char *quote =
		notice->quote != NULL ? quote_line(notice->quote, NOTICE_LENGTH) : g_strdup("");

	if (*quote == '\0')
		return g_strconcat(notice->text, ".", NULL);
	return g_strdup_printf("%s: \"%s\"", notice->text, quote);
}

/* What is to be known first. Of one thing in several directories it is said once. */
static char *notices_of(const Topic *topic)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GTree) seen = g_tree_new_full(text_compare, NULL, NULL, NULL);
	GString *notices = g_string_new(NULL);

	for (guint i = 0; i < topic->items->len; i++) {
		const Item *item = g_ptr_array_index(topic->items, i);

		for (guint k = 0; item->notices != NULL && k < item->notices->len; k++) {
			char *line = notice_line(g_ptr_array_index(item->notices, k));

			g_ptr_array_add(lines, line);
			if (g_tree_lookup(seen, line) != NULL)
				continue;
			g_tree_insert(seen, line, line);
			if (g_tree_nnodes(seen) <= NOTICES_SHOWN)
				g_string_append_printf(notices, "> - %s\n", line);
		}
	}
	if (g_tree_nnodes(seen) > NOTICES_SHOWN)
		g_string_append_printf(notices, "> - … (%d more)\n",
				       g_tree_nnodes(seen) - NOTICES_SHOWN);
	if (notices->len > 0) {
		g_string_prepend(notices, "> [!NOTE]\n");
		g_string_append_c(notices, '\n');
	}
	return g_string_free(notices, FALSE);
}

static void append_remarks(GString *body, const GPtrArray *remarks)
{
	if (remarks->len == 0)
		return;
	g_string_append(body, "\nWith it:\n\n");
	for (guint i = 0; i < remarks->len; i++)
		g_string_append_printf(body, "- %s\n", (char *)g_ptr_array_index(remarks, i));
}

/* Collapsed, so that it is news with something else alone (section_skeleton()). */
static char *absent_of(const Plan *plan)
{
	const GPtrArray *absent = plan->absent;
	GString *body = g_string_new(NULL);

	if (absent->len == 0)
		return g_string_free(body, FALSE);
	g_string_append(body, "\n<details>\n<summary>Left out of the group</summary>\n\n");
	for (guint i = 0; i < absent->len; i++) {
		g_autofree char *line = notice_line(g_ptr_array_index(absent, i));

		g_string_append_printf(body, "- %s\n", line);
	}
	g_string_append(body, "</details>\n");
	return g_string_free(body, FALSE);
}

/* What a text loses if it shows a link in place of the section's block, about; never
 * less. */
static size_t block_length(const Item *item, const Section *section)
{
	g_autofree char *block = section_block(section, item->name);
	size_t link =
		section->url == NULL ? 0 : strlen(section->url) + strlen("- [Release notes]()\n");

	return strlen(block) > link ? strlen(block) - link : 0;
}

/* The intro with as many sections as leave it in `room` bytes. */
static char *fitting_intro(const Topic *topic, size_t room)
{
	Fit fit = { SECTION_COMMITS, topic->items->len };
	g_autofree char *whole = text_intro(topic, &fit), *cut = NULL;
	size_t length = strlen(whole) + strlen("\n" SECTION_LEFT_OUT "\n");

	if (strlen(whole) <= room)
		return g_steal_pointer(&whole);
	for (size_t kind = SECTION_COMMITS + 1; kind-- > 0 && length > room;)
		for (guint i = topic->items->len; i-- > 0 && length > room;) {
			const Item *item = g_ptr_array_index(topic->items, i);
			const Section *section = item_section(item, (SectionKind)kind);

			fit = (Fit){ (SectionKind)kind, i };
			length -= section != NULL ? block_length(item, section) : 0;
		}
	cut = text_intro(topic, &fit);
	return g_strconcat(cut, "\n" SECTION_LEFT_OUT "\n", NULL);
}

char *body_of(const Topic *topic, const Plan *plan, const Wording *wording)
{
	g_autofree char *intro = NULL, *notices = notices_of(topic), *absent = absent_of(plan);
	g_autofree char *marker =
		identity_marker(plan, wording->repository == NULL ? "" : wording->repository,
				wording->names_branch);
	g_autoptr(GString) remarks = g_string_new(NULL), body = NULL;
	const char *waiting = plan->is_waiting_for_notes ? "\n" SECTION_WAITING "\n" : "";
	size_t around, tail = strlen(footer) + strlen(waiting) + strlen(marker) + 2;
	size_t room = wording->max_body == 0     ? SIZE_MAX
		      : wording->max_body > tail ? wording->max_body - tail
						 : 0;

	append_remarks(remarks, plan->remarks);
	around = strlen(notices) + remarks->len + strlen(absent);
	intro = fitting_intro(topic, room > around ? room - around : 0);
	body = g_string_new(notices);
	g_string_append(body, intro);
	g_string_append(body, remarks->str);
	/* Whole lines from the end; the marker always stays. */
	while (body->len > room) {
		const char *line = g_strrstr_len(body->str, (gssize)body->len - 1, "\n");

		g_string_truncate(body, line == NULL ? 0 : (gsize)(line - body->str) + 1);
	}
	if (body->len + strlen(absent) <= room)
		g_string_append(body, absent);
	g_string_append_printf(body, "%s%s\n%s\n", footer, waiting, marker);
	return g_strdup(body->str);
}

bool body_is_waiting(const char *body)
{
	return strstr(body, "\n" SECTION_WAITING) != NULL;
}

bool body_is_same(const char *there, const char *wanted)
{
	g_auto(GStrv) lines = g_strsplit(there != NULL ? there : "", "\r\n", -1);
	g_autofree char *joined = g_strjoinv("\n", lines);
	g_autofree char *skeleton = section_skeleton(joined);
	g_autofree char *other = section_skeleton(wanted);

	return strcmp(skeleton, other) == 0 &&
	       (!body_is_waiting(joined) || body_is_waiting(wanted));
}
