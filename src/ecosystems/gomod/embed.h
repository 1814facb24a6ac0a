/* SPDX-License-Identifier: MIT */
/* Which files the patterns of `//go:embed` comments mean.
 *
 * Source: gomod.md f.15; golang/go cmd/go/internal/load/pkg.go, resolveEmbed.
 */
#pragma once

#include "ecosystems/gomod/filelist.h"

/* The files of `listing` that patterns in Go files of `folder` embed; names from the
 * module's root, borrowed. `with_tests` counts those of tests, too. The caller's;
 * of ListedFile *.
 * Errors: INPUT if a pattern means nothing. */
GPtrArray *embed_files(const FileList *listing, const char *folder, bool with_tests, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
