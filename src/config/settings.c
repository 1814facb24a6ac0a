/* SPDX-License-Identifier: MIT */
#include "config/settings.h"

#include "base/text.h"
#include "config/branch.h"
#include "config/paths.h"
#include "upkeepd/limits.h"

#include <string.h>

#define MOST_WORKERS     64
#define MOST_FALLBACKS   8
#define MOST_CONNECTIONS 100
#define LONGEST_TIMEOUT  (60 * 60 * 1000)

static void *create_repository(void)
{
	return g_new0(RepositorySettings, 1);
}

static void repository_settings_free(void *data)
{
	RepositorySettings *repository = data;

	g_free(repository->url);
	g_free(repository->path);
	g_free(repository->forge);
	g_free(repository->forge_root);
	g_free(repository->username);
	secret_source_clear(&repository->token);
	g_free(repository->rules);
	g_clear_pointer(&repository->include, g_ptr_array_unref);
	g_clear_pointer(&repository->exclude, g_ptr_array_unref);
	g_free(repository);
}

static void *create_credential(void)
{
	return g_new0(CredentialSettings, 1);
}

static void credential_settings_free(void *data)
{
	CredentialSettings *credential = data;

	g_free(credential->host);
	g_free(credential->username);
	g_free(credential->secret_name);
	secret_source_clear(&credential->token);
	g_free(credential);
}

static void *create_upstream(void)
{
	return g_new0(Upstream, 1);
}

static void *create_codename(void)
{
	return g_new0(Codename, 1);
}

Settings *settings_new(void)
{
	Settings *settings = g_new0(Settings, 1);

	settings->is_usable = true;
	settings->problems = problems_new();
	settings->repositories = g_ptr_array_new_with_free_func(repository_settings_free);
	settings->credentials = g_ptr_array_new_with_free_func(credential_settings_free);
	settings->codenames = g_ptr_array_new_with_free_func((GDestroyNotify)codename_free);
	settings->upstreams = g_ptr_array_new_with_free_func((GDestroyNotify)upstream_free);
	settings->author_name = g_strdup("upkeepd");
	settings->author_email = g_strdup("upkeepd@localhost");
	settings->branch_prefix = g_strdup("upkeepd");
	settings->connections_per_host = 8;
	settings->timeout_ms = 30000;
	settings->cache_bytes = INT64_C(1) << 30;
	settings->insecure_hosts = g_ptr_array_new_with_free_func(g_free);
	settings->workers = 2;
	settings->log_level = LOG_INFO;
	return settings;
}

void settings_free(Settings *settings)
{
	if (settings == NULL)
		return;
	g_free(settings->path);
	g_ptr_array_unref(settings->problems);
	g_ptr_array_unref(settings->repositories);
	g_ptr_array_unref(settings->credentials);
	g_free(settings->rules);
	g_free(settings->author_name);
	g_free(settings->author_email);
	g_free(settings->branch_prefix);
	g_free(settings->mention);
	secret_source_clear(&settings->signing_key);
	g_ptr_array_unref(settings->upstreams);
	g_ptr_array_unref(settings->codenames);
	g_free(settings->goproxy);
	g_free(settings->gosumdb);
	g_ptr_array_unref(settings->insecure_hosts);
	g_free(settings->listen);
	secret_source_clear(&settings->webhook_secret);
	g_free(settings);
}

/* What is wrong with a URL; NULL if nothing. Never shows it: it may hold a secret. */
static const char *url_refusal(const char *url, bool may_be_ssh)
{
	const char *scheme = strstr(url, "://"), *at, *colon;
	bool is_http = g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "http://");
	bool is_ssh =
		may_be_ssh && (g_str_has_prefix(url, "ssh://") || g_str_has_prefix(url, "git://"));
	size_t length;

	/* git@host:path, as git has it. */
	if (scheme == NULL && may_be_ssh && strchr(url, '@') != NULL && strchr(url, ':') != NULL)
		return strpbrk(url, " \t\n\\") == NULL ? NULL : "has a blank in it";
	if (scheme == NULL || (!is_http && !is_ssh))
		return may_be_ssh ? "must begin with https://, http://, ssh:// or git://, or be "
				    "an absolute path"
				  : "must begin with https:// or http://";
	if (strlen(url) > LIMIT_URL || strpbrk(url, " \t\n\\") != NULL)
		return "is too long, or has a blank in it";
	scheme += 3;
	length = strcspn(scheme, "/?#");
	at = memchr(scheme, '@', length);
	colon = at == NULL ? NULL : memchr(scheme, ':', (size_t)(at - scheme));
	if (length == 0)
		return "has no host";
	if (at != NULL && (is_http || colon != NULL))
		return "has a user or password in it; use 'username' and 'token'";
	return NULL;
}

