/* SPDX-License-Identifier: MIT */
#include "store/queue.h"

#include "store/sql.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

void watched_free(Watched *watched)
{
	if (watched == NULL)
		return;
	g_free(watched->name);
	g_free(watched->owner);
	g_free(watched->tip);
	g_free(watched->failure);
	g_free(watched->error);
	g_free(watched);
}

void ticket_free(Ticket *ticket)
{
	if (ticket == NULL)
		return;
	g_free(ticket->repository);
	g_free(ticket->owner);
	g_free(ticket->error);
	g_free(ticket);
}

void entry_state_free(EntryState *entry)
{
	if (entry == NULL)
		return;
	g_free(entry->key);
	g_free(entry->digest);
	g_free(entry);
}

static bool watch(Store *store, const GPtrArray *names, const char *owner, bool is_owner,
		  GError **error)
{
	for (guint i = 0; i < names->len; i++)
		if (!query_run(store,
			       "INSERT INTO repository (name, owner, is_owner) VALUES (?1, ?2, ?3)"
			       " ON CONFLICT (name) DO UPDATE SET owner = ?2, is_owner = ?3,"
			       " is_watched = 1",
			       VALUES(TEXT(names->pdata[i]), TEXT(owner), INTEGER(is_owner)), NULL,
			       error))
			return false;
	return true;
}

static bool watch_settings(Store *store, const GPtrArray *names, const GPtrArray *owners,
			   GError **error)
{
	return query_run(store, "UPDATE repository SET is_watched = 0 WHERE owner = ''", NO_VALUES,
			 NULL, error) &&
	       watch(store, owners, "", true, error) && watch(store, names, "", false, error) &&
	       query_run(store,
			 "UPDATE repository SET is_watched = 0 WHERE owner != '' AND owner NOT IN"
			 " (SELECT name FROM repository WHERE is_owner = 1 AND is_watched = 1)",
			 NO_VALUES, NULL, error);
}

/* Mostly the settings have not changed, and nothing needs to be written. */
static bool is_watching(Store *store, const GPtrArray *names, bool is_owner, bool *is_same,
			GError **error)
{
	int64_t n_watched = 0, is_there = 1;

	if (!query_number(store,
			  "SELECT count(*) FROM repository"
			  " WHERE owner = '' AND is_owner = ?1 AND is_watched = 1",
			  VALUES(INTEGER(is_owner)), &n_watched, error))
		return false;
	for (guint i = 0; i < names->len && is_there; i++)
		if (!query_number(store,
				  "SELECT 1 FROM repository WHERE name = ?1 AND owner = ''"
				  " AND is_owner = ?2 AND is_watched = 1",
				  VALUES(TEXT(names->pdata[i]), INTEGER(is_owner)), &is_there,
				  error))
			return false;
	*is_same = is_there && n_watched == (int64_t)names->len;
	return true;
}

bool queue_watch(Store *store, const GPtrArray *names, const GPtrArray *owners, GError **error)
{
	bool is_same = false, is_same_owners = false, is_mine = false;

	if (!is_watching(store, names, false, &is_same, error) ||
	    !is_watching(store, owners, true, &is_same_owners, error))
		return false;
	if (is_same && is_same_owners)
		return true;
	return store_enter(store, &is_mine, error) &&
	       store_leave(store, is_mine, watch_settings(store, names, owners, error), error);
}

#define WATCHED_COLUMNS                                                                        \
	"name, nullif(owner, ''), is_owner, next_at, looked_at, succeeded_at, failed_at, tip," \
	" failure, error, failures, is_quarantined, pid != 0,"                                 \
	" (SELECT coalesce(min(next_due_at), 0) FROM entry WHERE repository = name"            \
	" AND next_due_at < 9223372036854775807), token_expires_at"

static gpointer read_watched(Query *query)
{
	Watched *watched = g_new0(Watched, 1);

	watched->name = query_text(query, 0);
	watched->owner = query_text(query, 1);
	watched->is_owner = query_integer(query, 2) != 0;
	watched->next_at = query_integer(query, 3);
	watched->looked_at = query_integer(query, 4);
	watched->succeeded_at = query_integer(query, 5);
	watched->failed_at = query_integer(query, 6);
	watched->tip = query_text(query, 7);
	watched->failure = query_text(query, 8);
	watched->error = query_text(query, 9);
	watched->failures = query_integer(query, 10);
	watched->is_quarantined = query_integer(query, 11) != 0;
	watched->is_running = query_integer(query, 12) != 0;
	watched->next_due_at = query_integer(query, 13);
	watched->token_expires_at = query_integer(query, 14);
	return watched;
}

