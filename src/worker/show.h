/* SPDX-License-Identifier: MIT */
/* Choices as people and programs see them: the JSON of `check`, the words of its
 * table. Source: cli.md 2. */
#pragma once

#include "base/json.h"
#include "policy/select.h"

/* One object of `dependencies`. */
Json *show_selection(const Selection *selection);

/* The same with what `update` does, which may be more or less than was chosen: a
 * group has its bounds, and what moves along was never asked. */
Json *show_update(const Selection *selection, const Update *update);

/* The release that was chosen; NULL: none. */
const Release *show_chosen(const Selection *selection);

/* The tag or version, else the beginning of the digest, for a column. The caller's. */
char *show_version(const char *version, const char *digest);

/* Why a dependency stays, or does not move to the latest, in a phrase; "" if there
 * is nothing to say. The caller's. */
char *show_why(const Selection *selection);

/* The releases that were considered, as indexes of the offer, newest first; the
 * caller's. */
GArray *show_considered(Selection *selection); /* of guint */

/* "chosen", "candidate", or the reason why a release was not taken. */
const char *show_verdict(const Selection *selection, guint index);

/* Whether colours are wanted on standard output: `color` as --color has it. */
bool show_has_colors(const char *color);

/* The escape that colours text for a step; that of STEP_NONE ends it. */
const char *show_color(Step step);
