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

/* Whose turn it is (queue.h). The job of a repository stands in its row, so that
 * there is never a second one: run 0 is no job, pid 0 a waiting one. `generation`
 * grows whenever a job changes hands. */
static const char turns[] =
	"CREATE TABLE run ("
	"	id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"	is_service INTEGER NOT NULL,"
	"	pid INTEGER NOT NULL,"
	"	started_at INTEGER NOT NULL,"
	"	ended_at INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX run_open ON run (id) WHERE ended_at = 0;"

	"CREATE TABLE repository ("
	"	name TEXT PRIMARY KEY,"
	"	owner TEXT NOT NULL," /* '': stands in the settings */
	"	is_owner INTEGER NOT NULL,"
	"	is_watched INTEGER NOT NULL DEFAULT 1,"
	"	next_at INTEGER NOT NULL DEFAULT 0,"
	"	looked_at INTEGER NOT NULL DEFAULT 0,"
	"	succeeded_at INTEGER NOT NULL DEFAULT 0,"
	"	failed_at INTEGER NOT NULL DEFAULT 0,"
	"	tip TEXT,"
	"	failure TEXT,"
	"	error TEXT,"
	"	failures INTEGER NOT NULL DEFAULT 0,"
	"	is_quarantined INTEGER NOT NULL DEFAULT 0,"
	"	run INTEGER NOT NULL DEFAULT 0,"
	"	queued_at INTEGER NOT NULL DEFAULT 0,"
	"	is_due_only INTEGER NOT NULL DEFAULT 0,"
	"	tries INTEGER NOT NULL DEFAULT 0,"
	"	pid INTEGER NOT NULL DEFAULT 0,"
	"	lease_until INTEGER NOT NULL DEFAULT 0,"
	"	generation INTEGER NOT NULL DEFAULT 0"
	") STRICT;"
	"CREATE INDEX repository_next ON repository (next_at, name)"
	"	WHERE is_watched = 1 AND run = 0;"
	"CREATE INDEX repository_job ON repository (run, pid, queued_at) WHERE run != 0;"

	"CREATE TABLE entry ("
	"	repository TEXT NOT NULL REFERENCES repository ON DELETE CASCADE,"
	"	key TEXT NOT NULL,"
	"	digest TEXT NOT NULL,"
	"	started_at INTEGER NOT NULL,"
	"	next_due_at INTEGER NOT NULL,"
	"	is_running INTEGER NOT NULL,"
	"	PRIMARY KEY (repository, key)"
	") STRICT, WITHOUT ROWID;";

/* How far each plan got, and what became of everything (journal.h). The two
 * unique indexes are the invariants of a living plan; the states are numbered as
 * PlanState is. */
static const char journal[] =
	"CREATE TABLE plan ("
	"	id INTEGER PRIMARY KEY,"
	"	repository TEXT NOT NULL,"
	"	base TEXT NOT NULL,"
	"	update_key TEXT NOT NULL,"
	"	entry TEXT NOT NULL,"
	"	branch TEXT NOT NULL,"
	"	title TEXT NOT NULL,"
	"	base_oid TEXT NOT NULL,"
	"	expected_old TEXT," /* NULL: absent */
	"	new_oid TEXT NOT NULL,"
	"	set_key TEXT NOT NULL,"
	"	commit_time INTEGER NOT NULL,"
	"	state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 8),"
	"	number INTEGER NOT NULL,"
	"	url TEXT,"
	"	reason TEXT,"
	"	opened_at INTEGER NOT NULL,"
	"	changed_at INTEGER NOT NULL,"
	"	generation INTEGER NOT NULL"
	") STRICT;"
	"CREATE UNIQUE INDEX plan_current ON plan (repository, base, update_key)"
	"	WHERE state <= 4;"
	"CREATE UNIQUE INDEX plan_living ON plan (repository, branch) WHERE state <= 5;"
	"CREATE INDEX plan_past ON plan (changed_at) WHERE state > 5;"
	"CREATE INDEX plan_branch ON plan (repository, branch, id);"

	"CREATE TABLE member ("
	"	plan INTEGER NOT NULL REFERENCES plan ON DELETE CASCADE,"
	"	place INTEGER NOT NULL,"
	"	name TEXT NOT NULL,"
	"	directory TEXT NOT NULL,"
	"	from_version TEXT,"
	"	to_version TEXT,"
	"	PRIMARY KEY (plan, place)"
	") STRICT, WITHOUT ROWID;"

	/* Every commit that we pushed or were about to push. */
	"CREATE TABLE own_commit ("
	"	repository TEXT NOT NULL,"
	"	oid TEXT NOT NULL,"
	"	PRIMARY KEY (repository, oid)"
	") STRICT, WITHOUT ROWID;"

	"CREATE TABLE refusal ("
	"	repository TEXT NOT NULL,"
	"	base TEXT NOT NULL,"
	"	set_key TEXT NOT NULL,"
	"	refused_at INTEGER NOT NULL,"
	"	PRIMARY KEY (repository, base, set_key)"
	") STRICT, WITHOUT ROWID;"

	"CREATE TABLE visit ("
	"	id INTEGER PRIMARY KEY,"
	"	run INTEGER NOT NULL,"
	"	repository TEXT NOT NULL,"
	"	is_dry INTEGER NOT NULL,"
	"	started_at INTEGER NOT NULL,"
	"	duration_ms INTEGER NOT NULL,"
	"	cpu_ms INTEGER NOT NULL,"
	"	peak_kib INTEGER NOT NULL,"
	"	bytes INTEGER NOT NULL,"
	"	failure TEXT,"
	"	error TEXT"
	") STRICT;"
	"CREATE INDEX visit_run ON visit (run);"
	"CREATE INDEX visit_age ON visit (started_at);"

	"CREATE TABLE visit_host ("
	"	visit INTEGER NOT NULL REFERENCES visit ON DELETE CASCADE,"
	"	host TEXT NOT NULL,"
	"	requests INTEGER NOT NULL,"
	"	PRIMARY KEY (visit, host)"
	") STRICT, WITHOUT ROWID;"

	"CREATE TABLE outcome ("
	"	id INTEGER PRIMARY KEY,"
	"	visit INTEGER NOT NULL REFERENCES visit ON DELETE CASCADE,"
	"	branch TEXT NOT NULL,"
	"	action INTEGER NOT NULL," /* as Action */
	"	commit_oid TEXT,"
	"	url TEXT,"
	"	reason TEXT"
	") STRICT;"
	"CREATE INDEX outcome_visit ON outcome (visit);";

