/* SPDX-License-Identifier: MIT */
#include "store/journal.h"

#include "store/sql.h"

enum { RETENTION_S = 180 * 24 * 60 * 60 };

const char *plan_state_word(PlanState state)
{
	static const char *const words[PLAN_STATES] = {
		[PLAN_PLANNED] = "planned", [PLAN_PUSHED] = "pushed",
		[PLAN_OPEN] = "open",       [PLAN_DONE] = "done",
		[PLAN_EDITED] = "edited",   [PLAN_SUPERSEDED] = "superseded",
		[PLAN_CLOSED] = "closed",   [PLAN_REFUSED] = "refused",
		[PLAN_MERGED] = "merged",
	};

	return words[state];
}

static void plan_member_free(gpointer data)
{
	PlanMember *member = data;

	g_free(member->ecosystem);
	g_free(member->name);
	g_free(member->directory);
	g_free(member->from);
	g_free(member->to);
	g_free(member);
}

PlanRecord *plan_record_new(void)
{
	PlanRecord *record = g_new0(PlanRecord, 1);

	record->members = g_ptr_array_new_with_free_func(plan_member_free);
	return record;
}

void plan_record_free(PlanRecord *record)
{
	if (record == NULL)
		return;
	g_free(record->repository);
	g_free(record->base);
	g_free(record->update_key);
	g_free(record->entry);
	g_free(record->branch);
	g_free(record->title);
	g_free(record->base_oid);
	g_free(record->expected_old);
	g_free(record->new_oid);
	g_free(record->set_key);
	g_free(record->url);
	g_free(record->reason);
	g_free(record->allowed);
	g_clear_pointer(&record->members, g_ptr_array_unref);
	g_free(record);
}

void plan_record_add(PlanRecord *record, const char *ecosystem, const char *name,
		     const char *directory, const char *from, const char *to)
{
	PlanMember *member = g_new0(PlanMember, 1);

	member->ecosystem = g_strdup(ecosystem);
	member->name = g_strdup(name);
	member->directory = g_strdup(directory);
	member->from = g_strdup(from);
	member->to = g_strdup(to);
	g_ptr_array_add(record->members, member);
}

HeadState journal_judge(const PlanRecord *record, const char *remote, bool is_ours)
{
	if (remote == NULL)
		return record->state == PLAN_PLANNED && record->expected_old == NULL ? HEAD_READY
										     : HEAD_DELETED;
	if (g_str_equal(remote, record->new_oid))
		return HEAD_PUSHED;
	if (record->state == PLAN_PLANNED && g_strcmp0(remote, record->expected_old) == 0)
		return HEAD_READY;
	return is_ours ? HEAD_BEHIND : HEAD_FOREIGN;
}

#define PLAN_COLUMNS                                                                               \
	"id, repository, base, update_key, entry, branch, title, base_oid, expected_old, new_oid," \
	" set_key, commit_time, state, number, url, reason, merging, opened_at, changed_at,"       \
	" generation, allowed"

static gpointer read_plan(Query *query)
{
	PlanRecord *record = plan_record_new();
	char **const texts[] = {
		&record->repository, &record->base,    &record->update_key, &record->entry,
		&record->branch,     &record->title,   &record->base_oid,   &record->expected_old,
		&record->new_oid,    &record->set_key,
	};
	int column = 0;

	record->id = query_integer(query, column++);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		*texts[i] = query_text(query, column++);
	record->commit_time = query_integer(query, column++);
	record->state = (PlanState)query_integer(query, column++);
	record->number = query_integer(query, column++);
	record->url = query_text(query, column++);
	record->reason = query_text(query, column++);
	record->merging = (PlanMerging)query_integer(query, column++);
	record->opened_at = query_integer(query, column++);
	record->changed_at = query_integer(query, column++);
	record->generation = query_integer(query, column++);
	record->allowed = query_text(query, column++);
	return record;
}

static void free_plan(gpointer record)
{
	plan_record_free(record);
}

