/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/constraints.h"

#include <string.h>

static const struct {
	const char *name, *header;
	bool allows;
} headers[] = {
	{ "nothing at all", "", true },
	{ "a comment about builds", "// how to build it\n\n", true },
	{ "a system", "//go:build windows\n\n", true },
	{ "not a system", "//go:build !linux\n\n", true },
	{ "two systems at once", "//go:build windows && linux\n\n", true },
	{ "a tag and its opposite", "//go:build a && !a\n\n", true },
	{ "ignore", "//go:build ignore\n\n", false },
	{ "not ignore", "//go:build !ignore\n\n", true },
	{ "ignore or another", "//go:build ignore || x\n\n", true },
	{ "ignore and another", "//go:build ignore && x\n\n", false },
	{ "in parentheses", "//go:build (ignore || x) && (y)\n\n", true },
	{ "negated parentheses", "//go:build !(ignore && x)\n\n", true },
	{ "and binds tighter", "//go:build x || ignore && ignore\n\n", true },
	{ "a version", "//go:build go1.18\n\n", true },
	{ "letters beyond ASCII", "//go:build größe\n\n", true },
	{ "a double negation is malformed", "//go:build !!x\n\n", false },
	{ "an open parenthesis is malformed", "//go:build (x\n\n", false },
	{ "a single ampersand is malformed", "//go:build x & y\n\n", false },
	{ "a comma is malformed", "//go:build x,y\n\n", false },
	{ "nothing to build is malformed", "//go:build\n\n", false },
	{ "no blank behind the word: a comment", "//go:buildignore\n\n", true },
	{ "a blank before the word: a comment", "// go:build ignore\n\n", true },
	{ "two lines", "//go:build x\n//go:build x\n\n", false },
	{ "right above package", "//go:build ignore\n", false },
	{ "behind a block comment", "/* a\nb */\n//go:build ignore\n\n", false },
	{ "inside a block comment", "/*\n//go:build ignore\n*/\n\n", true },
	{ "behind other text it is too late", "x\n//go:build ignore\n\n", true },
	{ "CRLF", "//go:build ignore\r\n\r\n", false },
	{ "indented", "\t//go:build ignore\n\n", false },
	{ "old style", "// +build ignore\n\n", false },
	{ "old style without a blank", "//+build ignore\n\n", false },
	{ "old style right above package counts for nothing", "// +build ignore\n", true },
	{ "old style behind a block comment counts for nothing", "/* x */\n\n// +build ignore\n\n",
	  true },
	{ "old style: options", "// +build ignore linux\n\n", true },
	{ "old style: terms", "// +build ignore,linux\n\n", false },
	{ "old style: lines", "// +build linux\n// +build ignore\n\n", false },
	{ "old style: negated", "// +build !ignore\n\n", true },
	{ "old style: no option", "// +build\n\n", false },
	{ "old style: no tag", "// +build a-b\n\n", false },
	{ "old style: not no tag", "// +build !a-b\n\n", true },
	{ "old style: a double negation", "// +build !!x\n\n", false },
	{ "the new style decides", "//go:build x\n// +build ignore\n\n", true },
};

static void a_header_counts_or_not(const void *data)
{
	size_t i = (size_t)((const char *)data - (const char *)headers) / sizeof *headers;

	g_assert_cmpint(constraints_allow(headers[i].header, strlen(headers[i].header)), ==,
			headers[i].allows);
}

/* As Go: longer ones are errors, which also bounds the depth. */
static void an_expression_without_end_is_malformed(void)
{
	g_autoptr(GString) text = g_string_new("//go:build ");

	for (int i = 0; i < 100000; i++)
		g_string_append_c(text, '(');
	g_assert_false(constraints_allow(text->str, text->len));
	g_string_assign(text, "//go:build x");
	for (int i = 0; i < 1001; i++)
		g_string_append(text, " || x");
	g_assert_false(constraints_allow(text->str, text->len));
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
