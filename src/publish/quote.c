/* SPDX-License-Identifier: MIT */
#include "publish/quote.h"

#include "publish/tame.h"

#include <string.h>

/* One reader of a proposal never scrolls further; forges allow less than this. */
#define LIMIT_LINE 2000

/* Whether nothing of a tamed text is seen. */
static bool is_unseen(const char *text)
{
	size_t length;

	while ((length = strspn(text, " \t")) > 0 || g_str_has_prefix(text, TAME_WEDGE))
		text += length > 0 ? length : strlen(TAME_WEDGE);
	return *text == '\0';
}

static void append_line(GString *quote, const char *line, size_t length, bool is_code)
{
	size_t blanks = strspn(line, " \t"), start;

	if (length > LIMIT_LINE)
		length = (size_t)(g_utf8_find_prev_char(line, line + LIMIT_LINE) - line);
	blanks = MIN(blanks, length);
	g_string_append(quote, "> ");
	g_string_append_len(quote, line, (gssize)blanks);
	/* A command of GitLab or Gitea begins a line. */
	if (blanks < length && line[blanks] == '/')
		g_string_append_c(quote, '\\');
	start = quote->len;
	tame_append(quote, line + blanks, length - blanks, is_code);
	/* Of a line of tags alone there is nothing left. */
	if (is_unseen(quote->str + start))
		g_string_truncate(quote, start - blanks);
	g_string_append_c(quote, '\n');
}

char *quote_line(const char *text, unsigned max_length)
{
	g_autofree char *clean = tame_clean(text);
	g_autoptr(GString) line = g_string_new(NULL);
	bool is_long;

	g_strchug(clean);
	clean[strcspn(clean, "\r\n")] = '\0';
	g_strchomp(clean);
	is_long = g_utf8_strlen(clean, -1) > (glong)max_length;
	if (is_long)
		*g_utf8_offset_to_pointer(clean, (glong)max_length - 3) = '\0';
	tame_append(line, clean, strlen(clean), false);
	g_string_append(line, is_long ? "..." : "");
	return g_strdup(line->str);
}

/* What begins or ends a block of code: the run of its marks, at most three blanks after
 * the line's start. 0: nothing does. */
static size_t fence_length(const char *line, size_t length, char mark)
{
	size_t blanks = strspn(line, " "), marks = 0;

	while (blanks + marks < length && line[blanks + marks] == mark)
		marks++;
	return blanks <= 3 && marks >= 3 ? marks : 0;
}

/* A block of code that is open after some lines; length 0: none is. */
typedef struct {
	char mark;
	size_t length;
} Fence;

static void note_fence(Fence *fence, const char *line, size_t length)
{
	size_t marks = fence->length > 0 ? fence_length(line, length, fence->mark) : 0;

	if (fence->length > 0) {
		size_t rest = strspn(line, " ") + marks;

		if (marks >= fence->length && rest + strspn(line + rest, " \t") >= length)
			fence->length = 0;
		return;
	}
	for (const char *mark = "`~"; *mark != '\0' && fence->length == 0; mark++)
		*fence = (Fence){ *mark, fence_length(line, length, *mark) };
	/* "```x```" is code within a line. */
	if (fence->mark == '`' && fence->length > 0) {
		size_t rest = strspn(line, " ") + fence->length;

		if (memchr(line + rest, '`', length - rest) != NULL)
			fence->length = 0;
	}
}

/* Behind the comment that begins the line, which GitHub writes above the notes that it makes
 * by itself, and the rest of its line if that is empty; NULL: there is none. */
static const char *comment_end(const char *line)
{
	size_t blanks = strspn(line, " ");
	const char *end;

	if (blanks > 3 || !g_str_has_prefix(line + blanks, "<!--"))
		return NULL;
	end = strstr(line + blanks + strlen("<!"), "-->");
	if (end == NULL)
		return NULL;
	end += strlen("-->");
	blanks = strspn(end, " \t\r");
	return end[blanks] == '\n' ? end + blanks + 1 : end;
}

/* Where the rest is left out, code ends before our own word does. */
static void append_end(GString *quote, const Fence *fence)
{
	if (fence->length > 0) {
		g_autofree char *marks = g_strnfill(fence->length, fence->mark);

		g_string_append_printf(quote, "> %s\n", marks);
	}
	g_string_append(quote, "> … (truncated)\n");
}

/* The text from `line` on without the comments that begin it. `end` is where the last of all
 * ends, NULL: there is none, so that no other is looked for in vain. */
static const char *without_comments(const char *line, const char *end, bool is_first)
{
	const char *behind;

	while (end != NULL && line < end && (behind = comment_end(line)) != NULL)
		line = is_first ? behind + strspn(behind, " \t\r\n") : behind;
	return line;
}

char *quote_text(const char *text, unsigned max_lines)
{
	g_autofree char *clean = tame_clean(text);
	g_autoptr(GString) quote = g_string_new(NULL);
	const char *end = g_strrstr(g_strstrip(clean), "-->");
	const char *line = without_comments(clean, end, true);
	Fence fence = { 0 };

	for (unsigned count = 0; *line != '\0'; count++) {
		size_t length = strcspn(line, "\r\n");

		if (count == max_lines) {
			append_end(quote, &fence);
			break;
		}
		append_line(quote, line, length, fence.length > 0);
		note_fence(&fence, line, MIN(length, LIMIT_LINE));
		line += length;
		line += *line == '\r' && line[1] == '\n' ? 2 : *line != '\0';
		if (fence.length == 0)
			line = without_comments(line, end, false);
	}
	return g_strdup(quote->str);
}
