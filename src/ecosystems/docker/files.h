/* SPDX-License-Identifier: MIT */
/* Which files name images, and what each kind of file names.
 *
 * Source: docker.md 1; names follow dependabot-core's file fetchers.
 */
#pragma once

#include "ecosystems/docker/site.h"
#include "upkeepd/manifest.h"

/* `docker`: Dockerfiles by any name that contains the word, and all YAML, of
 * which only Kubernetes objects and values of Helm charts are read. */
bool files_claims_docker(const char *path);

/* `docker-compose`: "compose", perhaps -WORD, perhaps .WORD, then .yml or .yaml. */
bool files_claims_compose(const char *path);

/* The images of one file, located; problems are appended. None where the file
 * is only named like one that has images. Of Site, the caller's.
 *
 * Errors: INPUT if it cannot be read, LIMIT; both "line:column: what is wrong". */
GPtrArray *files_read(const char *path, GBytes *text, bool is_compose, GPtrArray *problems,
		      GError **error) G_GNUC_WARN_UNUSED_RESULT;
