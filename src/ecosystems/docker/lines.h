/* SPDX-License-Identifier: MIT */
/* From the bytes of a Dockerfile to its logical lines.
 *
 * Continuations, comments within them, parser directives and the bodies of
 * here-documents are dealt with here; what a line says is not. Source:
 * docker.md 2.1 and 2.2, BuildKit parser/parser.go and directives.go.
 */
#pragma once

#include "ecosystems/docker/letters.h"

/* A Dockerfile, or what stands for one within another file. */
typedef struct {
	const char *text;
	size_t length;
	const uint32_t *places; /* where in the file each byte stands; NULL: at its own index */
	int first_line;         /* of the file, from 1, that `text` begins on */
} DockerfileSource;

/* Where a reader is. Make one with lines_begin(). */
typedef struct {
	const DockerfileSource *source;
	char escape;     /* backslash, or as the escape directive says */
	GArray *letters; /* of Letter: the present logical line */
	size_t at;       /* where the next physical line begins */
	int line;        /* number of the last one, in the file */
} LineReader;

void line_reader_clear(LineReader *reader);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LineReader, line_reader_clear)

/* Checks the source as a whole and reads its parser directives. `*syntax` is
 * the image of `# syntax=`, the caller's; NULL: none.
 *
 * Errors: INPUT "line:column: …" for a NUL byte, a line that is too long, a
 * directive that stands twice, a wrong escape character; LIMIT. */
bool lines_begin(LineReader *reader, const DockerfileSource *source, GArray **syntax,
		 int *syntax_line, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The next logical line and the number of the physical one that it begins on;
 * false at the end. The letters are the reader's, until the next call. */
bool lines_next(LineReader *reader, Letters *text, int *line);

/* Skips the body of a here-document and its terminator; false if there is none. */
bool lines_skip_heredoc(LineReader *reader, const char *terminator, bool strips_tabs);
