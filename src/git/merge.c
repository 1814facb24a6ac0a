/* SPDX-License-Identifier: MIT */
#include "git/merge.h"

#include "git/cleanup.h"
#include "upkeepd/limits.h"

#include <string.h>

static void result_clear(git_merge_file_result *result)
{
	git_merge_file_result_free(result);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(git_merge_file_result, result_clear)

/* One file in three commits; NULL where it is not there. */
typedef struct {
	const TreeFile *parent, *commit, *onto;
} Trio;

static bool is_same(const TreeFile *a, const TreeFile *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a->id, b->id) == 0 && a->is_executable == b->is_executable;
}

static const TreeFile *at(const GPtrArray *files, guint index)
{
	return index < files->len ? g_ptr_array_index(files, index) : NULL;
}

static const char *lesser(const char *a, const TreeFile *b)
{
	if (b == NULL)
		return a;
	return a == NULL || strcmp(b->path, a) < 0 ? b->path : a;
}

static const TreeFile *take(const GPtrArray *files, guint *index, const char *path)
{
	const TreeFile *file = at(files, *index);

	if (file == NULL || strcmp(file->path, path) != 0)
		return NULL;
	(*index)++;
	return file;
}

/* The files that the commit has otherwise than its parent and `onto`, of Trio. The lists
 * are sorted. */
static GArray *changed_files(const GPtrArray *parent, const GPtrArray *commit,
			     const GPtrArray *onto)
{
	GArray *trios = g_array_new(FALSE, FALSE, sizeof(Trio));
	guint p = 0, c = 0, o = 0;

	for (;;) {
		const char *path =
			lesser(lesser(lesser(NULL, at(parent, p)), at(commit, c)), at(onto, o));
		Trio trio;

		if (path == NULL)
			return trios;
		trio = (Trio){ take(parent, &p, path), take(commit, &c, path),
			       take(onto, &o, path) };
		if (!is_same(trio.parent, trio.commit) && !is_same(trio.commit, trio.onto))
			g_array_append_val(trios, trio);
	}
}

static bool fetch_files(Remote *remote, const GArray *trios, GError **error)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new(); /* of char *, borrowed */

	for (guint i = 0; i < trios->len; i++) {
		const Trio *trio = &g_array_index(trios, Trio, i);
		const TreeFile *files[] = { trio->parent, trio->commit, trio->onto };

		for (size_t k = 0; k < G_N_ELEMENTS(files); k++)
			if (files[k] != NULL)
				g_ptr_array_add(ids, files[k]->id);
	}
	return remote_fetch(remote, ids, error);
}

static git_merge_file_input input_of(GBytes *bytes)
{
	git_merge_file_input input = { .version = GIT_MERGE_FILE_INPUT_VERSION };
	gsize size;

	input.ptr = g_bytes_get_data(bytes, &size);
	input.size = size;
	if (input.ptr == NULL)
		input.ptr = "";
	return input;
}

/* `*merged` NULL: they conflict. */
static bool merge_lines(GBytes *parent, GBytes *commit, GBytes *onto, GBytes **merged,
			GError **error)
{
	const git_merge_file_input inputs[] = { input_of(parent), input_of(onto),
						input_of(commit) };
	g_auto(git_merge_file_result) result = { 0 };

	*merged = NULL;
	if (git_merge_file(&result, &inputs[0], &inputs[1], &inputs[2], NULL) != 0)
		return fail(error, FAILURE_IO, "files cannot be merged: %s",
			    git_error_last() != NULL ? git_error_last()->message : "");
	if (result.automergeable)
		*merged = g_bytes_new(result.ptr, result.len);
	return true;
}

static bool read_file(Remote *remote, const TreeFile *file, GBytes **bytes, GError **error)
{
	*bytes = file == NULL ? NULL : remote_read(remote, file->id, LIMIT_GOSUM, error);
	return file == NULL || *bytes != NULL;
}

/* Adds what becomes of one file, or says that it conflicts. */
static bool merge_file(Remote *remote, const Trio *trio, GPtrArray *changes, bool *is_clean,
		       GError **error)
{
	const TreeFile *any = trio->commit != NULL ? trio->commit : trio->parent;
	g_autoptr(GBytes) parent = NULL, commit = NULL, onto = NULL, merged = NULL;

	if (!read_file(remote, trio->parent, &parent, error) ||
	    !read_file(remote, trio->commit, &commit, error) ||
	    !read_file(remote, trio->onto, &onto, error))
		return false;
	if (is_same(trio->parent, trio->onto)) {
		g_ptr_array_add(changes, file_change_new(any->path, onto, commit));
		return true;
	}
	*is_clean = parent != NULL && commit != NULL && onto != NULL &&
		    trio->parent->is_executable == trio->commit->is_executable;
	if (*is_clean && !merge_lines(parent, commit, onto, &merged, error))
		return false;
	*is_clean = merged != NULL;
	if (merged != NULL && !g_bytes_equal(merged, onto))
		g_ptr_array_add(changes, file_change_new(any->path, onto, merged));
	return true;
}

bool merge_changes(Remote *remote, const char *parent, const char *commit, const char *onto,
		   GPtrArray **changes, GError **error)
{
	g_autoptr(GPtrArray) before = NULL, after = NULL, there = NULL;
	g_autoptr(GPtrArray) list = file_changes_new();
	g_autoptr(GArray) trios = NULL;
	bool is_clean = true;

	*changes = NULL;
	before = remote_files(remote, parent, NULL, NULL, error);
	after = before == NULL ? NULL : remote_files(remote, commit, NULL, NULL, error);
	there = after == NULL ? NULL : remote_files(remote, onto, NULL, NULL, error);
	if (there == NULL)
		return false;
	trios = changed_files(before, after, there);
	if (!fetch_files(remote, trios, error))
		return false;
	for (guint i = 0; i < trios->len && is_clean; i++)
		if (!merge_file(remote, &g_array_index(trios, Trio, i), list, &is_clean, error))
			return false;
	if (is_clean)
		*changes = g_steal_pointer(&list);
	return true;
}

/* The tree of `onto` with the changes; NULL: it cannot be made. The caller's. */
static char *tree_with(Remote *remote, const char *onto, const GPtrArray *changes)
{
	static const CommitText text = { "u", "u", "u", "u", 0, "", NULL };
	g_autofree char *id = NULL;
	g_autoptr(GPtrArray) ids = g_ptr_array_new(), commits = NULL;

	if (changes->len > 0)
		id = remote_build(remote, onto, changes, &text, NULL);
	else
		id = g_strdup(onto);
	if (id == NULL)
		return NULL;
	g_ptr_array_add(ids, id);
	commits = remote_commits(remote, ids, NULL);
	return commits != NULL ? g_strdup(((Commit *)g_ptr_array_index(commits, 0))->tree) : NULL;
}

bool merge_gives(Remote *remote, const char *parent, const char *commit, const char *onto,
		 const char *tree, bool *gives, GError **error)
{
	g_autoptr(GPtrArray) changes = NULL;
	g_autofree char *merged = NULL;

	*gives = false;
	if (!merge_changes(remote, parent, commit, onto, &changes, error))
		return false;
	merged = changes != NULL ? tree_with(remote, onto, changes) : NULL;
	*gives = g_strcmp0(merged, tree) == 0;
	return true;
}
