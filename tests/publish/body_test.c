/* SPDX-License-Identifier: MIT */
#include "publish/body.h"
#include "publish/identity.h"
#include "publish/plans.h"

#define WEDGE "\xE2\x80\x8B"

static const struct {
	const char *text, *quote;
} quotes[] = {
	{ "Plain words.", "> Plain words.\n" },
	{ "one\ntwo", "> one\n> two\n" },
	{ "one\r\ntwo\rthree", "> one\n> two\n> three\n" },
	{ "  \n \n", "" },
	{ "", "" },
	/* Nobody is called. */
	{ "thanks @ann", "> thanks @" WEDGE "ann\n" },
	{ "ann@example.org", "> ann@" WEDGE "example.org\n" },
	{ "@acme/team", "> @" WEDGE "acme/team\n" },
	{ "at @ noon", "> at @ noon\n" },
	/* No issue is linked or closed. */
	{ "fixes #12", "> fixes #" WEDGE "12\n" },
	{ "acme/shop#12", "> acme/shop#" WEDGE "12\n" },
	{ "GH-12 and gh-13", "> GH-" WEDGE "12 and gh-" WEDGE "13\n" },
	{ "closes !7", "> closes !" WEDGE "7\n" },
	{ "https://github.com/a/b/issues/1", "> https://redirect.github.com/a/b/issues/1\n" },
	{ "# Heading", "> # Heading\n" },
	/* No command is run. */
	{ "/merge", "> \\/merge\n" },
	{ "so:\n  /assign me", "> so:\n>   \\/assign me\n" },
	{ "a/b", "> a/b\n" },
	/* No HTML, no pictures, no marker of ours. */
	{ "<script>x</script>", "> &lt;script>x&lt;/script>\n" },
	{ "<!-- upkeepd:v1 e30 -->", "> &lt;!-- upkeepd:v1 e30 -->\n" },
	{ "![x](https://evil/x.png)", "> \\![x](https://evil/x.png)\n" },
	/* Nothing hides, nor hides something. */
	{ "@\vann", "> @" WEDGE "ann\n" },
	{ "a\xE2\x80\xAE"
	  "b\x1b[31mc\x7f",
	  "> ab[31mc\n" },
	{ "\xff", "> \xEF\xBF\xBD\n" },
	{ "ä\tö", "> ä\tö\n" },
};

static void strangers_words_are_tamed(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(quotes); i++) {
		g_autofree char *quote = body_quote(quotes[i].text, 50);

		g_assert_cmpstr(quote, ==, quotes[i].quote);
	}
}

static void long_notes_are_cut_by_lines(void)
{
	g_autofree char *quote = body_quote("1\n2\n3\n4", 2);
	g_autofree char *wide = g_strnfill(100000, 'x'), *narrow = body_quote(wide, 50);

	g_assert_cmpstr(quote, ==, "> 1\n> 2\n> … (truncated)\n");
	g_assert_cmpuint(strlen(narrow), <, 3000);
}

static void a_body_ends_with_its_marker_and_keeps_to_its_bound(void)
{
	static const size_t bounds[] = { 0, 60000, 1000, 600 };
	g_autoptr(GString) lines = g_string_new("docker / a 1 2");

	for (int i = 0; i < 200; i++)
		g_string_append_printf(lines, "; docker / image-%d 1.2.3 1.2.4", i);
	for (size_t i = 0; i < G_N_ELEMENTS(bounds); i++) {
		g_autoptr(TestPlan) test = test_plan(NULL, "all", false, lines->str);
		g_autoptr(Topic) topic = topic_of(test->plan, false);
		Wording wording = { .max_body = bounds[i], .repository = "42" };
		g_autofree char *body = NULL, *marker = NULL, *end = NULL;

		test->plan->update_key = identity_key(test->plan);
		body = body_of(topic, test->plan, &wording);
		marker = identity_marker(test->plan, "42");
		end = g_strconcat("\n", marker, "\n", NULL);
		g_assert_true(g_str_has_suffix(body, end));
		g_assert_true(g_str_has_prefix(body, "Bumps the all group with 201 updates:"));
		if (bounds[i] > 0)
			g_assert_cmpuint(strlen(body), <=, bounds[i]);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/body/strangers_words_are_tamed", strangers_words_are_tamed);
	g_test_add_func("/body/long_notes_are_cut_by_lines", long_notes_are_cut_by_lines);
	g_test_add_func("/body/a_body_ends_with_its_marker_and_keeps_to_its_bound",
			a_body_ends_with_its_marker_and_keeps_to_its_bound);
	return g_test_run();
}
