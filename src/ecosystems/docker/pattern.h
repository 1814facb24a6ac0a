/* SPDX-License-Identifier: MIT */
/* The shell patterns of `${n#p}`, `${n%p}` and `${n/p/r}`.
 *
 * `*` stands for any text, `?` for any one byte, a backslash takes the meaning
 * from `*`, `?` and itself, and stands before `}` and `/` for no other reason
 * than that they would end the pattern. Source: BuildKit, shell/lex.go.
 */
#pragma once

#include "ecosystems/docker/letters.h"

typedef struct Pattern Pattern;

/* Errors: INPUT if a backslash stands before anything else. */
Pattern *pattern_new(Letters text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pattern_free(Pattern *pattern);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pattern, pattern_free)

/* The letters that are left of `value` without the shortest or longest prefix,
 * or suffix, that matches; all of them if nothing does. */
Letters pattern_strip_prefix(const Pattern *pattern, Letters value, bool is_longest);
Letters pattern_strip_suffix(const Pattern *pattern, Letters value, bool is_longest);

/* The first, and longest, stretch of `value` that matches. */
bool pattern_find(const Pattern *pattern, Letters value, size_t *from, size_t *to);

/* An upper bound of the steps that one of the above takes. */
size_t pattern_cost(const Pattern *pattern, Letters value);
