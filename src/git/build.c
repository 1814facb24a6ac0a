/* SPDX-License-Identifier: MIT */
/* 1. Every component of a path is checked twice: by a grammar of ours, and by
 *    libgit2, which knows what `.git` looks like on other file systems.
 * 2. A path leads through folders only: an entry on its way that is a symlink, a
 *    submodule or a file is refused, so that nothing is ever written through one.
 * 3. What is replaced must be a regular file and, where the caller read it, the
 *    very bytes that were read.
 */
#include "git/build.h"

#include "git/cleanup.h"
#include "git/library.h"
#include "upkeepd/limits.h"

#include <string.h>

static bool is_path(const char *path)
{
	g_auto(GStrv) names = g_strsplit(path, "/", -1);

	if (*path == '\0' || strlen(path) > LIMIT_PATH || !g_utf8_validate(path, -1, NULL))
		return false;
	for (char **name = names; *name != NULL; name++)
		if (**name == '\0' || strcmp(*name, ".") == 0 || strcmp(*name, "..") == 0 ||
		    g_ascii_strcasecmp(*name, ".git") == 0)
			return false;
	return g_strv_length(names) <= LIMIT_TREE_DEPTH;
}

/* The entry at `path`, NULL if there is none. Rule 2. */
static bool find_entry(git_tree *root, const char *path, git_tree_entry **entry, GError **error)
{
	for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		g_autofree char *folder = g_strndup(path, (size_t)(slash - path));
		g_autoptr(git_tree_entry) step = NULL;
		int code = git_tree_entry_bypath(&step, root, folder);

		if (code == GIT_ENOTFOUND)
			return true;
		if (code < 0)
			return library_fail(error, FAILURE_INPUT, code, "reading '%s'", folder);
		if (git_tree_entry_filemode(step) != GIT_FILEMODE_TREE)
			return fail(error, FAILURE_INPUT, "'%s' is not a folder", folder);
	}
	if (git_tree_entry_bypath(entry, root, path) == 0 &&
	    git_tree_entry_filemode(*entry) != GIT_FILEMODE_BLOB &&
	    git_tree_entry_filemode(*entry) != GIT_FILEMODE_BLOB_EXECUTABLE)
		return fail(error, FAILURE_INPUT, "'%s' is not a regular file", path);
	return true;
}

/* Rule 3. */
static bool check_before(const FileChange *change, const git_tree_entry *entry, GError **error)
{
	gsize length;
	const void *bytes;
	git_oid id;

	if (entry == NULL && (change->before != NULL || change->after == NULL))
		return fail(error, FAILURE_INPUT, "'%s' is not there any more", change->path);
	if (change->before == NULL)
		return true;
	bytes = g_bytes_get_data(change->before, &length);
	if (git_odb_hash(&id, bytes, length, GIT_OBJECT_BLOB) != 0 ||
	    !git_oid_equal(&id, git_tree_entry_id(entry)))
		return fail(error, FAILURE_INPUT, "'%s' is not what was read", change->path);
	return true;
}

static bool plan_update(const Objects *objects, git_tree *root, const FileChange *change,
			git_tree_update *update, GError **error)
{
	g_autoptr(git_tree_entry) entry = NULL;
	int code;

	if (!is_path(change->path))
		return fail(error, FAILURE_INPUT, "'%s' cannot stand in a repository",
			    change->path);
	if (!find_entry(root, change->path, &entry, error) || !check_before(change, entry, error))
		return false;
	update->path = change->path;
	if (change->after == NULL) {
		update->action = GIT_TREE_UPDATE_REMOVE;
		return true;
	}
	update->action = GIT_TREE_UPDATE_UPSERT;
	update->filemode = entry == NULL ? GIT_FILEMODE_BLOB : git_tree_entry_filemode(entry);
	code = git_blob_create_from_buffer(&update->id, objects_repository(objects),
					   g_bytes_get_data(change->after, NULL),
					   g_bytes_get_size(change->after));
	return code == 0 || library_fail(error, FAILURE_IO, code, "adding '%s'", change->path);
}