static void check_url(Reader *reader, const YamlNode *node, const char *key, const char *url)
{
	const YamlNode *value = yaml_get(node, key);
	const char *refusal = url == NULL ? NULL : url_refusal(url, false);

	if (refusal != NULL)
		reader_error(reader, value == NULL ? node : value, "'%s' %s", key, refusal);
}

static void check_path(Reader *reader, const YamlNode *node, const char *key, const char *path)
{
	const YamlNode *value = yaml_get(node, key);

	if (path != NULL && !g_path_is_absolute(path))
		reader_error(reader, value == NULL ? node : value, "'%s' must be an absolute path",
			     key);
}

/* A local repository may stand in the place of a URL. */
static void tell_path_from_url(RepositorySettings *repository)
{
	const char *url = repository->url;
	const char *path = url == NULL                         ? NULL
			   : g_str_has_prefix(url, "file:///") ? url + strlen("file://")
			   : *url == '/'                       ? url
							       : NULL;

	if (path == NULL || repository->path != NULL)
		return;
	repository->path = g_strdup(path);
	g_clear_pointer(&repository->url, g_free);
}

/* Whether the path of `url` goes on below `root`. */
static bool is_below(const char *url, const char *root)
{
	const char *host = strstr(url, "://");
	const char *path = host != NULL ? strchr(host + 3, '/') : NULL;

	return path != NULL && *root == '/' && root[strlen(root) - 1] != '/' &&
	       g_str_has_prefix(path, root) && path[strlen(root)] == '/';
}

static void check_remote(Reader *reader, const YamlNode *node, const RepositorySettings *repository)
{
	const YamlNode *url = yaml_get(node, "url");
	const char *refusal = url_refusal(repository->url, true);

	if (refusal != NULL)
		reader_error(reader, url == NULL ? node : url, "'url' %s", refusal);
	else if (secret_source_is_given(&repository->token) &&
		 g_str_has_prefix(repository->url, "http://"))
		reader_warn(reader, url,
			    "the token of this repository goes over the network in the "
			    "open; use https://");
	if (repository->forge_root != NULL && !is_below(repository->url, repository->forge_root))
		reader_error(reader, yaml_get(node, "forge-root"),
			     "'forge-root' must be what the path of 'url' begins with, such as "
			     "/gitlab");
	if (repository->token.app != NULL && repository->forge != NULL &&
	    strcmp(repository->forge, "github") != 0)
		reader_error(reader, yaml_get(node, "forge"),
			     "'app' means a GitHub App, and this is no GitHub");
	if (g_strcmp0(repository->forge, "agit") == 0 && refusal == NULL &&
	    !g_str_has_prefix(repository->url, "http"))
		reader_error(reader, yaml_get(node, "forge"),
			     "'agit' needs a 'url' that begins with https://");
	if (repository->discover && (g_strcmp0(repository->forge, "plain") == 0 ||
				     g_strcmp0(repository->forge, "gitlab-push") == 0))
		reader_error(reader, yaml_get(node, "forge"),
			     "a remote that is only pushed to has no list of repositories to "
			     "'discover'");
}

/* What a forge that is only pushed to will never do is said before anybody waits for it. */
static void warn_of_silence(Reader *reader, const YamlNode *node,
			    const RepositorySettings *repository)
{
	bool is_push = g_strcmp0(repository->forge, "gitlab-push") == 0;

	if (is_push)
		reader_warn(reader, yaml_get(node, "forge"),
			    "'gitlab-push' does without the API: comments and orders are not "
			    "heard, and nobody is asked for a review");
	if (repository->dashboard && (is_push || g_strcmp0(repository->forge, "plain") == 0))
		reader_warn(reader, yaml_get(node, "dashboard"),
			    "'dashboard' has no effect: a remote that is only pushed to has no "
			    "issues");
}

