/* SPDX-License-Identifier: MIT */
/* What the rules of a repository have against an update that a person named. It is
 * made all the same (cli.md 1); the person hears of it.
 */
#pragma once

#include "upkeepd/ecosystem.h"
#include "upkeepd/rules.h"

/* Has each of `manifests` (of Manifest) obey the first entry that covers its file, of
 * the rules of `source`, else of the file `fallback`; the others keep theirs. Mistakes
 * in the rules are not said: nothing depends on them here. `*rules`, the caller's, must
 * outlive the manifests; NULL if there are none.
 * Errors: IO, NET, LIMIT if a file that is there cannot be read. */
bool override_begin(GPtrArray *manifests, Source *source, const char *fallback, const char *below,
		    RulesFile **rules, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One phrase with the place of the rule that would keep `dependency` of `manifest` from
 * `release` (NULL: from any); NULL if none would. The caller's. */
char *override_text(const Manifest *manifest, const Dependency *dependency, const Release *release);
