/* SPDX-License-Identifier: MIT */
/* Which version of a module "latest" means.
 *
 * The highest release, else the highest pre-release, of those that are allowed.
 * Versions without go.mod beyond v1 ("+incompatible") count only as long as the
 * highest version below them has no go.mod of its own either.
 * Source: gomod.md b.5; golang/go cmd/go/internal/modload/query.go.
 */
#pragma once

#include "ecosystems/gomod/goproxy.h"

/* The tagged versions of a list (of GoListed; NULL: empty), sorted. `extra` (of char *;
 * NULL) are versions that count as listed. The caller's; of char *, borrowed. */
GPtrArray *latest_versions(const GPtrArray *list, const GPtrArray *extra);

/* The untagged version of a list with the newest time; NULL if there is none. For
 * modules without tags whose proxy answers no @latest. Borrowed. */
const char *latest_untagged(const GPtrArray *list);

/* What a choice asks about one version. */
typedef struct {
	bool (*allows)(void *data, const char *version);
	bool (*has_gomod)(void *data, const char *version); /* one of its own */
	void *data;
	bool wants_lowest;       /* of the kind that would be taken */
	bool takes_incompatible; /* whatever has a go.mod */
} LatestRules;

/* The choice among `versions` (of char *, sorted); NULL: none. Borrowed. */
const char *latest_choose(const GPtrArray *versions, const LatestRules *rules);

/* The version whose go.mod decides whether any "+incompatible" one counts: the
 * highest before these that is allowed; NULL: none does, or there are no such. */
const char *latest_decider(const GPtrArray *versions, const LatestRules *rules);
