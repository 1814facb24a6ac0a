/* SPDX-License-Identifier: MIT */
/* The versions of Go itself, as `go` and `toolchain` lines write them.
 *
 * "1.21.3", "1.22rc1"; "1.21" is the language version, which is below its own
 * release candidates from 1.21 on and means 1.20.0 before. Invalid text is below
 * everything. In the module graph `go` and `toolchain` are pseudo-modules.
 * Source: gomod.md b.7; golang/go src/internal/gover, cmd/go/internal/gover.
 */
#pragma once

#include "upkeepd/fail.h"

#define GOVERSION_PATH           "go"        /* the pseudo-module of `go` lines */
#define GOVERSION_TOOLCHAIN_PATH "toolchain" /* and of `toolchain` lines */

bool goversion_is_valid(const char *version);

/* Whether `text` may stand in a main module's go line: N.N[.N][letters N]. */
bool goversion_is_line(const char *text);

/* What of a dependency's odd go line counts: "1.20" of "v1.20" and "1.20-x";
 * NULL if nothing does. The caller's. */
char *goversion_lax_line(const char *text);

/* The first release that a go line means: "1.21.0" of "1.21", else itself. The caller's. */
char *goversion_first_release(const char *line);

/* -1, 0 or 1. */
int goversion_compare(const char *a, const char *b);

/* The Go version that a toolchain name holds ("go1.21.3-custom": 1.21.3); NULL
 * if it holds none ("default", a name with a slash). The caller's. */
char *goversion_of_toolchain(const char *name);

/* -1, 0 or 1; names that hold no version are below all others. */
int goversion_compare_toolchains(const char *a, const char *b);

/* The order of two versions of the module `path`: that of Go versions for `go`,
 * of toolchain names for `toolchain`, version_compare() for all others. */
int goversion_compare_modules(const char *path, const char *a, const char *b);
