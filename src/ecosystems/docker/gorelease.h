/* SPDX-License-Identifier: MIT */
/* What there is to read of an update of Go's official image, whose own record leads to
 * how it is built and nowhere else: the release notes of Go.
 *
 * Go's pages are named by its versions, so nothing is asked for. Pure.
 * Source: pull-requests.md 5.4, 16 row 14; go.dev/doc/devel/release.
 */
#pragma once

#include "upkeepd/plan.h"

/* Whether the image that is looked up under `key` is that one, in whatever registry. */
bool gorelease_is(const char *key);

/* Sets home and a section of releases. False: nothing is known of the two versions, or Go
 * stays what it is. */
bool gorelease_tell(Update *update);
