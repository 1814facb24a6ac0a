/* SPDX-License-Identifier: MIT */
/* A Source with changes laid over it: what the files are once they are made.
 *
 * So that one module can be tidied after another whose go.mod it reads.
 */
#pragma once

#include "upkeepd/plan.h"
#include "upkeepd/source.h"

/* A Source over `base`, which is borrowed; without changes it is the same. */
Source *overlay_new(Source *base);

/* Lays changes (of FileChange) over it; what they say of before does not matter. */
void overlay_add(Source *overlay, const GPtrArray *changes);

/* The files in which it differs from its base; the caller's, of FileChange.
 * Errors: of the base's read(). */
GPtrArray *overlay_changes(Source *overlay, GError **error) G_GNUC_WARN_UNUSED_RESULT;
