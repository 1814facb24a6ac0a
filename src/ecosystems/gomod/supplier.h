/* SPDX-License-Identifier: MIT */
/* Where facts about modules come from: module proxies (fetch.h), or a test.
 *
 * The one way from resolution to the outside. Each call makes a few rounds for all
 * that it is asked.
 * Source: gomod.md f.16.
 */
#pragma once

#include "ecosystems/gomod/facts.h"

/* `modules` are of Module, never directories. */
struct Supplier {
	/* Calls facts_take_gomod() or facts_fail_gomod() for each. */
	bool (*need_gomods)(Supplier *supplier, Facts *facts, const GPtrArray *modules,
			    GError **error) G_GNUC_WARN_UNUSED_RESULT;
	/* Calls facts_take_index() or facts_fail_index() for each. */
	bool (*need_indexes)(Supplier *supplier, Facts *facts, const GPtrArray *modules,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;
	/* The newest version of each module path that may be taken, retracted and
	 * excluded ones left out (gomod.md b.5). `queries` are LatestQuery. */
	bool (*find_latest)(Supplier *supplier, Facts *facts, GPtrArray *queries, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;
	/* The canonical version that each text means, never an excluded or retracted one where
	 * there is a choice. `queries` are VersionQuery. */
	bool (*find_versions)(Supplier *supplier, Facts *facts, GPtrArray *queries, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;
	/* Whether Go was ever released as `go`; true as well where nobody can tell. */
	bool (*find_go)(Supplier *supplier, const char *go, bool *is_released, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;
	/* Whether the checksum of this module's zip may be of our own making: no proxy needs to
	 * have packed it, and no database vouches for it. */
	bool (*packs)(Supplier *supplier, const char *path);
	/* Sets the listing of each; one that cannot be had is an error. */
	bool (*need_listings)(Supplier *supplier, const GPtrArray *modules, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;
	/* Reads files out of modules; `files` are WantedFile. */
	bool (*read_files)(Supplier *supplier, GPtrArray *files, GError **error)
		G_GNUC_WARN_UNUSED_RESULT;
	/* Whether listings will be needed: then they are made along with indexes. */
	bool makes_listings;
};

/* One file for read_files(). */
typedef struct {
	Module *module;
	const char *name; /* from the module's root; borrowed */
	GBytes *bytes;    /* the answer */
} WantedFile;

/* One question for find_versions(). */
typedef struct {
	const char *path, *text; /* borrowed; the text is a branch, a commit, "v1" (modquery.h) */
	const char *current;     /* what is required; NULL: the text itself */
	char *version;           /* the answer; NULL: see error */
	GError *error;
} VersionQuery;

/* One question for find_latest(). */
typedef struct {
	Path *path;
	const char *text;    /* another query than "latest" (modquery.h), borrowed; NULL */
	const char *current; /* along with it: what is required */
	char *version;       /* the answer; NULL: there is none, see the next two */
	bool exists;         /* the module has versions, but none may be taken */
	GError *error;       /* it could not be found out; NULL: it does not exist */
} LatestQuery;
