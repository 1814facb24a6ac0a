/* SPDX-License-Identifier: MIT */
#include "store/visit.h"

#include "store/sql.h"

enum { RETENTION_S = 180 * 24 * 60 * 60 };

static void host_count_free(gpointer data)
{
	HostCount *count = data;

	g_free(count->host);
	g_free(count);
}

Visit *visit_new(int64_t run, const char *repository)
{
	Visit *visit = g_new0(Visit, 1);

	visit->run = run;
	visit->repository = g_strdup(repository);
	visit->hosts = g_ptr_array_new_with_free_func(host_count_free);
	return visit;
}

void visit_free(Visit *visit)
{
	if (visit == NULL)
		return;
	g_free(visit->repository);
	g_free(visit->failure);
	g_free(visit->error);
	g_clear_pointer(&visit->hosts, g_ptr_array_unref);
	g_free(visit);
}

void visit_add_host(Visit *visit, const char *host, int64_t requests)
{
	HostCount *count = g_new0(HostCount, 1);

	count->host = g_strdup(host);
	count->requests = requests;
	g_ptr_array_add(visit->hosts, count);
}

void run_totals_free(RunTotals *totals)
{
	if (totals == NULL)
		return;
	g_clear_pointer(&totals->hosts, g_ptr_array_unref);
	g_free(totals);
}

static bool record_hosts(Store *store, int64_t id, const GPtrArray *hosts, GError **error)
{
	for (guint i = 0; i < hosts->len; i++) {
		const HostCount *count = hosts->pdata[i];

		if (!query_run(store,
			       "INSERT INTO visit_host (visit, host, requests) VALUES (?1, ?2, ?3)"
			       " ON CONFLICT DO UPDATE SET requests = requests + excluded.requests",
			       VALUES(INTEGER(id), TEXT(count->host), INTEGER(count->requests)),
			       NULL, error))
			return false;
	}
	return true;
}

static bool record_outcomes(Store *store, int64_t id, const GPtrArray *outcomes, GError **error)
{
	for (guint i = 0; i < outcomes->len; i++) {
		const Outcome *outcome = outcomes->pdata[i];

		if (!query_run(
			    store,
			    "INSERT INTO outcome (visit, branch, action, commit_oid, url, reason)"
			    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
			    VALUES(INTEGER(id), TEXT(outcome->branch), INTEGER(outcome->action),
				   TEXT(outcome->commit), TEXT(outcome->proposal_url),
				   TEXT(outcome->reason)),
			    NULL, error))
			return false;
	}
	return true;
}

static bool record(Store *store, const Visit *visit, const GPtrArray *outcomes, GError **error)
{
	int64_t id = 0;

	return query_number(store,
			    "INSERT INTO visit (run, repository, is_dry, started_at, duration_ms,"
			    " cpu_ms, peak_kib, bytes, failure, error) VALUES (?1, ?2, ?3, ?4, ?5,"
			    " ?6, ?7, ?8, ?9, ?10) RETURNING id",
			    VALUES(INTEGER(visit->run), TEXT(visit->repository),
				   INTEGER(visit->is_dry), INTEGER(visit->started_at),
				   INTEGER(visit->duration_ms), INTEGER(visit->cpu_ms),
				   INTEGER(visit->peak_kib), INTEGER(visit->bytes),
				   TEXT(visit->failure), TEXT(visit->error)),
			    &id, error) &&
	       record_hosts(store, id, visit->hosts, error) &&
	       record_outcomes(store, id, outcomes, error);
}

bool visit_record(Store *store, const Visit *visit, const GPtrArray *outcomes, GError **error)
{
	bool is_mine = false;

	return store_enter(store, &is_mine, error) &&
	       store_leave(store, is_mine, record(store, visit, outcomes, error), error);
}

static gpointer read_host(Query *query)
{
	HostCount *count = g_new0(HostCount, 1);

	count->host = query_text(query, 0);
	count->requests = query_integer(query, 1);
	return count;
}

static bool add_up_visits(Store *store, RunTotals *totals, GError **error)
{
	g_autoptr(Query) query = query_new(
		store,
		"SELECT count(*), sum(failure IS NOT NULL OR EXISTS (SELECT 1 FROM"
		" outcome WHERE visit = visit.id AND action = ?2)), min(started_at), sum(cpu_ms),"
		" sum(bytes), max(peak_kib) FROM visit WHERE run = ?1",
		VALUES(INTEGER(totals->run), INTEGER(ACTION_FAILED)), error);
	bool has_row = false;

	if (query == NULL || !query_next(store, query, &has_row, error))
		return false;
	totals->n_visits = query_integer(query, 0);
	totals->n_failed = query_integer(query, 1);
	totals->started_at = query_integer(query, 2);
	totals->cpu_ms = query_integer(query, 3);
	totals->bytes = query_integer(query, 4);
	totals->peak_kib = query_integer(query, 5);
	return true;
}

static bool count_actions(Store *store, RunTotals *totals, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(totals->actions); i++)
		if (!query_number(store,
				  "SELECT count(*) FROM outcome JOIN visit ON visit.id = visit"
				  " WHERE run = ?1 AND action = ?2",
				  VALUES(INTEGER(totals->run), INTEGER((int64_t)i)),
				  &totals->actions[i], error))
			return false;
	return true;
}

RunTotals *visit_totals(Store *store, int64_t run, GError **error)
{
	g_autoptr(RunTotals) totals = g_new0(RunTotals, 1);

	totals->run = run;
	totals->hosts = query_rows(store,
				   "SELECT host, sum(requests) FROM visit_host"
				   " JOIN visit ON visit.id = visit WHERE run = ?1"
				   " GROUP BY host ORDER BY host",
				   VALUES(INTEGER(run)), read_host, host_count_free, error);
	if (totals->hosts == NULL || !add_up_visits(store, totals, error) ||
	    !count_actions(store, totals, error))
		return NULL;
	return g_steal_pointer(&totals);
}

bool visit_last_run(Store *store, int64_t *run, GError **error)
{
	return query_number(store, "SELECT max(run) FROM visit WHERE is_dry = 0", NO_VALUES, run,
			    error);
}

static bool forget(Store *store, int64_t before, GError **error)
{
	return query_run(store, "DELETE FROM visit WHERE started_at < ?1", VALUES(INTEGER(before)),
			 NULL, error) &&
	       query_run(store, "DELETE FROM run WHERE ended_at != 0 AND ended_at < ?1",
			 VALUES(INTEGER(before)), NULL, error);
}

bool visit_forget(Store *store, int64_t now, GError **error)
{
	bool is_mine = false;

	return store_enter(store, &is_mine, error) &&
	       store_leave(store, is_mine, forget(store, now - RETENTION_S, error), error);
}
