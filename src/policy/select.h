/* SPDX-License-Identifier: MIT */
/* The choice for one dependency: what it moves to, or why it stays.
 *
 * Pure. The releases are judged, filtered by the rules and ranked; the first that
 * stands up to examination and is old enough is taken. What would have to move with
 * it is examined as it is, and the rules on it hold: allow, ignore, its own cooldown. What must be
 * known for that and is not is wished for in `question` and `companions`: the caller
 * has the wishes described (ecosystem.h) and asks again. Every release that was not
 * taken has its reason in question.verdicts, so `explain` is a printout of this. Where
 * the one that is taken leaps (ecosystem.h) the best below it stands by.
 *
 * Source: docker.md 4.4, dependabot-yml.md 6, 11, 13.
 */
#pragma once

#include "upkeepd/ecosystem.h"
#include "upkeepd/rules.h"

typedef struct {
	Manifest *manifest;     /* borrowed */
	Dependency *dependency; /* borrowed; its offer must be set before it is asked */
	Question question;
	GPtrArray *companions; /* of Question, about others that would move with the release at
				* hand: their wishes are to be described as well */
	const Release *named;  /* to be taken whatever the rules say; NULL: free choice */
	const Group *group;    /* the choice is for this group and its `types`; NULL: it is free */
	unsigned types;        /* bits of update types that may be chosen; 0: all */
	bool is_urgent;        /* selection_hurry() */

	/* The answer. */
	Update *update;        /* NULL: nothing is to be done */
	Reason reason;         /* why not; REASON_NONE with an update */
	char *text;            /* one phrase that says it; NULL: the word suffices */
	const Place *rule;     /* the rule that decided, or that was overridden; NULL */
	const Release *latest; /* the highest candidate before cooldown; NULL: there is none */
	int64_t held_until;    /* when a higher one than the one taken will be old enough; 0 */
	char *complaint;       /* a rule that could not be understood; NULL */
	guint verdict_count;   /* of question.verdicts: one per release of the offer */
	int rounds;            /* how often it has been asked */
	bool is_barred;        /* rules on what would move with it barred a release */
	bool overrides;        /* such rules give way now */
} Selection;

/* `rules` are borrowed. `is_named`: a person asked for this dependency, so nothing
 * is waited for, and rules give way where they leave nothing newer. */
Selection *selection_new(Manifest *manifest, Dependency *dependency, const Rules *rules,
			 int64_t now, bool is_named);
void selection_free(Selection *selection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Selection, selection_free)

/* A person wants it now: neither it nor what moves with it waits for a cooldown. All
 * other rules hold. */
void selection_hurry(Selection *selection);

/* Whether nothing is taken because what there is is not old enough yet. */
bool selection_is_held(const Selection *selection);

/* Whether the dependency need not be looked up at all, since no release could be
 * taken; the answer is then complete. */
bool selection_is_idle(Selection *selection);

/* Makes the choice. False: the wishes of question and companions must be described
 * first, and it is asked again. */
bool selection_make(Selection *selection);

/* The reason's word as it stands in JSON: why_not of the dependency comes first. */
const char *selection_word(const Selection *selection);
