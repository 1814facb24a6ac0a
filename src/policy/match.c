/* SPDX-License-Identifier: MIT */
#include "policy/match.h"

#include <string.h>

/* Patterns that the braces of one may come to, and pairs of braces that are looked at
 * on the way: `{}` makes no more patterns, but costs a copy all the same. */
#define MOST_ALTERNATIVES 64
#define MOST_BRACES       256

/* Each matcher walks text and pattern together and keeps one point to come back
 * to: the last star, and how much of the text it has taken. An earlier star
 * never needs another try, since what follows it up to the last star has matched
 * as early as it can. */

bool match_name(const char *pattern, const char *name)
{
	const char *star = NULL, *taken = NULL;

	if (*pattern == '\0')
		return false;
	while (*name != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			taken = name;
		} else if (g_ascii_tolower(*pattern) == g_ascii_tolower(*name)) {
			pattern++;
			name++;
		} else if (star != NULL) {
			pattern = star;
			name = ++taken;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

/* A set "[…]" that begins at *p: moves *p behind it and says whether `c` is in
 * it. One that is never closed is no set: *p stays and the result is false. */
static bool in_set(const char **p, const char *end, char c)
{
	const char *q = *p + 1;
	bool is_negated = q < end && (*q == '!' || *q == '^');
	bool is_in = false, is_first = true;

	if (is_negated)
		q++;
	for (; q < end && (*q != ']' || is_first); is_first = false) {
		unsigned char low, high;

		if (*q == '\\' && q + 1 < end)
			q++;
		low = high = (unsigned char)*q++;
		if (q + 1 < end && *q == '-' && q[1] != ']') {
			q++;
			if (*q == '\\' && q + 1 < end)
				q++;
			high = (unsigned char)*q++;
		}
		is_in |= low <= (unsigned char)c && (unsigned char)c <= high;
	}
	if (q >= end)
		return false;
	*p = q + 1;
	return is_in != is_negated;
}

/* One step of a pattern other than a star, against one byte. */
static bool step(const char **pattern, const char *end, char c)
{
	const char *p = *pattern;
	bool fits;

	if (p == end)
		return false;
	if (*p == '?') {
		fits = true;
		p++;
	} else if (*p == '[' && (fits = in_set(&p, end, c), p != *pattern)) {
		/* in_set() has moved on. */
	} else {
		if (*p == '\\' && p + 1 < end)
			p++;
		fits = *p++ == c;
	}
	*pattern = p;
	return fits;
}

bool match_component(const char *pattern, size_t pattern_length, const char *text,
		     size_t text_length)
{
	const char *pattern_end = pattern + pattern_length, *end = text + text_length;
	const char *star = NULL, *taken = NULL;

	while (text < end) {
		const char *next = pattern;

		if (pattern < pattern_end && *pattern == '*') {
			star = ++pattern;
			taken = text;
		} else if (step(&next, pattern_end, *text)) {
			pattern = next;
			text++;
		} else if (star != NULL) {
			pattern = star;
			text = ++taken;
		} else {
			return false;
		}
	}
	while (pattern < pattern_end && *pattern == '*')
		pattern++;
	return pattern == pattern_end;
}

bool match_cooldown(const char *pattern, const char *name)
{
	if (*name == '.' && (*pattern == '*' || *pattern == '?' || *pattern == '['))
		return false;
	return match_component(pattern, strlen(pattern), name, strlen(name));
}

/* The matching closing brace of the opening one at `open`; NULL if there is none.
 * `comma` is told of each comma between the two, outside of inner braces. */
static const char *closing_brace(const char *open, GPtrArray *commas)
{
	int depth = 0;

	for (const char *p = open; *p != '\0'; p++) {
		if (*p == '{')
			depth++;
		else if (*p == '}' && --depth == 0)
			return p;
		else if (*p == ',' && depth == 1)
			g_ptr_array_add(commas, (char *)p);
	}
	return NULL;
}

GPtrArray *match_alternatives(const char *pattern)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(list, g_strdup(pattern));
	/* Each turn replaces the first pair of braces of one pattern. */
	for (guint i = 0, turn = 0; i < list->len && turn < MOST_BRACES; turn++) {
		const char *text = list->pdata[i], *open = strchr(text, '{'), *close, *from;
		g_autoptr(GPtrArray) commas = g_ptr_array_new();
		g_autofree char *whole = NULL;

		close = open == NULL ? NULL : closing_brace(open, commas);
		if (close == NULL || list->len + commas->len > MOST_ALTERNATIVES) {
			i++;
			continue;
		}
		g_ptr_array_add(commas, (char *)close);
		from = open + 1;
		for (guint k = 0; k < commas->len; k++) {
			const char *to = commas->pdata[k];

			g_ptr_array_add(list,
					g_strdup_printf("%.*s%.*s%s", (int)(open - text), text,
							(int)(to - from), from, close + 1));
			from = to + 1;
		}
		whole = list->pdata[i];
		list->pdata[i] = g_strdup(list->pdata[list->len - 1]);
		g_ptr_array_set_size(list, (int)list->len - 1);
	}
	return list;
}
