/* SPDX-License-Identifier: MIT */
/* Our GLib log writer: one line format on standard error, the journal's native
 * protocol where standard error is the journal. Job and repository stand on
 * every line. Traces are g_debug, switched on by G_MESSAGES_DEBUG. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* How much is said: -1 only errors and warnings, 0 also what happens, 1 also traces. */
void log_start(int verbosity);

/* Changes that later; log_start() may be called only once. */
void log_set_verbosity(int verbosity);

/* What the lines from now on are about: `job` is the number of the run, as the events of
 * --run-once and the database have it. NULL: nothing. Copied. */
void log_about(const char *job, const char *repository);
