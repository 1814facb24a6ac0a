/* SPDX-License-Identifier: MIT */
#include "git/objects.h"

#include "base/text.h"
#include "git/cleanup.h"
#include "git/library.h"
#include "upkeepd/depot.h"
#include "upkeepd/limits.h"

#include <git2/sys/mempack.h>
#include <git2/sys/repository.h>

#include <errno.h>
#include <string.h>

struct Objects {
	git_repository *repository;
	bool is_borrowed;
	git_odb *database;
	char *directory;
};

void objects_free(Objects *objects)
{
	if (objects == NULL)
		return;
	git_odb_free(objects->database);
	if (!objects->is_borrowed)
		git_repository_free(objects->repository);
	g_free(objects->directory);
	g_free(objects);
}

/* Whatever is written from now on goes to memory: the backend of the highest
 * priority takes it. Packs do not, since this backend has no place for them. */
static bool write_to_memory(Objects *objects, GError **error)
{
	git_odb_backend *memory = NULL;
	int code = git_mempack_new(&memory);

	if (code == 0)
		code = git_odb_add_backend(objects->database, memory, 1000);
	return code == 0 || library_fail(error, FAILURE_IO, code, "opening objects");
}

/* A run that was killed while a pack came in has left it under the indexer's
 * temporary name. */
static void sweep(const char *packs)
{
	g_autoptr(GDir) folder = g_dir_open(packs, 0, NULL);
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *path = g_build_filename(packs, name, NULL);

		if (!g_str_has_prefix(name, "pack-") && unlink(path) != 0)
			g_debug("cannot delete '%s': %s", path, g_strerror(errno));
	}
}

Objects *objects_open(const char *directory, GError **error)
{
	g_autoptr(Objects) objects = g_new0(Objects, 1);
	g_autofree char *packs = g_build_filename(directory, "objects", "pack", NULL);
	int code;

	if (!library_start(error))
		return NULL;
	if (g_mkdir_with_parents(packs, 0700) != 0)
		return fail_null(error, FAILURE_IO, "cannot make the directory '%s': %s", packs,
				 g_strerror(errno));
	sweep(packs);
	objects->directory = g_build_filename(directory, "objects", NULL);
	code = git_odb_open(&objects->database, objects->directory);
	if (code == 0)
		code = git_repository_wrap_odb(&objects->repository, objects->database);
	if (code < 0)
		return library_fail_null(error, FAILURE_IO, code, "opening '%s'",
					 objects->directory);
	return write_to_memory(objects, error) ? g_steal_pointer(&objects) : NULL;
}

Objects *objects_of(git_repository *repository, GError **error)
{
	g_autoptr(Objects) objects = g_new0(Objects, 1);
	g_auto(git_buf) path = { 0 };
	int code;

	objects->repository = repository;
	objects->is_borrowed = true;
	code = git_repository_item_path(&path, repository, GIT_REPOSITORY_ITEM_OBJECTS);
	if (code == 0)
		code = git_repository_odb(&objects->database, repository);
	if (code < 0)
		return library_fail_null(error, FAILURE_IO, code, "opening objects");
	objects->directory = g_strdup(path.ptr);
	return write_to_memory(objects, error) ? g_steal_pointer(&objects) : NULL;
}

git_repository *objects_repository(const Objects *objects)
{
	return objects->repository;
}

const char *objects_directory(const Objects *objects)
{
	return objects->directory;
}

bool objects_is_id(const char *text)
{
	size_t length = strspn(text, "0123456789abcdef");

	return length == GIT_OID_HEXSZ && text[length] == '\0';
}

static bool parse_id(git_oid *id, const char *text, GError **error)
{
	if (!objects_is_id(text) || git_oid_fromstr(id, text) != 0)
		return fail(error, FAILURE_INPUT, "'%s' is not an object id", text);
	return true;
}

bool objects_has(const Objects *objects, const char *id)
{
	git_oid oid;

	/* Whoever brings objects refreshes (pack.c). */
	return parse_id(&oid, id, NULL) &&
	       git_odb_exists_ext(objects->database, &oid, GIT_ODB_LOOKUP_NO_REFRESH) == 1;
}

