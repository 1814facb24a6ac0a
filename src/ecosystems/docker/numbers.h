/* SPDX-License-Identifier: MIT */
/* Decimal numbers of any length, as they stand in a text.
 *
 * A build date or a hash of digits does not fit a machine word, and need not:
 * all that is asked of the numbers of a tag is which are the greater. Leading
 * zeros do not count; what separates the numbers does not either.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A stretch of somebody else's text: "1.21.6", "2024-01-15". `length` 0: none. */
typedef struct {
	const char *text;
	size_t length;
} Numbers;

Numbers numbers_from(const char *from, const char *to);

/* Behind the digits that `p` begins with, and behind N(.N)*; `p` itself if there
 * are none. */
const char *digits_end(const char *p, const char *end);
const char *numbers_end(const char *p, const char *end);

/* The first number of `*rest` without its leading zeros, none at the end;
 * `*rest` is then what is behind it. */
Numbers numbers_next(Numbers *rest);

int numbers_count(Numbers numbers);

/* Less than, equal to, or greater than zero. At most `count` numbers are
 * compared; where one side ends first it is the lower. */
int numbers_compare(Numbers a, Numbers b, int count);
