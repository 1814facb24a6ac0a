/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/gorelease.h"

#include "ecosystems/docker/goimage.h"

#include <string.h>

#define HISTORY "https://go.dev/doc/devel/release"

/* Lines and revisions that are listed, the newest. */
enum { MOST = 20 };

/* "1.22.4": line 22, revision 4. */
typedef struct {
	char *text;
	guint64 line, revision;
	bool is_line;    /* the newest of the line, whichever that is */
	bool is_preview; /* "1.22rc1" */
} GoRelease;

static void clear(GoRelease *release)
{
	g_free(release->text);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GoRelease, clear)

static bool read_number(const char *text, guint64 *number)
{
	g_autofree char *digits = g_strndup(text, strspn(text, "0123456789"));

	return g_ascii_string_to_unsigned(digits, 10, 0, G_MAXINT32, number, NULL);
}

static bool read_release(const char *tag, GoRelease *release)
{
	const char *rest;

	release->text = tag != NULL ? goimage_version(tag, &release->is_line) : NULL;
	if (release->text == NULL || !read_number(release->text + 2, &release->line))
		return false;
	rest = release->text + 2 + strspn(release->text + 2, "0123456789");
	release->is_preview = g_ascii_isalpha(*rest);
	return *rest != '.' || read_number(rest + 1, &release->revision);
}

static void append_lines(GString *text, const GoRelease *from, const GoRelease *to)
{
	guint64 first = from->line + (from->is_preview ? 0 : 1);

	for (guint64 line = MAX(first, to->line >= MOST ? to->line - MOST + 1 : 0);
	     line <= to->line; line++)
		g_string_append_printf(text,
				       "- [Go 1.%" G_GUINT64_FORMAT
				       "](https://go.dev/doc/go1.%" G_GUINT64_FORMAT ")\n",
				       line, line);
}

static void append_revisions(GString *text, const GoRelease *from, const GoRelease *to)
{
	guint64 first = from->line == to->line ? from->revision + 1 : 1;
	const char *lead = "- Revisions: ";

	for (guint64 i = MAX(first, to->revision >= MOST ? to->revision - MOST + 1 : 0);
	     i <= to->revision; i++) {
		g_string_append_printf(text,
				       "%s[1.%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT "](" HISTORY
				       "#go1.%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT ")",
				       lead, to->line, i, to->line, i);
		lead = ", ";
	}
	if (*lead == ',')
		g_string_append_c(text, '\n');
}

bool gorelease_is(const char *key)
{
	return g_str_has_suffix(key, "/library/golang");
}

bool gorelease_tell(Update *update)
{
	g_auto(GoRelease) from = { 0 }, to = { 0 };
	g_autoptr(GString) text = g_string_new(NULL);

	if (!read_release(update->from, &from) || !read_release(update->to, &to) ||
	    from.line > to.line || g_str_equal(from.text, to.text))
		return false;
	append_lines(text, &from, &to);
	append_revisions(text, &from, &to);
	if (!from.is_line && !to.is_line)
		g_string_append_printf(
			text, "- [Changes](https://github.com/golang/go/compare/go%s...go%s)\n",
			from.text, to.text);
	if (text->len == 0)
		return false;
	home_free(update->home);
	update->home = home_new(g_strdup(HISTORY), "");
	g_ptr_array_add(
		update->sections,
		section_new(SECTION_RELEASES,
			    g_strdup_printf(HISTORY "#go1.%" G_GUINT64_FORMAT ".minor", to.line),
			    g_strdup(text->str)));
	return true;
}
