/* SPDX-License-Identifier: MIT */
#include "config/branch.h"

#include <string.h>

static const struct {
	const char *name;
	unsigned kinds;
} placeholders[] = {
	{ "prefix", BRANCH_OF_ONE | BRANCH_OF_GROUP | BRANCH_OF_ECOSYSTEMS },
	{ "target_branch", BRANCH_OF_ONE | BRANCH_OF_GROUP | BRANCH_OF_ECOSYSTEMS },
	{ "name", BRANCH_OF_ONE | BRANCH_OF_GROUP | BRANCH_OF_ECOSYSTEMS },
	{ "package_manager", BRANCH_OF_ONE | BRANCH_OF_GROUP },
	{ "directory", BRANCH_OF_ONE | BRANCH_OF_GROUP },
	{ "dependency", BRANCH_OF_ONE },
	{ "version", BRANCH_OF_ONE },
	{ "group_name", BRANCH_OF_GROUP | BRANCH_OF_ECOSYSTEMS },
};

static const struct {
	unsigned kind;
	const char *name;
} kind_names[] = {
	{ BRANCH_OF_ONE, "a single dependency" },
	{ BRANCH_OF_GROUP, "a group" },
	{ BRANCH_OF_ECOSYSTEMS, "a multi-ecosystem group" },
};

static void check_placeholder(Reader *reader, const YamlNode *node, const char *name,
			      unsigned kinds)
{
	for (size_t i = 0; i < G_N_ELEMENTS(placeholders); i++) {
		if (strcmp(placeholders[i].name, name) != 0)
			continue;
		for (size_t k = 0; k < G_N_ELEMENTS(kind_names); k++)
			if ((kinds & ~placeholders[i].kinds & kind_names[k].kind) != 0)
				reader_error(
					reader, node,
					"'template': {%s} has no value in the branch of %s, "
					"which this template names too; {name} has one in each",
					name, kind_names[k].name);
		return;
	}
	reader_error(reader, node, "'template': unknown placeholder {%.30s}", name);
}

/* The template with `x` in each placeholder, empty segments left out; NULL with
 * the mistake noted if its braces do not pair. The caller's. */
static char *fill(Reader *reader, const YamlNode *node, const char *template, unsigned kinds)
{
	g_autoptr(GString) name = g_string_new(NULL);

	for (const char *p = template; *p != '\0'; p++) {
		const char *close = strchr(p, '}');
		g_autofree char *word = NULL;

		if (*p == '/' && (name->len == 0 || name->str[name->len - 1] == '/'))
			continue;
		if (*p != '{' && *p != '}') {
			g_string_append_c(name, *p);
			continue;
		}
		if (*p == '}' || close == NULL || memchr(p + 1, '{', (size_t)(close - p)) != NULL) {
			reader_error(reader, node, "'template' has a '%c' without its other half",
				     *p);
			return NULL;
		}
		word = g_strndup(p + 1, (gsize)(close - p - 1));
		check_placeholder(reader, node, word, kinds);
		g_string_append_c(name, 'x');
		p = close;
	}
	if (name->len > 0 && name->str[name->len - 1] == '/')
		g_string_truncate(name, name->len - 1);
	return g_strdup(name->str);
}

const char *branch_refusal(const char *name)
{
	static const char *const parts[] = { "..", "@{", "//", "/.", ".lock/" };

	if (*name == '\0')
		return "nothing at all";
	for (const char *p = name; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p) || strchr(" ~^:?*[\\", *p) != NULL)
			return "a blank or one of ~^:?*[\\";
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		if (strstr(name, parts[i]) != NULL)
			return parts[i];
	if (*name == '-' || *name == '.' || *name == '/')
		return "a beginning with '-', '.' or '/'";
	if (g_str_has_suffix(name, ".lock") || g_str_has_suffix(name, ".") ||
	    g_str_has_suffix(name, "/"))
		return "an end in '.lock', '.' or '/'";
	return NULL;
}

void branch_check(Reader *reader, const YamlNode *node, const BranchName *branch, unsigned kinds)
{
	const YamlNode *template = yaml_get(node, "template");
	g_autofree char *name = NULL;
	const char *refused;

	if (branch->template_ == NULL || template == NULL)
		return;
	name = fill(reader, template, branch->template_, kinds);
	if (name == NULL)
		return;
	refused = branch_refusal(name);
	if (refused != NULL)
		reader_error(reader, template,
			     "'template' makes a name that git refuses: it has %s", refused);
}

static void check(Reader *reader, const YamlNode *node, void *target, int errors G_GNUC_UNUSED)
{
	const BranchName *branch = target;
	g_autofree char *name = NULL;
	const char *refused;

	if (branch->prefix == NULL || *branch->prefix == '\0')
		return;
	name = g_strconcat(branch->prefix, "/x", NULL);
	refused = branch_refusal(name);
	if (refused != NULL)
		reader_error(reader, yaml_get(node, "prefix"),
			     "'prefix' makes a name that git refuses: it has %s", refused);
}

static const char *const separators[] = { "-", "_", "/", NULL };
static const char *const word_separators[] = { "-", "_", "/", ".", NULL };
static const char *const cases[] = { "lowercase", "uppercase", NULL };

static const Field fields[] = {
	{ .key = "separator",
	  .kind = FIELD_CHARACTER,
	  .offset = offsetof(BranchName, separator),
	  .words = separators },
	{ .key = "prefix", .kind = FIELD_TEXT, .offset = offsetof(BranchName, prefix), .high = 50 },
	{ .key = "template",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(BranchName, template_),
	  .low = 1,
	  .high = 200 },
	{ .key = "word-separator",
	  .kind = FIELD_CHARACTER,
	  .offset = offsetof(BranchName, word_separator),
	  .words = word_separators },
	{ .key = "branch-name-case",
	  .kind = FIELD_WORD,
	  .offset = offsetof(BranchName, letter_case),
	  .low = CASE_LOWER,
	  .words = cases },
	{ .key = "max-length",
	  .kind = FIELD_NUMBER,
	  .offset = offsetof(BranchName, max_length),
	  .low = 20,
	  .high = 244 },
};

const Block branch_block = {
	.where = "in 'pull-request-branch-name'",
	.fields = fields,
	.n_fields = G_N_ELEMENTS(fields),
	.place_offset = NO_OFFSET,
	.check = check,
	.needs_a_key = true,
	.unknown = WEIGHT_ERROR,
};