static void check_repository(Reader *reader, const YamlNode *node, void *target, int errors)
{
	RepositorySettings *repository = target;
	int before = reader->errors;

	if (errors == 0 && (repository->url == NULL) == (repository->path == NULL))
		reader_error(reader, node, "a repository has either 'url' or 'path'");
	tell_path_from_url(repository);
	check_path(reader, node, "path", repository->path);
	check_path(reader, node, "rules", repository->rules);
	if (repository->url != NULL)
		check_remote(reader, node, repository);
	else if (repository->discover)
		reader_error(reader, node, "'discover' needs the 'url' of an owner");
	warn_of_silence(reader, node, repository);
	if (!repository->discover && (repository->include != NULL || repository->exclude != NULL))
		reader_warn(reader, node,
			    "'include' and 'exclude' have no effect without 'discover: true'");
	repository->is_usable = errors == 0 && reader->errors == before;
}

static bool is_host(const char *text)
{
	return *text != '\0' && strlen(text) <= 260 &&
	       strspn(text,
		      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]_") ==
		       strlen(text);
}

static void check_credential(Reader *reader, const YamlNode *node, void *target, int errors)
{
	CredentialSettings *credential = target;
	int before = reader->errors;

	if (credential->host != NULL && !is_host(credential->host))
		reader_error(reader, yaml_get(node, "host"), "'host' must be a host, or host:port");
	if (credential->secret_name != NULL &&
	    strspn(credential->secret_name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") !=
		    strlen(credential->secret_name))
		reader_error(reader, yaml_get(node, "secret"),
			     "'secret' must be the NAME of ${{secrets.NAME}}: A-Z, 0-9 and _");
	credential->is_usable = errors == 0 && reader->errors == before;
}

/* "registry.example.org" or, with a path, "registry.example.org/proxy". */
static bool is_host_of_images(const char *text, bool may_have_path)
{
	size_t length = strcspn(text, "/");
	g_autofree char *host = g_strndup(text, length);

	return is_host(host) &&
	       (text[length] == '\0' ||
		(may_have_path && !g_str_has_suffix(text, "/") && strstr(text, "//") == NULL &&
		 strspn(text + length, "abcdefghijklmnopqrstuvwxyz0123456789.-_/") ==
			 strlen(text + length)));
}

static void check_upstream(Reader *reader, const YamlNode *node, void *target,
			   int errors G_GNUC_UNUSED)
{
	const Upstream *upstream = target;

	if (!is_host_of_images(upstream->host, upstream->stands_for != NULL))
		reader_error(reader, node, "'%.60s' is no registry's host", upstream->host);
	check_url(reader, node, "registry", upstream->registry);
	check_url(reader, node, "manifests", upstream->manifests);
	check_url(reader, node, "tags", upstream->tags);
	for (guint i = 0; upstream->fallbacks != NULL && i < upstream->fallbacks->len; i++)
		check_url(reader, node, "fallbacks", upstream->fallbacks->pdata[i]);
	if (upstream->stands_for == NULL)
		return;
	if (!is_host_of_images(upstream->stands_for, true))
		reader_error(reader, yaml_get(node, "stands-for"),
			     "'stands-for' must be a registry's host, and may have a path");
	if (upstream->registry != NULL || upstream->manifests != NULL || upstream->tags != NULL ||
	    upstream->fallbacks != NULL)
		reader_error(reader, node,
			     "'stands-for' leaves nothing to say of where it is asked: say that "
			     "of what it stands for");
}

/* Numbers joined by dots. */
static bool is_release(const char *text)
{
	size_t length = strlen(text);

	return g_ascii_isdigit(*text) && g_ascii_isdigit(text[length - 1]) &&
	       strspn(text, "0123456789.") == length && strstr(text, "..") == NULL;
}

static void check_codename(Reader *reader, const YamlNode *node, void *target,
			   int errors G_GNUC_UNUSED)
{
	const Codename *codename = target;
	const char *release = codename->debian != NULL ? codename->debian : codename->ubuntu;

	if (strspn(codename->name, "abcdefghijklmnopqrstuvwxyz") != strlen(codename->name))
		reader_error(reader, node, "'%.60s' is no codename: lower-case letters",
			     codename->name);
	if ((codename->debian != NULL) == (codename->ubuntu != NULL) || !is_release(release))
		reader_error(reader, node,
			     "'%.60s' needs the number of its release: debian or ubuntu",
			     codename->name);
}

/* As forges have logins. */
static void check_mention(Reader *reader, const YamlNode *node, const char *mention)
{
	for (const char *p = mention; *p != '\0'; p++)
		if (!g_ascii_isalnum(*p) && strchr("-_.", *p) == NULL) {
			reader_error(reader, yaml_get(node, "mention"),
				     "'mention' must be a name of letters, digits, '-', '_' and "
				     "'.', without the '@'");
			return;
		}
}

static void check_defaults(Reader *reader, const YamlNode *node, void *target,
			   int errors G_GNUC_UNUSED)
{
	const Settings *settings = target;
	g_autofree char *branch = g_strconcat(settings->branch_prefix, "/x", NULL);
	const char *refusal = branch_refusal(branch);

	check_path(reader, node, "rules", settings->rules);
	if (settings->mention != NULL)
		check_mention(reader, node, settings->mention);
	if (refusal != NULL)
		reader_error(reader, yaml_get(node, "branch-prefix"),
			     "'branch-prefix' makes a name that git refuses: it has %s", refusal);
}

/* Git has no way to write these in a name or an address. */
static void check_author(Reader *reader, const YamlNode *node, void *target,
			 int errors G_GNUC_UNUSED)
{
	const Settings *settings = target;

	if (strpbrk(settings->author_name, "<>\n") != NULL)
		reader_error(reader, yaml_get(node, "name"), "'name' must not have < or > in it");
	if (strpbrk(settings->author_email, "<>\n ") != NULL ||
	    strchr(settings->author_email, '@') == NULL)
		reader_error(reader, yaml_get(node, "email"), "'email' must be an address");
}

/* A number and its unit; false if `text` is none. */
static bool read_quantity(const char *text, int64_t *number, const char **unit)
{
	size_t digits = strspn(text, "0123456789");
	g_autofree char *figures = g_strndup(text, digits);

	*unit = text + digits;
	return g_ascii_string_to_signed(figures, 10, 0, INT64_C(1) << 40, number, NULL);
}

static void read_timeout(Reader *reader, const YamlNode *node, void *target)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 } };
	Settings *settings = target;
	const char *unit;
	int64_t number;

	for (size_t i = 0; i < G_N_ELEMENTS(units) && node->kind == YAML_SCALAR; i++)
		if (read_quantity(node->value, &number, &unit) &&
		    strcmp(unit, units[i].unit) == 0 && number > 0 &&
		    number <= LONGEST_TIMEOUT / units[i].ms) {
			settings->timeout_ms = (int)(number * units[i].ms);
			return;
		}
	reader_error(reader, node,
		     "'timeout' must be a duration with its unit such as 30s, 500ms or "
		     "2m, an hour at most");
}

