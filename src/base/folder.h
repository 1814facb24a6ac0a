/* SPDX-License-Identifier: MIT */
/* Folders of the cache, which go when nobody has used them for long. */
#pragma once

#include "upkeepd/fail.h"

/* What is not used for so long, in seconds, is forgotten (operations.md 13). */
#define FOLDER_KEPT_FOR (30 * 24 * 60 * 60)

/* Makes the folder (0700) if it is missing, and notes that it is used now. Errors: IO. */
bool folder_use(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Deletes a folder and all below it; links are deleted, not followed. False with errno. */
bool folder_delete(const char *path);

/* Deletes the folders in `path` that were not used for FOLDER_KEPT_FOR before `now`,
 * Unix seconds. What cannot be deleted stays. */
void folder_sweep(const char *path, int64_t now);
