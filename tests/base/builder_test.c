/* SPDX-License-Identifier: MIT */
#include "upkeepd/builder.h"

static const struct {
	const char *path, *home, *folder;
	bool concerns;
} cases[] = {
	{ "Dockerfile", "", "", true },
	{ "Dockerfile", "", "tools", true }, /* it may build what lies below it */
	{ "build/Dockerfile", "", "", true },
	{ "build/Dockerfile", "", "tools", false },
	{ "api/Dockerfile", "api", "", false },
	{ "api/Dockerfile", "api", "api", true },
	{ "api/Dockerfile", "api", "apis", false },
	{ "api/deploy/Dockerfile", "api", "api", true },
	{ "docker/Dockerfile", NULL, "src", true }, /* no module has it: any may */
	{ ".github/workflows/test.yml", NULL, "src", true },
	{ ".github/workflows/test.yml", "", "src/api", true },
	{ "api/.gitlab-ci.yml", "api", "api/v2", true },
	{ "api/.gitlab-ci.yml", "api", "web", false },
};

static void what_builds_a_folder_is_found_by_its_place(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		Builder *builder = builder_new("go", "1.22", true, cases[i].path, 1, "golang:1.22");

		builder->home = g_strdup(cases[i].home);
		g_test_message("%s for '%s'", cases[i].path, cases[i].folder);
		g_assert_cmpint(builder_concerns(builder, cases[i].folder), ==, cases[i].concerns);
		builder_free(builder);
	}
}

static void a_folder_with_a_dot_counts_for_the_one_it_lies_in(void)
{
	static const char *const folders[][2] = {
		{ "Dockerfile", "" },        { ".go-version", "" },
		{ "a/b/Dockerfile", "a/b" }, { ".github/workflows/x.yml", "" },
		{ "a/.ci/b/x.yml", "a" },    { "a/b.c/x.yml", "a/b.c" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *folder = builder_folder(folders[i][0]);

		g_assert_cmpstr(folder, ==, folders[i][1]);
	}
}

static void a_place_is_said_in_plain_text(void)
{
	Builder *builder = builder_new("go", "1.22", true, "Docker\nfile", 3, "golang:1.22\x1b[2J");
	g_autofree char *words = builder_words(builder);

	g_assert_cmpstr(words, ==, "Docker file:3 has golang:1.22 [2J");
	builder_free(builder);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/builder/what_builds_a_folder_is_found_by_its_place",
			what_builds_a_folder_is_found_by_its_place);
	g_test_add_func("/base/builder/a_folder_with_a_dot_counts_for_the_one_it_lies_in",
			a_folder_with_a_dot_counts_for_the_one_it_lies_in);
	g_test_add_func("/base/builder/a_place_is_said_in_plain_text",
			a_place_is_said_in_plain_text);
	return g_test_run();
}
