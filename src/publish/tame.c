/* SPDX-License-Identifier: MIT */
#include "publish/tame.h"

#include <string.h>

/* Lengths that forges take for the beginning of a commit's id. */
enum { SHORTEST_ID = 7, LONGEST_ID = 40 };

/* Of what is taken for a tag. */
enum { LONGEST_TAG = 1000 };

/* What is left to be tamed of a line. */
typedef struct {
	const char *start, *end;
	const char *code_end; /* what stands before it is shown as it is */
	const char *link_end; /* where the last link ends; NULL: there was none */
	GString *line;
} Words;

static bool is_deceptive(gunichar c)
{
	return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0) ||
	       c == 0x200b || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

char *tame_clean(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *clean = g_string_new(NULL);

	for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p))
		if (!is_deceptive(g_utf8_get_char(p)))
			g_string_append_unichar(clean, g_utf8_get_char(p));
	return g_string_free(clean, FALSE);
}

static bool begins(const Words *words, const char *p, const char *prefix)
{
	size_t length = strlen(prefix);

	return (size_t)(words->end - p) >= length && g_ascii_strncasecmp(p, prefix, length) == 0;
}

/* Whether a version stands at the "@" at `p`, as in "go get example.org/m@v1.2.3", which
 * people copy: behind a letter or number nobody is called. */
static bool is_versioned(const Words *words, const char *p)
{
	if (p == words->start || !g_ascii_isalnum(p[-1]) || p == words->link_end)
		return false;
	return begins(words, p, "@latest") || begins(words, p, "@sha256:") ||
	       (begins(words, p, "@v") && p + 2 < words->end && g_ascii_isdigit(p[2]));
}

/* Whether a character by its name or number begins at `p`: "&commat;" is an "@". */
static bool is_entity(const Words *words, const char *p)
{
	const char *q = p + 1;

	if (q < words->end && *q == '#')
		return true;
	while (q < words->end && g_ascii_isalnum(*q))
		q++;
	return q > p + 1 && q < words->end && *q == ';';
}

/* Whether a mention, a reference to an issue, or its like begins at `p`. */
static bool calls_somebody(const Words *words, const char *p)
{
	char next = p + 1 < words->end ? p[1] : ' ';

	switch (*p) {
	case '@':
		return next != ' ' && next != '\t' && !is_versioned(words, p);
	case '#':
	case '!':
	case '$':
		return g_ascii_isdigit(next);
	case '&':
		return g_ascii_isdigit(next) || is_entity(words, p);
	case '%':
	case '~':
		return g_ascii_isalnum(next) || next == '"' || next == '_' || next == '-';
	default:
		return false;
	}
}

/* Whether HTML could begin at the "<" at `p`. Nothing else does: what follows is parted
 * from it, so that it reads the same in code and outside. */
static bool is_html(const Words *words, const char *p)
{
	return p + 1 < words->end && (g_ascii_isalpha(p[1]) || strchr("/!?", p[1]) != NULL);
}

/* The tags that only shape a text. */
static bool is_shape(const char *name, size_t length)
{
	static const char *const names[] = {
		"a",       "b",   "big",     "blockquote", "br",     "center", "code",
		"dd",      "del", "details", "div",        "dl",     "dt",     "em",
		"h1",      "h2",  "h3",      "h4",         "h5",     "h6",     "hr",
		"i",       "img", "ins",     "kbd",        "li",     "ol",     "p",
		"picture", "pre", "s",       "small",      "source", "span",   "strike",
		"strong",  "sub", "summary", "sup",        "table",  "tbody",  "td",
		"tfoot",   "th",  "thead",   "tr",         "tt",     "u",      "ul",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strlen(names[i]) == length && g_ascii_strncasecmp(name, names[i], length) == 0)
			return true;
	return false;
}

