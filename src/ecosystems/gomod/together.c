/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/together.h"

#include "base/text.h"
#include "ecosystems/gomod/goversion.h"
#include "ecosystems/gomod/modedit.h"
#include "ecosystems/gomod/overlay.h"
#include "ecosystems/gomod/vendor.h"
#include "ecosystems/gomod/version.h"
#include "upkeepd/limits.h"

#include <string.h>

struct Together {
	Supplier *supplier;
	Source *base;
	Source *now;  /* with what has been changed */
	GTree *notes; /* char *, the directory of each module tidied, to GPtrArray of char * */
};

/* One order on its way, with all that goes with it. */
typedef struct {
	Together *together;
	const TidyOrder *order;
	Source *before; /* the source as it was, for those that must have been tidy */
	Source *now;
	GoTree *tree;
	Workspace *workspace; /* NULL: there is none */
	GPtrArray *renamed;   /* of FileChange: what went to other paths before */
	GTree *renamed_in;    /* set of char *: the directories of their modules */
	GPtrArray *results;   /* of TidyResult */
	GTree *done;          /* directories, so that none is met twice */
} Group;

Together *together_new(Source *source, Supplier *supplier)
{
	Together *together = g_new0(Together, 1);

	together->supplier = supplier;
	together->base = source;
	together->now = overlay_new(source);
	together->notes =
		g_tree_new_full(text_compare, NULL, g_free, (GDestroyNotify)g_ptr_array_unref);
	return together;
}

void together_free(Together *together)
{
	if (together == NULL)
		return;
	source_free(together->now);
	g_tree_unref(together->notes);
	g_free(together);
}

static Supplier *supplier_of(const Group *group)
{
	return group->order->supplier != NULL ? group->order->supplier : group->together->supplier;
}

/* Tidies one module of the group as the source is now. */
static bool tidy_one(Group *group, const char *directory, const Bump *bumps, size_t n_bumps,
		     GError **error)
{
	const TidyOrder order = {
		.source = group->now,
		.directory = directory,
		.bumps = bumps,
		.n_bumps = n_bumps,
		.siblings = group->workspace != NULL ? group->workspace->members : NULL,
		.max_go = group->order->max_go,
		.builders = group->order->builders,
		.is_held = group->order->is_held,
	};
	TidyResult *result = tidy(&order, supplier_of(group), error);

	if (result == NULL) {
		if (strcmp(directory, group->order->directory) != 0)
			g_prefix_error(error, "'%s%sgo.mod': ", directory,
				       *directory != '\0' ? "/" : "");
		return false;
	}
	overlay_add(group->now, result->changes);
	g_ptr_array_add(group->results, result);
	g_tree_insert(group->done, g_strdup(directory), NULL);
	return true;
}

static ModFile *read_gomod(Source *source, const char *directory, GError **error)
{
	g_autofree char *path = gotree_join(directory, "go.mod");
	g_autoptr(GBytes) text = source->read(source, path, LIMIT_MANIFEST, error);

	return text != NULL ? modfile_read(path, text, MODFILE_MAIN, error) : NULL;
}

/* Those of the order's bumps that raise what a member requires. */
static GArray *bumps_for(const Group *group, const ModFile *file)
{
	GArray *bumps = g_array_new(FALSE, FALSE, sizeof(Bump));

	for (size_t i = 0; i < group->order->n_bumps; i++) {
		const Bump *bump = &group->order->bumps[i];
		const ModRequire *require = modfile_require(file, bump->path);

		if (require != NULL && version_compare(require->version, bump->version) < 0)
			g_array_append_val(bumps, *bump);
	}
	return bumps;
}

static bool is_renamed(const Group *group, const char *directory)
{
	return g_tree_lookup_extended(group->renamed_in, directory, NULL, NULL);
}

static bool tidy_member(Group *group, const char *directory, GError **error)
{
	g_autoptr(ModFile) file = read_gomod(group->now, directory, NULL);
	g_autoptr(GArray) bumps = NULL;

	if (file == NULL)
		return true;
	bumps = bumps_for(group, file);
	return (bumps->len == 0 && !is_renamed(group, directory)) ||
	       tidy_one(group, directory, (const Bump *)(void *)bumps->data, bumps->len, error);
}

static bool tidy_members(Group *group, GError **error)
{
	const GPtrArray *members = group->workspace != NULL ? group->workspace->members : NULL;

	for (guint i = 0; members != NULL && i < members->len; i++) {
		const char *directory = ((Member *)members->pdata[i])->directory;

		if (!g_tree_lookup_extended(group->done, directory, NULL, NULL) &&
		    !tidy_member(group, directory, error))
			return false;
	}
	return true;
}

/* Whether a module was tidy before anything was changed. */
static bool was_tidy(const Group *group, const char *directory)
{
	const TidyOrder order = {
		.source = group->before,
		.directory = directory,
		.siblings = group->workspace != NULL ? group->workspace->members : NULL,
	};
	g_autoptr(TidyResult) result = tidy(&order, supplier_of(group), NULL);

	return result != NULL && result->changes->len == 0;
}

