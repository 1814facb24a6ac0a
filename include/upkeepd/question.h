/* SPDX-License-Identifier: MIT */
/* What the pure members of an ecosystem (ecosystem.h) are asked, and how they answer. */
#pragma once

#include "upkeepd/release.h"
#include "upkeepd/rules.h"

/* What a pure member must know before its answer holds. */
typedef struct {
	Release *release; /* its date, digest and so on; borrowed from the offer; or NULL and: */
	char *digest;     /* whether this digest is there, and what kind of thing it is; */
	bool is_whole;    /* and what it consists of, which may cost more */
} Wish;

void wish_free(Wish *wish);

/* One choice, as the pure members are asked about it. An answer holds only
 * if the member wished for nothing: otherwise the wishes are described and it
 * is asked again, with verdicts as they were before. */
typedef struct {
	const Dependency *dependency; /* with an offer that could be looked up */
	const Rules *rules;
	int64_t now;
	bool is_named;                    /* asked for on the command line: nothing is waited for */
	int64_t cooldown[STEP_MAJOR + 1]; /* seconds to wait, by the step of an update */
	const GPtrArray *builders; /* of Builder: what builds the manifest; borrowed; NULL: nothing
				    * that is known, or that counts */
	Verdict *verdicts;         /* one per release of the offer */
	GPtrArray *wishes;         /* of Wish */
} Question;

/* Wishes for a release that is not yet described, or for a digest. */
void question_wish(Question *q, Release *release);
void question_wish_more(Question *q, Release *release); /* described, but not in all that counts */
void question_wish_digest(Question *q, const char *digest, bool is_whole);

/* Sets the verdict of one release; `format` NULL: the reason's word suffices. */
void question_reject(Question *q, guint index, Reason reason, const char *format, ...)
	G_GNUC_PRINTF(4, 5);

/* Since when a release can be waited for. */
typedef struct {
	int64_t since; /* Unix seconds; 0: nobody knows */
	bool is_dated; /* by the registry; false: it is when we first saw it */
	bool bars;     /* while it is too young, lower ones are not taken instead */
} Age;
