/* SPDX-License-Identifier: MIT */
/* The repositories of modules: found by their paths, opened once each.
 *
 * Hosts are strangers' choice: they are asked over https (http only where GOINSECURE
 * says so), never at private addresses that the operator has not named, and a page is
 * bounded. Credentials go to the host they are for. That of a repository is used only
 * if the module lies on the same host, or is private (GOPRIVATE, GONOPROXY): a page
 * on another host cannot have us fetch with our rights what is not meant for it.
 * Source: gomod.md c.3, c.5.
 */
#pragma once

#include "ecosystems/gomod/goenv.h"
#include "ecosystems/gomod/goimport.h"
#include "upkeepd/depot.h"

typedef struct GoRepos GoRepos;

/* For all of one run. `env` and its world are borrowed. */
GoRepos *gorepos_new(const GoEnv *env);
void gorepos_free(GoRepos *repos);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GoRepos, gorepos_free)

/* Asks the hosts of all `paths` (of char *) at once, so that gorepos_find() need not. */
void gorepos_prepare(GoRepos *repos, const GPtrArray *paths);

/* Where the module `path` lies. Borrowed.
 * Errors: ABSENT if its host knows nothing of it; INPUT for nonsense; DENIED, NET,
 * BUSY, LIMIT if it could not be asked. */
const GoImport *gorepos_find(GoRepos *repos, const char *path, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The repository of a module found so. Borrowed. Errors: those of Depots. */
Depot *gorepos_open(GoRepos *repos, const GoImport *import, const char *path, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
