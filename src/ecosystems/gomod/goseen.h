/* SPDX-License-Identifier: MIT */
/* When this installation first saw each version of a module.
 *
 * The time of a version is that of its commit, which authors set as they like, and which
 * may be years before the tag appears: for a cooldown the later of the two counts.
 * What was there when the module was first looked at is as old as its commit says.
 * Source: gomod.md g; gomod-user-pain.md 17.
 */
#pragma once

#include "upkeepd/release.h"
#include "upkeepd/world.h"

/* Notes the versions of all `offers` (of Offer) that could be looked up; sets
 * first_seen_at in the detail (golookup.h) of the releases that came later. One
 * transaction. Without a store nothing is noted. Errors: IO. */
bool goseen_note(const World *w, const GPtrArray *offers, GError **error) G_GNUC_WARN_UNUSED_RESULT;
