/* SPDX-License-Identifier: MIT */
/* The worker's loop: take a job, have the work done, record what became of it.
 *
 * `upkeepd-worker [OPTION…] jobs [RUN [report] [dry-run]]` is how the daemon calls
 * it, with --state, --config, --json, --offline, --now, -q and -v as it was given
 * them itself. RUN is the run whose jobs it takes (store/queue.h); without one it
 * begins its own, of what is due: the debugger's way in. It ends when no job of
 * the run waits, after JOBS_PER_WORKER, or past JOBS_PEAK_KIB; the daemon starts
 * another as long as jobs wait.
 *
 * Standard output: events with --json, a line each; with `report` a text for a
 * person, each repository's ended by a NUL; else nothing. What a worker took is
 * in the store (store/visit.h) when the job is done; its exit status says only
 * whether the loop itself could work.
 */
#pragma once

#include "net/http.h"
#include "worker/turn.h"

enum { JOBS_PER_WORKER = 20, JOBS_PEAK_KIB = 96 * 1024 };

/* What is done with each job; made once a worker, so that connections stay warm
 * from job to job. */
typedef struct {
	/* Settings, connections; the caller's to close.
	 * Errors: any; none of the jobs can be done. */
	void *(*open)(const Invocation *invocation, Store *store,
		      GError **error)G_GNUC_WARN_UNUSED_RESULT;

	/* One turn: fills turn->next_at and tip, says and adds outcomes. A failed plan
	 * is an outcome; an error ends the turn and is reported by the loop.
	 * Before each effect outside: journal_hold(). */
	bool (*work)(void *session, Turn *turn, GError **error) G_GNUC_WARN_UNUSED_RESULT;

	/* Whose requests are counted, and whose answers are signs of life; NULL: nobody's. */
	Http *(*http)(void *session);

	void (*close)(void *session);
} JobWork;

/* When a repository whose job failed so is looked at again (style.md 9).
 * `failures` is how many failed in a row before this one. */
int64_t jobs_retry_at(const GError *failure, int64_t failures, int64_t now);

/* The loop; see above for invocation->arguments. */
End jobs_run(const Invocation *invocation, const JobWork *work);
