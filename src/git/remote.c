/* SPDX-License-Identifier: MIT */
#include "git/remote.h"

#include "git/answers.h"
#include "git/cachedir.h"
#include "git/endpoint.h"
#include "git/library.h"
#include "git/local.h"
#include "git/mirror.h"
#include "git/pack.h"
#include "git/state.h"
#include "git/wire.h"

#include <string.h>

/* What a shorter history is tried with where merges make the full one too large. */
#define SHORT_HISTORY 10

struct Remote {
	const Repository *repository; /* borrowed */
	RemoteOptions options;        /* borrows */
	const char *name;             /* borrowed: url or path, for error texts */
	char *directory;              /* in the cache; NULL: a path */
	State *state;                 /* NULL: a path */
	Endpoint *endpoint;           /* NULL: not over HTTP */
	Transport *transport;         /* NULL: not connected yet */
	RefQuery *query;
	Refs *refs; /* what was learnt last */
	bool has_learnt;
};

void remote_free(Remote *remote)
{
	if (remote == NULL)
		return;
	if (remote->transport != NULL)
		remote->transport->free(remote->transport);
	endpoint_free(remote->endpoint);
	state_free(remote->state);
	g_free(remote->directory);
	ref_query_free(remote->query);
	refs_free(remote->refs);
	g_free(remote);
}

static bool is_http(const char *url)
{
	return g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "http://");
}

static bool open_cache(Remote *remote, GError **error)
{
	const Repository *repository = remote->repository;
	const RemoteOptions *options = &remote->options;

	remote->directory = cachedir_of(options->cache_directory, repository->url, error);
	if (remote->directory == NULL)
		return false;
	remote->state = state_load(remote->directory);
	if (!is_http(repository->url)) {
		if (options->is_foreign)
			return fail(error, FAILURE_DENIED,
				    "'%s' is not of https, and only named by others", remote->name);
		remote->transport = mirror_open(repository, NULL, remote->directory,
						options->known_hosts, error);
		return remote->transport != NULL;
	}
	remote->endpoint = endpoint_new(repository, options->http, remote->state,
					options->token_user, options->now, error);
	if (remote->endpoint == NULL)
		return false;
	remote->endpoint->is_foreign = options->is_foreign;
	return true;
}

Remote *remote_open(const Repository *repository, const RemoteOptions *options, GError **error)
{
	g_autoptr(Remote) remote = g_new0(Remote, 1);

	remote->repository = repository;
	remote->options = *options;
	remote->name = repository->path != NULL ? repository->path : repository->url;
	remote->query = ref_query_new();
	remote->refs = refs_new();
	if (!library_start(error))
		return NULL;
	if (repository->path != NULL)
		remote->transport = local_open(repository->path, error);
	else if (!open_cache(remote, error))
		return NULL;
	return repository->path == NULL || remote->transport != NULL ? g_steal_pointer(&remote)
								     : NULL;
}

/* Finds out which way the remote is reached, if that is not known yet. */
static bool connect(Remote *remote, GError **error)
{
	unsigned offers;

	if (remote->transport != NULL)
		return true;
	if (remote->options.is_offline && remote->state->reading.asked_at != 0)
		offers = remote->state->reading.offers; /* however long ago */
	else if (!endpoint_offers(remote->endpoint, SERVICE_READ, &offers, error)) {
		g_prefix_error(error, "'%s': ", remote->name);
		return false;
	}
	if (wire_suffices(offers))
		remote->transport = wire_open(remote->endpoint, remote->directory, error);
	else if (remote->options.is_foreign)
		fail(error, FAILURE_CONFIG, "'%s': its server does not know protocol version 2",
		     remote->name);
	else
		remote->transport = mirror_open(remote->repository, remote->endpoint,
						remote->directory, NULL, error);
	return remote->transport != NULL;
}

const char *remote_name(const Remote *remote)
{
	return remote->name;
}

