/* SPDX-License-Identifier: MIT */
#include "config/nearest.h"

static const char *const words[] = { "interval", "day",        "time", "timezone",
				     "cronjob",  "open-limit", NULL };

static const struct {
	const char *word, *meant;
} cases[] = {
	{ "intervall", "interval" }, /* one too many */
	{ "intrval", "interval" },   /* one missing */
	{ "inteval", "interval" },
	{ "itnerval", "interval" }, /* two swapped */
	{ "INTERVAL", "interval" }, /* case */
	{ "open_limit", "open-limit" },
	{ "timezon", "timezone" },
	{ "dayy", "day" },
	{ "colour", NULL },
	{ "", NULL },
	{ "da", NULL }, /* too short to tell */
	{ "an-extraordinarily-long-word-that-nobody-can-have-meant", NULL },
};

static void a_near_word_is_found(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpstr(nearest(cases[i].word, words), ==, cases[i].meant);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/config/nearest/a_near_word_is_found", a_near_word_is_found);
	return g_test_run();
}
