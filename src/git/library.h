/* SPDX-License-Identifier: MIT */
/* libgit2 as a whole: started once, tamed, its errors made ours.
 *
 * No configuration file of the machine or a user is read: /etc/gitconfig could
 * otherwise rewrite URLs, proxies and certificate checks (operations.md 2.3).
 */
#pragma once

#include "upkeepd/fail.h"

/* Starts libgit2 at the first call and does nothing afterwards; it stays until
 * the process ends. Errors: IO if it cannot be started. */
bool library_start(GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Has libgit2's own TLS, which may be another library's than curl's, trust what
 * SSL_CERT_FILE and SSL_CERT_DIR name. Errors: CONFIG. */
bool library_trust(GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Sets a failure for libgit2's `code` (negative), with its own words after
 * ours, and returns false. ABSENT for what was not found, else `otherwise`; a
 * failure that a callback of ours has already set in `*error` stays. */
bool library_fail(GError **error, FailureKind otherwise, int code, const char *format, ...)
	G_GNUC_PRINTF(4, 5) G_GNUC_WARN_UNUSED_RESULT;

/* The same, for functions that return a pointer. */
void *library_fail_null(GError **error, FailureKind otherwise, int code, const char *format, ...)
	G_GNUC_PRINTF(4, 5) G_GNUC_WARN_UNUSED_RESULT;
