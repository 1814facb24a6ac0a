/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/pattern.h"

#define ANY_BYTE 256
#define ANY_TEXT 257
#define NOWHERE  SIZE_MAX

struct Pattern {
	GArray *tokens;   /* of uint16_t: a byte, ANY_BYTE or ANY_TEXT */
	GArray *reversed; /* the same backwards, for suffixes */
};

/* Tokens or text; a value is reversed by walking it from its end. */
typedef struct {
	const uint16_t *tokens;
	size_t n_tokens;
	Letters text;
	bool is_reversed;
} Match;

static void add(GArray *tokens, uint16_t token)
{
	g_array_append_val(tokens, token);
}

Pattern *pattern_new(Letters text, GError **error)
{
	g_autoptr(Pattern) pattern = g_new0(Pattern, 1);

	pattern->tokens = g_array_new(FALSE, FALSE, sizeof(uint16_t));
	pattern->reversed = g_array_new(FALSE, FALSE, sizeof(uint16_t));
	for (size_t i = 0; i < text.length; i++) {
		char c = text.first[i].byte;
		char next = i + 1 < text.length ? text.first[i + 1].byte : '\0';

		if (c == '*')
			add(pattern->tokens, ANY_TEXT);
		else if (c == '?')
			add(pattern->tokens, ANY_BYTE);
		else if (c != '\\')
			add(pattern->tokens, (unsigned char)c);
		else if (next == '}' || next == '/')
			continue;
		else if (next != '*' && next != '?' && next != '\\')
			return fail_null(error, FAILURE_INPUT, "invalid escape '\\%c' in a pattern",
					 next);
		else
			add(pattern->tokens, (unsigned char)text.first[++i].byte);
	}
	for (guint i = pattern->tokens->len; i > 0; i--)
		add(pattern->reversed, g_array_index(pattern->tokens, uint16_t, i - 1));
	return g_steal_pointer(&pattern);
}

void pattern_free(Pattern *pattern)
{
	if (pattern == NULL)
		return;
	g_array_unref(pattern->tokens);
	g_array_unref(pattern->reversed);
	g_free(pattern);
}

static char text_at(const Match *match, size_t i)
{
	return match->text.first[match->is_reversed ? match->text.length - 1 - i : i].byte;
}

/* Whether tokens `from` to `to`, none of them ANY_TEXT, stand at `at`. */
static bool stands(const Match *match, size_t from, size_t to, size_t at)
{
	if (to - from > match->text.length - at)
		return false;
	for (size_t i = from; i < to; i++)
		if (match->tokens[i] != ANY_BYTE &&
		    match->tokens[i] != (unsigned char)text_at(match, at + i - from))
			return false;
	return true;
}

/* Where tokens `from` to `to` stand at or behind `at`, first or last of all. */
static size_t find(const Match *match, size_t from, size_t to, size_t at, bool is_last)
{
	size_t end = match->text.length, length = to - from;

	if (length > end - at)
		return NOWHERE;
	for (size_t i = at; i <= end - length; i++) {
		size_t place = is_last ? end - length - (i - at) : i;

		if (stands(match, from, to, place))
			return place;
	}
	return NOWHERE;
}

/* The end of what matches from `start` on; NOWHERE if nothing does. The pieces
 * between the stars are placed from left to right, each as early as it can be;
 * the last one alone decides how long the match is. `*is_hopeless` says that
 * no later start can do better: some piece stands nowhere behind this one. */
static size_t match_end(const Match *match, size_t start, bool is_longest, bool *is_hopeless)
{
	size_t from = 0, at = start;

	for (bool is_first = true;; is_first = false) {
		size_t to = from, place;

		while (to < match->n_tokens && match->tokens[to] != ANY_TEXT)
			to++;
		if (is_first)
			place = stands(match, from, to, at) ? at : NOWHERE;
		else
			place = find(match, from, to, at, is_longest && to == match->n_tokens);
		if (place == NOWHERE) {
			*is_hopeless = !is_first;
			return NOWHERE;
		}
		at = place + (to - from);
		if (to == match->n_tokens)
			return at;
		from = to + 1;
	}
}

static Match match_of(GArray *tokens, Letters value, bool is_reversed)
{
	return (Match){ (const uint16_t *)(const void *)tokens->data, tokens->len, value,
			is_reversed };
}

Letters pattern_strip_prefix(const Pattern *pattern, Letters value, bool is_longest)
{
	Match match = match_of(pattern->tokens, value, false);
	bool is_hopeless;
	size_t end = match_end(&match, 0, is_longest, &is_hopeless);

	return end == NOWHERE ? value : letters_from(value, end);
}

Letters pattern_strip_suffix(const Pattern *pattern, Letters value, bool is_longest)
{
	Match match = match_of(pattern->reversed, value, true);
	bool is_hopeless;
	size_t end = match_end(&match, 0, is_longest, &is_hopeless);

	return end == NOWHERE ? value : letters_until(value, value.length - end);
}

bool pattern_find(const Pattern *pattern, Letters value, size_t *from, size_t *to)
{
	Match match = match_of(pattern->tokens, value, false);

	for (size_t start = 0; start <= value.length; start++) {
		bool is_hopeless = false;
		size_t end = match_end(&match, start, true, &is_hopeless);

		if (end != NOWHERE) {
			*from = start;
			*to = end;
			return true;
		}
		if (is_hopeless)
			return false;
	}
	return false;
}

size_t pattern_cost(const Pattern *pattern, Letters value)
{
	return (value.length + 1) * (pattern->tokens->len + 1);
}
