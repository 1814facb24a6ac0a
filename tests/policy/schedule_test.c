/* SPDX-License-Identifier: MIT */
#include "config/dependabot.h"
#include "policy/schedule.h"
#include "tables.h"

#include <string.h>

/* Rules with one entry of this schedule. */
static RulesFile *rules_of(const char *schedule)
{
	g_autofree char *text =
		g_strdup_printf("version: 2\nupdates: [{ package-ecosystem: docker, "
				"directory: /, schedule: { %s } }]\n",
				schedule);
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	return rules_parse("dependabot.yml", bytes);
}

static const Schedule *schedule_of(const RulesFile *file)
{
	return &((const Rules *)file->entries->pdata[0])->schedule;
}

static int64_t instant(const char *text)
{
	g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);

	g_assert_nonnull(time);
	return g_date_time_to_unix(time);
}

static char *as_text(int64_t at)
{
	g_autoptr(GDateTime) time = at == NEVER ? NULL : g_date_time_new_from_unix_utc(at);

	return time == NULL ? g_strdup("never") : g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
}

/* A row of schedules.tsv. */
static void due_times_follow_one_another(gconstpointer data)
{
	char *const *cells = data;
	g_autoptr(RulesFile) file = rules_of(cells[1]);
	const Schedule *schedule = schedule_of(file);
	g_auto(GStrv) wanted = g_strsplit(cells[3], " ", -1);
	int64_t at = instant(cells[2]);

	g_assert_true(schedule->is_usable);
	for (char **due = wanted; *due != NULL; due++) {
		g_autofree char *found = NULL;

		at = schedule_next(schedule, 0, at);
		found = as_text(at);
		g_assert_cmpstr(found, ==, *due);
		/* Looked back from, it is the latest; a second before, it is not. */
		g_assert_cmpint(schedule_latest(schedule, 0, at), ==, at);
		g_assert_cmpint(schedule_latest(schedule, 0, at - 1), <, at);
	}
}

/* Forwards and backwards give the same times, over a year of changing clocks. */
static void looking_back_finds_what_was_ahead(void)
{
	static const char *const schedules[] = {
		"interval: cron, cronjob: \"*/10 1-3 * 3,10,11 6-7\", timezone: Europe/Berlin",
		"interval: cron, cronjob: \"*/30 * * 4,10 SUN\", timezone: Australia/Lord_Howe",
		"interval: cron, cronjob: \"15 23,0 * * *\", timezone: America/Santiago",
		"interval: daily, time: \"00:30\", timezone: Africa/Cairo",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(schedules); i++) {
		g_autoptr(RulesFile) file = rules_of(schedules[i]);
		const Schedule *schedule = schedule_of(file);
		int64_t at = instant("2027-01-01T00:00:00Z");

		for (int k = 0; k < 300; k++) {
			int64_t next = schedule_next(schedule, 0, at);

			g_assert_cmpint(next, >, at);
			g_assert_cmpint(schedule_latest(schedule, 0, next), ==, next);
			if (k > 0)
				g_assert_cmpint(schedule_latest(schedule, 0, next - 1), ==, at);
			at = next;
		}
	}
}

static void without_a_time_the_spread_holds(void)
{
	g_autoptr(RulesFile) open = rules_of("interval: weekly");
	g_autoptr(RulesFile) fixed = rules_of("interval: weekly, time: \"09:00\"");
	g_autoptr(RulesFile) cron = rules_of("interval: cron, cronjob: \"0 5 * * *\"");
	int64_t now = instant("2026-11-30T00:00:00Z");

	g_assert_cmpint(schedule_next(schedule_of(open), 75, now), ==,
			instant("2026-11-30T01:15:00Z"));
	g_assert_cmpint(schedule_next(schedule_of(fixed), 75, now), ==,
			instant("2026-11-30T09:00:00Z"));
	g_assert_cmpint(schedule_next(schedule_of(cron), 75, now), ==,
			instant("2026-11-30T05:00:00Z"));
}

/* sha256sum of the two lines, its first eight digits modulo 1440. */
static void the_spread_is_a_hash_of_repository_and_file(void)
{
	g_assert_cmpint(schedule_spread("https://git.example.org/a.git", ".github/dependabot.yml"),
			==, 1204);
	g_assert_cmpint(schedule_spread("https://git.example.org/b.git", ".github/dependabot.yml"),
			==, 331);
}

static void a_schedule_in_error_is_never_due(void)
{
	g_autoptr(RulesFile) file = rules_of("interval: daily, time: \"25:00\"");
	int64_t now = instant("2026-11-24T00:00:00Z");

	g_assert_cmpint(schedule_next(schedule_of(file), 0, now), ==, NEVER);
	g_assert_cmpint(schedule_latest(schedule_of(file), 0, now), ==, NEVER);
	g_assert_false(schedule_is_due(schedule_of(file), 0, 0, true, now));
}

static void missed_times_make_one_run(void)
{
	g_autoptr(RulesFile) file = rules_of("interval: daily, time: \"09:00\"");
	const Schedule *schedule = schedule_of(file);
	int64_t thursday = instant("2026-11-26T09:00:00Z"), friday = thursday + 86400;

	/* Never run; the file has changed. */
	g_assert_true(schedule_is_due(schedule, 0, 0, false, thursday - 3600));
	g_assert_true(schedule_is_due(schedule, 0, thursday, true, thursday + 60));
	/* Run at its time, and not again before the next. */
	g_assert_false(schedule_is_due(schedule, 0, thursday, false, thursday));
	g_assert_false(schedule_is_due(schedule, 0, thursday, false, friday - 1));
	g_assert_true(schedule_is_due(schedule, 0, thursday, false, friday));
	/* Three weeks down: once; started late, the times before count as done. */
	g_assert_true(schedule_is_due(schedule, 0, thursday, false, thursday + 21 * 86400));
	g_assert_false(schedule_is_due(schedule, 0, thursday + 21 * 86400 + 5, false,
				       thursday + 21 * 86400 + 10));
	/* A clock that was put back makes nothing due. */
	g_assert_false(schedule_is_due(schedule, 0, friday, false, thursday));
}

int main(int argc, char **argv)
{
	g_autoptr(GPtrArray) rows = NULL;

	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	rows = table_rows("schedules.tsv", 4);
	for (guint i = 0; i < rows->len; i++) {
		char *const *cells = rows->pdata[i];
		g_autofree char *test = g_strconcat("/policy/schedule/", cells[0], NULL);

		g_strdelimit(test + strlen("/policy/schedule/"), " ", '_');
		g_test_add_data_func(test, cells, due_times_follow_one_another);
	}
#define ADD(test) g_test_add_func("/policy/schedule/" #test, test)
	ADD(looking_back_finds_what_was_ahead);
	ADD(without_a_time_the_spread_holds);
	ADD(the_spread_is_a_hash_of_repository_and_file);
	ADD(a_schedule_in_error_is_never_due);
	ADD(missed_times_make_one_run);
	return g_test_run();
}
