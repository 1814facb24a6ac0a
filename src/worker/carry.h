/* SPDX-License-Identifier: MIT */
/* Commit, publish, record: the last three words of the sentence, for all that is
 * to be done to one repository.
 *
 * Every effect outside is preceded by the journal's word that it is meant, and
 * can be repeated: a commit's id is a function of its plan and the recorded time,
 * a push is a compare-and-swap, a proposal is looked for before it is opened. A
 * run that dies anywhere is finished by the next one. What fails for one plan is
 * its outcome. Source: operations.md 8, forges.md 2.3, pull-requests.md 9.
 */
#pragma once

#include "publish/reconcile.h"
#include "worker/job.h"

/* What stands on the remote below our prefix, each branch with whose it is; of
 * OwnBranch. One request at most. */
GPtrArray *carry_branches(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Notes what people did since the last run: branches of ours that they deleted,
 * proposals that they closed or merged. `refused` receives the names of the
 * branches that are not to be offered again. */
bool carry_notice(Job *job, GTree *refused, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Carries out `moves` (of Move, publish/reconcile.h); says and keeps an outcome for
 * each. One push for all new branches, one more for those that go away where
 * proposals have to be closed first.
 * Errors: IO (the journal), STOPPED if the job was taken from us. */
bool carry_out(Job *job, const GPtrArray *moves, GError **error) G_GNUC_WARN_UNUSED_RESULT;