static void free_watched(gpointer watched)
{
	watched_free(watched);
}

GPtrArray *queue_watched(Store *store, GError **error)
{
	return query_rows(store,
			  "SELECT " WATCHED_COLUMNS
			  " FROM repository WHERE is_watched = 1 ORDER BY name",
			  NO_VALUES, read_watched, free_watched, error);
}

bool queue_find(Store *store, const char *name, Watched **found, GError **error)
{
	g_autoptr(Query) query =
		query_new(store, "SELECT " WATCHED_COLUMNS " FROM repository WHERE name = ?1",
			  VALUES(TEXT(name)), error);
	bool has_row = false;

	*found = NULL;
	if (query == NULL || !query_next(store, query, &has_row, error))
		return false;
	if (has_row)
		*found = read_watched(query);
	return true;
}

bool queue_start_run(Store *store, bool is_service, pid_t pid, int64_t clock, int64_t *run,
		     GError **error)
{
	return query_number(store,
			    "INSERT INTO run (is_service, pid, started_at, ended_at)"
			    " VALUES (?1, ?2, ?3, 0) RETURNING id",
			    VALUES(INTEGER(is_service), INTEGER(pid), INTEGER(clock)), run, error);
}

static bool end_run(Store *store, int64_t run, int64_t clock, GError **error)
{
	return query_run(store, "UPDATE run SET ended_at = ?2 WHERE id = ?1",
			 VALUES(INTEGER(run), INTEGER(clock)), NULL, error) &&
	       query_run(store, "UPDATE repository SET run = 0 WHERE run = ?1 AND pid = 0",
			 VALUES(INTEGER(run)), NULL, error);
}

bool queue_end_run(Store *store, int64_t run, int64_t clock, GError **error)
{
	bool is_mine = false;

	return store_enter(store, &is_mine, error) &&
	       store_leave(store, is_mine, end_run(store, run, clock, error), error);
}

/* The generation grows so that a worker whose lease has run out finds out. */
bool queue_add(Store *store, int64_t run, const char *name, bool is_due_only, int64_t clock,
	       QueueAnswer *answer, GError **error)
{
	int64_t n_changed = 0;

	if (!query_run(store,
		       "UPDATE repository SET run = ?1, pid = 0, queued_at = ?4, is_due_only = ?3,"
		       " generation = generation + 1 WHERE name = ?2 AND is_watched = 1"
		       " AND (pid = 0 OR lease_until < ?4)",
		       VALUES(INTEGER(run), TEXT(name), INTEGER(is_due_only), INTEGER(clock)),
		       &n_changed, error))
		return false;
	*answer = n_changed == 0 ? QUEUE_BUSY : QUEUE_ADDED;
	return true;
}

bool queue_add_due(Store *store, int64_t run, int64_t now, int64_t clock, int64_t *n_added,
		   GError **error)
{
	int64_t is_any = 0;

	*n_added = 0;
	if (!query_number(store,
			  "SELECT EXISTS (SELECT 1 FROM repository"
			  " WHERE is_watched = 1 AND run = 0 AND (next_at <= ?1 OR next_at > ?2))",
			  VALUES(INTEGER(now), INTEGER(now + QUEUE_FAR_S)), &is_any, error))
		return false;
	return !is_any ||
	       query_run(store,
			 "UPDATE repository SET run = ?1, queued_at = ?3, is_due_only = 1,"
			 " generation = generation + 1"
			 " WHERE is_watched = 1 AND run = 0 AND (next_at <= ?2 OR next_at > ?4)",
			 VALUES(INTEGER(run), INTEGER(now), INTEGER(clock),
				INTEGER(now + QUEUE_FAR_S)),
			 n_added, error);
}

/* A repository that stands in the settings itself stays theirs. */
static bool watch_found(Store *store, const char *owner, const GPtrArray *names, GError **error)
{
	if (!query_run(store, "UPDATE repository SET is_watched = 0 WHERE owner = ?1",
		       VALUES(TEXT(owner)), NULL, error))
		return false;
	for (guint i = 0; i < names->len; i++)
		if (!query_run(store,
			       "INSERT INTO repository (name, owner, is_owner) VALUES (?1, ?2, 0)"
			       " ON CONFLICT (name) DO UPDATE SET owner = ?2, is_watched = 1"
			       " WHERE owner = ?2 OR is_watched = 0",
			       VALUES(TEXT(names->pdata[i]), TEXT(owner)), NULL, error))
			return false;
	return true;
}

