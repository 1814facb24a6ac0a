/* SPDX-License-Identifier: MIT */
/* `inspect dependabot`: the effective rules of a file, every default filled in, and
 * when each entry is due (cli.md 2). */
#include "config/dependabot.h"
#include "policy/schedule.h"
#include "upkeepd/ecosystem.h"
#include "worker/inspect.h"

/* Due times that are shown of each entry. */
#define SHOWN              5
/* Branch names are no longer than this where nothing else is said (pull-requests.md 2.3). */
#define DEFAULT_MAX_LENGTH 100

static Json *texts(const GPtrArray *list)
{
	Json *array = json_new_array();

	for (guint i = 0; list != NULL && i < list->len; i++)
		json_append_string(array, list->pdata[i]);
	return array;
}

static void set_texts(Json *json, const char *name, const GPtrArray *list)
{
	if (list == NULL)
		json_set_null(json, name);
	else
		json_set(json, name, texts(list));
}

static void set_word(Json *json, const char *name, bool is_set, const char *word)
{
	json_set_string(json, name, is_set ? word : NULL);
}

static void set_character(Json *json, const char *name, char c)
{
	const char text[] = { c, '\0' };

	json_set_string(json, name, c == '\0' ? NULL : text);
}

static Json *schedule_json(const Schedule *schedule)
{
	static const char *const intervals[] = { "daily",        "weekly", "monthly", "quarterly",
						 "semiannually", "yearly", "cron" };
	static const char *const days[] = { "monday", "tuesday",  "wednesday", "thursday",
					    "friday", "saturday", "sunday" };
	Json *json = json_new_object();
	bool is_cron = schedule->interval == INTERVAL_CRON;
	g_autofree char *time = NULL;

	/* Without `time`, the service chooses a minute; here there is none to know. */
	if (!is_cron)
		time = g_strdup_printf("%02d:%02d", MAX(schedule->minute, 0) / 60,
				       MAX(schedule->minute, 0) % 60);
	json_set_string(json, "interval", intervals[schedule->interval]);
	set_word(json, "day", schedule->interval == INTERVAL_WEEKLY, days[schedule->day - 1]);
	json_set_string(json, "time", time);
	json_set_string(json, "timezone", schedule->timezone);
	json_set_string(json, "cronjob", is_cron ? schedule->cronjob : NULL);
	return json;
}

static Json *next_due(const Schedule *schedule, int64_t now)
{
	Json *array = json_new_array();
	int64_t at = now;

	for (int i = 0; i < SHOWN; i++) {
		g_autoptr(GDateTime) time = NULL;
		g_autofree char *text = NULL;

		at = schedule_next(schedule, 0, at);
		time = at == NEVER ? NULL : g_date_time_new_from_unix_utc(at);
		if (time == NULL)
			break;
		text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
		json_append_string(array, text);
	}
	return array;
}

static Json *update_types(unsigned bits, const char *prefix)
{
	static const char *const levels[] = { "major", "minor", "patch" };
	Json *array = json_new_array();

	for (unsigned i = 0; i < G_N_ELEMENTS(levels); i++)
		if (bits == 0 || (bits & 1u << i) != 0) {
			g_autofree char *word = g_strconcat(prefix, levels[i], NULL);

			json_append_string(array, word);
		}
	return array;
}

static Json *allow_json(const GPtrArray *allow)
{
	static const Filter everything_direct = { .type = (char *)"direct" };
	Json *array = json_new_array();

	for (guint i = 0; i < MAX(allow->len, 1); i++) {
		const Filter *filter = allow->len == 0 ? &everything_direct : allow->pdata[i];
		Json *json = json_new_object();

		json_set_string(json, "dependency_name", filter->name == NULL ? "*" : filter->name);
		json_set_string(json, "dependency_type", filter->type);
		json_set(json, "update_types",
			 update_types(filter->update_types, "version-update:semver-"));
		json_append(array, json);
	}
	return array;
}

static Json *ignore_json(const GPtrArray *ignore)
{
	Json *array = json_new_array();

	for (guint i = 0; i < ignore->len; i++) {
		const Filter *filter = ignore->pdata[i];
		Json *json = json_new_object();

		json_set_string(json, "dependency_name", filter->name == NULL ? "*" : filter->name);
		set_texts(json, "versions", filter->versions);
		if (filter->update_types == 0)
			json_set_null(json, "update_types");
		else
			json_set(json, "update_types",
				 update_types(filter->update_types, "version-update:semver-"));
		json_append(array, json);
	}
	return array;
}

static Json *automerge_json(unsigned automerge)
{
	Json *array = json_new_array();

	for (int step = STEP_DIGEST; step <= STEP_MAJOR; step++)
		if ((automerge >> (step - STEP_DIGEST) & 1) != 0)
			json_append_string(array, step_word((Step)step));
	return array;
}

