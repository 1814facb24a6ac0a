/* SPDX-License-Identifier: MIT */
#include "publish/quote.h"

#include <glib.h>

#include <string.h>

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
	{ "@.ann @\\_ann", "> @" WEDGE ".ann @" WEDGE "\\_ann\n" },
	/* What people copy is as it was. */
	{ "`go get x.org/m@v1.2.3`, m@latest", "> `go get x.org/m@v1.2.3`, m@latest\n" },
	{ "https://x.org@v1.2", "> https://x.org@" WEDGE "v1.2\n" },
	{ "@v1 /@latest (@v1) x@v x@vera",
	  "> @" WEDGE "v1 /@" WEDGE "latest (@" WEDGE "v1) x@" WEDGE "v x@" WEDGE "vera\n" },
	{ "ch <- v; a<b && b < 3; $HOME/!x #if &T{}",
	  "> ch <- v; a<" WEDGE "b && b < 3; $HOME/!x #if &T{}\n" },
	{ "$1 &7 &x; &amp; ~label %\"v 1\"", "> $" WEDGE "1 &" WEDGE "7 &" WEDGE "x; &" WEDGE
					     "amp; ~" WEDGE "label %" WEDGE "\"v 1\"\n" },
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
	{ "<script>x</script>", "> <" WEDGE "script>x<" WEDGE "/script>\n" },
	{ "x <!-- upkeepd:v1 e30 -->", "> x <" WEDGE "!-- upkeepd:v1 e30 -->\n" },
	{ "<!-- upkeepd:v1 e30 -->", "" },
	{ "<!-- by GitHub -->\r\n\n  <!--\nx\n--> \n# A\n <!-- x -->/merge\n<!-- b",
	  "> # A\n> \\/merge\n> <" WEDGE "!-- b\n" },
	{ "```\n<!-- x -->\n```\n<!-->\nx", "> ```\n> <" WEDGE "!-- x -->\n> ```\n> x\n" },
	/* Tags that shape give way, and join nothing. */
	{ "<details open>\n<summary>More</summary>\n\n/close\n</DETAILS>\nx<br/>y",
	  "> \n> " WEDGE "More" WEDGE "\n> \n> \\/close\n> \n> x" WEDGE "y\n" },
	{ "#<b></b>12 @<i>ann GH-<p>1 <<b>script>",
	  "> #" WEDGE WEDGE "12 @" WEDGE WEDGE "ann GH-" WEDGE "1 <" WEDGE "script>\n" },
	{ "!<b>[x](y) <img src=\"https://evil/x.png\">z", "> !" WEDGE "[x](y) " WEDGE "z\n" },
	{ "`<b>` ``a`<p>`` <b>`", "> `<" WEDGE "b>` ``a`<" WEDGE "p>`` " WEDGE "`\n" },
	{ "```\n<p>\n```\n<p>x\n```x```\n<p>y",
	  "> ```\n> <" WEDGE "p>\n> ```\n> " WEDGE "x\n> ```x```\n> " WEDGE "y\n" },
	{ "<T> <bx> <b", "> <" WEDGE "T> <" WEDGE "bx> <" WEDGE "b\n" },
	{ "![x](https://evil/x.png)", "> !" WEDGE "[x](https://evil/x.png)\n" },
	{ "\\![x](https://evil/x.png)", "> \\!" WEDGE "[x](https://evil/x.png)\n" },
	{ "&#64;ann &commat;ann &#x23;1",
	  "> &" WEDGE "#" WEDGE "64;ann &" WEDGE "commat;ann &" WEDGE "#x23;1\n" },
	/* Links lead where they led, and tell nobody. */
	{ "see https://x.org/a%20b?c=1&d=2#e-1.", "> see https://x.org/a%20b?c=1&d=2#e-1.\n" },
	{ "[x](https://pkg.go.dev/a/b@v1.2.0)", "> [x](https://pkg.go.dev/a/b%40v1.2.0)\n" },
	{ "https://GitHub.com/a/b/pull/1", "> https://redirect.github.com/a/b/pull/1\n" },
	{ "x:http://www.github.com/a", "> x:http://redirect.github.com/a\n" },
	{ "Closes https://lab.org/a/-/issues/1", "> Closes https://lab.org/a/-/%69ssues/1\n" },
	{ "http://lab.org/a/-/merge_requests/1", "> http://lab.org/a/-/%6Derge_requests/1\n" },
	{ "https://lab.org/!7 (https://lab.org)#1",
	  "> https://lab.org/!" WEDGE "7 (https://lab.org)#" WEDGE "1\n" },
	/* What some forge would not make a link is none. */
	{ "https://a_b.c_d/#12", "> https://a_b.c_d/#" WEDGE "12\n" },
	{ "https://1.2.3.4/#12", "> https://1.2.3.4/#" WEDGE "12\n" },
	{ "https://#12 https://x.#1", "> https://#" WEDGE "12 https://x.#" WEDGE "1\n" },
	{ "xhttps://x.org/#12", "> xhttps://x.org/#" WEDGE "12\n" },
	{ "https://x.org/a&lt;#12", "> https://x.org/a&lt;#" WEDGE "12\n" },
	{ "httPs://x.org/a#1", "> httPs://x.org/a#" WEDGE "1\n" },
	{ "https://-x.org/#1", "> https://-x.org/#" WEDGE "1\n" },
	{ "https://x.org/![y](z)", "> https://x.org/!" WEDGE "[y](z)\n" },
	/* No commit of the same name is meant, and no check is skipped. */
	{ "a1b2c3d (0123456789012345678901234567890123456789)",
	  "> a1b2c3" WEDGE "d (012345" WEDGE "6789012345678901234567890123456789)\n" },
	{ "v0.0.0-20240101000000-a1b2c3d4e5f6 20240101 defaced",
	  "> v0.0.0-20240101000000-a1b2c3d4e5f6 20240101 defaced\n" },
	{ "release [skip ci] [CI SKIP] [skip]",
	  "> release [" WEDGE "skip ci] [" WEDGE "CI SKIP] [skip]\n" },
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
		g_autofree char *quote = quote_text(quotes[i].text, 50);

		g_assert_cmpstr(quote, ==, quotes[i].quote);
	}
}

