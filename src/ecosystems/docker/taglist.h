/* SPDX-License-Identifier: MIT */
/* What registries answer, read into a listing. Pure.
 *
 * Everything here comes from a stranger: what is not as it should be is left out
 * or refused, never guessed.
 *
 * Source: distribution-spec (tags, manifests), docker.md 5.1 to 5.3, the image
 * index and manifest of OCI and of Docker.
 */
#pragma once

#include "ecosystems/docker/listing.h"
#include "upkeepd/fail.h"

/* The Accept of every manifest request: indexes first, else a registry may convert
 * one into something with another digest. */
extern const char taglist_accept[];

/* Adds the tags of one page of /v2/PATH/tags/list, and the digests and dates that
 * some registries (GCR) give with them. `*is_all`: it has said that it is the
 * whole list, and has no next page.
 * Errors: NET if it is no such answer. */
bool taglist_read(Offer *offer, const char *json, size_t length, bool *is_all, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* The URL of the next page after `url`; NULL if there is none. `headers` as in
 * HttpRequest. Where the link leads elsewhere (Artifactory forgets part of its
 * path) only its `last` is taken; to another host nobody goes. The caller's. */
char *taglist_next(const GPtrArray *headers, const char *url);

/* One page of tag records. */
typedef struct {
	int64_t count; /* tags of the repository; -1: not said */
	bool has_next;
	bool is_newest_first;
	int64_t newest_at, oldest_at; /* last_updated of the first and the last record */
	GPtrArray *names;             /* of char *, in the order of the page */
} TagPage;

void tag_page_clear(TagPage *page);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TagPage, tag_page_clear)

/* Reads a page of Docker Hub's or Quay's records into the offer; `page` is filled.
 * Errors: NET. */
bool taglist_read_hub(Offer *offer, const char *json, size_t length, TagPage *page, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool taglist_read_quay(Offer *offer, const char *json, size_t length, TagPage *page, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Sets the push dates of those of `releases` (of Release) whose digests are told of: in a
 * page of the versions of a GitHub package, `*count` of them, or in ECR's DescribeImages.
 * Errors: NET. */
bool taglist_read_packages(const GPtrArray *releases, const char *json, size_t length,
			   size_t *count, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool taglist_read_ecr(const GPtrArray *releases, const char *json, size_t length, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Reads one tag record of Docker Hub into a release of the offer. Errors: NET. */
bool taglist_read_record(Offer *offer, Release *release, const char *json, size_t length,
			 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads an index or a manifest into `content`. `*config` is the digest that tells
 * the platform of a single manifest, the caller's; NULL for an index.
 * Errors: NET if it is neither. */
bool taglist_read_manifest(Content *content, const char *json, size_t length, char **config,
			   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for that config: one platform. Errors: NET. */
bool taglist_read_config(Content *content, const char *json, size_t length, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Whether a Content-Type is one of an index. */
bool taglist_is_index(const char *type);