static Json *groups_json(const GPtrArray *groups)
{
	Json *object = json_new_object();

	for (guint i = 0; i < groups->len; i++) {
		const Group *group = groups->pdata[i];
		Json *json = json_new_object();

		json_set_string(json, "applies_to",
				group->is_security ? "security-updates" : "version-updates");
		if (group->patterns == NULL) {
			Json *all = json_new_array();

			json_append_string(all, "*");
			json_set(json, "patterns", all);
		} else {
			json_set(json, "patterns", texts(group->patterns));
		}
		json_set(json, "exclude_patterns", texts(group->exclude_patterns));
		json_set_string(json, "dependency_type", group->dependency_type);
		json_set(json, "update_types", update_types(group->update_types, ""));
		set_word(json, "group_by", group->is_by_name, "dependency-name");
		if (group->automerge != 0)
			json_set(json, "automerge", automerge_json(group->automerge));
		if (group->automerge != 0 && group->automerge_age > 0)
			json_set_integer(json, "automerge_age", group->automerge_age);
		json_set(object, group->name, json);
	}
	return object;
}

static Json *cooldown_json(const Cooldown *cooldown)
{
	Json *json = json_new_object();

	json_set_integer(json, "default_days", cooldown->default_days);
	json_set_integer(json, "semver_major_days", cooldown->major_days);
	json_set_integer(json, "semver_minor_days", cooldown->minor_days);
	json_set_integer(json, "semver_patch_days", cooldown->patch_days);
	set_texts(json, "include", cooldown->include);
	json_set(json, "exclude", texts(cooldown->exclude));
	return json;
}

static Json *commit_message_json(const CommitMessage *message)
{
	Json *json = json_new_object();

	json_set_string(json, "prefix", message->prefix);
	json_set_string(json, "prefix_development", message->prefix_development);
	set_word(json, "include", message->include_scope, "scope");
	return json;
}

static Json *branch_name_json(const BranchName *branch)
{
	static const char *const cases[] = { NULL, "lowercase", "uppercase" };
	Json *json = json_new_object();

	set_character(json, "separator", branch->separator);
	json_set_string(json, "prefix", branch->prefix);
	json_set_string(json, "template", branch->template_);
	set_character(json, "word_separator", branch->word_separator);
	json_set_string(json, "branch_name_case", cases[branch->letter_case]);
	json_set_integer(json, "max_length",
			 branch->max_length == 0 ? DEFAULT_MAX_LENGTH : branch->max_length);
	return json;
}

static const char *const rebase_words[] = {
	[REBASE_CONFLICTED] = "conflicted",
	[REBASE_BEHIND] = "behind",
	[REBASE_NEVER] = "never",
};

static Json *own_json(const Rules *rules)
{
	Json *json = json_new_object();

	json_set_string(json, "variant", rules->variant);
	json_set_string(json, "pin", rules->pins_digest ? "digest" : "none");
	json_set_string(json, "cooldown_unknown", rules->allows_unknown_age ? "allow" : "hold");
	json_set_integer(json, "settle", rules->settle_hours);
	json_set_bool(json, "latest_guard", rules->has_latest_guard);
	set_texts(json, "platforms", rules->platforms);
	json_set_string(json, "max_go", rules->max_go);
	json_set_string(json, "major_imports", rules->rewrites_imports ? "rewrite" : "keep");
	json_set_string(json, "toolchain", rules->carries_toolchain ? "carry" : "keep");
	json_set(json, "automerge", automerge_json(rules->automerge));
	if (rules->automerge_age > 0)
		json_set_integer(json, "automerge_age", rules->automerge_age);
	json_set_bool(json, "draft", rules->opens_drafts);
	if (rules->hourly_limit > 0)
		json_set_integer(json, "hourly_limit", rules->hourly_limit);
	json_set_string(json, "rebase", rebase_words[rules_rebase(rules)]);
	return json;
}

/* Those of the file, else "dependencies" and the ecosystem's own. */
static Json *labels_json(const Rules *rules)
{
	const Ecosystem *ecosystem =
		rules->is_handled ? ecosystem_by_name(rules->ecosystem_name) : NULL;
	Json *array;

	if (rules->labels != NULL)
		return texts(rules->labels);
	array = json_new_array();
	json_append_string(array, "dependencies");
	if (ecosystem != NULL)
		json_append_string(array, ecosystem->label);
	return array;
}

static void set_people(Json *json, const Rules *rules)
{
	json_set(json, "labels", labels_json(rules));
	json_set(json, "assignees", texts(rules->assignees));
	json_set(json, "reviewers", texts(rules->reviewers));
	if (rules->milestone == 0)
		json_set_null(json, "milestone");
	else
		json_set_integer(json, "milestone", rules->milestone);
}

static void set_registries(Json *json, const Rules *rules)
{
	if (rules->uses_all_registries)
		json_set_string(json, "registries", "*");
	else
		json_set(json, "registries", texts(rules->registries));
}

