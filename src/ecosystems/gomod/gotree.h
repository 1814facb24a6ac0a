/* SPDX-License-Identifier: MIT */
/* The Go files of a repository, folder by folder.
 *
 * A module is a folder with a go.mod, and what lies below it up to the next
 * go.mod. Folders are named from the root of the source, "" being the root;
 * packages from the root of their module. Files are read when asked for.
 * Source: gomod.md f.1, f.2, f.4.
 */
#pragma once

#include "ecosystems/gomod/modfile.h"
#include "upkeepd/source.h"

typedef struct GoTree GoTree;

/* Looks once at every path of `source`, which is borrowed. */
GoTree *gotree_new(Source *source);
void gotree_free(GoTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GoTree, gotree_free)

Source *gotree_source(const GoTree *tree);

/* `folder` of the module at `root`, from the root of the source; the caller's. */
char *gotree_join(const char *root, const char *folder);

/* The folder that `path` ("../x") means as seen from `root`, from the root of the
 * source; NULL if it lies outside of it. The caller's. */
char *gotree_resolve(const char *root, const char *path);

/* The folders of all modules of the source, sorted; of char *, borrowed. */
GPtrArray *gotree_modules(const GoTree *tree);

/* Whether `folder` of the module at `root` holds Go files and no other go.mod
 * stands between the two. */
bool gotree_has_package(const GoTree *tree, const char *root, const char *folder);

/* The folders that `go list ./...` would show for the module at `root`: not below
 * testdata, vendor, names that begin with `.` or `_`, other modules, and what
 * `ignores` (of ModPath) names. The caller's; of char *. */
GPtrArray *gotree_packages(const GoTree *tree, const char *root, const GPtrArray *ignores);

/* All files of the module at `root`, Go or not, without those of modules below it,
 * sorted; of char *, paths from the root of the source, borrowed. The caller's. */
GPtrArray *gotree_files(const GoTree *tree, const char *root);

/* Makes the Go files of these folders available at once. */
bool gotree_want(const GoTree *tree, const char *root, const GPtrArray *folders, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* What the Go files of one folder amount to. */
typedef struct {
	GTree *imports, *tests; /* sets of char *: what files and what tests import */
	bool has_source;        /* there is a file that counts */
} GoFolder;

/* Reads the Go files of `folder`.
 * Errors: of the source's read(), naming the file. */
bool gotree_read(const GoTree *tree, const char *root, const char *folder, GoFolder *found,
		 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void gofolder_clear(GoFolder *folder);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GoFolder, gofolder_clear)
