/* SPDX-License-Identifier: MIT */
/* A git repository that is not watched but read: where the source of a module lies.
 *
 * A Depots opens them by their URLs; git/depots.c has the one there is. Nothing is
 * ever written, and nothing of what is read is run.
 */
#pragma once

#include "upkeepd/source.h"
#include "upkeepd/world.h"

/* Digits of a commit that are taken for its beginning, as Go has it: few enough make
 * any object somebody's. */
enum { DEPOT_MIN_BEGINNING = 7 };

typedef struct {
	const char *url;              /* https, http or ssh; no user in it but ssh's */
	const Credential *credential; /* for its host and no other; NULL: anonymous. Its
					 secret is borrowed as long as the depot is open. */
	bool is_foreign;              /* a stranger chose it: no private addresses */
} DepotAddress;

/* What was learnt of it when it was opened, and ways to more. Commits are named by
 * 40 hex digits. Errors of all: NET, BUSY, DENIED, LIMIT, IO, and: */
typedef struct Depot Depot;
struct Depot {
	const GTree *tags, *branches; /* name → what it leads to */
	const char *head;             /* of the default branch; NULL: there is none */

	/* Its files. The caller's, and freed before the depot. Errors: ABSENT, INPUT
	 * if it is no commit. */
	Source *(*files)(Depot *depot, const char *commit, GError **error)G_GNUC_WARN_UNUSED_RESULT;

	/* When it was committed, in Unix seconds. Errors: the same. */
	bool (*time)(Depot *depot, const char *commit, int64_t *at, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;

	/* The commit whose id begins so, with DEPOT_MIN_BEGINNING digits at least, of all
	 * that tags and branches lead to. The caller's. The first call of this or the next
	 * brings the history.
	 * Errors: ABSENT; INPUT if it cannot be one. */
	char *(*find)(Depot *depot, const char *beginning, GError **error)G_GNUC_WARN_UNUSED_RESULT;

	/* Whether `ancestor` is `commit` or in its history. */
	bool (*descends)(Depot *depot, const char *commit, const char *ancestor, bool *descends,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

	void (*free)(Depot *depot);
};

/* Takes NULL. */
static inline void depot_free(Depot *depot)
{
	if (depot != NULL)
		depot->free(depot);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Depot, depot_free)

struct Depots {
	/* Asks for branches and tags. Errors: also ABSENT if there is no repository,
	 * CONFIG for an address of no use. */
	Depot *(*open)(Depots *depots, const DepotAddress *address,
		       GError **error)G_GNUC_WARN_UNUSED_RESULT;
};
