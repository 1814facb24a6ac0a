/* SPDX-License-Identifier: MIT */
/* The model of Docker tags: which two can be compared, and which is the newer.
 *
 * A tag is read as prefix, core numbers, and what follows: a pre-release,
 * revisions, the release of an operating system, and literal words
 * ("jdk-17.0.2_8-jre-alpine3.19": "jdk-", 17.0.2, revision 8, the word jre,
 * Alpine 3.19). Two tags can be compared only if they are of one line, which is
 * everything but the numbers. Tags are case-sensitive; numbers have any length,
 * leading zeros do not count. Nothing here knows about registries.
 *
 * Source: docker.md 4.3.
 */
#pragma once

#include "ecosystems/docker/numbers.h"

#include <glib.h>

typedef enum {
	TAG_MOVING,   /* no version in it: "latest", "alpine3.19" */
	TAG_HASH,     /* of a commit: "a1b2c3d", "sha-0123456" */
	TAG_BUILD,    /* a counter of seven digits or more */
	TAG_DATE,     /* "20240115", "2024-01-15", "RELEASE.2024-01-16T16-07-38Z" */
	TAG_VERSION,  /* "1.21.6-alpine" */
	TAG_CODENAME, /* "bookworm-slim", only where the codename is the version */
} TagKind;

/* How far before its release a version is. */
typedef enum {
	PRERELEASE_DEV,
	PRERELEASE_ALPHA,
	PRERELEASE_PREVIEW,
	PRERELEASE_BETA,
	PRERELEASE_CANDIDATE,
	PRERELEASE_NONE,
} Prerelease;

/* What is counted after the core: packaging revisions, build dates, hashes. */
typedef struct {
	char sort; /* 'N', 'D' date-like, 'K' kbN, 'r' rN, 'b' bN, 'H' a hash: never ordered */
	Numbers numbers; /* none for a hash */
} Revision;

#define TAG_REVISIONS 6

typedef struct {
	char *text;
	TagKind kind;
	char *line;   /* equal in comparable tags, their precision and OS release left out */
	char *prefix; /* "" if none */
	bool has_v;   /* "v1.2.3" */
	Numbers core;
	int precision;       /* how many numbers `core` has */
	Numbers java_update; /* the 402 of "8u402" */
	Prerelease prerelease;
	Numbers prerelease_number; /* none: a bare word, as in "1.22rc" */
	Revision revisions[TAG_REVISIONS];
	int revision_count;
	GPtrArray *words; /* of char *, literal, in lower case */
	bool is_channel;  /* a word or the prefix names one: rc, dev, nightly, … */
	bool is_windows;  /* bound to the release of a Windows host */
	const char *os;   /* "alpine", "debian", "ubuntu"; NULL: no release of one is named */
	Numbers os_release;
} Tag;

/* Whether `text` is a tag at all: 1 to 128 bytes of [A-Za-z0-9_.-], the first
 * neither '.' nor '-'. Source: the grammar of distribution/reference. */
bool tag_is_valid(const char *text);

/* Reads a tag. NULL if `text` is none. `names_are_versions`: a codename alone is
 * a version, as in the repositories debian and ubuntu. `codenames` (of Codename) are known
 * beside the built-in ones (NULL: none are) and outlive the tag. The caller's. */
Tag *tag_parse(const char *text, const GPtrArray *codenames, bool names_are_versions);
void tag_free(Tag *tag);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tag, tag_free)

/* "version", "date", "build", "hash", "moving", "codename". */
const char *tag_kind_word(TagKind kind);

/* Whether it has a place in an order: neither moving nor a hash. */
bool tag_is_ordered(const Tag *tag);

/* "1.22rc1", not "1.22-rc": an exact version before its release. */
bool tag_is_numbered_prerelease(const Tag *tag);

/* Whether the two are of one line and have equally many core numbers; their
 * OS releases may differ. */
bool tag_is_comparable(const Tag *a, const Tag *b);

/* Less than, equal to, or greater than zero: core, Java update, prerelease, and, in
 * tag_compare, revisions. Meaningful within one line. */
int tag_compare(const Tag *a, const Tag *b);
int tag_compare_versions(const Tag *a, const Tag *b);

/* By the OS release; of tags of one line. */
int tag_compare_os(const Tag *a, const Tag *b);

/* Whether `v` and the lengths of the revisions are spelt alike. */
bool tag_is_spelt_alike(const Tag *a, const Tag *b);
