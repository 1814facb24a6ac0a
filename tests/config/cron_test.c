/* SPDX-License-Identifier: MIT */
#include "config/cron.h"

#include <string.h>

/* The sets of a line, `*` for a full one. */
static const struct {
	const char *line, *minutes, *hours, *days, *months, *weekdays;
	bool is_either;
} lines[] = {
	{ "0 9 * * 1-5", "0", "9", "*", "*", "1,2,3,4,5", false },
	{ "*/15 * * * *", "0,15,30,45", "*", "*", "*", "*", false },
	{ "  0\t5  30 4,6,9,11 *  ", "0", "5", "30", "4,6,9,11", "*", false },
	{ "0 0 1 * MON", "0", "0", "1", "*", "1", true },
	{ "0 0 */2 * MON", "0", "0", "1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31", "*", "1",
	  false },
	{ "0 0 1-7 * */3", "0", "0", "1,2,3,4,5,6,7", "*", "0,3,6", false },
	{ "5 4 * JAN,jul SUN", "5", "4", "*", "1,7", "0", false },
	{ "0 22-23 * * 6-7", "0", "22,23", "*", "*", "0,6", false },
	{ "0 8/4 * * *", "0", "8,12,16,20", "*", "*", "*", false },
	{ "10-50/20 6 * * tue-THU", "10,30,50", "6", "*", "*", "2,3,4", false },
	{ "0 0 * * 7", "0", "0", "*", "*", "0", false },
	{ "0 0 * * FRI-SUN", "0", "0", "*", "*", "0,5,6", false },
	{ "0 0 * * 5-0", "0", "0", "*", "*", "0,5,6", false },
	{ "0 0 * * SUN-SUN", "0", "0", "*", "*", "0", false },
	{ "0 0 * * SUN-TUE", "0", "0", "*", "*", "0,1,2", false },
	{ "0 0 * * 0-7", "0", "0", "*", "*", "*", false },
	{ "0 0 * * 3/2", "0", "0", "*", "*", "3,5", false },
	{ "7 3 1 */3 *", "7", "3", "1", "1,4,7,10", "*", false },
	{ "00 007 01 01 00", "0", "7", "1", "1", "0", true },
	{ "59/5 0 * * *", "59", "0", "*", "*", "*", false },
	{ "0/99999 0 * * *", "0", "0", "*", "*", "*", false },
	{ "0 0 29 2 *", "0", "0", "29", "2", "*", false },
	/* Mondays of February: the 31st need not exist. */
	{ "0 0 31 2 1", "0", "0", "31", "2", "1", true },
};

/* What is refused, and a part of what is said. */
static const struct {
	const char *line, *says;
} refused[] = {
	{ "", "0 fields" },
	{ "* * * *", "4 fields" },
	{ "0 0 * * * *", "6 fields" },
	{ "60 0 * * *", "'60' is no minute; it goes from 0 to 59" },
	{ "0 24 * * *", "hour" },
	{ "0 0 0 * *", "day of month" },
	{ "0 0 32 * *", "day of month" },
	{ "0 0 * 0 *", "month" },
	{ "0 0 * 13 *", "month" },
	{ "0 0 * * 8", "weekday" },
	{ "*/0 * * * *", "'0' is no step" },
	{ "*/ * * * *", "'' is no step" },
	{ "*/x * * * *", "'x' is no step" },
	{ "*/-1 * * * *", "'-1' is no step" },
	{ "*/2/3 * * * *", "'2/3' is no step" },
	{ "0 22-2 * * *", "'22-2' runs backwards" },
	{ "0 0 * NOV-FEB *", "'NOV-FEB' runs backwards" },
	{ "0 0 * * SAT-FRI", "runs backwards" },
	{ "0 0 * * 7/2", "runs backwards" },
	{ "0 0 31 2 *", "no day of any year" },
	{ "0 0 30,31 2 */2", "no day of any year" },
	{ "0 0 31 4,6,9,11 *", "no day of any year" },
	{ "0 0 L * *", "'L' is no day of month" },
	{ "0 0 ? * *", "'?' is no day of month" },
	{ "0 0 15W * *", "'15W'" },
	{ "0 0 * * MON#1", "'MON#1'" },
	{ "0 0 * MON *", "'MON' is no month" },
	{ "0 0 * * JAN", "'JAN' is no weekday" },
	{ "0 0 * * MOND", "'MOND'" },
	{ "0,, 0 * * *", "empty item" },
	{ "0, 0 * * *", "empty item" },
	{ "+5 0 * * *", "'+5'" },
	{ "-5 0 * * *", "'' is no minute" },
	{ "5- 0 * * *", "'' is no minute" },
	{ "1-2-3 0 * * *", "'2-3'" },
	{ "0 5 * * * Europe/Berlin", "zone" },
	{ "CRON_TZ=UTC 0 5 * * *", "zone" },
	{ "@daily", "write '0 0 * * *'" },
	{ "@hourly", "write '0 * * * *'" },
	{ "@reboot", "1 fields" },
	{ "every day at 5pm", "write '0 17 * * *'" },
	{ "Every Monday at 09:30", "write '30 9 * * 1'" },
	{ "every weekday at noon", "write '0 12 * * 1-5'" },
	{ "every hour", "write '0 * * * *'" },
	{ "every day at 13pm", "4 fields" },
	{ "every day at 25:00", "4 fields" },
	{ "sometimes", "1 fields" },
	{ "x 0 * * *", "'x' is no minute" },
	{ "18446744073709551617 0 * * *", "no minute" },
};