bool remote_claim(Remote *remote, const char *prefix, GError **error)
{
	return ref_query_add_prefix(remote->query, prefix, error);
}

bool remote_claim_branch(Remote *remote, const char *branch, GError **error)
{
	return ref_query_add_own(remote->query, branch, error);
}

void remote_survey(Remote *remote)
{
	remote->query->is_everything = true;
}

void remote_want_tags(Remote *remote)
{
	remote->query->wants_tags = true;
}

bool remote_watch(Remote *remote, const char *branch, GError **error)
{
	return ref_query_add_branch(remote->query, branch, error);
}

static gboolean copy_tip(void *branch, void *id, void *tips)
{
	g_tree_insert(tips, g_strdup(branch), g_strdup(id));
	return FALSE;
}

static void copy_refs(Refs *to, const Refs *from)
{
	to->head = g_strdup(from->head);
	to->default_branch = g_strdup(from->default_branch);
	g_tree_foreach(from->tips, copy_tip, to->tips);
}

static bool learn_offline(Remote *remote, Refs *refs, GError **error)
{
	if (remote->state->refs->head == NULL)
		return fail(error, FAILURE_NET, "nothing is known of it offline");
	copy_refs(refs, remote->state->refs);
	return true;
}

/* Whether only the cache may be asked; what lies on this disk is never far. */
static bool is_cut_off(const Remote *remote)
{
	return remote->options.is_offline && remote->state != NULL;
}

static bool remember(Remote *remote, GError **error)
{
	if (remote->state == NULL)
		return true;
	refs_free(remote->state->refs);
	remote->state->refs = refs_new();
	copy_refs(remote->state->refs, remote->refs);
	return state_save(remote->state, error);
}

