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

static void append_remarks(GString *body, const GPtrArray *remarks)
{
	if (remarks->len == 0)
		return;
	g_string_append(body, "\nWith it:\n\n");
	for (guint i = 0; i < remarks->len; i++)
		g_string_append_printf(body, "- %s\n", (char *)g_ptr_array_index(remarks, i));
}

char *body_of(const Topic *topic, const Plan *plan, const Wording *wording)
{
	g_autofree char *intro = text_intro(topic);
	g_autofree char *marker =
		identity_marker(plan, wording->repository == NULL ? "" : wording->repository);
	g_autoptr(GString) body = g_string_new(intro);
	size_t tail = strlen(footer) + strlen(marker) + 2;

	append_remarks(body, plan->remarks);
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
	return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0) ||
	       c == 0x200b || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

/* Taken out before anything else is looked for: "@", one of them, and "ann" would
 * be a mention afterwards. The caller's. */
static char *without_deception(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *clean = g_string_new(NULL);

	for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p))
		if (!is_deceptive(g_utf8_get_char(p)))
			g_string_append_unichar(clean, g_utf8_get_char(p));
	return g_string_free(clean, FALSE);
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

/* Appends what stands at `p` in a harmless form; the bytes it took. */
static size_t append_tame(GString *line, const char *p)
{
	static const char github[] = "://github.com/";
	size_t length = (size_t)(g_utf8_next_char(p) - p);

	if (*p == '<') {
		g_string_append(line, "&lt;");
	} else if (g_str_has_prefix(p, "![")) {
		g_string_append(line, "\\!");
	} else if (g_str_has_prefix(p, github)) {
		g_string_append(line, "://redirect.github.com/");
		length = strlen(github);
	} else if (is_gh_reference(p)) {
		length = strlen("GH-");
		g_string_append_len(line, p, (gssize)length);
		g_string_append(line, WEDGE);
	} else {
		g_string_append_len(line, p, (gssize)length);
		if (calls_somebody(p))
			g_string_append(line, WEDGE);
	}
	return length;
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
	for (size_t at = blanks; at < length;)
		at += append_tame(quote, line + at);
	g_string_append_c(quote, '\n');
}

char *body_quote(const char *text, unsigned max_lines)
{
	g_autofree char *clean = without_deception(text);
	g_autoptr(GString) quote = g_string_new(NULL);
	const char *line = g_strstrip(clean);

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
