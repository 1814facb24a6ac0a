/* SPDX-License-Identifier: MIT */
#include "net/pace.h"
#include "store/directory.h"

#define CLOCK      1790000000 /* Mon, 21 Sep 2026 14:13:20 GMT */
#define DATE       "date: Mon, 21 Sep 2026 14:13:20 GMT"
#define DATE_AHEAD "date: Mon, 21 Sep 2026 15:13:20 GMT"

static const struct {
	const char *name;
	int status;
	const char *headers[4];
	PaceWish wish;
	int64_t seconds;
} wishes[] = {
	{ "200", 200, { "retry-after: 9" }, PACE_NONE, 0 },
	{ "200_used_up", 200, { "x-ratelimit-remaining: 0" }, PACE_NONE, 0 },
	{ "404", 404, { "retry-after: 9" }, PACE_NONE, 0 },
	{ "403", 403, { NULL }, PACE_NONE, 0 },
	{ "403_seconds", 403, { "retry-after: 9" }, PACE_SECONDS, 9 },
	{ "403_with_requests_left",
	  403,
	  { "x-ratelimit-remaining: 5", "x-ratelimit-reset: 1790000060" },
	  PACE_NONE,
	  0 },
	{ "403_used_up",
	  403,
	  { "x-ratelimit-remaining: 0", "x-ratelimit-reset: 1790000060" },
	  PACE_SECONDS,
	  60 },
	{ "403_used_up_without_end", 403, { "x-ratelimit-remaining: 0" }, PACE_UNSAID, 0 },
	{ "429", 429, { NULL }, PACE_UNSAID, 0 },
	{ "429_seconds", 429, { "retry-after: 120" }, PACE_SECONDS, 120 },
	{ "429_now", 429, { "retry-after: 0" }, PACE_SECONDS, 0 },
	{ "429_date",
	  429,
	  { DATE, "retry-after: Mon, 21 Sep 2026 14:14:20 GMT" },
	  PACE_SECONDS,
	  60 },
	{ "429_date_by_another_clock",
	  429,
	  { DATE_AHEAD, "retry-after: Mon, 21 Sep 2026 15:14:20 GMT" },
	  PACE_SECONDS,
	  60 },
	{ "429_date_gone_by",
	  429,
	  { DATE, "retry-after: Mon, 21 Sep 2026 14:00:00 GMT" },
	  PACE_SECONDS,
	  0 },
	{ "429_nonsense", 429, { "retry-after: soon" }, PACE_UNSAID, 0 },
	{ "429_negative", 429, { "retry-after: -5" }, PACE_UNSAID, 0 },
	{ "429_for_ever", 429, { "retry-after: 999999999" }, PACE_SECONDS, PACE_LONGEST_PAUSE },
	{ "429_beyond_int64", 429, { "retry-after: 99999999999999999999" }, PACE_UNSAID, 0 },
	{ "429_docker_hub", 429, { DATE, "x-retry-after: 1790000030" }, PACE_SECONDS, 30 },
	{ "429_gitlab",
	  429,
	  { "ratelimit-remaining: 0", "ratelimit-reset: 1790000045" },
	  PACE_SECONDS,
	  45 },
	{ "429_draft", 429, { "ratelimit-remaining: 0", "ratelimit-reset: 45" }, PACE_SECONDS, 45 },
	{ "429_window",
	  429,
	  { "ratelimit-limit: 100;w=21600", "ratelimit-remaining: 0;w=21600" },
	  PACE_UNSAID,
	  0 },
	{ "503", 503, { NULL }, PACE_NONE, 0 },
	{ "503_seconds", 503, { "retry-after: 3" }, PACE_SECONDS, 3 },
};

static void wishes_are_understood(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(wishes); i++) {
		g_autoptr(GPtrArray) headers = g_ptr_array_new();
		int64_t seconds;

		for (size_t k = 0; k < 4 && wishes[i].headers[k] != NULL; k++)
			g_ptr_array_add(headers, (void *)wishes[i].headers[k]);
		g_test_message("%s", wishes[i].name);
		g_assert_cmpint(pace_wish(wishes[i].status, headers, CLOCK, &seconds), ==,
				wishes[i].wish);
		g_assert_cmpint(seconds, ==, wishes[i].seconds);
	}
}