static bool read_members(Store *store, PlanRecord *record, GError **error)
{
	g_autoptr(Query) query =
		query_new(store,
			  "SELECT ecosystem, name, directory, from_version, to_version"
			  " FROM member WHERE plan = ?1 ORDER BY place",
			  VALUES(INTEGER(record->id)), error);
	bool has_row = query != NULL;

	while (has_row) {
		g_autofree char *ecosystem = NULL, *name = NULL, *directory = NULL;
		g_autofree char *from = NULL, *to = NULL;

		if (!query_next(store, query, &has_row, error))
			return false;
		if (!has_row)
			return true;
		ecosystem = query_text(query, 0);
		name = query_text(query, 1);
		directory = query_text(query, 2);
		from = query_text(query, 3);
		to = query_text(query, 4);
		plan_record_add(record, ecosystem, name, directory, from, to);
	}
	return false;
}

/* Plans with their members, from a statement that selects PLAN_COLUMNS. */
static GPtrArray *read_plans(Store *store, const char *sql, const Value *values, GError **error)
{
	g_autoptr(GPtrArray) plans = query_rows(store, sql, values, read_plan, free_plan, error);

	for (guint i = 0; plans != NULL && i < plans->len; i++)
		if (!read_members(store, plans->pdata[i], error))
			return NULL;
	return g_steal_pointer(&plans);
}

/* The one plan of such a statement; `*found` NULL if there is none. */
static bool read_one(Store *store, const char *sql, const Value *values, PlanRecord **found,
		     GError **error)
{
	g_autoptr(GPtrArray) plans = read_plans(store, sql, values, error);

	*found = NULL;
	if (plans == NULL)
		return false;
	if (plans->len > 0)
		*found = g_ptr_array_steal_index(plans, 0);
	return true;
}

GPtrArray *journal_plans(Store *store, const char *repository, GError **error)
{
	if (repository == NULL)
		return read_plans(store,
				  "SELECT " PLAN_COLUMNS " FROM plan WHERE state <= 5"
				  " ORDER BY repository, branch",
				  NO_VALUES, error);
	return read_plans(store,
			  "SELECT " PLAN_COLUMNS " FROM plan WHERE repository = ?1 AND state <= 5"
			  " ORDER BY branch",
			  VALUES(TEXT(repository)), error);
}

GPtrArray *journal_conversations(Store *store, const char *repository, GError **error)
{
	return read_plans(store,
			  "SELECT " PLAN_COLUMNS " FROM plan WHERE state != 8 AND id IN"
			  " (SELECT max(id) FROM plan WHERE repository = ?1 AND number != 0"
			  "  GROUP BY number)"
			  " ORDER BY number DESC LIMIT 500",
			  VALUES(TEXT(repository)), error);
}

bool journal_find(Store *store, const char *repository, const char *branch, PlanRecord **found,
		  GError **error)
{
	return read_one(store,
			"SELECT " PLAN_COLUMNS " FROM plan WHERE repository = ?1 AND branch = ?2"
			" ORDER BY id DESC LIMIT 1",
			VALUES(TEXT(repository), TEXT(branch)), found, error);
}

static bool write_members(Store *store, const PlanRecord *record, GError **error)
{
	for (guint i = 0; i < record->members->len; i++) {
		const PlanMember *member = record->members->pdata[i];

		if (!query_run(store,
			       "INSERT INTO member (plan, place, ecosystem, name, directory,"
			       " from_version, to_version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			       VALUES(INTEGER(record->id), INTEGER(i), TEXT(member->ecosystem),
				      TEXT(member->name), TEXT(member->directory),
				      TEXT(member->from), TEXT(member->to)),
			       NULL, error))
			return false;
	}
	return true;
}

