/* SPDX-License-Identifier: MIT */
#include "upkeepd/plan.h"

static const struct {
	const char *claim, *page;
} pages[] = {
	{ "https://github.com/golang/net", "https://github.com/golang/net" },
	{ "https://github.com/golang/net/", "https://github.com/golang/net" },
	{ "https://github.com/golang/net.git", "https://github.com/golang/net" },
	{ "http://github.com/golang/net", "https://github.com/golang/net" },
	{ "HTTPS://github.com/golang/net", NULL },
	{ "https://GitHub.com/golang/Net", "https://github.com/golang/Net" },
	{ "git+https://github.com/a/b.git", "https://github.com/a/b" },
	{ "git://github.com/a/b.git", "https://github.com/a/b" },
	{ "ssh://git@github.com/a/b.git", "https://github.com/a/b" },
	{ "git@github.com:a/b.git", "https://github.com/a/b" },
	/* Pages inside of one. */
	{ "https://github.com/a/b/tree/main/sub", "https://github.com/a/b" },
	{ "https://github.com/a/b/issues", "https://github.com/a/b" },
	{ "https://gitlab.com/a/b/c/-/tree/main", "https://gitlab.com/a/b/c" },
	{ "https://gitlab.com/a/b/c", "https://gitlab.com/a/b/c" },
	{ "https://github.com/a/b.git#0123abc:1.26/alpine3.23", "https://github.com/a/b" },
	{ "https://github.com/a/b?tab=readme", "https://github.com/a/b" },
	{ "https://git.example.org:8443/a/b", "https://git.example.org:8443/a/b" },
	/* Nothing secret is kept, and nothing that is more than a name. */
	{ "https://user:password@github.com/a/b", "https://github.com/a/b" },
	{ "https://github.com/a/b)](x", NULL },
	{ "https://github.com/a/../b", NULL },
	{ "https://github.com/a/b c", NULL },
	{ "https://github.com/a/.git", NULL },
	{ "https://git_hub/a/b", NULL },
	{ "https://-x.org/a/b", NULL },
	{ "https://github.com:x/a/b", NULL },
	{ "https://github.com/a", NULL },
	{ "https://github.com", NULL },
	{ "https:///a/b", NULL },
	{ "ftp://github.com/a/b", NULL },
	{ "javascript:alert(1)//a/b", NULL },
	{ "file:///etc/passwd", NULL },
	{ "github.com/a/b", NULL },
	{ "", NULL },
};

static void a_claim_becomes_a_page_or_nothing(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
		g_autofree char *page = home_page(pages[i].claim);

		g_test_message("%s", pages[i].claim);
		g_assert_cmpstr(page, ==, pages[i].page);
	}
}

static void a_claim_without_end_is_none(void)
{
	g_autofree char *name = g_strnfill(100000, 'a'), *parts = g_strnfill(400, '/');
	g_autofree char *claim = g_strconcat("https://github.com/a/", name, NULL);
	g_autofree char *deep = g_strconcat("https://x.org", parts, "a/b", NULL);
	g_autofree char *page = home_page(claim), *other = home_page(deep);

	g_assert_null(page);
	g_assert_null(other);
}

static const struct {
	const char *text;
	bool is_one;
} revisions[] = {
	{ "v1.2.3", true },       { "sub/v1.2.3-rc.1+x", true },
	{ "0123456789ab", true }, { "", false },
	{ "-x", false },          { "v1..v2", false },
	{ "v1)", false },         { "v1 ", false },
	{ "v1?x", false },        { "v1\xC3\xA4", false },
};

static void what_can_stand_in_a_link_is_told(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(revisions); i++)
		g_assert_true(home_is_revision(revisions[i].text) == revisions[i].is_one);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/home/a_claim_becomes_a_page_or_nothing",
			a_claim_becomes_a_page_or_nothing);
	g_test_add_func("/home/a_claim_without_end_is_none", a_claim_without_end_is_none);
	g_test_add_func("/home/what_can_stand_in_a_link_is_told", what_can_stand_in_a_link_is_told);
	return g_test_run();
}