static bool add_found(Store *store, const Ticket *ticket, int64_t now, int64_t clock,
		      GError **error)
{
	return query_run(store,
			 "UPDATE repository SET run = ?1, queued_at = ?5, is_due_only = ?3,"
			 " generation = generation + 1 WHERE owner = ?2 AND is_watched = 1"
			 " AND pid = 0 AND (?3 = 0 OR next_at <= ?4)",
			 VALUES(INTEGER(ticket->run), TEXT(ticket->repository),
				INTEGER(ticket->is_due_only), INTEGER(now), INTEGER(clock)),
			 NULL, error);
}

bool queue_watch_below(Store *store, const Ticket *ticket, const GPtrArray *names, int64_t now,
		       int64_t clock, GError **error)
{
	bool is_mine = false;

	return store_enter(store, &is_mine, error) &&
	       store_leave(store, is_mine,
			   watch_found(store, ticket->repository, names, error) &&
				   add_found(store, ticket, now, clock, error),
			   error);
}

bool queue_next_at(Store *store, int64_t now, int64_t *at, char **name, GError **error)
{
	g_autoptr(Query) query =
		query_new(store,
			  "SELECT iif(next_at > ?1, 0, next_at) AS at, name FROM repository"
			  " WHERE is_watched = 1 AND run = 0 ORDER BY at, name LIMIT 1",
			  VALUES(INTEGER(now + QUEUE_FAR_S)), error);
	bool has_row = false;

	*at = INT64_MAX;
	*name = NULL;
	if (query == NULL || !query_next(store, query, &has_row, error))
		return false;
	if (has_row) {
		*at = query_integer(query, 0);
		*name = query_text(query, 1);
	}
	return true;
}

/* Jobs of run ?1 that may be taken now. What failed last time is worked on by one
 * worker at a time, so that those that hang never have all of them. */
#define READY                                                                           \
	" FROM repository WHERE run = ?1 AND run != 0 AND pid = 0 AND (failures = 0 OR" \
	" NOT EXISTS (SELECT 1 FROM repository WHERE run = ?1 AND pid != 0 AND failures > 0))"

bool queue_count(Store *store, int64_t run, int64_t *n_waiting, int64_t *n_held, GError **error)
{
	return query_number(store, "SELECT count(*) FROM repository WHERE run = ?1 AND pid = 0",
			    VALUES(INTEGER(run)), n_waiting, error) &&
	       query_number(store, "SELECT count(*) FROM repository WHERE run = ?1 AND pid != 0",
			    VALUES(INTEGER(run)), n_held, error);
}

bool queue_count_ready(Store *store, int64_t run, int64_t *n_ready, GError **error)
{
	return query_number(store, "SELECT count(*)" READY, VALUES(INTEGER(run)), n_ready, error);
}

bool queue_count_silent(Store *store, int64_t run, int64_t clock, int64_t *n_silent, GError **error)
{
	return query_number(store,
			    "SELECT count(*) FROM repository WHERE run = ?1 AND pid != 0"
			    " AND lease_until <= ?2",
			    VALUES(INTEGER(run), INTEGER(clock + QUEUE_LEASE_S - QUEUE_SILENT_S)),
			    n_silent, error);
}

bool queue_oldest(Store *store, int64_t run, char **name, GError **error)
{
	g_autoptr(Query) query = query_new(store,
					   "SELECT name FROM repository WHERE run = ?1 AND pid != 0"
					   " ORDER BY queued_at, name LIMIT 1",
					   VALUES(INTEGER(run)), error);
	bool has_row = false;

	*name = NULL;
	if (query == NULL || !query_next(store, query, &has_row, error))
		return false;
	*name = has_row ? query_text(query, 0) : NULL;
	return true;
}

static Ticket *read_ticket(Query *query)
{
	Ticket *ticket = g_new0(Ticket, 1);

	ticket->repository = query_text(query, 0);
	ticket->owner = query_text(query, 1);
	ticket->is_owner = query_integer(query, 2) != 0;
	ticket->is_due_only = query_integer(query, 3) != 0;
	ticket->failures = query_integer(query, 4);
	ticket->generation = query_integer(query, 5);
	ticket->error = query_text(query, 6);
	ticket->quiet_until = query_integer(query, 7);
	return ticket;
}

