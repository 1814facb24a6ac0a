/* SPDX-License-Identifier: MIT */
#include "base/zone.h"

#include <string.h>

/* The largest zone file of the database has 4 KiB. */
#define LIMIT_ZONE_FILE   65536
#define HEADER_LENGTH     44
#define DAY               86400
/* A footer's offsets are those of POSIX, its turns may lie days away (RFC 9636 3.3.1). */
#define MOST_OFFSET_HOURS 24
#define MOST_TURN_HOURS   167
/* GDate's number of 1970-01-01. */
#define JULIAN_OF_EPOCH   719163
/* Years for which GDate's arithmetic is safe with a day to spare. */
#define FIRST_YEAR        2
#define LAST_YEAR         9998

/* When daylight saving begins or ends in a year, in a footer. */
typedef struct {
	enum { DAY_OF_MONTH_WEEK, DAY_WITHOUT_LEAP, DAY_WITH_LEAP } kind;
	int month, week, weekday; /* DAY_OF_MONTH_WEEK: week 5 is the last */
	int day;
	int seconds; /* of the day, may lie outside of it */
} Turn;

struct Zone {
	size_t n_times;
	int64_t *times;       /* instants of change, ascending */
	uint8_t *types;       /* the type from each on */
	int first_offset;     /* before the first change */
	int offsets[256];     /* of each type */
	bool has_rule;        /* after the last change: the footer's */
	bool has_daylight;    /* the rule has two offsets */
	int standard, summer; /* the rule's */
	Turn begin, end;
};

