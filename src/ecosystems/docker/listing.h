/* SPDX-License-Identifier: MIT */
/* What is known of the tags of one repository: the offer of an image.
 *
 * The registry's side fills it in, the choice reads it. Every release of the
 * offer is a tag, read once; what a digest stands for is kept by digest, since
 * several tags share one and a file may name one that no tag has any more.
 * Whatever was not asked for is unknown, never assumed.
 */
#pragma once

#include "ecosystems/docker/tag.h"
#include "upkeepd/release.h"

typedef struct {
	char *os, *architecture;
	char *variant;    /* NULL: none */
	char *os_version; /* of the Windows host; NULL: none */
	char *digest;     /* of its manifest; NULL: unknown */
} Platform;

/* What a digest stands for. */
typedef struct {
	char *digest;
	bool is_known;        /* the registry was asked, or said it by itself */
	bool is_gone;         /* it answers 404 */
	bool is_index;        /* a list of platforms; false: one manifest, if known at all */
	bool is_whole;        /* its platforms were asked for, and are known if they ever can be */
	GPtrArray *platforms; /* of Platform, attestations left out; empty while unknown */
	char *tag;            /* the tag it was found under, or names itself; NULL: unknown */
	char *trouble;        /* why what it consists of could not be learnt; NULL: it could, or
				 the registry does not show it */
} Content;

/* A digest that a tag was seen with, or that a file has with it. */
typedef struct {
	char *digest;
	int64_t seen_at;      /* first, by this installation */
	int64_t since;        /* its push date, else seen_at */
	bool is_only_written; /* a file has it; the registry never gave it for the tag to us */
} SeenDigest;

/* The detail of a Release. */
typedef struct {
	Tag *tag;
	bool is_absent;        /* listed, but asked for by name it is not there */
	char *trouble;         /* why it could not be described; NULL: it could */
	int64_t first_seen_at; /* its present digest by this installation; 0: not yet */
	GPtrArray *seen;       /* of SeenDigest, newest first, the present one too; NULL: none */
} Listed;

/* An offer whose releases are the tags of the image `key` (host/path). `codenames` (of
 * Codename; NULL: none) are known beside the built-in ones, and outlive it. */
Offer *listing_new(const char *key, const GPtrArray *codenames);
const GPtrArray *listing_codenames(const Offer *offer);

/* Adds a tag. NULL if it is none, stands there already, or LIMIT_TAGS is
 * reached. Borrowed. */
Release *listing_add(Offer *offer, const char *tag);

/* A tag of the list by its name; NULL if it is not there. Costs log n. */
Release *listing_find(const Offer *offer, const char *tag);

/* Forgets all tags and digests, so that the list can be read anew. */
void listing_clear(Offer *offer);

/* What the registry's side keeps beside the offer; freed with it. */
void listing_attach(Offer *offer, void *data, void (*free_data)(void *data));
void *listing_attached(const Offer *offer);

/* The parts of a release that listing_add() has made. */
Listed *listed_of(const Release *release);
const Tag *tag_of(const Release *release);

/* Since when the tag has its present digest, as far as anybody knows; 0: unknown. */
int64_t listed_since(const Release *release);

/* Notes a digest that the tag was seen with; newest first. One with the date of others
 * comes after them. Borrowed. */
SeenDigest *listed_add_seen(Release *release, const char *digest, int64_t seen_at, int64_t since);

/* The place of a digest in what the tag was seen with; -1: it was not. */
int listed_find_seen(const Release *release, const char *digest);

/* What is known of a digest; content_find() gives NULL if nothing is, and
 * content_need() makes room for it. Borrowed. */
Content *content_find(const Offer *offer, const char *digest);
Content *content_need(Offer *offer, const char *digest);

/* Adds a platform; copies the words, NULL or "" is none. `unknown/unknown`, as
 * attestations have it, is left out. */
void content_add_platform(Content *content, const char *os, const char *architecture,
			  const char *variant, const char *os_version, const char *digest);

/* Whether the image's codenames are its versions: Debian's and Ubuntu's own. */
bool listing_names_are_versions(const Offer *offer);
