/* SPDX-License-Identifier: MIT */
#include "config/dependabot.h"

#include "base/text.h"
#include "config/branch.h"
#include "config/entry.h"
#include "config/registries.h"
#include "config/schedule.h"

#include <string.h>

static void read_version(Reader *reader, const YamlNode *node, void *target G_GNUC_UNUSED)
{
	int64_t version;

	if (node->kind != YAML_SCALAR || !yaml_integer(node, &version))
		reader_error(reader, node, "'version' must be the number 2, not %s",
			     reader_kind(node));
	else if (version != 2)
		reader_error(reader, node, "'version' must be 2, not %s", node->value);
}

static void check_multi_group(Reader *reader, const YamlNode *node, void *target, int errors)
{
	MultiEcosystemGroup *group = target;
	const YamlNode *branch = yaml_get(node, "pull-request-branch-name");
	int before = reader->errors;

	if (branch != NULL && branch->kind == YAML_MAPPING)
		branch_check(reader, branch, &group->branch_name, BRANCH_OF_ECOSYSTEMS);
	group->is_usable = errors == 0 && reader->errors == before;
}

static void *create_multi_group(void)
{
	return multi_ecosystem_group_new();
}

static const char *const levels[] = { "major", "minor", "patch", NULL };
static const char *const types[] = { "development", "production", NULL };

#define WITHOUT_EFFECT(key) "'" key "' has no effect in a multi-ecosystem group"

static const Field multi_group_fields[] = {
	{ .key = "schedule",
	  .kind = FIELD_BLOCK,
	  .offset = offsetof(MultiEcosystemGroup, schedule),
	  .block = &schedule_block,
	  .is_required = true },
	{ .key = "labels", .kind = FIELD_TEXTS, .offset = offsetof(MultiEcosystemGroup, labels) },
	{ .key = "assignees",
	  .kind = FIELD_TEXTS,
	  .offset = offsetof(MultiEcosystemGroup, assignees),
	  .low = 1 },
	{ .key = "milestone",
	  .kind = FIELD_NUMBER,
	  .offset = offsetof(MultiEcosystemGroup, milestone),
	  .low = 1 },
	{ .key = "target-branch",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(MultiEcosystemGroup, target_branch),
	  .low = 1 },
	{ .key = "commit-message",
	  .kind = FIELD_BLOCK,
	  .offset = offsetof(MultiEcosystemGroup, commit_message),
	  .block = &commit_message_block },
	{ .key = "pull-request-branch-name",
	  .kind = FIELD_BLOCK,
	  .offset = offsetof(MultiEcosystemGroup, branch_name),
	  .block = &branch_block },
	{ .key = "open-pull-requests-limit",
	  .kind = FIELD_NUMBER,
	  .offset = offsetof(MultiEcosystemGroup, open_pull_requests_limit),
	  .remark = WITHOUT_EFFECT("open-pull-requests-limit") ", which is one proposal" },
	{ .key = "update-types",
	  .kind = FIELD_BITS,
	  .offset = NO_OFFSET,
	  .words = levels,
	  .remark = WITHOUT_EFFECT("update-types") },
	{ .key = "dependency-type",
	  .kind = FIELD_CHOICE,
	  .offset = NO_OFFSET,
	  .words = types,
	  .remark = WITHOUT_EFFECT("dependency-type") },
	{ .key = "exclude-patterns",
	  .kind = FIELD_TEXTS,
	  .offset = NO_OFFSET,
	  .low = 1,
	  .remark = WITHOUT_EFFECT("exclude-patterns") },
};

static const Block multi_group_block = {
	.where = "in a multi-ecosystem group",
	.fields = multi_group_fields,
	.n_fields = G_N_ELEMENTS(multi_group_fields),
	.create = create_multi_group,
	.place_offset = offsetof(MultiEcosystemGroup, place),
	.name_offset = offsetof(MultiEcosystemGroup, name),
	.check = check_multi_group,
	.unknown = WEIGHT_ERROR,
};

