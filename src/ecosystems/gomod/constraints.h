/* SPDX-License-Identifier: MIT */
/* Build constraints of Go source files, read as `go mod tidy` reads them: could
 * the file be built on any machine, with any tags?
 *
 * Every tag may be true or false, each time it occurs (`a && !a` can be true: Go
 * prefers to include), except `ignore`, which is always false. File names
 * (_windows, _arm64) do not matter.
 * Source: gomod.md f.1; golang/go go/build/constraint, cmd/go internal/imports/build.go.
 */
#pragma once

#include "upkeepd/fail.h"

typedef enum {
	CONSTRAINTS_FORBID,
	CONSTRAINTS_ALLOW,
	CONSTRAINTS_MALFORMED, /* a `//go:build` line that cannot be parsed: as if it forbade */
	CONSTRAINTS_DISAGREE,  /* two of them: the file counts, and nothing in it */
} Constraints;

/* What is said of a file whose comments before the package clause, and whatever else
 * stands there, are the `length` bytes at `header`.
 *
 * One `//go:build` line decides, wherever it stands. Without one, all `// +build` lines
 * must hold that are followed by a blank line before anything but line comments. */
Constraints constraints_read(const char *header, size_t length);
