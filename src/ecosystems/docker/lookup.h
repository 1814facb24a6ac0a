/* SPDX-License-Identifier: MIT */
/* What accompanies the offer of an image while its registry is asked, and what
 * this installation has seen of its digests.
 * Source: docker.md 4.8, 4.10, 5.6. */
#pragma once

#include "ecosystems/docker/access.h"
#include "ecosystems/docker/kept.h"

typedef struct {
	Access *access;
	Access *manifests; /* of manifests and blobs; NULL: the same */
	char *memory;      /* access_memory() */
	guint attempts;    /* to get the list of tags, which failed */
	Cursor cursor;
	bool has_records; /* of its tags, which were given when asked for */
	bool is_tracked;  /* the records tell what changed, so what is kept holds until then */
	bool is_changed;  /* more is known than is kept */
} Lookup;

/* A listing for `key` with its lookup. */
Offer *lookup_new(const World *w, const char *key);
Lookup *lookup_of(const Offer *offer);
Access *lookup_manifests(const Offer *offer); /* borrowed */

/* Turns to the next place that has the list of tags, after one has failed: nothing is known
 * and no error is left. False: there is none. */
bool lookup_turn(const World *w, Offer *offer);

/* Between these everything that is kept is kept at once; lookup_leave() gives back
 * `is_good`, if that could be done. Nothing is asked in between. Errors: IO. */
bool lookup_enter(const World *w, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool lookup_leave(const World *w, bool is_good, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Notes when the present digest of a release was first seen, and its push date.
 * Errors: IO. */
bool lookup_observe(const World *w, Offer *offer, Release *release, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Notes that a file has `digest` with the tag, which the registry may have given for it
 * before anybody here asked: what is first seen from now on is newer. It is never what a
 * digest is looked up by. Errors: IO. */
bool lookup_note_written(const World *w, const Offer *offer, const Release *release,
			 const char *digest, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Recalls the digests that a release was ever seen with, or written with. Errors: IO. */
bool lookup_recall(const World *w, const Offer *offer, Release *release, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Notes the tag that a digest was ever seen under, else one that has it now: of those
 * that are listed still the most precise. Errors: IO. */
bool lookup_recall_tag(const World *w, Offer *offer, const char *digest, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
