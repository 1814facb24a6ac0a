/* SPDX-License-Identifier: MIT */
/* The state database: STATE/upkeepd.db, SQLite in WAL mode with full sync.
 *
 * The one user of SQLite. Any number of processes may have it open; one writes
 * at a time, the others wait up to 5 s. What was committed survives a power
 * cut. Opening checks, migrates and refuses what is foreign or newer. Never
 * holds a token. A Store belongs to one thread and does not survive fork().
 * Source: operations.md 4 and 8, pull-requests.md 15.
 */
#pragma once

#include "upkeepd/fail.h"
#include "upkeepd/world.h"

/* Opens or creates the database in `directory` (created 0700 if missing).
 *
 * A process that is the only one to have it open also repairs: an older
 * database is saved as upkeepd.db.vN and migrated; one that was not closed
 * cleanly is checked, and set aside if it is corrupt (store_set_aside).
 *
 * Errors: IO if it cannot be opened, is locked for 5 s, the disk is full, or it
 * is corrupt or older while another process has it open; CONFIG if it belongs
 * to another program or a newer upkeepd. */
Store *store_open(const char *directory, int64_t now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* As above but never writes; for `status`. Errors: ABSENT if there is none. */
Store *store_open_readonly(const char *directory, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/* How long statements from now on wait for another writer; 5 s at first. For a
 * program that must react sooner. */
void store_set_wait(Store *store, int wait_ms);

/* The file that a corrupt database was renamed to when this one was opened (and
 * begun anew); NULL: there was no such need. To be said loudly. */
const char *store_set_aside(const Store *store);

/* Reads the whole database and holds it against its own rules.
 * Errors: IO if it is damaged; it is then set aside at the next opening. */
bool store_check(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether damage was met since it was opened: nothing of it can be relied on any
 * more, and only opening it anew mends it. */
bool store_is_damaged(const Store *store);

/* Gives the space of what was deleted back and refreshes the statistics; for
 * the end of a run. What fails here is no loss. */
void store_tidy(Store *store);

/* Everything between begin and commit happens or does not. Not nested. Takes
 * the write lock at once, so nothing slow belongs inside. store_rollback after
 * a failed step; closing rolls back too. Without begin each call below store/
 * is a transaction of its own, with one sync. */
bool store_begin(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool store_commit(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void store_rollback(Store *store);
