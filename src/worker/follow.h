/* SPDX-License-Identifier: MIT */
/* What goes along when an update moves what builds the repository: files that name the
 * tool's version themselves (Ecosystem.follow), where the entry of the update says
 * `toolchain: carry`. Whether another entry covers these files does not matter. What is
 * too large to be read stays as it is.
 */
#pragma once

#include "upkeepd/deed.h"
#include "upkeepd/source.h"
#include "worker/builders.h"

/* Adds to `changes` (of FileChange, made by `updates`, of Update) those of files of
 * `source` that follow; what moves in them is told in `shifts` (of Shift). `*builders` is
 * all that builds it (builders_collect_all()): collected the first time that it is wanted,
 * where it is NULL, and to be handed in with every other plan; the caller's.
 * Errors: of the source. */
bool follow_builders(Source *source, Builders **builders, const GPtrArray *updates,
		     GPtrArray *changes, GPtrArray *shifts, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
