/* SPDX-License-Identifier: MIT */
/* Lines of cron, as `cronjob` has them: text into sets.
 *
 * Five fields parted by blanks: minute, hour, day of month, month, weekday. Zones,
 * `@daily` and the like, `?`, `L`, `W` and `#` are no part of the grammar.
 * Source: dependabot-yml.md 4.1.
 */
#pragma once

#include "upkeepd/rules.h"

/* Reads a line.
 *
 * Errors: CONFIG if it is none, or one that no day of the calendar can ever meet
 * (the 31st of February). Where the meaning of a phrase ("every day at 5pm") is
 * plain, the text names the line to write instead. */
bool cron_parse(const char *text, Cron *cron, GError **error) G_GNUC_WARN_UNUSED_RESULT;
