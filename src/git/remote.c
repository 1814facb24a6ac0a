/* SPDX-License-Identifier: MIT */
#include "git/remote.h"

#include "git/local.h"
#include "upkeepd/limits.h"

#include <string.h>

struct Remote {
	const char *name; /* borrowed: url or path, for error texts */
	Transport *transport;
	RefQuery *query;
	Refs *refs; /* what was learnt last */
};

void remote_free(Remote *remote)
{
	if (remote == NULL)
		return;
	if (remote->transport != NULL)
		remote->transport->free(remote->transport);
	ref_query_free(remote->query);
	refs_free(remote->refs);
	g_free(remote);
}

Remote *remote_open(const Repository *repository, const RemoteOptions *options, GError **error)
{
	g_autoptr(Remote) remote = g_new0(Remote, 1);

	(void)options;
	remote->name = repository->path;
	remote->query = ref_query_new();
	remote->refs = refs_new();
	if (repository->path == NULL)
		return fail_null(error, FAILURE_CONFIG, "'%s' cannot be reached yet",
				 repository->url);
	remote->transport = local_open(repository->path, error);
	return remote->transport != NULL ? g_steal_pointer(&remote) : NULL;
}

bool remote_claim(Remote *remote, const char *prefix, GError **error)
{
	return ref_query_add_prefix(remote->query, prefix, error);
}

bool remote_watch(Remote *remote, const char *branch, GError **error)
{
	return ref_query_add_branch(remote->query, branch, error);
}

bool remote_learn(Remote *remote, GError **error)
{
	g_autoptr(Refs) refs = refs_new();

	if (!remote->transport->learn(remote->transport, remote->query, refs, error)) {
		g_prefix_error(error, "'%s': ", remote->name);
		return false;
	}
	refs_free(remote->refs);
	remote->refs = g_steal_pointer(&refs);
	return true;
}

const char *remote_default_branch(const Remote *remote)
{
	return remote->refs->default_branch;
}

const char *remote_head(const Remote *remote)
{
	return remote->refs->head;
}

const char *remote_tip(const Remote *remote, const char *branch)
{
	return g_tree_lookup(remote->refs->tips, branch);
}

const GTree *remote_tips(const Remote *remote)
{
	return remote->refs->tips;
}

static bool fetch(Remote *remote, FetchKind kind, const GPtrArray *ids, unsigned depth,
		  GError **error)
{
	Fetch fetch = { kind, ids, depth };

	if (remote->transport->fetch(remote->transport, &fetch, error))
		return true;
	g_prefix_error(error, "'%s': ", remote->name);
	return false;
}

static bool fetch_one(Remote *remote, FetchKind kind, const char *id, unsigned depth,
		      GError **error)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new();

	g_ptr_array_add(ids, (char *)id);
	return fetch(remote, kind, ids, depth, error);
}

/* What is still missing after it was asked for is the remote's mistake. */
static void blame_remote(Remote *remote, GError **error)
{
	g_autofree char *text = NULL;

	if (error == NULL || failure_kind(*error) != FAILURE_ABSENT)
		return;
	text = g_strdup((*error)->message);
	g_clear_error(error);
	fail(error, FAILURE_NET, "'%s' has not sent what was asked for: %s", remote->name, text);
}

GPtrArray *remote_files(Remote *remote, const char *commit,
			bool (*wants)(const char *path, void *data), void *data, GError **error)
{
	const Objects *objects = remote->transport->objects;
	g_autoptr(GError) missing = NULL;
	GPtrArray *files = objects_files(objects, commit, wants, data, &missing);

	if (files != NULL)
		return files;
	if (failure_kind(missing) != FAILURE_ABSENT) {
		g_propagate_error(error, g_steal_pointer(&missing));
		return NULL;
	}
	if (!fetch_one(remote, FETCH_TREES, commit, 1, error))
		return NULL;
	files = objects_files(objects, commit, wants, data, error);
	if (files == NULL)
		blame_remote(remote, error);
	return files;
}

static GPtrArray *missing_of(const Remote *remote, const GPtrArray *ids)
{
	GPtrArray *missing = g_ptr_array_new(); /* of char *, borrowed */

	for (unsigned i = 0; i < ids->len; i++)
		if (!objects_has(remote->transport->objects, g_ptr_array_index(ids, i)))
			g_ptr_array_add(missing, g_ptr_array_index(ids, i));
	return missing;
}

bool remote_fetch(Remote *remote, const GPtrArray *ids, GError **error)
{
	g_autoptr(GPtrArray) missing = missing_of(remote, ids);

	return missing->len == 0 || fetch(remote, FETCH_FILES, missing, 1, error);
}

