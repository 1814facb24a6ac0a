/* SPDX-License-Identifier: MIT */
/* The objects of one repository, for reading.
 *
 * Objects are named by 40 lower-case hex digits. What is written (build.h) lives
 * in memory until it is sent or kept (pack.h), so that a dry run leaves no trace
 * in anybody's repository. A repository may hold only a part of its objects: what
 * is missing is ABSENT, and for the caller to fetch. No worktree is ever made; of
 * a tree only regular files are shown, never symlinks or submodules. Nothing here
 * knows about networks.
 */
#pragma once

#include "upkeepd/plan.h"

typedef struct git_repository git_repository; /* git2.h */
typedef struct Objects Objects;

/* A store of loose objects and packs in `directory` (created 0700), without
 * refs or configuration. Left-overs of killed runs are swept out.
 * Errors: IO. */
Objects *objects_open(const char *directory, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Those of a repository that libgit2 has opened. Borrows `repository`.
 * Errors: IO. */
Objects *objects_of(git_repository *repository, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void objects_free(Objects *objects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Objects, objects_free)

/* For git/ alone: the repository, and the folder its objects are kept in. Borrowed. */
git_repository *objects_repository(const Objects *objects);
const char *objects_directory(const Objects *objects);

/* Whether `text` is 40 lower-case hex digits. */
bool objects_is_id(const char *text);

bool objects_has(const Objects *objects, const char *id);

/* One regular file of a tree. */
typedef struct {
	char *path; /* from the root, no leading slash; plain (base/text.h) */
	char *id;
	bool is_executable;
} TreeFile;

void tree_file_free(TreeFile *file);

/* The regular files of a commit that `wants` asks for (NULL: all), sorted by
 * the bytes of their paths. Names that no checkout would accept (`..`, `.git`,
 * with a slash in them, not plain) are left out, as are symlinks and
 * submodules. The caller's; of TreeFile.
 *
 * Errors: ABSENT if the commit or a tree is not here; LIMIT for more than
 * LIMIT_TREE_FILES files or folders, LIMIT_TREE_DEPTH or LIMIT_PATHS. */
GPtrArray *objects_files(const Objects *objects, const char *commit,
			 bool (*wants)(const char *path, void *data), void *data, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The bytes of a file.
 * Errors: ABSENT; LIMIT if it has more than `max_bytes`; INPUT if it is no file. */
GBytes *objects_read(const Objects *objects, const char *id, size_t max_bytes, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Who made a commit, when and from what. Texts are valid UTF-8. */
typedef struct {
	char *id, *tree;
	GPtrArray *parents; /* of char *; at most 64 */
	char *author_name, *author_email, *committer_name, *committer_email;
	int64_t authored_at, committed_at;
	char *message;
} Commit;

void commit_free(Commit *commit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Commit, commit_free)

/* Errors: ABSENT; LIMIT beyond LIMIT_COMMIT; INPUT if it is no commit. */
Commit *objects_commit(const Objects *objects, const char *id, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The commit whose id begins with `beginning` (7 hex digits at least). The caller's.
 * Errors: ABSENT if there is none, or more than one; INPUT if it is no beginning. */
char *objects_find_commit(const Objects *objects, const char *beginning, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Whether `ancestor` is `commit` or in its history, which is here as a whole.
 * Errors: ABSENT, IO. */
bool objects_descends(const Objects *objects, const char *commit, const char *ancestor,
		      bool *descends, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Up to `count` commits as `git log` lists them from `tip`: newest first. Goes
 * on without those that are missing; `*is_whole` says that none was.
 * The caller's; of Commit.
 * Errors: as objects_commit(), for the tip. */
GPtrArray *objects_history(const Objects *objects, const char *tip, unsigned count, bool *is_whole,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;
