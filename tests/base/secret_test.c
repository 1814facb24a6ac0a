/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include <string.h>

static const struct {
	const char *secret, *text, *shown;
} hidden[] = {
	{ "s3cr3t", "no s3cr3t, nor s3cr3ts", "no ***, nor ***s" },
	{ "s3cr3t", "s3cr3", "s3cr3" },
	{ "short", "short words are short", "short words are short" },
	{ NULL, "ghp_16C7e42F292c6912 and glpat-x_y-z.", "*** and ***." },
	{ NULL, "github_pat_11AAA_bbb", "***" },
	{ "ghs_abc", "token ghs_abcdef", "token ***" },
	{ NULL, "", "" },
};

static void is_not_shown(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(hidden); i++) {
		g_autoptr(Secret) secret =
			hidden[i].secret == NULL
				? NULL
				: secret_new(hidden[i].secret, strlen(hidden[i].secret));
		g_autofree char *shown = secret_hide(secret, hidden[i].text);

		g_assert_cmpstr(shown, ==, hidden[i].shown);
	}
}

static void ends_before_its_line_ends(void)
{
	g_autoptr(Secret) secret = secret_new("x\r\n\n", 4);

	g_assert_cmpstr(secret_reveal(secret), ==, "x");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/base/secret/is_not_shown", is_not_shown);
	g_test_add_func("/base/secret/ends_before_its_line_ends", ends_before_its_line_ends);
	return g_test_run();
}
