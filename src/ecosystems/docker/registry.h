/* SPDX-License-Identifier: MIT */
/* Asking registries: the members of an ecosystem of images that touch the world.
 *
 * All repositories are asked at once, then what the answers call for: at Docker
 * Hub a page of tag records, and a list of names only if that page does not show
 * all that changed; elsewhere the list, page after page. A manifest is never
 * fetched where a HEAD or a tag record will do. Nothing that is fetched by digest
 * is believed unless it hashes to it.
 *
 * Source: docker.md 5.
 */
#pragma once

#include "upkeepd/ecosystem.h"

/* As Ecosystem.look_up and .describe; both fail only if the store does. */
bool registry_look_up(World *w, GPtrArray *dependencies, GTree *offers, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool registry_describe(World *w, GPtrArray *questions, GError **error) G_GNUC_WARN_UNUSED_RESULT;
