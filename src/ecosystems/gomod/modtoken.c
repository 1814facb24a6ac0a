/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modtoken.h"

#include <string.h>

/* Bytes of the longest character in UTF-8. */
#define LONGEST 4

gunichar modtoken_character(const char *text, size_t length, uint32_t *width)
{
	gunichar c = g_utf8_get_char_validated(text, (gssize)length);

	if (c >= (gunichar)-2) {
		*width = 1;
		return 0xfffd;
	}
	*width = (uint32_t)(g_utf8_next_char(text) - text);
	return c;
}

bool modtoken_is_space(gunichar c)
{
	if ((c >= '\t' && c <= '\r') || c == 0x85)
		return true;
	switch (g_unichar_type(c)) {
	case G_UNICODE_SPACE_SEPARATOR:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return true;
	default:
		return false;
	}
}

bool modtoken_is_print(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_UNASSIGNED:
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_SURROGATE:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return false;
	case G_UNICODE_SPACE_SEPARATOR:
		return c == ' ';
	default:
		return true;
	}
}

const char *modtoken_skip_spaces(const char *text)
{
	uint32_t width;

	while (*text != '\0' &&
	       modtoken_is_space(modtoken_character(text, strnlen(text, LONGEST), &width)))
		text += width;
	return text;
}

char *modtoken_trim(const char *text)
{
	const char *first = modtoken_skip_spaces(text), *end = first;
	uint32_t width;

	for (const char *p = first; *p != '\0'; p = modtoken_skip_spaces(p)) {
		modtoken_character(p, strnlen(p, LONGEST), &width);
		p += width;
		end = p;
	}
	return g_strndup(first, (size_t)(end - first));
}

bool modtoken_is_mark(char c)
{
	return c != '\0' && strchr("()[]{},", c) != NULL;
}

/* Takes `n` digits of `base` off `*p`. */
static bool take_code(const char **p, int n, guint base, gunichar *code)
{
	*code = 0;
	for (; n > 0; n--, ++*p) {
		int digit = g_ascii_xdigit_value(**p);

		if (digit < 0 || digit >= (int)base)
			return false;
		*code = *code * base + (gunichar)digit;
	}
	return true;
}

/* One escape behind its backslash. Source: Go strconv.UnquoteChar. */
static bool take_escape(const char **p, GString *text)
{
	static const char letters[] = "abfnrtv\\\"", meanings[] = "\a\b\f\n\r\t\v\\\"";
	const char *letter = **p != '\0' ? strchr(letters, **p) : NULL;
	gunichar code;
	char kind = **p;

	if (letter != NULL) {
		g_string_append_c(text, meanings[letter - letters]);
		++*p;
		return true;
	}
	if (kind >= '0' && kind <= '7') {
		if (!take_code(p, 3, 8, &code) || code == 0 || code > 0xff)
			return false;
		g_string_append_c(text, (char)code);
		return true;
	}
	if (kind != 'x' && kind != 'u' && kind != 'U')
		return false;
	++*p;
	if (!take_code(p, kind == 'x' ? 2 : kind == 'u' ? 4 : 8, 16, &code) || code == 0)
		return false;
	if (kind == 'x') {
		g_string_append_c(text, (char)code);
		return true;
	}
	if (!g_unichar_validate(code))
		return false;
	g_string_append_unichar(text, code);
	return true;
}

char *modtoken_unquote(const char *token, GError **error)
{
	g_autoptr(GString) text = NULL;
	const char *p = token + 1;

	if (token[0] != '"') {
		if (strpbrk(token, "\"'`") != NULL)
			return fail_null(error, FAILURE_INPUT,
					 "invalid quoted string: unquoted string cannot contain "
					 "quote");
		return g_strdup(token);
	}
	text = g_string_new(NULL);
	while (*p != '"') {
		if (*p == '\0')
			return fail_null(error, FAILURE_INPUT, "invalid quoted string");
		if (*p != '\\') {
			g_string_append_c(text, *p++);
			continue;
		}
		p++;
		if (!take_escape(&p, text))
			return fail_null(error, FAILURE_INPUT,
					 "invalid quoted string: invalid escape");
	}
	if (p[1] != '\0')
		return fail_null(error, FAILURE_INPUT, "invalid quoted string");
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static bool must_quote(const char *text)
{
	size_t length = strlen(text);
	uint32_t width;

	if (length == 0 || strstr(text, "//") != NULL || strstr(text, "/*") != NULL)
		return true;
	for (size_t at = 0; at < length; at += width) {
		gunichar c = modtoken_character(text + at, length - at, &width);

		if (c == ' ' || c == '"' || c == '\'' || c == '`' || !modtoken_is_print(c) ||
		    (length > 1 && c < 128 && modtoken_is_mark((char)c)))
			return true;
	}
	return false;
}

char *modtoken_quote(const char *text)
{
	static const char letters[] = "abfnrtv\\\"", meanings[] = "\a\b\f\n\r\t\v\\\"";
	size_t length = strlen(text);
	GString *token;
	uint32_t width;

	if (!must_quote(text))
		return g_strdup(text);
	token = g_string_new("\"");
	for (size_t at = 0; at < length; at += width) {
		gunichar c = modtoken_character(text + at, length - at, &width);
		const char *meaning = c < 128 ? strchr(meanings, (int)c) : NULL;

		if (meaning != NULL)
			g_string_append_printf(token, "\\%c", letters[meaning - meanings]);
		else if (c == 0xfffd && width == 1)
			g_string_append_printf(token, "\\x%02x", (guchar)text[at]);
		else if (modtoken_is_print(c))
			g_string_append_len(token, text + at, width);
		else if (c < 0x80)
			g_string_append_printf(token, "\\x%02x", c);
		else
			g_string_append_printf(token, c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
	}
	g_string_append_c(token, '"');
	return g_string_free(token, FALSE);
}
