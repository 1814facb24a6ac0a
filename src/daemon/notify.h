/* SPDX-License-Identifier: MIT */
/* Readiness, status and watchdog for systemd: the documented datagram to
 * $NOTIFY_SOCKET. Without one, as on a terminal, nothing is sent.
 * Source: sd_notify(3), operations.md 7.3. */
#pragma once

#include <glib.h>

#include <stdint.h>

/* Reads the environment, and takes it out of there: workers have no say. */
void notify_start(void);

/* Sends assignments, one a line: "READY=1", "STATUS=…". */
void notify(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* How often WATCHDOG=1 is due, in milliseconds (half of what systemd allows); 0:
 * nobody watches. */
int64_t notify_watchdog_ms(void);
