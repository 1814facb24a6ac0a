/* SPDX-License-Identifier: MIT */
/* 1. Credentials are handed out once per connection, and only to the place that was
 *    configured: asked again, libgit2 would try the wrong password fifteen times.
 * 2. Redirects are not followed (CVE-2026-53586).
 * 3. A ssh host key that is not known ends the connection; nothing is learnt on
 *    first use.
 * 4. Bytes and time are bounded in the progress callback; libgit2 removes what a
 *    cancelled fetch has begun.
 * 5. A push is checked against what the server advertises: libgit2 sends that as
 *    the old value, and the server compares under its lock (forges.md 8.2).
 */
#include "git/mirror.h"

#include "git/cleanup.h"
#include "git/library.h"
#include "git/send.h"
#include "git/ssh.h"
#include "upkeepd/limits.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define KNOWN_HOSTS   "/etc/ssh/ssh_known_hosts"
#define SEEN          "refs/seen/" /* by id: a name could be another's folder later on */
#define STAGING       "refs/push/"
#define NEGOTIATED_NO (-42) /* ours: a branch is not what was expected */

typedef struct {
	Transport transport;          /* first: the two are cast into each other */
	const Repository *repository; /* borrowed */
	Endpoint *endpoint;           /* borrowed; NULL: ssh */
	const char *known_hosts;      /* borrowed */
	SshAddress *address;          /* NULL: http */
	git_repository *mirror;
} Mirror;

/* One connection. */
typedef struct {
	Mirror *mirror;
	bool has_asked;     /* rule 1 */
	int64_t ends_at_us; /* monotonic; rule 4 */
	GPtrArray *updates; /* of PushUpdate; NULL: no push */
	GError *error;      /* what a callback of ours found */
} Session;

static const char *url_of(const Mirror *mirror)
{
	return mirror->address != NULL ? mirror->address->url : mirror->endpoint->url;
}

static int refuse(Session *session, FailureKind kind, const char *text)
{
	if (session->error == NULL)
		fail(&session->error, kind, "%s", text);
	return GIT_EUSER;
}

static int give_credential(git_credential **out, const char *url, const char *username,
			   unsigned int allowed, void *data)
{
	Session *session = data;
	const Mirror *mirror = session->mirror;
	const Credential *credential = mirror->repository->credential;
	g_autofree char *here = NULL;
	g_autofree char *there = NULL;
	bool is_retry = session->has_asked;

	(void)username;
	if (mirror->address != NULL && (allowed & GIT_CREDENTIAL_USERNAME))
		return git_credential_username_new(out, mirror->address->user);
	session->has_asked = true;
	if (credential == NULL)
		return refuse(session, FAILURE_DENIED, "it wants a credential, and there is none");
	if (is_retry)
		return refuse(session, FAILURE_DENIED, "the credential is not accepted");
	if (mirror->address != NULL && (allowed & GIT_CREDENTIAL_SSH_MEMORY))
		return git_credential_ssh_key_memory_new(out, mirror->address->user, NULL,
							 secret_reveal(credential->secret), NULL);
	here = mirror->address == NULL ? http_origin(mirror->endpoint->url) : NULL;
	there = http_origin(url);
	if (here == NULL || g_strcmp0(here, there) != 0)
		return refuse(session, FAILURE_DENIED, "the credential is not for this place");
	if (!(allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT))
		return refuse(session, FAILURE_DENIED, "it wants another kind of credential");
	return git_credential_userpass_plaintext_new(out, mirror->endpoint->username,
						     secret_reveal(credential->secret));
}

/* rule 3 */
static int check_host(git_cert *certificate, int is_valid, const char *host, void *data)
{
	Session *session = data;
	const Mirror *mirror = session->mirror;
	const git_cert_hostkey *key = (const git_cert_hostkey *)certificate;
	g_autofree char *known = NULL;

	(void)host;
	if (certificate->cert_type != GIT_CERT_HOSTKEY_LIBSSH2)
		return is_valid ? 0
				: refuse(session, FAILURE_NET, "its certificate is not trusted");
	if (mirror->address != NULL && (key->type & GIT_CERT_SSH_RAW) &&
	    g_file_get_contents(mirror->known_hosts, &known, NULL, NULL) &&
	    ssh_is_known(known, mirror->address, key->hostkey, key->hostkey_len))
		return 0;
	if (session->error == NULL)
		fail(&session->error, FAILURE_CONFIG, "its host key is not in '%s'",
		     mirror->known_hosts);
	return GIT_EUSER;
}

