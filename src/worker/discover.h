/* SPDX-License-Identifier: MIT */
/* From the files of a repository and its rules to manifests, parsed.
 *
 * The first two words of the sentence that a run is: discover, parse.
 */
#pragma once

#include "upkeepd/ecosystem.h"
#include "upkeepd/rules.h"

/* The repository's own rules: `.github/dependabot.yml`, else `.yaml`, else the
 * file `fallback` on this machine (NULL: none); `*rules` NULL if there are none.
 * What is wrong in them stands in their problems. The caller's.
 * Errors: IO, NET, LIMIT if a file that is there cannot be read. */
bool discover_rules(Source *source, const char *fallback, RulesFile **rules, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Rules for a person who asks about a repository without any (`check`, `update`):
 * every ecosystem in every folder, but for those named vendor and testdata. */
RulesFile *discover_default_rules(const Source *source);

/* One manifest for each file that a usable entry of `rules` covers, in the order
 * of the entries, then of the paths; parsed. A file that cannot be parsed is
 * there with its problem; one that two ecosystems claim is that one's to which the other
 * yields. `below` restricts to files under that folder ("": all);
 * `wants` (NULL: all) to some of the entries.
 * Errors: IO, NET; LIMIT for more than LIMIT_MANIFESTS. The caller's; of Manifest. */
GPtrArray *discover_manifests(Source *source, const RulesFile *rules, const char *below,
			      bool (*wants)(const Rules *entry, void *data), void *data,
			      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Has each of `manifests` (of Manifest, of the same source and folder) obey the first
 * usable entry of `rules` that covers its file; the others keep theirs. No file is read.
 * Errors: as discover_manifests(). */
bool discover_assign(const Source *source, const RulesFile *rules, const char *below,
		     GPtrArray *manifests, GError **error) G_GNUC_WARN_UNUSED_RESULT;
