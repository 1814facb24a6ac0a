/* SPDX-License-Identifier: MIT */
#include "config/settings.h"
#include "config/table.h"

#include <glib/gstdio.h>

static Settings *parse(const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	return settings_parse("upkeepd.yml", bytes);
}

static void all_mistakes_are_said_in_order(gconstpointer data)
{
	const Case *c = data;
	g_autoptr(Settings) settings = parse(c->file);

	case_check(c, "upkeepd.yml", settings->problems);
	for (guint i = 0; i < settings->problems->len; i++)
		g_assert_null(strstr(((Problem *)settings->problems->pdata[i])->text, "hunter2"));
}

static void built_in_settings_hold_where_nothing_is_said(void)
{
	g_autoptr(Settings) settings = parse("repositories: []\n");

	g_assert_true(settings->is_usable);
	g_assert_cmpint(settings->workers, ==, 2);
	g_assert_cmpint(settings->connections_per_host, ==, 8);
	g_assert_cmpint(settings->timeout_ms, ==, 30000);
	g_assert_cmpint(settings->cache_bytes, ==, INT64_C(1073741824));
	g_assert_cmpstr(settings->branch_prefix, ==, "upkeepd");
	g_assert_cmpstr(settings->author_email, ==, "upkeepd@localhost");
	g_assert_null(settings->listen);
	g_assert_null(settings->goproxy);
	g_assert_cmpint(settings->log_level, ==, LOG_INFO);
	g_assert_false(secret_source_is_given(&settings->signing_key));
}

static void values_are_kept(void)
{
	g_autoptr(Settings) settings =
		parse("repositories:\n"
		      "  - https://a.example/1.git\n"
		      "  - file:///srv/git/2.git\n"
		      "  - { url: https://a.example/acme, discover: true, include: [\"x-*\"], "
		      "forge: gitea }\n"
		      "upstreams:\n"
		      "  docker.io: { registry: https://m.example, tags: https://m.example/hub }\n"
		      "  ghcr.io: { registry: \"http://127.0.0.1:5000\" }\n"
		      "  gosumdb: \"off\"\n"
		      "http: { timeout: 500ms, cache: 64MiB }\n"
		      "status: { listen: \"[::1]:9080\" }\n"
		      "log: { level: debug }\n");
	const RepositorySettings *repository;
	const Upstream *upstream;

	g_assert_cmpuint(problems_errors(settings->problems), ==, 0);
	g_assert_cmpuint(settings->repositories->len, ==, 3);
	repository = settings->repositories->pdata[0];
	g_assert_cmpstr(repository->url, ==, "https://a.example/1.git");
	g_assert_null(repository->forge);
	g_assert_true(repository->is_usable);
	repository = settings->repositories->pdata[1];
	g_assert_null(repository->url);
	g_assert_cmpstr(repository->path, ==, "/srv/git/2.git");
	repository = settings->repositories->pdata[2];
	g_assert_true(repository->discover);
	g_assert_cmpstr(repository->forge, ==, "gitea");
	g_assert_cmpstr(repository->include->pdata[0], ==, "x-*");
	g_assert_cmpint(repository->place.line, ==, 4);
	g_assert_cmpuint(settings->upstreams->len, ==, 2);
	upstream = settings->upstreams->pdata[0];
	g_assert_cmpstr(upstream->host, ==, "docker.io");
	g_assert_cmpstr(upstream->tags, ==, "https://m.example/hub");
	g_assert_cmpstr(settings->gosumdb, ==, "off");
	g_assert_cmpint(settings->timeout_ms, ==, 500);
	g_assert_cmpint(settings->cache_bytes, ==, 64 * 1024 * 1024);
	g_assert_cmpstr(settings->listen, ==, "[::1]:9080");
	g_assert_cmpint(settings->log_level, ==, LOG_DEBUG);
}

static void a_bad_repository_leaves_the_settings_usable(void)
{
	g_autoptr(Settings) settings =
		parse("repositories: [{ url: \"ftp://a\" }, https://a.example/x, "
		      "{ path: /a }, /a, []]\n");
	const bool usable[] = { false, true, true, false, false };

	g_assert_true(settings->is_usable);
	g_assert_cmpuint(settings->repositories->len, ==, G_N_ELEMENTS(usable));
	for (guint i = 0; i < settings->repositories->len; i++)
		g_assert_cmpint(((RepositorySettings *)settings->repositories->pdata[i])->is_usable,
				==, usable[i]);
}

static void anything_else_in_error_makes_them_unusable(void)
{
	static const char *const texts[] = {
		"", "a: [", "repositories: x\n", "repositories: []\nworkers: none\n", "- a\n",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(Settings) settings = parse(texts[i]);

		g_assert_false(settings->is_usable);
		g_assert_cmpuint(settings->problems->len, >, 0);
	}
}

static void a_file_that_was_named_must_be_there(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Settings) settings = settings_load("/nonexistent/upkeepd.yml", &error);

	g_assert_null(settings);
	g_assert_error(error, FAILURE, FAILURE_CONFIG);
}

/* The commented file that packages install has nothing to complain of. */
static void the_file_that_is_installed_is_right(void)
{
	g_autofree char *path =
		g_build_filename(g_getenv("UPKEEPD_TESTS"), "..", "config", "upkeepd.yml", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Settings) settings = settings_load(path, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(settings->problems->len, ==, 0);
	g_assert_cmpuint(settings->repositories->len, ==, 0);
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) cases = NULL;

	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	cases = cases_read("settings.txt");
	cases_add(cases, "/config/settings/", all_mistakes_are_said_in_order);
#define ADD(test) g_test_add_func("/config/settings/" #test, test)
	ADD(built_in_settings_hold_where_nothing_is_said);
	ADD(values_are_kept);
	ADD(a_bad_repository_leaves_the_settings_usable);
	ADD(anything_else_in_error_makes_them_unusable);
	ADD(a_file_that_was_named_must_be_there);
	ADD(the_file_that_is_installed_is_right);
	return g_test_run();
}
