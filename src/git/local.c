/* SPDX-License-Identifier: MIT */
#include "git/local.h"

#include "base/time.h"
#include "git/cleanup.h"
#include "git/library.h"
#include "git/pack.h"

#include <glib/gstdio.h>

#include <string.h>

enum { LOCK_LIFE_S = 10 * 60 };

typedef struct {
	Transport transport; /* first: the two are cast into each other */
	git_repository *repository;
} Local;

static void local_free(Transport *transport)
{
	Local *local = (Local *)transport;

	objects_free(transport->objects);
	git_repository_free(local->repository);
	g_free(local);
}

/* What `reference` leads to in the end; false if it leads nowhere. */
static bool resolve(git_reference *reference, char id[static GIT_OID_HEXSZ + 1])
{
	g_autoptr(git_reference) direct = NULL;

	if (git_reference_resolve(&direct, reference) != 0)
		return false;
	git_oid_tostr(id, GIT_OID_HEXSZ + 1, git_reference_target(direct));
	return true;
}

static bool learn_head(Local *local, const RefQuery *query, Refs *refs, GError **error)
{
	g_autoptr(git_reference) head = NULL;
	char id[GIT_OID_HEXSZ + 1];

	if (git_reference_lookup(&head, local->repository, "HEAD") != 0 || !resolve(head, id))
		return true;
	return refs_note(refs, query, "HEAD", id, git_reference_symbolic_target(head), error);
}

static bool local_learn(Transport *transport, const RefQuery *query, Refs *refs, GError **error)
{
	Local *local = (Local *)transport;
	g_autoptr(git_reference_iterator) iterator = NULL;
	int code;

	if (!learn_head(local, query, refs, error))
		return false;
	code = git_reference_iterator_glob_new(&iterator, local->repository, "refs/heads/*");
	while (code == 0) {
		g_autoptr(git_reference) reference = NULL;
		char id[GIT_OID_HEXSZ + 1];

		code = git_reference_next(&reference, iterator);
		if (code == 0 && resolve(reference, id) &&
		    !refs_note(refs, query, git_reference_name(reference), id, NULL, error))
			return false;
	}
	return code == GIT_ITEROVER || library_fail(error, FAILURE_IO, code, "listing branches");
}

/* All there is, is here. */
static bool local_fetch(Transport *transport, const Fetch *fetch, GError **error)
{
	(void)transport;
	(void)fetch;
	(void)error;
	return true;
}

/* Whether the locked branch may be changed as asked; else why not. */
static bool may_change(Local *local, PushUpdate *update, const char *name)
{
	g_autoptr(git_reference) reference = NULL;
	char id[GIT_OID_HEXSZ + 1] = "";

	if (git_reference_lookup(&reference, local->repository, name) == 0 &&
	    !resolve(reference, id))
		update->reason = g_strdup("leads nowhere");
	else if (g_strcmp0(*id != '\0' ? id : NULL, update->expected) != 0)
		update->reason = g_strdup("has moved");
	else if (reference != NULL && git_branch_is_checked_out(reference) == 1)
		update->reason = g_strdup("is checked out");
	return update->reason == NULL;
}

static int change(git_transaction *transaction, const PushUpdate *update, const char *name)
{
	git_oid id;

	if (update->wanted == NULL)
		return update->expected == NULL ? 0 : git_transaction_remove(transaction, name);
	if (git_oid_fromstr(&id, update->wanted) != 0)
		return GIT_ERROR;
	return git_transaction_set_target(transaction, name, &id, NULL, "update by upkeepd");
}

/* A process that is killed between locking a branch and letting go leaves the lock
 * behind, as git itself does. It is held for moments, so one that is old has no
 * owner any more. */
static bool is_lock_broken(Local *local, const char *name)
{
	g_autofree char *path =
		g_strconcat(git_repository_commondir(local->repository), name, ".lock", NULL);
	GStatBuf about;

	return g_stat(path, &about) == 0 && about.st_mtime < time_now() - LOCK_LIFE_S &&
	       g_unlink(path) == 0;
}

static int lock(Local *local, git_transaction *transaction, const char *name)
{
	int code = git_transaction_lock_ref(transaction, name);

	if (code == GIT_ELOCKED && is_lock_broken(local, name))
		code = git_transaction_lock_ref(transaction, name);
	return code;
}

/* Changes `n` branches under their locks: all, or none. */
static void push_together(Local *local, PushUpdate **updates, unsigned n)
{
	g_autoptr(git_transaction) transaction = NULL;
	g_autoptr(GError) trouble = NULL;
	bool is_done;
	int code = git_transaction_new(&transaction, local->repository);

	for (unsigned i = 0; i < n && code == 0; i++) {
		g_autofree char *name = g_strconcat("refs/heads/", updates[i]->branch, NULL);

		code = lock(local, transaction, name);
		if (code == 0 && !may_change(local, updates[i], name))
			return;
		if (code == 0)
			code = change(transaction, updates[i], name);
	}
	if (code == 0)
		code = git_transaction_commit(transaction);
	is_done = code == 0 || library_fail(&trouble, FAILURE_IO, code, "changing a branch");
	for (unsigned i = 0; i < n; i++) {
		g_free(updates[i]->reason);
		updates[i]->reason = is_done ? NULL : g_strdup(trouble->message);
		if (is_done)
			updates[i]->result = PUSH_OK;
	}
}

static bool local_push(Transport *transport, GPtrArray *updates, bool is_atomic, GError **error)
{
	Local *local = (Local *)transport;
	g_autoptr(GPtrArray) commits = g_ptr_array_new(); /* of char *, borrowed */
	PushUpdate **all = (PushUpdate **)updates->pdata;

	for (unsigned i = 0; i < updates->len; i++)
		if (all[i]->wanted != NULL)
			g_ptr_array_add(commits, all[i]->wanted);
	if (!pack_keep(transport->objects, commits, error))
		return false;
	if (is_atomic)
		push_together(local, all, updates->len);
	else
		for (unsigned i = 0; i < updates->len; i++)
			push_together(local, all + i, 1);
	return true;
}

/* libgit2 would refuse it as well, but not say why. */
static bool is_sha256(const char *path)
{
	static const char *const places[] = { ".git/config", "config" };

	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *file = g_build_filename(path, places[i], NULL);
		g_autoptr(git_config) config = NULL;
		g_auto(git_buf) format = { 0 };

		if (git_config_open_ondisk(&config, file) == 0 &&
		    git_config_get_string_buf(&format, config, "extensions.objectformat") == 0)
			return strcmp(format.ptr, "sha256") == 0;
	}
	return false;
}

Transport *local_open(const char *path, GError **error)
{
	Local *local;
	git_repository *repository = NULL;
	int code;

	if (!library_start(error))
		return NULL;
	if (is_sha256(path))
		return fail_null(error, FAILURE_CONFIG,
				 "'%s' names its objects by SHA-256, which is not supported", path);
	code = git_repository_open_ext(&repository, path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);
	if (code < 0)
		return library_fail_null(error, FAILURE_CONFIG, code, "opening '%s'", path);
	local = g_new0(Local, 1);
	local->repository = repository;
	local->transport.learn = local_learn;
	local->transport.fetch = local_fetch;
	local->transport.push = local_push;
	local->transport.free = local_free;
	local->transport.objects = objects_of(repository, error);
	if (local->transport.objects == NULL) {
		local_free(&local->transport);
		return NULL;
	}
	return &local->transport;
}
