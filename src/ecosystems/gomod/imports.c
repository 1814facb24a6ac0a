/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/imports.h"

#include "ecosystems/gomod/constraints.h"

#include <string.h>

/* A place in a file; bytes are read one after the other, 0 at the end. */
typedef struct {
	const char *p, *end;
	bool is_broken;    /* a syntax error: reading stops */
	bool ended_line;   /* the last skip() passed the end of a line, or of the file */
	const char *text;  /* the file's beginning; only with: */
	GPtrArray *places; /* of ImportPlace, where imports are noted; NULL: nowhere */
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
	const char *from = r->p;

	r->p += 2;
	if (!move_to(r, "*/", true))
		r->is_broken = true;
	if (memchr(from, '\n', (size_t)(r->p - from)) != NULL)
		r->ended_line = true;
}

/* Over blanks and comments. */
static void skip(Reader *r)
{
	r->ended_line = false;
	while (r->p < r->end && !r->is_broken) {
		if (memchr(" \t\r\n", *r->p, 4) != NULL)
			r->ended_line |= *r->p++ == '\n';
		else if (at_text(r, "//"))
			move_to(r, "\n", false);
		else if (at_text(r, "/*"))
			skip_comment(r);
		else
			break;
	}
	r->ended_line |= r->p == r->end;
}

static bool is_keyword(const char *word, size_t length)
{
	static const char *const keywords[] = {
		"break",  "case",        "chan", "const",   "continue", "default", "defer",
		"else",   "fallthrough", "for",  "func",    "go",       "goto",    "if",
		"import", "interface",   "map",  "package", "range",    "return",  "select",
		"struct", "switch",      "type", "var",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(keywords); i++)
		if (strlen(keywords[i]) == length && memcmp(keywords[i], word, length) == 0)
			return true;
	return false;
}

static void read_name(Reader *r)
{
	const char *from;

	skip(r);
	from = r->p;
	if (!is_word(peek(r)) || g_ascii_isdigit(peek(r)))
		r->is_broken = true;
	while (!r->is_broken && is_word(peek(r)))
		r->p++;
	if (is_keyword(from, (size_t)(r->p - from)))
		r->is_broken = true;
}

static bool read_keyword(Reader *r, const char *keyword)
{
	Reader ahead = *r;

	if (r->is_broken || !at_text(r, keyword))
		return false;
	ahead.p += strlen(keyword);
	if (is_word(peek(&ahead)))
		return false;
	*r = ahead;
	return true;
}

