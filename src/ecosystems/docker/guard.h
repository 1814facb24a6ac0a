/* SPDX-License-Identifier: MIT */
/* The `latest` guard: no update beyond what the publisher calls current.
 * Source: docker.md 4.5. */
#pragma once

#include "ecosystems/docker/listing.h"
#include "upkeepd/ecosystem.h"

/* Rejects (REASON_GUARD) the elements of `candidates` that are above the version
 * that `latest` stands for, and removes them. They are indexes of releases, best
 * first. May wish for digests; does nothing where `latest` says nothing. */
void guard_apply(Question *q, const Tag *present, GArray *candidates); /* of guint */