/* The end of such a tag at `p`; `p`: there is none. */
static const char *tag_end(const Words *words, const char *p)
{
	const char *name = p + 1, *q;
	const char *limit = MIN(words->end, p + LONGEST_TAG);

	if (name < limit && *name == '/')
		name++;
	for (q = name; q < limit && g_ascii_isalnum(*q);)
		q++;
	if (q == limit || !is_shape(name, (size_t)(q - name)) || strchr(" \t/>", *q) == NULL)
		return p;
	q = memchr(q, '>', (size_t)(limit - q));
	return q != NULL ? q + 1 : p;
}

/* The end of the code between backticks that begins at `p`; `p`: there is none. */
static const char *code_end(const Words *words, const char *p)
{
	size_t marks = 0, run = 0;

	while (p + marks < words->end && p[marks] == '`')
		marks++;
	for (const char *q = p + marks; marks > 0 && q <= words->end; q++) {
		if (q < words->end && *q == '`') {
			run++;
			continue;
		}
		if (run == marks)
			return q;
		run = 0;
	}
	return p;
}

/* Commit titles and notes say this of other people's checks. Where a proposal is merged
 * with its body as the message, the forge would skip ours. */
static bool skips_checks(const Words *words, const char *p)
{
	static const char *const orders[] = { "[skip ci]",      "[ci skip]",     "[no ci]",
					      "[skip-ci]",      "[ci-skip]",     "[skip pipeline]",
					      "[skip actions]", "[actions skip]" };

	for (size_t i = 0; i < G_N_ELEMENTS(orders); i++)
		if (begins(words, p, orders[i]))
			return true;
	return false;
}

/* The length of what reads as a commit's id at `p`; 0: nothing does. A number is none,
 * nor is a part of a longer word, such as a module's version. */
static size_t id_length(const Words *words, const char *p)
{
	const char *q = p;
	bool has_digit = false, has_letter = false;
	size_t length;

	if (p > words->start && (g_ascii_isalnum(p[-1]) || strchr("-./_+=", p[-1]) != NULL))
		return 0;
	for (; q < words->end && g_ascii_isxdigit(*q); q++) {
		has_digit = has_digit || g_ascii_isdigit(*q);
		has_letter = has_letter || !g_ascii_isdigit(*q);
	}
	length = (size_t)(q - p);
	if (length < SHORTEST_ID || length > LONGEST_ID ||
	    (length < LONGEST_ID && !(has_digit && has_letter)))
		return 0;
	return q == words->end || !(g_ascii_isalnum(*q) || strchr("-/_+", *q) != NULL) ? length : 0;
}

/* The end of a host's name at `p`, as every forge takes one in a link: parts of letters
 * and digits, the last of small letters alone; `p`: there is none. */
static const char *host_end(const Words *words, const char *p)
{
	const char *q = p, *dot = NULL;

	if (p == words->end || !g_ascii_isalnum(*p))
		return p;
	for (; q < words->end && (g_ascii_isalnum(*q) || *q == '-' || *q == '.'); q++) {
		if (*q == '.' && (q[-1] == '.' || q[-1] == '-'))
			return p;
		dot = *q == '.' ? q : dot;
	}
	if (dot == NULL || dot + 2 >= q)
		return p;
	for (const char *last = dot + 1; last < q; last++)
		if (!g_ascii_islower(*last))
			return p;
	return q;
}

/* Not `;`: it ends an entity, and what an entity is in a link, forges do not agree upon. */
static bool is_of_link(char byte)
{
	return g_ascii_isalnum(byte) || (byte != '\0' && strchr("-._~:/?#@$&+,=%", byte) != NULL);
}

/* Whether forges find a number of theirs, or a commit, behind this part of a path. */
static bool is_reference(const Words *words, const char *p)
{
	static const char *const parts[] = { "issues/",         "issue/",      "pull/",
					     "pulls/",          "work_items/", "epics/",
					     "merge_requests/", "commit/",     "commits/" };

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (begins(words, p, parts[i]))
			return true;
	return false;
}

/* The end of a port at `p`; `p`: there is none. */
static const char *port_end(const Words *words, const char *p)
{
	const char *q = p + 1;

	while (*p == ':' && q < words->end && g_ascii_isdigit(*q))
		q++;
	return q > p + 1 ? q : p;
}

