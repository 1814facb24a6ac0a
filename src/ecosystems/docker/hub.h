/* SPDX-License-Identifier: MIT */
/* Docker Hub's tag records: names, digests, push dates and platforms, newest first,
 * without a pull. One page tells whether anything changed since the last time.
 *
 * Source: docker.md 5.2.
 */
#pragma once

#include "ecosystems/docker/lookup.h"

/* Polls the repositories of `offers` (of Offer) whose lookup has records. One whose
 * tags are all known afterwards is done; the others are put into `unlisted`: their
 * names must be listed, the records of the newest being known already, or none
 * if the records were refused. Errors: IO of the store. */
bool hub_poll(World *w, const GPtrArray *offers, GPtrArray *unlisted, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The URL of the repository's own record; the caller's. */
char *hub_repository_url(const Access *access);

/* The URL of one tag's record; the caller's. */
char *hub_record_url(const Access *access, const char *tag);
