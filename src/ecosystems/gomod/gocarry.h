/* SPDX-License-Identifier: MIT */
/* Carries a plan out: what go.mod, go.sum and vendor/ become, tidied.
 *
 * A tidy needs the network, so it is done by resolve, which leaves the changes in the
 * plan; rewrite only holds them against what was meant.
 * Source: gomod.md e.3, e.4, h.3.
 */
#pragma once

#include "upkeepd/ecosystem.h"

/* Ecosystem.resolve: each go.mod is tidied in its own world, and what goes along with it
 * there, too. */
bool gocarry_resolve(const Worlds *worlds, Source *source, GPtrArray *plans, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Ecosystem.perform. */
bool gocarry_perform(const Worlds *worlds, Source *source, GPtrArray *plans, Deed *deed,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;

bool gocarry_rewrite(Plan *plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;
