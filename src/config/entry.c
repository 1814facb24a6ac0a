/* SPDX-License-Identifier: MIT */
#include "config/entry.h"

#include "config/branch.h"
#include "config/ecosystem.h"
#include "config/filters.h"
#include "config/schedule.h"

#include <string.h>

/* What is no number of Dependabot's: 30 days. */
#define LONGEST_SETTLE 720

static void read_ecosystem(Reader *reader, const YamlNode *node, void *target)
{
	Rules *rules = target;
	const char *name = reader_text(reader, node, "package-ecosystem"), *meant;
	const RulesFile *file = reader->data;

	if (name == NULL)
		return;
	g_free(rules->ecosystem_name);
	rules->ecosystem_name = g_strdup(name);
	rules->is_handled = ecosystem_is_handled(name);
	if (rules->is_handled)
		return;
	if (ecosystem_is_known(name) || (file->allows_beta && *name != '\0')) {
		reader_warn(
			reader, node,
			"'%.40s' is valid for Dependabot, not handled here; the entry is skipped",
			name);
		return;
	}
	meant = ecosystem_meant_by(name);
	reader_error(reader, node, "unknown ecosystem '%.40s'%s%s%s", name,
		     meant == NULL ? "; upkeepd handles docker, docker-compose and gomod"
				   : "; did you mean '",
		     meant == NULL ? "" : meant, meant == NULL ? "" : "'?");
}

static void read_directory(Reader *reader, const YamlNode *node, void *target)
{
	Rules *rules = target;
	const char *text = reader_text(reader, node, "directory");

	if (text == NULL)
		return;
	if (*text == '\0')
		reader_error(reader, node, "'directory' is empty; the root is \"/\"");
	else if (directory_is_glob(text))
		reader_error(
			reader, node,
			"'directory' must not be a glob pattern; use 'directories: [\"%.60s\"]'",
			text);
	else if (rules->directories->len == 0)
		g_ptr_array_add(rules->directories, g_strdup(text));
}

static void read_registries(Reader *reader, const YamlNode *node, void *target)
{
	static const Field list = { .key = "registries", .low = 1 };
	Rules *rules = target;

	if (node->kind == YAML_SCALAR && strcmp(node->value, "*") == 0)
		rules->uses_all_registries = true;
	else if (node->kind == YAML_SCALAR)
		reader_error(reader, node, "'registries' must be a list of names, or \"*\"");
	else
		reader_texts(reader, node, &list, &rules->registries);
}

/* os/architecture[/variant], in the words of Go and OCI. */
static bool is_platform(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "/", -1);
	guint count = g_strv_length(parts);

	for (char **part = parts; *part != NULL; part++)
		if (**part == '\0' ||
		    strspn(*part, "abcdefghijklmnopqrstuvwxyz0123456789._-") != strlen(*part))
			return false;
	return count == 2 || count == 3;
}

static bool is_go_version(const char *text)
{
	size_t digits = strspn(text, "0123456789.");

	if (strcmp(text, "keep") == 0)
		return true;
	return g_ascii_isdigit(*text) && digits > 2 && text[digits - 1] != '.' &&
	       strstr(text, "..") == NULL &&
	       strspn(text + digits, "abcdefghijklmnopqrstuvwxyz0123456789") ==
		       strlen(text + digits);
}

static void check_own(Reader *reader, const YamlNode *node, void *target, int errors G_GNUC_UNUSED)
{
	const Rules *rules = target;
	const YamlNode *platforms = yaml_get(node, "platforms");

	for (guint i = 0; rules->platforms != NULL && i < rules->platforms->len; i++)
		if (!is_platform(rules->platforms->pdata[i]))
			reader_error(reader, platforms->children[i],
				     "'%.60s' is no platform such as linux/amd64 or linux/arm/v7",
				     (char *)rules->platforms->pdata[i]);
	if (rules->max_go != NULL && !is_go_version(rules->max_go))
		reader_error(reader, yaml_get(node, "max-go"),
			     "'max-go' must be a version such as 1.24, or keep, not '%.60s'",
			     rules->max_go);
}

/* The value of a key that stands in the entry, for a warning about it. */
static const YamlNode *key_of(const YamlNode *node, const char *key)
{
	const YamlNode *own = yaml_get_key(node, key);

	return own == NULL ? node : own;
}

