/* SPDX-License-Identifier: MIT */
/* From settings and dependabot.yml to what may be sent to whom.
 *
 * Secrets are read here, when they are needed. Each is bound to one host. A
 * repository's dependabot.yml never decides alone where a secret goes: it must
 * not send somewhere what is meant for somebody else.
 * Source: docker.md 5.4, forges.md 12.
 */
#pragma once

#include "config/settings.h"
#include "upkeepd/forge.h"
#include "upkeepd/rules.h"

/* A watched repository as the rest of the program knows it, its token read, or the key
 * of its App, which gets it a token yet. The forge's name is NULL where it is to be
 * guessed. The caller's. Errors: CONFIG if it is not usable or its token cannot be
 * read. */
Repository *credentials_repository(const Settings *settings, const RepositorySettings *repository,
				   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What may be sent to other hosts, the secrets read. Those that cannot be read are
 * left out, each with a problem added to `problems` (of Problem). The caller's;
 * of Credential. */
GPtrArray *credentials_hosts(const Settings *settings, GPtrArray *problems);

/* The credential for a registry of a dependabot.yml; `*credential` NULL where it has
 * none, or is in error. A reference to a secret is resolved from the element of `credentials` in
 * the settings with that `secret` and this registry's host, else from the
 * environment's UPKEEPD_SECRET_NAME, which an operator sets for every repository
 * that is watched. The caller's.
 * Errors: CONFIG if the secret is not known for this host, or cannot be read. */
bool credentials_registry(const Settings *settings, const RegistryEntry *registry,
			  Credential **credential, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* host[:port] of a URL or of what stands for one (https without its scheme), lower
 * case, without the scheme's own port; the caller's. */
char *credentials_host_of(const char *url);
