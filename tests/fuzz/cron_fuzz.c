/* SPDX-License-Identifier: MIT */
/* A line of cron is refused, or has a value in each of its sets. */
#include "config/cron.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *line = g_strndup((const char *)data, size);
	g_autoptr(GError) error = NULL;
	Cron cron = { 0 };

	if (!cron_parse(line, &cron, &error)) {
		g_assert_nonnull(error);
		return 0;
	}
	g_assert_true(cron.minutes != 0 && cron.minutes >> 60 == 0);
	g_assert_true(cron.hours != 0 && cron.hours >> 24 == 0);
	g_assert_true(cron.days != 0 && (cron.days & 1) == 0);
	g_assert_true(cron.months != 0 && (cron.months & 1) == 0 && cron.months >> 13 == 0);
	g_assert_true(cron.weekdays != 0 && cron.weekdays >> 7 == 0);
	return 0;
}
