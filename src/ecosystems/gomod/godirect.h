/* SPDX-License-Identifier: MIT */
/* Modules straight from their repositories: what a module proxy would answer, made
 * of a repository's tags, commits and files.
 *
 * Tags are versions ("v1.2.3", of a module in a folder "FOLDER/v1.2.3"), other commits
 * have pseudo-versions, which are checked against the commit's time and its tags. A
 * zip has what Go's own would have, so that its h1 is the same.
 *
 * 1. Of major version N from 2 on either FOLDER/go.mod or FOLDER/vN/go.mod says so,
 *    never both; without go.mod there are v0 and v1, and "+incompatible" at the root.
 * 2. A host that knows nothing of a module makes it absent; one that cannot be asked
 *    too, as for Go, unless the module is private.
 * Source: gomod.md c.5; golang/go cmd/go/internal/modfetch/{repo,coderepo}.go.
 */
#pragma once

#include "ecosystems/gomod/goproxy.h"

typedef struct GoDirect GoDirect;

/* For all of one run. `env` and its world are borrowed. */
GoDirect *godirect_new(const GoEnv *env);
void godirect_free(GoDirect *direct);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GoDirect, godirect_free)

/* Looks for the repositories of all `asks` (of GoAsk) at once. */
void godirect_prepare(GoDirect *direct, const GPtrArray *asks);

/* Answers `ask`: one of error, is_absent and the fields of its kind is set. Where its
 * host says that a module proxy serves it, that is returned instead; borrowed. */
const GoSource *godirect_answer(GoDirect *direct, GoAsk *ask);
