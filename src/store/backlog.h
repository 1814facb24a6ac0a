/* SPDX-License-Identifier: MIT */
/* What is known to be newer and is not proposed, as the last run of each entry found it:
 * for `status`, the page and the metrics. Errors: IO, as store.h. */
#pragma once

#include "store/store.h"

typedef enum {
	WAITING_HELD,    /* by a cooldown, until a time */
	WAITING_LIMITED, /* by open-pull-requests-limit */
	WAITING_SKIPPED, /* for the reason that is given */
	WAITING_FAILED,  /* it could not be made */
} WaitingKind;

enum { WAITING_KINDS = WAITING_FAILED + 1 };

/* What is said of one repository; one more says how many others there are. */
enum { BACKLOG_MOST = 200 };

typedef struct {
	WaitingKind kind;
	char *repository; /* NULL where all are of one */
	char *entry;      /* of its rules, as the queue calls it */
	char *title;
	char *reason;  /* NULL: the kind says it */
	int64_t until; /* of what is held; 0: not known */
} Waiting;

Waiting *waiting_new(WaitingKind kind, const char *entry, const char *title, const char *reason);
void waiting_free(Waiting *waiting);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Waiting, waiting_free)
GPtrArray *waitings_new(void); /* of Waiting */

/* "held", "limited", "skipped", "failed". */
const char *waiting_word(WaitingKind kind);

/* Says `list` (of Waiting) of a repository, and that `more` are left out of it, in place
 * of what was said of `entries` (of char *), which have run. What is said of an entry goes
 * with it from the queue, and nothing is said of one that is not there, nor of what is
 * beyond BACKLOG_MOST. */
bool backlog_replace(Store *store, const char *repository, const GPtrArray *entries,
		     const GPtrArray *list, guint more, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All of them, by repository, kind and title; of Waiting. */
GPtrArray *backlog_list(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
