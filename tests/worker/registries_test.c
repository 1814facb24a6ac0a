/* SPDX-License-Identifier: MIT */
#include "config/dependabot.h"
#include "worker/registries.h"

#include <string.h>

#define ENTRY(directory)                  \
	"  - package-ecosystem: docker\n" \
	"    directory: " directory "\n"  \
	"    schedule: { interval: daily }\n"

static const char text[] =
	"version: 2\n"
	"registries:\n"
	"  base: { type: docker-registry, url: hub.example.org/proxy, replaces-base: true }\n"
	"  listed: { type: docker-registry, url: https://listed.example.org, username: u,\n"
	"            password: \"${{secrets.LISTED}}\" }\n"
	"  unknown: { type: docker-registry, url: https://unknown.example.org, username: u,\n"
	"             password: \"${{secrets.UNKNOWN}}\" }\n"
	"  second: { type: docker-registry, url: https://second.example.org, username: u,\n"
	"              password: \"${{secrets.LISTED}}\" }\n"
	"  modules: { type: goproxy-server, url: modules.example.org }\n"
	"  unlisted: { type: docker-registry, url: https://unlisted.example.org, username: u,\n"
	"              password: \"${{secrets.UNLISTED}}\" }\n"
	"  git: { type: git, url: https://git.example.org, username: u,\n"
	"         password: \"${{secrets.LISTED}}\" }\n"
	"  other: { type: git, url: https://git.example.org, username: u,\n"
	"           password: \"${{secrets.OTHER}}\" }\n"
	"updates:\n" ENTRY("/") "    registries: [base, listed, unknown, modules]\n" ENTRY("/none")
		ENTRY("/one") "    registries: [second]\n" ENTRY(
			"/same") "    registries: [modules, unknown, listed, base]\n";
static const char all[] = ENTRY("/all") "    registries: \"*\"\n";

static const char modules[] = ENTRY("/git") "    registries: [git]\n" ENTRY(
	"/other") "    registries: [other]\n" ENTRY("/modules") "    registries: [modules]\n";

typedef struct {
	RulesFile *rules;
	Settings *settings;
	GPtrArray *problems, *credentials, *upstreams;
	Credential operators;
	Upstream mirror;
	World w;
	Registries *registries;
} Fixture;

static void set_up(Fixture *f, const void *more)
{
	g_autofree char *whole = g_strconcat(text, (const char *)more, NULL);
	g_autoptr(GBytes) bytes = g_bytes_new(whole, strlen(whole));

	g_setenv("UPKEEPD_SECRET_LISTED", "x", TRUE);
	g_setenv("UPKEEPD_SECRET_OTHER", "y", TRUE);
	f->rules = rules_parse("dependabot.yml", bytes);
	g_assert_cmpuint(problems_errors(f->rules->problems), ==, 0);
	f->settings = settings_new();
	f->problems = problems_new();
	f->credentials = g_ptr_array_new();
	f->upstreams = g_ptr_array_new();
	f->operators.host = (char *)"ghcr.io";
	f->mirror.host = (char *)"docker.io";
	f->mirror.registry = (char *)"https://mirror.test";
	g_ptr_array_add(f->credentials, &f->operators);
	g_ptr_array_add(f->upstreams, &f->mirror);
	f->w = (World){ .credentials = f->credentials, .upstreams = f->upstreams };
	f->registries = registries_new(&f->w, f->settings, f->rules, f->problems);
}

static void tear_down(Fixture *f, const void *more G_GNUC_UNUSED)
{
	registries_free(f->registries);
	g_ptr_array_unref(f->upstreams);
	g_ptr_array_unref(f->credentials);
	g_ptr_array_unref(f->problems);
	settings_free(f->settings);
	rules_file_free(f->rules);
}

static World *world_of(Fixture *f, guint entry)
{
	return registries_world(f->registries, g_ptr_array_index(f->rules->entries, entry));
}

