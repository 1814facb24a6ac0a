/* SPDX-License-Identifier: MIT */
/* .github/dependabot.yml, version 2: bytes into rules, and everything that is wrong.
 *
 * Follows the grammar of the service where the service is known, and says where
 * we differ. What is valid for Dependabot but not handled here is a warning, so
 * that a file can serve both. One bad entry never disables the others.
 * Source: dependabot-yml.md 2 to 12, 14.
 */
#pragma once

#include "upkeepd/rules.h"

/* Reads a file. Never fails as a whole: what cannot be read leaves no entries,
 * and a problem that says why; an entry with an error is there, and not usable.
 * The problems are sorted by place. Pure but for the system's time zones.
 * The caller's: rules_file_free(). */
RulesFile *rules_parse(const char *path, GBytes *text);
