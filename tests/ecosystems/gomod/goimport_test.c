/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/goimport.h"

#include <string.h>

static const struct {
	const char *path, *root; /* root NULL: its host is to be asked; "": refused */
} paths[] = {
	{ "github.com/acme/a", "github.com/acme/a" },
	{ "github.com/acme/a/v2", "github.com/acme/a" },
	{ "github.com/acme/a/sub/folder", "github.com/acme/a" },
	{ "bitbucket.org/acme/a/b", "bitbucket.org/acme/a" },
	{ "github.com/acme", "" },
	{ "github.com/acme/", "" },
	{ "github.com/", "" },
	{ "github.community/acme/a", NULL },
	{ "example.com/acme/a.git", "example.com/acme/a.git" },
	{ "example.com/a.git/v2", "example.com/a.git" },
	{ "example.com/a.git/b.git/c", "example.com/a.git" },
	{ "example.com/.git", NULL },
	{ "example.git/a", NULL },
	{ "example.com/agit/b", NULL },
	{ "example.com", NULL },
};

static void some_paths_tell_where_they_lie(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_autoptr(GoImport) import = NULL;
		g_autoptr(GError) error = NULL;
		g_autofree char *url = NULL;

		g_test_message("%s", paths[i].path);
		if (!goimport_of_path(paths[i].path, &import, &error)) {
			g_assert_cmpstr(paths[i].root, ==, "");
			g_assert_error(error, FAILURE, FAILURE_INPUT);
			continue;
		}
		g_assert_cmpstr(import != NULL ? import->root : NULL, ==, paths[i].root);
		if (import == NULL)
			continue;
		url = g_strconcat("https://", paths[i].root, NULL);
		g_assert_cmpstr(import->url, ==, url);
		g_assert_cmpstr(import->vcs, ==, "git");
	}
}

#define TAG(content) "<meta name=\"go-import\" content=\"" content "\">"

/* A page, and "ROOT VCS URL FOLDER" of what it says of example.com/a/b. */
static const struct {
	const char *name, *page, *said;
} pages[] = {
	{ "a_tag", "<html><head>" TAG("example.com/a git https://g.example/a") "</head>",
	  "example.com/a git https://g.example/a " },
	{ "a_folder", TAG("example.com/a git https://g.example/a go/lib"),
	  "example.com/a git https://g.example/a go/lib" },
	{ "other_quotes_and_order",
	  "<META content='example.com/a git https://g.example/a' NAME=go-import />",
	  "example.com/a git https://g.example/a " },
	{ "blanks", TAG("\n  example.com/a\n\tgit   https://g.example/a\n"),
	  "example.com/a git https://g.example/a " },
	{ "another_module",
	  TAG("example.com/x git https://g.example/x") TAG("example.com/a git https://g.example/a"),
	  "example.com/a git https://g.example/a " },
	{ "a_beginning_that_is_no_element", TAG("example.com/a/bc git https://g.example/a"), NULL },
	{ "two_that_speak_of_it",
	  TAG("example.com/a git https://g.example/a")
		  TAG("example.com/a/b git https://g.example/b"),
	  NULL },
	{ "a_proxy_goes_first",
	  TAG("example.com/a git https://g.example/a") TAG("example.com/a mod https://p.example/p"),
	  "example.com/a mod https://p.example/p " },
	{ "two_proxies",
	  TAG("example.com/a mod https://p.example/p") TAG("example.com/a mod https://q.example/q"),
	  NULL },
	{ "in_the_body", "<head></head><body>" TAG("example.com/a git https://g.example/a"), NULL },
	{ "in_a_comment", "<!-- " TAG("example.com/a git https://g.example/a") " -->", NULL },
	{ "after_a_comment", "<!-- > -->" TAG("example.com/a git https://g.example/a"),
	  "example.com/a git https://g.example/a " },
	{ "another_name", "<meta name=\"go-source\" content=\"example.com/a git https://g/a\">",
	  NULL },
	{ "too_few_words", TAG("example.com/a git"), NULL },
	{ "too_many_words", TAG("example.com/a git https://g.example/a b c"), NULL },
	{ "cut_off", "<meta name=\"go-import\" content=\"example.com/a git https", NULL },
	{ "another_tag", "<metadata name=\"go-import\" content=\"example.com/a git https://g/a\">",
	  NULL },
	{ "odd_signs", "<meta = =\"\" / name=go-import content=\"example.com/a git https://g/a\">",
	  "example.com/a git https://g/a " },
	{ "nothing", "", NULL },
};

static void a_page_says_where_a_module_lies(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	g_autoptr(GPtrArray) imports = goimport_of_page(pages[i].page, strlen(pages[i].page));
	const GoImport *import = goimport_choose(imports, "example.com/a/b", NULL);
	g_autofree char *said = NULL;

	if (import != NULL)
		said = g_strdup_printf("%s %s %s %s", import->root, import->vcs, import->url,
				       import->folder);
	g_assert_cmpstr(said, ==, pages[i].said);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/goimport/some_paths_tell_where_they_lie",
			some_paths_tell_where_they_lie);
	for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
		g_autofree char *name = g_strconcat("/gomod/goimport/page/", pages[i].name, NULL);

		g_test_add_data_func(name, GSIZE_TO_POINTER(i), a_page_says_where_a_module_lies);
	}
	return g_test_run();
}
