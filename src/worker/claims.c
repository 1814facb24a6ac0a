/* SPDX-License-Identifier: MIT */
#include "worker/claims.h"

#include "publish/branch.h"

#include <string.h>

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
	g_autoptr(GPtrArray) records = journal_plans(job->turn->store, job_repository(job), error);

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

static bool is_acted_on(const Rules *rules)
{
	return rules->is_usable && rules->is_handled;
}

static bool claim_by_all_rules(Job *job, bool *is_more, GError **error)
{
	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		if (is_acted_on(rules) && !claim_by_rules(job, rules, is_more, error))
			return false;
	}
	return true;
}

/* The branch that is called as the folder of an entry's branches, of which git then lets
 * none be; NULL: there is none. The caller's. */
static char *in_the_way(const Job *job, const Rules *rules)
{
	g_autofree char *folder = branch_beginning(rules, job->prefix);
	size_t length = strlen(folder);

	if (length == 0 || folder[length - 1] != '/')
		return NULL;
	folder[length - 1] = '\0';
	return remote_tip(job->remote, folder) != NULL ? g_steal_pointer(&folder) : NULL;
}

/* The parts of names are joined by dashes as long as a branch is in the way, always
 * likewise: what is random is not found again (forges.md 8.3). */
static bool give_way(Job *job)
{
	bool has_given = false;

	for (guint i = 0; job_has_branches(job) && i < job->rules->entries->len; i++) {
		Rules *rules = g_ptr_array_index(job->rules->entries, i);
		g_autofree char *branch = is_acted_on(rules) ? in_the_way(job, rules) : NULL;

		if (branch == NULL)
			continue;
		rules->branch_name.separator = '-';
		has_given = true;
		g_ptr_array_add(job->rules->problems,
				problem_new(job->rules->path, rules->place.line,
					    rules->place.column, WEIGHT_WARNING,
					    "a branch '%s' lets none be called '%s/' and more: as "
					    "long as it is there, "
					    "'%s-' and more is what they are called",
					    branch, branch, branch));
	}
	return has_given;
}

bool claims_learn_more(Job *job, GError **error)
{
	bool is_more = false;

	if (!claim_by_all_rules(job, &is_more, error) || !claim_by_journal(job, &is_more, error) ||
	    (is_more && !remote_learn(job->remote, error)))
		return false;
	return !give_way(job) ||
	       (claim_by_all_rules(job, &is_more, error) && remote_learn(job->remote, error));
}

bool claims_take(Job *job, const char *branch, GError **error)
{
	return remote_is_ours(job->remote, branch) ||
	       remote_claim_branch(job->remote, branch, error);
}
