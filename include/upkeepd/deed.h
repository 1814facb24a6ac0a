/* SPDX-License-Identifier: MIT */
/* What came of updates that a person asked for at a checkout. */
#pragma once

#include "upkeepd/plan.h"

/* Something that moved in one file, meant or not. */
typedef struct {
	char *path;             /* of the file, from the root */
	char *name, *from, *to; /* NULL: it was not there, it is no longer */
} Shift;

/* All that a person's updates have led to. */
typedef struct {
	GPtrArray *changes; /* of FileChange */
	GPtrArray *shifts;  /* of Shift */
	GPtrArray *notes;   /* of Problem: what is worth a word */
} Deed;

void deed_begin(Deed *deed); /* empty lists, which own what is put in */
void deed_clear(Deed *deed);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Deed, deed_clear)

Shift *shift_new(const char *path, const char *name, const char *from, const char *to);