/* Checks type and size before anything is unpacked. */
static bool check_header(const Objects *objects, const git_oid *oid, const char *id,
			 git_object_t wanted, size_t max_bytes, GError **error)
{
	git_object_t type;
	size_t length;
	int code = git_odb_read_header(&length, &type, objects->database, oid);

	if (code < 0)
		return library_fail(error, FAILURE_IO, code, "reading object '%s'", id);
	if (type != wanted)
		return fail(error, FAILURE_INPUT, "object '%s' is a %s, not a %s", id,
			    git_object_type2string(type), git_object_type2string(wanted));
	if (length > max_bytes)
		return fail(error, FAILURE_LIMIT, "object '%s' has %zu bytes, more than %zu", id,
			    length, max_bytes);
	return true;
}

GBytes *objects_read(const Objects *objects, const char *id, size_t max_bytes, GError **error)
{
	g_autoptr(git_odb_object) object = NULL;
	git_oid oid;
	int code;

	if (!parse_id(&oid, id, error) ||
	    !check_header(objects, &oid, id, GIT_OBJECT_BLOB, max_bytes, error))
		return NULL;
	code = git_odb_read(&object, objects->database, &oid);
	if (code < 0)
		return library_fail_null(error, FAILURE_IO, code, "reading object '%s'", id);
	return g_bytes_new(git_odb_object_data(object), git_odb_object_size(object));
}

/* Files. */

void tree_file_free(TreeFile *file)
{
	if (file == NULL)
		return;
	g_free(file->path);
	g_free(file->id);
	g_free(file);
}

typedef struct {
	const Objects *objects;
	bool (*wants)(const char *path, void *data);
	void *data;
	GPtrArray *files; /* of TreeFile */
	GString *path;    /* of the folder at hand, with its slash; empty: the root */
	char *previous;   /* the last file seen: paths must rise */
	size_t n_files, n_folders, bytes;
} Walk;

/* Whether a name may stand in a path that people, logs and other programs see. */
static bool is_presentable(const char *name)
{
	return *name != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	       g_ascii_strcasecmp(name, ".git") != 0 && strchr(name, '/') == NULL &&
	       text_is_plain(name);
}

static bool add_file(Walk *walk, const git_tree_entry *entry, GError **error)
{
	const char *path = walk->path->str;
	TreeFile *file;

	if (++walk->n_files > LIMIT_TREE_FILES)
		return fail(error, FAILURE_LIMIT, "more than %d files", LIMIT_TREE_FILES);
	if (walk->previous != NULL && strcmp(walk->previous, path) >= 0)
		return fail(error, FAILURE_INPUT, "the tree is not in order at '%s'", path);
	g_free(walk->previous);
	walk->previous = g_strdup(path);
	if (walk->wants != NULL && !walk->wants(path, walk->data))
		return true;
	walk->bytes += walk->path->len;
	if (walk->bytes > LIMIT_PATHS)
		return fail(error, FAILURE_LIMIT, "the names of all files have more than %d bytes",
			    LIMIT_PATHS);
	file = g_new0(TreeFile, 1);
	file->path = g_strdup(path);
	file->id = g_strdup(git_oid_tostr_s(git_tree_entry_id(entry)));
	file->is_executable = git_tree_entry_filemode(entry) == GIT_FILEMODE_BLOB_EXECUTABLE;
	g_ptr_array_add(walk->files, file);
	return true;
}

static bool walk_tree(Walk *walk, const git_oid *id, unsigned depth, GError **error);