bool queue_take(Store *store, int64_t run, pid_t pid, int64_t clock, Ticket **ticket,
		GError **error)
{
	g_autoptr(Query) query = query_new(
		store,
		"UPDATE repository SET pid = ?2, lease_until = ?3, tries = tries + 1,"
		" generation = generation + 1 WHERE name = (SELECT name" READY
		" ORDER BY failures > 0, queued_at, name LIMIT 1)"
		" RETURNING name, nullif(owner, ''), is_owner, is_due_only, failures, generation,"
		" error, quiet_until",
		VALUES(INTEGER(run), INTEGER(pid), INTEGER(clock + QUEUE_LEASE_S)), error);
	bool has_row = false;

	*ticket = NULL;
	if (query == NULL || !query_next(store, query, &has_row, error))
		return false;
	if (!has_row)
		return true;
	*ticket = read_ticket(query);
	(*ticket)->run = run;
	/* The statement takes effect when it is finished, not with its row. */
	if (query_next(store, query, &has_row, error))
		return true;
	g_clear_pointer(ticket, ticket_free);
	return false;
}

bool queue_hold(Store *store, const Ticket *ticket, int64_t clock, bool *is_held, GError **error)
{
	int64_t n_changed = 0;

	if (!query_run(store,
		       "UPDATE repository SET lease_until = ?3"
		       " WHERE name = ?1 AND generation = ?2 AND pid != 0",
		       VALUES(TEXT(ticket->repository), INTEGER(ticket->generation),
			      INTEGER(clock + QUEUE_LEASE_S)),
		       &n_changed, error))
		return false;
	*is_held = n_changed != 0;
	return true;
}

static bool remember_look(Store *store, const Ticket *ticket, const JobEnd *end, int64_t now,
			  GError **error)
{
	return query_run(store,
			 "UPDATE repository SET next_at = ?3, looked_at = ?4, quiet_until = ?5"
			 " WHERE name = ?1 AND generation = ?2 AND pid != 0",
			 VALUES(TEXT(ticket->repository), INTEGER(ticket->generation),
				INTEGER(end->next_at), INTEGER(now), INTEGER(end->quiet_until)),
			 NULL, error);
}

static bool remember_end(Store *store, const Ticket *ticket, const JobEnd *end, int64_t now,
			 GError **error)
{
	if (end->failure == NULL)
		return query_run(
			store,
			"UPDATE repository SET next_at = ?3, looked_at = ?4,"
			" succeeded_at = ?4, tip = coalesce(?5, tip), failure = NULL,"
			" error = NULL, failures = 0, is_quarantined = 0, quiet_until = ?6,"
			" token_expires_at = iif(?7 = 0, token_expires_at, ?7)"
			" WHERE name = ?1 AND generation = ?2 AND pid != 0",
			VALUES(TEXT(ticket->repository), INTEGER(ticket->generation),
			       INTEGER(end->next_at), INTEGER(now), TEXT(end->tip),
			       INTEGER(end->quiet_until), INTEGER(end->token_expires_at)),
			NULL, error);
	return query_run(store,
			 "UPDATE repository SET next_at = ?3, looked_at = ?4, failed_at = ?4,"
			 " tip = coalesce(?5, tip), failure = ?6, error = ?7,"
			 " failures = failures + 1, is_quarantined = 0, quiet_until = 0"
			 " WHERE name = ?1 AND generation = ?2 AND pid != 0",
			 VALUES(TEXT(ticket->repository), INTEGER(ticket->generation),
				INTEGER(end->next_at), INTEGER(now), TEXT(end->tip),
				TEXT(failure_word(failure_kind(end->failure))),
				TEXT(end->failure->message)),
			 NULL, error);
}

bool queue_done(Store *store, const Ticket *ticket, const JobEnd *end, int64_t now, GError **error)
{
	bool is_mine = false, is_good = false;

	if (!store_enter(store, &is_mine, error))
		return false;
	if (end->is_dry)
		is_good = true;
	else if (end->is_idle)
		is_good = remember_look(store, ticket, end, now, error);
	else
		is_good = remember_end(store, ticket, end, now, error);
	is_good = is_good &&
		  query_run(store,
			    "UPDATE repository SET run = 0, pid = 0, lease_until = 0, tries = 0"
			    " WHERE name = ?1 AND generation = ?2 AND pid != 0",
			    VALUES(TEXT(ticket->repository), INTEGER(ticket->generation)), NULL,
			    error);
	return store_leave(store, is_mine, is_good, error);
}

