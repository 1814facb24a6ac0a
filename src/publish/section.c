/* SPDX-License-Identifier: MIT */
#include "publish/section.h"

#include "publish/pages.h"
#include "publish/quote.h"

#include <string.h>

enum { TITLE_LENGTH = 80 };

static const struct {
	const char *title, *source; /* source: of what page it is taken; NULL: it says itself */
} kinds[] = {
	[SECTION_IMAGE] = { "Image", NULL },
	[SECTION_RELEASES] = { "Release notes", "releases" },
	[SECTION_CHANGELOG] = { "Changelog", "changelog" },
	[SECTION_GUIDE] = { "Upgrade guide", "upgrade guide" },
	[SECTION_COMMITS] = { "Commits", NULL },
};

const char *section_title(SectionKind kind)
{
	return kinds[kind].title;
}

char *section_block(const Section *section, const char *name)
{
	const char *source = kinds[section->kind].source;
	g_autoptr(GString) block = g_string_new(NULL);

	g_string_append_printf(block, "\n<details>\n<summary>%s</summary>\n\n",
			       section_title(section->kind));
	if (source != NULL && section->url != NULL)
		g_string_append_printf(block, "*Sourced from [%s's %s](%s).*\n\n", name, source,
				       section->url);
	g_string_append_printf(block, "%s</details>\n", section->text);
	return g_strdup(block->str);
}

static void append_commit(GString *text, const char *forge, const char *page,
			  const SourceCommit *commit)
{
	g_autofree char *url = page_commit(forge, page, commit->id);
	g_autofree char *title = quote_line(commit->title, TITLE_LENGTH);

	if (url != NULL)
		g_string_append_printf(text, "- [`%.7s`](%s) %s\n", commit->id, url, title);
}

char *section_commits(const char *forge, const char *page, const GArray *commits, bool has_more,
		      const char *compare)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < MIN(commits->len, SECTION_COMMITS_SHOWN); i++)
		append_commit(text, forge, page, &g_array_index(commits, SourceCommit, i));
	g_string_append_printf(text,
			       has_more || commits->len > SECTION_COMMITS_SHOWN
				       ? "- Additional commits viewable in [compare view](%s)\n"
				       : "- See full diff in [compare view](%s)\n",
			       compare);
	return g_strdup(text->str);
}

/* "- [Commits](…)", which gives way to the block of that name. */
static bool is_link(const char *line)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autofree char *start = g_strdup_printf("- [%s](", kinds[i].title);

		if (g_str_has_prefix(line, start))
			return true;
	}
	return false;
}

/* The line with "[name](url)" made "name". */
static void append_unlinked(GString *skeleton, const char *line)
{
	/* Behind the last of them no more is looked for: a line may be long. */
	const char *last = strrchr(line, ')');
	const char *link = last != NULL ? g_strrstr_len(line, last - line, "](") : NULL;

	while (*line != '\0') {
		const char *middle =
			*line == '[' && link != NULL && line < link ? strstr(line, "](") : NULL;
		const char *end = middle != NULL ? strchr(middle, ')') : NULL;

		if (end == NULL) {
			g_string_append_c(skeleton, *line++);
			continue;
		}
		g_string_append_len(skeleton, line + 1, middle - line - 1);
		line = end + 1;
	}
	g_string_append_c(skeleton, '\n');
}

char *section_cut(const char *body)
{
	g_auto(GStrv) lines = g_strsplit(body, "\n", -1);
	g_autoptr(GString) cut = g_string_new(NULL);
	bool is_inside = false, is_any = false;

	for (char **line = lines; *line != NULL; line++) {
		bool is_end = is_inside && strcmp(*line, "</details>") == 0;

		if (!is_inside && strcmp(*line, "<details>") == 0) {
			if (!is_any)
				g_string_append(cut, SECTION_LEFT_OUT "\n");
			is_inside = is_any = true;
		}
		if (!is_inside)
			g_string_append_printf(cut, "%s%s", *line, line[1] != NULL ? "\n" : "");
		is_inside = is_inside && !is_end;
	}
	return is_any ? g_strdup(cut->str) : NULL;
}

char *section_skeleton(const char *body)
{
	g_auto(GStrv) lines = g_strsplit(body, "\n", -1);
	g_autoptr(GString) skeleton = g_string_new(NULL);
	bool is_inside = false;

	for (char **line = lines; *line != NULL; line++) {
		g_strchomp(*line);
		if (strcmp(*line, "<details>") == 0)
			is_inside = true;
		if (!is_inside && **line != '\0' && strcmp(*line, "<br />") != 0 &&
		    strcmp(*line, SECTION_LEFT_OUT) != 0 && strcmp(*line, SECTION_WAITING) != 0 &&
		    !is_link(*line))
			append_unlinked(skeleton, *line);
		if (strcmp(*line, "</details>") == 0)
			is_inside = false;
	}
	return g_strdup(skeleton->str);
}
