/* SPDX-License-Identifier: MIT */
/* `allow:`, `ignore:`, `groups:` and `cooldown:` of an entry of dependabot.yml.
 * Source: dependabot-yml.md 2.4 to 2.6, 6.4, 6.5. */
#pragma once

#include "config/reader.h"
#include "upkeepd/rules.h"

/* Read into a Filter, a Group, a Cooldown. */
extern const Block allow_block, ignore_block, group_block, cooldown_block;

/* Checks the spelling of all `versions` in `ignore`, the node of `rules->ignore`, for
 * the ecosystem of the entry; NULL: there is none. */
void filters_check_ranges(Reader *reader, const YamlNode *ignore, const Rules *rules);
