/* SPDX-License-Identifier: MIT */
/* What became of everything: one visit for each job on a repository, with what
 * it took and an outcome for each of its plans.
 *
 * `run-end` and `status` are sums over these rows, so a worker hands its figures
 * over here and nowhere else. Errors: IO, as store.h.
 */
#pragma once

#include "store/store.h"
#include "upkeepd/plan.h"

typedef struct {
	char *host;
	int64_t requests;
} HostCount;

typedef struct {
	int64_t run; /* of the queue */
	char *repository;
	bool is_dry; /* --dry-run: counted for its run, not shown by `status` */
	int64_t started_at;
	int64_t duration_ms, cpu_ms, bytes; /* bytes received */
	int64_t peak_kib;                   /* of the worker's resident memory so far */
	char *failure, *error;              /* failure_word() and text; NULL: it succeeded */
	GPtrArray *hosts;                   /* of HostCount */
} Visit;

Visit *visit_new(int64_t run, const char *repository);
void visit_free(Visit *visit);
void visit_add_host(Visit *visit, const char *host, int64_t requests);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Visit, visit_free)

/* Records a visit and its outcomes (of Outcome). */
bool visit_record(Store *store, const Visit *visit, const GPtrArray *outcomes, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* All visits of a run added up. */
typedef struct {
	int64_t run;
	int64_t n_visits, n_failed;          /* failed: also if one of its plans did */
	int64_t actions[ACTION_DRY_RUN + 1]; /* outcomes, by Action */
	int64_t started_at, cpu_ms, bytes;
	int64_t peak_kib; /* the highest */
	GPtrArray *hosts; /* of HostCount, by host */
} RunTotals;

void run_totals_free(RunTotals *totals);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunTotals, run_totals_free)

/* Of one run, which need not have visited anything. */
RunTotals *visit_totals(Store *store, int64_t run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The newest run that visited anything and was no dry one; 0 if none. */
bool visit_last_run(Store *store, int64_t *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Deletes visits and runs older than 180 days. */
bool visit_forget(Store *store, int64_t now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
