/* SPDX-License-Identifier: MIT */
/* The .netrc file: passwords by machine, as the Go command reads it.
 *
 * Only complete entries (machine, login, password) count, the first of a machine
 * first; what stands behind `default` and in macros does not.
 * Source: gomod.md c.3; golang/go cmd/go/internal/auth/netrc.go.
 */
#pragma once

#include "upkeepd/fail.h"
#include "upkeepd/world.h"

/* The entries of a file's text, of Credential; the host is without port. */
GPtrArray *netrc_parse(const char *text);

/* The entries of the file at `path`; NULL: ~/.netrc. A file that is not there
 * has none.
 * Errors: CONFIG if it cannot be read or is absurdly long. */
GPtrArray *netrc_read(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
