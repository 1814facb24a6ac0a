/* SPDX-License-Identifier: MIT */
/* The words of a proposal that writes an ignore condition into the rules.
 *
 * Branch, prefix, letter case, trailer and signature are those of the updates of the entry
 * that it is for. It updates nothing, so no list of updates stands in its message. Pure.
 * Source: pull-requests.md 2 to 5, 12.3.
 */
#pragma once

#include "publish/text.h"

/* What branches are named after; the caller's. */
Topic *amendment_topic(const Plan *plan, bool is_like_dependabot);

/* The part of text_fill() that is another for a plan with an amendment: title, message and
 * body. Its one change is there. */
void amendment_word(Plan *plan, const Topic *topic, const Style *style, const Wording *wording);

/* The versions that a range means, in one word: "2.x", "1.22.4", "all"; of what order_range()
 * does not make eight digits. The caller's. */
char *amendment_versions(const char *range);
