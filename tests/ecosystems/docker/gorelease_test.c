/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/gorelease.h"

#include <string.h>

#define HISTORY "https://go.dev/doc/devel/release#go"
#define COMPARE "- [Changes](https://github.com/golang/go/compare/go"

static const struct {
	const char *from, *to;
	const char *text; /* NULL: nothing is told */
} rows[] = {
	{ "1.22.2-alpine3.19", "1.22.4-alpine3.20",
	  "- Revisions: [1.22.3](" HISTORY "1.22.3), [1.22.4](" HISTORY "1.22.4)\n" COMPARE
	  "1.22.2...go1.22.4)\n" },
	{ "1.20.6", "1.22.1",
	  "- [Go 1.21](https://go.dev/doc/go1.21)\n- [Go 1.22](https://go.dev/doc/go1.22)\n"
	  "- Revisions: [1.22.1](" HISTORY "1.22.1)\n" COMPARE "1.20.6...go1.22.1)\n" },
	{ "1.21.6", "1.22.0",
	  "- [Go 1.22](https://go.dev/doc/go1.22)\n" COMPARE "1.21.6...go1.22.0)\n" },
	{ "1.21-alpine", "1.22-alpine", "- [Go 1.22](https://go.dev/doc/go1.22)\n" },
	{ "1.22rc1", "1.22.0",
	  "- [Go 1.22](https://go.dev/doc/go1.22)\n" COMPARE "1.22rc1...go1.22.0)\n" },
	{ "1.22", "1.22", NULL },
	{ "1.22.4", "1.22.4-alpine", NULL },
	{ "1.23.1", "1.22.4", NULL },
	{ "alpine", "1.22.4", NULL },
	{ NULL, "1.22.4", NULL },
	{ "1.22.4", "1.99999999999999999999", NULL },
};

static void releases_between_are_told_of(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(Update) update = update_new(NULL, NULL);
		const Section *section;

		update->from = g_strdup(rows[i].from);
		update->to = g_strdup(rows[i].to);
		g_assert_true(gorelease_tell(update) == (rows[i].text != NULL));
		g_assert_true((update->home != NULL) == (rows[i].text != NULL));
		g_assert_cmpuint(update->sections->len, ==, rows[i].text != NULL ? 1 : 0);
		if (rows[i].text == NULL)
			continue;
		section = g_ptr_array_index(update->sections, 0);
		g_assert_cmpint(section->kind, ==, SECTION_RELEASES);
		g_assert_cmpstr(section->text, ==, rows[i].text);
	}
}

static void only_so_many_are_listed(void)
{
	g_autoptr(Update) update = update_new(NULL, NULL);
	const Section *section;

	update->from = g_strdup("1.2.1");
	update->to = g_strdup("1.2147483000.2147483000");
	g_assert_true(gorelease_tell(update));
	section = g_ptr_array_index(update->sections, 0);
	g_assert_cmpuint(strlen(section->text), <, 5000);
}

static void the_official_image_is_meant(void)
{
	g_assert_true(gorelease_is("docker.io/library/golang"));
	g_assert_true(gorelease_is("public.ecr.aws/docker/library/golang"));
	g_assert_false(gorelease_is("docker.io/cimg/golang"));
	g_assert_false(gorelease_is("docker.io/library/golang-x"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/docker/gorelease/releases_between_are_told_of",
			releases_between_are_told_of);
	g_test_add_func("/docker/gorelease/only_so_many_are_listed", only_so_many_are_listed);
	g_test_add_func("/docker/gorelease/the_official_image_is_meant",
			the_official_image_is_meant);
	return g_test_run();
}
