/* SPDX-License-Identifier: MIT */
/* Time zones of the system: the offset of a zone at an instant.
 *
 * Reads the compiled zone files (TZif, RFC 9636) with the rule that holds after
 * their last listed change. GLib's reader is not used: it takes any path for a
 * name, and errs from 2038 on where daylight saving is negative (Europe/Dublin).
 * Zones never change once opened.
 */
#pragma once

#include "upkeepd/fail.h"

typedef struct Zone Zone;

/* The zone of an IANA name ("Europe/Berlin"), looked up as written below $TZDIR,
 * else /usr/share/zoneinfo. NULL if the name is no such name (a path, an empty
 * or dotted component) or the system has no zone of this name; "UTC" there always is. */
Zone *zone_open(const char *name);

/* From the bytes of a zone file; NULL if they are none. */
Zone *zone_read(const void *bytes, size_t length);

void zone_free(Zone *zone);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Zone, zone_free)

/* Seconds east of UTC at `at` (Unix seconds). */
int zone_offset(const Zone *zone, int64_t at);