static bool is_test_data(const char *directory)
{
	g_auto(GStrv) elements = g_strsplit(directory, "/", -1);

	return g_strv_contains((const char *const *)elements, "testdata");
}

static bool has_change(const TidyResult *result, const char *name)
{
	g_autofree char *path = gotree_join(result->directory, name);

	for (guint i = 0; i < result->changes->len; i++)
		if (strcmp(((FileChange *)result->changes->pdata[i])->path, path) == 0)
			return true;
	return false;
}

/* Modules that read the go.mod of one that has changed. What was not tidy before is
 * nobody's to change in passing. */
static bool tidy_followers(Group *group, const char *directory, GError **error)
{
	g_autoptr(GPtrArray) followers = workspace_followers(group->tree, directory, error);

	if (followers == NULL)
		return false;
	for (guint i = 0; i < followers->len; i++) {
		const char *follower = followers->pdata[i];
		TidyResult *first = group->results->pdata[0];

		if (is_test_data(follower) ||
		    g_tree_lookup_extended(group->done, follower, NULL, NULL))
			continue;
		if (was_tidy(group, follower)) {
			if (!tidy_one(group, follower, NULL, 0, error))
				return false;
			continue;
		}
		g_tree_insert(group->done, g_strdup(follower), NULL);
		g_ptr_array_add(first->notes,
				g_strdup_printf("'%s/go.mod' replaces a module that changes, and "
						"was not tidy before: it is left as it is",
						follower));
	}
	return true;
}

/* A go.work must ask for the Go version of each member, at least. */
static bool raise_workspace(Group *group, GError **error)
{
	g_autoptr(GBytes) text = NULL, after = NULL;
	g_autoptr(ModFile) work = NULL;
	const char *highest = NULL;
	TidyResult *first = group->results->pdata[0];
	FileChange *change;
	g_autoptr(GPtrArray) changes = NULL;

	for (guint i = 0; i < group->results->len; i++) {
		const TidyResult *result = group->results->pdata[i];

		if (result->go_to != NULL && g_strcmp0(result->go_from, result->go_to) != 0 &&
		    (highest == NULL || goversion_compare(highest, result->go_to) < 0))
			highest = result->go_to;
	}
	if (group->workspace == NULL || highest == NULL)
		return true;
	text = group->now->read(group->now, group->workspace->file, LIMIT_MANIFEST, error);
	if (text == NULL)
		return false;
	work = modfile_parse(group->workspace->file, text, MODFILE_WORK, error);
	if (work == NULL)
		return false;
	if (work->go != NULL && goversion_compare(work->go, highest) >= 0)
		return true;
	modedit_set_go(work, highest);
	after = modsyntax_print(work->syntax);
	changes = g_ptr_array_new();
	change = file_change_new(group->workspace->file, text, after);
	g_ptr_array_add(changes, change);
	overlay_add(group->now, changes);
	g_ptr_array_add(first->changes, change);
	return true;
}

/* `go work vendor` is another command with another result; a vendor/ of before would
 * break every build. */
static bool check_workspace(const Group *group, GError **error)
{
	g_autofree char *directory = NULL;

	if (group->workspace == NULL || group->order->n_bumps == 0)
		return true;
	directory = g_path_get_dirname(group->workspace->file);
	if (!vendor_is_used(group->now, strcmp(directory, ".") == 0 ? "" : directory))
		return true;
	return fail(error, FAILURE_INPUT,
		    "'%s' is vendored as a whole: `go work vendor` is not supported",
		    group->workspace->file);
}

/* Takes one module to other paths. What an order before has taken there already is not
 * required any more. */
static bool rename_one(Group *group, const char *directory, GError **error)
{
	const TidyOrder *order = group->order;

	for (size_t i = 0; i < order->n_renames; i++) {
		const Rename *rename = &order->renames[i];
		g_autoptr(ModFile) file = read_gomod(group->now, directory, error);
		g_autoptr(GPtrArray) changes = NULL;
		const ModRequire *require;

		if (file == NULL)
			return false;
		require = modfile_require(file, rename->from);
		if (require == NULL || require->is_indirect ||
		    modfile_replacement(file, rename->from, require->version) != NULL)
			continue;
		changes = rename_apply(group->now, directory, rename, error);
		if (changes == NULL)
			return false;
		overlay_add(group->now, changes);
		g_tree_insert(group->renamed_in, g_strdup(directory), NULL);
		while (changes->len > 0)
			g_ptr_array_add(group->renamed, g_ptr_array_steal_index(changes, 0));
	}
	return true;
}

/* Members of a workspace hand each other what they have of a module: they all go. */
static bool rename_all(Group *group, GError **error)
{
	const GPtrArray *members = group->workspace != NULL ? group->workspace->members : NULL;
	const char *directory = group->order->directory;

	if (!rename_one(group, directory, error))
		return false;
	for (guint i = 0; members != NULL && i < members->len; i++) {
		const Member *member = members->pdata[i];

		if (member->path != NULL && strcmp(member->directory, directory) != 0 &&
		    !rename_one(group, member->directory, error)) {
			g_prefix_error(error, "'%s/go.mod': ", member->directory);
			return false;
		}
	}
	return true;
}

