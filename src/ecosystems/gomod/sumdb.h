/* SPDX-License-Identifier: MIT */
/* The checksum database: what the zip and go.mod of a module version hash to, as
 * everybody else in the world is told.
 *
 * Nothing that a server says is believed: each record is proven to be part of the
 * tree that the database's key has signed, and each signed tree to begin with the
 * ones seen before, those of earlier runs included. The newest head is kept in the
 * store, proven tiles and records in the cache directory: what is known is not asked
 * again. A database that contradicts itself is not asked again in this run, and both
 * heads are kept as proof.
 * Source: gomod.md d.1 to d.5; golang/mod sumdb/client.go.
 */
#pragma once

#include "ecosystems/gomod/goenv.h"

typedef struct SumDb SumDb;

/* For all of one run; `env` and its world are borrowed. Asks nobody yet.
 * Errors: CONFIG if GOSUMDB cannot be understood. */
SumDb *sumdb_new(const GoEnv *env, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sumdb_free(SumDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SumDb, sumdb_free)

/* Whether the database has a say about `path`: false if GOSUMDB is off or
 * GONOSUMDB (GOPRIVATE) names it. Go's own toolchains are never exempt. */
bool sumdb_covers(const SumDb *db, const char *path);

/* One module version, and its two sums. */
typedef struct {
	char *path, *version;      /* asked */
	char *zip_sum, *gomod_sum; /* "h1:…"; zip_sum NULL where the record has none */
	GError *error;             /* why they are not known; ABSENT if the database does not
				      * know the version */
} SumAsk;

SumAsk *sumask_new(const char *path, const char *version);
void sumask_free(SumAsk *ask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SumAsk, sumask_free)

/* Answers all of `asks` (of SumAsk), which the database covers, in few rounds. */
void sumdb_ask_all(SumDb *db, GPtrArray *asks);
