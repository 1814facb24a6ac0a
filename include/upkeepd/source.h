/* SPDX-License-Identifier: MIT */
/* The files of one repository at one moment, wherever they lie: a checkout on
 * disk, or the tip of a branch. Symbolic links and submodules are never followed
 * and not listed. Handed to those who may read the repository beyond the
 * manifests at hand (go.sum, imports).
 */
#pragma once

#include "upkeepd/fail.h"

typedef struct Source Source;
struct Source {
	char *name;       /* for messages: a path or a URL */
	char *commit;     /* of a tip: 40 hex digits; NULL for a checkout */
	GPtrArray *paths; /* of char *, from the root, sorted by bytes */

	/* Makes the files named available at once; read() then costs no round trip.
	 * What is not there is passed over. */
	bool (*want)(Source *source, const GPtrArray *paths, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* The bytes of one file.
	 * Errors: ABSENT if there is none, LIMIT beyond `max_bytes`, IO, NET. */
	GBytes *(*read)(Source *source, const char *path, size_t max_bytes,
			GError **error)G_GNUC_WARN_UNUSED_RESULT;

	void *detail;
	void (*free_detail)(void *detail);
};

void source_free(Source *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_free)

/* The index of `path` in paths; of the first path behind it, with `*is_there`
 * false, where there is none. Costs log n. */
guint source_find(const Source *source, const char *path, bool *is_there);

/* Whether `path` is one of the files. */
bool source_has(const Source *source, const char *path);
