/* SPDX-License-Identifier: MIT */
#include "store/backlog.h"

#include "store/sql.h"

Waiting *waiting_new(WaitingKind kind, const char *entry, const char *title, const char *reason)
{
	Waiting *waiting = g_new0(Waiting, 1);

	waiting->kind = kind;
	waiting->entry = g_strdup(entry);
	waiting->title = g_strdup(title);
	waiting->reason = g_strdup(reason);
	return waiting;
}

void waiting_free(Waiting *waiting)
{
	if (waiting == NULL)
		return;
	g_free(waiting->repository);
	g_free(waiting->entry);
	g_free(waiting->title);
	g_free(waiting->reason);
	g_free(waiting);
}

static void free_waiting(gpointer waiting)
{
	waiting_free(waiting);
}

GPtrArray *waitings_new(void)
{
	return g_ptr_array_new_with_free_func(free_waiting);
}

const char *waiting_word(WaitingKind kind)
{
	static const char *const words[] = {
		[WAITING_HELD] = "held",
		[WAITING_LIMITED] = "limited",
		[WAITING_SKIPPED] = "skipped",
		[WAITING_FAILED] = "failed",
	};

	return words[kind];
}

static bool add(Store *store, const char *repository, const Waiting *waiting, GError **error)
{
	return query_run(store,
			 "INSERT INTO waiting (repository, entry, kind, title, reason, until)"
			 " SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS"
			 " (SELECT 1 FROM entry WHERE repository = ?1 AND key = ?2)",
			 VALUES(TEXT(repository), TEXT(waiting->entry), INTEGER(waiting->kind),
				TEXT(waiting->title), TEXT(waiting->reason),
				INTEGER(waiting->until)),
			 NULL, error);
}

/* As many of `list` as there is room for; the others, and `more`, as a number. */
static bool add_all(Store *store, const char *repository, const GPtrArray *list, guint more,
		    GError **error)
{
	g_autoptr(Waiting) others = NULL;
	const Waiting *first;
	int64_t present;
	guint fitting;

	if (!query_number(store, "SELECT count(*) FROM waiting WHERE repository = ?1",
			  VALUES(TEXT(repository)), &present, error))
		return false;
	fitting = (guint)CLAMP(BACKLOG_MOST - present, 0, (int64_t)list->len);
	for (guint i = 0; i < fitting; i++)
		if (!add(store, repository, g_ptr_array_index(list, i), error))
			return false;
	more += list->len - fitting;
	if (more == 0 || list->len == 0 || present > BACKLOG_MOST)
		return true;
	first = g_ptr_array_index(list, MIN(fitting, list->len - 1));
	others = waiting_new(first->kind, first->entry, NULL, NULL);
	others->title = g_strdup_printf("… and %u more", more);
	return add(store, repository, others, error);
}

static bool replace(Store *store, const char *repository, const GPtrArray *entries,
		    const GPtrArray *list, guint more, GError **error)
{
	for (guint i = 0; i < entries->len; i++)
		if (!query_run(store, "DELETE FROM waiting WHERE repository = ?1 AND entry = ?2",
			       VALUES(TEXT(repository), TEXT(g_ptr_array_index(entries, i))), NULL,
			       error))
			return false;
	return add_all(store, repository, list, more, error);
}

bool backlog_replace(Store *store, const char *repository, const GPtrArray *entries,
		     const GPtrArray *list, guint more, GError **error)
{
	bool is_mine = false;

	return store_enter(store, &is_mine, error) &&
	       store_leave(store, is_mine, replace(store, repository, entries, list, more, error),
			   error);
}

static gpointer read_waiting(Query *query)
{
	Waiting *waiting = g_new0(Waiting, 1);
	int column = 0;

	waiting->repository = query_text(query, column++);
	waiting->entry = query_text(query, column++);
	waiting->kind = (WaitingKind)query_integer(query, column++);
	waiting->title = query_text(query, column++);
	waiting->reason = query_text(query, column++);
	waiting->until = query_integer(query, column++);
	return waiting;
}

GPtrArray *backlog_list(Store *store, GError **error)
{
	return query_rows(store,
			  "SELECT repository, entry, kind, title, reason, until FROM waiting"
			  " ORDER BY repository, kind, title, id",
			  NO_VALUES, read_waiting, free_waiting, error);
}