/* The row that stands on the branch now, if it lives; what it has is kept. */
static bool take_over(Store *store, PlanRecord *record, GError **error)
{
	g_autoptr(PlanRecord) old = NULL;

	if (!read_one(store,
		      "SELECT " PLAN_COLUMNS
		      " FROM plan WHERE repository = ?1 AND branch = ?2 AND state <= 5",
		      VALUES(TEXT(record->repository), TEXT(record->branch)), &old, error))
		return false;
	record->id = 0;
	record->generation = 0;
	if (old == NULL)
		return true;
	record->id = old->id;
	record->generation = old->generation;
	record->number = old->number;
	record->merging = old->merging;
	record->opened_at = old->opened_at;
	g_free(record->url);
	record->url = g_steal_pointer(&old->url);
	g_free(record->allowed);
	record->allowed = g_steal_pointer(&old->allowed);
	return true;
}

static bool supersede(Store *store, const PlanRecord *record, int64_t now, GError **error)
{
	return query_run(store,
			 "UPDATE plan SET state = ?5, changed_at = ?6, generation = generation + 1"
			 " WHERE repository = ?1 AND base = ?2 AND update_key = ?3 AND state <= 4"
			 " AND id != ?4",
			 VALUES(TEXT(record->repository), TEXT(record->base),
				TEXT(record->update_key), INTEGER(record->id),
				INTEGER(PLAN_SUPERSEDED), INTEGER(now)),
			 NULL, error);
}

/* A row that is taken over goes first, with its members, and its id is used
 * again. Nothing else is replaced: a second living plan would be an error. */
static bool write_plan(Store *store, PlanRecord *record, int64_t now, GError **error)
{
	record->state = PLAN_PLANNED;
	record->generation++;
	record->changed_at = now;
	g_clear_pointer(&record->reason, g_free);
	return query_run(store, "DELETE FROM plan WHERE id = ?1", VALUES(INTEGER(record->id)), NULL,
			 error) &&
	       query_number(
		       store,
		       "INSERT INTO plan (" PLAN_COLUMNS ") VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5,"
		       " ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, NULL, ?16, ?17, ?18, ?19,"
		       " ?20)"
		       " RETURNING id",
		       VALUES(INTEGER(record->id), TEXT(record->repository), TEXT(record->base),
			      TEXT(record->update_key), TEXT(record->entry), TEXT(record->branch),
			      TEXT(record->title), TEXT(record->base_oid),
			      TEXT(record->expected_old), TEXT(record->new_oid),
			      TEXT(record->set_key), INTEGER(record->commit_time),
			      INTEGER(record->state), INTEGER(record->number), TEXT(record->url),
			      INTEGER(record->merging), INTEGER(record->opened_at), INTEGER(now),
			      INTEGER(record->generation), TEXT(record->allowed)),
		       &record->id, error);
}

static bool plan(Store *store, PlanRecord *record, int64_t now, GError **error)
{
	return take_over(store, record, error) && supersede(store, record, now, error) &&
	       write_plan(store, record, now, error) && write_members(store, record, error) &&
	       query_run(store,
			 "INSERT INTO own_commit (repository, oid) VALUES (?1, ?2)"
			 " ON CONFLICT DO NOTHING",
			 VALUES(TEXT(record->repository), TEXT(record->new_oid)), NULL, error);
}

bool journal_plan(Store *store, const Ticket *ticket, PlanRecord *record, int64_t now,
		  int64_t clock, bool *is_held, GError **error)
{
	bool is_mine = false, is_good = false;

	*is_held = false;
	if (!store_enter(store, &is_mine, error))
		return false;
	is_good = queue_hold(store, ticket, clock, is_held, error) &&
		  (!*is_held || plan(store, record, now, error));
	return store_leave(store, is_mine, is_good, error);
}

static bool move(Store *store, PlanRecord *record, PlanState state, int64_t now, bool *is_held,
		 GError **error)
{
	int64_t opened_at = state == PLAN_OPEN && record->opened_at == 0 ? now : record->opened_at;
	int64_t n_changed = 0;

	if (!query_run(store,
		       "UPDATE plan SET state = ?3, number = ?4, url = ?5, reason = ?6,"
		       " merging = ?7, opened_at = ?8, changed_at = ?9, allowed = ?10,"
		       " generation = generation + 1"
		       " WHERE id = ?1 AND generation = ?2",
		       VALUES(INTEGER(record->id), INTEGER(record->generation), INTEGER(state),
			      INTEGER(record->number), TEXT(record->url), TEXT(record->reason),
			      INTEGER(record->merging), INTEGER(opened_at), INTEGER(now),
			      TEXT(record->allowed)),
		       &n_changed, error))
		return false;
	*is_held = n_changed != 0;
	if (!*is_held)
		return true;
	record->state = state;
	record->generation++;
	record->opened_at = opened_at;
	record->changed_at = now;
	return true;
}

