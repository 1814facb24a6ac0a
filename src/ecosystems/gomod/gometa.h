/* SPDX-License-Identifier: MIT */
/* The tags by which a page says where the modules below its path come from:
 *
 *     <meta name="go-import" content="ROOT VCS REPOSITORY [SUBDIRECTORY]">
 *     <meta name="go-source" content="ROOT HOME DIRECTORY FILE">
 *
 * Read as Go reads them: in the head, whatever HTML that is. Pure; linear.
 * Source: gomod.md c.5; golang/go cmd/go/internal/vcs/discovery.go, vcs.go.
 */
#pragma once

#include "upkeepd/fail.h"

typedef struct {
	char *root, *vcs, *repository; /* vcs "mod": the repository is a proxy's base URL */
	char *subdirectory;            /* "" if none */
} GoImport;

void go_import_free(GoImport *import);

/* All go-import tags of a page, in order; of GoImport. The caller's. */
GPtrArray *gometa_imports(const char *html, size_t length);

/* The one that is about the module or package `path`. One of a proxy comes before one
 * of the same root that is none; `with_proxies` false: those of proxies do not count.
 * Borrowed. Errors: ABSENT if there is none, INPUT if there are several. */
const GoImport *gometa_match(const GPtrArray *imports, const char *path, bool with_proxies,
			     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The HOME of the go-source tag for `root`; NULL: there is none. The caller's. */
char *gometa_home(const char *html, size_t length, const char *root);
