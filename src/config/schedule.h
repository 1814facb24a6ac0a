/* SPDX-License-Identifier: MIT */
/* `schedule:` of dependabot.yml, in an entry or a multi-ecosystem group.
 * Source: dependabot-yml.md 2.3, 4.1. */
#pragma once

#include "config/reader.h"
#include "upkeepd/rules.h"

/* Reads into a Schedule; the reader's data is the RulesFile, which keeps the zones. */
extern const Block schedule_block;
