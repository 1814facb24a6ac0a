/* SPDX-License-Identifier: MIT */
#include "upkeepd/plan.h"

Section *section_new(SectionKind kind, char *url, char *text)
{
	Section *section = g_new0(Section, 1);

	section->kind = kind;
	section->url = url;
	section->text = text;
	return section;
}

void section_free(Section *section)
{
	if (section == NULL)
		return;
	g_free(section->url);
	g_free(section->text);
	g_free(section);
}

Notice *notice_new(char *text, char *quote)
{
	Notice *notice = g_new0(Notice, 1);

	notice->text = text;
	notice->quote = quote;
	return notice;
}

void notice_free(Notice *notice)
{
	if (notice == NULL)
		return;
	g_free(notice->text);
	g_free(notice->quote);
	g_free(notice);
}

GPtrArray *notices_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)notice_free);
}

Update *update_new(Manifest *manifest, Dependency *dependency)
{
	Update *update = g_new0(Update, 1);

	update->manifest = manifest;
	update->dependency = dependency;
	update->sections = g_ptr_array_new_with_free_func((GDestroyNotify)section_free);
	return update;
}

Update *update_copy(const Update *update)
{
	Update *copy = update_new(update->manifest, update->dependency);

	copy->from = g_strdup(update->from);
	copy->to = g_strdup(update->to);
	copy->to_name = g_strdup(update->to_name);
	copy->from_digest = g_strdup(update->from_digest);
	copy->to_digest = g_strdup(update->to_digest);
	copy->step = update->step;
	copy->note = g_strdup(update->note);
	if (update->otherwise != NULL)
		copy->otherwise = update_copy(update->otherwise);
	return copy;
}

const char *update_target(const Update *update)
{
	return update->to_name != NULL ? update->to_name : update->dependency->name;
}

void update_give_way(Update *update)
{
	Update *otherwise = update->otherwise, before = *update;

	g_assert(otherwise != NULL);
	*update = *otherwise;
	*otherwise = before;
	otherwise->otherwise = NULL;
	update_free(otherwise);
}

void update_free(Update *update)
{
	if (update == NULL)
		return;
	g_free(update->from);
	g_free(update->to);
	g_free(update->to_name);
	g_free(update->from_digest);
	g_free(update->to_digest);
	g_free(update->note);
	home_free(update->home);
	g_ptr_array_unref(update->sections);
	update_free(update->otherwise);
	g_free(update);
}

int64_t update_published_at(const Update *update)
{
	const Offer *offer = update->dependency->offer;

	for (guint i = 0; offer != NULL && update->to != NULL && i < offer->releases->len; i++) {
		const Release *release = g_ptr_array_index(offer->releases, i);

		if (strcmp(release->version, update->to) == 0)
			return release->published_at;
	}
	return 0;
}

FileChange *file_change_new(const char *path, GBytes *before, GBytes *after)
{
	FileChange *change = g_new0(FileChange, 1);

	change->path = g_strdup(path);
	change->before = before != NULL ? g_bytes_ref(before) : NULL;
	change->after = after != NULL ? g_bytes_ref(after) : NULL;
	return change;
}

void file_change_free(FileChange *change)
{
	if (change == NULL)
		return;
	g_free(change->path);
	g_clear_pointer(&change->before, g_bytes_unref);
	g_clear_pointer(&change->after, g_bytes_unref);
	g_free(change);
}

GPtrArray *file_changes_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)file_change_free);
}

void amendment_free(Amendment *amendment)
{
	if (amendment == NULL)
		return;
	g_free(amendment->ecosystem);
	g_free(amendment->name);
	g_free(amendment->range);
	g_free(amendment->places);
	g_free(amendment->author);
	g_free(amendment->said_on);
	g_free(amendment);
}

Plan *plan_new(const Rules *rules)
{
	Plan *plan = g_new0(Plan, 1);

	plan->rules = rules;
	plan->updates = g_ptr_array_new_with_free_func((GDestroyNotify)update_free);
	plan->changes = file_changes_new();
	plan->remarks = g_ptr_array_new_with_free_func(g_free);
	plan->absent = notices_new();
	return plan;
}

void plan_free(Plan *plan)
{
	if (plan == NULL)
		return;
	g_free(plan->update_key);
	g_free(plan->group);
	g_ptr_array_unref(plan->updates);
	amendment_free(plan->amendment);
	g_ptr_array_unref(plan->changes);
	g_ptr_array_unref(plan->remarks);
	g_ptr_array_unref(plan->absent);
	g_free(plan->branch);
	g_free(plan->title);
	g_free(plan->message);
	g_free(plan->body);
	g_free(plan->note);
	g_clear_error(&plan->error);
	g_free(plan);
}

const char *action_word(Action action)
{
	static const char *const words[] = {
		[ACTION_CREATED] = "created",       [ACTION_UPDATED] = "updated",
		[ACTION_SUPERSEDED] = "superseded", [ACTION_CLOSED] = "closed",
		[ACTION_UNCHANGED] = "unchanged",   [ACTION_SKIPPED] = "skipped",
		[ACTION_FAILED] = "failed",         [ACTION_DRY_RUN] = "dry-run",
	};

	g_assert((size_t)action < G_N_ELEMENTS(words));
	return words[action];
}

Outcome *outcome_new(const char *branch, Action action)
{
	Outcome *outcome = g_new0(Outcome, 1);

	outcome->branch = g_strdup(branch);
	outcome->action = action;
	return outcome;
}

void outcome_free(Outcome *outcome)
{
	if (outcome == NULL)
		return;
	g_free(outcome->branch);
	g_free(outcome->commit);
	g_free(outcome->proposal_url);
	g_free(outcome->reason);
	g_free(outcome);
}
