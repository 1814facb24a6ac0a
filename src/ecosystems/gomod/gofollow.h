/* SPDX-License-Identifier: MIT */
/* The toolchain line of a go.mod, carried along with the images that build it.
 *
 * It names the Go that people are to use at least. It is set to the oldest one that builds
 * the module, so that nowhere another one is downloaded; it is only raised, and only
 * where it is there: `go mod tidy` drops one that is not above the go line. A custom
 * toolchain, and images that only name "1.22", leave it alone.
 * Source: gomod.md a.6, b.7, e.4; docker.md 4.11; gomod-user-pain.md 4.
 */
#pragma once

#include "upkeepd/builder.h"
#include "upkeepd/deed.h"

/* Ecosystem.follow. */
GBytes *gofollow(const char *path, GBytes *text, const GPtrArray *builders, Shift **shift);
