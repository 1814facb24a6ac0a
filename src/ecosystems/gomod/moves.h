/* SPDX-License-Identifier: MIT */
/* What is different between two go.mod files of one module: for titles, texts and
 * policy. */
#pragma once

#include "ecosystems/gomod/modfile.h"

/* One requirement that is not what it was. */
typedef struct {
	char *path;
	char *from, *to; /* NULL: it was not listed, it is no longer */
	bool was_direct, is_direct;
} Move;

/* All of them, sorted by path; of Move, the caller's. Where a path is listed twice its
 * first line is meant. */
GPtrArray *moves_between(const ModFile *before, const ModFile *after);
