/* SPDX-License-Identifier: MIT */
/* A run of one repository, as one sentence:
 *
 *     discover → parse → look up → decide → rewrite → commit → publish → record
 *
 * Begin reading in pipeline.c.
 */
#pragma once

#include "worker/job.h"

/* Does all there is to do for the job's repository. A broken file or a failed plan
 * is an outcome, said and kept by the turn; an error ends the job. */
bool pipeline_run(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;