/* What people told us to leave alone (ignored.h). */
static const char ignored[] = "CREATE TABLE ignored ("
			      "	repository TEXT NOT NULL,"
			      "	ecosystem TEXT NOT NULL," /* '': any */
			      "	name TEXT NOT NULL,"
			      "	range TEXT NOT NULL," /* '': all versions */
			      "	author TEXT NOT NULL,"
			      "	number INTEGER NOT NULL,"
			      "	ignored_at INTEGER NOT NULL,"
			      "	expires_at INTEGER NOT NULL,"
			      "	PRIMARY KEY (repository, name, ecosystem, range)"
			      ") STRICT, WITHOUT ROWID;";

/* Webhooks that were delivered (wake.h). */
static const char deliveries[] = "CREATE TABLE delivery ("
				 "	id TEXT PRIMARY KEY,"
				 "	delivered_at INTEGER NOT NULL"
				 ") STRICT, WITHOUT ROWID;"
				 "CREATE INDEX delivery_age ON delivery (delivered_at);";

/* What is newer and not proposed (backlog.h); kinds are numbered as WaitingKind is. */
static const char backlog[] = "CREATE TABLE waiting ("
			      "	id INTEGER PRIMARY KEY,"
			      "	repository TEXT NOT NULL,"
			      "	entry TEXT NOT NULL,"
			      "	kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),"
			      "	title TEXT NOT NULL,"
			      "	reason TEXT,"
			      "	until INTEGER NOT NULL,"
			      "	FOREIGN KEY (repository, entry) REFERENCES entry ON DELETE CASCADE"
			      ") STRICT;"
			      "CREATE INDEX waiting_of ON waiting (repository, entry);";

/* Who merges what a plan proposes; numbered as PlanMerging is. */
static const char merging[] = "ALTER TABLE plan ADD COLUMN merging INTEGER NOT NULL DEFAULT 0"
			      "	CHECK (merging BETWEEN 0 AND 2);";

/* Looks at what people say alone (queue.h). */
static const char quiet[] =
	"ALTER TABLE repository ADD COLUMN quiet_until INTEGER NOT NULL DEFAULT 0;";

static const char expiry[] =
	"ALTER TABLE repository ADD COLUMN token_expires_at INTEGER NOT NULL DEFAULT 0;";

/* What an order to ignore has to know: of which ecosystem a member of several is, and where
 * the rules are to say it. */
static const char amendments[] = "ALTER TABLE member ADD COLUMN ecosystem TEXT NOT NULL DEFAULT '';"
				 "ALTER TABLE ignored ADD COLUMN places TEXT NOT NULL DEFAULT '';";

/* What allowed the forge to merge what a plan proposes. */
static const char allowed[] = "ALTER TABLE plan ADD COLUMN allowed TEXT;";

const char *const schema_steps[] = { learnt,  turns, journal, ignored,    deliveries, backlog,
				     merging, quiet, expiry,  amendments, allowed,    NULL };
