/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/constraints.h"

#include <string.h>

static const struct {
	const char *name, *header;
	Constraints says;
} headers[] = {
	{ "nothing at all", "", CONSTRAINTS_ALLOW },
	{ "a comment about builds", "// how to build it\n\n", CONSTRAINTS_ALLOW },
	{ "a system", "//go:build windows\n\n", CONSTRAINTS_ALLOW },
	{ "not a system", "//go:build !linux\n\n", CONSTRAINTS_ALLOW },
	{ "two systems at once", "//go:build windows && linux\n\n", CONSTRAINTS_ALLOW },
	{ "a tag and its opposite", "//go:build a && !a\n\n", CONSTRAINTS_ALLOW },
	{ "ignore", "//go:build ignore\n\n", CONSTRAINTS_FORBID },
	{ "not ignore", "//go:build !ignore\n\n", CONSTRAINTS_ALLOW },
	{ "ignore or another", "//go:build ignore || x\n\n", CONSTRAINTS_ALLOW },
	{ "ignore and another", "//go:build ignore && x\n\n", CONSTRAINTS_FORBID },
	{ "in parentheses", "//go:build (ignore || x) && (y)\n\n", CONSTRAINTS_ALLOW },
	{ "negated parentheses", "//go:build !(ignore && x)\n\n", CONSTRAINTS_ALLOW },
	{ "and binds tighter", "//go:build x || ignore && ignore\n\n", CONSTRAINTS_ALLOW },
	{ "a version", "//go:build go1.18\n\n", CONSTRAINTS_ALLOW },
	{ "letters beyond ASCII", "//go:build größe\n\n", CONSTRAINTS_ALLOW },
	{ "a double negation is malformed", "//go:build !!x\n\n", CONSTRAINTS_MALFORMED },
	{ "an open parenthesis is malformed", "//go:build (x\n\n", CONSTRAINTS_MALFORMED },
	{ "a single ampersand is malformed", "//go:build x & y\n\n", CONSTRAINTS_MALFORMED },
	{ "a comma is malformed", "//go:build x,y\n\n", CONSTRAINTS_MALFORMED },
	{ "nothing to build is malformed", "//go:build\n\n", CONSTRAINTS_MALFORMED },
	{ "no blank behind the word: a comment", "//go:buildignore\n\n", CONSTRAINTS_ALLOW },
	{ "a blank before the word: a comment", "// go:build ignore\n\n", CONSTRAINTS_ALLOW },
	{ "two lines", "//go:build x\n//go:build x\n\n", CONSTRAINTS_DISAGREE },
	{ "right above package", "//go:build ignore\n", CONSTRAINTS_FORBID },
	{ "behind a block comment", "/* a\nb */\n//go:build ignore\n\n", CONSTRAINTS_FORBID },
	{ "inside a block comment", "/*\n//go:build ignore\n*/\n\n", CONSTRAINTS_ALLOW },
	{ "behind other text it is too late", "x\n//go:build ignore\n\n", CONSTRAINTS_ALLOW },
	{ "CRLF", "//go:build ignore\r\n\r\n", CONSTRAINTS_FORBID },
	{ "indented", "\t//go:build ignore\n\n", CONSTRAINTS_FORBID },
	{ "old style", "// +build ignore\n\n", CONSTRAINTS_FORBID },
	{ "old style without a blank", "//+build ignore\n\n", CONSTRAINTS_FORBID },
	{ "old style right above package counts for nothing", "// +build ignore\n",
	  CONSTRAINTS_ALLOW },
	{ "old style behind a block comment counts for nothing", "/* x */\n\n// +build ignore\n\n",
	  CONSTRAINTS_ALLOW },
	{ "old style: options", "// +build ignore linux\n\n", CONSTRAINTS_ALLOW },
	{ "old style: terms", "// +build ignore,linux\n\n", CONSTRAINTS_FORBID },
	{ "old style: lines", "// +build linux\n// +build ignore\n\n", CONSTRAINTS_FORBID },
	{ "old style: negated", "// +build !ignore\n\n", CONSTRAINTS_ALLOW },
	{ "old style: no option", "// +build\n\n", CONSTRAINTS_FORBID },
	{ "old style: no tag", "// +build a-b\n\n", CONSTRAINTS_FORBID },
	{ "old style: not no tag", "// +build !a-b\n\n", CONSTRAINTS_ALLOW },
	{ "old style: a double negation", "// +build !!x\n\n", CONSTRAINTS_FORBID },
	{ "the new style decides", "//go:build x\n// +build ignore\n\n", CONSTRAINTS_ALLOW },
};

static void a_header_counts_or_not(const void *data)
{
	size_t i = (size_t)((const char *)data - (const char *)headers) / sizeof *headers;

	g_assert_cmpint(constraints_read(headers[i].header, strlen(headers[i].header)), ==,
			headers[i].says);
}

/* As Go: longer ones are errors, which also bounds the depth. */
static void an_expression_without_end_is_malformed(void)
{
	g_autoptr(GString) text = g_string_new("//go:build ");

	for (int i = 0; i < 100000; i++)
		g_string_append_c(text, '(');
	g_assert_cmpint(constraints_read(text->str, text->len), ==, CONSTRAINTS_MALFORMED);
	g_string_assign(text, "//go:build x");
	for (int i = 0; i < 1001; i++)
		g_string_append(text, " || x");
	g_assert_cmpint(constraints_read(text->str, text->len), ==, CONSTRAINTS_MALFORMED);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
		g_autofree char *path = g_strconcat("/gomod/constraints/", headers[i].name, NULL);

		g_test_add_data_func(path, &headers[i], a_header_counts_or_not);
	}
	g_test_add_func("/gomod/constraints/an_expression_without_end_is_malformed",
			an_expression_without_end_is_malformed);
	return g_test_run();
}
