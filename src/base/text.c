/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <string.h>

/* Controls; Unicode's Bidi_Control, and its two ends of lines that are no controls. */
static bool is_plain(gunichar c)
{
	return !g_unichar_iscntrl(c) && c != 0x061c && c != 0x200e && c != 0x200f &&
	       (c < 0x2028 || c > 0x202e) && (c < 0x2066 || c > 0x2069);
}

bool text_is_plain(const char *text)
{
	if (!g_utf8_validate(text, -1, NULL))
		return false;
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
		if (!is_plain(g_utf8_get_char(p)))
			return false;
	return true;
}

char *text_one_line(const char *raw)
{
	g_autofree char *valid = g_utf8_make_valid(raw, -1);
	GString *line = g_string_sized_new(strlen(valid));

	for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		g_string_append_unichar(line, is_plain(c) ? c : ' ');
	}
	return g_string_free(line, FALSE);
}

char *text_short_line(const char *raw, unsigned most)
{
	g_autofree char *line = text_one_line(raw), *beginning = NULL;

	if (g_utf8_strlen(line, -1) <= (glong)most)
		return g_steal_pointer(&line);
	beginning = g_utf8_substring(line, 0, (glong)most);
	return g_strconcat(beginning, "…", NULL);
}

char *text_code(const char *raw)
{
	g_autofree char *plain = text_one_line(raw);

	g_strdelimit(plain, "`|", '\'');
	for (char *p = plain; (p = strstr(p, "<!")) != NULL; p++)
		*p = '\'';
	return g_strdup_printf("`%s`", plain);
}

int text_compare(const void *a, const void *b, void *unused G_GNUC_UNUSED)
{
	return strcmp(a, b);
}

guint text_position(const GPtrArray *sorted, const char *text)
{
	guint low = 0, high = sorted->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (strcmp(sorted->pdata[middle], text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void text_add(GTree *set, char *text)
{
	g_tree_insert(set, text, GINT_TO_POINTER(1));
}
