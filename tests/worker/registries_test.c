/* SPDX-License-Identifier: MIT */
#include "config/dependabot.h"
#include "worker/registries.h"

#include <string.h>

static const char text[] =
	"version: 2\n"
	"registries:\n"
	"  base: { type: docker-registry, url: hub.example.org/proxy, replaces-base: true }\n"
	"  listed: { type: docker-registry, url: https://listed.example.org, username: u,\n"
	"            password: \"${{secrets.LISTED}}\" }\n"
	"  unknown: { type: docker-registry, url: https://unknown.example.org, username: u,\n"
	"             password: \"${{secrets.UNKNOWN}}\" }\n"
	"  unlisted: { type: docker-registry, url: https://unlisted.example.org, username: u,\n"
	"              password: \"${{secrets.LISTED}}\" }\n"
	"  modules: { type: goproxy-server, url: modules.example.org }\n"
	"  other-modules: { type: goproxy-server, url: other.example.org }\n"
	"updates:\n"
	"  - package-ecosystem: docker\n"
	"    directory: /\n"
	"    schedule: { interval: daily }\n"
	"    registries: [base, listed, unknown, modules]\n";

static void registries_count_where_an_entry_lists_them(void)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	RulesFile *rules = rules_parse("dependabot.yml", bytes);
	g_autoptr(Settings) settings = settings_new();
	g_autoptr(GPtrArray) problems = problems_new();
	Credential operators = { .host = (char *)"ghcr.io" };
	Upstream mirror = { .host = (char *)"docker.io",
			    .registry = (char *)"https://mirror.test" };
	g_autoptr(GPtrArray) credentials = g_ptr_array_new(), upstreams = g_ptr_array_new();
	World w = { .credentials = credentials, .upstreams = upstreams };
	Registries *registries;
	const Upstream *base;

	g_setenv("UPKEEPD_SECRET_LISTED", "x", TRUE);
	g_ptr_array_add(credentials, &operators);
	g_ptr_array_add(upstreams, &mirror);
	registries = registries_apply(&w, settings, rules, problems);
	g_assert_cmpuint(w.credentials->len, ==, 2);
	g_assert_true(w.credentials->pdata[0] == &operators);
	g_assert_cmpstr(((Credential *)w.credentials->pdata[1])->host, ==, "listed.example.org");
	g_assert_cmpuint(w.upstreams->len, ==, 2);
	g_assert_true(w.upstreams->pdata[0] == &mirror);
	base = w.upstreams->pdata[1];
	g_assert_cmpstr(base->registry, ==, "https://hub.example.org/proxy");
	g_assert_true(base->is_foreign);
	g_assert_cmpuint(problems->len, ==, 1);
	g_assert_nonnull(strstr(((Problem *)problems->pdata[0])->text, "UNKNOWN"));
	g_assert_cmpuint(w.proxies->len, ==, 1);
	g_assert_cmpstr(w.proxies->pdata[0], ==, "https://modules.example.org");
	registries_free(registries);
	rules_file_free(rules);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/worker/registries/count_where_an_entry_lists_them",
			registries_count_where_an_entry_lists_them);
	return g_test_run();
}
