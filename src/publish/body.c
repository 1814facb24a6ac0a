/* SPDX-License-Identifier: MIT */
#include "publish/body.h"

#include "publish/identity.h"

#include <string.h>

/* One reader of a proposal never scrolls further; forges allow less than this. */
#define LIMIT_LINE 2000

/* Invisible, and no letter: what follows no longer belongs to what stands before. */
#define WEDGE "\xE2\x80\x8B" /* U+200B */

static const char footer[] =
	"\n---\n\n"
	"upkeepd rebuilds this branch as long as nobody else pushes to it, and closes it when "
	"it is no longer needed. Closing it without merging means: not this version.\n";

char *body_of(const Topic *topic, const Plan *plan, const Wording *wording)
{
	g_autofree char *intro = text_intro(topic);
	g_autofree char *marker =
		identity_marker(plan, wording->repository == NULL ? "" : wording->repository);
	g_autoptr(GString) body = g_string_new(intro);
	size_t tail = strlen(footer) + strlen(marker) + 2;

	/* Whole lines from the end; the marker always stays. */
	while (wording->max_body > tail && body->len > wording->max_body - tail) {
		const char *line = g_strrstr_len(body->str, (gssize)body->len - 1, "\n");

		g_string_truncate(body, line == NULL ? 0 : (gsize)(line - body->str) + 1);
	}
	g_string_append_printf(body, "%s\n%s\n", footer, marker);
	return g_strdup(body->str);
}

/* Characters that turn the direction of text around, or hide in it. */
static bool is_deceptive(gunichar c)
{
	return (c < 0x20 && c != '\t') || (c >= 0x7f && c < 0xa0) || c == 0x200b || c == 0x200e ||
	       c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
	       c == 0xfeff;
}

/* Whether a mention, a reference to an issue, or its like begins at `p`. */
static bool calls_somebody(const char *p)
{
	if (strchr("#!$%&~^", *p) != NULL)
		return g_ascii_isalnum(p[1]) || p[1] == '"';
	if (*p == '@')
		return g_ascii_isalnum(p[1]) || strchr("_-[", p[1]) != NULL;
	return false;
}

/* "GH-12", as GitHub links it. */
static bool is_gh_reference(const char *p)
{
	return g_ascii_strncasecmp(p, "gh-", 3) == 0 && g_ascii_isdigit(p[3]);
}

static void append_tame(GString *line, const char *text, size_t length)
{
	static const char github[] = "://github.com/";
	const char *end = text + length;

	for (const char *p = text; p < end; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (is_deceptive(c))
			continue;
		if (*p == '<')
			g_string_append(line, "&lt;");
		else if (*p == '!' && p[1] == '[')
			g_string_append(line, "\\!");
		else if (strncmp(p, github, strlen(github)) == 0)
			g_string_append(line, "://redirect.");
		else
			g_string_append_unichar(line, c);
		if (strncmp(p, github, strlen(github)) == 0)
			p += 2;
		else if (calls_somebody(p))
			g_string_append(line, WEDGE);
		else if (is_gh_reference(p)) {
			g_string_append(line, "H-" WEDGE);
			p += 2;
		}
	}
}

static void append_line(GString *quote, const char *line, size_t length)
{
	size_t blanks = strspn(line, " \t");

	if (length > LIMIT_LINE)
		length = (size_t)(g_utf8_find_prev_char(line, line + LIMIT_LINE) - line);
	blanks = MIN(blanks, length);
	g_string_append(quote, "> ");
	g_string_append_len(quote, line, (gssize)blanks);
	/* A command of GitLab or Gitea begins a line. */
	if (blanks < length && line[blanks] == '/')
		g_string_append_c(quote, '\\');
	append_tame(quote, line + blanks, length - blanks);
	g_string_append_c(quote, '\n');
}

char *body_quote(const char *text, unsigned max_lines)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autoptr(GString) quote = g_string_new(NULL);
	const char *line = g_strstrip(valid);

	for (unsigned count = 0; *line != '\0'; count++) {
		size_t length = strcspn(line, "\r\n");

		if (count == max_lines) {
			g_string_append(quote, "> … (truncated)\n");
			break;
		}
		append_line(quote, line, length);
		line += length;
		line += *line == '\r' && line[1] == '\n' ? 2 : *line != '\0';
	}
	return g_strdup(quote->str);
}
