/* SPDX-License-Identifier: MIT */
/* The workers of one run: as many as its jobs need, within the limit; killed
 * when they hold a job beyond its lease; what the dead held is given back.
 *
 * The service and --run-once differ only in which jobs they queue and what they
 * do when none are left.
 */
#pragma once

#include "daemon/daemon.h"
#include "daemon/pool.h"

typedef struct Crew Crew;

enum { CREW_SPARE = 3 };

/* What a worker says goes to standard output if its form is the events of --json
 * or the reports of --run-once; `tell` is called after a worker has ended and its
 * jobs were given back. `call`, `store` and `data` are borrowed. */
Crew *crew_new(const Call *call, Store *store, int64_t run, const Watching *watching,
	       void (*tell)(void *data), void *data);
void crew_free(Crew *crew);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Crew, crew_free)

/* Takes to new settings: how many workers there may be from now on, and how much the
 * next ones say. */
void crew_follow(Crew *crew, const Watching *watching);

/* How many workers there are. */
guint crew_size(const Crew *crew);

/* Starts as many workers as jobs wait for one, within the limit, and kills those
 * that are overdue. Those that have been silent for QUEUE_SILENT_S do not count, up to
 * CREW_SPARE times the limit: a remote that hangs keeps nobody waiting for long.
 * Errors: IO; LIMIT if workers end one after the other without taking a job. */
bool crew_feed(Crew *crew, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether jobs waited in vain for a worker when the crew was fed last. */
bool crew_is_short(const Crew *crew);

/* Ends all workers; none is started any more, and their jobs go back without a
 * strike. `tell` is called as they end. They get SIGTERM, and those that are left after
 * STOP_HARD_MS of the main loop get SIGKILL. */
void crew_stop(Crew *crew);
