/* SPDX-License-Identifier: MIT */
/* The state database: STATE/upkeepd.db, SQLite in WAL mode with full sync.
 *
 * The one user of SQLite. Opening checks, migrates and refuses what is foreign
 * or newer. Never holds a token. Source: operations.md 4 and 8, pull-requests.md 15.
 */
#pragma once

#include "upkeepd/fail.h"
#include "upkeepd/world.h"

/* Opens or creates the database in `directory` (created 0700 if missing).
 * Errors: IO if it cannot be opened, is locked for 5 s, or the disk is full;
 * CONFIG if it belongs to another program or a newer upkeepd. A corrupt one is
 * set aside as upkeepd.db.corrupt-TIME, said by a warning, and begun anew. */
Store *store_open(const char *directory, int64_t now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As above but never writes; for `status`. Errors: ABSENT if there is none. */
Store *store_open_readonly(const char *directory, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/* Everything between begin and commit happens or does not. Not nested.
 * store_rollback after a failed step; closing rolls back too. */
bool store_begin(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool store_commit(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void store_rollback(Store *store);
