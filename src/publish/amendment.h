/* SPDX-License-Identifier: MIT */
/* The words of a proposal that writes an ignore condition into the rules.
 *
 * Branch, prefix, letter case, trailer and signature are those of the updates of the entry
 * that it is for. It updates nothing, so no list of updates stands in its message. Pure.
 * Source: pull-requests.md 2 to 5, 12.3.
 */
#pragma once

#include "publish/text.h"

/* text_fill() for a plan with an amendment, whose one change is there. */
bool amendment_fill(Plan *plan, const Wording *wording, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The versions that a range means, in one word: "2.x", "1.22.4", "all"; of what order_range()
 * does not make eight digits. The caller's. */
char *amendment_versions(const char *range);
