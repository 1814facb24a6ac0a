/* SPDX-License-Identifier: MIT */
/* A module's zip made of the files of a repository.
 *
 * As a module proxy would serve it, but for being packed loosely: its h1 is that of
 * Go's own. What it holds is for modzip.h to check, like any other's.
 */
#pragma once

#include "ecosystems/gomod/modpick.h"
#include "upkeepd/source.h"
#include "upkeepd/world.h"

/* A file without a name that holds `files` (of PickedFile) of `source` below
 * "MODULE/", `module` being "PATH@VERSION"; the caller's to close; -1 and error.
 * Errors: those of reading; LIMIT beyond LIMIT_MODULE_ZIP bytes; IO. */
int modpack_new(const World *world, Source *source, const GArray *files, const char *module,
		GError **error) G_GNUC_WARN_UNUSED_RESULT;
