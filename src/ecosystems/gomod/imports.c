/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/imports.h"

#include "ecosystems/gomod/constraints.h"

#include <string.h>

/* A place in a file; bytes are read one after the other, 0 at the end. */
typedef struct {
	const char *p, *end;
	bool is_broken; /* a syntax error: reading stops */
} Reader;

static char peek(const Reader *r)
{
	return r->p < r->end ? *r->p : '\0';
}

static bool is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_' || (c & 0x80) != 0;
}

static bool at_text(const Reader *r, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(r->end - r->p) >= length && memcmp(r->p, text, length) == 0;
}

/* Moves to `text`, or beyond it; to the end of the file if it is nowhere. */
static bool move_to(Reader *r, const char *text, bool beyond)
{
	const char *found = memmem(r->p, (size_t)(r->end - r->p), text, strlen(text));

	r->p = found == NULL ? r->end : beyond ? found + strlen(text) : found;
	return found != NULL;
}

static void skip_comment(Reader *r)
{
	r->p += 2;
	if (!move_to(r, "*/", true))
		r->is_broken = true;
}

/* Over blanks, comments and semicolons, which mean nothing here. */
static void skip(Reader *r)
{
	while (r->p < r->end && !r->is_broken) {
		if (memchr(" \f\t\r\n;", *r->p, 6) != NULL)
			r->p++;
		else if (at_text(r, "//"))
			move_to(r, "\n", false);
		else if (at_text(r, "/*"))
			skip_comment(r);
		else
			break;
	}
}

static void read_word(Reader *r)
{
	skip(r);
	if (!is_word(peek(r)))
		r->is_broken = true;
	while (!r->is_broken && is_word(peek(r)))
		r->p++;
}

static bool read_keyword(Reader *r, const char *keyword)
{
	skip(r);
	if (r->is_broken || !at_text(r, keyword))
		return false;
	r->p += strlen(keyword);
	return !is_word(peek(r));
}

/* A string literal, quotes included. */
static bool read_literal(Reader *r, const char **from, size_t *length)
{
	char quote;

	skip(r);
	quote = peek(r);
	*from = r->p;
	if (r->is_broken || (quote != '"' && quote != '`'))
		return !(r->is_broken = true);
	for (r->p++; r->p < r->end && *r->p != quote; r->p++) {
		if (quote == '"' && *r->p == '\n')
			return !(r->is_broken = true);
		if (quote == '"' && *r->p == '\\' && r->p + 1 < r->end)
			r->p++;
	}
	if (r->p == r->end)
		return !(r->is_broken = true);
	r->p++;
	*length = (size_t)(r->p - *from);
	return true;
}

/* The value of an escape after its backslash; 0 if Go knows none such, or one
 * that no path holds (octal and hex bytes, which nobody writes there). */
static gunichar escaped(const char **p, const char *end)
{
	static const char names[] = "abfnrtv\\\"", values[] = "\a\b\f\n\r\t\v\\\"";
	const char *name = *p < end ? strchr(names, **p) : NULL;
	int digits = *p < end && **p == 'u' ? 4 : *p < end && **p == 'U' ? 8 : 0;
	gunichar c = 0;

	if (name != NULL && *name != '\0') {
		(*p)++;
		return (gunichar)(unsigned char)values[name - names];
	}
	if (digits == 0 || end - *p <= digits)
		return 0;
	for (int i = 1; i <= digits; i++) {
		int digit = g_ascii_xdigit_value((*p)[i]);

		if (digit < 0 || c > 0x10ffff)
			return 0;
		c = c * 16 + (gunichar)digit;
	}
	*p += digits + 1;
	return g_unichar_validate(c) ? c : 0;
}

