/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gosetup.h"

#include <string.h>

static void a_version_is_read_as_setup_go_does(void)
{
	static const struct {
		const char *written, *version;
		bool is_line;
	} cases[] = {
		{ "1.22", "1.22", true },
		{ "1.22.4", "1.22.4", false },
		{ "1.22.x", "1.22", true },
		{ " 1.22.* ", "1.22", true },
		{ "~1.22", "1.22", true },
		{ "~1.22.4", "1.22", true },
		{ "go1.22.4", "1.22.4", false },
		{ "1.23rc1", "1.23rc1", false },
		{ "=1.22.4", "1.22.4", false },
		{ "^1.22", NULL, false },
		{ ">=1.22", NULL, false },
		{ "stable", NULL, false },
		{ "oldstable", NULL, false },
		{ "1.x", NULL, false },
		{ "1.22.4rc1", NULL, false },
		{ "1", NULL, false },
		{ "", NULL, false },
		{ ".x", NULL, false },
		{ "~", NULL, false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		bool is_line = false;
		g_autofree char *version = gosetup_version(cases[i].written, &is_line);

		g_test_message("'%s'", cases[i].written);
		g_assert_cmpstr(version, ==, cases[i].version);
		if (version != NULL)
			g_assert_cmpint(is_line, ==, cases[i].is_line);
	}
}

#define STEP(version)                                                                              \
	"    steps:\n      - uses: actions/setup-go@v5\n        with: { go-version: " version " }" \
	"\n"

static const struct {
	const char *path, *text, *found;
} files[] = {
	{ ".github/workflows/a.yml", "jobs:\n  a:\n" STEP("1.22.x"), "5 1.22+ go-version 1.22.x;" },
	{ ".github/workflows/a.yml", "jobs:\n  a:\n" STEP("stable"), "" },
	{ ".github/workflows/a.yaml",
	  "jobs:\n  a:\n    strategy: { matrix: { go: ['1.21', 1.22.4] } }\n" STEP(
		  "'${{ matrix.go }}'"),
	  "3 1.21+ go-version 1.21;3 1.22.4 go-version 1.22.4;" },
	{ ".github/workflows/a.yml",
	  "jobs:\n  a:\n    strategy: { matrix: { include: [{ go: '1.20', os: x }] } }\n" STEP(
		  "'${{matrix.go}}'"),
	  "3 1.20+ go-version 1.20;" },
	{ ".gitea/workflows/a.yml", "env: { GO: '1.23' }\njobs:\n  a:\n" STEP("'${{ env.GO }}'"),
	  "1 1.23+ go-version 1.23;" },
	{ ".github/workflows/a.yml",
	  "jobs:\n  a:\n    steps:\n      - uses: actions/setup-node@v4\n"
	  "        with: { go-version: '1.20' }\n",
	  "" },
	{ ".github/workflows/a.yml", "jobs: [", "" },
	{ ".go-version", "1.22.4\n", "1 1.22.4 go 1.22.4;" },
	{ "api/.tool-versions", "nodejs 20.1.0\ngolang 1.22.4\n", "2 1.22.4 go 1.22.4;" },
	{ ".go-version", "", "" },
};

static void files_say_what_builds(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autoptr(GPtrArray) builders = builders_new();
		g_autoptr(GString) found = g_string_new(NULL);
		/* No bytes are a null pointer. */
		g_autoptr(GBytes) bytes = g_bytes_new(files[i].text, strlen(files[i].text));

		g_assert_true(gosetup_tells(files[i].path));
		gosetup_read(files[i].path, bytes, builders);
		for (guint k = 0; k < builders->len; k++) {
			const Builder *builder = g_ptr_array_index(builders, k);

			g_string_append_printf(found, "%d %s%s %s;", builder->line,
					       builder->version, builder->is_line ? "+" : "",
					       builder->text);
		}
		g_test_message("%s: %s", files[i].path, files[i].text);
		g_assert_cmpstr(found->str, ==, files[i].found);
	}
	g_assert_false(gosetup_tells("config/workflows/a.yml"));
	g_assert_false(gosetup_tells("go.mod"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/gosetup/a_version_is_read_as_setup_go_does",
			a_version_is_read_as_setup_go_does);
	g_test_add_func("/gomod/gosetup/files_say_what_builds", files_say_what_builds);
	return g_test_run();
}
