/* SPDX-License-Identifier: MIT */
/* When digests were pushed, where a registry does not say so itself but its owner does, to
 * those who have a key: GitHub's packages (ghcr.io) and Amazon ECR.
 *
 * GitHub's interface is asked only with a credential for api.github.com: one for ghcr.io is
 * not shown to another host. Both say when a digest came, not when a tag moved to it.
 * Whatever is not learnt is no failure: what was first seen when counts then.
 * Source: docker.md 4.10; GitHub REST API, packages; Amazon ECR API, DescribeImages.
 */
#pragma once

#include "ecosystems/docker/lookup.h"

GPtrArray *pushes_new(void); /* of what is to be asked */

/* Has the push date of a release, whose digest is known, asked for; nothing where nobody can
 * be asked, or it was told before. `offer` and `release` are borrowed. */
void pushes_want(const World *w, GPtrArray *pushes, Offer *offer, Release *release);

/* Asks for all of them, in rounds, and sets published_at of what is found. */
void pushes_ask(World *w, GPtrArray *pushes);
