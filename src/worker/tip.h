/* SPDX-License-Identifier: MIT */
/* The tip of a branch as a Source: its files come when they are wanted. */
#pragma once

#include "git/remote.h"
#include "upkeepd/source.h"

/* The files of `commit`. Borrows `remote`.
 * Errors: as remote_files(). */
Source *tip_open(Remote *remote, const char *name, const char *commit, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