static void waits_double_up_to_a_bound(void)
{
	static const int64_t least[] = { 0, 0, 1000, 2000, 4000, 8000, 8000 };

	for (int i = 2; i < (int)G_N_ELEMENTS(least); i++) {
		g_assert_cmpint(pace_backoff_ms(i, 1000, 0), ==, least[i]);
		g_assert_cmpint(pace_backoff_ms(i, 1000, UINT32_MAX), >=, least[i]);
		g_assert_cmpint(pace_backoff_ms(i, 1000, UINT32_MAX), <=, least[i] * 5 / 4);
	}
}

static void a_pause_only_grows_and_ends(void)
{
	g_autoptr(Pace) pace = pace_new(NULL);

	g_assert_cmpint(pace_paused_until(pace, "a", CLOCK), ==, 0);
	pace_pause(pace, "a", CLOCK + 60);
	pace_pause(pace, "a", CLOCK + 30);
	g_assert_cmpint(pace_paused_until(pace, "a", CLOCK), ==, CLOCK + 60);
	g_assert_cmpint(pace_paused_until(pace, "b", CLOCK), ==, 0);
	g_assert_cmpint(pace_paused_until(pace, "a", CLOCK + 60), ==, 0);
}

static void changes_come_one_after_the_other(void)
{
	g_autoptr(Pace) pace = pace_new(NULL);

	g_assert_cmpint(pace_turn_ms(pace, "h", "a", 5000, 1000), ==, 0);
	g_assert_cmpint(pace_turn_ms(pace, "h", "a", 5000, 1000), ==, 1000);
	g_assert_cmpint(pace_turn_ms(pace, "h", "a", 5900, 1000), ==, 1100);
	g_assert_cmpint(pace_turn_ms(pace, "h", "b", 5000, 1000), ==, 0);
	g_assert_cmpint(pace_turn_ms(pace, "i", "a", 5000, 1000), ==, 0);
	g_assert_cmpint(pace_turn_ms(pace, "h", "a", 9000, 1000), ==, 0);
	g_assert_cmpint(pace_turn_ms(pace, "h", "a", 100, 1000), ==, 9900);
}

static void turns_and_pauses_outlive_who_took_them(Directory *directory,
						   gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(Store) store = directory_open(directory);

	for (int i = 0; i < 2; i++) {
		g_autoptr(Pace) pace = pace_new(store);

		g_assert_cmpint(pace_turn_ms(pace, "h", "a", 5000, 1000), ==, i * 1000);
		g_assert_cmpint(pace_paused_until(pace, "h", CLOCK), ==, i == 0 ? 0 : CLOCK + 60);
		pace_pause(pace, "h", CLOCK + 60);
	}
}

static void a_turn_of_before_a_reboot_is_none(Directory *directory,
					      gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Pace) before = pace_new(store), after = pace_new(store);

	g_assert_cmpint(pace_turn_ms(before, "h", "a", 9000000, 1000), ==, 0);
	g_assert_cmpint(pace_turn_ms(after, "h", "a", 5000, 1000), ==, 0);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pace/wishes_are_understood", wishes_are_understood);
	g_test_add_func("/pace/waits_double_up_to_a_bound", waits_double_up_to_a_bound);
	g_test_add_func("/pace/a_pause_only_grows_and_ends", a_pause_only_grows_and_ends);
	g_test_add_func("/pace/changes_come_one_after_the_other", changes_come_one_after_the_other);
	store_test("/pace/turns_and_pauses_outlive_who_took_them",
		   turns_and_pauses_outlive_who_took_them);
	store_test("/pace/a_turn_of_before_a_reboot_is_none", a_turn_of_before_a_reboot_is_none);
	return g_test_run();
}
