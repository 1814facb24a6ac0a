/* SPDX-License-Identifier: MIT */
#include "base/secret.h"
#include "upkeepd/forge.h"

void repository_free(Repository *repository)
{
	if (repository == NULL)
		return;
	g_free(repository->url);
	g_free(repository->path);
	g_free(repository->forge_name);
	g_free(repository->forge_root);
	credential_free(repository->credential);
	g_free(repository->app_id);
	secret_free(repository->app_key);
	g_free(repository->rules_path);
	g_clear_pointer(&repository->include, g_ptr_array_unref);
	g_clear_pointer(&repository->exclude, g_ptr_array_unref);
	g_free(repository);
}
