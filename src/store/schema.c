/* SPDX-License-Identifier: MIT */
#include "store/schema.h"

#include <stddef.h>

/* Times are Unix seconds, 0 where unknown; flags are 0 or 1. */

/* What was learnt from upstreams (cache.h). `size` stands before `body` so that
 * sums do not read the bodies. */
static const char learnt[] = "CREATE TABLE answer ("
			     "	key TEXT PRIMARY KEY,"
			     "	size INTEGER NOT NULL,"
			     "	used_at INTEGER NOT NULL,"
			     "	stored_at INTEGER NOT NULL,"
			     "	is_immutable INTEGER NOT NULL,"
			     "	etag TEXT,"
			     "	last_modified TEXT,"
			     "	headers TEXT NOT NULL," /* one a line */
			     "	body BLOB NOT NULL"
			     ") STRICT;"
			     "CREATE INDEX answer_by_use ON answer (used_at, size);"

			     "CREATE TABLE seen ("
			     "	key TEXT NOT NULL,"
			     "	version TEXT NOT NULL,"
			     "	digest TEXT NOT NULL," /* '' for what has none */
			     "	first_seen_at INTEGER NOT NULL,"
			     "	pushed_at INTEGER NOT NULL,"
			     "	PRIMARY KEY (key, version, digest)"
			     ") STRICT, WITHOUT ROWID;"

			     "CREATE TABLE pause ("
			     "	host TEXT PRIMARY KEY,"
			     "	until INTEGER NOT NULL"
			     ") STRICT, WITHOUT ROWID;"

			     "CREATE TABLE value ("
			     "	name TEXT PRIMARY KEY,"
			     "	value TEXT NOT NULL"
			     ") STRICT, WITHOUT ROWID;";

const char *const schema_steps[] = { learnt, NULL };
