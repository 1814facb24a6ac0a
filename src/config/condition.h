/* SPDX-License-Identifier: MIT */
/* Writing an ignore condition into .github/dependabot.yml.
 *
 * Bytes are inserted and none is changed, so comments, quoting, indentation and order stay;
 * what is inserted looks like what stands beside it, in block or flow style. The result is
 * read again, and is the old file plus that condition in these entries, or it is refused: a
 * list that entries share through an anchor is one that cannot be written to. Pure.
 * Source: pull-requests.md 12.3; dependabot-yml.md 2.3.
 */
#pragma once

#include "upkeepd/rules.h"

/* Whether the entry's own `ignore` says so: an element with just this name, and just this
 * range or all versions. `range` as in `versions`; "": all. */
bool condition_is_there(const Rules *rules, const char *name, const char *range);

/* `text`, the rules at `path`, with the condition in the entries whose indexes `entries`
 * has (of int, as in Rules); those that have it stay as they are, and if all have, so does
 * the file. An element with the name that has `versions` and nothing else gets one more of
 * these, else the list gets one more element.
 * Errors: INPUT, with the reason why it cannot be written there, as a sentence goes on after
 * "because". */
GBytes *condition_write(const char *path, GBytes *text, const GArray *entries, const char *name,
			const char *range, GError **error) G_GNUC_WARN_UNUSED_RESULT;
