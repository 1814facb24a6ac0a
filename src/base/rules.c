/* SPDX-License-Identifier: MIT */
#include "upkeepd/rules.h"

#include "base/text.h"
#include "base/zone.h"

#include <string.h>

static void drop(GPtrArray *list)
{
	if (list != NULL)
		g_ptr_array_unref(list);
}

/* Weekly on Monday and in UTC, where nothing else is said. */
static void schedule_init(Schedule *schedule)
{
	schedule->day = 1;
	schedule->minute = -1;
	schedule->timezone = g_strdup("UTC");
}

static void schedule_clear(Schedule *schedule)
{
	g_free(schedule->timezone);
	g_free(schedule->cronjob);
}

Schedule schedule_copy(const Schedule *from)
{
	Schedule copy = *from;

	copy.timezone = g_strdup(from->timezone);
	copy.cronjob = g_strdup(from->cronjob);
	return copy;
}

static void commit_message_clear(CommitMessage *message)
{
	g_free(message->prefix);
	g_free(message->prefix_development);
}

static void branch_name_clear(BranchName *branch)
{
	g_free(branch->prefix);
	g_free(branch->template_);
}

void filter_free(Filter *filter)
{
	if (filter == NULL)
		return;
	g_free(filter->name);
	g_free(filter->type);
	drop(filter->versions);
	g_free(filter);
}

void group_free(Group *group)
{
	if (group == NULL)
		return;
	g_free(group->name);
	drop(group->patterns);
	drop(group->exclude_patterns);
	g_free(group->dependency_type);
	g_free(group);
}

Rules *rules_new(void)
{
	Rules *rules = g_new0(Rules, 1);

	rules->directories = g_ptr_array_new_with_free_func(g_free);
	schedule_init(&rules->schedule);
	rules->allow = g_ptr_array_new_with_free_func((GDestroyNotify)filter_free);
	rules->ignore = g_ptr_array_new_with_free_func((GDestroyNotify)filter_free);
	rules->groups = g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
	rules->cooldown.default_days = 3;
	rules->cooldown.major_days = 3;
	rules->cooldown.minor_days = 3;
	rules->cooldown.patch_days = 3;
	rules->exclude_paths = g_ptr_array_new_with_free_func(g_free);
	rules->open_pull_requests_limit = 5;
	rules->assignees = g_ptr_array_new_with_free_func(g_free);
	rules->reviewers = g_ptr_array_new_with_free_func(g_free);
	rules->branch_name.separator = '/';
	rules->registries = g_ptr_array_new_with_free_func(g_free);
	rules->versioning_strategy = g_strdup("auto");
	rules->patterns = g_ptr_array_new_with_free_func(g_free);
	rules->variant = g_strdup("auto");
	rules->settle_hours = 24;
	rules->has_latest_guard = true;
	rules->is_usable = true;
	return rules;
}

void rules_free(Rules *rules)
{
	if (rules == NULL)
		return;
	g_free(rules->ecosystem_name);
	drop(rules->directories);
	schedule_clear(&rules->schedule);
	drop(rules->allow);
	drop(rules->ignore);
	drop(rules->groups);
	drop(rules->cooldown.include);
	drop(rules->cooldown.exclude);
	drop(rules->exclude_paths);
	g_free(rules->target_branch);
	drop(rules->labels);
	drop(rules->assignees);
	drop(rules->reviewers);
	commit_message_clear(&rules->commit_message);
	branch_name_clear(&rules->branch_name);
	drop(rules->registries);
	g_free(rules->versioning_strategy);
	g_free(rules->multi_ecosystem_group);
	drop(rules->patterns);
	g_free(rules->display_name);
	g_free(rules->variant);
	drop(rules->platforms);
	g_free(rules->max_go);
	g_free(rules->rebase);
	g_free(rules);
}

void registry_entry_free(RegistryEntry *registry)
{
	if (registry == NULL)
		return;
	g_free(registry->name);
	g_free(registry->type);
	g_free(registry->url);
	g_free(registry->username);
	g_free(registry->password);
	g_free(registry->token);
	g_free(registry->key);
	g_free(registry);
}

MultiEcosystemGroup *multi_ecosystem_group_new(void)
{
	MultiEcosystemGroup *group = g_new0(MultiEcosystemGroup, 1);

	schedule_init(&group->schedule);
	group->open_pull_requests_limit = -1;
	group->branch_name.separator = '/';
	return group;
}

void multi_ecosystem_group_free(MultiEcosystemGroup *group)
{
	if (group == NULL)
		return;
	g_free(group->name);
	schedule_clear(&group->schedule);
	drop(group->labels);
	drop(group->assignees);
	g_free(group->target_branch);
	commit_message_clear(&group->commit_message);
	branch_name_clear(&group->branch_name);
	g_free(group);
}

RulesFile *rules_file_new(const char *path)
{
	RulesFile *file = g_new0(RulesFile, 1);

	file->path = g_strdup(path);
	file->entries = g_ptr_array_new_with_free_func((GDestroyNotify)rules_free);
	file->registries = g_ptr_array_new_with_free_func((GDestroyNotify)registry_entry_free);
	file->multi_ecosystem_groups =
		g_ptr_array_new_with_free_func((GDestroyNotify)multi_ecosystem_group_free);
	file->problems = problems_new();
	file->zones = g_tree_new_full(text_compare, NULL, g_free, (GDestroyNotify)zone_free);
	return file;
}

void rules_file_free(RulesFile *file)
{
	if (file == NULL)
		return;
	g_ptr_array_unref(file->entries);
	g_ptr_array_unref(file->registries);
	g_ptr_array_unref(file->multi_ecosystem_groups);
	g_ptr_array_unref(file->problems);
	g_tree_unref(file->zones);
	g_free(file->path);
	g_free(file);
}

char *directory_normal(const char *written)
{
	g_auto(GStrv) parts = g_strsplit(written, "/", -1);
	GString *path = g_string_new(NULL);

	for (char **part = parts; *part != NULL; part++) {
		if (**part == '\0' || strcmp(*part, ".") == 0)
			continue;
		if (strcmp(*part, "..") == 0) {
			const char *slash = strrchr(path->str, '/');

			g_string_truncate(path, slash == NULL ? 0 : (gsize)(slash - path->str));
			continue;
		}
		g_string_append_c(path, '/');
		g_string_append(path, *part);
	}
	if (path->len == 0)
		g_string_append_c(path, '/');
	return g_string_free(path, FALSE);
}

bool directory_is_glob(const char *written)
{
	return strpbrk(written, "*?") != NULL ||
	       (strchr(written, '[') != NULL && strchr(written, ']') != NULL);
}

const Group *rules_group(const Rules *rules, const char *name)
{
	for (guint i = 0; i < rules->groups->len; i++) {
		const Group *group = g_ptr_array_index(rules->groups, i);

		if (strcmp(group->name, name) == 0)
			return group;
	}
	return NULL;
}

RebaseWhen rules_rebase(const Rules *rules)
{
	const char *word = rules == NULL ? NULL : rules->rebase;

	if (word == NULL)
		return rules != NULL && rules->is_rebase_disabled ? REBASE_NEVER
								  : REBASE_CONFLICTED;
	if (strcmp(word, "never") == 0)
		return REBASE_NEVER;
	if (strcmp(word, "behind") == 0)
		return REBASE_BEHIND;
	return strcmp(word, "auto") == 0 && rules->automerge != 0 ? REBASE_BEHIND
								  : REBASE_CONFLICTED;
}