/* A package in testdata that is imported by its name is left as it is, and counts. */
static bool check_renames(const Group *group, GError **error)
{
	const TidyOrder *order = group->order;

	for (GTreeNode *node = g_tree_node_first(group->renamed_in); node != NULL;
	     node = g_tree_node_next(node)) {
		const char *directory = g_tree_node_key(node);
		g_autoptr(ModFile) file = read_gomod(group->now, directory, error);

		for (size_t i = 0; file != NULL && i < order->n_renames; i++) {
			const char *from = order->renames[i].from;
			const ModRequire *require = modfile_require(file, from);

			if (require != NULL && !require->is_indirect)
				return fail(error, FAILURE_INPUT,
					    "'%s%sgo.mod': packages outside of `./...` import '%s'",
					    directory, *directory != '\0' ? "/" : "", from);
		}
		if (file == NULL)
			return false;
	}
	return true;
}

static bool run(Group *group, GError **error)
{
	const TidyOrder *order = group->order;

	if (!workspace_find(group->tree, order->directory, &group->workspace, error) ||
	    !check_workspace(group, error) || !rename_all(group, error) ||
	    !tidy_one(group, order->directory, order->bumps, order->n_bumps, error) ||
	    !tidy_members(group, error) || !check_renames(group, error))
		return false;
	for (guint i = 0; i < group->results->len; i++) {
		const TidyResult *result = group->results->pdata[i];

		if ((has_change(result, "go.mod") || is_renamed(group, result->directory)) &&
		    !tidy_followers(group, result->directory, error))
			return false;
	}
	return raise_workspace(group, error);
}

/* The result is part of the source from now on. */
static void accept(Together *together, TidyResult *result)
{
	GPtrArray *notes = g_tree_lookup(together->notes, result->directory);

	overlay_add(together->now, result->changes);
	if (notes == NULL) {
		notes = g_ptr_array_new_with_free_func(g_free);
		g_tree_insert(together->notes, g_strdup(result->directory), notes);
	}
	while (result->notes->len > 0)
		g_ptr_array_add(notes, g_ptr_array_steal_index(result->notes, 0));
}

bool together_tidy(Together *together, const TidyOrder *order, GError **error)
{
	Group group = {
		.together = together,
		.order = order,
		.before = together->now,
		.now = overlay_new(together->now),
		.tree = gotree_new(together->now),
		.renamed = file_changes_new(),
		.renamed_in = g_tree_new_full(text_compare, NULL, g_free, NULL),
		.results = g_ptr_array_new_with_free_func((GDestroyNotify)tidy_result_free),
		.done = g_tree_new_full(text_compare, NULL, g_free, NULL),
	};
	bool is_done = run(&group, error);

	if (is_done)
		overlay_add(together->now, group.renamed);
	for (guint i = 0; is_done && i < group.results->len; i++)
		accept(together, group.results->pdata[i]);
	g_ptr_array_unref(group.renamed);
	g_tree_unref(group.renamed_in);
	g_ptr_array_unref(group.results);
	g_tree_unref(group.done);
	workspace_free(group.workspace);
	gotree_free(group.tree);
	source_free(group.now);
	return is_done;
}

/* What add_result() fills. */
typedef struct {
	Together *together;
	GPtrArray *results;
	GError *error;
} Summary;

static gboolean add_result(void *directory, void *notes, void *data)
{
	Summary *summary = data;
	g_autoptr(ModFile) before = read_gomod(summary->together->base, directory, &summary->error);
	g_autoptr(ModFile) after = NULL;
	TidyResult *result;

	if (before != NULL)
		after = read_gomod(summary->together->now, directory, &summary->error);
	if (after == NULL)
		return TRUE; /* ends it */
	result = g_new0(TidyResult, 1);
	result->directory = g_strdup(directory);
	result->changes = g_ptr_array_new();
	result->moves = moves_between(before, after);
	result->notes = g_ptr_array_ref(notes);
	result->go_from = g_strdup(before->go);
	result->go_to = g_strdup(after->go);
	g_ptr_array_add(summary->results, result);
	return FALSE;
}

static bool take_changes(Together *together, GPtrArray *changes, GError **error)
{
	g_autoptr(GPtrArray) made = overlay_changes(together->now, error);

	while (made != NULL && made->len > 0)
		g_ptr_array_add(changes, g_ptr_array_steal_index(made, 0));
	return made != NULL;
}

GPtrArray *together_results(Together *together, GPtrArray *changes, GError **error)
{
	Summary summary = { .together = together };

	summary.results = g_ptr_array_new_with_free_func((GDestroyNotify)tidy_result_free);
	g_tree_foreach(together->notes, add_result, &summary);
	if (summary.error != NULL)
		g_propagate_error(error, summary.error);
	else if (take_changes(together, changes, error))
		return summary.results;
	g_ptr_array_unref(summary.results);
	return NULL;
}
