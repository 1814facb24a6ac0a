/* SPDX-License-Identifier: MIT */
/* The spelling of `versions` in `ignore`, which differs from one ecosystem to the
 * other. Only whether a range is well formed, and the traps; what lies in it is
 * known to the ecosystem (Ecosystem.in_range).
 * Source: dependabot-yml.md 6.4 (gomod), 6.5 (docker).
 */
#pragma once

#include <glib.h>

#include <stdbool.h>

/* Whether `range` is well formed for `ecosystem` (as after package-ecosystem; ranges
 * of others than docker, docker-compose and gomod are taken as they are). If it
 * is not, `*remark` says what it may be; if it is, but means something else than
 * most people think, `*remark` says what; else it is NULL. The caller's. */
bool range_check(const char *ecosystem, const char *range, char **remark);
