/* SPDX-License-Identifier: MIT */
/* How high the go line of a module may come, and who says so: `max-go`, or the oldest
 * Go that the repository is built with.
 *
 * What does not have the present go line evidently does not build the module, or gets
 * itself another Go: it bounds nothing. A go line below 1.21 raises no other.
 * Source: gomod.md e.1, e.4; docker.md 4.11.
 */
#pragma once

#include "upkeepd/builder.h"

typedef struct {
	char *version;
	bool is_line; /* "1.22" takes 1.22.4 in */
	char *by;     /* "Dockerfile:1 has golang:1.22-alpine", "max-go is 1.22" */
} GoBound;

/* The lowest bound on the go line (`go`; NULL: there is none) of the go.mod in `folder`.
 * `max_go` as Rules have it; `builders` (of Builder) may be NULL too; `folder` NULL: all
 * of them are of the module. NULL: no bound. */
GoBound *gobound_new(const char *max_go, const GPtrArray *builders, const char *folder,
		     const char *go);
void gobound_free(GoBound *bound);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GoBound, gobound_free)

/* Whether a module that says `go` may be required; `bound` NULL: it may. */
bool gobound_admits(const GoBound *bound, const char *go);
