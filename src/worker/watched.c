/* SPDX-License-Identifier: MIT */
#include "worker/watched.h"

#include "config/credentials.h"
#include "publish/address.h"
#include "publish/app.h"

#include <string.h>

Repository *watched_repository(Session *session, const RepositorySettings *settings,
			       const char *below, const Forge **forge, GError **error)
{
	g_autoptr(Repository) repository =
		credentials_repository(session->settings, settings, error);

	if (repository == NULL)
		return NULL;
	if (below != NULL) {
		g_free(repository->url);
		repository->url = g_strdup(below);
		repository->discover = false;
	}
	if (repository->forge_name == NULL)
		repository->forge_name = g_strdup(forge_guess(repository->url));
	*forge = forge_by_name(repository->forge_name);
	if (*forge == NULL)
		return fail_null(error, FAILURE_CONFIG, "there is no forge '%s'",
				 repository->forge_name);
	if (repository->app_id == NULL)
		return g_steal_pointer(&repository);
	if (strcmp((*forge)->name, "github") != 0)
		return fail_null(error, FAILURE_CONFIG,
				 "'app' means a GitHub App, and '%s' is no GitHub",
				 repository->url);
	return app_sign_in(&session->world, repository, error) ? g_steal_pointer(&repository)
							       : NULL;
}

RemoteOptions watched_options(const Session *session, const Forge *forge)
{
	return (RemoteOptions){
		.http = session->http,
		.cache_directory = session->cache,
		.token_user = forge->git_user,
		.now = session->world.now,
		.is_offline = session->world.is_offline,
	};
}
