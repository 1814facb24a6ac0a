/* SPDX-License-Identifier: MIT */
/* What the parts of the daemon share: how it was called, how it ends.
 *
 * The daemon never touches the network and never reads bytes from a repository
 * or registry: its workers do, and every command that does is the worker.
 */
#pragma once

#include "base/end.h"
#include "store/store.h"

typedef struct {
	char *config, *state, *color; /* as given; NULL */
	char *now_text;               /* --now; NULL: the clock runs */
	int64_t now;                  /* of now_text */
	gboolean json, offline, quiet, verbose;
	gboolean run_once, due, dry_run;
	char **arguments; /* repositories of --run-once; NULL-terminated, borrowed */
} Call;

/* The run's clock; Unix seconds. */
int64_t call_now(const Call *call);

/* CPU time of this process and of the workers that have ended. */
int64_t cpu_used_ms(void);

/* Forgets what is old and gives its space back. */
bool clean_up(Store *store, int64_t now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the store and says what there is to say about it. */
Store *open_store(const Call *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What else the settings say that the daemon needs. */
typedef struct {
	int workers;
	int verbosity;  /* of log_start(); -q and -v come first */
	int n_unusable; /* repositories that are in error and not watched */
	bool has_page;  /* upkeepd-listen is to run */
} Watching;

/* Makes the watched set of the store that of the settings, prints all mistakes in
 * them, and logs as much as they say from now on.
 * Errors: CONFIG if they cannot be used, IO. */
bool watch_settings(const Call *call, Store *store, Watching *watching, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The path of upkeepd-worker or upkeepd-listen: beside this program, else in the libexec
 * of its tree; the caller's. */
char *program_path(const char *name);

End serve(const Call *call);          /* the service */
End run_once(const Call *call);       /* --run-once */
End status_command(const Call *call); /* status */

/* One line for the log: how many repositories, what is next, what is wrong; the
 * caller's. */
char *status_summary(Store *store, int64_t now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