static void check_directories(Reader *reader, const YamlNode *node, Rules *rules)
{
	bool has_one = yaml_get(node, "directory") != NULL;
	bool has_list = yaml_get(node, "directories") != NULL;

	if (has_one && has_list)
		reader_error(reader, key_of(node, "directories"),
			     "'directory' and 'directories' exclude each other; keep one");
	else if (!has_one && !has_list)
		reader_error(reader, node,
			     "'directory' or 'directories' is missing in an entry of "
			     "'updates'");
	/* One plain item counts as `directory`. */
	rules->is_list = has_list && !(rules->directories->len == 1 &&
				       !directory_is_glob(rules->directories->pdata[0]));
}

static void check_group_member(Reader *reader, const YamlNode *node, const Rules *rules)
{
	static const char *const of_the_group[] = { "milestone", "commit-message", "target-branch",
						    "pull-request-branch-name" };
	bool has_patterns = yaml_get(node, "patterns") != NULL;

	if (rules->multi_ecosystem_group == NULL) {
		if (yaml_get(node, "multi-ecosystem-group") != NULL)
			return;
		if (yaml_get(node, "schedule") == NULL)
			reader_error(reader, node,
				     "'schedule' is missing in an entry of 'updates'");
		if (has_patterns)
			reader_warn(reader, key_of(node, "patterns"),
				    "'patterns' has no effect without 'multi-ecosystem-group'");
		return;
	}
	if (!has_patterns)
		reader_error(reader, node,
			     "'patterns' is missing: it says which dependencies join the "
			     "multi-ecosystem group; [\"*\"] takes all");
	for (size_t i = 0; i < G_N_ELEMENTS(of_the_group); i++)
		if (yaml_get(node, of_the_group[i]) != NULL)
			reader_error(
				reader, key_of(node, of_the_group[i]),
				"'%s' cannot be set in a member of a multi-ecosystem group; it "
				"stands in the group",
				of_the_group[i]);
	if (yaml_get(node, "schedule") != NULL)
		reader_warn(reader, key_of(node, "schedule"),
			    "'schedule' has no effect: the one of multi-ecosystem group '%s' holds",
			    rules->multi_ecosystem_group);
}

static void check_effects(Reader *reader, const YamlNode *node, const Rules *rules)
{
	if (!rules->is_handled)
		return;
	if (rules->has_vendor)
		reader_warn(reader, key_of(node, "vendor"), "'vendor' has no effect for '%s'%s",
			    rules->ecosystem_name,
			    strcmp(rules->ecosystem_name, "gomod") == 0
				    ? ": a vendor/ folder is kept in step where there is one"
				    : "");
	if (strcmp(rules->versioning_strategy, "lockfile-only") == 0)
		reader_warn(
			reader, key_of(node, "versioning-strategy"),
			"'versioning-strategy: lockfile-only' has no effect for '%s': its files "
			"are changed all the same; to keep a version, use 'ignore'",
			rules->ecosystem_name);
	else if (yaml_get(node, "versioning-strategy") != NULL)
		reader_warn(reader, key_of(node, "versioning-strategy"),
			    "'versioning-strategy' has no effect for '%s'", rules->ecosystem_name);
	if (yaml_get(node, "insecure-external-code-execution") != NULL)
		reader_warn(reader, key_of(node, "insecure-external-code-execution"),
			    "'insecure-external-code-execution' has no effect: no code of the "
			    "repository is ever run");
	for (guint i = 0; i < rules->groups->len; i++) {
		const Group *group = rules->groups->pdata[i];
		YamlNode at = reader_at(&group->place);

		if (group->dependency_type != NULL)
			reader_warn(
				reader, &at,
				"group '%.60s': for '%s' every dependency is a production one, so "
				"'dependency-type: %s' takes %s",
				group->name, rules->ecosystem_name, group->dependency_type,
				strcmp(group->dependency_type, "production") == 0 ? "all" : "none");
		if (group->is_security)
			reader_warn(reader, &at,
				    "group '%.60s' has no effect: it is for security updates, and "
				    "only version updates are made here",
				    group->name);
	}
}

/* Which kinds of proposals the entry can lead to. */
static unsigned kinds_of(const Rules *rules)
{
	unsigned kinds = BRANCH_OF_ONE;

	for (guint i = 0; i < rules->groups->len; i++) {
		const Group *group = rules->groups->pdata[i];

		if (group->is_security)
			continue;
		kinds |= BRANCH_OF_GROUP;
		if (group->patterns == NULL && group->exclude_patterns == NULL &&
		    group->update_types == 0 && group->dependency_type == NULL)
			kinds &= ~(unsigned)BRANCH_OF_ONE;
	}
	return kinds;
}

