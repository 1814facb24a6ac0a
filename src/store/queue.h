/* SPDX-License-Identifier: MIT */
/* Whose turn it is: watched repositories, their due times, and the queue of jobs.
 *
 * A repository is known by its name, the URL or path of the settings. It has at
 * most one job at a time, so that work on it is serial whoever does it. A job
 * belongs to a run (the service, or one --run-once), whose workers alone take
 * it. Taking is one statement that also sets the worker's pid and a lease; a
 * worker that has lost its lease finds out before each effect (queue_hold) and
 * stops. What a dead worker held goes back, three times at most; then the
 * repository is left alone for a day (quarantine).
 *
 * Two clocks: `now` is the run's (--now), for due times; `clock` is the machine's,
 * for leases, which bound real work. Both Unix seconds.
 * Errors: IO, as store.h. Source: operations.md 4, dependabot-yml.md 4.2.
 */
#pragma once

#include "store/store.h"

#include <sys/types.h>

enum {
	QUEUE_LEASE_S = 30 * 60,           /* longer than a few transfers, LIMIT_TRANSFER_MS */
	QUEUE_SILENT_S = 10,               /* at a job without a sign of life: it may hang */
	QUEUE_STRIKES = 3,                 /* workers that may die on one job */
	QUEUE_QUARANTINE_S = 24 * 60 * 60, /* what follows */
	/* Nobody plans further ahead: a clock was wrong, and the look is due at once. */
	QUEUE_FAR_S = 8 * 24 * 60 * 60,
};

/* One watched repository, for `status` and for the decision to look at it. */
typedef struct {
	char *name;
	char *owner;         /* found below this one of the settings; NULL: stands there itself */
	bool is_owner;       /* not a repository but all those below it */
	int64_t next_at;     /* when it is looked at next; 0: at once */
	int64_t next_due_at; /* the soonest of its entries; 0: never, or not known */
	int64_t looked_at, succeeded_at, failed_at; /* 0: never */
	char *tip;                                  /* the commit seen last; NULL */
	char *failure;            /* failure_word() of the last failure, NULL once it succeeded */
	char *error;              /* its text; NULL */
	int64_t failures;         /* in a row */
	bool is_quarantined;      /* its workers died; next_at says until when */
	bool is_running;          /* a worker has it */
	int64_t token_expires_at; /* INT64_MAX: never; 0: not known */
} Watched;

void watched_free(Watched *watched);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Watched, watched_free)

/* Makes the watched set what the settings say: `names` and `owners` (of char *).
 * New ones are due at once; what is gone is no longer looked at, but its memory
 * stays; repositories found below an owner stay as long as it does. */
