/* SPDX-License-Identifier: MIT */
/* Module versions: semantic versions with a `v` in front, as Go orders them.
 *
 * A version is text; nothing is kept parsed. "v1" and "v1.2" are valid
 * shorthands of v1.0.0 and v1.2.0. Numbers have no upper bound, so they are
 * compared as decimal text. Build metadata counts for nothing, but
 * "+incompatible" is kept by the canonical form. Nothing here knows module
 * paths (modpath.h) or the versions of Go itself (goversion.h).
 * Source: gomod.md b.1 to b.3; golang/mod semver/semver.go, module/pseudo.go.
 */
#pragma once

#include "upkeepd/fail.h"

/* What Go writes for a replaced module that asks for no version. */
#define VERSION_PLACEHOLDER "v0.0.0-00010101000000-000000000000"

bool version_is_valid(const char *version);

/* -1, 0 or 1. Invalid versions are equal to each other and below all valid ones. */
int version_compare(const char *a, const char *b);

/* With missing parts filled in and build metadata cut, "+incompatible" kept;
 * NULL if `version` is invalid. The caller's. */
char *version_canonical(const char *version);
bool version_is_canonical(const char *version);

/* Whether a valid version has a pre-release part; pseudo-versions have one. */
bool version_is_prerelease(const char *version);

/* Whether it ends in "+incompatible". */
bool version_is_incompatible(const char *version);

/* "v1" of v1.2.3; NULL if invalid. The caller's. */
char *version_major(const char *version);

/* The three numbers of a valid version, as decimal text ("0" where missing) in
 * `numbers`; false if invalid. The caller frees each. */
bool version_numbers(const char *version, char *numbers[static 3]);

/* Whether `version` names a commit (vX.Y.Z-0.yyyymmddhhmmss-revision and its
 * two sister forms) and no tag. */
bool version_is_pseudo(const char *version);

/* The commit's time in Unix seconds.
 * Errors: INPUT if `version` is no pseudo-version or its time is none. */
bool version_pseudo_time(const char *version, int64_t *at, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The tag that a pseudo-version follows; `*base` NULL if it follows none. The
 * caller's.
 * Errors: INPUT if `version` is no pseudo-version, or would follow vX.Y.-1. */
bool version_pseudo_base(const char *version, char **base, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The revision at a pseudo-version's end, normally 12 hex digits; NULL if it is
 * none. The caller's. */
char *version_pseudo_revision(const char *version);

/* The pseudo-version of a commit made at `at` (Unix seconds) whose id begins with
 * `revision`, which follows the tag `base` (valid; NULL: none), else begins the major
 * version `major` ("v0"). The caller's. */
char *version_pseudo_new(const char *major, const char *base, int64_t at, const char *revision);

/* Orders two runs of digits without leading zeros by value, whatever their length. */
int version_compare_digits(const char *a, size_t a_length, const char *b, size_t b_length);
