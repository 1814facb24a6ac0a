/* SPDX-License-Identifier: MIT */
/* When an entry of a dependabot.yml is due.
 *
 * Source: dependabot-yml.md 4. Made by config/schedule.c, read by policy/schedule.c.
 */
#pragma once

#include "upkeepd/manifest.h"

typedef enum {
	INTERVAL_DAILY,
	INTERVAL_WEEKLY,
	INTERVAL_MONTHLY,
	INTERVAL_QUARTERLY,
	INTERVAL_SEMIANNUALLY,
	INTERVAL_YEARLY,
	INTERVAL_CRON,
} Interval;

/* The days and minutes of a cron line, as sets: bit n stands for n. */
typedef struct {
	uint64_t minutes;  /* 0 to 59 */
	uint32_t hours;    /* 0 to 23 */
	uint32_t days;     /* 1 to 31 */
	uint32_t months;   /* 1 to 12 */
	uint32_t weekdays; /* 0 Sunday to 6 */
	bool is_either;    /* day or weekday is enough; false: both must fit */
} Cron;

typedef struct Zone Zone; /* base/zone.h */

typedef struct {
	Interval interval;
	int day;          /* weekly: 1 Monday … 7 Sunday */
	int minute;       /* of the local day; -1: no `time` given */
	char *timezone;   /* IANA name; "UTC" by default */
	char *cronjob;    /* INTERVAL_CRON only */
	Cron cron;        /* INTERVAL_CRON only */
	const Zone *zone; /* of `timezone`; borrowed from the file; NULL: not usable */
	bool is_usable;   /* false: in error, never due */
	Place place;
} Schedule;

/* An own copy of all that `from` owns. */
Schedule schedule_copy(const Schedule *from);
