/* SPDX-License-Identifier: MIT */
#include "worker/amend.h"

#include "base/text.h"
#include "config/condition.h"
#include "policy/directories.h"
#include "policy/match.h"
#include "publish/identity.h"
#include "upkeepd/limits.h"
#include "worker/orders.h"

#include <string.h>

/* Bytes of the places of one; the trailer of a commit has to hold them. */
enum { MOST_PLACES = 1000 };

static const Base *default_base(const Job *job)
{
	return g_ptr_array_index(job->bases, 0);
}

static bool is_of_base(const Job *job, const Rules *rules, const char *base)
{
	const char *target =
		rules->target_branch != NULL ? rules->target_branch : default_base(job)->branch;

	return strcmp(target, base) == 0;
}

static bool takes_in(const Rules *rules, const char *directory)
{
	for (guint i = 0; i < rules->directories->len; i++)
		if (directories_take_in(g_ptr_array_index(rules->directories, i), directory))
			return true;
	return false;
}

/* Whether the entry feeds a dependency in `directory` of `base`. */
static bool feeds(const Job *job, const Rules *rules, const char *ecosystem, const char *base,
		  const char *directory)
{
	return rules->is_usable && rules->is_handled &&
	       strcmp(rules->ecosystem_name, ecosystem) == 0 && is_of_base(job, rules, base) &&
	       takes_in(rules, directory);
}

/* The indexes of the entries at the places, each once. */
static GArray *entries_of(const Job *job, const Ignored *ignored)
{
	GArray *entries = g_array_new(FALSE, FALSE, sizeof(int));
	g_auto(GStrv) places = g_strsplit(ignored->places, "\n", -1);

	for (guint i = 0; places[0] != NULL && i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);
		bool is_any = false;

		for (char **place = places + 1; *place != NULL && !is_any; place++)
			is_any = feeds(job, rules, ignored->ecosystem, places[0], *place);
		if (is_any)
			g_array_append_val(entries, rules->index);
	}
	return entries;
}

/* What an amendment makes of the rules of the default branch. */
typedef struct {
	GArray *entries; /* of int: those that are for it */
	GBytes *before, *after;
	GError *refusal; /* why there is no `after` */
} Writing;

static void writing_clear(Writing *writing)
{
	g_clear_pointer(&writing->entries, g_array_unref);
	g_clear_pointer(&writing->before, g_bytes_unref);
	g_clear_pointer(&writing->after, g_bytes_unref);
	g_clear_error(&writing->refusal);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Writing, writing_clear)

static bool is_written(const Writing *writing)
{
	return writing->after != NULL && g_bytes_equal(writing->before, writing->after);
}

/* Errors: of the source. */
static bool try_writing(const Job *job, const Ignored *ignored, Writing *writing, GError **error)
{
	Source *source = default_base(job)->source;

	writing->entries = entries_of(job, ignored);
	if (!source_has(source, job->rules->path)) {
		fail(&writing->refusal, FAILURE_INPUT,
		     "the rules of this repository are not in it");
		return true;
	}
	writing->before = source->read(source, job->rules->path, LIMIT_CONFIG, error);
	if (writing->before == NULL)
		return false;
	if (writing->entries->len == 0)
		fail(&writing->refusal, FAILURE_INPUT, "no entry is for it any more");
	else
		writing->after =
			condition_write(job->rules->path, writing->before, writing->entries,
					ignored->name, ignored->range, &writing->refusal);
	return true;
}

/* The base, and of each entry that feeds a member of this name one directory. */
static char *places_of(const Job *job, const PlanRecord *record, const Ignored *ignored)
{
	g_autoptr(GString) places = g_string_new(record->base);

	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);
		bool is_any = false;

		for (guint k = 0; k < record->members->len && !is_any; k++) {
			const PlanMember *member = g_ptr_array_index(record->members, k);

			is_any = strcmp(member->name, ignored->name) == 0 &&
				 feeds(job, rules, ignored->ecosystem, record->base,
				       member->directory);
			if (is_any)
				g_string_append_printf(places, "\n%s", member->directory);
		}
	}
	return g_string_free(g_steal_pointer(&places), FALSE);
}

