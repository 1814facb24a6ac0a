/* SPDX-License-Identifier: MIT */
/* One module in a repository: its tags, its commits, its go.mod files.
 *
 * Source: as godirect.h, whose rules hold.
 */
#pragma once

#include "upkeepd/depot.h"

typedef struct {
	const char *path;  /* of the module; all are borrowed but the next two */
	char *folder;      /* in the repository, without the major version; "" for its root */
	const char *major; /* the end of path: "", "/v2", ".v2" */
	char *number;      /* "v2"; "" where there is none */
	bool is_root;      /* the repository stands for just this path */
	Depot *depot;
} GoCode;

/* `root` is what the repository stands for, `folder` where in it that lies.
 * Errors: INPUT if path cannot be in it. */
bool gocode_set(GoCode *code, const char *path, const char *root, const char *folder, Depot *depot,
		GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gocode_clear(GoCode *code);

/* The tagged versions, sorted; "+incompatible" ones where they count. The caller's;
 * of char *. */
GPtrArray *gocode_versions(const GoCode *code, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The commit that `version` means: a version, else a branch, a tag, the beginning of a
 * commit's id. A pseudo-version is checked. The caller's.
 * Errors: ABSENT, INPUT. */
char *gocode_commit(const GoCode *code, const char *version, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The canonical version of a commit: that of a tag, else a pseudo-version. The caller's. */
char *gocode_version(const GoCode *code, const char *commit, int64_t at, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The folder of the module in `files`, which are those of `version`, and its go.mod
 * there (NULL: it has none). Both are the caller's.
 * Errors: ABSENT if there is no such module; rule 1. */
bool gocode_place(const GoCode *code, Source *files, const char *version, char **folder,
		  GBytes **gomod, GError **error) G_GNUC_WARN_UNUSED_RESULT;