/* rule 4 */
static int watch_progress(const git_indexer_progress *progress, void *data)
{
	Session *session = data;

	if (progress->received_bytes > LIMIT_PACK)
		return refuse(session, FAILURE_LIMIT, "it sends too much");
	if (g_get_monotonic_time() > session->ends_at_us)
		return refuse(session, FAILURE_NET, "it takes too long");
	return 0;
}

static PushUpdate *find_update(const Session *session, const char *name)
{
	for (unsigned i = 0; i < session->updates->len; i++) {
		PushUpdate *update = g_ptr_array_index(session->updates, i);

		if (g_str_has_prefix(name, "refs/heads/") &&
		    strcmp(name + strlen("refs/heads/"), update->branch) == 0)
			return update;
	}
	return NULL;
}

/* rule 5 */
static int check_expected(const git_push_update **updates, size_t length, void *data)
{
	for (size_t i = 0; i < length; i++) {
		const PushUpdate *update = find_update(data, updates[i]->dst_refname);
		const char *now = git_oid_is_zero(&updates[i]->src)
					  ? NULL
					  : git_oid_tostr_s(&updates[i]->src);

		if (update == NULL || g_strcmp0(now, update->expected) != 0)
			return NEGOTIATED_NO;
	}
	return 0;
}

static int take_status(const char *name, const char *status, void *data)
{
	PushUpdate *update = find_update(data, name);

	if (update != NULL && status == NULL)
		update->result = PUSH_OK;
	else if (update != NULL)
		update->reason = g_strdup(status);
	return 0;
}

static git_remote_callbacks callbacks_of(Session *session)
{
	git_remote_callbacks callbacks = { 0 };

	git_remote_init_callbacks(&callbacks, GIT_REMOTE_CALLBACKS_VERSION);
	callbacks.payload = session;
	callbacks.credentials = give_credential;
	callbacks.certificate_check = check_host;
	callbacks.transfer_progress = watch_progress;
	callbacks.push_negotiation = check_expected;
	callbacks.push_update_reference = take_status;
	return callbacks;
}

static Session session_of(Mirror *mirror, GPtrArray *updates)
{
	Session session = { 0 };

	session.mirror = mirror;
	session.updates = updates;
	session.ends_at_us = g_get_monotonic_time() + (int64_t)LIMIT_TRANSFER_MS * 1000;
	return session;
}

/* The failure of a libgit2 call: ours if a callback set one. */
static bool fail_session(Session *session, int code, const char *doing, GError **error)
{
	if (session->error != NULL) {
		g_propagate_error(error, g_steal_pointer(&session->error));
		return false;
	}
	/* A bad key or one that is not taken has no code of its own. */
	if (code == GIT_EAUTH || (session->has_asked && git_error_last() != NULL &&
				  git_error_last()->klass == GIT_ERROR_SSH))
		return library_fail(error, FAILURE_DENIED, code, "%s", doing);
	/* What it has not found is the remote's, not an object of ours. */
	return library_fail(error, FAILURE_NET, GIT_ERROR, "%s", doing);
}

/* Configuration, which could lead elsewhere, has no say. */
static int create_remote(git_remote **remote, const Mirror *mirror)
{
	git_remote_create_options options = { 0 };
	int code = git_remote_create_options_init(&options, GIT_REMOTE_CREATE_OPTIONS_VERSION);

	options.repository = mirror->mirror;
	options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
	return code == 0 ? git_remote_create_with_opts(remote, url_of(mirror), &options) : code;
}

/* Learning. */

static bool note_heads(git_remote *remote, const RefQuery *query, Refs *refs, GError **error)
{
	const git_remote_head **heads = NULL;
	size_t length = 0;
	int code = git_remote_ls(&heads, &length, remote);

	if (code < 0)
		return library_fail(error, FAILURE_NET, GIT_ERROR, "listing branches");
	for (size_t i = 0; i < length; i++)
		if (!refs_note(refs, query, heads[i]->name, git_oid_tostr_s(&heads[i]->oid),
			       heads[i]->symref_target, error))
			return false;
	return true;
}

