/* SPDX-License-Identifier: MIT */
/* Moments as all of the program has them: Unix seconds, written by RFC 3339 in UTC. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The machine's clock. A run has a `now` of its own, which --now freezes; this one is
 * for where that comes from, and for leases, which bound real work. */
int64_t time_now(void);

/* "2026-11-24T05:36:40Z"; `size` at least 21. */
void time_text(int64_t at, char *text, unsigned long size);

/* Reads RFC 3339, also with an offset or fractions of a second, which are cut off.
 * False if `text` is none. */
bool time_read(const char *text, int64_t *at);