Json *inspect_rules(const Rules *rules)
{
	Json *json = json_new_object();

	json_set_string(json, "package_ecosystem", rules->ecosystem_name);
	if (rules->directories->len == 1 && !rules->is_list)
		json_set_string(json, "directory", rules->directories->pdata[0]);
	json_set(json, "directories", texts(rules->directories));
	json_set_string(json, "name", rules->display_name);
	json_set(json, "allow", allow_json(rules->allow));
	json_set(json, "ignore", ignore_json(rules->ignore));
	json_set(json, "groups", groups_json(rules->groups));
	json_set(json, "cooldown", cooldown_json(&rules->cooldown));
	json_set(json, "exclude_paths", texts(rules->exclude_paths));
	json_set_integer(json, "open_pull_requests_limit", rules->open_pull_requests_limit);
	json_set_string(json, "target_branch", rules->target_branch);
	set_people(json, rules);
	json_set(json, "commit_message", commit_message_json(&rules->commit_message));
	json_set(json, "pull_request_branch_name", branch_name_json(&rules->branch_name));
	json_set_string(json, "rebase_strategy", rules->is_rebase_disabled ? "disabled" : "auto");
	set_registries(json, rules);
	if (rules->has_vendor)
		json_set_bool(json, "vendor", rules->vendor);
	else
		json_set_null(json, "vendor");
	json_set_string(json, "versioning_strategy", rules->versioning_strategy);
	json_set_string(json, "multi_ecosystem_group", rules->multi_ecosystem_group);
	if (rules->multi_ecosystem_group != NULL)
		json_set(json, "patterns", texts(rules->patterns));
	json_set(json, "x_upkeepd", own_json(rules));
	json_set_bool(json, "handled", rules->is_handled);
	json_set_bool(json, "usable", rules->is_usable);
	return json;
}

static Json *entry_json(const Rules *rules, int64_t now)
{
	Json *json = inspect_rules(rules);

	json_set_integer(json, "line", rules->place.line);
	json_set_integer(json, "column", rules->place.column);
	json_set(json, "schedule", schedule_json(&rules->schedule));
	json_set(json, "next_due", next_due(&rules->schedule, now));
	return json;
}

/* A reference to a secret may be shown, a secret may not. */
static void set_secret(Json *json, const char *name, const char *written)
{
	set_word(json, name, written != NULL,
		 written != NULL && g_str_has_prefix(written, "${{") ? written : "(hidden)");
}

static Json *registries_json(const GPtrArray *registries)
{
	Json *object = json_new_object();

	for (guint i = 0; i < registries->len; i++) {
		const RegistryEntry *registry = registries->pdata[i];
		Json *json = json_new_object();

		json_set_string(json, "type", registry->type);
		json_set_string(json, "url", registry->url);
		json_set_string(json, "username", registry->username);
		set_secret(json, "password", registry->password);
		set_secret(json, "token", registry->token);
		set_secret(json, "key", registry->key);
		json_set_bool(json, "replaces_base", registry->replaces_base);
		json_set_bool(json, "usable", registry->is_usable);
		json_set(object, registry->name, json);
	}
	return object;
}

static Json *multi_groups_json(const GPtrArray *groups, int64_t now)
{
	Json *object = json_new_object();

	for (guint i = 0; i < groups->len; i++) {
		const MultiEcosystemGroup *group = groups->pdata[i];
		Json *json = json_new_object();

		json_set(json, "schedule", schedule_json(&group->schedule));
		json_set(json, "next_due", next_due(&group->schedule, now));
		json_set(json, "labels", texts(group->labels));
		json_set(json, "assignees", texts(group->assignees));
		if (group->milestone == 0)
			json_set_null(json, "milestone");
		else
			json_set_integer(json, "milestone", group->milestone);
		json_set_string(json, "target_branch", group->target_branch);
		json_set(json, "commit_message", commit_message_json(&group->commit_message));
		json_set(json, "pull_request_branch_name", branch_name_json(&group->branch_name));
		json_set_bool(json, "usable", group->is_usable);
		json_set(object, group->name, json);
	}
	return object;
}

static Json *file_json(const RulesFile *file, int64_t now)
{
	Json *json = json_new_object(), *updates = json_new_array();

	for (guint i = 0; i < file->entries->len; i++)
		json_append(updates, entry_json(file->entries->pdata[i], now));
	json_set_string(json, "file", file->path);
	json_set(json, "updates", updates);
	json_set(json, "registries", registries_json(file->registries));
	json_set(json, "multi_ecosystem_groups",
		 multi_groups_json(file->multi_ecosystem_groups, now));
	json_set_bool(json, "enable_beta_ecosystems", file->allows_beta);
	return json;
}

Json *inspect_dependabot(const Invocation *invocation, const char *path, GBytes *text, End *end,
			 GError **error G_GNUC_UNUSED)
{
	g_autoptr(RulesFile) file = rules_parse(path, text);

	say_problems(file->problems);
	if (problems_errors(file->problems) > 0)
		*end = END_MISUSED;
	return file_json(file, invocation->now);
}