static void read_cache(Reader *reader, const YamlNode *node, void *target)
{
	static const struct {
		const char *unit;
		int64_t bytes;
	} units[] = {
		{ "KiB", 1 << 10 }, { "MiB", 1 << 20 },    { "GiB", 1 << 30 },
		{ "KB", 1000 },     { "MB", 1000 * 1000 }, { "GB", 1000 * 1000 * 1000 },
	};
	Settings *settings = target;
	const char *unit;
	int64_t number;

	for (size_t i = 0; i < G_N_ELEMENTS(units) && node->kind == YAML_SCALAR; i++)
		if (read_quantity(node->value, &number, &unit) &&
		    strcmp(unit, units[i].unit) == 0 &&
		    number <= (INT64_C(1) << 40) / units[i].bytes) {
			settings->cache_bytes = number * units[i].bytes;
			return;
		}
	reader_error(reader, node,
		     "'cache' must be a size with its unit such as 1GiB or 500MiB, a "
		     "terabyte at most");
}

static void read_listen(Reader *reader, const YamlNode *node, void *target)
{
	Settings *settings = target;
	const char *text = reader_text(reader, node, "listen");
	const char *colon = text == NULL ? NULL : strrchr(text, ':');
	guint64 port;

	if (text == NULL)
		return;
	if (colon == NULL || colon == text ||
	    !g_ascii_string_to_unsigned(colon + 1, 10, 1, 65535, &port, NULL)) {
		reader_error(reader, node,
			     "'listen' must be an address and a port, such as \"127.0.0.1:9080\"");
		return;
	}
	g_free(settings->listen);
	settings->listen = g_strdup(text);
}

