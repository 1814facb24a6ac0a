/* SPDX-License-Identifier: MIT */
#include "publish/body.h"

#include "publish/identity.h"
#include "publish/section.h"

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

/* What a text loses if it shows a link in place of the section's block, about; never
 * less. */
static size_t block_length(const Item *item, const Section *section)
{
	g_autofree char *block = section_block(section, item->name);
	size_t link =
		section->url == NULL ? 0 : strlen(section->url) + strlen("- [Release notes]()\n");

	return strlen(block) > link ? strlen(block) - link : 0;
}

/* The intro with as many sections as leave it in `room` bytes. */
static char *fitting_intro(const Topic *topic, size_t room)
{
	Fit fit = { SECTION_COMMITS, topic->items->len };
	g_autofree char *whole = text_intro(topic, &fit), *cut = NULL;
	size_t length = strlen(whole) + strlen("\n" BODY_LEFT_OUT "\n");

	if (strlen(whole) <= room)
		return g_steal_pointer(&whole);
	for (size_t kind = SECTION_COMMITS + 1; kind-- > 0 && length > room;)
		for (guint i = topic->items->len; i-- > 0 && length > room;) {
			const Item *item = g_ptr_array_index(topic->items, i);
			const Section *section = item_section(item, (SectionKind)kind);

			fit = (Fit){ (SectionKind)kind, i };
			length -= section != NULL ? block_length(item, section) : 0;
		}
	cut = text_intro(topic, &fit);
	return g_strconcat(cut, "\n" BODY_LEFT_OUT "\n", NULL);
}

char *body_of(const Topic *topic, const Plan *plan, const Wording *wording)
{
	g_autofree char *intro = NULL;
	g_autofree char *marker =
		identity_marker(plan, wording->repository == NULL ? "" : wording->repository);
	g_autoptr(GString) remarks = g_string_new(NULL), body = NULL;
	const char *waiting = plan->is_waiting_for_notes ? "\n" BODY_WAITING "\n" : "";
	size_t tail = strlen(footer) + strlen(waiting) + strlen(marker) + 2;
	size_t room = wording->max_body == 0     ? SIZE_MAX
		      : wording->max_body > tail ? wording->max_body - tail
						 : 0;

	append_remarks(remarks, plan->remarks);
	intro = fitting_intro(topic, room > remarks->len ? room - remarks->len : 0);
	body = g_string_new(intro);
	g_string_append(body, remarks->str);
	/* Whole lines from the end; the marker always stays. */
	while (body->len > room) {
		const char *line = g_strrstr_len(body->str, (gssize)body->len - 1, "\n");

		g_string_truncate(body, line == NULL ? 0 : (gsize)(line - body->str) + 1);
	}
	g_string_append_printf(body, "%s%s\n%s\n", footer, waiting, marker);
	return g_strdup(body->str);
}

bool body_is_waiting(const char *body)
{
	return strstr(body, "\n" BODY_WAITING) != NULL;
}

bool body_is_same(const char *there, const char *wanted)
{
	g_auto(GStrv) lines = g_strsplit(there != NULL ? there : "", "\r\n", -1);
	g_autofree char *joined = g_strjoinv("\n", lines);
	g_autofree char *skeleton = section_skeleton(joined);
	g_autofree char *other = section_skeleton(wanted);

	return strcmp(skeleton, other) == 0 &&
	       (!body_is_waiting(joined) || body_is_waiting(wanted));
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

char *body_line(const char *text, unsigned max_length)
{
	g_autofree char *clean = without_deception(text);
	g_autoptr(GString) line = g_string_new(NULL);
	bool is_long;

	g_strchug(clean);
	clean[strcspn(clean, "\r\n")] = '\0';
	g_strchomp(clean);
	is_long = g_utf8_strlen(clean, -1) > (glong)max_length;
	if (is_long)
		*g_utf8_offset_to_pointer(clean, (glong)max_length - 3) = '\0';
	for (const char *p = clean; *p != '\0';)
		p += append_tame(line, p);
	g_string_append(line, is_long ? "..." : "");
	return g_strdup(line->str);
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
