/* SPDX-License-Identifier: MIT */
#include "base/secret.h"
#include "config/credentials.h"
#include "config/dependabot.h"

#include <glib/gstdio.h>

#include <string.h>
#include <unistd.h>

/* A folder of credentials, as systemd makes one. */
typedef struct {
	char *directory;
} Fixture;

static void write_secret(const Fixture *fixture, const char *name, const char *text, int mode)
{
	g_autofree char *path = g_build_filename(fixture->directory, name, NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(g_chmod(path, mode), ==, 0);
}

static void set_up(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
	fixture->directory = g_dir_make_tmp("upkeepd-credentials-XXXXXX", NULL);
	g_setenv("CREDENTIALS_DIRECTORY", fixture->directory, TRUE);
	write_secret(fixture, "forge", "s3cret\n", 0400);
	write_secret(fixture, "credentials_other", "0ther", 0400);
	write_secret(fixture, "open", "x", 0644);
}

static void tear_down(Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
	static const char *const names[] = { "forge", "credentials_other", "open" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(fixture->directory, names[i], NULL);

		g_unlink(path);
	}
	g_rmdir(fixture->directory);
	g_free(fixture->directory);
	g_unsetenv("CREDENTIALS_DIRECTORY");
}

static Settings *settings_of(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	return settings_parse("upkeepd.yml", bytes);
}

static Repository *first(const Settings *settings, GError **error)
{
	return credentials_repository(settings, settings->repositories->pdata[0], error);
}

static void a_token_is_read_when_it_is_needed(Fixture *fixture G_GNUC_UNUSED,
					      gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(Settings) settings =
		settings_of("repositories: [{ url: \"https://Forge.Example:443/a/b.git\", token: { "
			    "credential: forge } }]\n"
			    "defaults: { rules: /etc/rules.yml }\n");
	g_autoptr(GError) error = NULL;
	g_autoptr(Repository) repository = first(settings, &error);

	g_assert_no_error(error);
	g_assert_nonnull(repository);
	g_assert_cmpstr(repository->credential->host, ==, "forge.example");
	g_assert_cmpstr(secret_reveal(repository->credential->secret), ==, "s3cret");
	g_assert_null(repository->forge_name);
	g_assert_cmpstr(repository->rules_path, ==, "/etc/rules.yml");
}

static void a_credential_may_lie_in_a_loaded_directory(Fixture *fixture G_GNUC_UNUSED,
						       gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(Settings) settings =
		settings_of("repositories: [{ url: \"https://a.example/b.git\", token: { "
			    "credential: other } }]\n");
	g_autoptr(GError) error = NULL;
	g_autoptr(Repository) repository = first(settings, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(secret_reveal(repository->credential->secret), ==, "0ther");
}

static void what_cannot_be_read_is_said_with_its_place(Fixture *fixture G_GNUC_UNUSED,
						       gconstpointer data G_GNUC_UNUSED)
{
	static const char *const tokens[] = { "credential: open", "credential: absent",
					      "file: /nonexistent/token", "env: UPKEEPD_NO_SUCH" };

	for (size_t i = 0; i < G_N_ELEMENTS(tokens); i++) {
		g_autofree char *text = g_strdup_printf(
			"repositories: [{ url: \"https://a.example/b.git\", token: { %s } }]\n",
			tokens[i]);
		g_autoptr(Settings) settings = settings_of(text);
		g_autoptr(GError) error = NULL;
		g_autoptr(Repository) repository = first(settings, &error);

		g_assert_null(repository);
		g_assert_error(error, FAILURE, FAILURE_CONFIG);
		g_assert_true(g_str_has_prefix(error->message, "upkeepd.yml:1:57: "));
	}
}

static void a_local_repository_is_plain_and_has_no_token(Fixture *fixture G_GNUC_UNUSED,
							 gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(Settings) settings = settings_of("repositories: [/srv/git/a.git]\n");
	g_autoptr(GError) error = NULL;
	g_autoptr(Repository) repository = first(settings, &error);

	g_assert_no_error(error);
	g_assert_cmpstr(repository->path, ==, "/srv/git/a.git");
	g_assert_cmpstr(repository->forge_name, ==, "plain");
	g_assert_null(repository->credential);
}

static void hosts_get_what_is_theirs(Fixture *fixture G_GNUC_UNUSED,
				     gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(Settings) settings = settings_of(
		"repositories: []\ncredentials:\n"
		"  - { host: ghcr.io, username: me, token: { credential: forge } }\n"
		"  - { host: quay.io, token: { credential: absent } }\n"
		"  - { host: a.example, secret: NAMED, token: { credential: other } }\n");
	g_autoptr(GPtrArray) problems = problems_new(),
			     hosts = credentials_hosts(settings, problems);
	const Credential *credential;

	g_assert_cmpuint(hosts->len, ==, 1);
	credential = hosts->pdata[0];
	g_assert_cmpstr(credential->host, ==, "ghcr.io");
	g_assert_cmpstr(credential->username, ==, "me");
	g_assert_cmpuint(problems->len, ==, 1);
	g_assert_cmpint(((Problem *)problems->pdata[0])->line, ==, 4);
}

/* A registry of a dependabot.yml, with these members. */
static const RegistryEntry *registry_of(RulesFile **file, const char *members)
{
	g_autofree char *text =
		g_strdup_printf("version: 2\nregistries: { r: { %s } }\nupdates: []\n", members);
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	*file = rules_parse("dependabot.yml", bytes);
	return (*file)->registries->pdata[0];
}

#define SETTINGS                           \
	"repositories: []\ncredentials:\n" \
	"  - { host: a.example, secret: NAMED, username: bot, token: { credential: forge } }\n"

static const struct {
	const char *members;
	const char *host, *username, *secret; /* secret NULL: refused */
} registries[] = {
	{ "type: git, url: \"https://A.example/x/\", password: \"${{secrets.NAMED}}\"", "a.example",
	  "bot", "s3cret" },
	{ "type: git, url: a.example, username: me, token: \"${{ secrets.NAMED }}\"", "a.example",
	  "me", "s3cret" },
	{ "type: git, url: a.example, username: \"${{secrets.USER}}\", token: "
	  "\"${{secrets.NAMED}}\"",
	  "a.example", "bot", "s3cret" },
	{ "type: git, url: \"http://b.example:8080/\", token: \"${{secrets.FREE}}\"",
	  "b.example:8080", NULL, "fr33" },
	{ "type: git, url: b.example, password: plain", "b.example", NULL, "plain" },
	/* The name is known, but for another host, or another port of it. */
	{ "type: git, url: b.example, token: \"${{secrets.NAMED}}\"", NULL, NULL, NULL },
	{ "type: git, url: \"a.example:8443\", token: \"${{secrets.NAMED}}\"", NULL, NULL, NULL },
	{ "type: git, url: a.example, token: \"${{secrets.OTHER}}\"", NULL, NULL, NULL },
	{ "type: git, url: b.example, username: \"${{secrets.NOBODY}}\", token: "
	  "\"${{secrets.FREE}}\"",
	  NULL, NULL, NULL },
};

static void a_repository_sends_a_secret_only_where_it_is_meant_for(Fixture *fixture G_GNUC_UNUSED,
								   gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(Settings) settings = settings_of(SETTINGS);

	g_setenv("UPKEEPD_SECRET_FREE", "fr33", TRUE);
	for (size_t i = 0; i < G_N_ELEMENTS(registries); i++) {
		g_autoptr(RulesFile) file = NULL;
		g_autoptr(GError) error = NULL;
		const RegistryEntry *registry = registry_of(&file, registries[i].members);
		Credential *credential;
		bool is_known = credentials_registry(settings, registry, &credential, &error);

		g_test_message("%s", registries[i].members);
		g_assert_cmpint(is_known, ==, registries[i].secret != NULL);
		if (!is_known) {
			g_assert_error(error, FAILURE, FAILURE_CONFIG);
			g_assert_null(credential);
			continue;
		}
		g_assert_cmpstr(credential->host, ==, registries[i].host);
		g_assert_cmpstr(credential->username, ==, registries[i].username);
		g_assert_cmpstr(secret_reveal(credential->secret), ==, registries[i].secret);
		credential_free(credential);
	}
	g_unsetenv("UPKEEPD_SECRET_FREE");
}

static void a_registry_without_a_secret_has_no_credential(Fixture *fixture G_GNUC_UNUSED,
							  gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(Settings) settings = settings_of(SETTINGS);
	static const char *const members[] = {
		"type: git, url: a.example",
		/* In error. */
		"type: git, token: \"${{secrets.NAMED}}\"",
		"type: git, url: \"https://a.example@b.example\", token: \"${{secrets.NAMED}}\"",
		"type: git, url: \"ftp://a.example\", token: \"${{secrets.NAMED}}\"",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
		g_autoptr(RulesFile) file = NULL;
		g_autoptr(GError) error = NULL;
		const RegistryEntry *registry = registry_of(&file, members[i]);
		Credential *credential;

		g_assert_true(credentials_registry(settings, registry, &credential, &error));
		g_assert_null(credential);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
#define ADD(test) g_test_add("/config/credentials/" #test, Fixture, NULL, set_up, test, tear_down)
	ADD(a_token_is_read_when_it_is_needed);
	ADD(a_credential_may_lie_in_a_loaded_directory);
	ADD(what_cannot_be_read_is_said_with_its_place);
	ADD(a_local_repository_is_plain_and_has_no_token);
	ADD(hosts_get_what_is_theirs);
	ADD(a_repository_sends_a_secret_only_where_it_is_meant_for);
	ADD(a_registry_without_a_secret_has_no_credential);
	return g_test_run();
}