bool amend_find(const Job *job, const PlanRecord *record, Ignored *ignored, char **why_not,
		GError **error)
{
	g_auto(Writing) writing = { 0 };
	g_autofree char *file = text_code(job->rules->path);

	*why_not = NULL;
	ignored->places = places_of(job, record, ignored);
	if (!try_writing(job, ignored, &writing, error)) {
		g_clear_pointer(&ignored->places, g_free);
		return false;
	}
	if (writing.after == NULL)
		*why_not = g_strdup_printf("It cannot be written into %s: %s.", file,
					   writing.refusal->message);
	else if (is_written(&writing))
		*why_not = g_strdup_printf("%s says so already.", file);
	else if (strlen(ignored->places) > MOST_PLACES)
		*why_not = g_strdup_printf("It stands in too many places of %s.", file);
	if (*why_not != NULL)
		g_clear_pointer(&ignored->places, g_free);
	return true;
}

static Plan *plan_for(const Job *job, const Ignored *ignored, const Writing *writing)
{
	int first = g_array_index(writing->entries, int, 0);
	Plan *plan = plan_new(g_ptr_array_index(job->rules->entries, first));
	Amendment *amendment = g_new0(Amendment, 1);

	amendment->ecosystem = g_strdup(ignored->ecosystem);
	amendment->name = g_strdup(ignored->name);
	amendment->range = g_strdup(ignored->range);
	amendment->places = g_strdup(ignored->places);
	if (*ignored->author != '\0')
		amendment->author = g_strdup(ignored->author);
	if (ignored->number != 0)
		amendment->said_on =
			g_strdup_printf("%c%" G_GINT64_FORMAT, job->forge->sign, ignored->number);
	plan->amendment = amendment;
	g_ptr_array_add(plan->changes,
			file_change_new(job->rules->path, writing->before, writing->after));
	return plan;
}

/* What the rules have no place for any more. */
static bool give_up(Job *job, Ignored *ignored, const char *why, GError **error)
{
	g_autofree char *text =
		g_strdup_printf("'%s' is ignored by order alone: %s", ignored->name, why);

	turn_warning(job->turn, (Place){ job->rules->path, 0, 0 }, text);
	g_free(ignored->places);
	ignored->places = g_strdup("");
	return job->turn->is_dry ||
	       ignored_keep_apart(job->turn->store, job_repository(job), ignored, error);
}

bool amend_plan(Job *job, GError **error)
{
	for (guint i = 0; i < job->orders->ignored->len; i++) {
		Ignored *ignored = g_ptr_array_index(job->orders->ignored, i);
		g_auto(Writing) writing = { 0 };

		if (*ignored->places == '\0')
			continue;
		if (!try_writing(job, ignored, &writing, error))
			return false;
		if (writing.after == NULL) {
			if (!give_up(job, ignored, writing.refusal->message, error))
				return false;
		} else if (is_written(&writing)) {
			g_ptr_array_add(job->orders->written, ignored);
		} else {
			g_ptr_array_add(default_base(job)->plans, plan_for(job, ignored, &writing));
		}
	}
	return true;
}

static bool is_for(const Amendment *amendment, const Ignored *ignored)
{
	return strcmp(amendment->ecosystem, ignored->ecosystem) == 0 &&
	       strcmp(amendment->name, ignored->name) == 0 &&
	       strcmp(amendment->range, ignored->range) == 0;
}

const Plan *amend_plan_of(const Job *job, const Ignored *ignored)
{
	const GPtrArray *plans = default_base(job)->plans;

	for (guint i = 0; plans != NULL && i < plans->len; i++) {
		const Plan *plan = g_ptr_array_index(plans, i);

		if (plan->amendment != NULL && is_for(plan->amendment, ignored))
			return plan;
	}
	return NULL;
}

static const Ignored *ignored_for(const GPtrArray *list, const Amendment *amendment)
{
	for (guint i = 0; i < list->len; i++)
		if (is_for(amendment, g_ptr_array_index(list, i)))
			return g_ptr_array_index(list, i);
	return NULL;
}

