/* SPDX-License-Identifier: MIT */
/* A logical line of a Dockerfile, cut into keyword, flags and words.
 *
 * Nothing here knows what an instruction means. Source: docker.md 2.3, BuildKit
 * parser/split_command.go and line_parsers.go.
 */
#pragma once

#include "ecosystems/docker/letters.h"

typedef struct {
	char *keyword;     /* upper case; "" if there is none */
	GPtrArray *flags;  /* of GArray of Letter: words beginning with `--`, unquoted */
	Letters arguments; /* what follows, trimmed */
} Instruction;

/* Splits `line`; the arguments point into it. */
void instruction_split(Letters line, char escape, Instruction *instruction);
void instruction_clear(Instruction *instruction);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Instruction, instruction_clear)

/* Words between white space; `is_quoting`: quotes and escapes, which stay in
 * the words, keep it from separating. Of Letters. */
GArray *words_split(Letters text, bool is_quoting, char escape);

/* The fields of one comma-separated record, double quotes understood. Of
 * GArray of Letter. */
GPtrArray *record_split(Letters record);

typedef struct {
	char *terminator;
	bool strips_tabs; /* `<<-` */
} Heredoc;

/* The here-documents that a line opens, in order. Of Heredoc. */
GArray *heredocs_find(Letters line);
