/* SPDX-License-Identifier: MIT */
/* What resolution asks of a dependency's go.mod, as a block of bytes to keep.
 *
 * Reading a block costs a tenth of parsing the file, and a graph reads hundreds.
 * A damaged block is refused.
 * Source: gomod.md e.1.
 */
#pragma once

#include "ecosystems/gomod/modfile.h"

/* The block for `file`, a MODFILE_DEPENDENCY whose bytes have the h1 `sum`. */
GBytes *modrecord_new(const ModFile *file, const char *sum);

/* A block being read; all strings are borrowed from it. */
typedef struct {
	const char *sum;    /* h1 of the go.mod */
	const char *module; /* "" if the file has no such line, as the next */
	const char *go;
	const char *next, *end;
} ModRecord;

/* False if `bytes` are no block of this version of upkeepd. */
bool modrecord_open(GBytes *bytes, ModRecord *record);

/* The next requirement; false at the end. */
bool modrecord_next(ModRecord *record, const char **path, const char **version);
