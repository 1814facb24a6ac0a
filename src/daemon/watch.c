/* SPDX-License-Identifier: MIT */
/* From upkeepd.yml to the watched set of the store. */
#define G_LOG_DOMAIN "daemon"

#include "base/log.h"
#include "config/settings.h"
#include "daemon/daemon.h"
#include "store/queue.h"

#include <stdio.h>

static void say(const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *text = problem_text(problems->pdata[i]);

		fprintf(stderr, "%s\n", text);
	}
}

static int verbosity(const Call *call, LogLevel level)
{
	if (call->quiet || call->verbose)
		return call->quiet ? -1 : 1;
	return level == LOG_DEBUG ? 1 : level == LOG_INFO ? 0 : -1;
}

bool watch_settings(const Call *call, Store *store, Watching *watching, GError **error)
{
	g_autoptr(Settings) settings = settings_load(call->config, error);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autoptr(GPtrArray) owners = g_ptr_array_new();

	if (settings == NULL)
		return false;
	say(settings->problems);
	if (!settings->is_usable)
		return fail(error, FAILURE_CONFIG, "'%s' cannot be used", settings->path);
	watching->workers = settings->workers;
	watching->verbosity = verbosity(call, settings->log_level);
	watching->n_unusable = 0;
	watching->has_page = settings->listen != NULL;
	log_set_verbosity(watching->verbosity);
	for (guint i = 0; i < settings->repositories->len; i++) {
		const RepositorySettings *one = settings->repositories->pdata[i];

		if (!one->is_usable)
			watching->n_unusable++;
		else
			g_ptr_array_add(one->discover ? owners : names,
					one->url != NULL ? one->url : one->path);
	}
	if (names->len + owners->len == 0)
		g_message("no repositories are watched; list some in upkeepd.yml");
	return queue_watch(store, names, owners, error);
}
