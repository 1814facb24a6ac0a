/* SPDX-License-Identifier: MIT */
/* Webhooks: whether a forge sent one, and whether it is worth a look.
 *
 * A hook is a hint and no more: the worker asks the forge itself. So what is read here
 * decides nothing but whether a repository is looked at sooner. Nothing of a request is
 * parsed before its signature holds. Pure. Source: forges.md 9, forge-vectors.md F.
 */
#pragma once

#include "base/secret.h"

typedef struct {
	/* A header by its name, whatever the case; NULL: it is not there. */
	const char *(*header)(const void *data, const char *name);
	const void *data;
	const char *body;
	size_t length;
} HookRequest;

/* Whether it is signed with one of `secrets` (a line each), in the form of the forge
 * that it says it comes from; a signature with a time, within five minutes of `now`. */
bool hook_is_genuine(const HookRequest *request, const Secret *secrets, int64_t now);

/* The number of the delivery, which a repetition has too; NULL: it has none. */
const char *hook_delivery(const HookRequest *request);

typedef enum {
	HOOK_BROKEN,  /* it cannot be read */
	HOOK_NOTHING, /* nothing that matters here */
	HOOK_WAKE,    /* the repository wants a look */
} HookVerdict;

/* Reads a genuine one. `*path` is what the repository is called behind its host:
 * "acme/shop"; NULL unless HOOK_WAKE; the caller's. */
HookVerdict hook_read(const HookRequest *request, char **path);
