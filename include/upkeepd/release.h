/* SPDX-License-Identifier: MIT */
/* What a registry offers, and what is thought of it. */
#pragma once

#include "upkeepd/manifest.h"

/* One version that a registry offers. */
typedef struct Release {
	char *version;        /* a tag, or a module version with its `v` */
	char *digest;         /* "sha256:…" of what it points to now; NULL while unknown */
	int64_t published_at; /* Unix seconds; 0 while unknown */
	bool is_described;    /* asked for in particular and answered, even with "unknown" */
	char *retracted;      /* the publisher's reason, "" without one; NULL if not retracted */
	void *detail;         /* the ecosystem's own facts, e.g. platforms */
	void (*free_detail)(void *detail);
} Release;

Release *release_new(const char *version);
void release_free(Release *release);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Release, release_free)

/* All that is known of one look-up key; shared by every dependency with it. */
typedef struct Offer {
	char *key;
	GPtrArray *releases;   /* of Release; order as the registry gave them */
	GError *error;         /* why it could not be looked up; NULL if it was */
	int64_t first_seen_at; /* when this installation first looked; 0: now */
	void *detail;          /* the ecosystem's own, e.g. deprecation */
	void (*free_detail)(void *detail);
} Offer;

Offer *offer_new(const char *key);
void offer_free(Offer *offer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Offer, offer_free)

/* Why a release was not taken. The words (reason_word) are a contract: they
 * stand in `check --json` and `explain`. */
typedef enum {
	REASON_NONE,       /* a candidate */
	REASON_UP_TO_DATE, /* it is the present version */
	REASON_NOT_NEWER,  /* "no-newer" */
	REASON_OTHER_LINE, /* another variant, precision or major path */
	REASON_PRERELEASE,
	REASON_IGNORED,
	REASON_NOT_ALLOWED,
	REASON_COOLDOWN,
	REASON_RETRACTED,
	REASON_EXCLUDED,
	REASON_GUARD,    /* above what the publisher calls latest */
	REASON_PLATFORM, /* a platform that matters is missing */
	REASON_SAME_CONTENT,
	REASON_ABSENT,     /* listed, but not there */
	REASON_SETTLING,   /* a digest that moved too recently */
	REASON_GRACE,      /* another OS release: the present one may still get this version */
	REASON_LOWER,      /* a higher one was taken */
	REASON_MOVING,     /* the present tag is a word: nothing to compare */
	REASON_UNRESOLVED, /* the reference or look-up cannot be used; see the text */
	REASON_COHERENCE,  /* would put the go line above an image's Go */
	REASON_LIMITED,    /* open-pull-requests-limit */
	REASON_BOUND,      /* what takes its version from the same place lacks it, or must stay */
	REASON_COUNT
} Reason;

const char *reason_word(Reason reason);

/* What is thought of one release for one dependency. */
typedef struct {
	Reason reason;
	char *text;        /* one phrase that says it to a person; NULL: the word suffices */
	const Place *rule; /* the rule that decided; borrowed from Rules; NULL if none */
	int64_t ready_at;  /* COOLDOWN, SETTLING: when it would be taken; 0 unknown */
} Verdict;

typedef enum { STEP_NONE, STEP_DIGEST, STEP_PATCH, STEP_MINOR, STEP_MAJOR } Step;

/* "none", "digest", "patch", "minor", "major". */
const char *step_word(Step step);
