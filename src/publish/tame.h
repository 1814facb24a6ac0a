/* SPDX-License-Identifier: MIT */
/* Strangers' words made harmless within a line of ours, on every forge.
 *
 * What calls somebody, links back, closes an issue, skips a check or loads a picture is
 * parted by an invisible character. A link that every forge makes one stays one: what
 * stands in it calls nobody, so only what a forge reads out of links is encoded there.
 * Of HTML the tags that shape a text are left out, all else is text. Pure.
 * Source: forges.md 2.5; pull-requests.md 5.3.
 */
#pragma once

#include <glib.h>

#include <stdbool.h>

/* U+200B. Invisible, and no letter: what follows no longer belongs to what stands before. */
#define TAME_WEDGE "\xE2\x80\x8B"

/* The text in valid UTF-8 without characters that hide, or turn the direction around:
 * to be asked for first, since "@", one of them, and "ann" would be a mention after. The
 * caller's. */
char *tame_clean(const char *text);

/* Appends `length` bytes, which stand in one line; `is_code`: of a block of code, where
 * tags are text like all else. */
void tame_append(GString *line, const char *text, gsize length, bool is_code);
