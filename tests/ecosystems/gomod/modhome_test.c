/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modhome.h"

#include <glib.h>

#define PSEUDO "v0.0.0-20240301120000-0123456789ab"

static const struct {
	const char *path, *page;
	const char *from, *to, *changes;
} cases[] = {
	{ "golang.org/x/net", "https://github.com/golang/net", "v0.17.0", "v0.40.0",
	  "https://github.com/golang/net/compare/v0.17.0...v0.40.0" },
	{ "golang.org/x/tools/gopls", "https://github.com/golang/tools", "v0.1.0", "v0.2.0",
	  "https://github.com/golang/tools/compare/gopls/v0.1.0...gopls/v0.2.0" },
	{ "github.com/go-chi/chi/v5", "https://github.com/go-chi/chi", "v5.0.12", "v5.2.3",
	  "https://github.com/go-chi/chi/compare/v5.0.12...v5.2.3" },
	{ "github.com/a/b/sub/v2", "https://github.com/a/b", "v2.0.0", "v2.1.0",
	  "https://github.com/a/b/compare/sub/v2.0.0...sub/v2.1.0" },
	{ "github.com/docker/docker", "https://github.com/docker/docker", "v27.0.0+incompatible",
	  "v28.1.0+incompatible", "https://github.com/docker/docker/compare/v27.0.0...v28.1.0" },
	{ "github.com/a/b", "https://github.com/a/b", PSEUDO, "v1.0.0",
	  "https://github.com/a/b/compare/0123456789ab...v1.0.0" },
	{ "gopkg.in/yaml.v3", "https://github.com/go-yaml/yaml", "v3.0.0", "v3.0.1",
	  "https://github.com/go-yaml/yaml/compare/v3.0.0...v3.0.1" },
	{ "gopkg.in/natefinch/lumberjack.v2", "https://github.com/natefinch/lumberjack", "v2.0.0",
	  "v2.1.0", "https://github.com/natefinch/lumberjack/compare/v2.0.0...v2.1.0" },
	{ "gitlab.com/a/b", "https://gitlab.com/a/b", "v1.0.0", "v1.1.0",
	  "https://gitlab.com/a/b/-/compare/v1.0.0...v1.1.0" },
	{ "gitlab.com/a/b/c", NULL, "v1.0.0", "v1.1.0", NULL },
	{ "bitbucket.org/a/b", "https://bitbucket.org/a/b", "v1.0.0", "v1.1.0", NULL },
	{ "k8s.io/api", "https://github.com/kubernetes/api", "v0.30.0", "v0.31.0",
	  "https://github.com/kubernetes/api/compare/v0.30.0...v0.31.0" },
	{ "example.com/a/b", NULL, "v1.0.0", "v1.1.0", NULL },
	{ "github.com/a", NULL, "v1.0.0", "v1.1.0", NULL },
	{ "github.com/a/b)(x", NULL, "v1.0.0", "v1.1.0", NULL },
	{ "github.com/a/b", "https://github.com/a/b", "nonsense", "v1.1.0", NULL },
};

static void homes_are_told_by_paths(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *page = modhome_page(cases[i].path);
		g_autofree char *changes =
			modhome_changes(cases[i].path, cases[i].from, cases[i].to);

		g_test_message("%s", cases[i].path);
		g_assert_cmpstr(page, ==, cases[i].page);
		g_assert_cmpstr(changes, ==, cases[i].changes);
	}
}

static void an_update_gets_both(void)
{
	g_autoptr(Dependency) dependency = dependency_new();
	g_autoptr(Update) update = update_new(NULL, dependency);
	g_autofree char *home = NULL, *changes = NULL, *same = NULL, *none = NULL;

	dependency->name = g_strdup("golang.org/x/net");
	update->to = g_strdup("v0.40.0");
	modhome_links(update, &home, &none);
	g_assert_null(none);
	update->from = g_strdup("v0.17.0");
	modhome_links(update, &same, &changes);
	g_assert_cmpstr(home, ==, "https://github.com/golang/net");
	g_assert_cmpstr(same, ==, home);
	g_assert_cmpstr(changes, ==, "https://github.com/golang/net/compare/v0.17.0...v0.40.0");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/modhome/homes_are_told_by_paths", homes_are_told_by_paths);
	g_test_add_func("/gomod/modhome/an_update_gets_both", an_update_gets_both);
	return g_test_run();
}
