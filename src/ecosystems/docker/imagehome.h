/* SPDX-License-Identifier: MIT */
/* Where the source of an image lies, and what else there is to tell of its update.
 *
 * Docker Hub's record of the repository is asked first, which costs no pull; where
 * pulls are not metered the labels tell: those of the index, of one platform's
 * manifest, of its configuration, as far as it takes. What is known of the two tags
 * anyway (dates, digests, platforms) becomes a section.
 * Source: docker.md 5.2; pull-requests.md 5.4, 6.1.
 */
#pragma once

#include "upkeepd/ecosystem.h"

/* Ecosystem.find_homes. */
void imagehome_all(World *w, const GPtrArray *updates);