static void check(Reader *reader, const YamlNode *node, void *target, int errors)
{
	Rules *rules = target;
	const YamlNode *branch = yaml_get(node, "pull-request-branch-name");
	int before = reader->errors;

	rules->has_vendor = yaml_get(node, "vendor") != NULL;
	check_directories(reader, node, rules);
	check_group_member(reader, node, rules);
	check_effects(reader, node, rules);
	if (rules->is_handled)
		filters_check_ranges(reader, yaml_get(node, "ignore"), rules);
	if (branch != NULL && branch->kind == YAML_MAPPING)
		branch_check(reader, branch, &rules->branch_name, kinds_of(rules));
	rules->is_usable = errors == 0 && reader->errors == before;
}

static const char *const scopes[] = { "scope", NULL };

static const Field commit_message_fields[] = {
	{ .key = "prefix",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(CommitMessage, prefix),
	  .high = 50 },
	{ .key = "prefix-development",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(CommitMessage, prefix_development),
	  .high = 50 },
	{ .key = "include",
	  .kind = FIELD_CLAIM,
	  .offset = offsetof(CommitMessage, include_scope),
	  .words = scopes },
};

const Block commit_message_block = {
	.where = "in 'commit-message'",
	.fields = commit_message_fields,
	.n_fields = G_N_ELEMENTS(commit_message_fields),
	.place_offset = NO_OFFSET,
	.needs_a_key = true,
	.unknown = WEIGHT_ERROR,
};

static const char *const variants[] = { "exact", "auto", "newest", NULL };
static const char *const pins[] = { "none", "digest", NULL };
static const char *const major_imports[] = { "keep", "rewrite", NULL };
static const char *const toolchains[] = { "keep", "carry", NULL };
static const char *const unknown_ages[] = { "hold", "allow", NULL };

static const char *const rebases[] = { "auto", "conflicted", "behind", "never", NULL };
static const char *const steps[] = { "digest", "patch", "minor", "major", NULL };

static const Field own_fields[] = {
	{ .key = "variant",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(Rules, variant),
	  .words = variants },
	{ .key = "pin",
	  .kind = FIELD_CLAIM,
	  .offset = offsetof(Rules, pins_digest),
	  .words = pins },
	{ .key = "cooldown-unknown",
	  .kind = FIELD_CLAIM,
	  .offset = offsetof(Rules, allows_unknown_age),
	  .words = unknown_ages },
	{ .key = "settle",
	  .kind = FIELD_NUMBER,
	  .offset = offsetof(Rules, settle_hours),
	  .high = LONGEST_SETTLE },
	{ .key = "latest-guard", .kind = FIELD_FLAG, .offset = offsetof(Rules, has_latest_guard) },
	{ .key = "platforms", .kind = FIELD_TEXTS, .offset = offsetof(Rules, platforms), .low = 1 },
	{ .key = "max-go", .kind = FIELD_WRITTEN, .offset = offsetof(Rules, max_go) },
	{ .key = "major-imports",
	  .kind = FIELD_CLAIM,
	  .offset = offsetof(Rules, rewrites_imports),
	  .words = major_imports },
	{ .key = "toolchain",
	  .kind = FIELD_CLAIM,
	  .offset = offsetof(Rules, carries_toolchain),
	  .words = toolchains },
	{ .key = "automerge",
	  .kind = FIELD_BITS,
	  .offset = offsetof(Rules, automerge),
	  .words = steps },
	{ .key = "automerge-age", .kind = FIELD_NUMBER, .offset = offsetof(Rules, automerge_age) },
	{ .key = "draft", .kind = FIELD_FLAG, .offset = offsetof(Rules, opens_drafts) },
	{ .key = "hourly-limit",
	  .kind = FIELD_NUMBER,
	  .offset = offsetof(Rules, hourly_limit),
	  .low = 1 },
	{ .key = "rebase",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(Rules, rebase),
	  .words = rebases },
};

static const Block own_block = {
	.where = "in 'x-upkeepd'",
	.fields = own_fields,
	.n_fields = G_N_ELEMENTS(own_fields),
	.place_offset = NO_OFFSET,
	.check = check_own,
	.unknown = WEIGHT_ERROR,
};

