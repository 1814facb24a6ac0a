/* SPDX-License-Identifier: MIT */
/* What a run has found to be newer and has not proposed, into the store: held by a
 * cooldown, limited, skipped, failed (store/backlog.h). */
#pragma once

#include "publish/reconcile.h"
#include "worker/job.h"

/* To be called when `moves` (of Move) were carried out. Errors: IO. */
bool leftover_write(Job *job, const GPtrArray *moves, GError **error) G_GNUC_WARN_UNUSED_RESULT;
