/* SPDX-License-Identifier: MIT */
/* Changes go.mod as `go mod edit` changes it, byte for byte.
 *
 * Edits work on the syntax of a file of MODFILE_MAIN; comments travel with their
 * lines. After each the facts have been read again, so pointers to earlier ones
 * are invalid. modedit_finish() does what Go does before it prints: without it the
 * syntax may hold duplicates, unsorted blocks and empty ones.
 * Source: gomod.md a.5; golang/mod modfile/rule.go.
 */
#pragma once

#include "ecosystems/gomod/modfile.h"

/* Sets the version of the first `require` of `path` and drops its others; adds
 * one, marked direct, where there is none. */
void modedit_require(ModFile *file, const char *path, const char *version);
void modedit_drop_require(ModFile *file, const char *path);

void modedit_exclude(ModFile *file, const char *path, const char *version);
void modedit_drop_exclude(ModFile *file, const char *path, const char *version);

/* `old_version` NULL: for all versions, which also takes the place of those for
 * single ones. `new_version` NULL: `new_path` is a directory. */
void modedit_replace(ModFile *file, const char *old_path, const char *old_version,
		     const char *new_path, const char *new_version);
void modedit_drop_replace(ModFile *file, const char *old_path, const char *old_version);

void modedit_retract(ModFile *file, const char *low, const char *high);

/* NULL removes the line. */
void modedit_set_go(ModFile *file, const char *version);
void modedit_set_toolchain(ModFile *file, const char *name);

/* Drops repeated `exclude`, `tool` and `ignore` lines but for the first, and repeated
 * `replace` lines but for the last. */
void modedit_drop_duplicates(ModFile *file);

/* Drops duplicates, sorts blocks, removes empty blocks, and makes lines of
 * blocks with one. */
void modedit_finish(ModFile *file);