/* What a world has, a word each: hosts of credentials, of upstreams, proxies. */
static char *shown(const World *w)
{
	GString *words = g_string_new(NULL);

	for (guint i = 0; i < w->credentials->len; i++)
		g_string_append_printf(words, "%s ",
				       ((Credential *)w->credentials->pdata[i])->host);
	for (guint i = 0; i < w->upstreams->len; i++)
		g_string_append_printf(words, "%s ",
				       ((Upstream *)w->upstreams->pdata[i])->registry);
	for (guint i = 0; i < w->proxies->len; i++)
		g_string_append_printf(words, "%s ", (char *)w->proxies->pdata[i]);
	return g_string_free(words, FALSE);
}

static void an_entry_has_what_it_lists_and_nothing_else(Fixture *f, const void *more G_GNUC_UNUSED)
{
	static const char *const expected[] = {
		("ghcr.io listed.example.org https://mirror.test https://hub.example.org/proxy "
		 "https://modules.example.org "),
		"ghcr.io https://mirror.test ",
		"ghcr.io second.example.org https://mirror.test ",
	};
	const World *none = registries_world(f->registries, NULL);

	for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
		g_autofree char *words = shown(world_of(f, i));

		g_assert_cmpstr(words, ==, expected[i]);
	}
	g_assert_true(none == world_of(f, 1));
	g_assert_true(((Upstream *)world_of(f, 0)->upstreams->pdata[1])->is_foreign);
}

static void entries_that_list_the_same_share_a_world(Fixture *f, const void *more G_GNUC_UNUSED)
{
	g_assert_true(world_of(f, 0) == world_of(f, 3));
	g_assert_true(world_of(f, 0) != world_of(f, 1));
	g_assert_true(world_of(f, 1) != world_of(f, 2));
}

static void a_secret_is_missed_once_and_only_where_somebody_needs_it(Fixture *f,
								     const void *more G_GNUC_UNUSED)
{
	(void)world_of(f, 0);
	(void)world_of(f, 3);
	g_assert_cmpuint(f->problems->len, ==, 1);
	g_assert_nonnull(strstr(((Problem *)f->problems->pdata[0])->text, "UNKNOWN"));
}

static void a_star_lists_all(Fixture *f, const void *more G_GNUC_UNUSED)
{
	g_autofree char *words = shown(world_of(f, 4));

	g_assert_cmpstr(words, ==,
			"ghcr.io listed.example.org second.example.org git.example.org "
			"git.example.org https://mirror.test "
			"https://hub.example.org/proxy https://modules.example.org ");
}

static void a_manifest_has_the_world_of_its_entry(Fixture *f, const void *more G_GNUC_UNUSED)
{
	const Worlds worlds = registries_worlds(f->registries);
	Manifest m = { .rules = g_ptr_array_index(f->rules->entries, 2) }, none = { 0 };

	g_assert_true(worlds.of(worlds.data, &m) == world_of(f, 2));
	g_assert_true(worlds.of(worlds.data, &none) == world_of(f, 1));
}

/* What is learnt of modules is shared by those who may see the same. */
static void who_sees_the_same_modules_is_of_one_circle(Fixture *f, const void *more G_GNUC_UNUSED)
{
	const char *circle = world_of(f, 0)->circle;
	const char *git = world_of(f, 4)->circle, *other = world_of(f, 5)->circle;

	g_assert_null(world_of(f, 1)->circle);
	g_assert_null(world_of(f, 2)->circle); /* of images alone */
	g_assert_nonnull(circle);
	g_assert_cmpstr(circle, ==, world_of(f, 3)->circle);
	g_assert_cmpstr(circle, ==, world_of(f, 6)->circle); /* images do not count */
	g_assert_cmpstr(circle, !=, git);
	g_assert_cmpstr(git, !=, other); /* another secret of the same user */
	g_assert_null(strchr(git, '/'));
}

#define ADD(name, more) \
	g_test_add("/worker/registries/" #name, Fixture, more, set_up, name, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(an_entry_has_what_it_lists_and_nothing_else, "");
	ADD(entries_that_list_the_same_share_a_world, "");
	ADD(a_secret_is_missed_once_and_only_where_somebody_needs_it, "");
	ADD(a_star_lists_all, all);
	ADD(a_manifest_has_the_world_of_its_entry, "");
	ADD(who_sees_the_same_modules_is_of_one_circle, modules);
	return g_test_run();
}
