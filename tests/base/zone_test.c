/* SPDX-License-Identifier: MIT */
#include "base/zone.h"

#include <string.h>

static const struct {
	const char *zone;
	int64_t at;
	int offset;
} offsets[] = {
	{ "UTC", 0, 0 },
	{ "Asia/Kolkata", 1796000000, 19800 },
	/* The seconds before and at a change. */
	{ "Europe/Berlin", 1806195599, 3600 },
	{ "Europe/Berlin", 1806195600, 7200 },
	/* Beyond the listed changes: the rule of the footer, here north and south … */
	{ "Europe/Berlin", 2540242800, 7200 },
	{ "America/Santiago", 2524608000, -10800 },
	{ "Australia/Lord_Howe", 2540242800, 37800 },
	/* … and negative daylight saving: winter, summer. */
	{ "Europe/Dublin", 2524608000, 0 },
	{ "Europe/Dublin", 2540242800, 3600 },
	/* Before the first change: local mean time. */
	{ "Europe/Berlin", -5000000000, 3208 },
};

static void offsets_are_those_of_the_system(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(offsets); i++) {
		g_autoptr(Zone) zone = zone_open(offsets[i].zone);

		if (zone == NULL) {
			g_test_skip("the system has no such zone");
			return;
		}
		g_test_message("%s %" G_GINT64_FORMAT, offsets[i].zone, offsets[i].at);
		g_assert_cmpint(zone_offset(zone, offsets[i].at), ==, offsets[i].offset);
	}
}

static void utc_needs_no_file(void)
{
	g_setenv("TZDIR", "/nonexistent", TRUE);
	g_autoptr(Zone) utc = zone_open("UTC"), berlin = zone_open("Europe/Berlin");

	g_unsetenv("TZDIR");
	g_assert_null(berlin);
	g_assert_nonnull(utc);
	g_assert_cmpint(zone_offset(utc, 1796000000), ==, 0);
}

static void what_is_no_name_opens_nothing(void)
{
	static const char *const names[] = {
		"",
		"Mars/Olympus",
		"../UTC",
		"/etc/localtime",
		"/usr/share/zoneinfo/UTC",
		"Europe//Berlin",
		"Europe/",
		"Europe",
		"../../../etc/passwd",
		"CET-1CEST",
		"europe/berlin",
		"tzdata.zi",
		"./UTC",
		"Europe/../UTC",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autoptr(Zone) zone = zone_open(names[i]);

		g_test_message("'%s'", names[i]);
		g_assert_null(zone);
	}
}

/* A zone file of version 2 without listed changes and with `footer`. */
static GByteArray *zone_file(const char *footer)
{
	static const uint8_t header[44] = { 'T', 'Z', 'i', 'f', '2', [39] = 1, [43] = 4 };
	static const uint8_t type[10] = { 0, 0, 0, 0, 0, 0, 'X', 'X', 'X', 0 };
	GByteArray *bytes = g_byte_array_new();

	for (int i = 0; i < 2; i++) {
		g_byte_array_append(bytes, header, sizeof header);
		g_byte_array_append(bytes, type, sizeof type);
	}
	g_byte_array_append(bytes, (const guint8 *)"\n", 1);
	g_byte_array_append(bytes, (const guint8 *)footer, (guint)strlen(footer));
	g_byte_array_append(bytes, (const guint8 *)"\n", 1);
	return bytes;
}

static void footers_are_read_or_refused(void)
{
	static const struct {
		const char *footer;
		int64_t at;
		int offset; /* -1: refused */
	} cases[] = {
		{ "", 0, 0 },
		{ "<+0330>-3:30", 0, 12600 },
		{ "EST5EDT,J60,J300", 5097600, -18000 },    /* 1970-03-01 00:00 UTC */
		{ "EST5EDT,J60,J300", 5122800, -14400 },    /* 02:00 local */
		{ "EST5EDT,J60/0,J300", 68270400, -18000 }, /* 1972: a leap year */
		{ "EST5EDT,59/0,300", 68187600, -14400 },
		{ "AAA-1BBB-3,M1.1.0/-24,M12.5.0/24", 0, 3600 },
		{ "AAA-24", 0, 86400 },
		{ "AAA-25", 0, -1 },
		{ "EST5EDT", 0, -1 },
		{ "EST5EDT,M13.1.0,M1.1.0", 0, -1 },
		{ "EST5EDT,M1.6.0,M1.1.0", 0, -1 },
		{ "EST5EDT,M1.1.0,M1.1.0x", 0, -1 },
		{ "EST", 0, -1 },
		{ "<EST5", 0, -1 },
		{ "EST999", 0, -1 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GByteArray) bytes = zone_file(cases[i].footer);
		g_autoptr(Zone) zone = zone_read(bytes->data, bytes->len);

		g_test_message("%s", cases[i].footer);
		g_assert_cmpint(zone == NULL, ==, cases[i].offset == -1);
		if (zone != NULL)
			g_assert_cmpint(zone_offset(zone, cases[i].at), ==, cases[i].offset);
	}
}

static void a_cut_file_is_no_zone(void)
{
	g_autoptr(GByteArray) bytes = zone_file("EST5EDT,M3.2.0,M11.1.0");

	for (guint length = 0; length + 25 < bytes->len; length++) {
		g_autoptr(Zone) zone = zone_read(bytes->data, length);

		g_assert_null(zone);
	}
}

static void any_instant_has_an_offset(void)
{
	g_autoptr(GByteArray) bytes = zone_file("EST5EDT,M3.2.0,M11.1.0");
	g_autoptr(Zone) zone = zone_read(bytes->data, bytes->len);

	g_assert_nonnull(zone);
	g_assert_cmpint(zone_offset(zone, INT64_MIN), ==, -18000);
	g_assert_cmpint(zone_offset(zone, INT64_MAX), ==, -18000);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/base/zone/offsets_are_those_of_the_system",
			offsets_are_those_of_the_system);
	g_test_add_func("/base/zone/utc_needs_no_file", utc_needs_no_file);
	g_test_add_func("/base/zone/what_is_no_name_opens_nothing", what_is_no_name_opens_nothing);
	g_test_add_func("/base/zone/footers_are_read_or_refused", footers_are_read_or_refused);
	g_test_add_func("/base/zone/a_cut_file_is_no_zone", a_cut_file_is_no_zone);
	g_test_add_func("/base/zone/any_instant_has_an_offset", any_instant_has_an_offset);
	return g_test_run();
}