/* No path twice, and none within another: libgit2 would do as it pleases. */
static bool check_distinct(const GPtrArray *changes, GError **error)
{
	g_autoptr(GTree) paths = g_tree_new((GCompareFunc)strcmp);

	for (unsigned i = 0; i < changes->len; i++) {
		FileChange *change = g_ptr_array_index(changes, i);

		if (g_tree_lookup(paths, change->path) != NULL)
			return fail(error, FAILURE_INPUT, "'%s' changes twice", change->path);
		g_tree_insert(paths, change->path, change);
	}
	for (unsigned i = 0; i < changes->len; i++) {
		const FileChange *change = g_ptr_array_index(changes, i);
		g_autofree char *folder = g_strdup(change->path);

		for (char *slash; (slash = strrchr(folder, '/')) != NULL;) {
			*slash = '\0';
			if (g_tree_lookup(paths, folder) != NULL)
				return fail(error, FAILURE_INPUT, "'%s' is both file and folder",
					    folder);
		}
	}
	return true;
}

static bool build_tree(const Objects *objects, git_tree *root, const GPtrArray *changes,
		       git_oid *id, GError **error)
{
	g_autofree git_tree_update *updates = g_new0(git_tree_update, MAX(changes->len, 1));
	int code;

	if (!check_distinct(changes, error))
		return false;
	for (unsigned i = 0; i < changes->len; i++)
		if (!plan_update(objects, root, g_ptr_array_index(changes, i), &updates[i], error))
			return false;
	code = git_tree_create_updated(id, objects_repository(objects), root, changes->len,
				       updates);
	if (code < 0)
		return library_fail(error, FAILURE_INPUT, code, "changing the tree");
	if (git_oid_equal(id, git_tree_id(root)))
		return fail(error, FAILURE_INPUT, "no file changes");
	return true;
}

/* Puts the commit in `buffer` into the database, signed where somebody signs. */
static int put_commit(git_repository *repository, const git_buf *buffer, const Signer *signer,
		      git_oid *id)
{
	g_autofree char *signature = NULL;
	g_autoptr(git_odb) database = NULL;
	int code;

	if (signer != NULL) {
		signature = signer_sign(signer, buffer->ptr, buffer->size);
		return git_commit_create_with_signature(id, repository, buffer->ptr, signature,
							"gpgsig");
	}
	if ((code = git_repository_odb(&database, repository)) < 0)
		return code;
	return git_odb_write(id, database, buffer->ptr, buffer->size, GIT_OBJECT_COMMIT);
}

static char *write_commit(const Objects *objects, git_commit *base, const git_oid *tree_id,
			  const CommitText *text, GError **error)
{
	git_repository *repository = objects_repository(objects);
	git_commit *parents[] = { base };
	g_autoptr(git_signature) author = NULL;
	g_autoptr(git_signature) committer = NULL;
	g_autoptr(git_tree) tree = NULL;
	g_auto(git_buf) buffer = { 0 };
	git_oid id;
	int code;

	/* libgit2 could not settle where `const` stands in its list of parents. */
	if ((code = git_signature_new(&author, text->author_name, text->author_email, text->at,
				      0)) < 0 ||
	    (code = git_signature_new(&committer, text->committer_name, text->committer_email,
				      text->at, 0)) < 0 ||
	    (code = git_tree_lookup(&tree, repository, tree_id)) < 0 ||
	    (code = git_commit_create_buffer(&buffer, repository, author, committer, NULL,
					     text->message, tree, 1, (void *)parents)) < 0 ||
	    (code = put_commit(repository, &buffer, text->signer, &id)) < 0)
		return library_fail_null(error, FAILURE_IO, code, "making the commit");
	return g_strdup(git_oid_tostr_s(&id));
}

char *build_commit(Objects *objects, const char *base, const GPtrArray *changes,
		   const CommitText *text, GError **error)
{
	g_autoptr(git_commit) parent = NULL;
	g_autoptr(git_tree) root = NULL;
	git_oid id, tree_id;
	int code;

	if (!objects_is_id(base) || git_oid_fromstr(&id, base) != 0)
		return fail_null(error, FAILURE_INPUT, "'%s' is not an object id", base);
	if ((code = git_commit_lookup(&parent, objects_repository(objects), &id)) < 0 ||
	    (code = git_commit_tree(&root, parent)) < 0)
		return library_fail_null(error, FAILURE_IO, code, "reading commit '%s'", base);
	if (!build_tree(objects, root, changes, &tree_id, error))
		return NULL;
	return write_commit(objects, parent, &tree_id, text, error);
}
