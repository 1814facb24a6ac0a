/* SPDX-License-Identifier: MIT */
#include "policy/match.h"

#include <glib.h>

#include <string.h>

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
