/* SPDX-License-Identifier: MIT */
/* A checkout on disk as a Source, and writing its files back. */
#pragma once

#include "upkeepd/plan.h"
#include "upkeepd/source.h"

/* Its root is the nearest folder at or above `path` that holds `.git`, else
 * `path` itself; `*below` is `path` from the root ("" for the root; the
 * caller's). `.git` and node_modules folders are passed over.
 * Errors: ABSENT, IO, LIMIT beyond LIMIT_TREE_FILES. */
Source *checkout_open(const char *path, char **below, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The folder on disk. */
const char *checkout_root(const Source *source);

/* Puts `changes` (of FileChange) in place, each file whole or not at all, keeping
 * its mode; files that go away are removed, with folders that become empty.
 * Errors: IO at the first that fails; INPUT if a path leads through a link. */
bool checkout_write(const Source *source, const GPtrArray *changes, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
