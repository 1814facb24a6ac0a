/* SPDX-License-Identifier: MIT */
/* A repository on this disk, bare or a checkout, opened where it is.
 *
 * Never through file://: libgit2's local transport would pack everything in our
 * process and ignores what a branch was expected to be (operations.md 2.1,
 * forges.md 6). Hooks do not run; worktree and index are not touched, and a
 * branch that is checked out somewhere is not moved.
 */
#pragma once

#include "git/transport.h"

/* Errors: ABSENT if `path` is no repository; CONFIG if it is one that cannot be
 * read (SHA-256). */
Transport *local_open(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
