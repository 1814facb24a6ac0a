/* SPDX-License-Identifier: MIT */
/* Texts as all of the program compares them, and as people may see them. */
#pragma once

#include <glib.h>

#include <stdbool.h>

/* Whether `text` is valid UTF-8 without anything that controls a terminal (C0 and C1)
 * or the direction of writing, or ends a line. */
bool text_is_plain(const char *text);

/* `raw` made plain: what is no UTF-8 becomes U+FFFD, all else that is not plain a
 * blank. For words of strangers before they come to a terminal or a log. The caller's. */
char *text_one_line(const char *raw);

/* The same, with an ellipsis for what is beyond `most` characters. The caller's. */
char *text_short_line(const char *raw, unsigned most);

/* `raw` as code in Markdown, in a table too: one plain line in which nothing is a mention,
 * a mark or the end of the code. The caller's. */
char *text_code(const char *raw);

/* The order by bytes, for a GTree whose keys are words from outside. */
int text_compare(const void *a, const void *b, void *unused);

/* Where `text` stands in a list of texts in that order, or where it would stand. */
guint text_position(const GPtrArray *sorted, const char *text);

/* Adds a text, which is taken, to a set: a GTree that frees its keys. */
void text_add(GTree *set, char *text);
