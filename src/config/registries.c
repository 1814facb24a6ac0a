/* SPDX-License-Identifier: MIT */
#include "config/registries.h"

#include "base/text.h"
#include "upkeepd/limits.h"

#include <string.h>

static const char *const types[] = { "docker-registry",
				     "goproxy-server",
				     "git",
				     "cargo-registry",
				     "composer-repository",
				     "helm-registry",
				     "hex-organization",
				     "hex-repository",
				     "maven-repository",
				     "npm-registry",
				     "nuget-feed",
				     "pub-repository",
				     "python-index",
				     "rubygems-server",
				     "terraform-registry",
				     NULL };

/* The first of `types` are those that docker and gomod use. */
#define N_USED_TYPES 3

/* Whether `text` is the reference to a secret and nothing else:
 * `${{secrets.NAME}}`, blanks around the inner part allowed. */
static bool is_secret(const char *text)
{
	const char *p = text;
	size_t length;

	if (!g_str_has_prefix(p, "${{"))
		return false;
	for (p += 3; *p == ' '; p++)
		;
	if (!g_str_has_prefix(p, "secrets."))
		return false;
	p += strlen("secrets.");
	length = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	if (length == 0 || g_ascii_isdigit(*p) || g_str_has_prefix(p, "GITHUB_"))
		return false;
	for (p += length; *p == ' '; p++)
		;
	return strcmp(p, "}}") == 0;
}

static void check_secret(Reader *reader, const YamlNode *node, const char *key, bool may_be_plain)
{
	const YamlNode *value = yaml_get(node, key);

	if (value == NULL || value->kind != YAML_SCALAR || is_secret(value->value))
		return;
	if (strstr(value->value, "{{") != NULL || strstr(value->value, "secrets.") != NULL)
		reader_error(
			reader, value,
			"'%s' is no reference to a secret: it must be ${{secrets.NAME}} with a "
			"name of A-Z, 0-9 and _ that begins with neither a digit nor GITHUB_",
			key);
	else if (!may_be_plain && *value->value != '\0')
		reader_warn(reader, value,
			    "'%s' stands here in the open for everyone who can read this "
			    "repository; use ${{secrets.NAME}}",
			    key);
}

static void check_url(Reader *reader, const YamlNode *node, const RegistryEntry *registry)
{
	const YamlNode *at = yaml_get(node, "url");
	const char *url = registry->url, *scheme = strstr(url, "://");
	const char *host = scheme == NULL ? url : scheme + 3;

	if (strpbrk(url, " \t\n\\") != NULL || *host == '\0' || *host == '/')
		reader_error(reader, at, "'url' is no URL: '%.60s'", url);
	else if (scheme != NULL && !g_str_has_prefix(url, "https://") &&
		 !g_str_has_prefix(url, "http://"))
		reader_error(reader, at, "'url' must begin with https:// or http://: '%.60s'", url);
	else if (memchr(host, '@', strcspn(host, "/?#")) != NULL)
		reader_error(reader, at,
			     "'url' has a user or password in it; they belong into 'username' and "
			     "'password'");
}

static void check(Reader *reader, const YamlNode *node, void *target, int errors)
{
	static const char *const secrets[] = { "password", "token", "key", "auth-key" };
	RegistryEntry *registry = target;
	int before = reader->errors;
	bool is_used = false;

	for (size_t i = 0; i < N_USED_TYPES && registry->type != NULL; i++)
		is_used |= strcmp(registry->type, types[i]) == 0;
	if (registry->type != NULL && !is_used)
		reader_warn(reader, yaml_get(node, "type"),
			    "registries of type '%s' are valid for Dependabot, not used here",
			    registry->type);
	if (registry->url != NULL)
		check_url(reader, node, registry);
	/* An organization of hex has no URL of its own. */
	else if (yaml_get(node, "url") == NULL &&
		 g_strcmp0(registry->type, "hex-organization") != 0)
		reader_error(reader, node, "'url' is missing in a registry");
	check_secret(reader, node, "username", true);
	for (size_t i = 0; i < G_N_ELEMENTS(secrets); i++)
		check_secret(reader, node, secrets[i], false);
	registry->is_usable = errors == 0 && reader->errors == before;
}

static void *create(void)
{
	return g_new0(RegistryEntry, 1);
}

#define TEXT_FIELD(name, member)                                                            \
	{                                                                                   \
		.key = name, .kind = FIELD_TEXT, .offset = offsetof(RegistryEntry, member), \
		.low = 1                                                                    \
	}
#define OTHER_FIELD(name)                                            \
	{                                                            \
		.key = name, .kind = FIELD_TEXT, .offset = NO_OFFSET \
	}
