/* SPDX-License-Identifier: MIT */
/* Edits of the syntax of go.mod that know no directive's meaning.
 *
 * A removed line keeps its place, without tokens, until modline_clean_up(), so that
 * pointers to lines hold through a series of edits.
 * Source: gomod.md a.5; golang/mod modfile/read.go.
 */
#pragma once

#include "ecosystems/gomod/modsyntax.h"

/* A line's words from its verb on, the last NULL; in a block the verb is left out. */
typedef const char *Tokens[8];

ModNode *modline_new(const char *const *tokens, bool is_in_block);
ModNode *modline_new_block(const char *verb);

/* How many tokens a line has; 0 if it has been removed. */
guint modline_count(const ModNode *line);

/* Whether a statement, line or block, begins with `verb`. */
bool modline_is_of(const ModNode *node, const char *verb);

/* Adds a line behind `hint` if that has the same verb (a lone line becomes a
 * block); as a statement behind the hint if it has another. Without a hint behind the
 * last line of the verb, else at the end. Borrowed from the syntax. */
ModNode *modline_add(ModSyntax *syntax, const ModNode *hint, const char *const *tokens);

/* Adds a line as the last statement. Borrowed from the syntax. */
ModNode *modline_add_last(ModSyntax *syntax, const char *const *tokens);

/* Gives a line other tokens; its comments stay. */
void modline_update(ModNode *line, const char *const *tokens);

/* Removes a line with the comments behind and above it. */
void modline_remove(ModNode *line);

/* The block at statement `i`; a single line becomes one around itself. */
ModNode *modline_ensure_block(ModSyntax *syntax, guint i);

/* Appends copies of `from` (of char *, may be NULL) to a list that may be NULL. */
void modline_append_comments(GPtrArray **to, const GPtrArray *from);

/* Takes removed lines and empty blocks out and makes blocks with one line lines. */
void modline_clean_up(ModSyntax *syntax);
