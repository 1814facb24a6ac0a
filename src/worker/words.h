/* SPDX-License-Identifier: MIT */
/* The last words of a proposal: what its sources tell of the update.
 *
 * They are asked for when a proposal is about to be opened, or says something else than
 * it should, and for nothing else: a proposal that is as it should be costs no question,
 * nor does one that is a month old. Without an answer a proposal is opened all the same,
 * and completed by the next run. Source: pull-requests.md 6.5, 9.6.
 */
#pragma once

#include "publish/reconcile.h"
#include "worker/job.h"

/* Completes message and body of the plans of `moves` (of Move). */
void words_complete(Job *job, const GPtrArray *moves);