typedef struct {
	const Objects *objects;
	GPtrArray *specs; /* of char * */
} Wanting;

static gboolean want_tip(void *branch, void *id, void *data)
{
	Wanting *wanting = data;

	if (!objects_has(wanting->objects, id))
		g_ptr_array_add(wanting->specs, g_strdup_printf("+refs/heads/%s:" SEEN "%s",
								(char *)branch, (char *)id));
	return FALSE;
}

static gboolean want_tag(void *tag, void *id, void *data)
{
	Wanting *wanting = data;

	if (!objects_has(wanting->objects, id))
		g_ptr_array_add(wanting->specs, g_strdup_printf("+refs/tags/%s:" SEEN "%s",
								(char *)tag, (char *)id));
	return FALSE;
}

/* Brings the branches that have moved, and new tags, over the same connection. */
static int bring(Mirror *mirror, git_remote *remote, const Refs *refs,
		 const git_remote_callbacks *callbacks)
{
	g_autoptr(GPtrArray) specs = g_ptr_array_new_with_free_func(g_free);
	Wanting wanting = { mirror->transport.objects, specs };
	git_fetch_options options = { 0 };
	git_strarray list;
	g_autoptr(git_odb) database = NULL;
	int code;

	g_tree_foreach(refs->tips, want_tip, &wanting);
	g_tree_foreach(refs->tags, want_tag, &wanting);
	if (specs->len == 0)
		return 0;
	list.strings = (char **)specs->pdata;
	list.count = specs->len;
	git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
	options.callbacks = *callbacks;
	options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
	options.prune = GIT_FETCH_NO_PRUNE;
	options.update_fetchhead = 0;
	options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
	code = git_remote_fetch(remote, &list, &options, NULL);
	if (code == 0)
		code = git_repository_odb(&database, mirror->mirror);
	return code == 0 ? git_odb_refresh(database) : code;
}

static bool mirror_learn(Transport *transport, const RefQuery *query, Refs *refs, GError **error)
{
	Mirror *mirror = (Mirror *)transport;
	Session session = session_of(mirror, NULL);
	git_remote_callbacks callbacks = callbacks_of(&session);
	git_remote_connect_options options = { 0 };
	g_autoptr(git_remote) remote = NULL;
	int code = create_remote(&remote, mirror);

	git_remote_connect_options_init(&options, GIT_REMOTE_CONNECT_OPTIONS_VERSION);
	options.callbacks = callbacks;
	options.follow_redirects = GIT_REMOTE_REDIRECT_NONE; /* rule 2 */
	options.proxy_opts.type = GIT_PROXY_AUTO;
	if (code == 0)
		code = git_remote_connect_ext(remote, GIT_DIRECTION_FETCH, &options);
	if (code < 0)
		return fail_session(&session, code, "connecting", error);
	if (!note_heads(remote, query, refs, error))
		return false;
	code = bring(mirror, remote, refs, &callbacks);
	if (code < 0)
		return fail_session(&session, code, "fetching", error);
	return true;
}

/* Whatever the remote has came with learning. */
static bool mirror_fetch(Transport *transport, const Fetch *fetch, GError **error)
{
	(void)transport;
	(void)fetch;
	(void)error;
	return true;
}

/* Pushing over ssh. */

/* libgit2 1.5 pushes refs, not ids: each commit gets one for the while. */
static int stage(Mirror *mirror, const PushUpdate *update, unsigned i, GPtrArray *specs)
{
	g_autofree char *name = g_strdup_printf(STAGING "%u", i);
	g_autoptr(git_reference) reference = NULL;
	git_oid id;
	int code;

	if (update->wanted == NULL) {
		g_ptr_array_add(specs, g_strdup_printf(":refs/heads/%s", update->branch));
		return 0;
	}
	g_ptr_array_add(specs, g_strdup_printf("+%s:refs/heads/%s", name, update->branch));
	code = git_oid_fromstr(&id, update->wanted);
	return code == 0 ? git_reference_create(&reference, mirror->mirror, name, &id, 1, NULL)
			 : code;
}

