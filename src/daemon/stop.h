/* SPDX-License-Identifier: MIT */
/* SIGTERM and SIGINT: an orderly stop, and a bound on how long it may take.
 *
 * The signal wakes the main loop. Should that be stuck (a reader of our standard
 * output that does not read, a disk that does not answer), the alarm set by the
 * very signal ends the process, and its workers with it.
 */
#pragma once

#include <glib.h>

enum { STOP_HARD_MS = 2000, STOP_ALARM_S = 4 };

/* Calls `stop` in the main loop when one of the signals has come. Once a process. */
void stop_watch(GSourceFunc stop, gpointer data);
