/* SPDX-License-Identifier: MIT */
/* The major versions of modules beyond the one that is required.
 *
 * "example.org/m/v2" is another module than "example.org/m": nobody is led there by the
 * list of the first, so its neighbours are asked for. A proxy may list tags that no
 * go.mod goes with; a major version counts if the go.mod of its newest version is there,
 * declares it, and leaves a version of it that it does not retract. The highest that has
 * a release goes before higher ones that are only being prepared. Only so many are
 * looked at, and only the topmost few closely (limits.h).
 * Source: gomod.md b.4, b.5.
 */
#pragma once

#include "ecosystems/gomod/goproxy.h"

/* What a major version has to offer, ascending. */
typedef enum {
	MAJOR_NOTHING,    /* none that counts, or all retracted */
	MAJOR_PRERELEASE, /* pre-releases alone */
	MAJOR_RELEASE,
} MajorWorth;

/* One question and its answer. */
typedef struct {
	char *path;  /* the module's */
	guint above; /* majors above this one are meant; 0: above that of the path */

	/* Answered; NULL: there is none, or nobody could say. */
	char *next;          /* the path of the next major version */
	MajorWorth worth;    /* what that has */
	GPtrArray *versions; /* of GoListed: its tagged versions */
	GBytes *gomod;       /* of the newest of them */

	/* gomajor.c's own. */
	GPtrArray *found; /* of Major, ascending; the topmost ones */
	guint first, last, width;
	bool is_at_end;
} MajorAsk;

MajorAsk *majorask_new(const char *path, guint above);
void majorask_free(MajorAsk *ask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MajorAsk, majorask_free)

/* Answers all of `asks` (of MajorAsk). One request each where there is nothing, and none
 * for a day after that. Failures count as "nobody could say". */
void gomajor_ask_all(const World *w, GoProxy *proxy, GPtrArray *asks);