static const Field fields[] = {
	{ .key = "version", .kind = FIELD_CUSTOM, .read = read_version, .is_required = true },
	{ .key = "updates",
	  .kind = FIELD_BLOCKS,
	  .offset = offsetof(RulesFile, entries),
	  .block = &entry_block,
	  .is_required = true },
	{ .key = "registries",
	  .kind = FIELD_NAMED,
	  .offset = offsetof(RulesFile, registries),
	  .block = &registry_block },
	{ .key = "multi-ecosystem-groups",
	  .kind = FIELD_NAMED,
	  .offset = offsetof(RulesFile, multi_ecosystem_groups),
	  .block = &multi_group_block },
	{ .key = "enable-beta-ecosystems",
	  .kind = FIELD_FLAG,
	  .offset = offsetof(RulesFile, allows_beta) },
};

static const Block file_block = {
	.where = "at the top level",
	.fields = fields,
	.n_fields = G_N_ELEMENTS(fields),
	.place_offset = NO_OFFSET,
	.unknown = WEIGHT_ERROR,
};

/* Whether the file as a whole is what we can read: another version has other
 * rules, and of a key that stands twice nobody knows which was meant. */
static bool is_file_usable(const YamlFile *yaml, const YamlNode *root)
{
	const YamlNode *version = yaml_get(root, "version");
	const GArray *twice = yaml_duplicates(yaml);
	int64_t number;

	for (guint i = 0; i < twice->len; i++)
		for (size_t k = 0; k < root->n_children; k += 2)
			if (root->children[k] == g_array_index(twice, YamlDuplicate, i).key)
				return false;
	return version != NULL && yaml_integer(version, &number) && number == 2;
}

/* Two entries of one ecosystem must not ask for one directory of one branch. */
static void check_overlap(Reader *reader, RulesFile *file)
{
	g_autoptr(GTree) seen = g_tree_new_full(text_compare, NULL, g_free, NULL);

	for (guint i = 0; i < file->entries->len; i++) {
		Rules *rules = file->entries->pdata[i];
		YamlNode at = reader_at(&rules->place);
		const Rules *said = NULL; /* once for each pair is enough */

		for (guint k = 0; k < rules->directories->len && rules->ecosystem_name != NULL;
		     k++) {
			g_autofree char *directory = directory_normal(rules->directories->pdata[k]);
			char *key = g_strjoin("\n", rules->ecosystem_name, directory,
					      rules->target_branch, NULL);
			const Rules *other = g_tree_lookup(seen, key);

			if (other != NULL && other != rules && other != said) {
				reader_error(
					reader, &at,
					"the entry on line %d is for '%s' in '%s' too%s; keep one",
					other->place.line, rules->ecosystem_name, directory,
					rules->target_branch == NULL ? ""
								     : " with this target-branch");
				rules->is_usable = false;
				said = other;
			}
			if (other == NULL)
				g_tree_insert(seen, key, rules);
			else
				g_free(key);
		}
	}
}

static void add_missing(GPtrArray **list, const GPtrArray *more)
{
	g_autoptr(GTree) present = g_tree_new_with_data(text_compare, NULL);

	if (more == NULL)
		return;
	if (*list == NULL)
		*list = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < (*list)->len; i++)
		g_tree_insert(present, (*list)->pdata[i], (*list)->pdata[i]);
	for (guint i = 0; i < more->len; i++)
		if (g_tree_lookup(present, more->pdata[i]) == NULL)
			g_ptr_array_add(*list, g_strdup(more->pdata[i]));
}

static void replace(char **text, const char *by)
{
	g_free(*text);
	*text = g_strdup(by);
}

/* What a group says for its members: its own schedule, more labels and assignees,
 * and what they may not say themselves. */
