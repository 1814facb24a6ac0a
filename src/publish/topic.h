/* SPDX-License-Identifier: MIT */
/* What one proposal is about, in the words that texts are made of.
 *
 * Branch, title, message and body all read a Topic and nothing else, so that they
 * agree, and so that a proposal that is only asked about (`inspect message`) is
 * worded by the same code as a real one. Source: pull-requests.md 2 to 5.
 */
#pragma once

#include "upkeepd/ecosystem.h"
#include "upkeepd/plan.h"
#include "upkeepd/rules.h"

/* One dependency in one directory. */
typedef struct {
	char *name;
	const char *directory; /* of Topic.directories; borrowed */
	char *from;            /* "1.21.6-alpine", "0.17.0", "`1a2b3c4`"; NULL: unknown */
	char *to;
	char *branch_part;       /* the version in a branch's name */
	char *version;           /* `dependency-version` of the trailer */
	char *type;              /* "direct:production", "direct:development", "indirect" */
	const char *update_type; /* "version-update:semver-minor", …; NULL: cannot be told */
	char *note;              /* one sentence more; NULL */
	char *home, *changes;    /* URLs, for links; NULL: not known */
	GPtrArray *notices;      /* of Notice; NULL: none */
	/* Of Section; NULL where they stand at an earlier item of the same name. */
	const GPtrArray *sections;
} Item;

typedef struct {
	const Ecosystem *ecosystem; /* NULL: several */
	const char *target_branch;  /* NULL: the default branch; borrowed */
	const char *group;          /* NULL: none; borrowed */
	bool is_across;             /* the form for several directories */
	bool is_by_name;            /* a group of one dependency in many directories */
	bool is_like_dependabot;    /* also where upkeepd would do better */
	GPtrArray *directories;     /* of char *: those with a change, in order of the body */
	GPtrArray *items;           /* of Item, in order of the trailer */
	const char *note;           /* a phrase for the title; NULL; borrowed */
	bool names_target;          /* the title says what branch it is for */
	const CommitMessage *commit_message; /* NULL: defaults; borrowed */
	const BranchName *branch_name;       /* NULL: defaults; borrowed */
} Topic;

/* A topic without items. `rules` NULL: defaults. Whether the group goes by name is
 * found in the rules. */
Topic *topic_new(const Ecosystem *ecosystem, const Rules *rules, const char *group, bool is_across);
void topic_free(Topic *topic);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Topic, topic_free)

/* The versions of an update as manifests write them; digests without "sha256:".
 * NULL: none is written, or not known. */
typedef struct {
	const char *from, *to, *from_digest, *to_digest;
} Versions;

/* Adds one dependency of `ecosystem`. A directory stands in topic->directories once. `step`
 * STEP_NONE: found from the versions. */
Item *topic_add(Topic *topic, const Ecosystem *ecosystem, const char *directory, const char *name,
		const char *type, const Versions *versions, Step step);

/* The topic of a plan, which it borrows from. */
Topic *topic_of(const Plan *plan, bool is_like_dependabot);

/* The item's section of a kind; NULL: it has none. Borrowed. */
const Section *item_section(const Item *item, SectionKind kind);

/* The first item of each name, in order, among those of `directory` (NULL: all);
 * borrowed. */
GPtrArray *topic_firsts(const Topic *topic, const char *directory); /* of Item */
