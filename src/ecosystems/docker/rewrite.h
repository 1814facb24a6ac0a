/* SPDX-License-Identifier: MIT */
/* Changing tags and digests in the files that name them.
 *
 * Each change is an edit of the bytes that spell it, wherever they stand; the
 * result is read again and must differ in what was meant and in nothing else.
 * Source: docker.md 2.7.
 */
#pragma once

#include "upkeepd/plan.h"

/* Makes those updates of the plan whose manifests are of `ecosystem`; adds a
 * change for each file. An update that cannot be made is dropped from the plan
 * and said in its manifest's problems; with it those of the images that take
 * their tags from the same place. Where else an ARG that moves is used is among
 * the remarks.
 *
 * Errors: INPUT if no update of the plan can be made; the plan keeps them. */
bool rewrite_plan(Plan *plan, const Ecosystem *ecosystem, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What moves in `manifest` if `dependency` gets `version`: itself first, then all
 * that take their tag from the same place. Of Update, the caller's.
 *
 * Errors: INPUT if the file cannot be changed so. */
GPtrArray *rewrite_entailed(Manifest *manifest, Dependency *dependency, const char *version,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