static void fill_in(Rules *rules, const MultiEcosystemGroup *group)
{
	g_free(rules->schedule.timezone);
	g_free(rules->schedule.cronjob);
	rules->schedule = schedule_copy(&group->schedule);
	add_missing(&rules->labels, group->labels);
	add_missing(&rules->assignees, group->assignees);
	if (rules->milestone == 0)
		rules->milestone = group->milestone;
	if (rules->target_branch == NULL)
		rules->target_branch = g_strdup(group->target_branch);
	if (rules->commit_message.prefix == NULL) {
		replace(&rules->commit_message.prefix, group->commit_message.prefix);
		replace(&rules->commit_message.prefix_development,
			group->commit_message.prefix_development);
		rules->commit_message.include_scope = group->commit_message.include_scope;
	}
	if (rules->branch_name.template_ == NULL && rules->branch_name.prefix == NULL) {
		rules->branch_name = group->branch_name;
		rules->branch_name.prefix = g_strdup(group->branch_name.prefix);
		rules->branch_name.template_ = g_strdup(group->branch_name.template_);
	}
}

static void join(Reader *reader, const YamlNode *entry, Rules *rules, GTree *groups)
{
	const MultiEcosystemGroup *group = g_tree_lookup(groups, rules->multi_ecosystem_group);

	if (group == NULL) {
		reader_error(reader, yaml_get(entry, "multi-ecosystem-group"),
			     "multi-ecosystem group '%.60s' is not defined under the top-level "
			     "'multi-ecosystem-groups'",
			     rules->multi_ecosystem_group);
		rules->schedule.is_usable = false;
		rules->is_usable = false;
		return;
	}
	fill_in(rules, group);
	rules->is_usable &= group->is_usable;
}

static void check_multi_groups(Reader *reader, const YamlNode *root, RulesFile *file)
{
	g_autoptr(GTree) groups = g_tree_new_with_data(text_compare, NULL),
			 used = g_tree_new_with_data(text_compare, NULL);
	const YamlNode *updates = yaml_get(root, "updates");

	for (guint i = 0; i < file->multi_ecosystem_groups->len; i++) {
		MultiEcosystemGroup *group = file->multi_ecosystem_groups->pdata[i];

		g_tree_insert(groups, group->name, group);
	}
	for (guint i = 0; i < file->entries->len; i++) {
		Rules *rules = file->entries->pdata[i];

		if (rules->multi_ecosystem_group == NULL)
			continue;
		join(reader, updates->children[i], rules, groups);
		g_tree_insert(used, rules->multi_ecosystem_group, rules);
	}
	for (guint i = 0; i < file->multi_ecosystem_groups->len; i++) {
		const MultiEcosystemGroup *group = file->multi_ecosystem_groups->pdata[i];
		YamlNode at = reader_at(&group->place);

		if (g_tree_lookup(used, group->name) == NULL)
			reader_error(reader, &at, "no entry names multi-ecosystem group '%.60s'",
				     group->name);
	}
}

static void read_file(Reader *reader, const YamlFile *yaml, const YamlNode *root, RulesFile *file)
{
	const YamlNode *updates = yaml_get(root, "updates"),
		       *beta = yaml_get(root, "enable-beta-ecosystems");
	bool is_usable;

	/* Known before the entries are read, wherever it stands. */
	file->allows_beta = beta != NULL && beta->kind == YAML_SCALAR &&
			    yaml_type(beta) == YAML_IS_BOOL && yaml_is_true(beta);
	reader_block(reader, root, "dependabot.yml", &file_block, file);
	if (root->kind != YAML_MAPPING)
		return;
	if (updates != NULL && updates->kind == YAML_SEQUENCE && updates->n_children == 0)
		reader_warn(reader, updates, "'updates' is an empty list: nothing is kept current");
	registries_check(reader, root, file);
	check_multi_groups(reader, root, file);
	check_overlap(reader, file);
	is_usable = is_file_usable(yaml, root);
	for (guint i = 0; i < file->entries->len; i++) {
		Rules *rules = file->entries->pdata[i];

		rules->index = (int)i;
		rules->is_usable &= is_usable;
	}
}

RulesFile *rules_parse(const char *path, GBytes *text)
{
	RulesFile *file = rules_file_new(path);
	Reader reader = {
		.path = file->path,
		.problems = file->problems,
		.root = &file_block,
		.data = file,
	};
	g_autoptr(YamlFile) yaml = NULL;
	const YamlNode *root = reader_document(&reader, text, &yaml);

	if (root != NULL)
		read_file(&reader, yaml, root, file);
	reader_finish(&reader);
	return file;
}
