/* SPDX-License-Identifier: MIT */
/* When an entry is due. Pure: a schedule, a zone and an instant in, an instant out.
 *
 * A schedule names local times: days of the zone's calendar, and minutes of
 * them. A local time that the zone has once is that instant; one it has twice is
 * the first of the two; one it skips is the first instant after the gap, even on
 * another day. Local times that come to one instant are one due time. So later
 * local times never come to earlier instants, on which the search relies.
 * Source: dependabot-yml.md 4.
 */
#pragma once

#include "upkeepd/rules.h"

/* No due time: the schedule is in error, or has none within fifty years. */
#define NEVER INT64_MAX

/* The minute of the day at which schedules without `time` are due, so that not
 * all repositories are asked for at once: the same for all entries of a file,
 * and at every run. 0 to 1439. */
int schedule_spread(const char *repository_url, const char *path);

/* The first due time strictly after `after`, or NEVER; both in Unix seconds.
 * `spread` is the minute of schedules without `time`. */
int64_t schedule_next(const Schedule *schedule, int spread, int64_t after);

/* The last due time that is not after `now`, or NEVER. */
int64_t schedule_latest(const Schedule *schedule, int spread, int64_t now);

/* Whether an entry is to be run now. `started_at` is when its last scheduled run
 * was started; 0: it never was. `is_changed` says that the file asks something
 * else of it since. However many due times were missed, they make one run. */
bool schedule_is_due(const Schedule *schedule, int spread, int64_t started_at, bool is_changed,
		     int64_t now);
