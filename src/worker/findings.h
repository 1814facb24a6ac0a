/* SPDX-License-Identifier: MIT */
/* What a run has found out besides its plans: where it has looked, and why what is
 * proposed already is not wanted any more (publish/reconcile.h).
 */
#pragma once

#include "publish/reconcile.h"
#include "worker/job.h"

/* Fills `opened`. Errors: IO. */
bool findings_count(const Job *job, Findings *findings, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fills all but `refused`, from the bases' manifests and decisions. */
void findings_fill(const Job *job, Findings *findings);
