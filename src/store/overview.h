/* SPDX-License-Identifier: MIT */
/* All that the state database says of how things stand: for `status`, the page and the
 * metrics. Errors: IO, as store.h. */
#pragma once

#include "store/backlog.h"
#include "store/cache.h"
#include "store/journal.h"
#include "store/queue.h"
#include "store/visit.h"

typedef struct {
	int64_t now;
	GPtrArray *watched; /* of Watched */
	GPtrArray *plans;   /* of PlanRecord: current and superseded ones, by repository */
	GPtrArray *backlog; /* of Waiting, by repository */
	GPtrArray *pauses;  /* of HostPause */
	RunTotals *last;    /* NULL: nothing was visited yet */
} Overview;

bool overview_read(Store *store, int64_t now, Overview *overview, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
void overview_clear(Overview *overview);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Overview, overview_clear)

/* How long before a token ends people are told. Source: forges.md 12. */
enum { OVERVIEW_TOKEN_NOTICE_S = 14 * 24 * 60 * 60 };

/* Whether a token that ends at `expires_at` (as Watched) needs a successor. */
bool overview_is_ending(int64_t expires_at, int64_t now);

/* How a repository is: "running", "quarantined", "failed", "ok" or "new". */
const char *overview_state(const Watched *watched);

/* The first of a repository's among the plans, and among what waits; its others follow.
 * Without any it is where they would stand. */
guint overview_first_plan(const Overview *overview, const char *repository);
guint overview_first_waiting(const Overview *overview, const char *repository);
