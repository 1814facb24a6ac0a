/* SPDX-License-Identifier: MIT */
#include "upkeepd/world.h"

#include "base/secret.h"

void upstream_free(Upstream *upstream)
{
	if (upstream == NULL)
		return;
	g_free(upstream->host);
	g_free(upstream->registry);
	g_clear_pointer(&upstream->fallbacks, g_ptr_array_unref);
	g_free(upstream->manifests);
	g_free(upstream->stands_for);
	g_free(upstream->tags);
	g_free(upstream);
}

void codename_free(Codename *codename)
{
	if (codename == NULL)
		return;
	g_free(codename->name);
	g_free(codename->debian);
	g_free(codename->ubuntu);
	g_free(codename);
}

/* Renewed when it has no more than that, seconds. */
#define FRESH (5 * 60)

bool credential_freshen(World *w, Credential *credential, int64_t now, GError **error)
{
	return credential == NULL || credential->renew == NULL ||
	       now < credential->expires_at - FRESH || credential->renew(w, credential, error);
}

void credential_free(Credential *credential)
{
	if (credential == NULL)
		return;
	g_free(credential->host);
	g_free(credential->username);
	secret_free(credential->secret);
	g_free(credential->account);
	g_free(credential->path);
	g_free(credential->helper);
	g_free(credential);
}
