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

/* Whether a file may be built whose comments before the package clause, and
 * whatever else stands there, are the `length` bytes at `header`.
 *
 * One `//go:build` line decides, wherever it stands; two exclude the file, as does
 * one that cannot be parsed. Without one, all `// +build` lines must hold that are
 * followed by a blank line before anything but line comments. */
bool constraints_allow(const char *header, size_t length);