#define IDENTITY_FIELD(name)                                                                  \
	{                                                                                     \
		.key = name, .kind = FIELD_WRITTEN, .offset = NO_OFFSET,                      \
		.remark = "'" name "': OpenID Connect is valid for Dependabot, not used here" \
	}

static const Field fields[] = {
	{ .key = "type",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(RegistryEntry, type),
	  .words = types,
	  .is_required = true },
	TEXT_FIELD("url", url),
	TEXT_FIELD("username", username),
	TEXT_FIELD("password", password),
	TEXT_FIELD("token", token),
	TEXT_FIELD("key", key),
	{ .key = "replaces-base",
	  .kind = FIELD_FLAG,
	  .offset = offsetof(RegistryEntry, replaces_base) },
	OTHER_FIELD("scope"),
	OTHER_FIELD("organization"),
	OTHER_FIELD("repo"),
	OTHER_FIELD("auth-key"),
	OTHER_FIELD("public-key-fingerprint"),
	OTHER_FIELD("registry"),
	IDENTITY_FIELD("tenant-id"),
	IDENTITY_FIELD("client-id"),
	IDENTITY_FIELD("jfrog-oidc-provider-name"),
	IDENTITY_FIELD("identity-mapping-name"),
	IDENTITY_FIELD("audience"),
	IDENTITY_FIELD("aws-region"),
	IDENTITY_FIELD("account-id"),
	IDENTITY_FIELD("role-name"),
	IDENTITY_FIELD("domain"),
	IDENTITY_FIELD("domain-owner"),
	IDENTITY_FIELD("namespace"),
	IDENTITY_FIELD("service-slug"),
	IDENTITY_FIELD("workload-identity-provider"),
	IDENTITY_FIELD("service-account"),
};

const Block registry_block = {
	.where = "in a registry",
	.fields = fields,
	.n_fields = G_N_ELEMENTS(fields),
	.create = create,
	.place_offset = offsetof(RegistryEntry, place),
	.name_offset = offsetof(RegistryEntry, name),
	.check = check,
	.unknown = WEIGHT_ERROR,
};

static void check_entry(Reader *reader, const YamlNode *names, Rules *rules, GTree *defined,
			GTree *used)
{
	for (guint i = 0; i < rules->registries->len; i++) {
		char *name = rules->registries->pdata[i];
		const RegistryEntry *registry = g_tree_lookup(defined, name);

		g_tree_insert(used, name, name);
		if (registry == NULL)
			reader_error(
				reader, names->children[i],
				"registry '%s' is not defined under the top-level 'registries'",
				name);
		if (registry == NULL || !registry->is_usable)
			rules->is_usable = false;
	}
}

/* Whether an entry's list is in error: nobody knows then what it meant to name. */
static bool is_lost(const YamlNode *names, const Rules *rules)
{
	return names != NULL && names->kind == YAML_SEQUENCE && names->n_children > 0 &&
	       rules->registries->len == 0;
}

/* Entries by registries is what look-ups cost. */
static void check_number(Reader *reader, const GPtrArray *registries)
{
	for (guint i = LIMIT_REGISTRIES; i < registries->len; i++) {
		RegistryEntry *registry = registries->pdata[i];
		YamlNode at = reader_at(&registry->place);

		registry->is_usable = false;
		if (i == LIMIT_REGISTRIES)
			reader_error(reader, &at,
				     "more than %d registries: none from here on is used",
				     LIMIT_REGISTRIES);
	}
}

void registries_check(Reader *reader, const YamlNode *root, RulesFile *file)
{
	g_autoptr(GTree) defined = g_tree_new_with_data(text_compare, NULL),
			 used = g_tree_new_with_data(text_compare, NULL);
	const YamlNode *updates = yaml_get(root, "updates");
	bool are_all_used = false;

	check_number(reader, file->registries);
	for (guint i = 0; i < file->registries->len; i++) {
		RegistryEntry *registry = file->registries->pdata[i];

		g_tree_insert(defined, registry->name, registry);
	}
	for (guint i = 0; i < file->entries->len; i++) {
		Rules *rules = file->entries->pdata[i];
		const YamlNode *names = yaml_get(updates->children[i], "registries");

		are_all_used |= rules->uses_all_registries || is_lost(names, rules);
		check_entry(reader, names, rules, defined, used);
	}
	for (guint i = 0; i < file->registries->len && !are_all_used; i++) {
		const RegistryEntry *registry = file->registries->pdata[i];
		YamlNode at = reader_at(&registry->place);

		if (g_tree_lookup(used, registry->name) == NULL)
			reader_warn(reader, &at,
				    "registry '%s' is named in no entry, and so never used",
				    registry->name);
	}
}