static const char *const rebase_strategies[] = { "auto", "disabled", NULL };
static const char *const versioning_strategies[] = {
	"auto", "increase", "increase-if-necessary", "lockfile-only", "widen", NULL
};
static const char *const executions[] = { "allow", "deny", NULL };

static const Field fields[] = {
	{ .key = "package-ecosystem",
	  .kind = FIELD_CUSTOM,
	  .read = read_ecosystem,
	  .is_required = true },
	{ .key = "directory", .kind = FIELD_CUSTOM, .read = read_directory },
	{ .key = "directories",
	  .kind = FIELD_TEXTS,
	  .offset = offsetof(Rules, directories),
	  .low = 1 },
	{ .key = "schedule",
	  .kind = FIELD_BLOCK,
	  .offset = offsetof(Rules, schedule),
	  .block = &schedule_block },
	{ .key = "allow",
	  .kind = FIELD_BLOCKS,
	  .offset = offsetof(Rules, allow),
	  .block = &allow_block },
	{ .key = "ignore",
	  .kind = FIELD_BLOCKS,
	  .offset = offsetof(Rules, ignore),
	  .block = &ignore_block },
	{ .key = "groups",
	  .kind = FIELD_NAMED,
	  .offset = offsetof(Rules, groups),
	  .block = &group_block },
	{ .key = "cooldown",
	  .kind = FIELD_BLOCK,
	  .offset = offsetof(Rules, cooldown),
	  .block = &cooldown_block },
	{ .key = "exclude-paths", .kind = FIELD_TEXTS, .offset = offsetof(Rules, exclude_paths) },
	{ .key = "open-pull-requests-limit",
	  .kind = FIELD_NUMBER,
	  .offset = offsetof(Rules, open_pull_requests_limit) },
	{ .key = "target-branch",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(Rules, target_branch),
	  .low = 1 },
	{ .key = "labels", .kind = FIELD_TEXTS, .offset = offsetof(Rules, labels) },
	{ .key = "assignees", .kind = FIELD_TEXTS, .offset = offsetof(Rules, assignees), .low = 1 },
	{ .key = "reviewers",
	  .kind = FIELD_TEXTS,
	  .offset = offsetof(Rules, reviewers),
	  .low = 1,
	  .remark = "'reviewers' is no longer a key of Dependabot, which points to CODEOWNERS; "
		    "forges that have reviewers get them from upkeepd" },
	{ .key = "milestone",
	  .kind = FIELD_NUMBER,
	  .offset = offsetof(Rules, milestone),
	  .low = 1 },
	{ .key = "commit-message",
	  .kind = FIELD_BLOCK,
	  .offset = offsetof(Rules, commit_message),
	  .block = &commit_message_block },
	{ .key = "pull-request-branch-name",
	  .kind = FIELD_BLOCK,
	  .offset = offsetof(Rules, branch_name),
	  .block = &branch_block },
	{ .key = "rebase-strategy",
	  .kind = FIELD_CLAIM,
	  .offset = offsetof(Rules, is_rebase_disabled),
	  .words = rebase_strategies },
	{ .key = "registries", .kind = FIELD_CUSTOM, .read = read_registries },
	{ .key = "vendor", .kind = FIELD_FLAG, .offset = offsetof(Rules, vendor) },
	{ .key = "versioning-strategy",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(Rules, versioning_strategy),
	  .words = versioning_strategies },
	{ .key = "insecure-external-code-execution",
	  .kind = FIELD_CHOICE,
	  .offset = NO_OFFSET,
	  .words = executions },
	{ .key = "multi-ecosystem-group",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(Rules, multi_ecosystem_group),
	  .low = 1 },
	{ .key = "patterns", .kind = FIELD_TEXTS, .offset = offsetof(Rules, patterns), .low = 1 },
	{ .key = "name",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(Rules, display_name),
	  .low = 3,
	  .high = 100 },
	{ .key = "x-upkeepd", .kind = FIELD_BLOCK, .offset = 0, .block = &own_block },
};

static void *create(void)
{
	Rules *rules = rules_new();

	/* Until it has been read. */
	rules->is_usable = false;
	return rules;
}

const Block entry_block = {
	.where = "in an entry of 'updates'",
	.fields = fields,
	.n_fields = G_N_ELEMENTS(fields),
	.create = create,
	.place_offset = offsetof(Rules, place),
	.check = check,
	.unknown = WEIGHT_ERROR,
};
