/* SPDX-License-Identifier: MIT */
#include "net/pace.h"
#include "store/directory.h"

/* Cells that a row leaves out are zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define CLOCK      1790000000 /* Mon, 21 Sep 2026 14:13:20 GMT */
#define DATE       "date: Mon, 21 Sep 2026 14:13:20 GMT"
#define DATE_AHEAD "date: Mon, 21 Sep 2026 15:13:20 GMT"

static const struct {
	const char *name;
	int status;
	const char *headers[4];
	PaceWish wish;
	int64_t seconds;
	bool is_used_up;
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
	  60,
	  true },
	{ "403_used_up_without_end", 403, { "x-ratelimit-remaining: 0" }, PACE_UNSAID, 0, true },
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
	  45,
	  true },
	{ "429_draft",
	  429,
	  { "ratelimit-remaining: 0", "ratelimit-reset: 45" },
	  PACE_SECONDS,
	  45,
	  true },
	{ "429_window",
	  429,
	  { "ratelimit-limit: 100;w=21600", "ratelimit-remaining: 0;w=21600" },
	  PACE_UNSAID,
	  0,
	  true },
	{ "503", 503, { NULL }, PACE_NONE, 0 },
	{ "503_seconds", 503, { "retry-after: 3" }, PACE_SECONDS, 3 },
};

static void wishes_are_understood(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(wishes); i++) {
		g_autoptr(GPtrArray) headers = g_ptr_array_new();
		int64_t seconds;
		bool is_used_up;

		for (size_t k = 0; k < 4 && wishes[i].headers[k] != NULL; k++)
			g_ptr_array_add(headers, (void *)wishes[i].headers[k]);
		g_test_message("%s", wishes[i].name);
		g_assert_cmpint(pace_wish(wishes[i].status, headers, CLOCK, &seconds, &is_used_up),
				==, wishes[i].wish);
		g_assert_cmpint(seconds, ==, wishes[i].seconds);
		g_assert_true(is_used_up == wishes[i].is_used_up);
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

/* 200 in a row, then one in 18 s; after an hour of rest as many again. */
static void what_github_counts_by_the_hour_is_spread(Directory *directory,
						     gconstpointer data G_GNUC_UNUSED)
{
	static const char *const hosts[] = { "api.github.com", "api.acme.ghe.com" };
	g_autoptr(Store) store = directory_open(directory);

	for (size_t k = 0; k < G_N_ELEMENTS(hosts); k++) {
		g_autoptr(Pace) pace = pace_new(store);
		int64_t now_ms = 1000000, hour_ms = now_ms + 3600000, made = 0;

		for (; now_ms < hour_ms; made++)
			now_ms += pace_turn_ms(pace, hosts[k], "a", now_ms, 1000);
		g_assert_cmpint(made, >=, 390);
		g_assert_cmpint(made, <=, 400 + PACE_BURST / PACE_LASTING_GAP);
		g_assert_cmpint(pace_turn_ms(pace, hosts[k], "a", now_ms, 1000), >=, 17000);
		g_assert_cmpint(pace_turn_ms(pace, hosts[k], "b", now_ms, 1000), ==, 0);
		now_ms += 3700000;
		for (int i = 0; i < PACE_BURST; i++)
			g_assert_cmpint(pace_turn_ms(pace, hosts[k], "a", now_ms + i * 1000, 1000),
					==, 0);
	}
}

static void nothing_else_is_counted_by_the_hour(void)
{
	g_autoptr(Pace) pace = pace_new(NULL);

	for (int i = 0; i < 1000; i++)
		g_assert_cmpint(pace_turn_ms(pace, "git.example.org", "a", 5000 + i * 1000, 1000),
				==, 0);
}

/* forge-vectors.md B28. */
static void a_pause_of_no_said_length_grows(Directory *directory, gconstpointer data G_GNUC_UNUSED)
{
	static const struct {
		int64_t after, length; /* after the end of the last one */
	} rows[] = { { 0, 60 },  { 1, 120 },   { 1, 240 },  { 600, 480 },
		     { 1, 900 }, { 900, 900 }, { 901, 60 }, { 0, 120 } };
	g_autoptr(Store) store = directory_open(directory);
	int64_t now = CLOCK;

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		/* A restart forgets nothing. */
		g_autoptr(Pace) pace = pace_new(store);

		now += rows[i].after;
		g_assert_cmpint(pace_pause_unsaid(pace, "h", now), ==, now + rows[i].length);
		/* What was under way at the same time is refused too: that is no other time. */
		g_assert_cmpint(pace_pause_unsaid(pace, "h", now + 1), ==, now + rows[i].length);
		now += rows[i].length;
	}
}

