/* SPDX-License-Identifier: MIT */
/* Which platforms of an image matter, and whether another image has them.
 *
 * A platform is written "os/architecture[/variant]"; without a variant any will
 * do. Of the version of a Windows host the family counts (10.0.17763), since the
 * rest moves every month.
 *
 * Source: docker.md 4.9; the names are those of the OCI image index.
 */
#pragma once

#include "ecosystems/docker/listing.h"
#include "upkeepd/rules.h"

/* "linux/amd64", "windows/amd64 (10.0.17763)": for people. The caller's. */
char *platform_text(const Platform *platform);

/* The platform that `name` means; NULL if the content has none such. */
const Platform *content_platform(const Content *content, const char *name);

/* The one to take the place of `present`; NULL if there is none. */
const Platform *content_counterpart(const Content *content, const Platform *present);

/* What a reference needs: `literal` (of --platform), else what the rules list,
 * else those of linux/amd64 and linux/arm64 that `present` has. `present` NULL:
 * unknown. The caller's; of char *. */
GPtrArray *platforms_needed(const Rules *rules, const char *literal, const Content *present);

/* The first of `needed` that is missing; NULL if none is, or nobody knows. */
const char *content_missing(const Content *content, const GPtrArray *needed);

/* Whether some Windows host that can run `present` can run `content`. */
bool content_keeps_windows(const Content *content, const Content *present);

/* Whether the two are known to consist of the same manifests for `needed`. */
bool content_is_same(const Content *a, const Content *b, const GPtrArray *needed);
