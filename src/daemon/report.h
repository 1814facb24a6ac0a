/* SPDX-License-Identifier: MIT */
/* What a person or a program is told of a run: on standard output, a piece at a
 * time, whole; and the progress line on a terminal's standard error. */
#pragma once

#include "store/store.h"
#include "store/visit.h"

/* Writes to standard output at once; a progress line goes first. */
void report_put(const char *text, size_t length);

/* One line that the next one replaces. `name` is who is waited for; NULL: nobody. */
void report_progress(int64_t n_done, int64_t n_all, const char *name);

/* The first and the last event of a run's stream (cli.md 2). `n_busy` repositories
 * were left out because another upkeepd has them. */
void report_start(int64_t run, int64_t now);
void report_end(const RunTotals *totals, int64_t n_busy, int64_t now, int64_t wall_ms,
		int64_t cpu_ms);

/* An `error` event about a repository. */
void report_error(const char *repository, const char *text);

/* The same end for a person. */
void report_totals(const RunTotals *totals, int64_t wall_ms);

/* Members of a JSON object that `run-end` and `status` share. */
struct cJSON;
void report_fill(struct cJSON *object, const RunTotals *totals);
