/* SPDX-License-Identifier: MIT */
/* What people told us, in comments, to leave alone in a repository.
 *
 * The same as an `ignore` entry of its rules, but said elsewhere: it holds until it is
 * taken back, or for some days. Errors: IO, as store.h. Source: pull-requests.md 11, 15.
 */
#pragma once

#include "store/store.h"

typedef struct {
	char *ecosystem; /* as after package-ecosystem; "": any */
	char *name;      /* of the dependency */
	char *range;     /* of versions, as in an `ignore` entry; "": all */
	char *author;    /* who said so */
	int64_t number;  /* of the proposal on which it was said */
	int64_t ignored_at;
	int64_t expires_at; /* INT64_MAX: never */
	char *places;       /* where the rules are to say it (Amendment); "": nowhere */
} Ignored;

Ignored *ignored_copy(const Ignored *ignored);
void ignored_free(Ignored *ignored);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ignored, ignored_free)

/* What holds at `now`, by name; of Ignored. */
GPtrArray *ignored_list(Store *store, const char *repository, int64_t now, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Adds one; of the same ecosystem, name and range the newer counts, but what was to be
 * said in the rules goes on to be, where the newer has no places. */
bool ignored_add(Store *store, const char *repository, const Ignored *ignored, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Takes back what is ignored of `name`: `range` (NULL: all). `*n_removed` is how many. */
bool ignored_remove(Store *store, const char *repository, const char *name, const char *range,
		    int64_t *n_removed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Has the rules say it nowhere; and forgets it: they say it. */
bool ignored_keep_apart(Store *store, const char *repository, const Ignored *ignored,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool ignored_drop(Store *store, const char *repository, const Ignored *ignored, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Deletes what has expired. */
bool ignored_forget(Store *store, int64_t now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
