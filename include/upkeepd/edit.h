/* SPDX-License-Identifier: MIT */
/* Edits on byte ranges: how every file is changed.
 *
 * A rewrite never prints a parsed tree; it replaces ranges of the bytes that
 * were read, so that every other byte (comments, spacing, line ends, a missing
 * last newline) stays. Ranges count bytes from 0 and are half open.
 */
#pragma once

#include "upkeepd/fail.h"

#include <stdint.h>

typedef struct {
	uint32_t from, to;
} Span;

static inline uint32_t span_length(Span span)
{
	return span.to - span.from;
}

/* One replacement: the bytes of `span` become `text`. An empty span inserts. */
typedef struct {
	Span span;
	char *text; /* owned */
} Edit;

/* A list of edits that owns them. */
GPtrArray *edits_new(void); /* of Edit */

/* Appends one edit; `text` is copied. */
void edits_add(GPtrArray *edits, Span span, const char *text);

/* The bytes of `before` with all `edits` applied, in the order of their spans
 * whatever their order in the list. A replacement that stands twice counts
 * once; insertions at one place keep their order.
 *
 * Errors: INPUT if two edits overlap, or one lies outside of `before`. */
GBytes *edits_apply(GBytes *before, const GPtrArray *edits, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Line and column (both from 1, the column in bytes) of byte `at` of `text`. */
void position_of(GBytes *text, uint32_t at, int *line, int *column);
