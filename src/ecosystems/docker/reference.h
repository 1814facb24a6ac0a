/* SPDX-License-Identifier: MIT */
/* Image references: `[host/]path[:tag][@digest]`.
 *
 * Source: docker.md 3, distribution/reference (regexp.go, normalize.go).
 */
#pragma once

#include "upkeepd/edit.h"

typedef struct {
	char *registry;   /* host[:port] in lower case; "docker.io" for Docker Hub */
	char *repository; /* the path; on Docker Hub with its `library/` */
	char *name;       /* the path as written: what messages and rules call it */
	char *tag;        /* NULL: none */
	char *digest;     /* "sha256:…"; NULL: none */

	/* Where they stand in the text; empty if they do not. */
	Span tag_span, digest_span;
	uint32_t name_end; /* of host and path, as written */
} Reference;

void reference_free(Reference *reference);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reference, reference_free)

/* Errors: INPUT if `text` is no reference. */
Reference *reference_parse(const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "host/path" as it is looked up: one key for all spellings of Docker Hub,
 * without port 443. The caller's. */
char *reference_key(const Reference *reference);
