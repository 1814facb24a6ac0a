/* SPDX-License-Identifier: MIT */
#include "base/time.h"

#include <glib.h>

static const struct {
	const char *text;
	int64_t at; /* -1: refused */
} times[] = {
	{ "2026-11-24T05:36:40Z", 1795498600 },
	{ "2026-11-24T06:36:40+01:00", 1795498600 },
	{ "2026-11-24T05:36:40.999Z", 1795498600 },
	{ "1970-01-01T00:00:00Z", 0 },
	{ "2026-11-24", -1 },
	{ "2026-13-24T05:36:40Z", -1 },
	{ "yesterday", -1 },
	{ "", -1 },
};

static void times_are_read(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
		int64_t at = -1;

		g_assert_cmpint(time_read(times[i].text, &at), ==, times[i].at >= 0);
		g_assert_cmpint(at, ==, times[i].at);
	}
}

static void a_time_is_written_as_it_is_read(void)
{
	char text[32];

	time_text(1795498600, text, sizeof text);
	g_assert_cmpstr(text, ==, "2026-11-24T05:36:40Z");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/time/times_are_read", times_are_read);
	g_test_add_func("/time/a_time_is_written_as_it_is_read", a_time_is_written_as_it_is_read);
	return g_test_run();
}
