/* SPDX-License-Identifier: MIT */
#include "publish/changelog.h"

#include <string.h>

/* No heading is longer; nothing beyond is looked at. */
#define LIMIT_HEADING 500

/* A log of a megabyte that is nothing but line ends would cost forty in memory. */
#define LIMIT_LINES 20000

enum { SMALLEST = 100, LARGEST = 1000000 };

static bool begins(const char *name, const char *word)
{
	return g_ascii_strncasecmp(name, word, strlen(word)) == 0;
}

static bool ends(const char *name, const char *word)
{
	size_t length = strlen(name);

	return length >= strlen(word) &&
	       g_ascii_strcasecmp(name + length - strlen(word), word) == 0;
}

int changelog_rank(const char *name, int64_t bytes)
{
	static const char *const words[] = { "changelog", "news",     "changes", "history",
					     "release",   "whatsnew", "releases" };

	if (bytes < SMALLEST || bytes > LARGEST || ends(name, ".sh") || ends(name, ".json"))
		return -1;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (begins(name, words[i]))
			return (int)i;
	return -1;
}

bool changelog_is_guide(const char *name, int64_t bytes)
{
	return g_ascii_strcasecmp(name, "upgrade.md") == 0 && bytes >= SMALLEST && bytes <= LARGEST;
}

bool changelog_is_folder(const char *name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);

	return strstr(lower, "doc") != NULL;
}

static bool is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

/* Where `line` names exactly this version; NULL: it does not. */
static const char *mention(const char *line, const char *version)
{
	size_t length = strlen(version);
	const char *end;

	for (const char *p = strstr(line, version); p != NULL; p = strstr(p + 1, version)) {
		end = p + length;
		if ((p == line || p[-1] != '.') && *end != '.' && *end != '-' && !is_word(*end) &&
		    (p == line || !g_ascii_isdigit(p[-1])))
			return p;
	}
	return NULL;
}

static bool is_dated(const char *line)
{
	static const char form[] = "0000-00-00";

	for (size_t i = 0; form[i] != '\0'; i++)
		if (form[i] == '0' ? !g_ascii_isdigit(line[i]) : line[i] != form[i])
			return false;
	return true;
}

/* "=====", "---", below a heading. */
static bool is_rule(const char *line)
{
	size_t length = strspn(line, "=-+");

	return length >= 3 && line[length + strspn(line + length, " \t\r")] == '\0';
}

/* Whether `line`, which names a version at `at`, is its heading; `next` follows. */
static bool is_heading(const char *line, const char *at, const char *next)
{
	const char *rest = line;

	if (*line == '#' || *line == '!' || g_str_has_prefix(line, "=="))
		return true;
	if (at == line || (at == line + 1 && *line == 'v'))
		return true;
	if (strchr("+*-", *line) != NULL && line[1] == ' ') {
		rest = line + 2;
		if (begins(rest, "version "))
			rest += strlen("version ");
		if (at == rest)
			return true;
	}
	return is_dated(line) || (next != NULL && is_rule(next));
}

/* Index of the heading of `version`; -1: there is none. */
static int heading_of(char **lines, const char *version)
{
	if (version == NULL || *version == '\0')
		return -1;
	for (int i = 0; lines[i] != NULL; i++) {
		const char *at = mention(lines[i], version);

		if (at != NULL && is_heading(lines[i], at, lines[i + 1]))
			return i;
	}
	return -1;
}

static bool has_digit(const char *line)
{
	return strpbrk(line, "0123456789") != NULL;
}

/* In a log that runs upwards: the heading after that of the old version. It begins like
 * that one. */
static int next_heading(char **lines, int old)
{
	size_t length = strspn(lines[old], "#!=+*- \t");

	for (int i = old + 1; lines[i] != NULL; i++) {
		bool is_like = length > 0 ? strncmp(lines[i], lines[old], length) == 0 &&
						    strspn(lines[i], "#!=+*- \t") == length
					  : lines[i + 1] != NULL && is_rule(lines[i + 1]);

		if (is_like && has_digit(lines[i]))
			return i;
	}
	return old;
}

char *changelog_cut(const char *text, const char *from, const char *to)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", LIMIT_LINES);
	g_auto(GStrv) heads = g_strdupv(lines);
	g_autoptr(GString) cut = g_string_new(NULL);
	int count = (int)g_strv_length(lines);
	int new, old, start, end;

	for (int i = 0; i < count; i++)
		if (strlen(heads[i]) > LIMIT_HEADING)
			heads[i][LIMIT_HEADING] = '\0';
	new = heading_of(heads, to);
	old = heading_of(heads, from);
	if (new < 0 && old < 0)
		return NULL;
	start = MAX(new, 0);
	end = old >= 0 ? old : count;
	if (new >= 0 && old >= 0 && old < new) {
		start = next_heading(heads, old);
		end = count;
	}
	for (int i = start; i < end; i++)
		g_string_append_printf(cut, "%s\n", lines[i]);
	g_strchomp(cut->str);
	return *cut->str == '\0' ? NULL : g_strdup(cut->str);
}