/* What a literal says; NULL if it is malformed. */
static char *unquoted(const char *literal, size_t length)
{
	const char *p = literal + 1, *end = literal + length - 1;
	g_autoptr(GString) text = g_string_sized_new(length);

	while (p < end) {
		char c = *p++;
		gunichar wide;

		if (*literal == '`' && c == '\r')
			continue;
		if (*literal == '`' || c != '\\') {
			g_string_append_c(text, c);
			continue;
		}
		wide = escaped(&p, end);
		if (wide == 0)
			return NULL;
		g_string_append_unichar(text, wide);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static bool is_left_out(const char *path)
{
	return strcmp(path, "C") == 0 || strcmp(path, "appengine") == 0 ||
	       g_str_has_prefix(path, "appengine/") || g_str_has_prefix(path, "appengine_internal");
}

/* [name | .] string */
static void read_import(Reader *r, GPtrArray *imports)
{
	const char *literal = NULL;
	size_t length = 0;
	char *path;

	skip(r);
	if (peek(r) == '.')
		r->p++;
	else if (is_word(peek(r)))
		read_word(r);
	if (!read_literal(r, &literal, &length))
		return;
	path = unquoted(literal, length);
	/* A NUL would hide what follows it. */
	if (path == NULL || memchr(literal, '\0', length) != NULL || is_left_out(path))
		g_free(path);
	else
		g_ptr_array_add(imports, path);
}

/* The package's name and the import declarations; `*end` is behind the last. */
static void read_declarations(Reader *r, GPtrArray *imports, const char **end)
{
	read_word(r);
	for (*end = r->p; !r->is_broken && read_keyword(r, "import"); *end = r->p) {
		skip(r);
		if (peek(r) != '(') {
			read_import(r, imports);
			continue;
		}
		r->p++;
		for (skip(r); !r->is_broken && peek(r) != ')'; skip(r))
			read_import(r, imports);
		if (!r->is_broken)
			r->p++;
	}
}

/* The arguments of one `//go:embed` comment: words and quoted words. A line with
 * a malformed one counts for nothing; the compiler will say so. */
static void read_patterns(const char *p, const char *end, GPtrArray *embeds)
{
	guint before = embeds->len;

	for (;;) {
		Reader r = { .p = p, .end = end };
		size_t length = 0;
		char *pattern;

		while (p < end && g_ascii_isspace(*p))
			p++;
		if (p == end)
			return;
		r.p = p;
		if (*p == '"' || *p == '`') {
			if (!read_literal(&r, &p, &length))
				break;
			pattern = unquoted(p, length);
			if (pattern == NULL || (r.p < end && !g_ascii_isspace(*r.p))) {
				g_free(pattern);
				break;
			}
			p = r.p;
		} else {
			while (p + length < end && !g_ascii_isspace(p[length]))
				length++;
			pattern = g_strndup(p, length);
			p += length;
		}
		g_ptr_array_add(embeds, pattern);
	}
	g_ptr_array_set_size(embeds, (gint)before);
}

/* Over a string or rune literal, so that no comment is found inside. */
static void skip_literal(Reader *r)
{
	char quote = *r->p++;

	while (r->p < r->end && *r->p != quote) {
		if (quote != '`' && *r->p == '\\' && r->p + 1 < r->end)
			r->p++;
		r->p++;
	}
	if (r->p < r->end)
		r->p++;
}

/* `//go:embed` at the start of a line, behind the imports. */
static void read_embeds(Reader *r, GPtrArray *embeds)
{
	bool is_at_start = false; /* the imports ended somewhere in a line */

	while (r->p < r->end) {
		if (at_text(r, "//")) {
			const char *from = r->p;
			size_t word = strlen("//go:embed");

			move_to(r, "\n", false);
			if (is_at_start && (size_t)(r->p - from) > word &&
			    memcmp(from, "//go:embed", word) == 0 &&
			    (from[word] == ' ' || from[word] == '\t'))
				read_patterns(from + word, r->p, embeds);
		} else if (at_text(r, "/*")) {
			skip_comment(r);
			is_at_start = false;
		} else if (strchr("\"`'", *r->p) != NULL && *r->p != '\0') {
			skip_literal(r);
			is_at_start = false;
		} else {
			if (*r->p == '\n')
				is_at_start = true;
			else if (*r->p != ' ' && *r->p != '\t')
				is_at_start = false;
			r->p++;
		}
	}
}

static bool has_import(const GPtrArray *imports, const char *path)
{
	for (guint i = 0; i < imports->len; i++)
		if (strcmp(imports->pdata[i], path) == 0)
			return true;
	return false;
}

Imports *imports_read(const char *text, size_t length, bool wants_embeds)
{
	Imports *imports = g_new0(Imports, 1);
	Reader r = { .p = length > 0 ? text : "" };
	const char *from;

	r.end = r.p + length;
	imports->imports = g_ptr_array_new_with_free_func(g_free);
	imports->embeds = g_ptr_array_new_with_free_func(g_free);
	if (at_text(&r, "\xef\xbb\xbf"))
		r.p += 3;
	from = r.p;
	skip(&r);
	imports->is_included = constraints_allow(from, (size_t)(r.p - from));
	if (!imports->is_included)
		return imports;
	if (read_keyword(&r, "package"))
		read_declarations(&r, imports->imports, &from);
	if (wants_embeds && has_import(imports->imports, "embed")) {
		r.p = from;
		read_embeds(&r, imports->embeds);
	}
	return imports;
}

void imports_free(Imports *imports)
{
	if (imports == NULL)
		return;
	g_ptr_array_unref(imports->imports);
	g_ptr_array_unref(imports->embeds);
	g_free(imports);
}

bool imports_is_go(const char *name)
{
	return g_str_has_suffix(name, ".go");
}

bool imports_is_read(const char *name)
{
	return imports_is_go(name) && *name != '_' && *name != '.';
}

bool imports_is_test(const char *name)
{
	return g_str_has_suffix(name, "_test.go");
}
