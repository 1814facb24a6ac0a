/* SPDX-License-Identifier: MIT */
/* What people order in comments on a proposal: "@upkeepd rebase".
 *
 * An order is a line that begins with a mention of us, and says nothing else; a comment
 * may have several. What stands in quotes, in code, or in an HTML comment is talk about
 * orders and is none. Whether who says it may order anything is not known here. Pure.
 * Source: pull-requests.md 12; forges.md 11.
 */
#pragma once

#include <glib.h>

#include <stdbool.h>
#include <stdint.h>

typedef enum {
	ORDER_REBASE,
	ORDER_RECREATE, /* what people pushed is thrown away */
	ORDER_CLOSE,
	ORDER_REOPEN,
	ORDER_IGNORE,
	ORDER_HOLD, /* ignore, for some days */
	ORDER_UNIGNORE,
	ORDER_SHOW,
	ORDER_EXPLAIN,
	ORDER_MERGE,   /* by the forge, once everything passes */
	ORDER_CANCEL,  /* that is taken back */
	ORDER_UNKNOWN, /* meant for us, and not understood */
} OrderVerb;

/* How much an IGNORE takes in. */
typedef enum { REACH_ALL, REACH_MAJOR, REACH_MINOR, REACH_PATCH } Reach;

typedef struct {
	OrderVerb verb;
	Reach reach;
	char *name; /* of a dependency; "*": all of the proposal's; NULL: the one it is about */
	char *condition;   /* UNIGNORE: the one that was stored with this text; NULL: all */
	int days;          /* HOLD: 1 to 365 */
	bool is_to_commit; /* IGNORE, HOLD: the rules are to say so */
	char *text;        /* the line without the mention, one plain line */
} Order;

/* The orders in a comment, in order, at most LIMIT_ORDERS. `account` is our login, by
 * which we are meant besides "upkeepd" and, where it is understood, "dependabot"; NULL:
 * any mention counts. `name`: by which we are meant as well; NULL. The caller's. */
GPtrArray *order_read(const char *comment, const char *account, const char *name); /* of Order */

/* The range of versions that IGNORE takes in where a proposal moves to `version`, as
 * `versions` of an `ignore` entry would say it: ">= 2.a, < 3"; NULL if `version` has no
 * such number. `reach` is none of REACH_ALL. The caller's. */
char *order_range(const char *version, Reach reach);

/* "<!-- upkeepd:reply ID -->" for the last line of the answer to a comment; the
 * caller's. */
char *order_mark(int64_t comment_id);

/* The comment that `comment` answers; 0: it is no answer of ours. */
int64_t order_answered(const char *comment);

/* What the answer to MERGE and to CANCEL says to us, should we have forgotten. */
#define ORDER_MARK_MERGE  "<!-- upkeepd:merge by=forge -->"
#define ORDER_MARK_CANCEL "<!-- upkeepd:merge by=people -->"

/* The last such word in `comment`: ORDER_MERGE, ORDER_CANCEL; ORDER_UNKNOWN: none. */
OrderVerb order_merging(const char *comment);
