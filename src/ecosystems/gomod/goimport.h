/* SPDX-License-Identifier: MIT */
/* Where the repository of a module path lies: told by the path itself, or by a page.
 *
 * Some hosts are known, and a path may have an element that ends in ".git"; all others
 * are asked for https://PATH?go-get=1, whose <meta name="go-import" content="ROOT VCS
 * REPOSITORY [FOLDER]"> says it. The page is a stranger's: what it says is checked to
 * speak of the path, and nothing else of it is looked at.
 * Source: gomod.md c.5; golang/go cmd/go/internal/vcs/{vcs,discovery}.go.
 */
#pragma once

#include "upkeepd/fail.h"

typedef struct {
	char *root;   /* the module path's beginning that the repository stands for */
	char *vcs;    /* "git", "mod" (url is a module proxy), another */
	char *url;    /* of the repository */
	char *folder; /* in which folder of it the root is; "" for its own */
} GoImport;

void goimport_free(GoImport *import);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GoImport, goimport_free)

/* What the path tells; `*import` NULL: nothing, its host is to be asked.
 * Errors: INPUT if it lies on a known host and cannot be there. */
bool goimport_of_path(const char *path, GoImport **import, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The go-import tags of a page's head, in their order, those of a module proxy first.
 * The caller's; of GoImport. */
GPtrArray *goimport_of_page(const char *html, size_t length);

/* The one that speaks of `path`. Borrowed.
 * Errors: ABSENT if none does; INPUT if several do. */
const GoImport *goimport_choose(const GPtrArray *imports, const char *path, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