/* What follows the host of a link. An encoded letter leads to the same page, and is no
 * word that a forge looks for. */
static const char *append_path(const Words *words, const char *p, bool is_redirected)
{
	for (; p < words->end && is_of_link(*p); p++) {
		if (*p == '@')
			g_string_append(words->line, "%40");
		else if (!is_redirected && p[-1] == '/' && is_reference(words, p))
			g_string_append_printf(words->line, "%%%02X", (unsigned)*p);
		else
			g_string_append_c(words->line, *p);
	}
	return p;
}

/* The length of a link's scheme at `p`; 0: there is none. One in capitals not every forge
 * takes for one. */
static size_t scheme_length(const Words *words, const char *p)
{
	static const char *const schemes[] = { "https://", "http://" };

	for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
		size_t length = strlen(schemes[i]);

		if ((size_t)(words->end - p) >= length && memcmp(p, schemes[i], length) == 0)
			return length;
	}
	return 0;
}

/* Appends the link at `p`; its end, `p`: there is none that every forge makes one. One to
 * GitHub goes through its redirect host, which leaves no trace in the other repository. */
static const char *append_link(const Words *words, const char *p)
{
	static const char *const github[] = { "github.com", "www.github.com" };
	size_t scheme = scheme_length(words, p);
	const char *host = p + scheme, *end;
	bool is_redirected = false;

	if (scheme == 0 || (p > words->start && p[-1] != ' ' && p[-1] != '('))
		return p;
	end = host_end(words, host);
	if (end == host)
		return p;
	for (size_t i = 0; i < G_N_ELEMENTS(github); i++)
		is_redirected = is_redirected || ((size_t)(end - host) == strlen(github[i]) &&
						  begins(words, host, github[i]));
	g_string_append_len(words->line, p, (gssize)scheme);
	if (is_redirected)
		g_string_append(words->line, "redirect.github.com");
	else
		g_string_append_len(words->line, host, end - host);
	host = end;
	end = end < words->end ? port_end(words, end) : end;
	g_string_append_len(words->line, host, end - host);
	if (end == words->end || strchr("/?#", *end) == NULL)
		return end;
	return append_path(words, end, is_redirected);
}

/* Appends what stands at `p` in a harmless form; its end. */
static const char *append_one(const Words *words, const char *p)
{
	static const char *const github[] = { "://github.com/", "://www.github.com/" };
	const char *next = g_utf8_next_char(p);
	size_t id = id_length(words, p);
	bool is_gh = begins(words, p, "gh-") && p + 3 < words->end && g_ascii_isdigit(p[3]);

	if (*p == '<' && p >= words->code_end && tag_end(words, p) > p) {
		/* What stood on both sides of it stays two things. */
		g_string_append(words->line, TAME_WEDGE);
		return tag_end(words, p);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(github); i++)
		if (begins(words, p, github[i])) {
			g_string_append(words->line, "://redirect.github.com/");
			return p + strlen(github[i]);
		}
	if (is_gh)
		next = p + 3;
	else if (id > 0)
		next = p + SHORTEST_ID - 1;
	g_string_append_len(words->line, p, next - p);
	if (id > 0 || is_gh || calls_somebody(words, p) || begins(words, p, "![") ||
	    skips_checks(words, p) || (*p == '<' && is_html(words, p)))
		g_string_append(words->line, TAME_WEDGE);
	return next;
}

void tame_append(GString *line, const char *text, gsize length, bool is_code)
{
	const char *end = text + length, *p = text;
	Words words = { text, end, is_code ? end : text, NULL, line };

	while (p < end) {
		const char *next = append_link(&words, p);

		if (*p == '`' && p >= words.code_end && (p == text || p[-1] != '`'))
			words.code_end = code_end(&words, p);
		if (next > p)
			words.link_end = next;
		p = next > p ? next : append_one(&words, p);
	}
}
