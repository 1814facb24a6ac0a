/* SPDX-License-Identifier: MIT */
/* One element of `updates:` in dependabot.yml.
 * Source: dependabot-yml.md 2.2 to 2.6. */
#pragma once

#include "config/reader.h"
#include "upkeepd/rules.h"

/* Reads into Rules; the reader's data is the RulesFile. */
extern const Block entry_block;

/* `commit-message:`, into a CommitMessage; multi-ecosystem groups have it too. */
extern const Block commit_message_block;
