/* SPDX-License-Identifier: MIT */
/* What a person may have meant by a word that is not known. */
#pragma once

#include <glib.h>

/* The first of the NULL-terminated `words` with the fewest single-character
 * mistakes (missing, wrong, too many, swapped) from `word`; NULL if none is near
 * enough to be worth naming, one mistake in three letters. Case and the
 * difference between `_` and `-` are no mistakes. */
const char *nearest(const char *word, const char *const *words);
