/* SPDX-License-Identifier: MIT */
/* What is asked of a remote's branches, and what became of it.
 *
 * Every update is a compare-and-swap: it names what the branch is thought to be,
 * and the remote does nothing if it is something else.
 */
#pragma once

#include "upkeepd/fail.h"

#define PUSH_OPTION_MAX 65000 /* a packet has 65516 bytes */

typedef enum {
	PUSH_UNKNOWN,  /* not tried, or not known: learn the refs again */
	PUSH_OK,       /* the branch is what was wanted */
	PUSH_MOVED,    /* it is neither what was expected nor what was wanted */
	PUSH_REJECTED, /* it is what was expected: the remote did not want the change */
} PushResult;

typedef struct {
	char *branch;   /* without refs/heads/ */
	char *expected; /* commit id; NULL: the branch is not there */
	char *wanted;   /* commit id; NULL: the branch goes away */
	/* Where it is pushed to if not to refs/heads/: "refs/for/main" is a word to the
	 * server, which makes no such ref of it. Then `expected` is NULL, `wanted` is not,
	 * and there are options. NULL: to the branch. */
	char *ref;
	/* Of char *, told to the remote along with it, by a push of its own; a line of at
	 * most PUSH_OPTION_MAX bytes each. NULL: none. */
	GPtrArray *options;
	PushResult result;
	char *reason;          /* REJECTED: the remote's words, one line; else NULL */
	char *said;            /* OK with options: what its hooks said to them; NULL: nothing */
	bool are_options_lost; /* the remote takes none: it was pushed without them */
} PushUpdate;

/* The whole name of the ref that it is pushed to; the caller's. */
char *push_update_ref(const PushUpdate *update);

bool push_update_is_to(const PushUpdate *update, const char *ref);

PushUpdate *push_update_new(const char *branch, const char *expected, const char *wanted);
void push_update_free(PushUpdate *update);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PushUpdate, push_update_free)

GPtrArray *push_updates_new(void); /* of PushUpdate */

/* Forgets what became of it. */
void push_update_reset(PushUpdate *update);

/* Sets the result of an update that was not accomplished, by what the branch is
 * now (NULL: absent): `reason` is kept only for REJECTED. */
void push_update_judge(PushUpdate *update, const char *now, const char *reason);
