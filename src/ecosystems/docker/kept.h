/* SPDX-License-Identifier: MIT */
/* What is remembered of registries between runs, so that a repository in which
 * nothing changed costs one request, and nothing is pulled twice.
 *
 * All of it lies in the answer cache and may vanish at any time; with a NULL store
 * nothing is remembered. Source: docker.md 5.2, 5.6.
 */
#pragma once

#include "ecosystems/docker/listing.h"
#include "upkeepd/fail.h"
#include "upkeepd/world.h"

/* By what changes in a repository are noticed. */
typedef struct {
	int64_t count;     /* of its tags */
	int64_t newest_at; /* last_updated of its newest record */
	int64_t listed_at; /* when all names were last read */
} Cursor;

/* The list of `key` as it was last read `from` somewhere (access_source()): adds to the offer the
 * tags that it lacks, with their digests and dates. False if none is kept.
 * `offer` NULL: only the cursor is wanted. */
bool kept_list(const World *w, const char *from, const char *key, Offer *offer, Cursor *cursor);

/* Keeps the list. Errors: IO. */
bool kept_put_list(const World *w, const char *from, const Offer *offer, const Cursor *cursor,
		   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a digest consists of, which never changes; false if it is not kept. Whether it
 * is still served is another question. */
bool kept_content(const World *w, Content *content);
bool kept_put_content(const World *w, const Content *content, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
