/* SPDX-License-Identifier: MIT */
/* `pull-request-branch-name:` of dependabot.yml.
 * Source: dependabot-yml.md 2.9, 12. */
#pragma once

#include "config/reader.h"
#include "upkeepd/rules.h"

/* Reads into a BranchName. */
extern const Block branch_block;

/* The kinds of proposals that a template has to serve, as bits. */
enum { BRANCH_OF_ONE = 1, BRANCH_OF_GROUP = 2, BRANCH_OF_ECOSYSTEMS = 4 };

/* What git refuses in a branch of this name, in words ("it has …"); NULL if nothing.
 * Source: git-check-ref-format. */
const char *branch_refusal(const char *name);

/* Checks the template of `branch`, read from `node`, against every kind in
 * `kinds`: known placeholders, and a name that git takes. */
void branch_check(Reader *reader, const YamlNode *node, const BranchName *branch, unsigned kinds);