static bool walk_entry(Walk *walk, const git_tree_entry *entry, unsigned depth, GError **error)
{
	git_filemode_t mode = git_tree_entry_filemode(entry);
	size_t length = walk->path->len;
	bool is_done = true;

	if (!is_presentable(git_tree_entry_name(entry)))
		return true;
	g_string_append(walk->path, git_tree_entry_name(entry));
	if (walk->path->len > LIMIT_PATH)
		return fail(error, FAILURE_LIMIT, "a path has more than %d bytes", LIMIT_PATH);
	if (mode == GIT_FILEMODE_TREE) {
		g_string_append_c(walk->path, '/');
		is_done = walk_tree(walk, git_tree_entry_id(entry), depth + 1, error);
	} else if (mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE) {
		is_done = add_file(walk, entry, error);
	}
	g_string_truncate(walk->path, length);
	return is_done;
}

static bool walk_tree(Walk *walk, const git_oid *id, unsigned depth, GError **error)
{
	g_autoptr(git_tree) tree = NULL;
	char text[GIT_OID_HEXSZ + 1];
	int code;

	if (depth > LIMIT_TREE_DEPTH)
		return fail(error, FAILURE_LIMIT, "folders are nested more than %d deep",
			    LIMIT_TREE_DEPTH);
	if (++walk->n_folders > LIMIT_TREE_FILES)
		return fail(error, FAILURE_LIMIT, "more than %d folders", LIMIT_TREE_FILES);
	git_oid_tostr(text, sizeof(text), id);
	if (!check_header(walk->objects, id, text, GIT_OBJECT_TREE, LIMIT_TREE, error))
		return false;
	code = git_tree_lookup(&tree, walk->objects->repository, id);
	if (code < 0)
		return library_fail(error, FAILURE_INPUT, code, "reading the folder '%s'",
				    walk->path->str);
	for (size_t i = 0; i < git_tree_entrycount(tree); i++)
		if (!walk_entry(walk, git_tree_entry_byindex(tree, i), depth, error))
			return false;
	return true;
}

GPtrArray *objects_files(const Objects *objects, const char *commit,
			 bool (*wants)(const char *path, void *data), void *data, GError **error)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)tree_file_free);
	g_autoptr(Commit) head = objects_commit(objects, commit, error);
	g_autoptr(GString) path = g_string_new(NULL);
	Walk walk = { objects, wants, data, files, path, NULL, 0, 0, 0 };
	git_oid root;
	bool is_done;

	if (head == NULL || !parse_id(&root, head->tree, error))
		return NULL;
	is_done = walk_tree(&walk, &root, 0, error);
	g_free(walk.previous);
	return is_done ? g_steal_pointer(&files) : NULL;
}

/* Commits. */

void commit_free(Commit *commit)
{
	if (commit == NULL)
		return;
	g_free(commit->id);
	g_free(commit->tree);
	g_clear_pointer(&commit->parents, g_ptr_array_unref);
	g_free(commit->author_name);
	g_free(commit->author_email);
	g_free(commit->committer_name);
	g_free(commit->committer_email);
	g_free(commit->message);
	g_free(commit);
}

/* More parents than this are somebody's joke, and are not looked at. */
#define MAX_PARENTS 64

Commit *objects_commit(const Objects *objects, const char *id, GError **error)
{
	g_autoptr(git_commit) found = NULL;
	const git_signature *author, *committer;
	Commit *commit;
	git_oid oid;
	int code;

	if (!parse_id(&oid, id, error) ||
	    !check_header(objects, &oid, id, GIT_OBJECT_COMMIT, LIMIT_COMMIT, error))
		return NULL;
	code = git_commit_lookup(&found, objects->repository, &oid);
	if (code < 0)
		return library_fail_null(error, FAILURE_INPUT, code, "reading commit '%s'", id);
	author = git_commit_author(found);
	committer = git_commit_committer(found);
	commit = g_new0(Commit, 1);
	commit->id = g_strdup(id);
	commit->tree = g_strdup(git_oid_tostr_s(git_commit_tree_id(found)));
	commit->parents = g_ptr_array_new_with_free_func(g_free);
	for (unsigned i = 0; i < MIN(git_commit_parentcount(found), MAX_PARENTS); i++)
		g_ptr_array_add(commit->parents,
				g_strdup(git_oid_tostr_s(git_commit_parent_id(found, i))));
	commit->author_name = g_utf8_make_valid(author->name, -1);
	commit->author_email = g_utf8_make_valid(author->email, -1);
	commit->committer_name = g_utf8_make_valid(committer->name, -1);
	commit->committer_email = g_utf8_make_valid(committer->email, -1);
	commit->authored_at = author->when.time;
	commit->committed_at = committer->when.time;
	commit->message = g_utf8_make_valid(git_commit_message(found), -1);
	return commit;
}

