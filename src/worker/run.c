/* SPDX-License-Identifier: MIT */
/* What is done with each job: a pipeline, or the look-up of an owner's repositories. */
#include "base/sandbox.h"
#include "base/time.h"
#include "ecosystems/gomod/modcache.h"
#include "git/cachedir.h"
#include "policy/match.h"
#include "publish/app.h"
#include "worker/jobs.h"
#include "worker/pipeline.h"
#include "worker/watched.h"

#include <string.h>

static void add(GPtrArray *paths, const char *path)
{
	if (path != NULL && *path != '\0')
		g_ptr_array_add(paths, g_canonicalize_filename(path, NULL));
}

/* A folder that has to be there before the way to it is closed. */
static void add_own(GPtrArray *paths, const char *path)
{
	if (path != NULL && g_mkdir_with_parents(path, 0700) == 0)
		add(paths, path);
}

/* Leaves the worker what the settings and the environment name, and no more. */
static bool confine(const Session *session, const Invocation *invocation, GError **error)
{
	/* Files of authorities, passwords of hosts, systemd's credentials. Docker's are
	 * known by now. */
	static const char *const variables[] = { "SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC",
						 "CREDENTIALS_DIRECTORY" };
	const Settings *settings = session->settings;
	g_autofree char *state = state_directory(invocation);
	g_autofree char *netrc = g_build_filename(g_get_home_dir(), ".netrc", NULL);
	g_autoptr(GPtrArray) readable = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) writable = g_ptr_array_new_with_free_func(g_free);

	add_own(writable, state);
	add_own(writable, session->cache);
	add_own(writable, g_getenv("UPKEEPD_RECORD"));
	for (size_t i = 0; i < G_N_ELEMENTS(variables); i++)
		add(readable, g_getenv(variables[i]));
	add(readable, netrc);
	add(readable, settings->rules);
	for (guint i = 0; i < settings->repositories->len; i++) {
		const RepositorySettings *repository = g_ptr_array_index(settings->repositories, i);

		add(writable, repository->path);
		add(readable, repository->rules);
		add(readable, repository->token.file);
	}
	for (guint i = 0; i < settings->credentials->len; i++)
		add(readable, ((CredentialSettings *)settings->credentials->pdata[i])->token.file);
	add(readable, settings->signing_key.file);
	return sandbox_confine(readable, writable, error);
}

static void *open_session(const Invocation *invocation, Store *store, GError **error)
{
	g_autoptr(Session) session = session_open(invocation, store, error);

	if (session == NULL || !confine(session, invocation, error))
		return NULL;
	return g_steal_pointer(&session);
}

static Http *session_http(void *session)
{
	return ((Session *)session)->http;
}

/* What no run has used for a month goes with the worker that ends. */
static void close_session(void *data)
{
	Session *session = data;

	cachedir_sweep(session->cache, session->world.now);
	depots_sweep(session->cache, session->world.now);
	modcache_sweep(session->cache, session->world.now);
	session_free(session);
}

static const RepositorySettings *settings_of(const Settings *settings, const char *name)
{
	for (guint i = 0; i < settings->repositories->len; i++) {
		const RepositorySettings *repository = g_ptr_array_index(settings->repositories, i);

		if (g_strcmp0(repository->url, name) == 0 || g_strcmp0(repository->path, name) == 0)
			return repository;
	}
	return NULL;
}

static Repository *repository_of(Session *session, const Ticket *ticket, const Forge **forge,
				 GError **error)
{
	const char *named = ticket->owner != NULL ? ticket->owner : ticket->repository;
	const RepositorySettings *settings = settings_of(session->settings, named);

	if (settings == NULL)
		return fail_null(error, FAILURE_CONFIG, "'%s' is not in the settings", named);
	return watched_repository(session, settings,
				  ticket->owner != NULL ? ticket->repository : NULL, forge, error);
}

static bool matches(const char *pattern, const char *name)
{
	return match_component(pattern, strlen(pattern), name, strlen(name));
}

static bool is_included(const Repository *owner, const char *url)
{
	g_autofree char *name = g_path_get_basename(url);
	bool is_in = owner->include == NULL || owner->include->len == 0;

	if (g_str_has_suffix(name, ".git"))
		name[strlen(name) - 4] = '\0';
	for (guint i = 0; !is_in && i < owner->include->len; i++)
		is_in = matches(g_ptr_array_index(owner->include, i), name);
	for (guint i = 0; is_in && owner->exclude != NULL && i < owner->exclude->len; i++)
		is_in = !matches(g_ptr_array_index(owner->exclude, i), name);
	return is_in;
}

/* An owner's turn: its repositories become watched ones. */
static bool discover(Session *session, Turn *turn, const Repository *owner, const Forge *forge,
		     GError **error)
{
	g_autoptr(GPtrArray) urls = NULL, names = g_ptr_array_new();
	g_autoptr(Hosted) hosted = NULL;

	if ((forge->can & CAN_DISCOVER) == 0)
		return fail(error, FAILURE_CONFIG, "repositories cannot be listed at '%s'",
			    owner->url);
	hosted = forge->begin(&session->world, owner, error);
	if (hosted != NULL)
		urls = forge->discover(hosted, error);
	if (urls == NULL)
		return false;
	for (guint i = 0; i < urls->len; i++)
		if (is_included(owner, g_ptr_array_index(urls, i)))
			g_ptr_array_add(names, g_ptr_array_index(urls, i));
	return queue_watch_below(turn->store, turn->ticket, names, turn->invocation->now,
				 time_now(), error);
}

/* Read for each job: a new key is used at once, and one that cannot be used is the
 * outcome of the job. */
static bool read_signer(const Settings *settings, Signer **signer, GError **error)
{
	g_autoptr(Secret) key = NULL;

	if (!secret_source_is_given(&settings->signing_key))
		return true;
	key = secret_source_read(&settings->signing_key, error);
	if (key == NULL)
		return false;
	*signer = signer_new(key, error);
	if (*signer == NULL)
		g_prefix_error(error, "signing: ");
	return *signer != NULL;
}

static bool run(Session *session, Turn *turn, const Repository *repository, const Forge *forge,
		GError **error)
{
	const Settings *settings = session->settings;
	RemoteOptions options = watched_options(session, forge);
	g_autoptr(Signer) signer = NULL;

	if (turn->ticket->is_owner)
		return discover(session, turn, repository, forge, error);
	if (!read_signer(settings, &signer, error))
		return false;

	g_auto(Job) job = {
		.world = session->world,
		.settings = settings,
		.turn = turn,
		.repository = repository,
		.forge = forge,
		.author_name = settings->author_name,
		.author_email = settings->author_email,
		.signer = signer,
		.prefix = settings->branch_prefix,
		.fallback_rules = repository->rules_path,
		.remote = remote_open(repository, &options, error),
	};
	if (job.remote == NULL)
		return false;
	job.hosted = forge->begin(&job.world, repository, error);
	return job.hosted != NULL && pipeline_run(&job, error);
}

static bool work(void *data, Turn *turn, GError **error)
{
	Session *session = data;
	const Forge *forge;
	g_autoptr(Repository) repository = repository_of(session, turn->ticket, &forge, error);
	bool is_good;

	if (repository == NULL)
		return false;
	is_good = run(session, turn, repository, forge, error);
	app_sign_out(&session->world, repository);
	return is_good;
}

End jobs_command(const Invocation *invocation)
{
	static const JobWork job_work = {
		.open = open_session,
		.work = work,
		.http = session_http,
		.close = close_session,
	};

	return jobs_run(invocation, &job_work);
}
