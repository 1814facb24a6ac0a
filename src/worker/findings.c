/* SPDX-License-Identifier: MIT */
#include "worker/findings.h"

#include "base/text.h"
#include "policy/directories.h"
#include "policy/group.h"
#include "publish/identity.h"
#include "worker/due.h"

#include <string.h>

enum { HOUR = 60 * 60 };

/* Mostly of Dependabot's words (pull-requests.md 9.4). */
#define UP_TO_DATE "up_to_date"
#define IMPOSSIBLE "update_no_longer_possible"
#define CHANGED    "dependencies_changed" /* it moves in another proposal */
#define OPEN       ""                     /* perhaps tomorrow */

static Base *base_of(const Job *job, const Rules *rules)
{
	for (guint i = 0; i < job->bases->len; i++) {
		Base *base = g_ptr_array_index(job->bases, i);

		if (g_strcmp0(base->target, rules->target_branch) == 0)
			return base;
	}
	return NULL;
}

/* Whether files of the entry could not be read: in `directory`; NULL: in any. */
static bool is_unread(const Base *base, const Rules *rules, const char *directory)
{
	for (guint i = 0; i < base->manifests->len; i++) {
		const Manifest *manifest = g_ptr_array_index(base->manifests, i);

		if (manifest->rules == rules && problems_errors(manifest->problems) > 0 &&
		    (directory == NULL || strcmp(manifest->directory, directory) == 0))
			return true;
	}
	return false;
}

static void add_scope(Findings *findings, char *key, const Rules *rules, bool is_known)
{
	Scope *scope = g_tree_lookup(findings->scopes, key);

	if (scope != NULL) {
		scope->is_known = scope->is_known && is_known;
		g_free(key);
		return;
	}
	scope = g_new(Scope, 1);
	*scope = (Scope){ rules, is_known };
	g_tree_insert(findings->scopes, key, scope);
}

/* The scopes of one entry: each of its directories, what it begins with for groups
 * across them, and its multi-ecosystem group. */
static void add_scopes(const Job *job, Findings *findings, const Rules *rules)
{
	Base *base = base_of(job, rules);
	g_autoptr(GPtrArray) directories =
		base == NULL ? NULL : directories_expand(rules, job_folders(base), NULL);
	const char *name = rules->ecosystem_name, *target = rules->target_branch;
	bool is_known = due_of(job, rules) != DUE_NOT;

	if (directories == NULL) {
		findings->is_whole = false;
		return;
	}
	for (guint i = 0; i < directories->len; i++) {
		const char *directory = g_ptr_array_index(directories, i);
		bool is_lost = is_unread(base, rules, directory);

		add_scope(findings, identity_scope(name, directory, target), rules,
			  is_known && !is_lost);
		if (is_lost)
			text_add(findings->missed, reconcile_member("", directory));
	}
	is_known = is_known && !is_unread(base, rules, NULL);
	if (rules->is_list) {
		g_autofree char *first = directory_normal(g_ptr_array_index(rules->directories, 0));

		add_scope(findings, identity_scope(name, first, target), rules, is_known);
	}
	if (rules->multi_ecosystem_group != NULL)
		add_scope(findings,
			  identity_across_ecosystems(rules->multi_ecosystem_group, target), rules,
			  is_known);
}

/* What is said of a dependency that no plan moves, as a reason to close what an
 * earlier run proposed. */
static const char *closing_reason(const Selection *selection)
{
	if (selection->dependency->why_not != NULL)
		return IMPOSSIBLE;
	switch (selection->reason) {
	case REASON_NONE:
		return CHANGED;
	case REASON_UP_TO_DATE:
	case REASON_NOT_NEWER:
	case REASON_IGNORED:
	case REASON_NOT_ALLOWED:
		return UP_TO_DATE;
	case REASON_MOVING:
	case REASON_RETRACTED:
	case REASON_ABSENT:
	case REASON_EXCLUDED:
		return IMPOSSIBLE;
	default:
		return OPEN;
	}
}

/* Of one dependency that stands in several places, one that leaves the question open
 * leaves it open for all; of a group, which is known by its members where it
 * matters, one that does not settles it. */
static bool is_weightier(const char *reason, const char *known, bool is_group)
{
	if (known == NULL)
		return true;
	if (is_group)
		return *known == '\0' || strcmp(known, CHANGED) == 0;
	return *reason == '\0' || (*known != '\0' && strcmp(known, CHANGED) == 0);
}

static void add_reasons(Findings *findings, const Selection *selection)
{
	const char *reason = closing_reason(selection);
	g_autoptr(GPtrArray) homes = group_homes(selection);

	for (guint i = 0; i < homes->len; i++) {
		const Plan *home = g_ptr_array_index(homes, i);
		g_autofree char *key = identity_key(home);

		if (is_weightier(reason, g_tree_lookup(findings->reasons, key),
				 home->group != NULL))
			g_tree_insert(findings->reasons, g_steal_pointer(&key), (void *)reason);
	}
}

/* An answer that there is nothing is one; no answer is not. */
static bool is_missed(const Selection *selection)
{
	const Offer *offer = selection->dependency->offer;

	return selection->reason == REASON_UNRESOLVED && selection->dependency->why_not == NULL &&
	       (offer == NULL ||
		(offer->error != NULL && failure_kind(offer->error) != FAILURE_ABSENT));
}

static void add_members(Findings *findings, const Selection *selection)
{
	const char *name = selection->dependency->name;
	const char *directory = selection->manifest->directory;

	if (selection->types != 0 || selection->update != NULL)
		return;
	if (*closing_reason(selection) == '\0')
		text_add(findings->open, reconcile_member(name, directory));
	if (is_missed(selection))
		text_add(findings->missed, reconcile_member(name, directory));
}

void findings_fill(const Job *job, Findings *findings)
{
	findings->is_whole = problems_errors(job->rules->problems) == 0;
	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		if (rules->is_usable && rules->is_handled)
			add_scopes(job, findings, rules);
		if (due_of(job, rules) == DUE_TENDED)
			g_tree_insert(findings->tended, (void *)rules, (void *)rules);
	}
	for (guint i = 0; i < job->bases->len; i++) {
		const Base *base = g_ptr_array_index(job->bases, i);

		for (guint k = 0; k < base->decision.selections->len; k++) {
			const Selection *selection =
				g_ptr_array_index(base->decision.selections, k);

			add_reasons(findings, selection);
			add_members(findings, selection);
		}
	}
}

bool findings_count(const Job *job, Findings *findings, GError **error)
{
	int64_t since = job->turn->invocation->now - HOUR + 1;

	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);
		g_autofree char *entry = NULL;
		int64_t count;

		if (!rules->is_usable || !rules->is_handled || rules->hourly_limit == 0)
			continue;
		entry = due_key(rules);
		if (!journal_count_opened(job->turn->store, job_repository(job), entry, since,
					  &count, error))
			return false;
		g_tree_insert(findings->opened, (void *)rules,
			      GUINT_TO_POINTER((guint)MIN(count, G_MAXINT)));
	}
	return true;
}
