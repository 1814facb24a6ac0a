/* SPDX-License-Identifier: MIT */
/* Strangers' text: whatever it is, the quote is valid, quoted, and calls nobody but where
 * every forge makes a link. */
#include "publish/quote.h"

#include <glib.h>

#include <stdint.h>
#include <string.h>

/* A link as GitHub, GitLab and Gitea all make one of plain text. */
#define LINK                                                                             \
	"(?<![^ \t(\n])https?://(?=[A-Za-z0-9])(?:[A-Za-z0-9]|[.-](?![.]))*\\.[a-z]{2,}" \
	"(?![A-Za-z0-9.-])(?::[0-9]+)?(?:[/?#][-A-Za-z0-9._~:/?#$&+,=%]*)?"

/* What calls somebody, is an issue, a commit, a picture, or another repository's. */
#define CALL                                                                                   \
	"(?<![A-Za-z0-9])@[^ \t\n\\x{200b}]|@(?!(?i:v[0-9]|latest|sha256:))[^ \t\n\\x{200b}]|" \
	"[#!$][0-9]|&(?:[0-9#]|[A-Za-z0-9]+;)|[%~][A-Za-z0-9\"_-]|!\\[|(?i:gh-)[0-9]|"         \
	"(?i:://(?:www\\.)?github\\.com/)|\\[(?i:skip ci|ci skip)\\]|"                         \
	"(?:^|[ (])[0-9a-f]{40}(?:$|[ )])|<[A-Za-z/!?]"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static GRegex *link, *call;
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autofree char *quote = quote_text(text, 50), *bare = NULL;

	if (link == NULL) {
		link = g_regex_new(LINK, G_REGEX_OPTIMIZE, 0, NULL);
		call = g_regex_new(CALL, G_REGEX_OPTIMIZE | G_REGEX_MULTILINE, 0, NULL);
	}
	g_assert_true(g_utf8_validate(quote, -1, NULL));
	for (const char *line = quote; *line != '\0'; line = strchr(line, '\n') + 1) {
		const char *first = line + 2 + strspn(line + 2, " \t");

		g_assert_true(g_str_has_prefix(line, "> "));
		g_assert_cmpint(*first, !=, '/');
		g_assert_nonnull(strchr(line, '\n'));
	}
	bare = g_regex_replace_literal(link, quote, -1, 0, "\n", 0, NULL);
	g_assert_nonnull(bare);
	if (g_regex_match(call, bare, 0, NULL))
		g_error("'%s' is in '%s'", bare, quote);
	return 0;
}
