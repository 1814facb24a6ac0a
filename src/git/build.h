/* SPDX-License-Identifier: MIT */
/* Commits, made from a base and the files that change. */
#pragma once

#include "git/objects.h"
#include "git/signer.h"

/* What a commit says beside its tree. Author and committer share the time, in
 * UTC, so that its id is a function of this, the base and the changes. */
typedef struct {
	const char *author_name, *author_email;
	const char *committer_name, *committer_email;
	int64_t at; /* Unix seconds */
	const char *message;
	const Signer *signer; /* NULL: the commit is not signed */
} CommitText;

/* Builds a commit on `base` with `changes` (of FileChange) and returns its id,
 * the caller's. A file keeps its mode; a new one is not executable. Folders that
 * become empty vanish. `before`, where given, must be what stands in `base`.
 *
 * Errors: ABSENT if the base's objects are not here; INPUT if a change would
 * touch a symlink or submodule or lead through one, is not what stood there,
 * has a path no checkout accepts, or nothing changes at all. */
char *build_commit(Objects *objects, const char *base, const GPtrArray *changes,
		   const CommitText *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
