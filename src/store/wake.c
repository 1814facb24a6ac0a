/* SPDX-License-Identifier: MIT */
#include "store/wake.h"

#include "store/sql.h"

bool wake_repository(Store *store, const char *path, int64_t now, int64_t *n_woken, GError **error)
{
	g_autofree char *ending = g_strconcat("/", path, NULL);
	g_autofree char *with_git = g_strconcat("/", path, ".git", NULL);

	/* Compared as they are, not as patterns. */
	return query_run(store,
			 "UPDATE repository"
			 " SET next_at = min(next_at, max(?3, looked_at + ?4)), quiet_until = 0"
			 " WHERE is_watched = 1 AND is_owner = 0 AND is_quarantined = 0 AND"
			 " (lower(substr(name, -length(?1))) = lower(?1)"
			 "  OR lower(substr(name, -length(?2))) = lower(?2))",
			 VALUES(TEXT(ending), TEXT(with_git), INTEGER(now), INTEGER(WAKE_CALM_S)),
			 n_woken, error);
}

bool wake_deliver(Store *store, const char *delivery, int64_t now, bool *is_new, GError **error)
{
	int64_t count = 0;
	bool is_good;

	*is_new = false;
	is_good = query_run(store, "DELETE FROM delivery WHERE delivered_at < ?1",
			    VALUES(INTEGER(now - WAKE_REMEMBERED_S)), NULL, error) &&
		  query_run(store,
			    "INSERT INTO delivery (id, delivered_at) VALUES (?1, ?2)"
			    " ON CONFLICT DO NOTHING",
			    VALUES(TEXT(delivery), INTEGER(now)), &count, error);
	*is_new = is_good && count > 0;
	return is_good;
}
