/* SPDX-License-Identifier: MIT */
/* What builds a repository, brought together: told by the files that ecosystems can
 * read, minded by the ecosystems whose manifests the tool builds (upkeepd/builder.h).
 *
 * All files count, also those that no entry covers: a bump must not break the image
 * that nobody keeps current.
 */
#pragma once

#include "upkeepd/ecosystem.h"
#include "upkeepd/rules.h"

typedef struct Builders Builders;

/* Reads the files that tell; none where no manifest of `manifests` (borrowed) minds. What
 * is too large or cannot be understood says nothing.
 * Errors: of the source. The caller's. */
Builders *builders_collect(Source *source, const GPtrArray *manifests, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
/* The same, whatever is minded. */
Builders *builders_collect_all(Source *source, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void builders_drop(Builders *builders);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Builders, builders_drop)

/* Those that a choice for `manifest` has to mind, of Builder; NULL: none. One that goes
 * into the same multi-ecosystem group may move with it, and is minded when the plan is
 * known. Borrowed. */
const GPtrArray *builders_of(Builders *builders, const Manifest *manifest);

/* Whether a file of this path is a person's own, not one of dependencies or of made-up
 * input. */
bool builders_is_own(const char *path);

/* All as they are now; of Builder, borrowed. */
const GPtrArray *builders_before(const Builders *builders);

/* All, as `changes` (of FileChange) leave their files. The caller's; of Builder. */
GPtrArray *builders_after(const Builders *builders, const GPtrArray *changes);