bool queue_watch(Store *store, const GPtrArray *names, const GPtrArray *owners, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* All that are watched, by name; of Watched. */
GPtrArray *queue_watched(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One of them, watched or not; `*found` NULL: unheard of. */
bool queue_find(Store *store, const char *name, Watched **found, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Begins a run of the process `pid`; `*run` is its number, never used again. */
bool queue_start_run(Store *store, bool is_service, pid_t pid, int64_t clock, int64_t *run,
		     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Ends it: its jobs that still wait are dropped. */
bool queue_end_run(Store *store, int64_t run, int64_t clock, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* What became of a wish to queue a job. */
typedef enum {
	QUEUE_ADDED,
	QUEUE_BUSY, /* another worker has this repository now */
} QueueAnswer;

/* Queues one repository for `run`, taking over a job that only waits or whose
 * lease has run out. `is_due_only`: only its entries that are due. */
bool queue_add(Store *store, int64_t run, const char *name, bool is_due_only, int64_t clock,
	       QueueAnswer *answer, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Queues every watched repository whose next_at has come or is too far away, due
 * entries only; `*n_added` is how many. Costs one SELECT when there is none. */
bool queue_add_due(Store *store, int64_t run, int64_t now, int64_t clock, int64_t *n_added,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The soonest next_at of all watched without a job (0 if it is too far away), and whose it
 * is (the caller's); INT64_MAX and NULL if there is none. */
bool queue_next_at(Store *store, int64_t now, int64_t *at, char **name, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* How many jobs of the run wait, and how many are held by workers. */
bool queue_count(Store *store, int64_t run, int64_t *n_waiting, int64_t *n_held, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* How many of those that wait could be taken now. */
bool queue_count_ready(Store *store, int64_t run, int64_t *n_ready, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* How many jobs of the run are in the hands of workers that gave no sign of life
 * (queue_hold) for QUEUE_SILENT_S. */
bool queue_count_silent(Store *store, int64_t run, int64_t clock, int64_t *n_silent, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The repository of the run that a worker has had in hand for longest; NULL; the caller's. */
bool queue_oldest(Store *store, int64_t run, char **name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A job in a worker's hands. */
typedef struct {
	int64_t run;
	char *repository;
	char *owner; /* as Watched */
	bool is_owner;
	bool is_due_only;
	int64_t failures;    /* as Watched, before this job */
	char *error;         /* the same */
	int64_t quiet_until; /* only what people say can make what is due before that */
	int64_t generation;  /* of the lease */
} Ticket;

void ticket_free(Ticket *ticket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ticket, ticket_free)

/* Takes the oldest waiting job of the run; `*ticket` NULL if there is none. Repositories
 * that failed last time come last, and one at a time: what hangs holds one worker, and
 * never keeps the others waiting. */
bool queue_take(Store *store, int64_t run, pid_t pid, int64_t clock, Ticket **ticket,
		GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Renews the lease; `*is_held` false: it was lost, nothing more may be done for it. */
bool queue_hold(Store *store, const Ticket *ticket, int64_t clock, bool *is_held, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The repositories below the owner whose ticket this is are exactly `names` (of char
 * *): what a worker found by asking the forge. They become watched, and are queued
 * for the ticket's run: all, or those that are due if the ticket says so. */
bool queue_watch_below(Store *store, const Ticket *ticket, const GPtrArray *names, int64_t now,
		       int64_t clock, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How a job ended. */
typedef struct {
	bool is_dry;              /* remember nothing of it */
	bool is_idle;             /* nothing was due: what went wrong before still does */
	int64_t next_at;          /* when to look again; of a failure: not before */
	int64_t quiet_until;      /* as Ticket */
	int64_t token_expires_at; /* as Watched; 0: what was known still holds */
	const char *tip;          /* the commit that was looked at; NULL: unknown */
	const GError *failure;    /* NULL: it succeeded */
} JobEnd;

/* Gives the ticket back, done. Nothing happens if it was lost. */
bool queue_done(Store *store, const Ticket *ticket, const JobEnd *end, int64_t now, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* What a worker held that is no more goes back to the queue; `why` says how the
 * worker ended. With `is_strike` this counts, and the third time the repository
 * goes into quarantine instead. `*repository` is what it had, NULL if nothing;
 * the caller's. */
bool queue_release(Store *store, pid_t pid, const char *why, bool is_strike, int64_t now,
		   char **repository, bool *is_quarantined, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Releases what dead processes held, a strike each, and ends the runs of dead ones. */
bool queue_recover(Store *store, int64_t now, int64_t clock, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The workers of a run whose lease has run out by `clock`; of pid_t. */
GArray *queue_overdue(Store *store, int64_t run, int64_t clock, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* What is remembered of one `updates:` entry. Its key is made by the caller of
 * what dependabot-yml.md 4.2 names; the digest covers what it says. */
typedef struct {
	char *key, *digest;
	int64_t started_at;  /* of the last scheduled run */
	int64_t next_due_at; /* INT64_MAX: never */
	bool is_running;     /* started and not finished: the worker died, or missed something */
} EntryState;

void entry_state_free(EntryState *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EntryState, entry_state_free)

/* All entries of a repository, by key; of EntryState. */
GPtrArray *queue_entries(Store *store, const char *repository, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Before the work of an entry begins: started_at, and that it runs. Creates it. */
bool queue_start_entry(Store *store, const char *repository, const char *key, int64_t now,
		       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* After it, or when only its schedule has changed: what it says, and when it is
 * due next. `is_whole` false: something was missed, it still runs. Creates it. */
bool queue_finish_entry(Store *store, const char *repository, const char *key, const char *digest,
			int64_t next_due_at, bool is_whole, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Forgets every entry of a repository whose key is not among `keys` (of char *). */
bool queue_keep_entries(Store *store, const char *repository, const GPtrArray *keys, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
