/* SPDX-License-Identifier: MIT */
/* The stream of `update --json` and `tidy --json`: one object a line, "event" first
 * (cli.md 2). Events: `update` (an image, with
 * the keys of `check`), `move` (a module that another one
 * moved), `file` (path and unified diff), `error`, and `end` with the status. */
#pragma once

#include "base/json.h"
#include "upkeepd/plan.h"
#include "worker/worker.h"

void stream_update(const Update *update);

/* What tidying did to the requirement of `name` in `file`; NULL: it was not listed,
 * it is no longer. */
void stream_move(const char *file, const char *name, const char *from, const char *to);

/* One event for each of `changes` (of FileChange). */
void stream_files(const GPtrArray *changes);

void stream_error(const char *text);
void stream_end(End end);