GBytes *remote_read(Remote *remote, const char *id, size_t max_bytes, GError **error)
{
	return objects_read(remote->transport->objects, id, max_bytes, error);
}

GPtrArray *remote_commits(Remote *remote, const GPtrArray *ids, GError **error)
{
	g_autoptr(GPtrArray) commits = g_ptr_array_new_with_free_func((GDestroyNotify)commit_free);
	g_autoptr(GPtrArray) missing = missing_of(remote, ids);

	if (missing->len > 0 && !fetch(remote, FETCH_COMMITS, missing, 1, error))
		return NULL;
	for (unsigned i = 0; i < ids->len; i++) {
		Commit *commit = objects_commit(remote->transport->objects,
						g_ptr_array_index(ids, i), error);

		if (commit == NULL) {
			blame_remote(remote, error);
			return NULL;
		}
		g_ptr_array_add(commits, commit);
	}
	return g_steal_pointer(&commits);
}

GPtrArray *remote_history(Remote *remote, const char *tip, unsigned count, GError **error)
{
	const Objects *objects = remote->transport->objects;
	GPtrArray *history = NULL;
	bool is_whole = false;

	if (objects_has(objects, tip)) {
		history = objects_history(objects, tip, count, &is_whole, error);
		if (history == NULL || is_whole)
			return history;
		g_ptr_array_unref(history);
	}
	if (!fetch_one(remote, FETCH_COMMITS, tip, count, error))
		return NULL;
	history = objects_history(objects, tip, count, &is_whole, error);
	if (history == NULL)
		blame_remote(remote, error);
	return history;
}

char *remote_build(Remote *remote, const char *base, const GPtrArray *changes,
		   const CommitText *text, GError **error)
{
	return build_commit(remote->transport->objects, base, changes, text, error);
}

/* Notes what went through; returns whether everything did. */
static bool note_pushed(Remote *remote, const GPtrArray *updates)
{
	bool is_all_done = true;

	for (unsigned i = 0; i < updates->len; i++) {
		const PushUpdate *update = g_ptr_array_index(updates, i);

		if (update->result != PUSH_OK)
			is_all_done = false;
		else if (update->wanted == NULL)
			g_tree_remove(remote->refs->tips, update->branch);
		else
			g_tree_insert(remote->refs->tips, g_strdup(update->branch),
				      g_strdup(update->wanted));
	}
	return is_all_done;
}

/* Settles by what the branches are now; returns whether one is still what it was. */
static bool judge(Remote *remote, GPtrArray *updates)
{
	bool is_any_left = false;

	for (unsigned i = 0; i < updates->len; i++) {
		PushUpdate *update = g_ptr_array_index(updates, i);
		g_autofree char *reason = g_steal_pointer(&update->reason);

		push_update_judge(update, remote_tip(remote, update->branch), reason);
		is_any_left = is_any_left || update->result == PUSH_REJECTED;
	}
	return is_any_left;
}

/* After a push without an answer: the remote may have carried it out all the
 * same. What it has not done was not refused, but may be tried again. */
static bool settle_unanswered(Remote *remote, GPtrArray *updates)
{
	if (!remote_learn(remote, NULL))
		return false;
	if (!judge(remote, updates))
		return true;
	for (unsigned i = 0; i < updates->len; i++) {
		PushUpdate *update = g_ptr_array_index(updates, i);

		if (update->result == PUSH_REJECTED)
			update->result = PUSH_UNKNOWN;
	}
	return false;
}

static bool check_updates(const Remote *remote, const GPtrArray *updates, GError **error)
{
	for (unsigned i = 0; i < updates->len; i++) {
		PushUpdate *update = g_ptr_array_index(updates, i);

		if (!refs_check_ours(remote->refs, remote->query, update->branch, error))
			return false;
		if ((update->expected != NULL && !objects_is_id(update->expected)) ||
		    (update->wanted != NULL && !objects_is_id(update->wanted)))
			return fail(error, FAILURE_CONFIG, "'%s': not a commit id", update->branch);
		update->result = PUSH_UNKNOWN;
		g_clear_pointer(&update->reason, g_free);
	}
	return true;
}

bool remote_push(Remote *remote, GPtrArray *updates, bool is_atomic, GError **error)
{
	g_autoptr(GError) trouble = NULL;

	if (updates->len == 0)
		return true;
	if (!check_updates(remote, updates, error))
		return false;
	if (!remote->transport->push(remote->transport, updates, is_atomic, &trouble)) {
		if (settle_unanswered(remote, updates))
			return true;
		g_propagate_prefixed_error(error, g_steal_pointer(&trouble),
					   "'%s': ", remote->name);
		return false;
	}
	if (note_pushed(remote, updates))
		return true;
	if (!remote_learn(remote, error))
		return false;
	judge(remote, updates);
	return true;
}
