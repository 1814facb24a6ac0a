/* SPDX-License-Identifier: MIT */
#include "config/filters.h"

#include "upkeepd/ecosystem.h"

#include <string.h>

/* The documentation's bound; the published schema says 100. */
#define MOST_COOLDOWN_PATTERNS 150
#define MOST_DAYS              90

static const char *const types[] = {
	"direct", "indirect", "all", "production", "development", NULL
};
static const char *const group_types[] = { "development", "production", NULL };
static const char *const kinds[] = { "version-updates", "security-updates", NULL };
static const char *const ways[] = { "dependency-name", NULL };
/* In the order of UPDATE_MAJOR and so on. */
static const char *const levels[] = { "major", "minor", "patch", NULL };
static const char *const update_types[] = { "version-update:semver-major",
					    "version-update:semver-minor",
					    "version-update:semver-patch", NULL };

static void *create_filter(void)
{
	return g_new0(Filter, 1);
}

static void *create_group(void)
{
	return g_new0(Group, 1);
}

/* A key of Dependabot's preview. */
static void refuse_update_type(Reader *reader, const YamlNode *node, void *target G_GNUC_UNUSED)
{
	reader_error(
		reader, node,
		"'update-type' is of the preview of Dependabot and no longer a key; for security "
		"updates alone use 'open-pull-requests-limit: 0', for groups of them "
		"'applies-to: security-updates'");
}

static void check_allow(Reader *reader, const YamlNode *node, void *target,
			int errors G_GNUC_UNUSED)
{
	Filter *filter = target;

	if (yaml_get(node, "dependency-name") == NULL && yaml_get(node, "dependency-type") == NULL)
		reader_error(reader, node,
			     "an element of 'allow' needs 'dependency-name' or 'dependency-type'");
	/* As the service fills it in. */
	if (filter->type == NULL)
		filter->type = g_strdup("direct");
}

static void check_ignore(Reader *reader, const YamlNode *node, void *target G_GNUC_UNUSED,
			 int errors G_GNUC_UNUSED)
{
	if (yaml_get(node, "dependency-name") == NULL && yaml_get(node, "versions") == NULL &&
	    yaml_get(node, "update-types") == NULL)
		reader_error(reader, node,
			     "an element of 'ignore' needs 'dependency-name', 'versions' or "
			     "'update-types'");
}

void filters_check_ranges(Reader *reader, const YamlNode *ignore, const Rules *rules)
{
	const Ecosystem *ecosystem = ecosystem_by_name(rules->ecosystem_name);

	for (guint i = 0; ecosystem != NULL && i < rules->ignore->len; i++) {
		const Filter *filter = rules->ignore->pdata[i];
		const YamlNode *versions = yaml_get(ignore->children[i], "versions");

		for (guint k = 0; filter->versions != NULL && k < filter->versions->len; k++) {
			g_autofree char *remark = NULL;
			g_autoptr(GError) error = NULL;
			const char *range = filter->versions->pdata[k];
			const YamlNode *at =
				versions->kind == YAML_SEQUENCE ? versions->children[k] : versions;

			if (!ecosystem->check_range(range, &remark, &error))
				reader_error(reader, at, "'versions': %s", error->message);
			else if (remark != NULL)
				reader_warn(reader, at, "'versions': %s", remark);
		}
	}
}

/* The documentation of Dependabot wants letters first and last and no dots, the
 * service does not: names like k8s.io are in use. So only what is no name at all is
 * an error. */
