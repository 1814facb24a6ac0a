/* SPDX-License-Identifier: MIT */
/* Strangers' text: whatever it is, the quote is valid, quoted, and calls nobody. */
#include "publish/body.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autofree char *quote = body_quote(text, 50);

	g_assert_true(g_utf8_validate(quote, -1, NULL));
	g_assert_null(strchr(quote, '<'));
	for (const char *line = quote; *line != '\0'; line = strchr(line, '\n') + 1) {
		const char *first = line + 2 + strspn(line + 2, " \t");

		g_assert_true(g_str_has_prefix(line, "> "));
		g_assert_cmpint(*first, !=, '/');
		g_assert_nonnull(strchr(line, '\n'));
	}
	for (const char *p = quote; (p = strpbrk(p, "@#!")) != NULL; p++)
		g_assert_false(g_ascii_isalnum(p[1]));
	return 0;
}
