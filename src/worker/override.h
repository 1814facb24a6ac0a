/* SPDX-License-Identifier: MIT */
/* What the rules of a repository have against an update that a person named. It is
 * made all the same (cli.md 1); the person hears of it.
 */
#pragma once

#include "upkeepd/ecosystem.h"
#include "upkeepd/rules.h"

/* One phrase with the place of the rule that would keep `dependency` of `manifest` from
 * `release` (NULL: from any); NULL if none would. The caller's. */
char *override_text(const Manifest *manifest, const Dependency *dependency, const Release *release);
