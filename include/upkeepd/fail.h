/* SPDX-License-Identifier: MIT */
/* The nine kinds of failure.
 *
 * All of upkeepd's own errors live in one GError domain whose code says what
 * the daemon does next, and nothing else. The text says what was being done, to
 * what, and what happened: lower case, one line, no full stop, values in single
 * quotes. What a caller branches on (an HTTP status, a missing tag) is a value,
 * never an error.
 */
#pragma once

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

typedef enum {
	FAILURE_INPUT,   /* the repository's file is wrong: reported once, waits for a new commit */
	FAILURE_CONFIG,  /* settings are wrong: reported once, waits for a change */
	FAILURE_ABSENT,  /* the thing does not exist: usually for the caller */
	FAILURE_DENIED,  /* credentials refused: that host is paused */
	FAILURE_BUSY,    /* rate limited: again at failure_retry_at() */
	FAILURE_NET,     /* transient remote trouble: again with back-off */
	FAILURE_IO,      /* local disk or process trouble: again next round, loudly */
	FAILURE_LIMIT,   /* a ceiling was reached: waits for a change of input */
	FAILURE_STOPPED, /* we were told to stop: silence */
} FailureKind;

#define FAILURE (failure_quark())
GQuark failure_quark(void);

/* Sets `*error` to a failure of `kind`, made valid UTF-8 and one line, and
 * returns false, so that a function can fail in one statement. */
bool fail(GError **error, FailureKind kind, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* As fail(), for functions that return a pointer. */
void *fail_null(GError **error, FailureKind kind, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* As fail(), and notes the time (Unix seconds) at which to try again. */
bool fail_until(GError **error, FailureKind kind, int64_t retry_at, const char *format, ...)
	G_GNUC_PRINTF(4, 5);

/* The kind of any error: of ours its code, of GLib's file, spawn, conversion,
 * key file and option domains what the daemon should do about them. */
FailureKind failure_kind(const GError *error);

/* The kind's word as it stands in JSON and the database: "input", "net", … */
const char *failure_word(FailureKind kind);

/* What a person can do about it, for those who print errors: "try again later"; NULL
 * where the error's own text has to say it. */
const char *failure_advice(FailureKind kind);

/* When to try again (Unix seconds); 0 where the error does not say. */
int64_t failure_retry_at(const GError *error);
