/* SPDX-License-Identifier: MIT */
#include "upkeepd/edit.h"

#include <string.h>

static void edit_free(void *edit)
{
	g_free(((Edit *)edit)->text);
	g_free(edit);
}

GPtrArray *edits_new(void)
{
	return g_ptr_array_new_with_free_func(edit_free);
}

void edits_add(GPtrArray *edits, Span span, const char *text)
{
	Edit *edit = g_new0(Edit, 1);

	edit->span = span;
	edit->text = g_strdup(text);
	g_ptr_array_add(edits, edit);
}

/* By place; insertions before the replacement that begins there. */
static int by_span(const void *a, const void *b, void *unused G_GNUC_UNUSED)
{
	const Edit *x = *(Edit *const *)a, *y = *(Edit *const *)b;

	if (x->span.from != y->span.from)
		return x->span.from < y->span.from ? -1 : 1;
	if (x->span.to != y->span.to)
		return x->span.to < y->span.to ? -1 : 1;
	return 0;
}

static bool is_same(const Edit *x, const Edit *y)
{
	return x->span.from == y->span.from && x->span.to == y->span.to &&
	       span_length(x->span) > 0 && strcmp(x->text, y->text) == 0;
}

GBytes *edits_apply(GBytes *before, const GPtrArray *edits, GError **error)
{
	gsize length;
	const char *text = g_bytes_get_data(before, &length);
	g_autofree const Edit **sorted = g_new(const Edit *, edits->len + 1);
	g_autoptr(GByteArray) after = g_byte_array_new();
	uint32_t at = 0;

	for (guint i = 0; i < edits->len; i++)
		sorted[i] = g_ptr_array_index(edits, i);
	/* GLib's sort is stable: insertions at one place keep their order. */
	g_qsort_with_data(sorted, (int)edits->len, sizeof *sorted, by_span, NULL);
	for (guint i = 0; i < edits->len; i++) {
		const Edit *edit = sorted[i];

		if (i > 0 && is_same(sorted[i - 1], edit))
			continue;
		if (edit->span.from > edit->span.to || edit->span.to > length)
			return fail_null(error, FAILURE_INPUT,
					 "an edit of bytes %u to %u lies outside of the file",
					 edit->span.from, edit->span.to);
		if (edit->span.from < at)
			return fail_null(error, FAILURE_INPUT, "two edits overlap at byte %u",
					 edit->span.from);
		g_byte_array_append(after, (const guint8 *)text + at, edit->span.from - at);
		g_byte_array_append(after, (const guint8 *)edit->text, (guint)strlen(edit->text));
		at = edit->span.to;
	}
	if (length > 0)
		g_byte_array_append(after, (const guint8 *)text + at, (guint)(length - at));
	return g_byte_array_free_to_bytes(g_steal_pointer(&after));
}

void position_of(GBytes *bytes, uint32_t at, int *line, int *column)
{
	gsize length;
	const char *text = g_bytes_get_data(bytes, &length);
	uint32_t start = 0;

	*line = 1;
	for (uint32_t i = 0; i < at && i < length; i++)
		if (text[i] == '\n') {
			(*line)++;
			start = i + 1;
		}
	*column = (int)(at - start) + 1;
}
