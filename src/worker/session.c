/* SPDX-License-Identifier: MIT */
#include "worker/session.h"

#include "config/credentials.h"
#include "ecosystems/docker/login.h"
#include "upkeepd/limits.h"

#include <string.h>

/* Where Docker looks for the certificates of a registry. */
#define CERTIFICATES "/etc/docker/certs.d"

void session_free(Session *session)
{
	if (session == NULL)
		return;
	depots_free(session->depots);
	http_free(session->http);
	store_close(session->own_store);
	g_clear_pointer(&session->credentials, g_ptr_array_unref);
	g_clear_pointer(&session->trusted, g_ptr_array_unref);
	settings_free(session->settings);
	g_free(session->cache);
	g_free(session);
}

static bool read_settings(Session *session, const Invocation *invocation, const Store *store,
			  GError **error)
{
	g_autoptr(GPtrArray) problems = problems_new();
	g_autoptr(GError) local = NULL;

	session->settings = settings_load(invocation->config, error);
	if (session->settings == NULL)
		return false;
	if (store == NULL) /* else the daemon has said them */
		say_problems(session->settings->problems);
	if (!session->settings->is_usable)
		return fail(error, FAILURE_CONFIG, "'%s' cannot be used", session->settings->path);
	session->credentials = credentials_hosts(session->settings, problems);
	say_problems(problems);
	/* A login of Docker's that cannot be read is missed only where it is needed. */
	if (!login_read_own(session->credentials, &local))
		g_warning("%s", local->message);
	return true;
}

static void open_store(Session *session, const Invocation *invocation)
{
	g_autofree char *directory = state_directory(invocation);
	g_autoptr(GError) local = NULL;

	session->own_store = store_open(directory, invocation->now, &local);
	if (session->own_store == NULL)
		g_warning("nothing is remembered: %s", local->message);
	session->store = session->own_store;
}

static void trust(Session *session, const char *url)
{
	if (url != NULL && strstr(url, "://") != NULL)
		g_ptr_array_add(session->trusted, credentials_host_of(url));
}

/* Adds the hosts that module globs name in full. */
static void add_hosts(GPtrArray *hosts, const char *globs)
{
	g_auto(GStrv) words = g_strsplit(globs != NULL ? globs : "", ",", -1);

	for (char **word = words; *word != NULL; word++) {
		char *host = g_strstrip(*word);

		host[strcspn(host, "/")] = '\0';
		if (strchr(host, '.') != NULL && strpbrk(host, "*?[\\") == NULL)
			g_ptr_array_add(hosts, g_strdup(host));
	}
}

/* Hosts that the operator names may be private whoever asks for them. */
static void find_trusted(Session *session, const World *w)
{
	g_auto(GStrv) proxies = g_strsplit_set(w->goproxy != NULL ? w->goproxy : "", ",|", -1);
	const char *database = w->gosumdb != NULL ? strrchr(w->gosumdb, ' ') : NULL;

	session->trusted = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < w->upstreams->len; i++) {
		const Upstream *upstream = g_ptr_array_index(w->upstreams, i);

		trust(session, upstream->registry);
		trust(session, upstream->manifests);
		for (guint k = 0; upstream->fallbacks != NULL && k < upstream->fallbacks->len; k++)
			trust(session, upstream->fallbacks->pdata[k]);
		trust(session, upstream->tags);
	}
	for (char **proxy = proxies; *proxy != NULL; proxy++)
		trust(session, *proxy);
	trust(session, database != NULL ? database + 1 : NULL);
	add_hosts(session->trusted, w->goprivate);
	add_hosts(session->trusted, w->gonoproxy);
	for (guint i = 0; i < w->credentials->len; i++) {
		const Credential *credential = g_ptr_array_index(w->credentials, i);

		g_ptr_array_add(session->trusted, g_strdup(credential->host));
	}
}

/* Settings come before the environment, which comes before the Go command's own
 * defaults. */
static const char *setting_or_environment(const char *setting, const char *variable)
{
	const char *value = setting != NULL ? setting : g_getenv(variable);

	return value != NULL && *value != '\0' ? value : NULL;
}

static void fill_world(Session *session, const Invocation *invocation)
{
	const Settings *settings = session->settings;

	session->cache = cache_directory();
	session->world = (World){
		.store = session->store,
		.now = invocation->now,
		.is_offline = invocation->offline,
		.upstreams = settings->upstreams,
		.credentials = session->credentials,
		.codenames = settings->codenames,
		.goproxy = setting_or_environment(settings->goproxy, "GOPROXY"),
		.gosumdb = setting_or_environment(settings->gosumdb, "GOSUMDB"),
		.goprivate = setting_or_environment(NULL, "GOPRIVATE"),
		.gonoproxy = setting_or_environment(NULL, "GONOPROXY"),
		.gonosumdb = setting_or_environment(NULL, "GONOSUMDB"),
		.goinsecure = setting_or_environment(NULL, "GOINSECURE"),
		.netrc = setting_or_environment(NULL, "NETRC"),
		.cache_directory = session->cache,
	};
}

/* So that tests need not wait; 0: the default. */
static int backoff_of_tests(void)
{
	const char *text = g_getenv("UPKEEPD_BACKOFF_MS");
	guint64 wait_ms = 0;

	return text != NULL && g_ascii_string_to_unsigned(text, 10, 0, LIMIT_REQUEST_MS, &wait_ms,
							  NULL)
		       ? (int)wait_ms
		       : 0;
}

static void open_depots(Session *session)
{
	const RemoteOptions options = { .http = session->http,
					.cache_directory = session->cache,
					.now = session->world.now,
					.is_offline = session->world.is_offline };

	session->depots = depots_new(&options);
	session->world.depots = session->depots;
}

Session *session_open(const Invocation *invocation, Store *store, GError **error)
{
	g_autoptr(Session) session = g_new0(Session, 1);
	HttpOptions options = { .is_offline = invocation->offline,
				.record_directory = g_getenv("UPKEEPD_RECORD") };

	if (!http_is_usable(error) || !read_settings(session, invocation, store, error))
		return NULL;
	session->store = store;
	if (store == NULL)
		open_store(session, invocation);
	fill_world(session, invocation);
	find_trusted(session, &session->world);
	add_hosts(session->settings->insecure_hosts, session->world.goinsecure);
	options.connections_per_host = session->settings->connections_per_host;
	options.timeout_ms = session->settings->timeout_ms;
	options.backoff_ms = backoff_of_tests();
	options.cache_bytes = session->settings->cache_bytes;
	options.insecure_hosts = session->settings->insecure_hosts;
	options.trusted_hosts = session->trusted;
	options.certificates = CERTIFICATES;
	session->http = http_new(&options, session->store, invocation->now);
	session->world.http = session->http;
	open_depots(session);
	return g_steal_pointer(&session);
}
