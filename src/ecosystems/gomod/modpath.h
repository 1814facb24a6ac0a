/* SPDX-License-Identifier: MIT */
/* Module and import paths: their grammar, their major version, their escaping.
 *
 * "example.com/a/v2" holds the module of major version 2; "gopkg.in/a.v2" is the
 * older way to say so. Where a path is checked the text of the error names it.
 * Source: gomod.md b.4, c.1, c.2; golang/mod module/module.go.
 */
#pragma once

#include "upkeepd/fail.h"

/* Splits off the major version: `*prefix_length` is the length of what stands
 * before it, the rest is "", "/v2", ".v2" or ".v2-unstable". False where the
 * end looks like a major version and may not be one ("/v1", "/v02", "gopkg.in/a"). */
bool modpath_split(const char *path, size_t *prefix_length);

/* Errors, all of them: INPUT. */
bool modpath_check(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool modpath_check_import(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The path of a file in a module's zip. */
bool modpath_check_file(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether `version` is of the major version that `path` stands for.
 * Errors: INPUT "should be v0 or v1, not v2", or if the path is wrong itself. */
bool modpath_check_version(const char *path, const char *version, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* "v2", "v0" where the path has no major version: the major version of the
 * placeholder for a replaced module (version.h). NULL if `path` is wrong. The caller's. */
char *modpath_major(const char *path);

/* The path of the module at another major version; "m" and "gopkg.in/m.v1" are those of
 * 1. NULL if `path` is wrong. The caller's. */
char *modpath_at(const char *path, guint major);

/* For the module proxy's URLs and the cache: each capital becomes `!` and the
 * small letter. The caller's.
 * Errors: INPUT if the path, or the version, cannot be asked for. */
char *modpath_escape(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
char *modpath_escape_version(const char *version, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether one of the comma-separated `globs` matches the first elements of
 * `path`, as many as the glob has (GOPRIVATE and its like); NULL matches nothing. */
bool modpath_matches(const char *globs, const char *path);

/* Whether one glob, as Go's path.Match reads it, matches the whole of `text`. */
bool modpath_glob(const char *glob, const char *text);

/* Whether `path` is `prefix` or lies below it. */
bool modpath_is_within(const char *path, const char *prefix);
