/* SPDX-License-Identifier: MIT */
#include "base/time.h"

#include <glib.h>

#include <time.h>

int64_t time_now(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}

void time_text(int64_t at, char *text, unsigned long size)
{
	time_t seconds = (time_t)at;
	struct tm parts;

	if (gmtime_r(&seconds, &parts) == NULL ||
	    strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		g_strlcpy(text, "", size);
}

bool time_read(const char *text, int64_t *at)
{
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, utc);

	if (time == NULL)
		return false;
	*at = g_date_time_to_unix(time);
	return true;
}
