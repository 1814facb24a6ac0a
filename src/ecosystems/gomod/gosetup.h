/* SPDX-License-Identifier: MIT */
/* The Go versions that CI jobs and version managers set up, as builders (builder.h).
 *
 * Read are the steps of workflows that use a `setup-go` action, their matrix and
 * environment looked up, and the files `.go-version` and `.tool-versions`.
 * Source: actions/setup-go README.
 */
#pragma once

#include "upkeepd/builder.h"

/* Ecosystem.tells_builders and .read_builders. */
bool gosetup_tells(const char *path);
void gosetup_read(const char *path, GBytes *text, GPtrArray *builders);

/* The version that `written` stands for: "1.22" of "1.22.x", "~1.22" and "1.22"; "1.22.4"
 * of "=1.22.4"; NULL where it stands for the newest of all ("stable", "^1.22") or for
 * nothing. `*is_line`: for the newest of a line. The caller's. */
char *gosetup_version(const char *written, bool *is_line);