static void check_group_name(Reader *reader, const Group *group)
{
	static const char provided[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789|_-";
	YamlNode at = reader_at(&group->place);
	const char *name = group->name;
	size_t length = strlen(name);

	if (length == 0)
		return;
	if (!g_ascii_isalnum(name[0]) || !g_ascii_isalnum(name[length - 1]))
		reader_error(reader, &at,
			     "the name of group '%.60s' must begin and end with a letter", name);
	else if (!g_ascii_isalpha(name[0]) || !g_ascii_isalpha(name[length - 1]))
		reader_warn(reader, &at,
			    "the name of group '%.60s' should begin and end with a letter, as the "
			    "documentation of Dependabot has it",
			    name);
	else if (strspn(name, provided) < length)
		reader_warn(reader, &at,
			    "the name of group '%.60s' has more than letters, digits, '|', '_' and "
			    "'-', which the documentation of Dependabot does not provide for",
			    name);
}

static void check_group(Reader *reader, const YamlNode *node, void *target,
			int errors G_GNUC_UNUSED)
{
	const Group *group = target;

	check_group_name(reader, group);
	if (group->is_by_name && group->is_security)
		reader_error(reader, yaml_get(node, "group-by"),
			     "'group-by' is for version updates only, not for 'applies-to: "
			     "security-updates'");
}

/* What is not given is what `default-days` says. */
static void check_cooldown(Reader *reader, const YamlNode *node, void *target,
			   int errors G_GNUC_UNUSED)
{
	Cooldown *cooldown = target;

	cooldown->is_given = true;
	if (node->n_children == 0)
		reader_warn(reader, node, "'cooldown' is empty, and changes nothing");
	if (cooldown->default_days == 0)
		reader_warn(reader, yaml_get(node, "default-days"),
			    "'default-days: 0' switches the cooldown off; the published schema of "
			    "Dependabot allows 1 to %d",
			    MOST_DAYS);
	if (yaml_get(node, "semver-major-days") == NULL)
		cooldown->major_days = cooldown->default_days;
	if (yaml_get(node, "semver-minor-days") == NULL)
		cooldown->minor_days = cooldown->default_days;
	if (yaml_get(node, "semver-patch-days") == NULL) {
		cooldown->patch_days = cooldown->default_days;
	} else if (cooldown->patch_days == 0) {
		cooldown->patch_days = cooldown->default_days;
		reader_warn(reader, yaml_get(node, "semver-patch-days"),
			    "'semver-patch-days: 0' counts as not given: 'default-days' holds");
	}
}

static const Field allow_fields[] = {
	{ .key = "dependency-name",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(Filter, name),
	  .low = 1 },
	{ .key = "dependency-type",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(Filter, type),
	  .words = types },
	{ .key = "update-types",
	  .kind = FIELD_BITS,
	  .offset = offsetof(Filter, update_types),
	  .words = update_types },
	{ .key = "update-type", .kind = FIELD_CUSTOM, .read = refuse_update_type },
};

const Block allow_block = {
	.where = "in an element of 'allow'",
	.fields = allow_fields,
	.n_fields = G_N_ELEMENTS(allow_fields),
	.create = create_filter,
	.place_offset = offsetof(Filter, place),
	.check = check_allow,
	.unknown = WEIGHT_ERROR,
};

static const Field ignore_fields[] = {
	{ .key = "dependency-name",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(Filter, name),
	  .low = 1 },
	{ .key = "versions",
	  .kind = FIELD_ONE_OR_TEXTS,
	  .offset = offsetof(Filter, versions),
	  .low = 1 },
	{ .key = "update-types",
	  .kind = FIELD_BITS,
	  .offset = offsetof(Filter, update_types),
	  .words = update_types },
};

const Block ignore_block = {
	.where = "in an element of 'ignore'",
	.fields = ignore_fields,
	.n_fields = G_N_ELEMENTS(ignore_fields),
	.create = create_filter,
	.place_offset = offsetof(Filter, place),
	.check = check_ignore,
	.unknown = WEIGHT_ERROR,
};

static const char *const steps[] = { "digest", "patch", "minor", "major", NULL };

static const Field own_group_fields[] = {
	{ .key = "automerge",
	  .kind = FIELD_BITS,
	  .offset = offsetof(Group, automerge),
	  .words = steps },
	{ .key = "automerge-age", .kind = FIELD_NUMBER, .offset = offsetof(Group, automerge_age) },
};

static const Block own_group_block = {
	.where = "in 'x-upkeepd'",
	.fields = own_group_fields,
	.n_fields = G_N_ELEMENTS(own_group_fields),
	.place_offset = NO_OFFSET,
	.unknown = WEIGHT_ERROR,
};

static const Field group_fields[] = {
	{ .key = "applies-to",
	  .kind = FIELD_CLAIM,
	  .offset = offsetof(Group, is_security),
	  .words = kinds },
	{ .key = "patterns", .kind = FIELD_TEXTS, .offset = offsetof(Group, patterns), .low = 1 },
	{ .key = "exclude-patterns",
	  .kind = FIELD_TEXTS,
	  .offset = offsetof(Group, exclude_patterns),
	  .low = 1 },
	{ .key = "dependency-type",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(Group, dependency_type),
	  .words = group_types },
	{ .key = "update-types",
	  .kind = FIELD_BITS,
	  .offset = offsetof(Group, update_types),
	  .words = levels },
	{ .key = "group-by",
	  .kind = FIELD_CLAIM,
	  .offset = offsetof(Group, is_by_name),
	  .words = ways },
	{ .key = "x-upkeepd", .kind = FIELD_BLOCK, .offset = 0, .block = &own_group_block },
};

const Block group_block = {
	.where = "in a group",
	.fields = group_fields,
	.n_fields = G_N_ELEMENTS(group_fields),
	.create = create_group,
	.place_offset = offsetof(Group, place),
	.name_offset = offsetof(Group, name),
	.check = check_group,
	.unknown = WEIGHT_ERROR,
	/* `all:` with nothing below takes every dependency. */
	.may_be_empty = true,
};

static const Field cooldown_fields[] = {
	{ .key = "default-days",
	  .kind = FIELD_NUMBER,
	  .offset = offsetof(Cooldown, default_days),
	  .low = 0,
	  .high = MOST_DAYS },
	{ .key = "semver-major-days",
	  .kind = FIELD_NUMBER,
	  .offset = offsetof(Cooldown, major_days),
	  .low = 1,
	  .high = MOST_DAYS },
	{ .key = "semver-minor-days",
	  .kind = FIELD_NUMBER,
	  .offset = offsetof(Cooldown, minor_days),
	  .low = 1,
	  .high = MOST_DAYS },
	{ .key = "semver-patch-days",
	  .kind = FIELD_NUMBER,
	  .offset = offsetof(Cooldown, patch_days),
	  .low = 0,
	  .high = MOST_DAYS },
	{ .key = "include",
	  .kind = FIELD_TEXTS,
	  .offset = offsetof(Cooldown, include),
	  .high = MOST_COOLDOWN_PATTERNS },
	{ .key = "exclude",
	  .kind = FIELD_TEXTS,
	  .offset = offsetof(Cooldown, exclude),
	  .high = MOST_COOLDOWN_PATTERNS },
};

const Block cooldown_block = {
	.where = "in 'cooldown'",
	.fields = cooldown_fields,
	.n_fields = G_N_ELEMENTS(cooldown_fields),
	.place_offset = offsetof(Cooldown, place),
	.check = check_cooldown,
	.unknown = WEIGHT_ERROR,
};
