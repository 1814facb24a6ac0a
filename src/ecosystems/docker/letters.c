/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/letters.h"

#include <string.h>

GArray *letters_new(void)
{
	return g_array_new(FALSE, FALSE, sizeof(Letter));
}

Letters letters_all(const GArray *array)
{
	static const Letter none;

	/* An empty array has no memory, but pointers into it are moved about. */
	return (Letters){ array->len > 0 ? (const Letter *)(const void *)array->data : &none,
			  array->len };
}

void letters_append(GArray *array, Letters letters)
{
	if (letters.length > 0)
		g_array_append_vals(array, letters.first, (guint)letters.length);
}

Letters letters_from(Letters letters, size_t count)
{
	return (Letters){ letters.first + count, letters.length - count };
}

Letters letters_until(Letters letters, size_t count)
{
	return (Letters){ letters.first, count };
}

char *letters_text(Letters letters)
{
	GString *text = g_string_sized_new(letters.length + 1);

	for (size_t i = 0; i < letters.length; i++)
		if (letters.first[i].byte != '\0')
			g_string_append_c(text, letters.first[i].byte);
	return g_string_free(text, FALSE);
}

bool letters_begin(Letters letters, const char *text)
{
	size_t length = strlen(text);

	if (letters.length < length)
		return false;
	for (size_t i = 0; i < length; i++)
		if (letters.first[i].byte != text[i])
			return false;
	return true;
}

bool letters_are(Letters letters, const char *text)
{
	return letters.length == strlen(text) && letters_begin(letters, text);
}

size_t letters_find(Letters letters, char byte)
{
	size_t i = 0;

	while (i < letters.length && letters.first[i].byte != byte)
		i++;
	return i;
}

size_t letters_blank(Letters letters)
{
	char bytes[4] = { 0 };
	gunichar c;

	if (letters.length == 0)
		return 0;
	for (size_t i = 0; i < letters.length && i < 3; i++)
		bytes[i] = letters.first[i].byte;
	if (bytes[0] == ' ' || (bytes[0] >= '\t' && bytes[0] <= '\r'))
		return 1;
	if ((bytes[0] & 0x80) == 0)
		return 0;
	/* The longest white-space characters have three bytes. */
	c = g_utf8_get_char_validated(bytes, (gssize)strlen(bytes));
	if (c == 0x85 || (c <= 0x10ffff && g_unichar_isspace(c)))
		return (size_t)g_unichar_to_utf8(c, NULL);
	return 0;
}

Letters letters_trim(Letters letters)
{
	size_t blank;

	while ((blank = letters_blank(letters)) > 0)
		letters = letters_from(letters, blank);
	for (size_t size = 1; size <= 3 && size <= letters.length;) {
		if (letters_blank(letters_from(letters, letters.length - size)) == size) {
			letters.length -= size;
			size = 1;
		} else {
			size++;
		}
	}
	return letters;
}

bool letters_span(Letters letters, Span *span)
{
	for (size_t i = 0; i < letters.length; i++)
		if (letters.first[i].at >= PLACE_BUILDER ||
		    letters.first[i].at != letters.first[0].at + i)
			return false;
	if (letters.length == 0)
		return false;
	*span = (Span){ letters.first[0].at, letters.first[letters.length - 1].at + 1 };
	return true;
}
