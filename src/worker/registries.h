/* SPDX-License-Identifier: MIT */
/* What a dependabot.yml says of registries, as look-ups take it: whose credentials
 * go where, which registry stands for Docker Hub (`replaces-base`), and which module
 * proxies are asked first (`goproxy-server`).
 *
 * A registry counts for the entries that list it, and for no other: each entry looks up
 * in a world of its own, which it shares with those that list the same ones. Source:
 * dependabot-yml.md 10.8, docker.md 5.4.
 */
#pragma once

#include "config/settings.h"
#include "upkeepd/ecosystem.h"
#include "upkeepd/rules.h"

typedef struct Registries Registries;

/* Reads what the entries in use list. What is wrong (a secret that is not known for
 * this host) is added to `problems` (of Problem), and the look-ups that need it fail by
 * themselves. Borrows `w`, all that it has, and `rules`; the caller's. */
Registries *registries_new(const World *w, const Settings *settings, const RulesFile *rules,
			   GPtrArray *problems);
void registries_free(Registries *registries);

/* `w` with what `entry` lists beside all that `w` has; a stand-in of the operator's comes
 * before one of the rules'. Entries that list the same have the same world, by address.
 * NULL: an entry of no file, which lists nothing. Lives as long as the registries. */
World *registries_world(Registries *registries, const Rules *entry);

/* That of the entry that each manifest belongs to. Borrows. */
Worlds registries_worlds(Registries *registries);
