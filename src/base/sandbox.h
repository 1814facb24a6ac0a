/* SPDX-License-Identifier: MIT */
/* What a worker gives up before it reads a stranger's bytes.
 *
 * Beside the unit's own walls (systemd/), so that cron and a person's shell have
 * them too. Nothing here can be taken back. Source: operations.md 7.4, 12.
 */
#pragma once

#include "upkeepd/fail.h"

/* For every command: no core, no new privileges, bounded memory and files, and no
 * system call that starts a program, watches another, or changes the machine. */
void sandbox_enter(void);

/* The folders and files that remain, for a process that knows them: `readable` and
 * `writable` (of char *), what does not exist being passed over, beside the
 * system's libraries and configuration. Where the kernel has no Landlock nothing
 * happens, and a trace says so.
 * Errors: IO if the kernel has it and refuses. */
bool sandbox_confine(const GPtrArray *readable, const GPtrArray *writable, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
