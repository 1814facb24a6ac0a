/* SPDX-License-Identifier: MIT */
/* Which modules of one source belong together: those that a go.work uses, and those
 * that replace another by its folder.
 *
 * Source: gomod.md f.14; golang/go cmd/go/internal/modload/init.go.
 */
#pragma once

#include "ecosystems/gomod/gotree.h"

/* One module of a workspace. */
typedef struct {
	char *path;      /* NULL: its go.mod cannot be read */
	char *directory; /* from the root of the source */
} Member;

typedef struct {
	char *file;         /* its go.work, from the root of the source */
	GPtrArray *members; /* of Member; those that the source has */
} Workspace;

/* The workspace that the module in `directory` is a member of: of the nearest
 * go.work above it; `*workspace` NULL if there is none, or it does not use it.
 * Errors: INPUT "'FILE': line:column: …" if the go.work is no such; of the source. */
bool workspace_find(const GoTree *tree, const char *directory, Workspace **workspace,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void workspace_free(Workspace *workspace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Workspace, workspace_free)

/* The folders of modules that replace another by that in `directory`; of char *,
 * borrowed from the tree. Files that are no go.mod are passed over. The caller's.
 * Errors: of the source. */
GPtrArray *workspace_followers(const GoTree *tree, const char *directory, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
