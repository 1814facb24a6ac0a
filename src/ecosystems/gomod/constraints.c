/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/constraints.h"

#include <string.h>

/* As Go's: longer expressions are errors. It bounds the depth as well. */
#define LIMIT_EXPRESSION      1000
#define LIMIT_PLUS_EXPRESSION 100

/* What an expression may come to. */
typedef struct {
	bool can_be_true, can_be_false;
} Truth;

/* A `//go:build` expression on its way through the parser. */
typedef struct {
	const char *p, *end; /* what is left, the present token not included */
	char kind;           /* of the present token: ( ) ! & | t, 0 at the end, '?' for none */
	Truth tag;           /* of a tag */
	int size;
	bool is_broken;
} Expression;

typedef struct {
	const char *text;
	size_t length;
} Slice;

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static Slice trim(Slice s)
{
	while (s.length > 0 && is_blank(*s.text)) {
		s.text++;
		s.length--;
	}
	while (s.length > 0 && is_blank(s.text[s.length - 1]))
		s.length--;
	return s;
}

static bool begins(Slice s, const char *prefix)
{
	return s.length >= strlen(prefix) && memcmp(s.text, prefix, strlen(prefix)) == 0;
}

static Slice cut(Slice s, size_t length)
{
	return (Slice){ s.text + length, s.length - length };
}

/* Bytes of the tag at the start of `s`: letters, digits, `_` and `.`. */
static size_t tag_length(Slice s)
{
	size_t at = 0;

	while (at < s.length) {
		gunichar c = g_utf8_get_char_validated(s.text + at, (gssize)(s.length - at));

		if (c == (gunichar)-1 || c == (gunichar)-2 ||
		    (!g_unichar_isalpha(c) && g_unichar_type(c) != G_UNICODE_DECIMAL_NUMBER &&
		     c != '_' && c != '.'))
			break;
		at += (size_t)g_unichar_to_utf8(c, NULL);
	}
	return at;
}

static Truth truth_of_tag(Slice tag)
{
	return (Truth){ !(tag.length == 6 && begins(tag, "ignore")), true };
}

static Truth negated(Truth t)
{
	return (Truth){ t.can_be_false, t.can_be_true };
}

static Truth both(Truth a, Truth b)
{
	return (Truth){ a.can_be_true && b.can_be_true, a.can_be_false || b.can_be_false };
}

static Truth either(Truth a, Truth b)
{
	return (Truth){ a.can_be_true || b.can_be_true, a.can_be_false && b.can_be_false };
}

static void next_token(Expression *e)
{
	size_t length;

	while (e->p < e->end && (*e->p == ' ' || *e->p == '\t'))
		e->p++;
	if (e->p == e->end) {
		e->kind = 0;
		return;
	}
	e->kind = *e->p;
	if (strchr("()!", e->kind) != NULL) {
		e->p++;
		return;
	}
	if (e->kind == '&' || e->kind == '|') {
		if (e->end - e->p < 2 || e->p[1] != e->kind)
			e->kind = '?';
		e->p += e->kind == '?' ? 0 : 2;
		return;
	}
	length = tag_length((Slice){ e->p, (size_t)(e->end - e->p) });
	e->kind = length > 0 ? 't' : '?';
	e->tag = truth_of_tag((Slice){ e->p, length });
	e->p += length;
}

static Truth parse_or(Expression *e);

static Truth parse_atom(Expression *e)
{
	Truth truth = e->tag;

	if (e->kind == '(') {
		next_token(e);
		truth = parse_or(e);
		if (e->kind != ')')
			e->is_broken = true;
	} else if (e->kind != 't') {
		e->is_broken = true;
	}
	if (!e->is_broken)
		next_token(e);
	return truth;
}

static Truth parse_not(Expression *e)
{
	if (++e->size > LIMIT_EXPRESSION)
		e->is_broken = true;
	if (e->is_broken)
		return (Truth){ false, false };
	if (e->kind != '!')
		return parse_atom(e);
	next_token(e);
	return negated(parse_atom(e)); /* which refuses a second ! */
}

static Truth parse_and(Expression *e)
{
	Truth truth = parse_not(e);

	while (!e->is_broken && e->kind == '&') {
		next_token(e);
		truth = both(truth, parse_not(e));
	}
	return truth;
}

static Truth parse_or(Expression *e)
{
	Truth truth = parse_and(e);

	while (!e->is_broken && e->kind == '|') {
		next_token(e);
		truth = either(truth, parse_and(e));
	}
	return truth;
}