/* The newest of `pending`, taken out; of two of one time the one met first. */
static Commit *take_newest(GPtrArray *pending)
{
	unsigned newest = 0;

	for (unsigned i = 1; i < pending->len; i++) {
		const Commit *commit = g_ptr_array_index(pending, i);
		const Commit *best = g_ptr_array_index(pending, newest);

		if (commit->committed_at > best->committed_at)
			newest = i;
	}
	return g_ptr_array_steal_index(pending, newest);
}

/* Adds the parents of `commit` that were not met yet; false if one is missing. */
static bool add_parents(const Objects *objects, const Commit *commit, GPtrArray *pending,
			GTree *seen)
{
	bool is_whole = true;

	for (unsigned i = 0; i < commit->parents->len; i++) {
		const char *id = g_ptr_array_index(commit->parents, i);
		Commit *parent;

		if (g_tree_lookup_extended(seen, id, NULL, NULL))
			continue;
		g_tree_insert(seen, g_strdup(id), NULL);
		parent = objects_commit(objects, id, NULL);
		if (parent != NULL)
			g_ptr_array_add(pending, parent);
		else
			is_whole = false;
	}
	return is_whole;
}

GPtrArray *objects_history(const Objects *objects, const char *tip, unsigned count, bool *is_whole,
			   GError **error)
{
	g_autoptr(GPtrArray) history = g_ptr_array_new_with_free_func((GDestroyNotify)commit_free);
	g_autoptr(GPtrArray) pending = g_ptr_array_new_with_free_func((GDestroyNotify)commit_free);
	g_autoptr(GTree) seen = g_tree_new_full(text_compare, NULL, g_free, NULL);
	Commit *first = objects_commit(objects, tip, error);

	if (first == NULL)
		return NULL;
	*is_whole = true;
	g_ptr_array_add(pending, first);
	g_tree_insert(seen, g_strdup(tip), NULL);
	while (pending->len > 0 && history->len < count) {
		Commit *commit = take_newest(pending);

		g_ptr_array_add(history, commit);
		if (history->len < count && !add_parents(objects, commit, pending, seen))
			*is_whole = false;
	}
	return g_steal_pointer(&history);
}

char *objects_find_commit(const Objects *objects, const char *beginning, GError **error)
{
	g_autoptr(git_commit) commit = NULL;
	size_t length = strlen(beginning);
	git_oid id;
	int code;

	if (length < DEPOT_MIN_BEGINNING || length > GIT_OID_HEXSZ ||
	    git_oid_fromstrn(&id, beginning, length) != 0)
		return fail_null(error, FAILURE_INPUT, "'%s' is no commit", beginning);
	code = git_commit_lookup_prefix(&commit, objects->repository, &id, length);
	if (code == GIT_EAMBIGUOUS)
		return fail_null(error, FAILURE_ABSENT, "several objects begin with '%s'",
				 beginning);
	if (code < 0)
		return library_fail_null(error, FAILURE_IO, code, "looking for commit '%s'",
					 beginning);
	return g_strdup(git_oid_tostr_s(git_commit_id(commit)));
}

bool objects_descends(const Objects *objects, const char *commit, const char *ancestor,
		      bool *descends, GError **error)
{
	git_oid below, above;
	int code;

	if (!parse_id(&below, commit, error) || !parse_id(&above, ancestor, error))
		return false;
	code = git_oid_equal(&below, &above)
		       ? 1
		       : git_graph_descendant_of(objects->repository, &below, &above);
	if (code < 0)
		return library_fail(error, FAILURE_IO, code, "reading the history of '%s'", commit);
	*descends = code == 1;
	return true;
}
