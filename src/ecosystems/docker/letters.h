/* SPDX-License-Identifier: MIT */
/* Text that knows where each of its bytes stands in a file.
 *
 * A logical line of a Dockerfile leaves out continuations and comments, a word
 * loses its quotes, and `${GO}-alpine` becomes `1.22-alpine`, of which one half
 * stands in an ARG far above. A letter is a byte that remembers its place
 * through all of that, so that a tag can be changed where it really stands.
 */
#pragma once

#include "upkeepd/edit.h"

/* Letters without a place: no edit can change them. */
#define PLACE_NONE    UINT32_MAX
#define PLACE_BUILDER (UINT32_MAX - 1) /* known to whoever builds, here only by guess */

typedef struct {
	uint32_t at;       /* offset in the file, or a PLACE_ */
	char byte;         /* never 0, but for PLACE_BUILDER: a guess that is empty */
	bool is_after_cut; /* a line continuation stands before it */
} Letter;

/* A stretch of letters that belong to somebody else. */
typedef struct {
	const Letter *first;
	size_t length;
} Letters;

GArray *letters_new(void); /* of Letter */
Letters letters_all(const GArray *array);
void letters_append(GArray *array, Letters letters);

/* The stretch without its first `count` letters, and the first `count` alone. */
Letters letters_from(Letters letters, size_t count);
Letters letters_until(Letters letters, size_t count);

/* The bytes; the caller's. Empty guesses leave nothing. */
char *letters_text(Letters letters);

bool letters_are(Letters letters, const char *text);
bool letters_begin(Letters letters, const char *text);

/* Index of the first `byte`; the length if there is none. */
size_t letters_find(Letters letters, char byte);

/* Bytes of the white-space character (Unicode's) at the beginning; 0: none. */
size_t letters_blank(Letters letters);

/* Without white space (Unicode's) at both ends. */
Letters letters_trim(Letters letters);

/* Whether the letters are one piece of the file, and which; not if empty. */
bool letters_span(Letters letters, Span *span);
