/* SPDX-License-Identifier: MIT */
#include "policy/schedule.h"

#include "base/crypto.h"
#include "base/zone.h"

#include <string.h>

#define DAY             86400
#define MINUTES         1440
/* GDate's number of 1970-01-01. */
#define JULIAN_OF_EPOCH 719163
/* The rarest line of cron there is, a 29 February on one weekday, comes round in
 * forty years at the latest. */
#define LONGEST_SEARCH  (50 * INT64_C(366))
#define NO_DAY          INT64_MIN
/* In the year 56,728; GDate's years end at 65,535. */
#define LAST_DAY        20000000

static int64_t day_of(int64_t seconds)
{
	return seconds / DAY - (seconds % DAY < 0 ? 1 : 0);
}

/* Every schedule as a line of cron. */
static Cron sets_of(const Schedule *schedule, int spread)
{
	int minute = schedule->minute < 0 ? spread : schedule->minute;
	Cron cron = {
		.minutes = UINT64_C(1) << (minute % 60),
		.hours = 1u << (minute / 60),
		.days = ~0u,
		.months = ~0u,
		.weekdays = ~0u,
	};

	switch (schedule->interval) {
	case INTERVAL_CRON:
		return schedule->cron;
	case INTERVAL_DAILY:
		cron.weekdays = 0x3e; /* Monday to Friday */
		return cron;
	case INTERVAL_WEEKLY:
		cron.weekdays = 1u << (schedule->day % 7);
		return cron;
	case INTERVAL_MONTHLY:
		break;
	case INTERVAL_QUARTERLY:
		cron.months = 1u << 1 | 1u << 4 | 1u << 7 | 1u << 10;
		break;
	case INTERVAL_SEMIANNUALLY:
		cron.months = 1u << 1 | 1u << 7;
		break;
	case INTERVAL_YEARLY:
		cron.months = 1u << 1;
		break;
	}
	cron.days = 1u << 1;
	return cron;
}

static bool is_calendar_day(int64_t day)
{
	return day > -JULIAN_OF_EPOCH && day < LAST_DAY;
}

static bool has_day(const Cron *cron, const GDate *date)
{
	bool is_day = (cron->days & 1u << g_date_get_day(date)) != 0;
	bool is_weekday = (cron->weekdays & 1u << (g_date_get_weekday(date) % 7)) != 0;

	return cron->is_either ? is_day || is_weekday : is_day && is_weekday;
}

/* The nearest day of `cron` from `day` on, forwards or backwards (`step` 1 or -1);
 * NO_DAY if there is none within the search. Days count from 1970-01-01. */
static int64_t nearest_day(const Cron *cron, int64_t day, int step)
{
	int64_t end = day + step * LONGEST_SEARCH;

	for (; (end - day) * step > 0 && is_calendar_day(day); day += step) {
		GDate date;

		g_date_clear(&date, 1);
		g_date_set_julian(&date, (guint32)(day + JULIAN_OF_EPOCH));
		if ((cron->months & 1u << g_date_get_month(&date)) != 0) {
			if (has_day(cron, &date))
				return day;
			continue;
		}
		/* On to the edge of this month. */
		if (step < 0)
			day -= g_date_get_day(&date) - 1;
		else
			day += g_date_get_days_in_month(g_date_get_month(&date),
							g_date_get_year(&date)) -
			       g_date_get_day(&date);
	}
	return NO_DAY;
}

/* The nearest minute of the day from `minute` on; -1 if the day has none left. */
static int nearest_minute(const Cron *cron, int minute, int step)
{
	for (; minute >= 0 && minute < MINUTES; minute += step)
		if ((cron->hours & 1u << (minute / 60)) != 0 &&
		    (cron->minutes & UINT64_C(1) << (minute % 60)) != 0)
			return minute;
	return -1;
}

/* The first instant after the one gap between `low` and `high`. */
static int64_t end_of_gap(const Zone *zone, int64_t low, int64_t high)
{
	int before = zone_offset(zone, low);

	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (zone_offset(zone, middle) == before)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* The instant of a local time, given in seconds as if it were UTC. No offset is
 * larger than a day, and no two changes lie within two days. */
static int64_t instant_of(const Zone *zone, int64_t local)
{
	int before = zone_offset(zone, local - DAY), after = zone_offset(zone, local + DAY);

	if (zone_offset(zone, local - before) == before)
		return local - before;
	if (zone_offset(zone, local - after) == after)
		return local - after;
	return end_of_gap(zone, local - MAX(before, after), local - MIN(before, after));
}

int64_t schedule_next(const Schedule *schedule, int spread, int64_t after)
{
	const Zone *zone = schedule->zone;
	int64_t local, today;
	int minute;
	Cron cron;

	if (!schedule->is_usable)
		return NEVER;
	cron = sets_of(schedule, spread);
	/* Local times up to the present one lie in the past, see the header. */
	local = after + zone_offset(zone, after);
	today = day_of(local);
	minute = (int)((local - today * DAY) / 60) + 1;
	for (int64_t day = nearest_day(&cron, today, 1); day != NO_DAY;
	     day = nearest_day(&cron, day + 1, 1)) {
		if (day != today)
			minute = 0;
		while ((minute = nearest_minute(&cron, minute, 1)) >= 0) {
			int64_t at = instant_of(zone, day * DAY + minute * 60);

			if (at > after)
				return at;
			minute++;
		}
	}
	return NEVER;
}

int64_t schedule_latest(const Schedule *schedule, int spread, int64_t now)
{
	const Zone *zone = schedule->zone;
	int64_t first;
	Cron cron;

	if (!schedule->is_usable)
		return NEVER;
	cron = sets_of(schedule, spread);
	/* While clocks go back, local times ahead have been already. */
	first = day_of(now + zone_offset(zone, now)) + 1;
	for (int64_t day = nearest_day(&cron, first, -1); day != NO_DAY;
	     day = nearest_day(&cron, day - 1, -1)) {
		int minute = MINUTES - 1;

		while ((minute = nearest_minute(&cron, minute, -1)) >= 0) {
			int64_t at = instant_of(zone, day * DAY + minute * 60);

			if (at <= now)
				return at;
			minute--;
		}
	}
	return NEVER;
}

bool schedule_is_due(const Schedule *schedule, int spread, int64_t started_at, bool is_changed,
		     int64_t now)
{
	int64_t latest;

	if (!schedule->is_usable)
		return false;
	if (started_at == 0 || is_changed)
		return true;
	latest = schedule_latest(schedule, spread, now);
	return latest != NEVER && latest > started_at;
}

int schedule_spread(const char *repository_url, const char *path)
{
	g_autofree char *text = g_strconcat(repository_url, "\n", path, NULL);
	uint8_t digest[32];
	uint32_t number;

	sha256(text, strlen(text), digest);
	number = (uint32_t)digest[0] << 24 | (uint32_t)digest[1] << 16 | (uint32_t)digest[2] << 8 |
		 digest[3];
	return (int)(number % MINUTES);
}