static uint32_t big_endian(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The six counts of a header. */
typedef struct {
	size_t in_utc, in_standard, leaps, times, types, letters;
} Counts;

static bool read_header(const uint8_t *p, size_t length, Counts *counts)
{
	if (length < HEADER_LENGTH || memcmp(p, "TZif", 4) != 0)
		return false;
	counts->in_utc = big_endian(p + 20);
	counts->in_standard = big_endian(p + 24);
	counts->leaps = big_endian(p + 28);
	counts->times = big_endian(p + 32);
	counts->types = big_endian(p + 36);
	counts->letters = big_endian(p + 40);
	return counts->times <= LIMIT_ZONE_FILE && counts->types <= 256 && counts->types > 0 &&
	       counts->letters <= LIMIT_ZONE_FILE && counts->leaps <= LIMIT_ZONE_FILE &&
	       counts->in_utc <= 256 && counts->in_standard <= 256;
}

static size_t block_length(const Counts *counts, size_t width)
{
	return counts->times * (width + 1) + counts->types * 6 + counts->letters +
	       counts->leaps * (width + 4) + counts->in_standard + counts->in_utc;
}

static bool read_block(Zone *zone, const uint8_t *p, const Counts *counts)
{
	const uint8_t *types = p + counts->times * 8, *offsets = types + counts->times;

	zone->n_times = counts->times;
	zone->times = g_new(int64_t, counts->times + 1);
	zone->types = g_memdup2(types, counts->times);
	for (size_t i = 0; i < counts->times; i++) {
		zone->times[i] = (int64_t)((uint64_t)big_endian(p + i * 8) << 32 |
					   big_endian(p + i * 8 + 4));
		if (types[i] >= counts->types || (i > 0 && zone->times[i] <= zone->times[i - 1]))
			return false;
	}
	for (size_t i = 0; i < counts->types; i++) {
		zone->offsets[i] = (int32_t)big_endian(offsets + i * 6);
		if (zone->offsets[i] < -2 * DAY || zone->offsets[i] > 2 * DAY)
			return false;
	}
	zone->first_offset = zone->offsets[0];
	return true;
}

/* A decimal number of at most three digits. */
static bool read_number(const char **p, int *number)
{
	const char *start = *p;

	*number = 0;
	while (g_ascii_isdigit(**p) && *p < start + 3)
		*number = *number * 10 + (*(*p)++ - '0');
	return *p > start;
}

/* [+-]hh[:mm[:ss]] of at most so many hours, in seconds. */
static bool read_clock(const char **p, int most_hours, int *seconds)
{
	int sign = **p == '-' ? -1 : 1, hours, minutes = 0, rest = 0;

	if (**p == '-' || **p == '+')
		(*p)++;
	if (!read_number(p, &hours))
		return false;
	if (**p == ':') {
		(*p)++;
		if (!read_number(p, &minutes))
			return false;
	}
	if (**p == ':') {
		(*p)++;
		if (!read_number(p, &rest))
			return false;
	}
	*seconds = sign * (hours * 3600 + minutes * 60 + rest);
	return hours <= most_hours && minutes < 60 && rest < 60;
}

/* The name of an offset: letters, or anything between < and >. */
static bool skip_name(const char **p)
{
	const char *start = *p;

	if (**p == '<') {
		const char *close = strchr(*p, '>');

		if (close == NULL)
			return false;
		*p = close + 1;
		return true;
	}
	while (g_ascii_isalpha(**p))
		(*p)++;
	return *p > start;
}

static bool read_separated(const char **p, char separator, int low, int high, int *number)
{
	return *(*p)++ == separator && read_number(p, number) && *number >= low && *number <= high;
}

static bool read_turn(const char **p, Turn *turn)
{
	bool is_good;

	if (*(*p)++ != ',')
		return false;
	turn->seconds = 2 * 3600;
	if (**p == 'M') {
		turn->kind = DAY_OF_MONTH_WEEK;
		is_good = read_separated(p, 'M', 1, 12, &turn->month) &&
			  read_separated(p, '.', 1, 5, &turn->week) &&
			  read_separated(p, '.', 0, 6, &turn->weekday);
	} else if (**p == 'J') {
		turn->kind = DAY_WITHOUT_LEAP;
		is_good = read_separated(p, 'J', 1, 365, &turn->day);
	} else {
		turn->kind = DAY_WITH_LEAP;
		is_good = read_number(p, &turn->day) && turn->day <= 365;
	}
	if (is_good && **p == '/') {
		(*p)++;
		is_good = read_clock(p, MOST_TURN_HOURS, &turn->seconds);
	}
	return is_good;
}

/* The footer, as the variable TZ: "CET-1CEST,M3.5.0,M10.5.0/3". */
static bool read_rule(Zone *zone, const char *p)
{
	int west;

	if (!skip_name(&p) || !read_clock(&p, MOST_OFFSET_HOURS, &west))
		return false;
	zone->standard = -west;
	zone->has_rule = true;
	if (*p == '\0')
		return true;
	zone->has_daylight = true;
	zone->summer = zone->standard + 3600;
	if (!skip_name(&p))
		return false;
	if (*p != ',' && *p != '\0') {
		if (!read_clock(&p, MOST_OFFSET_HOURS, &west))
			return false;
		zone->summer = -west;
	}
	return read_turn(&p, &zone->begin) && read_turn(&p, &zone->end) && *p == '\0';
}

Zone *zone_read(const void *bytes, size_t length)
{
	g_autoptr(Zone) zone = g_new0(Zone, 1);
	const uint8_t *p = bytes, *end = p + length;
	Counts counts;
	size_t skip;

	/* The first block has 32 bits; version 2 and up repeat it with 64. */
	if (!read_header(p, length, &counts) || p[4] < '2')
		return NULL;
	skip = HEADER_LENGTH + block_length(&counts, 4);
	if (skip > length)
		return NULL;
	p += skip;
	if (!read_header(p, (size_t)(end - p), &counts))
		return NULL;
	skip = HEADER_LENGTH + block_length(&counts, 8);
	if (skip > (size_t)(end - p) || !read_block(zone, p + HEADER_LENGTH, &counts))
		return NULL;
	p += skip;
	if (end - p > 2 && *p == '\n' && end[-1] == '\n') {
		g_autofree char *footer = g_strndup((const char *)p + 1, (gsize)(end - p) - 2);

		if (*footer != '\0' && !read_rule(zone, footer))
			return NULL;
	}
	return g_steal_pointer(&zone);
}

void zone_free(Zone *zone)
{
	if (zone == NULL)
		return;
	g_free(zone->times);
	g_free(zone->types);
	g_free(zone);
}

/* One to three components of letters, digits, `_`, `+` and `-`. */
static bool is_name(const char *name)
{
	int components = 1;

	if (strlen(name) > 64)
		return false;
	for (const char *p = name; *p != '\0'; p++) {
		if (*p == '/') {
			if (p == name || p[-1] == '/' || p[1] == '\0')
				return false;
			components++;
		} else if (!g_ascii_isalnum(*p) && strchr("_+-", *p) == NULL) {
			return false;
		}
	}
	return *name != '\0' && components <= 3;
}

Zone *zone_open(const char *name)
{
	const char *directory = g_getenv("TZDIR");
	g_autofree char *path = NULL, *bytes = NULL;
	gsize length;

	if (!is_name(name))
		return NULL;
	if (directory == NULL || *directory != '/')
		directory = "/usr/share/zoneinfo";
	path = g_build_filename(directory, name, NULL);
	if (g_file_test(path, G_FILE_TEST_IS_REGULAR) &&
	    g_file_get_contents(path, &bytes, &length, NULL) && length <= LIMIT_ZONE_FILE)
		return zone_read(bytes, length);
	/* The default must work where no zones are installed. */
	return strcmp(name, "UTC") == 0 ? g_new0(Zone, 1) : NULL;
}

/* Unix seconds at the start of a day of year. */
static int64_t start_of(int year, int month, int day)
{
	GDate date;

	g_date_clear(&date, 1);
	g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
	return ((int64_t)g_date_get_julian(&date) - JULIAN_OF_EPOCH) * DAY;
}

/* The instant of a turn in `year`, in a clock that shows UTC. */
static int64_t turn_at(const Turn *turn, int year)
{
	int64_t first = start_of(year, 1, 1);
	bool is_leap = g_date_is_leap_year((GDateYear)year);
	int day, weekday, days_of_month;

	if (turn->kind == DAY_WITH_LEAP)
		return first + (int64_t)turn->day * DAY + turn->seconds;
	if (turn->kind == DAY_WITHOUT_LEAP) {
		day = turn->day - 1 + (is_leap && turn->day >= 60 ? 1 : 0);
		return first + (int64_t)day * DAY + turn->seconds;
	}
	first = start_of(year, turn->month, 1);
	/* 1970-01-01 was a Thursday. */
	weekday = (int)((((first / DAY + 4) % 7) + 7) % 7);
	days_of_month = g_date_get_days_in_month((GDateMonth)turn->month, (GDateYear)year);
	day = (turn->weekday - weekday + 7) % 7 + (turn->week - 1) * 7;
	if (day >= days_of_month)
		day -= 7;
	return first + (int64_t)day * DAY + turn->seconds;
}

static int rule_offset(const Zone *zone, int64_t at)
{
	int64_t begin, end;
	bool is_summer;
	GDate date;
	int year;

	if (!zone->has_daylight || at < start_of(FIRST_YEAR, 1, 1) ||
	    at >= start_of(LAST_YEAR, 1, 1))
		return zone->standard;
	g_date_clear(&date, 1);
	/* Whole days before 1970 count downwards too; the sum is positive here. */
	g_date_set_julian(&date,
			  (guint32)((at + zone->standard + (int64_t)JULIAN_OF_EPOCH * DAY) / DAY));
	year = g_date_get_year(&date);
	begin = turn_at(&zone->begin, year) - zone->standard;
	end = turn_at(&zone->end, year) - zone->summer;
	is_summer = begin < end ? begin <= at && at < end : !(end <= at && at < begin);
	return is_summer ? zone->summer : zone->standard;
}

int zone_offset(const Zone *zone, int64_t at)
{
	size_t low = 0, high = zone->n_times;

	if (zone->has_rule && (high == 0 || at >= zone->times[high - 1]))
		return rule_offset(zone, at);
	/* The last change that is not after `at`. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (zone->times[middle] <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? zone->first_offset : zone->offsets[zone->types[low - 1]];
}
