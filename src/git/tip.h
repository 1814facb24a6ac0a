/* SPDX-License-Identifier: MIT */
/* The files of one commit of a remote, as a Source. */
#pragma once

#include "git/remote.h"
#include "upkeepd/source.h"

/* Lists the files of `commit`, brought here first if need be. What is read without
 * having been wanted is fetched alone, at the cost of a request. Borrows `remote`;
 * the caller's. Errors: as remote_files(). */
Source *tip_open(Remote *remote, const char *commit, GError **error) G_GNUC_WARN_UNUSED_RESULT;
