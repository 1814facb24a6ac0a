/* SPDX-License-Identifier: MIT */
/* What a dependabot.yml says of registries, as look-ups take it: whose credentials
 * go where, which registry stands for Docker Hub (`replaces-base`), and which module
 * proxies are asked first (`goproxy-server`).
 *
 * A registry counts if an entry that is used lists it. Source: docker.md 5.4.
 */
#pragma once

#include "config/settings.h"
#include "upkeepd/rules.h"
#include "upkeepd/world.h"

typedef struct Registries Registries;

/* Makes `w` look up as the rules say, beside what it does already; a stand-in of the
 * operator's comes before one of the rules'. What is wrong (a secret that is not
 * known for this host) is added to `problems` (of Problem), and the look-ups that
 * need it fail by themselves. `w` borrows from the result, which is the caller's
 * and borrows from what `w` had. */
Registries *registries_apply(World *w, const Settings *settings, const RulesFile *rules,
			     GPtrArray *problems);
void registries_free(Registries *registries);
