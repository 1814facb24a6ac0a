/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/modhome.h"

/* Cells that a row leaves out are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define PSEUDO "v0.0.0-20240301120000-0123456789ab"

static const struct {
	const char *path, *page, *directory;
	const char *from, *to, *old_tag, *new_tag, *new_version;
} cases[] = {
	{ "golang.org/x/net", "https://github.com/golang/net", "", "v0.17.0", "v0.40.0", "v0.17.0",
	  "v0.40.0", "0.40.0" },
	{ "golang.org/x/tools/gopls", "https://github.com/golang/tools", "gopls/", "v0.1.0",
	  "v0.2.0", "gopls/v0.1.0", "gopls/v0.2.0", "0.2.0" },
	{ "github.com/go-chi/chi/v5", "https://github.com/go-chi/chi", "", "v5.0.12", "v5.2.3",
	  "v5.0.12", "v5.2.3", "5.2.3" },
	{ "github.com/a/b/sub/v2", "https://github.com/a/b", "sub/", "v2.0.0", "v2.1.0",
	  "sub/v2.0.0", "sub/v2.1.0", "2.1.0" },
	{ "github.com/docker/docker", "https://github.com/docker/docker", "",
	  "v27.0.0+incompatible", "v28.1.0+incompatible", "v27.0.0", "v28.1.0", "28.1.0" },
	{ "github.com/a/b", "https://github.com/a/b", "", PSEUDO, "v1.0.0", "0123456789ab",
	  "v1.0.0", "1.0.0" },
	{ "github.com/a/b", "https://github.com/a/b", "", "v1.0.0", PSEUDO, "v1.0.0",
	  "0123456789ab", NULL },
	{ "gopkg.in/yaml.v3", "https://github.com/go-yaml/yaml", "", "v3.0.0", "v3.0.1", "v3.0.0",
	  "v3.0.1", "3.0.1" },
	{ "gopkg.in/natefinch/lumberjack.v2", "https://github.com/natefinch/lumberjack", "",
	  "v2.0.0", "v2.1.0", "v2.0.0", "v2.1.0", "2.1.0" },
	{ "gitlab.com/a/b", "https://gitlab.com/a/b", "", "v1.0.0", "v1.1.0", "v1.0.0", "v1.1.0",
	  "1.1.0" },
	{ "bitbucket.org/a/b", "https://bitbucket.org/a/b", "", "v1.0.0", "v1.1.0", "v1.0.0",
	  "v1.1.0", "1.1.0" },
	{ "k8s.io/api", "https://github.com/kubernetes/api", "", "v0.30.0", "v0.31.0", "v0.30.0",
	  "v0.31.0", "0.31.0" },
	{ "github.com/a/b", "https://github.com/a/b", "", "nonsense", "v1.1.0", NULL, "v1.1.0",
	  "1.1.0" },
	{ "github.com/a/b", "https://github.com/a/b", "", NULL, "v1.1.0", NULL, "v1.1.0", "1.1.0" },
	/* Groups within groups; a host that does not tell; too short; no path. */
	{ "gitlab.com/a/b/c", NULL },
	{ "example.com/a/b", NULL },
	{ "github.com/a", NULL },
	{ "github.com/a/b)(x", NULL },
};

static void homes_are_told_by_paths(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(Dependency) dependency = dependency_new();
		g_autoptr(Update) update = update_new(NULL, dependency);
		g_autoptr(Home) home = NULL;

		g_test_message("%s", cases[i].path);
		dependency->name = g_strdup(cases[i].path);
		update->from = g_strdup(cases[i].from);
		update->to = g_strdup(cases[i].to);
		home = modhome_of(update);
		g_assert_true((home == NULL) == (cases[i].page == NULL));
		if (home == NULL)
			continue;
		g_assert_cmpstr(home->page, ==, cases[i].page);
		g_assert_cmpstr(home->directory, ==, cases[i].directory);
		g_assert_cmpstr(home->from, ==, cases[i].old_tag);
		g_assert_cmpstr(home->to, ==, cases[i].new_tag);
		g_assert_cmpstr(home->to_version, ==, cases[i].new_version);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/modhome/homes_are_told_by_paths", homes_are_told_by_paths);
	return g_test_run();
}
