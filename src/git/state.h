/* SPDX-License-Identifier: MIT */
/* What is remembered of a remote beside its objects: what its server offers, where
 * its branches were, which commits are here as a whole. A file in the cache, lost
 * without harm, so whatever is wrong with it means that nothing is known.
 */
#pragma once

#include "git/refs.h"

/* What one of the two services said of itself, and when (0: never asked). */
typedef struct {
	unsigned offers; /* bits of answers.h */
	int64_t asked_at;
} ServiceState;

typedef struct {
	char *path; /* of the file */
	char *url;  /* where the remote is, if it has moved within its host; NULL */
	ServiceState reading, writing;
	Refs *refs;       /* as last learnt */
	GPtrArray *whole; /* of char *: commits whose folders are all here, newest last */
	char *saved;      /* what the file holds */
} State;

State *state_load(const char *directory);
void state_free(State *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(State, state_free)

/* Notes that all folders of `commit` are here; the oldest of many are forgotten. */
void state_note_whole(State *state, const char *commit);

/* Writes the file if anything has changed. Errors: IO. */
bool state_save(State *state, GError **error) G_GNUC_WARN_UNUSED_RESULT;
