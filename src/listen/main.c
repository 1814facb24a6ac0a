/* SPDX-License-Identifier: MIT */
/* upkeepd-listen: a page, metrics and webhooks, in a process that has no token, asks
 * nobody anything, and can do no more than have a repository looked at sooner. */
#define G_LOG_DOMAIN "listen"

#include "base/end.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/time.h"
#include "config/paths.h"
#include "config/settings.h"
#include "listen/server.h"
#include "listen/socket.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

typedef struct {
	char *config, *state;
	gboolean quiet, verbose, version;
} Call;

static bool read_arguments(Call *call, int *argc, char ***argv, GError **error)
{
	const GOptionEntry entries[] = {
		{ "config", 0, 0, G_OPTION_ARG_FILENAME, &call->config, "settings", "FILE" },
		{ "state", 0, 0, G_OPTION_ARG_FILENAME, &call->state, "state directory", "DIR" },
		{ "quiet", 'q', 0, G_OPTION_ARG_NONE, &call->quiet, "say less", NULL },
		{ "verbose", 'v', 0, G_OPTION_ARG_NONE, &call->verbose, "say more", NULL },
		{ "version", 0, 0, G_OPTION_ARG_NONE, &call->version, "print the version", NULL },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);

	g_option_context_set_summary(
		context, "A page, metrics and webhooks. upkeepd starts it where upkeepd.yml has "
			 "'status: listen', systemd by upkeepd-listen.socket.");
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, argc, argv, error))
		return false;
	return *argc == 1 || fail(error, FAILURE_CONFIG, "it takes no arguments");
}

/* Nothing is left but the state, to which it also writes. */
static bool confine(const char *state, GError **error)
{
	g_autoptr(GPtrArray) readable = g_ptr_array_new(), writable = g_ptr_array_new();

	g_ptr_array_add(writable, (char *)state);
	return sandbox_confine(readable, writable, error);
}

static bool begin(const Call *call, const Settings *settings, ServerOptions *options,
		  Secret **secrets, GError **error)
{
	if (secret_source_is_given(&settings->webhook_secret)) {
		*secrets = secret_source_read(&settings->webhook_secret, error);
		if (*secrets == NULL)
			return false;
	}
	options->secrets = *secrets;
	options->socket = socket_inherited();
	if (options->socket >= 0)
		return true;
	if (settings->listen == NULL)
		return fail(error, FAILURE_CONFIG, "'status: listen' is not set in '%s'",
			    settings->path != NULL ? settings->path : call->config);
	return socket_open(settings->listen, &options->socket, error);
}

static bool run(const Call *call, GError **error)
{
	g_autofree char *state = paths_state(call->state);
	g_autoptr(Settings) settings = settings_load(call->config, error);
	g_autoptr(Secret) secrets = NULL;
	g_autoptr(Store) store = NULL;
	ServerOptions options = { 0 };

	if (settings == NULL || !begin(call, settings, &options, &secrets, error))
		return false;
	store = store_open(state, time_now(), error);
	if (store == NULL || !confine(state, error))
		return false;
	options.store = store;
	g_debug("serving");
	return server_run(&options, error);
}

int main(int argc, char **argv)
{
	Call call = { 0 };
	g_autoptr(GError) error = NULL;
	End end = END_DONE;

	sandbox_enter();
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	setlocale(LC_CTYPE, "C.UTF-8");
	(void)signal(SIGPIPE, SIG_IGN);
	if (!read_arguments(&call, &argc, &argv, &error)) {
		end = complain(error);
	} else if (call.version) {
		puts("upkeepd-listen " UPKEEPD_VERSION);
	} else {
		log_start(call.quiet ? -1 : call.verbose ? 1 : 0);
		if (!run(&call, &error))
			end = complain(error);
	}
	g_free(call.config);
	g_free(call.state);
	return (int)end;
}
