/* SPDX-License-Identifier: MIT */
/* What there is to tell of updates: where their sources lie, and what is said there.
 *
 * One look-up serves every repository and run: what a source tells is kept in the
 * store. Nobody is asked for longer than a few seconds, and a failure costs a proposal
 * its notes and nothing else. A token goes to its own host alone; what was read of a
 * source that not everybody sees is told where no more people see it, or not at all.
 * A host is a forge if it is a well-known one, or if the operator says so.
 * Source: pull-requests.md 5, 6; forges.md 1.5, 2.5, 12.
 */
#pragma once

#include "upkeepd/ecosystem.h"
#include "upkeepd/forge.h"

/* A forge that the operator named. */
typedef struct {
	const char *url;  /* of anything there; borrowed */
	const char *name; /* Forge.name; borrowed */
} KnownForge;

/* One run's look-ups. */
typedef struct Notes Notes;

/* All is borrowed. `target` is the repository that is told; `known` of KnownForge. From
 * now on there are `patience_ms` for all that is asked, in whatever world. */
Notes *notes_new(const Repository *target, const GArray *known, int64_t patience_ms);
void notes_free(Notes *notes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Notes, notes_free)

/* Fills home and sections of the updates of `plan`, as they are seen in `w`. The worlds of
 * one run differ in whom they ask, and share a store. `may_ask` false: nothing of the
 * sources but what is kept.
 * Notes in the plan whether something could not be asked now. */
void notes_tell(Notes *notes, World *w, Plan *plan, bool may_ask);