static Constraints expression_says(Slice text)
{
	Expression e = { .p = text.text, .end = text.text + text.length };
	Truth truth;

	next_token(&e);
	truth = parse_or(&e);
	if (e.is_broken || e.kind != 0)
		return CONSTRAINTS_MALFORMED;
	return truth.can_be_true ? CONSTRAINTS_ALLOW : CONSTRAINTS_FORBID;
}

/* One option of a +build line: terms joined by commas. */
static Truth truth_of_option(Slice option, int *size)
{
	Truth truth = { true, false };

	for (;;) {
		const char *comma = memchr(option.text, ',', option.length);
		Slice term = { option.text,
			       comma != NULL ? (size_t)(comma - option.text) : option.length };
		Slice name = begins(term, "!") ? cut(term, 1) : term;
		Truth one = { false, true }; /* what is no tag counts as `ignore` */

		if (name.length > 0 && tag_length(name) == name.length)
			one = truth_of_tag(name);
		if (name.length < term.length && name.length > 0 && *name.text != '!')
			one = negated(one);
		truth = both(truth, one);
		(*size)++;
		if (comma == NULL)
			return truth;
		option = cut(option, term.length + 1);
	}
}

/* The options of a +build line are separated by blanks: one of them must hold. */
static bool plus_allows(Slice text)
{
	bool allows = false;
	int size = -1; /* operators are one fewer than terms */

	for (text = trim(text); text.length > 0; text = trim(text)) {
		size_t length = 0;

		while (length < text.length && !is_blank(text.text[length]))
			length++;
		if (truth_of_option((Slice){ text.text, length }, &size).can_be_true)
			allows = true;
		text = cut(text, length);
	}
	return allows || size > LIMIT_PLUS_EXPRESSION; /* too long is ignored */
}

/* What stands behind `word`, which must be followed by a blank or nothing. */
static bool after_word(Slice line, const char *word, Slice *rest)
{
	if (!begins(line, word))
		return false;
	*rest = cut(line, strlen(word));
	return rest->length == 0 || is_blank(*rest->text);
}

static bool plus_build(Slice line, Slice *rest)
{
	return begins(line, "//") && after_word(trim(cut(line, 2)), "+build", rest);
}

/* The next line, trimmed; `*text` moves on behind it. */
static Slice next_line(Slice *text)
{
	const char *newline = memchr(text->text, '\n', text->length);
	size_t length = newline != NULL ? (size_t)(newline - text->text) : text->length;
	Slice line = trim((Slice){ text->text, length });

	*text = cut(*text, newline != NULL ? length + 1 : length);
	return line;
}

/* Whether only comments stand on `line`; keeps track of an open one. */
static bool is_comment(Slice line, bool *in_comment)
{
	while (line.length > 0) {
		const char *close;

		if (!*in_comment && begins(line, "//"))
			return true;
		if (!*in_comment && !begins(line, "/*"))
			return false;
		if (!*in_comment)
			line = cut(line, 2);
		*in_comment = true;
		close = memmem(line.text, line.length, "*/", 2);
		if (close == NULL)
			return true;
		*in_comment = false;
		line = trim(cut(line, (size_t)(close - line.text) + 2));
	}
	return true;
}

Constraints constraints_read(const char *header, size_t length)
{
	Slice text = { header, length }, go_build = { NULL, 0 }, plus;
	size_t reach = 0; /* +build lines count up to here */
	bool is_open = true, in_comment = false;

	/* Nearly all files, at a glance. */
	if (memmem(header, length, "build", 5) == NULL)
		return CONSTRAINTS_ALLOW;
	while (text.length > 0) {
		Slice line = next_line(&text), rest;

		if (line.length == 0 && is_open) {
			reach = length - text.length;
			continue;
		}
		if (!begins(line, "//"))
			is_open = false;
		if (!in_comment && after_word(line, "//go:build", &rest)) {
			if (go_build.text != NULL)
				return CONSTRAINTS_DISAGREE;
			go_build = trim(rest);
		}
		if (!is_comment(line, &in_comment))
			break;
	}
	if (go_build.text != NULL)
		return expression_says(go_build);
	for (text = (Slice){ header, reach }; text.length > 0;)
		if (plus_build(next_line(&text), &plus) && !plus_allows(plus))
			return CONSTRAINTS_FORBID;
	return CONSTRAINTS_ALLOW;
}
