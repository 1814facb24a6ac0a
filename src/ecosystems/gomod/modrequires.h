/* SPDX-License-Identifier: MIT */
/* Writes a final set of requirements into go.mod as `go mod tidy` does.
 *
 * Lines that stay keep their comments; groups made by hand are not merged.
 * Source: gomod.md a.6, a.7; golang/mod modfile/rule.go SetRequire,
 * SetRequireSeparateIndirect, SetRequireAtMostTwo.
 */
#pragma once

#include "ecosystems/gomod/modfile.h"

/* A requirement to set; borrowed strings. */
typedef struct {
	const char *path, *version;
} Bump;

/* One requirement of a wanted set; borrowed strings. */
typedef struct {
	const char *path, *version;
	bool is_indirect;
} ModWanted;

/* Makes the requirements exactly `wanted` (each path once), laid out by the rule
 * of the file's own go line: below 1.17 one list, below 1.27 direct and indirect ones
 * apart, from then on in two statements at most. Includes modedit_finish() (modedit.h). */
void modrequires_set(ModFile *file, const ModWanted *wanted, size_t n_wanted);

/* The whole of a tidy's last step: `text` with the go line `go` (NULL: as it is), the
 * toolchain line `toolchain` (NULL: none) and the requirements `wanted`. Written
 * until nothing moves any more, since one pass of Go's own rules may not be the last.
 * A file whose lines all end in CRLF keeps that.
 *
 * Errors: INPUT "line:column: …" if `text` is no go.mod. */
GBytes *modrequires_write(GBytes *text, const char *go, const char *toolchain,
			  const ModWanted *wanted, size_t n_wanted, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* `text` as `go mod edit -require` leaves it for each of `bumps`: what a tidy after a
 * bump begins with. It may end otherwise than with the lines as they were, since a
 * block of one line has become a line by then.
 *
 * Errors: as above. */
GBytes *modrequires_bump(GBytes *text, const Bump *bumps, size_t n_bumps, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
