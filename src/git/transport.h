/* SPDX-License-Identifier: MIT */
/* The three ways to a repository behind one interface: wire.c (https, protocol
 * v2), mirror.c (libgit2's own transports), local.c (a repository on this disk).
 *
 * Objects arrive in the `objects` of the transport; nothing is returned twice.
 */
#pragma once

#include "git/objects.h"
#include "git/push.h"
#include "git/refs.h"

typedef enum {
	FETCH_TREES,   /* commits with all their folders, without history; files may come along */
	FETCH_FILES,   /* files by their ids */
	FETCH_COMMITS, /* commits and their history, without folders */
} FetchKind;

typedef struct {
	FetchKind kind;
	const GPtrArray *ids; /* of char *, not empty; borrowed */
	unsigned depth;       /* COMMITS: how far back; 1: these alone; 0: to the beginning */
	bool is_alone;        /* without building on what is thought to be here */
} Fetch;

typedef struct Transport Transport;
struct Transport {
	Objects *objects; /* owned by the transport */

	/* Fills `refs`, which is empty, with what `query` asks for. */
	bool (*learn)(Transport *transport, const RefQuery *query, Refs *refs, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* Brings what is asked for if the remote has it. What it has not is
	 * either an error or simply not there afterwards. */
	bool (*fetch)(Transport *transport, const Fetch *fetch, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* Notes that all folders of a commit are here; optional. */
	void (*note_whole)(Transport *transport, const char *commit);

	/* Carries out `updates` (of PushUpdate), whose branches have passed the
	 * guard, and sets the result of each; all or none if `is_atomic`. An
	 * error means that it is not known what happened. */
	bool (*push)(Transport *transport, GPtrArray *updates, bool is_atomic, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	void (*free)(Transport *transport);
};
