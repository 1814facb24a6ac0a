/* SPDX-License-Identifier: MIT */
#include "worker/claims.h"

#include "publish/branch.h"

bool claims_learn(Job *job, GError **error)
{
	g_autofree char *ours = g_strconcat(job->prefix, "/", NULL);

	return remote_claim(job->remote, ours, error) && remote_learn(job->remote, error);
}

static bool claim_by_rules(Job *job, const Rules *rules, bool *is_more, GError **error)
{
	g_autofree char *beginning = branch_beginning(rules, job->prefix);
	g_autofree char *ours = g_strconcat(job->prefix, "/", NULL);

	if (rules->target_branch != NULL) {
		*is_more = true;
		if (!remote_watch(job->remote, rules->target_branch, error))
			return false;
	}
	if (g_str_has_prefix(beginning, ours))
		return true;
	*is_more = true;
	if (*beginning != '\0')
		return remote_claim(job->remote, beginning, error);
	remote_survey(job->remote);
	return true;
}

static bool claim_by_journal(Job *job, bool *is_more, GError **error)
{
	g_autoptr(GPtrArray) records =
		journal_plans(job->turn->store, job->turn->ticket->repository, error);

	for (guint i = 0; records != NULL && i < records->len; i++) {
		const PlanRecord *record = g_ptr_array_index(records, i);

		if (remote_is_ours(job->remote, record->branch) ||
		    remote_is_base(job->remote, record->branch))
			continue;
		*is_more = true;
		if (!remote_claim_branch(job->remote, record->branch, error))
			return false;
	}
	return records != NULL;
}

bool claims_learn_more(Job *job, GError **error)
{
	bool is_more = false;

	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		if (rules->is_usable && rules->is_handled &&
		    !claim_by_rules(job, rules, &is_more, error))
			return false;
	}
	return claim_by_journal(job, &is_more, error) &&
	       (!is_more || remote_learn(job->remote, error));
}

bool claims_take(Job *job, const char *branch, GError **error)
{
	return remote_is_ours(job->remote, branch) ||
	       remote_claim_branch(job->remote, branch, error);
}