bool journal_move(Store *store, const Ticket *ticket, PlanRecord *record, PlanState state,
		  int64_t now, int64_t clock, bool *is_held, GError **error)
{
	bool is_mine = false, is_good = false;

	*is_held = false;
	if (!store_enter(store, &is_mine, error))
		return false;
	is_good = queue_hold(store, ticket, clock, is_held, error) &&
		  (!*is_held || move(store, record, state, now, is_held, error));
	return store_leave(store, is_mine, is_good, error);
}

bool journal_hold(Store *store, const Ticket *ticket, const PlanRecord *record, int64_t clock,
		  bool *is_held, GError **error)
{
	int64_t is_same = 0;

	if (!queue_hold(store, ticket, clock, is_held, error))
		return false;
	if (!*is_held)
		return true;
	if (!query_number(store, "SELECT 1 FROM plan WHERE id = ?1 AND generation = ?2",
			  VALUES(INTEGER(record->id), INTEGER(record->generation)), &is_same,
			  error))
		return false;
	*is_held = is_same != 0;
	return true;
}

bool journal_count_opened(Store *store, const char *repository, const char *entry, int64_t since,
			  int64_t *count, GError **error)
{
	*count = 0;
	return query_number(store,
			    "SELECT count(*) FROM plan WHERE repository = ?1 AND entry = ?2"
			    " AND update_key NOT LIKE 'rules|%'" /* identity_amendments() */
			    " AND (opened_at >= ?3 OR (opened_at = 0 AND expected_old IS NULL AND"
			    " commit_time >= ?3))",
			    VALUES(TEXT(repository), TEXT(entry), INTEGER(since)), count, error);
}

bool journal_is_ours(Store *store, const char *repository, const char *oid, bool *is_ours,
		     GError **error)
{
	int64_t is_known = 0;

	if (!query_number(store, "SELECT 1 FROM own_commit WHERE repository = ?1 AND oid = ?2",
			  VALUES(TEXT(repository), TEXT(oid)), &is_known, error))
		return false;
	*is_ours = is_known != 0;
	return true;
}

bool journal_refuse(Store *store, const char *repository, const char *base, const char *set_key,
		    int64_t now, GError **error)
{
	return query_run(store,
			 "INSERT INTO refusal (repository, base, set_key, refused_at)"
			 " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
			 VALUES(TEXT(repository), TEXT(base), TEXT(set_key), INTEGER(now)), NULL,
			 error);
}

bool journal_forgive(Store *store, const char *repository, const char *base, const char *set_key,
		     GError **error)
{
	return query_run(store,
			 "DELETE FROM refusal WHERE repository = ?1 AND base = ?2 AND set_key = ?3",
			 VALUES(TEXT(repository), TEXT(base), TEXT(set_key)), NULL, error);
}

bool journal_is_refused(Store *store, const char *repository, const char *base, const char *set_key,
			bool *is_refused, GError **error)
{
	int64_t is_there = 0;

	if (!query_number(store,
			  "SELECT 1 FROM refusal"
			  " WHERE repository = ?1 AND base = ?2 AND set_key = ?3",
			  VALUES(TEXT(repository), TEXT(base), TEXT(set_key)), &is_there, error))
		return false;
	*is_refused = is_there != 0;
	return true;
}

bool journal_forget(Store *store, int64_t now, GError **error)
{
	return query_run(store, "DELETE FROM plan WHERE state > 5 AND changed_at < ?1",
			 VALUES(INTEGER(now - RETENTION_S)), NULL, error);
}