static bool find_held(Store *store, pid_t pid, char **repository, int64_t *tries, GError **error)
{
	g_autoptr(Query) query = query_new(
		store,
		"SELECT name, tries FROM repository WHERE run != 0 AND pid = ?1 AND pid != 0",
		VALUES(INTEGER(pid)), error);
	bool has_row = false;

	if (query == NULL || !query_next(store, query, &has_row, error))
		return false;
	if (has_row) {
		*repository = query_text(query, 0);
		*tries = query_integer(query, 1);
	}
	return true;
}

static bool quarantine(Store *store, const char *repository, const char *why, int64_t now,
		       GError **error)
{
	return query_run(store,
			 "UPDATE repository SET run = 0, pid = 0, lease_until = 0, tries = 0,"
			 " generation = generation + 1, is_quarantined = 1, looked_at = ?2,"
			 " failed_at = ?2, next_at = ?3, failure = ?4, error = ?5,"
			 " failures = failures + 1 WHERE name = ?1",
			 VALUES(TEXT(repository), INTEGER(now), INTEGER(now + QUEUE_QUARANTINE_S),
				TEXT(failure_word(FAILURE_IO)), TEXT(why)),
			 NULL, error);
}

static bool release(Store *store, pid_t pid, const char *why, bool is_strike, int64_t now,
		    char **repository, bool *is_quarantined, GError **error)
{
	g_autofree char *text = g_strdup_printf("%d workers ended while they had it; the last: %s",
						(int)QUEUE_STRIKES, why);
	int64_t tries = 0;

	if (!find_held(store, pid, repository, &tries, error))
		return false;
	if (*repository == NULL)
		return true;
	*is_quarantined = is_strike && tries >= QUEUE_STRIKES;
	if (*is_quarantined)
		return quarantine(store, *repository, text, now, error);
	return query_run(store,
			 "UPDATE repository SET pid = 0, lease_until = 0, tries = ?2,"
			 " generation = generation + 1 WHERE name = ?1",
			 VALUES(TEXT(*repository), INTEGER(is_strike ? tries : tries - 1)), NULL,
			 error);
}

bool queue_release(Store *store, pid_t pid, const char *why, bool is_strike, int64_t now,
		   char **repository, bool *is_quarantined, GError **error)
{
	bool is_mine = false, is_good = false;

	*repository = NULL;
	*is_quarantined = false;
	if (!store_enter(store, &is_mine, error))
		return false;
	is_good = release(store, pid, why, is_strike, now, repository, is_quarantined, error);
	if (store_leave(store, is_mine, is_good, error))
		return true;
	g_clear_pointer(repository, g_free);
	return false;
}

static gpointer read_number(Query *query)
{
	int64_t *number = g_new(int64_t, 1);

	*number = query_integer(query, 0);
	return number;
}

/* Whether it has ended and waits to be asked how: in a container for ever, where the first
 * process asks nobody. Its state stands behind its name, which may hold anything. */
static bool is_zombie(int64_t pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%" G_GINT64_FORMAT "/stat", pid);
	g_autofree char *text = NULL;
	const char *name_end = NULL;

	if (g_file_get_contents(path, &text, NULL, NULL))
		name_end = strrchr(text, ')');
	return name_end != NULL && g_str_has_prefix(name_end, ") Z");
}

/* A process of another user would answer EPERM, and be alive. */
static bool is_gone(int64_t pid)
{
	return (kill((pid_t)pid, 0) != 0 && errno == ESRCH) || is_zombie(pid);
}