static void a_pause_is_known_to_whoever_shares_the_store(Directory *directory,
							 gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Pace) one = pace_new(store), other = pace_new(store);

	g_assert_cmpint(pace_paused_until(other, "h", CLOCK), ==, 0);
	pace_pause(one, "h", CLOCK + 60);
	g_assert_cmpint(pace_paused_until(other, "h", CLOCK + 1), ==, CLOCK + 60);
}

static const struct {
	const char *headers[4];
	bool is_scarce;
	int64_t until;
} quotas[] = {
	{ { NULL }, false, 0 },
	{ { "x-ratelimit-limit: 5000", "x-ratelimit-remaining: 500" }, false, 0 },
	{ { "x-ratelimit-limit: 5000", "x-ratelimit-remaining: 499",
	    "x-ratelimit-reset: 1790000060" },
	  true,
	  CLOCK + 60 },
	{ { "ratelimit-limit: 60", "ratelimit-remaining: 5", "ratelimit-reset: 30" },
	  true,
	  CLOCK + 30 },
	{ { "ratelimit-limit: 60;w=60", "ratelimit-remaining: 0;w=60" }, true, 0 },
	{ { "x-ratelimit-limit: many", "x-ratelimit-remaining: 0" }, false, 0 },
	{ { "x-ratelimit-limit: 9223372036854775807", "x-ratelimit-remaining: 1" }, true, 0 },
};

static void few_requests_are_seen(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(quotas); i++) {
		g_autoptr(GPtrArray) headers = g_ptr_array_new();
		int64_t until;

		for (size_t k = 0; k < 4 && quotas[i].headers[k] != NULL; k++)
			g_ptr_array_add(headers, (void *)quotas[i].headers[k]);
		g_assert_true(pace_is_scarce(headers, CLOCK, &until) == quotas[i].is_scarce);
		g_assert_cmpint(until, ==, quotas[i].until);
	}
}

static void few_requests_are_remembered_until_there_are_more(Directory *directory,
							     gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Pace) one = pace_new(store), other = pace_new(store);
	g_autofree char *name = pace_account("h", "a"), *nobody = pace_account("h", "");

	pace_save(one, name, CLOCK + 60);
	pace_save(one, name, CLOCK + 30);
	g_assert_cmpint(pace_scarce_until(other, name, CLOCK), ==, CLOCK + 60);
	g_assert_cmpint(pace_scarce_until(other, name, CLOCK + 60), ==, 0);
	g_assert_cmpint(pace_scarce_until(other, nobody, CLOCK), ==, 0);
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
	g_test_add_func("/pace/nothing_else_is_counted_by_the_hour",
			nothing_else_is_counted_by_the_hour);
	g_test_add_func("/pace/few_requests_are_seen", few_requests_are_seen);
	store_test("/pace/what_github_counts_by_the_hour_is_spread",
		   what_github_counts_by_the_hour_is_spread);
	store_test("/pace/a_pause_of_no_said_length_grows", a_pause_of_no_said_length_grows);
	store_test("/pace/a_pause_is_known_to_whoever_shares_the_store",
		   a_pause_is_known_to_whoever_shares_the_store);
	store_test("/pace/few_requests_are_remembered_until_there_are_more",
		   few_requests_are_remembered_until_there_are_more);
	g_test_add_func("/pace/changes_come_one_after_the_other", changes_come_one_after_the_other);
	store_test("/pace/turns_and_pauses_outlive_who_took_them",
		   turns_and_pauses_outlive_who_took_them);
	store_test("/pace/a_turn_of_before_a_reboot_is_none", a_turn_of_before_a_reboot_is_none);
	return g_test_run();
}
