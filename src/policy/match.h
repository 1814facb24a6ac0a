/* SPDX-License-Identifier: MIT */
/* The matchers of dependabot.yml, one per meaning of `*`.
 *
 * They differ on purpose (dependabot-yml.md 5): people's files rely on each.
 * All are anchored at both ends, take bytes as they are, and need no more than
 * length of pattern × length of text steps.
 */
#pragma once

#include <glib.h>

#include <stdbool.h>
#include <stddef.h>

/* Names in `allow`, `ignore`, `groups` and `patterns`: only `*` is special and
 * crosses `/`; ASCII case does not count; an empty pattern matches nothing.
 * Source: dependabot-core, WildcardMatcher. */
bool match_name(const char *pattern, const char *name);

/* Names in `cooldown`: `*`, `?`, `[a-z]`, `[!a]`, `[^a]` and `\` as fnmatch has
 * them without its path flag: they cross `/`, case counts, and a leading dot of
 * the name is matched by a dot only.
 * Source: dependabot-core, release_cooldown_options.rb. */
bool match_cooldown(const char *pattern, const char *name);

/* One component of a path (no `/` in either): `*`, `?`, sets and `\`; case counts
 * and a leading dot is a character like any other. */
bool match_component(const char *pattern, size_t pattern_length, const char *text,
		     size_t text_length);

/* The patterns that one with braces stands for: "{a,b}/c" for "a/c" and "b/c".
 * Braces may be nested; those without a partner, those that would make more than
 * 64 patterns, and those behind the 256th pair stay as they are. Of char *; the
 * caller's. */
GPtrArray *match_alternatives(const char *pattern);
