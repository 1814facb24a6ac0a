/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/gometa.h"

#include <string.h>

#define TAG(content) "<meta name=\"go-import\" content=\"" content "\">"
#define A            TAG("x.org/a git https://g/a")
#define A_MOD        TAG("x.org/a mod https://p")

static const struct {
	const char *html, *path;
	bool with_proxies;
	const char *found; /* "ROOT VCS REPOSITORY SUBDIRECTORY"; NULL: none */
} pages[] = {
	{ A, "x.org/a", true, "x.org/a git https://g/a " },
	{ A, "x.org/a/b/c", true, "x.org/a git https://g/a " },
	{ A, "x.org/ab", true, NULL },
	{ A, "x.org", true, NULL },
	{ TAG("x.org/a git https://g/a sub"), "x.org/a", true, "x.org/a git https://g/a sub" },
	/* Words too few or too many. */
	{ TAG("x.org/a git"), "x.org/a", true, NULL },
	{ TAG("x.org/a git https://g/a b c"), "x.org/a", true, NULL },
	/* Whatever HTML that is. */
	{ "<!doctype html><html><head><title>x</title>" A "</head>", "x.org/a", true,
	  "x.org/a git https://g/a " },
	{ "<META CONTENT='x.org/a git https://g/a' NAME=go-import />", "x.org/a", true,
	  "x.org/a git https://g/a " },
	{ "<meta\n name = \"go-import\"\n content = \"\n x.org/a\tgit\n https://g/a \">", "x.org/a",
	  true, "x.org/a git https://g/a " },
	{ "<meta name=\"go-import\" content=\"x.org/a git https://g/a?b&amp;c\">", "x.org/a", true,
	  "x.org/a git https://g/a?b&c " },
	{ "<meta name=go-import content=\"x.org/a git https://g/a\"", "x.org/a", true,
	  "x.org/a git https://g/a " },
	{ "<metal name=go-import content=\"x.org/a git https://g/a\">", "x.org/a", true, NULL },
	{ "<meta name=Go-Import content=\"x.org/a git https://g/a\">", "x.org/a", true, NULL },
	/* Only the head counts, and no comment. */
	{ "</head>" A, "x.org/a", true, NULL },
	{ "<body>" A, "x.org/a", true, NULL },
	{ "<!-- " A " -->", "x.org/a", true, NULL },
	{ "<!-- x -->" A, "x.org/a", true, "x.org/a git https://g/a " },
	{ "<!-- " A, "x.org/a", true, NULL },
	/* Several. */
	{ A TAG("x.org/b git https://g/b"), "x.org/b", true, "x.org/b git https://g/b " },
	{ A A, "x.org/a", true, NULL },
	{ A TAG("x.org/a/b git https://g/b"), "x.org/a/b", true, NULL },
	{ A A_MOD, "x.org/a", true, "x.org/a mod https://p " },
	{ A A_MOD, "x.org/a", false, "x.org/a git https://g/a " },
	{ A_MOD, "x.org/a", false, NULL },
	{ A_MOD A_MOD, "x.org/a", true, NULL },
	{ "", "x.org/a", true, NULL },
	{ "<", "x.org/a", true, NULL },
	{ "<meta", "x.org/a", true, NULL },
	{ "<meta name", "x.org/a", true, NULL },
	{ "<meta name=", "x.org/a", true, NULL },
	{ "<meta name=\"", "x.org/a", true, NULL },
};

static void tags_are_read_as_go_reads_them(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
		g_autoptr(GPtrArray) imports = gometa_imports(pages[i].html, strlen(pages[i].html));
		g_autoptr(GError) error = NULL;
		const GoImport *found =
			gometa_match(imports, pages[i].path, pages[i].with_proxies, &error);
		g_autofree char *text =
			found == NULL ? NULL
				      : g_strjoin(" ", found->root, found->vcs, found->repository,
						  found->subdirectory, NULL);

		g_test_message("%s for %s", pages[i].html, pages[i].path);
		g_assert_cmpstr(text, ==, pages[i].found);
		g_assert_true((error == NULL) == (found != NULL));
	}
}

static void a_home_is_that_of_the_root(void)
{
	static const char html[] =
		"<meta name=\"go-source\" content=\"x.org/a https://h/a https://h/a/tree{/dir} f\">"
		"<meta name=\"go-source\" content=\"x.org/b _ d f\">"
		"<meta name=\"go-source\" content=\"x.org/c\">";
	g_autofree char *a = gometa_home(html, strlen(html), "x.org/a");

	g_assert_cmpstr(a, ==, "https://h/a");
	g_assert_null(gometa_home(html, strlen(html), "x.org/b"));
	g_assert_null(gometa_home(html, strlen(html), "x.org/c"));
	g_assert_null(gometa_home(html, strlen(html), "x.org"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/gometa/tags_are_read_as_go_reads_them",
			tags_are_read_as_go_reads_them);
	g_test_add_func("/gomod/gometa/a_home_is_that_of_the_root", a_home_is_that_of_the_root);
	return g_test_run();
}