static const char *const forges[] = { "github",  "gitlab", "gitlab-push", "gitea",
				      "forgejo", "agit",   "plain",       NULL };
static const char *const levels[] = { "error", "warning", "info", "debug", NULL };

static const Field repository_fields[] = {
	{ .key = "url", .kind = FIELD_TEXT, .offset = offsetof(RepositorySettings, url), .low = 1 },
	{ .key = "path",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(RepositorySettings, path),
	  .low = 1 },
	{ .key = "forge",
	  .kind = FIELD_CHOICE,
	  .offset = offsetof(RepositorySettings, forge),
	  .words = forges },
	{ .key = "forge-root",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(RepositorySettings, forge_root),
	  .low = 2 },
	{ .key = "username",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(RepositorySettings, username),
	  .low = 1 },
	{ .key = "token",
	  .kind = FIELD_BLOCK,
	  .offset = offsetof(RepositorySettings, token),
	  .block = &token_source_block },
	{ .key = "rules",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(RepositorySettings, rules),
	  .low = 1 },
	{ .key = "dashboard",
	  .kind = FIELD_FLAG,
	  .offset = offsetof(RepositorySettings, dashboard) },
	{ .key = "discover", .kind = FIELD_FLAG, .offset = offsetof(RepositorySettings, discover) },
	{ .key = "include",
	  .kind = FIELD_ONE_OR_TEXTS,
	  .offset = offsetof(RepositorySettings, include) },
	{ .key = "exclude",
	  .kind = FIELD_ONE_OR_TEXTS,
	  .offset = offsetof(RepositorySettings, exclude) },
};

static const Block repository_block = {
	.where = "in a repository",
	.fields = repository_fields,
	.n_fields = G_N_ELEMENTS(repository_fields),
	.create = create_repository,
	.place_offset = offsetof(RepositorySettings, place),
	.check = check_repository,
	.stands_apart = true,
	.shorthand = "url",
};

static const Field credential_fields[] = {
	{ .key = "host",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(CredentialSettings, host),
	  .low = 1,
	  .is_required = true },
	{ .key = "username",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(CredentialSettings, username),
	  .low = 1 },
	{ .key = "secret",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(CredentialSettings, secret_name),
	  .low = 1 },
	{ .key = "token",
	  .kind = FIELD_BLOCK,
	  .offset = offsetof(CredentialSettings, token),
	  .block = &secret_source_block,
	  .is_required = true },
};

static const Block credential_block = {
	.where = "in a credential",
	.fields = credential_fields,
	.n_fields = G_N_ELEMENTS(credential_fields),
	.create = create_credential,
	.place_offset = offsetof(CredentialSettings, place),
	.check = check_credential,
	.stands_apart = true,
};

static const Field author_fields[] = {
	{ .key = "name", .kind = FIELD_TEXT, .offset = offsetof(Settings, author_name), .low = 1 },
	{ .key = "email",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(Settings, author_email),
	  .low = 1 },
};

static const Block author_block = {
	.where = "in 'author'",
	.fields = author_fields,
	.n_fields = G_N_ELEMENTS(author_fields),
	.place_offset = NO_OFFSET,
	.check = check_author,
};

static const Field signing_fields[] = {
	{ .key = "ssh-key",
	  .kind = FIELD_BLOCK,
	  .offset = offsetof(Settings, signing_key),
	  .block = &secret_source_block,
	  .is_required = true },
};

static const Block signing_block = {
	.where = "in 'signing'",
	.fields = signing_fields,
	.n_fields = G_N_ELEMENTS(signing_fields),
	.place_offset = NO_OFFSET,
};

