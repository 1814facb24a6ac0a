/* SPDX-License-Identifier: MIT */
/* A push over HTTP: commands and one pack of a few objects.
 *
 * Each command names what the branch was, and the server checks that under its
 * lock, so that the push is the compare-and-swap. libgit2's own push fails from
 * repositories like ours, which hold a part. Source: operations.md 2.2.
 */
#pragma once

#include "git/endpoint.h"
#include "git/objects.h"
#include "git/push.h"

/* As Transport's push; each update with options is a request of its own, before the rest.
 * A status of 200 alone means nothing: only what the server
 * reports of a branch counts.
 * Errors: DENIED, ABSENT, NET, BUSY: not known what happened; CONFIG if the server
 * cannot report, or not do it all at once. */
bool send_push(Endpoint *endpoint, const Objects *objects, GPtrArray *updates, bool is_atomic,
	       GError **error) G_GNUC_WARN_UNUSED_RESULT;
