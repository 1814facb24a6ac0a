/* SPDX-License-Identifier: MIT */
/* Which files of a repository are a module's, as its zip has them.
 *
 * Pure. Nested modules and vendored packages are left out; a module in a folder
 * without a LICENSE gets that of the repository. What cannot be decided here is
 * refused: attributes by which git changes the bytes of files on their way out.
 * Source: gomod.md c.5; golang/mod zip/zip.go checkFiles, isVendoredPackage;
 * golang/go cmd/go/internal/modfetch/coderepo.go Zip.
 */
#pragma once

#include "upkeepd/fail.h"

/* One file of the zip. */
typedef struct {
	const char *path; /* in the repository; borrowed */
	const char *name; /* in the module; borrowed */
} PickedFile;

/* The files of the module in `folder` ("" or without a slash at the end) among `paths`
 * (of char *, all of the repository's), in their order; `go` is the go line of its
 * go.mod, NULL: none. The caller's; of PickedFile. */
GArray *modpick_files(const GPtrArray *paths, const char *folder, const char *go);

/* Whether a .gitattributes file has git write some file otherwise than it is kept, so
 * that a zip made of what is kept would not be what Go makes. */
bool modpick_changes_files(const char *attributes, size_t length);
