/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gobound.h"

/* A version with '+' is a line of versions. */
static const struct {
	const char *go, *max_go, *builders[4], *admitted, *refused, *by;
} cases[] = {
	{ "1.21", NULL, { NULL }, "1.99", NULL, NULL },
	{ "1.21", "1.23", { NULL }, "1.23", "1.23.1", "max-go is 1.23" },
	{ "1.21", "keep", { NULL }, "1.21", "1.21.1", "max-go keeps the go line" },
	{ "1.24", "1.23", { NULL }, "1.24", "1.24.1", "max-go is 1.23" },
	{ "1.21", NULL, { "1.22+" }, "1.22.9", "1.23rc1", "Dockerfile:1 has 1.22+" },
	{ "1.21", NULL, { "1.22+" }, "1.22rc1", "1.23", "Dockerfile:1 has 1.22+" },
	{ "1.21", NULL, { "1.22.4" }, "1.22.4", "1.22.5", "Dockerfile:1 has 1.22.4" },
	{ "1.21",
	  NULL,
	  { "1.23.1", "1.22+", "1.24+" },
	  "1.22.9",
	  "1.23",
	  "Dockerfile:2 has 1.22+" },
	{ "1.21", NULL, { "1.22+", "1.22.4" }, "1.22.4", "1.22.5", "Dockerfile:2 has 1.22.4" },
	{ "1.21", NULL, { "1.22.4", "1.22+" }, "1.22.4", "1.22.5", "Dockerfile:1 has 1.22.4" },
	{ "1.21", NULL, { "1.23.0", "1.22+" }, "1.22.9", "1.23.0", "Dockerfile:2 has 1.22+" },
	{ "1.21", "1.22.5", { "1.23+" }, "1.22.5", "1.22.6", "max-go is 1.22.5" },
	{ "1.21", "1.24", { "1.23+" }, "1.23.9", "1.24", "Dockerfile:1 has 1.23+" },
	/* It cannot be what builds a module that says more. */
	{ "1.24", NULL, { "1.23+" }, "1.99", NULL, NULL },
	{ "1.24", NULL, { "1.23+", "1.25+" }, "1.25.3", "1.26", "Dockerfile:2 has 1.25+" },
	{ "1.22.4", NULL, { "1.22+" }, "1.22.9", "1.23", "Dockerfile:1 has 1.22+" },
	/* Go lines of before 1.21 raise none. */
	{ "1.16", NULL, { "1.16+" }, "1.20", "1.21", "Dockerfile:1 has 1.16+" },
	{ NULL, NULL, { "1.16+" }, "1.20", "1.21", "Dockerfile:1 has 1.16+" },
	{ NULL, "keep", { NULL }, "1.20", "1.21", "max-go keeps the go line" },
};

static void the_oldest_of_what_builds_is_the_bound(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) builders = builders_new();
		g_autoptr(GoBound) bound = NULL;

		for (int k = 0; cases[i].builders[k] != NULL; k++) {
			const char *text = cases[i].builders[k];
			bool is_line = g_str_has_suffix(text, "+");
			g_autofree char *version = g_strdelimit(g_strdup(text), "+", '\0');

			g_ptr_array_add(builders, builder_new("go", version, is_line, "Dockerfile",
							      k + 1, text));
		}
		bound = gobound_new(cases[i].max_go, builders, "", cases[i].go);
		g_test_message("row %zu", i);
		g_assert_cmpstr(bound != NULL ? bound->by : NULL, ==, cases[i].by);
		g_assert_true(gobound_admits(bound, cases[i].admitted));
		if (cases[i].refused != NULL)
			g_assert_false(gobound_admits(bound, cases[i].refused));
	}
}

static void what_builds_another_module_is_no_bound(void)
{
	g_autoptr(GPtrArray) builders = builders_new();
	Builder *builder = builder_new("go", "1.22", true, "api/Dockerfile", 1, "golang:1.22");
	g_autoptr(GoBound) own = NULL, other = NULL;

	builder->home = g_strdup("api");
	g_ptr_array_add(builders, builder);
	g_ptr_array_add(builders, builder_new("node", "1.20", true, "Dockerfile", 1, "node:1.20"));
	own = gobound_new(NULL, builders, "api", "1.20");
	other = gobound_new(NULL, builders, "web", "1.20");
	g_assert_cmpstr(own->by, ==, "api/Dockerfile:1 has golang:1.22");
	g_assert_null(other);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/gobound/the_oldest_of_what_builds_is_the_bound",
			the_oldest_of_what_builds_is_the_bound);
	g_test_add_func("/gomod/gobound/what_builds_another_module_is_no_bound",
			what_builds_another_module_is_no_bound);
	return g_test_run();
}