static const Field defaults_fields[] = {
	{ .key = "rules", .kind = FIELD_TEXT, .offset = offsetof(Settings, rules), .low = 1 },
	{ .key = "author", .kind = FIELD_BLOCK, .block = &author_block },
	{ .key = "branch-prefix",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(Settings, branch_prefix),
	  .low = 1,
	  .high = 50 },
	{ .key = "mention",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(Settings, mention),
	  .low = 1,
	  .high = 64 },
	{ .key = "signing", .kind = FIELD_BLOCK, .block = &signing_block },
};

static const Block defaults_block = {
	.where = "in 'defaults'",
	.fields = defaults_fields,
	.n_fields = G_N_ELEMENTS(defaults_fields),
	.place_offset = NO_OFFSET,
	.check = check_defaults,
	.may_be_empty = true,
};

static const Field upstream_fields[] = {
	{ .key = "registry", .kind = FIELD_TEXT, .offset = offsetof(Upstream, registry), .low = 1 },
	{ .key = "fallbacks",
	  .kind = FIELD_ONE_OR_TEXTS,
	  .offset = offsetof(Upstream, fallbacks),
	  .low = 1,
	  .high = MOST_FALLBACKS },
	{ .key = "manifests",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(Upstream, manifests),
	  .low = 1 },
	{ .key = "tags", .kind = FIELD_TEXT, .offset = offsetof(Upstream, tags), .low = 1 },
	{ .key = "stands-for",
	  .kind = FIELD_TEXT,
	  .offset = offsetof(Upstream, stands_for),
	  .low = 1 },
};

static const Block upstream_block = {
	.where = "in an upstream",
	.fields = upstream_fields,
	.n_fields = G_N_ELEMENTS(upstream_fields),
	.create = create_upstream,
	.place_offset = NO_OFFSET,
	.name_offset = offsetof(Upstream, host),
	.check = check_upstream,
};

static const Field upstreams_fields[] = {
	{ .key = "goproxy", .kind = FIELD_TEXT, .offset = offsetof(Settings, goproxy), .low = 1 },
	{ .key = "gosumdb", .kind = FIELD_TEXT, .offset = offsetof(Settings, gosumdb), .low = 1 },
};

/* Every other key is a registry's host. */
static const Field upstream_hosts = {
	.key = "upstreams",
	.kind = FIELD_NAMED,
	.offset = offsetof(Settings, upstreams),
	.block = &upstream_block,
};

static const Block upstreams_block = {
	.where = "in 'upstreams'",
	.fields = upstreams_fields,
	.n_fields = G_N_ELEMENTS(upstreams_fields),
	.place_offset = NO_OFFSET,
	.may_be_empty = true,
	.others = &upstream_hosts,
};

static const Field codename_fields[] = {
	{ .key = "debian", .kind = FIELD_WRITTEN, .offset = offsetof(Codename, debian) },
	{ .key = "ubuntu", .kind = FIELD_WRITTEN, .offset = offsetof(Codename, ubuntu) },
};

static const Block codename_block = {
	.where = "of a codename",
	.fields = codename_fields,
	.n_fields = G_N_ELEMENTS(codename_fields),
	.create = create_codename,
	.place_offset = NO_OFFSET,
	.name_offset = offsetof(Codename, name),
	.check = check_codename,
};

static const Field http_fields[] = {
	{ .key = "connections-per-host",
	  .kind = FIELD_NUMBER,
	  .offset = offsetof(Settings, connections_per_host),
	  .low = 1,
	  .high = MOST_CONNECTIONS },
	{ .key = "timeout", .kind = FIELD_CUSTOM, .read = read_timeout },
	{ .key = "cache", .kind = FIELD_CUSTOM, .read = read_cache },
	{ .key = "insecure-hosts",
	  .kind = FIELD_TEXTS,
	  .offset = offsetof(Settings, insecure_hosts) },
};

static const Block http_block = {
	.where = "in 'http'",
	.fields = http_fields,
	.n_fields = G_N_ELEMENTS(http_fields),
	.place_offset = NO_OFFSET,
	.may_be_empty = true,
};

