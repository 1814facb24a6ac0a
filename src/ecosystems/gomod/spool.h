/* SPDX-License-Identifier: MIT */
/* Files for zips on their way, where upkeepd may write; gone with their handle. */
#pragma once

#include "upkeepd/fail.h"
#include "upkeepd/world.h"

/* The directory for them, made if need be. The caller's. */
char *spool_directory(const World *world);

/* A file without a name; -1 and IO if there is none. */
int spool_new(const World *world, GError **error) G_GNUC_WARN_UNUSED_RESULT;