/* What the journal and the orders would know, had they not been lost. */
static bool recall(const Job *job, const Amendment *amendment, GError **error)
{
	Ignored ignored = { .ecosystem = amendment->ecosystem,
			    .name = amendment->name,
			    .range = amendment->range,
			    .author = (char *)"",
			    .ignored_at = job->world.now,
			    .expires_at = INT64_MAX,
			    .places = amendment->places };

	return job->turn->is_dry ||
	       ignored_add(job->turn->store, job_repository(job), &ignored, error);
}

/* Why the branch of an amendment is not wanted, should no plan want it; "": it is. */
static bool find_reason(const Job *job, const OwnBranch *branch, const Amendment *amendment,
			const char **reason, GError **error)
{
	const Ignored *ignored = ignored_for(job->orders->ignored, amendment);
	g_autoptr(PlanRecord) record = NULL;

	*reason = RECONCILE_WITHDRAWN;
	if (ignored_for(job->orders->written, amendment) != NULL) {
		*reason = RECONCILE_WRITTEN;
	} else if (ignored != NULL && *ignored->places == '\0') {
		*reason = RECONCILE_UNWRITABLE;
	} else if (ignored == NULL && branch->is_ours) {
		if (!journal_find(job->turn->store, job_repository(job), branch->name, &record,
				  error))
			return false;
		if (record != NULL)
			return true;
		*reason = "";
		return recall(job, amendment, error);
	}
	return true;
}

bool amend_fill(Job *job, const GPtrArray *branches, Findings *findings, GError **error)
{
	Scope *scope = g_new0(Scope, 1);

	scope->is_known = true;
	g_tree_insert(findings->scopes, identity_amendments(), scope);
	for (guint i = 0; i < branches->len; i++) {
		const OwnBranch *branch = g_ptr_array_index(branches, i);
		g_autoptr(Amendment) amendment =
			branch->key != NULL ? identity_read_amendment(branch->key) : NULL;
		const char *reason;

		if (amendment == NULL)
			continue;
		if (!find_reason(job, branch, amendment, &reason, error))
			return false;
		g_tree_insert(findings->reasons, g_strdup(branch->key), (void *)reason);
	}
	for (guint i = 0; i < default_base(job)->plans->len; i++) {
		const Plan *plan = g_ptr_array_index(default_base(job)->plans, i);

		if (plan->amendment != NULL && plan->update_key != NULL &&
		    ignored_for(job->orders->amended, plan->amendment) != NULL)
			text_add(findings->asked, g_strdup(plan->update_key));
	}
	return true;
}

bool amend_settle(Job *job, GError **error)
{
	for (guint i = 0; !job->turn->is_dry && i < job->orders->written->len; i++)
		if (!ignored_drop(job->turn->store, job_repository(job),
				  g_ptr_array_index(job->orders->written, i), error))
			return false;
	return true;
}

static bool says(const Filter *filter, const char *name, const char *condition)
{
	return (filter->name == NULL || match_name(filter->name, name)) &&
	       (condition == NULL || filter->versions == NULL ||
		g_ptr_array_find_with_equal_func(filter->versions, condition, g_str_equal, NULL));
}

char *amend_said_at(const Job *job, const char *ecosystem, const char *name, const char *condition)
{
	g_autoptr(GString) lines = g_string_new(NULL);

	for (guint i = 0; i < job->rules->entries->len; i++) {
		const Rules *rules = g_ptr_array_index(job->rules->entries, i);

		if (!rules->is_usable ||
		    (*ecosystem != '\0' && strcmp(rules->ecosystem_name, ecosystem) != 0))
			continue;
		for (guint k = 0; k < rules->ignore->len; k++) {
			const Filter *filter = g_ptr_array_index(rules->ignore, k);

			if (says(filter, name, condition))
				g_string_append_printf(lines, "%sline %d",
						       lines->len > 0 ? ", " : "",
						       filter->place.line);
		}
	}
	return lines->len > 0 ? g_string_free(g_steal_pointer(&lines), FALSE) : NULL;
}
