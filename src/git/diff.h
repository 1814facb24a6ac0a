/* SPDX-License-Identifier: MIT */
/* What a plan changes, as a person reads it. */
#pragma once

#include "upkeepd/plan.h"

/* The unified diff of one file as git prints it ("--- a/PATH", "+++ b/PATH",
 * three lines of context; /dev/null for a file that comes or goes); empty if
 * nothing changed. The caller's. */
char *diff_of(const FileChange *change);

/* The same for all of `changes` (of FileChange), one after the other. */
char *diff_of_all(const GPtrArray *changes);
