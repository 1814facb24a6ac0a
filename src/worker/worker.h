/* SPDX-License-Identifier: MIT */
/* What the commands of upkeepd-worker share: how they were called, how they end. */
#pragma once

#include "base/end.h"
#include "upkeepd/world.h"

/* How a command was called. Strings are owned. */
typedef struct {
	char *config; /* --config; NULL: $UPKEEPD_CONFIG, else the system's, else built-in */
	char *state;  /* --state; NULL: state_directory() finds it */
	char *color;  /* "auto", "always", "never"; NULL: auto */
	int64_t now;  /* --now, else the clock, read once */
	gboolean json, offline, quiet, verbose;
	gboolean diff, check, exit_code; /* of single commands */
	char **arguments;                /* after the command, NULL-terminated; borrowed */
} Invocation;

/* The single-command options that a command takes, as bits. */
enum { TAKES_DIFF = 1, TAKES_CHECK = 2, TAKES_EXIT_CODE = 4 };

typedef struct {
	const char *name;
	const char *arguments; /* as --help shows them */
	const char *summary;   /* one line */
	unsigned options;
	End (*run)(const Invocation *invocation);
} Command;

End check_command(const Invocation *invocation);
End explain_command(const Invocation *invocation);
End inspect_command(const Invocation *invocation);
End tidy_command(const Invocation *invocation);
End update_command(const Invocation *invocation);
End jobs_command(const Invocation *invocation);
End validate_command(const Invocation *invocation);
End auth_command(const Invocation *invocation);

/* Prints `problems` (of Problem) on standard error, a line each. */
void say_problems(const GPtrArray *problems);

/* The bytes of the file at `path`, of standard input for `-`; the caller's.
 * Errors: ABSENT, IO, LIMIT beyond `max_bytes`. */
GBytes *read_input(const char *path, size_t max_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The state and the cache directory of this call (cli.md 1, 4); the caller's. */
char *state_directory(const Invocation *invocation);
char *cache_directory(void);
