/* SPDX-License-Identifier: MIT */
/* What an image says of its source: by the labels of its configuration, the annotations
 * of its manifest or index, or its description on Docker Hub. Pure.
 *
 * All of it is the publisher's claim, and read as such.
 * Source: OCI image-spec annotations.md; label-schema.org; pull-requests.md 6.1.
 */
#pragma once

#include "upkeepd/fail.h"

typedef struct {
	char *page;     /* of the source repository, plain (home_page()); NULL: not said */
	char *revision; /* a commit there; NULL */
	char *version;  /* as its release is called, without "v"; NULL */
} Labels;

void labels_clear(Labels *labels);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Labels, labels_clear)

/* What to read after an index or manifest, for what is missing. */
typedef struct {
	char *manifest; /* digest of one platform's, of an index */
	char *config;   /* digest of the configuration, of a manifest */
} Further;

void further_clear(Further *further);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Further, further_clear)

/* Reads an index or a manifest: what it says is added to `labels` where they lack it. Of
 * an index that names several platforms linux/amd64 speaks for all. Errors: NET. */
bool labels_of_manifest(Labels *labels, const char *json, size_t length, Further *further,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same of a configuration. Errors: NET. */
bool labels_of_config(Labels *labels, const char *json, size_t length, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The page of the repository where a description sends people with issues; NULL: it sends
 * them nowhere. The caller's. */
char *labels_of_description(const char *text);

/* The numbers of a tag as a release is called: "1.22.4" of "v1.22.4-alpine"; NULL: it has
 * none. The caller's. */
char *labels_version_of_tag(const char *tag);