/* A string literal, quotes included. */
static bool read_literal(Reader *r, const char **from, size_t *length)
{
	char quote = peek(r);

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

/* How an escape ends: its number has so many digits of a base. */
static int digits_of(char c, int *base)
{
	*base = c >= '0' && c <= '7' ? 8 : 16;
	return c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : *base == 8 ? 3 : 0;
}

/* Appends what an escape after its backslash means; false if Go knows none such. */
static bool append_escaped(GString *text, const char **p, const char *end)
{
	static const char names[] = "abfnrtv\\\"", values[] = "\a\b\f\n\r\t\v\\\"";
	const char *name = *p < end && **p != '\0' ? strchr(names, **p) : NULL;
	char kind = *p < end ? **p : '\0';
	gunichar c = 0;
	int base, digits = digits_of(kind, &base);

	if (name != NULL) {
		(*p)++;
		g_string_append_c(text, values[name - names]);
		return true;
	}
	*p += base == 16 ? 1 : 0;
	if (digits == 0 || end - *p < digits)
		return false;
	for (; digits > 0; digits--, (*p)++) {
		int digit = g_ascii_xdigit_value(**p);

		if (digit < 0 || digit >= base || c > 0x10ffff)
			return false;
		c = c * (gunichar)base + (gunichar)digit;
	}
	if (kind == 'u' || kind == 'U') {
		g_string_append_unichar(text, g_unichar_validate(c) ? c : 0);
		return g_unichar_validate(c);
	}
	g_string_append_c(text, (char)c);
	return c <= 0xff;
}

/* What a literal says; NULL if it is malformed. */
static char *unquoted(const char *literal, size_t length)
{
	const char *p = literal + 1, *end = literal + length - 1;
	g_autoptr(GString) text = g_string_sized_new(length);

	while (p < end) {
		char c = *p++;

		if (*literal == '`' && c == '\r')
			continue;
		if (*literal == '`' || c != '\\')
			g_string_append_c(text, c);
		else if (!append_escaped(text, &p, end))
			return NULL;
	}
	return strlen(text->str) == text->len ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

/* Whether Go's parser takes it for an import path (golang/go go/parser,
 * isValidImport); whether it can be one is asked later. */
static bool is_path(const char *path)
{
	if (*path == '\0' || !g_utf8_validate(path, -1, NULL))
		return false;
	for (const char *p = path; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (!g_unichar_isgraph(c) || c == 0xfffd ||
		    (c < 0x80 && strchr("!\"#$%&'()*,:;<=>?[\\]^{|}`", (int)c) != NULL))
			return false;
	}
	return true;
}

static bool is_left_out(const char *path)
{
	return strcmp(path, "C") == 0 || strcmp(path, "appengine") == 0 ||
	       g_str_has_prefix(path, "appengine/") || g_str_has_prefix(path, "appengine_internal");
}

static void note_place(const Reader *r, const char *path, const char *literal, size_t length)
{
	ImportPlace *place = g_new0(ImportPlace, 1);

	place->path = g_strdup(path);
	place->span.from = (uint32_t)(literal - r->text);
	place->span.to = place->span.from + (uint32_t)length;
	g_ptr_array_add(r->places, place);
}

/* [name | .] string. The name and its string are in one line: Go would take the line's
 * end for a semicolon. */
static void read_import(Reader *r, GPtrArray *imports)
{
	const char *literal = NULL;
	size_t length = 0;
	g_autofree char *path = NULL;

	skip(r);
	if (peek(r) == '.') {
		r->p++;
		skip(r);
	} else if (is_word(peek(r))) {
		read_name(r);
		skip(r);
		r->is_broken |= r->ended_line;
	}
	if (!read_literal(r, &literal, &length))
		return;
	path = unquoted(literal, length);
	if (path != NULL && r->places != NULL)
		note_place(r, path, literal, length);
	if (path == NULL || !is_path(path))
		r->is_broken = true;
	else if (!is_left_out(path))
		g_ptr_array_add(imports, g_steal_pointer(&path));
}

/* Whether a part ends neither with its line nor with a semicolon. */
static bool goes_on(Reader *r)
{
	skip(r);
	if (r->ended_line)
		return false;
	if (peek(r) != ';')
		return true;
	r->p++;
	skip(r);
	return false;
}

/* Behind an element of a list its end will do. */
static void end_element(Reader *r)
{
	if (goes_on(r) && peek(r) != ')')
		r->is_broken = true;
}

/* Behind a declaration Go's reader of imports cuts the file where the next word cannot be
 * `import`, so that its parser finds the end of the file there. */
static void end_declaration(Reader *r)
{
	if (goes_on(r) && peek(r) == 'i')
		r->is_broken = true;
}

/* The package's name and the import declarations; `*end` is behind the last. */
static void read_declarations(Reader *r, GPtrArray *imports, const char **end)
{
	read_name(r);
	*end = r->p;
	for (end_declaration(r); read_keyword(r, "import"); end_declaration(r)) {
		skip(r);
		if (peek(r) != '(') {
			read_import(r, imports);
		} else {
			r->p++;
			for (skip(r); !r->is_broken && peek(r) != ')'; end_element(r))
				read_import(r, imports);
			if (!r->is_broken)
				r->p++;
		}
		*end = r->p;
	}
}

/* Nowhere, not even in comments, does Go's scanner take other bytes than UTF-8, a NUL
 * or a byte-order mark. */
static bool is_text(const char *from, const Reader *end)
{
	size_t length = (size_t)(end->p - from);

	return g_utf8_validate(from, (gssize)length, NULL) &&
	       memmem(from, length, "\xef\xbb\xbf", 3) == NULL &&
	       (end->p == end->end || *end->p != '\0');
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
	const char *from, *imports_end = NULL;
	Constraints constraints;

	r.end = r.p + length;
	imports->imports = g_ptr_array_new_with_free_func(g_free);
	imports->embeds = g_ptr_array_new_with_free_func(g_free);
	if (at_text(&r, "\xef\xbb\xbf"))
		r.p += 3;
	from = r.p;
	skip(&r);
	constraints = constraints_read(from, (size_t)(r.p - from));
	imports->is_included = constraints == CONSTRAINTS_ALLOW;
	imports->is_source = imports->is_included || constraints == CONSTRAINTS_DISAGREE;
	if (read_keyword(&r, "package"))
		read_declarations(&r, imports->imports, &imports_end);
	else
		r.is_broken = true;
	imports->is_broken = r.is_broken || !is_text(from, &r) ||
			     constraints == CONSTRAINTS_MALFORMED ||
			     constraints == CONSTRAINTS_DISAGREE;
	if (wants_embeds && !imports->is_broken && has_import(imports->imports, "embed")) {
		r.p = imports_end;
		read_embeds(&r, imports->embeds);
	}
	if (imports->is_broken || !imports->is_included)
		g_ptr_array_set_size(imports->imports, 0);
	return imports;
}

static void place_free(void *data)
{
	g_free(((ImportPlace *)data)->path);
	g_free(data);
}

GPtrArray *imports_places(const char *text, size_t length)
{
	g_autoptr(GPtrArray) imports = g_ptr_array_new_with_free_func(g_free);
	Reader r = { .p = length > 0 ? text : "" };
	const char *end = NULL;

	r.places = g_ptr_array_new_with_free_func(place_free);
	r.text = r.p;
	r.end = r.p + length;
	if (length > UINT32_MAX)
		return r.places;
	if (at_text(&r, "\xef\xbb\xbf"))
		r.p += 3;
	skip(&r);
	if (read_keyword(&r, "package"))
		read_declarations(&r, imports, &end);
	else
		r.is_broken = true;
	if (r.is_broken)
		g_ptr_array_set_size(r.places, 0);
	return r.places;
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
