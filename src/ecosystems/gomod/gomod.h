/* SPDX-License-Identifier: MIT */
/* Go modules as an ecosystem: what go.mod requires, and what may be taken instead.
 *
 * The parts: golookup.h asks what there is, gochoice.h chooses, gorange.h reads
 * ranges of `ignore`. A dependency's detail is the ModFile it stands in.
 */
#pragma once

#include "ecosystems/gomod/modfile.h"
#include "upkeepd/ecosystem.h"

extern const Ecosystem ecosystem_gomod;

/* The go.mod that `dependency` stands in. Borrowed. */
const ModFile *gomod_file(const Dependency *dependency);
