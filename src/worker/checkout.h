/* SPDX-License-Identifier: MIT */
/* A checkout on disk as a Source, and writing its files back. */
#pragma once

#include "upkeepd/plan.h"
#include "upkeepd/source.h"

/* Its root is the nearest folder at or above `path` that holds `.git`, else
 * `path` itself, links followed up to there; `*below` is `path` from the root ("" for
 * the root; the caller's). Passed over are `.git` and node_modules folders, names that
 * are not plain (base/text.h) and, said in the log, folders that may not be read.
 * Errors: ABSENT, IO, LIMIT beyond LIMIT_TREE_FILES. */
Source *checkout_open(const char *path, char **below, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The folder on disk. */
const char *checkout_root(const Source *source);

/* Puts `changes` (of FileChange) in place, each file whole or not at all, keeping
 * its mode; files that go away are removed, with folders that become empty.
 * Errors: INPUT, before anything is written, if a path leads through a link; IO at
 * the first that fails. */
bool checkout_write(const Source *source, const GPtrArray *changes, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
