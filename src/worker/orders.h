/* SPDX-License-Identifier: MIT */
/* What people order in comments on our proposals, at work.
 *
 * Heard before anything is decided, carried out by the run that follows, answered when
 * that is over. Only the answer on the forge says that an order was carried out: a run
 * that dies before hears it again, and every effect can be repeated; a lost database
 * changes nothing about it. Who may not push is told so; bots and ourselves are not heard,
 * and what was edited since is not obeyed. Does nothing where the forge has no comments.
 * Source: pull-requests.md 12; forges.md 9.3, 11.
 */
#pragma once

#include "publish/order.h"
#include "publish/reconcile.h"
#include "store/ignored.h"
#include "worker/due.h"

/* A comment with orders. */
typedef struct {
	const Comment *comment; /* borrowed */
	PlanRecord *record;     /* of the proposal it stands on; borrowed */
	bool is_open;           /* that is, as far as we know */
	GPtrArray *orders;      /* of Order; empty: its author may order nothing */
	GPtrArray *answers;     /* of char *, one an order; NULL: known when the run is over */
} Heard;

/* All that one run goes by. */
struct Orders {
	GPtrArray *records;  /* of PlanRecord: the proposals that can be spoken about */
	GPtrArray *comments; /* of Comment, in order */
	GPtrArray *heard;    /* of Heard */
	GPtrArray *ignored;  /* of Ignored: what people have us leave alone */
	GPtrArray *amended;  /* of Ignored: what they said just now that the rules should say */
	GPtrArray *written;  /* of Ignored: what they want there and is there; borrowed */
	char *mark;          /* what earlier runs noted; NULL: none did */
	int64_t since;       /* of that: what was said before it was heard; 0: nothing was */
	GTree *weighed;      /* of that: what was said since and is dealt with; ids, as text */
	GTree *answered;     /* set of char *: "ID AUTHOR" of what is answered, and by whom */
	int64_t last_at;     /* how far the forge lists what was said now; 0: not known */
	Proposal *proposal;  /* looked at last; NULL */
	GTree *people;       /* who may push (1) or not (0), by their logins, as far as asked */
	bool is_deaf;        /* something was not heard: it is listened to again */
};

void orders_free(Orders *orders);

/* Reads what was said since the last time, if this run has not done so. A dry run hears
 * nothing. */
bool orders_hear(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether some of it may be an order that nobody has dealt with. */
bool orders_are_given(const Job *job);

/* Does what needs no run: closes, ignores, forgives. Then adds to the rules what people
 * have us ignore. */
bool orders_obey(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is to be done for the entry with this key (due_key()) besides its schedule. */
Due orders_due(const Job *job, const char *entry);

/* The branches that are to be rebuilt though nothing else asks for it. */
void orders_fill(const Job *job, const GPtrArray *branches, Findings *findings);

/* Answers all that was heard, each comment with one. */
bool orders_answer(Job *job, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether anything is open on which somebody may say something soon. */
bool orders_are_likely(const Job *job, bool *is_likely, GError **error) G_GNUC_WARN_UNUSED_RESULT;