static void unstage(Mirror *mirror, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		g_autofree char *name = g_strdup_printf(STAGING "%u", i);

		if (git_reference_remove(mirror->mirror, name) != 0)
			g_debug("there was no '%s'", name);
	}
}

static int push_specs(Session *session, GPtrArray *specs)
{
	git_push_options options = { 0 };
	g_autoptr(git_remote) remote = NULL;
	git_strarray list = { (char **)specs->pdata, specs->len };
	int code = create_remote(&remote, session->mirror);

	git_push_options_init(&options, GIT_PUSH_OPTIONS_VERSION);
	options.callbacks = callbacks_of(session);
	options.pb_parallelism = 1;
	options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
	return code == 0 ? git_remote_push(remote, &list, &options) : code;
}

static bool mirror_push(Transport *transport, GPtrArray *updates, bool is_atomic, GError **error)
{
	Mirror *mirror = (Mirror *)transport;
	g_autoptr(GPtrArray) specs = g_ptr_array_new_with_free_func(g_free);
	Session session = session_of(mirror, updates);
	int code = 0;

	if (mirror->endpoint != NULL)
		return send_push(mirror->endpoint, transport->objects, updates, is_atomic, error);
	if (is_atomic && updates->len > 1)
		return fail(error, FAILURE_CONFIG, "over ssh, branches are pushed one by one");
	for (unsigned i = 0; i < updates->len; i++) {
		PushUpdate *update = g_ptr_array_index(updates, i);

		/* libgit2 1.5 knows no options. */
		update->are_options_lost = update->options != NULL;
	}
	for (unsigned i = 0; i < updates->len && code == 0; i++)
		code = stage(mirror, g_ptr_array_index(updates, i), i, specs);
	if (code == 0)
		code = push_specs(&session, specs);
	unstage(mirror, updates->len);
	if (code < 0 && code != NEGOTIATED_NO)
		return fail_session(&session, code, "pushing", error);
	return true;
}

/* Opening. */

static void mirror_free(Transport *transport)
{
	Mirror *mirror = (Mirror *)transport;

	objects_free(transport->objects);
	git_repository_free(mirror->mirror);
	ssh_address_free(mirror->address);
	g_free(mirror);
}

/* Made beside and renamed, so that half of one is never taken for one. */
static bool open_repository(Mirror *mirror, const char *directory, GError **error)
{
	g_autofree char *path = g_build_filename(directory, "mirror.git", NULL);
	g_autofree char *half = g_strconcat(path, ".new", NULL);
	git_repository *repository = NULL;
	int code;

	if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
		code = git_repository_init(&repository, half, 1);
		git_repository_free(repository);
		if (code < 0)
			return library_fail(error, FAILURE_IO, code, "making '%s'", half);
		if (rename(half, path) != 0)
			return fail(error, FAILURE_IO, "cannot rename '%s': %s", half,
				    g_strerror(errno));
	}
	code = git_repository_open_bare(&mirror->mirror, path);
	return code == 0 || library_fail(error, FAILURE_IO, code, "opening '%s'", path);
}

Transport *mirror_open(const Repository *repository, Endpoint *endpoint, const char *directory,
		       const char *known_hosts, GError **error)
{
	Mirror *mirror = g_new0(Mirror, 1);

	mirror->repository = repository;
	mirror->endpoint = endpoint;
	mirror->known_hosts = known_hosts != NULL ? known_hosts : KNOWN_HOSTS;
	mirror->transport.learn = mirror_learn;
	mirror->transport.fetch = mirror_fetch;
	mirror->transport.push = mirror_push;
	mirror->transport.free = mirror_free;
	if (endpoint == NULL)
		mirror->address = ssh_parse(repository->url, error);
	if ((endpoint != NULL ? library_trust(error) : mirror->address != NULL) &&
	    open_repository(mirror, directory, error))
		mirror->transport.objects = objects_of(mirror->mirror, error);
	if (mirror->transport.objects == NULL) {
		mirror_free(&mirror->transport);
		return NULL;
	}
	return &mirror->transport;
}