bool remote_learn(Remote *remote, GError **error)
{
	g_autoptr(Refs) refs = refs_new();

	if (!connect(remote, error))
		return false;
	if (is_cut_off(remote)
		    ? !learn_offline(remote, refs, error)
		    : !remote->transport->learn(remote->transport, remote->query, refs, error)) {
		g_prefix_error(error, "'%s': ", remote->name);
		return false;
	}
	refs_free(remote->refs);
	remote->refs = g_steal_pointer(&refs);
	remote->has_learnt = true;
	return remember(remote, error);
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

const GTree *remote_tags(const Remote *remote)
{
	return remote->refs->tags;
}

bool remote_is_base(const Remote *remote, const char *branch)
{
	return refs_is_base(remote->refs, remote->query, branch);
}

bool remote_is_ours(const Remote *remote, const char *branch)
{
	return refs_is_ours(remote->refs, remote->query, branch);
}

static bool fetch(Remote *remote, const Fetch *what, GError **error)
{
	if (remote->transport->fetch(remote->transport, what, error))
		return true;
	g_prefix_error(error, "'%s': ", remote->name);
	return false;
}

static bool fetch_one(Remote *remote, FetchKind kind, const char *id, unsigned depth, bool is_alone,
		      GError **error)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new();
	const Fetch what = { kind, ids, depth, is_alone };

	g_ptr_array_add(ids, (char *)id);
	return fetch(remote, &what, error);
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

/* The folders of `commit` have arrived: later fetches may build on them. */
static bool note_whole(Remote *remote, const char *commit, GError **error)
{
	if (remote->transport->note_whole == NULL)
		return true;
	remote->transport->note_whole(remote->transport, commit);
	return state_save(remote->state, error);
}

GPtrArray *remote_files(Remote *remote, const char *commit,
			bool (*wants)(const char *path, void *data), void *data, GError **error)
{
	/* What is here; what comes on top of what is here; what comes for those
	 * who have nothing, should the cache not hold what it seems to. */
	enum { HERE, ON_TOP, ALONE } attempt;
	g_autoptr(GPtrArray) files = NULL;

	if (!connect(remote, error))
		return NULL;
	for (attempt = HERE; files == NULL && attempt <= ALONE; attempt++) {
		g_autoptr(GError) trouble = NULL;

		if (attempt != HERE &&
		    !fetch_one(remote, FETCH_TREES, commit, 1, attempt == ALONE, error))
			return NULL;
		files = objects_files(remote->transport->objects, commit, wants, data, &trouble);
		if (files == NULL &&
		    (attempt == ALONE || failure_kind(trouble) != FAILURE_ABSENT)) {
			g_propagate_error(error, g_steal_pointer(&trouble));
			blame_remote(remote, error);
			return NULL;
		}
		if (files != NULL && attempt != HERE && !note_whole(remote, commit, error))
			return NULL;
	}
	return g_steal_pointer(&files);
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
	g_autoptr(GPtrArray) missing = NULL;
	Fetch what = { FETCH_FILES, NULL, 1, false };

	if (!connect(remote, error))
		return false;
	what.ids = missing = missing_of(remote, ids);
	return missing->len == 0 || fetch(remote, &what, error);
}

GBytes *remote_read(Remote *remote, const char *id, size_t max_bytes, GError **error)
{
	return connect(remote, error)
		       ? objects_read(remote->transport->objects, id, max_bytes, error)
		       : NULL;
}

GPtrArray *remote_commits(Remote *remote, const GPtrArray *ids, GError **error)
{
	g_autoptr(GPtrArray) commits = g_ptr_array_new_with_free_func((GDestroyNotify)commit_free);
	g_autoptr(GPtrArray) missing = NULL;
	Fetch what = { FETCH_COMMITS, NULL, 1, false };

	if (!connect(remote, error))
		return NULL;
	what.ids = missing = missing_of(remote, ids);
	if (missing->len > 0 && !fetch(remote, &what, error))
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

/* Merges can make a hundred generations a hundred thousand commits. */
static bool fetch_history(Remote *remote, const char *tip, unsigned count, GError **error)
{
	g_autoptr(GError) trouble = NULL;

	if (fetch_one(remote, FETCH_COMMITS, tip, count, false, &trouble))
		return true;
	if (failure_kind(trouble) == FAILURE_LIMIT && count > SHORT_HISTORY)
		return fetch_one(remote, FETCH_COMMITS, tip, SHORT_HISTORY, false, error);
	g_propagate_error(error, g_steal_pointer(&trouble));
	return false;
}

GPtrArray *remote_history(Remote *remote, const char *tip, unsigned count, GError **error)
{
	const Objects *objects;
	GPtrArray *history;
	bool is_whole = false;

	if (!connect(remote, error))
		return NULL;
	objects = remote->transport->objects;
	if (objects_has(objects, tip)) {
		history = objects_history(objects, tip, count, &is_whole, error);
		if (history == NULL || is_whole)
			return history;
		g_ptr_array_unref(history);
	}
	if (!fetch_history(remote, tip, count, error))
		return NULL;
	history = objects_history(objects, tip, count, &is_whole, error);
	if (history == NULL)
		blame_remote(remote, error);
	return history;
}

static gboolean add_id(void *name, void *id, void *ids)
{
	(void)name;
	g_ptr_array_add(ids, id);
	return FALSE;
}

bool remote_fetch_history(Remote *remote, GError **error)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new(); /* of char *, borrowed */
	const Fetch what = { FETCH_COMMITS, ids, 0, true };

	if (!connect(remote, error))
		return false;
	g_tree_foreach(remote->refs->tips, add_id, ids);
	g_tree_foreach(remote->refs->tags, add_id, ids);
	return ids->len == 0 || fetch(remote, &what, error);
}

char *remote_find_commit(Remote *remote, const char *beginning, GError **error)
{
	return connect(remote, error)
		       ? objects_find_commit(remote->transport->objects, beginning, error)
		       : NULL;
}

bool remote_descends(Remote *remote, const char *commit, const char *ancestor, bool *descends,
		     GError **error)
{
	return connect(remote, error) &&
	       objects_descends(remote->transport->objects, commit, ancestor, descends, error);
}

char *remote_build(Remote *remote, const char *base, const GPtrArray *changes,
		   const CommitText *text, GError **error)
{
	return connect(remote, error)
		       ? build_commit(remote->transport->objects, base, changes, text, error)
		       : NULL;
}

/* Notes what went through; returns whether everything did. */
static bool note_pushed(Remote *remote, const GPtrArray *updates)
{
	bool is_all_done = true;

	for (unsigned i = 0; i < updates->len; i++) {
		const PushUpdate *update = g_ptr_array_index(updates, i);

		if (update->result != PUSH_OK)
			is_all_done = false;
		else if (update->ref != NULL)
			continue;
		else if (update->wanted == NULL)
			g_tree_remove(remote->refs->tips, update->branch);
		else
			g_tree_insert(remote->refs->tips, g_strdup(update->branch),
				      g_strdup(update->wanted));
	}
	return is_all_done;
}

/* What was made here need not be asked for by the next run; a loss costs a request. */
static void keep_pushed(Remote *remote, const GPtrArray *updates)
{
	g_autoptr(GPtrArray) commits = g_ptr_array_new(); /* of char *, borrowed */
	g_autoptr(GError) trouble = NULL;

	for (unsigned i = 0; i < updates->len; i++) {
		const PushUpdate *update = g_ptr_array_index(updates, i);

		if (update->result == PUSH_OK && update->wanted != NULL)
			g_ptr_array_add(commits, update->wanted);
	}
	if (remote->state != NULL && !pack_keep(remote->transport->objects, commits, &trouble))
		g_debug("'%s': %s", remote->name, trouble->message);
}

/* Where it is pushed to there is never anything. */
static const char *tip_of(const Remote *remote, const PushUpdate *update)
{
	return update->ref == NULL ? remote_tip(remote, update->branch) : NULL;
}

/* Settles by what the branches are now; returns whether one is still what it was. What
 * was pushed to another ref leaves no trace in them: there the remote's "ok" stands. */
static bool judge(const Remote *remote, GPtrArray *updates)
{
	bool is_any_left = false;

	for (unsigned i = 0; i < updates->len; i++) {
		PushUpdate *update = g_ptr_array_index(updates, i);
		g_autofree char *reason = NULL;

		if (update->ref != NULL && update->result == PUSH_OK)
			continue;
		reason = g_steal_pointer(&update->reason);
		push_update_judge(update, tip_of(remote, update), reason);
		is_any_left = is_any_left || update->result == PUSH_REJECTED;
	}
	return is_any_left;
}

static bool is_as_expected(const Remote *remote, const PushUpdate *update)
{
	return g_strcmp0(tip_of(remote, update), update->expected) == 0;
}

/* Those worth sending. What has moved is settled here: git's own server deletes a
 * branch whatever it is if it does not know the commit that was expected there
 * (receive-pack.c, "Allowing deletion of corrupt ref"). */
static bool choose(Remote *remote, GPtrArray *updates, bool is_atomic, GPtrArray *chosen,
		   GError **error)
{
	bool is_any_moved = false;

	for (unsigned i = 0; i < updates->len; i++)
		is_any_moved =
			is_any_moved || !is_as_expected(remote, g_ptr_array_index(updates, i));
	if (is_any_moved && !remote_learn(remote, error))
		return false;
	is_any_moved = false;
	for (unsigned i = 0; i < updates->len; i++) {
		PushUpdate *update = g_ptr_array_index(updates, i);

		push_update_judge(update, tip_of(remote, update), "another branch has moved");
		is_any_moved = is_any_moved || update->result == PUSH_MOVED;
		if (update->result == PUSH_REJECTED)
			g_ptr_array_add(chosen, update);
	}
	if (is_atomic && is_any_moved)
		g_ptr_array_set_size(chosen, 0);
	return true;
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

static bool are_options(const GPtrArray *options)
{
	for (unsigned i = 0; options != NULL && i < options->len; i++) {
		const char *option = g_ptr_array_index(options, i);

		if (*option == '\0' || strlen(option) > PUSH_OPTION_MAX ||
		    strchr(option, '\n') != NULL)
			return false;
	}
	return true;
}

/* Never a branch or a tag, and only by the way that has options. */
static bool is_worth_a_word(const Remote *remote, const PushUpdate *update)
{
	return g_str_has_prefix(update->ref, "refs/for/") &&
	       refs_is_branch(update->ref + strlen("refs/for/")) && update->expected == NULL &&
	       update->wanted != NULL && update->options != NULL && remote->endpoint != NULL;
}

static bool check_updates(const Remote *remote, const GPtrArray *updates, bool is_atomic,
			  GError **error)
{
	for (unsigned i = 0; i < updates->len; i++) {
		PushUpdate *update = g_ptr_array_index(updates, i);

		if (update->ref == NULL &&
		    !refs_check_ours(remote->refs, remote->query, update->branch, error))
			return false;
		if (update->ref != NULL && !is_worth_a_word(remote, update))
			return fail(error, FAILURE_CONFIG, "'%s' cannot be pushed to '%s'",
				    update->branch, update->ref);
		if ((update->expected != NULL && !objects_is_id(update->expected)) ||
		    (update->wanted != NULL && !objects_is_id(update->wanted)))
			return fail(error, FAILURE_CONFIG, "'%s': not a commit id", update->branch);
		if (!are_options(update->options) || (is_atomic && update->options != NULL))
			return fail(error, FAILURE_CONFIG, "'%s': no such push options",
				    update->branch);
		push_update_reset(update);
	}
	return true;
}

bool remote_takes_options(Remote *remote, bool *takes, GError **error)
{
	unsigned offers = 0;

	if (remote->endpoint != NULL &&
	    !endpoint_offers(remote->endpoint, SERVICE_WRITE, &offers, error))
		return false;
	*takes = (offers & OFFERS_OPTIONS) != 0;
	return true;
}

bool remote_try_push(Remote *remote, bool *is_known, GError **error)
{
	unsigned offers;

	*is_known = remote->endpoint != NULL;
	if (remote->endpoint == NULL)
		return true;
	(void)endpoint_doubt(remote->endpoint, SERVICE_WRITE);
	return endpoint_offers(remote->endpoint, SERVICE_WRITE, &offers, error);
}

bool remote_push(Remote *remote, GPtrArray *updates, bool is_atomic, GError **error)
{
	g_autoptr(GPtrArray) chosen = g_ptr_array_new(); /* of PushUpdate, borrowed */
	g_autoptr(GError) trouble = NULL;

	if (is_cut_off(remote))
		return fail(error, FAILURE_NET, "'%s': nothing is pushed offline", remote->name);
	/* Which branches are bases, and what ours are, is known only then. */
	if (!remote->has_learnt && !remote_learn(remote, error))
		return false;
	if (!check_updates(remote, updates, is_atomic, error) ||
	    !choose(remote, updates, is_atomic, chosen, error))
		return false;
	if (chosen->len == 0)
		return true;
	for (unsigned i = 0; i < chosen->len; i++)
		push_update_reset(g_ptr_array_index(chosen, i));
	if (!remote->transport->push(remote->transport, chosen, is_atomic, &trouble)) {
		if (settle_unanswered(remote, chosen))
			return true;
		g_propagate_prefixed_error(error, g_steal_pointer(&trouble),
					   "'%s': ", remote->name);
		return false;
	}
	keep_pushed(remote, chosen);
	if (note_pushed(remote, chosen))
		return remember(remote, error);
	if (!remote_learn(remote, error))
		return false;
	judge(remote, chosen);
	return true;
}