static char *list(uint64_t set, unsigned low, unsigned high)
{
	GString *text = g_string_new(NULL);
	unsigned count = 0;

	for (unsigned i = 0; i < 64; i++)
		if ((set & UINT64_C(1) << i) != 0) {
			g_string_append_printf(text, "%s%u", text->len == 0 ? "" : ",", i);
			count++;
		}
	if (count == high - low + 1)
		g_string_assign(text, "*");
	return g_string_free(text, FALSE);
}

static void a_line_becomes_sets(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	g_autoptr(GError) error = NULL;
	Cron cron = { 0 };

	g_assert_true(cron_parse(lines[i].line, &cron, &error));
	g_assert_no_error(error);
	g_autofree char *minutes = list(cron.minutes, 0, 59), *hours = list(cron.hours, 0, 23);
	g_autofree char *days = list(cron.days, 1, 31), *months = list(cron.months, 1, 12);
	g_autofree char *weekdays = list(cron.weekdays, 0, 6);

	g_assert_cmpstr(minutes, ==, lines[i].minutes);
	g_assert_cmpstr(hours, ==, lines[i].hours);
	g_assert_cmpstr(days, ==, lines[i].days);
	g_assert_cmpstr(months, ==, lines[i].months);
	g_assert_cmpstr(weekdays, ==, lines[i].weekdays);
	g_assert_cmpint(cron.is_either, ==, lines[i].is_either);
}

static void what_is_no_line_is_refused(gconstpointer data)
{
	size_t i = GPOINTER_TO_SIZE(data);
	g_autoptr(GError) error = NULL;
	Cron cron = { 0 };

	g_assert_false(cron_parse(refused[i].line, &cron, &error));
	g_assert_error(error, FAILURE, FAILURE_CONFIG);
	if (strstr(error->message, refused[i].says) == NULL) {
		g_test_message("'%s' said: %s", refused[i].line, error->message);
		g_test_fail();
	}
}

static void no_line_is_too_long_to_refuse(void)
{
	g_autofree char *line = g_strnfill(1000000, ',');
	g_autoptr(GError) error = NULL;
	Cron cron = { 0 };

	g_assert_false(cron_parse(line, &cron, &error));
	g_assert_cmpuint(strlen(error->message), <, 100);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *path = g_strdup_printf("/config/cron/lines/%zu", i);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), a_line_becomes_sets);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
		g_autofree char *path = g_strdup_printf("/config/cron/refused/%zu", i);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), what_is_no_line_is_refused);
	}
	g_test_add_func("/config/cron/no_line_is_too_long_to_refuse",
			no_line_is_too_long_to_refuse);
	return g_test_run();
}
