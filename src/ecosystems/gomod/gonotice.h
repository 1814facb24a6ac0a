/* SPDX-License-Identifier: MIT */
/* What to know of a module beside its update: that it is given up, goes on elsewhere, or
 * that the version in use was taken back.
 *
 * Pure; all of it is what the look-up has found (golookup.h).
 * Source: gomod.md b.4, b.6; pull-requests.md 5.1.
 */
#pragma once

#include "upkeepd/plan.h"

/* Ecosystem.notices. */
GPtrArray *gonotice_all(const Update *update);