static const Field status_fields[] = {
	{ .key = "listen", .kind = FIELD_CUSTOM, .read = read_listen },
	{ .key = "webhook-secret",
	  .kind = FIELD_BLOCK,
	  .offset = offsetof(Settings, webhook_secret),
	  .block = &secret_source_block },
};

static const Block status_block = {
	.where = "in 'status'",
	.fields = status_fields,
	.n_fields = G_N_ELEMENTS(status_fields),
	.place_offset = NO_OFFSET,
	.may_be_empty = true,
};

static const Field log_fields[] = {
	{ .key = "level",
	  .kind = FIELD_WORD,
	  .offset = offsetof(Settings, log_level),
	  .words = levels },
};

static const Block log_block = {
	.where = "in 'log'",
	.fields = log_fields,
	.n_fields = G_N_ELEMENTS(log_fields),
	.place_offset = NO_OFFSET,
	.may_be_empty = true,
};

/* Blocks without an offset are parts of Settings themselves. */
static const Field fields[] = {
	{ .key = "repositories",
	  .kind = FIELD_BLOCKS,
	  .offset = offsetof(Settings, repositories),
	  .block = &repository_block,
	  .is_required = true },
	{ .key = "credentials",
	  .kind = FIELD_BLOCKS,
	  .offset = offsetof(Settings, credentials),
	  .block = &credential_block },
	{ .key = "defaults", .kind = FIELD_BLOCK, .block = &defaults_block },
	{ .key = "upstreams", .kind = FIELD_BLOCK, .block = &upstreams_block },
	{ .key = "codenames",
	  .kind = FIELD_NAMED,
	  .offset = offsetof(Settings, codenames),
	  .block = &codename_block },
	{ .key = "http", .kind = FIELD_BLOCK, .block = &http_block },
	{ .key = "workers",
	  .kind = FIELD_NUMBER,
	  .offset = offsetof(Settings, workers),
	  .low = 1,
	  .high = MOST_WORKERS },
	{ .key = "status", .kind = FIELD_BLOCK, .block = &status_block },
	{ .key = "log", .kind = FIELD_BLOCK, .block = &log_block },
};

static const Block file_block = {
	.where = "at the top level",
	.fields = fields,
	.n_fields = G_N_ELEMENTS(fields),
	.place_offset = NO_OFFSET,
};

/* Watched twice, a repository would be worked on twice. */
static void check_twins(Reader *reader, Settings *settings)
{
	g_autoptr(GTree) seen = g_tree_new_with_data(text_compare, NULL);

	for (guint i = 0; i < settings->repositories->len; i++) {
		RepositorySettings *repository = settings->repositories->pdata[i];
		char *name = repository->url != NULL ? repository->url : repository->path;
		const RepositorySettings *other = name == NULL ? NULL : g_tree_lookup(seen, name);
		YamlNode at = reader_at(&repository->place);

		if (other != NULL) {
			reader_error(reader, &at, "the repository stands on line %d too",
				     other->place.line);
			reader->errors_apart++;
			repository->is_usable = false;
		} else if (name != NULL) {
			g_tree_insert(seen, name, repository);
		}
	}
}

Settings *settings_parse(const char *path, GBytes *text)
{
	Settings *settings = settings_new();
	g_autoptr(YamlFile) yaml = NULL;
	Reader reader = { .problems = settings->problems, .root = &file_block };
	const YamlNode *root;

	settings->path = g_strdup(path);
	reader.path = settings->path;
	root = reader_document(&reader, text, &yaml);
	if (root != NULL)
		reader_block(&reader, root, "upkeepd.yml", &file_block, settings);
	check_twins(&reader, settings);
	settings->is_usable = reader.errors == reader.errors_apart;
	reader_finish(&reader);
	return settings;
}

Settings *settings_load(const char *option, GError **error)
{
	g_autofree char *path = paths_settings(option), *bytes = NULL;
	g_autoptr(GBytes) text = NULL;
	g_autoptr(GError) reason = NULL;
	gsize length;

	if (path == NULL)
		return settings_new();
	if (!g_file_get_contents(path, &bytes, &length, &reason))
		return fail_null(error, FAILURE_CONFIG, "the settings cannot be read: %s",
				 reason->message);
	text = g_bytes_new_take(g_steal_pointer(&bytes), length);
	return settings_parse(path, text);
}
