/* SPDX-License-Identifier: MIT */
/* The syntax of go.mod and go.work: statements, blocks, lines and comments,
 * printed as `go mod` prints them.
 *
 * A file is a list of nodes: comment blocks, lines, and blocks of lines. Nothing
 * is known here of what a line means (modfile.h), so a directive of the future
 * survives a rewrite. Printing is canonical: but for comments and tokens
 * nothing of the original spacing remains; what is printed parses to the same.
 * Source: gomod.md a.1 to a.3; golang/mod modfile/read.go, print.go.
 */
#pragma once

#include "upkeepd/edit.h"

typedef enum { MOD_COMMENTS, MOD_LINE, MOD_BLOCK } ModNodeKind;

/* One statement, or one line of a block. Lists are NULL while empty. */
typedef struct ModNode {
	ModNodeKind kind;
	GPtrArray *tokens; /* of char *, as printed; of a line in a block: without the verb */
	GPtrArray *before; /* of char *, "// …"; "" is a kept blank line */
	GPtrArray *suffix; /* of char *, behind the line or behind a block in one line */
	bool is_in_block;

	/* Of a block. */
	GPtrArray *lines;        /* of ModNode, MOD_LINE */
	GPtrArray *open_suffix;  /* of char *, behind the ( */
	GPtrArray *close_before; /* of char *, above the ) */
	GPtrArray *close_suffix; /* of char *, behind the ) */

	/* Where it was read; 0 for what an edit made. */
	int line, column; /* of the first token; column counted in bytes from 1 */
	GArray *spans;    /* of Span, of each token as it was read */
} ModNode;

typedef struct {
	GPtrArray *nodes; /* of ModNode */
} ModSyntax;

/* Parses a file. Tokens are as written; it is modfile.h that drops needless
 * quotes, because it knows which tokens may have some.
 *
 * Errors: INPUT "line:column: what is wrong" for what Go's parser refuses, and
 * for a NUL; LIMIT if the text is longer than LIMIT_ANSWER. */
ModSyntax *modsyntax_parse(GBytes *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void modsyntax_free(ModSyntax *syntax);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ModSyntax, modsyntax_free)

/* The canonical text. */
GBytes *modsyntax_print(const ModSyntax *syntax);

/* A new line or block; tokens are copied. */
ModNode *modnode_new(ModNodeKind kind);
void modnode_free(ModNode *node);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ModNode, modnode_free)

/* Appends a copy of `text` to a list that may be NULL. */
void modnode_append(GPtrArray **list, const char *text);

/* The i-th token; NULL if there are fewer. Borrowed. */
const char *modnode_token(const ModNode *node, guint i);

/* Replaces the i-th token, which exists, by a copy of `text`. */
void modnode_set_token(ModNode *node, guint i, const char *text);

/* Where the i-th token stood in the text; empty at 0 for what an edit made. */
Span modnode_span(const ModNode *node, guint i);
