/* SPDX-License-Identifier: MIT */
#include "config/nearest.h"

#include <stdbool.h>
#include <string.h>

/* No key or word of ours is as long; what is longer is no mistyping of one. */
#define LONGEST 40

static char plain(char c)
{
	return c == '_' ? '-' : g_ascii_tolower(c);
}

/* The number of mistakes between two words (optimal string alignment). */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][LONGEST + 1], length_a = strlen(a), length_b = strlen(b);
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= length_b; j++)
		above[j] = j;
	for (size_t i = 1; i <= length_a; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= length_b; j++) {
			bool is_same = plain(a[i - 1]) == plain(b[j - 1]);

			row[j] = MIN(MIN(above[j], row[j - 1]) + 1,
				     above[j - 1] + (is_same ? 0 : 1));
			if (i > 1 && j > 1 && plain(a[i - 1]) == plain(b[j - 2]) &&
			    plain(a[i - 2]) == plain(b[j - 1]))
				row[j] = MIN(row[j], before[j - 2] + 1);
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[length_b];
}

const char *nearest(const char *word, const char *const *words)
{
	const char *best = NULL;
	size_t fewest = strlen(word) / 3 + 1;

	if (strlen(word) > LONGEST)
		return NULL;
	for (; *words != NULL; words++) {
		size_t mistakes = strlen(*words) > LONGEST ? fewest : distance(word, *words);

		if (mistakes < fewest) {
			fewest = mistakes;
			best = *words;
		}
	}
	return best;
}