bool queue_recover(Store *store, int64_t now, int64_t clock, GError **error)
{
	g_autoptr(GPtrArray) held =
		query_rows(store, "SELECT pid FROM repository WHERE run != 0 AND pid != 0",
			   NO_VALUES, read_number, g_free, error);
	g_autoptr(GPtrArray) runs = NULL;

	for (guint i = 0; held != NULL && i < held->len; i++) {
		int64_t pid = *(int64_t *)held->pdata[i];
		g_autofree char *repository = NULL;
		bool is_quarantined = false;

		if (is_gone(pid) && !queue_release(store, (pid_t)pid, "it was killed", true, now,
						   &repository, &is_quarantined, error))
			return false;
	}
	if (held != NULL)
		runs = query_rows(store, "SELECT id FROM run WHERE ended_at = 0", NO_VALUES,
				  read_number, g_free, error);
	for (guint i = 0; runs != NULL && i < runs->len; i++) {
		int64_t run = *(int64_t *)runs->pdata[i], pid = 0;

		if (!query_number(store, "SELECT pid FROM run WHERE id = ?1", VALUES(INTEGER(run)),
				  &pid, error) ||
		    (is_gone(pid) && !queue_end_run(store, run, clock, error)))
			return false;
	}
	return runs != NULL;
}

GArray *queue_overdue(Store *store, int64_t run, int64_t clock, GError **error)
{
	g_autoptr(GPtrArray) numbers =
		query_rows(store,
			   "SELECT pid FROM repository WHERE run = ?1 AND pid != 0"
			   " AND lease_until < ?2",
			   VALUES(INTEGER(run), INTEGER(clock)), read_number, g_free, error);
	GArray *pids = NULL;

	if (numbers == NULL)
		return NULL;
	pids = g_array_new(FALSE, FALSE, sizeof(pid_t));
	for (guint i = 0; i < numbers->len; i++) {
		pid_t pid = (pid_t) * (int64_t *)numbers->pdata[i];

		g_array_append_val(pids, pid);
	}
	return pids;
}

static gpointer read_entry(Query *query)
{
	EntryState *entry = g_new0(EntryState, 1);

	entry->key = query_text(query, 0);
	entry->digest = query_text(query, 1);
	entry->started_at = query_integer(query, 2);
	entry->next_due_at = query_integer(query, 3);
	entry->is_running = query_integer(query, 4) != 0;
	return entry;
}

static void free_entry(gpointer entry)
{
	entry_state_free(entry);
}

GPtrArray *queue_entries(Store *store, const char *repository, GError **error)
{
	return query_rows(store,
			  "SELECT key, digest, started_at, next_due_at, is_running FROM entry"
			  " WHERE repository = ?1 ORDER BY key",
			  VALUES(TEXT(repository)), read_entry, free_entry, error);
}

bool queue_start_entry(Store *store, const char *repository, const char *key, int64_t now,
		       GError **error)
{
	return query_run(store,
			 "INSERT INTO entry (repository, key, digest, started_at, next_due_at,"
			 " is_running) VALUES (?1, ?2, '', ?3, 0, 1) ON CONFLICT DO UPDATE"
			 " SET started_at = ?3, is_running = 1",
			 VALUES(TEXT(repository), TEXT(key), INTEGER(now)), NULL, error);
}

bool queue_finish_entry(Store *store, const char *repository, const char *key, const char *digest,
			int64_t next_due_at, bool is_whole, GError **error)
{
	return query_run(store,
			 "INSERT INTO entry (repository, key, digest, started_at, next_due_at,"
			 " is_running) VALUES (?1, ?2, ?3, 0, ?4, 0) ON CONFLICT DO UPDATE"
			 " SET digest = ?3, next_due_at = ?4, is_running = is_running AND NOT ?5",
			 VALUES(TEXT(repository), TEXT(key), TEXT(digest), INTEGER(next_due_at),
				INTEGER(is_whole)),
			 NULL, error);
}

static bool keep_entries(Store *store, const char *repository, const GPtrArray *keys,
			 GError **error)
{
	g_autoptr(GPtrArray) entries = queue_entries(store, repository, error);

	for (guint i = 0; entries != NULL && i < entries->len; i++) {
		const EntryState *entry = entries->pdata[i];

		if (!g_ptr_array_find_with_equal_func((GPtrArray *)keys, entry->key, g_str_equal,
						      NULL) &&
		    !query_run(store, "DELETE FROM entry WHERE repository = ?1 AND key = ?2",
			       VALUES(TEXT(repository), TEXT(entry->key)), NULL, error))
			return false;
	}
	return entries != NULL;
}

bool queue_keep_entries(Store *store, const char *repository, const GPtrArray *keys, GError **error)
{
	bool is_mine = false;

	return store_enter(store, &is_mine, error) &&
	       store_leave(store, is_mine, keep_entries(store, repository, keys, error), error);
}
