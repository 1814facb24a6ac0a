/* SPDX-License-Identifier: MIT */
/* The packages of Go's standard library, by name.
 *
 * An import without a dot in its first element that is not among them may be that of
 * a replaced module; if nothing provides it Go says nothing, but has read the whole
 * module graph to find out, which shows in go.mod (gomod.md f.6). A package that is
 * newer than the list costs no more than that.
 * Source: gomod.md f.3; golang/go src/.
 */
#pragma once

#include <stdbool.h>

bool stdlib_has(const char *path);
