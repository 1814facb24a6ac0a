/* SPDX-License-Identifier: MIT */
/* `registries:` of dependabot.yml, at the top level and in entries.
 * Source: dependabot-yml.md 2.7, 10.8. */
#pragma once

#include "config/reader.h"
#include "upkeepd/rules.h"

/* Reads into a RegistryEntry, one for each name. */
extern const Block registry_block;

/* Checks that every name in an entry's `registries` is defined and usable, for
 * all entries, that every definition is named, and that they are no more than
 * LIMIT_REGISTRIES: those behind are not usable. */
void registries_check(Reader *reader, const YamlNode *root, RulesFile *file);