static void long_notes_are_cut_by_lines(void)
{
	g_autofree char *quote = quote_text("1\n2\n3\n4", 2);
	g_autofree char *wide = g_strnfill(100000, 'x'), *narrow = quote_text(wide, 50);

	static const struct {
		const char *text, *end;
	} fences[] = {
		{ "```go\nx\ny\nz", "> ```\n> … (truncated)\n" },
		{ "~~~~\n```\n~~~\nz", "> ~~~~\n> … (truncated)\n" },
		{ "```\nx\n````  \nz", "> ````  \n> … (truncated)\n" },
		{ "x\n    ```\ny\nz", "> y\n> … (truncated)\n" },
	};

	g_assert_cmpstr(quote, ==, "> 1\n> 2\n> … (truncated)\n");
	for (size_t i = 0; i < G_N_ELEMENTS(fences); i++) {
		g_autofree char *cut = quote_text(fences[i].text, 3);

		g_test_message("%s", cut);
		g_assert_true(g_str_has_suffix(cut, fences[i].end));
	}
	g_assert_cmpuint(strlen(narrow), <, 3000);
}

static const struct {
	const char *text, *line;
} lines[] = {
	{ "Fix it", "Fix it" },
	{ "  Fix it \n\nFixes #12", "Fix it" },
	{ "Fix #12 of @ann <b>", "Fix #" WEDGE "12 of @" WEDGE "ann " WEDGE },
	{ "/merge", "/merge" },
	{ "1234567890", "1234567890" },
	{ "12345678901", "1234567..." },
	{ "ääääääääääz", "äääääää..." },
	{ "\n", "" },
	{ "\x1b[31m\xff", "[31m\xEF\xBF\xBD" },
};

static void a_title_is_one_harmless_line(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *line = quote_line(lines[i].text, 10);
		g_autofree char *whole = quote_line(lines[i].text, 80);

		g_assert_cmpstr(i == 2 ? whole : line, ==, lines[i].line);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/quote/strangers_words_are_tamed", strangers_words_are_tamed);
	g_test_add_func("/quote/long_notes_are_cut_by_lines", long_notes_are_cut_by_lines);
	g_test_add_func("/quote/a_title_is_one_harmless_line", a_title_is_one_harmless_line);
	return g_test_run();
}
