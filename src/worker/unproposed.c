/* SPDX-License-Identifier: MIT */
#include "worker/unproposed.h"

#include "base/text.h"
#include "worker/proposals.h"

static bool is_unproposed(const Job *job, const OwnBranch *branch, bool *is, GError **error)
{
	g_autoptr(PlanRecord) record = NULL;

	if (!journal_find(job->turn->store, job_repository(job), branch->name, &record, error))
		return false;
	*is = record != NULL && proposals_is_unproposed(job, record) &&
	      g_strcmp0(record->new_oid, branch->commit) == 0;
	return true;
}

bool unproposed_find(Job *job, const GPtrArray *branches, Findings *findings, GError **error)
{
	for (guint i = 0; i < branches->len; i++) {
		const OwnBranch *branch = g_ptr_array_index(branches, i);
		bool is = false, takes = true;

		if (!is_unproposed(job, branch, &is, error) ||
		    (is && !remote_takes_options(job->remote, &takes, error)))
			return false;
		if (is && takes)
			text_add(findings->rebuilt, g_strdup(branch->name));
	}
	return true;
}
