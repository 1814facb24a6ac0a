/* SPDX-License-Identifier: MIT */
/* The few branches of a remote that matter, and which of them are ours.
 *
 * Branches are named without refs/heads/. Nothing here knows about networks.
 */
#pragma once

#include "upkeepd/fail.h"

/* What is asked for: HEAD always, the branches named, all that begin with a prefix
 * of ours, and those of ours by their whole names; or every branch there is. */
typedef struct {
	GTree *branches;    /* names */
	GTree *prefixes;    /* names */
	GTree *own;         /* names */
	bool is_everything; /* which makes none of them ours */
	bool wants_tags;
} RefQuery;

RefQuery *ref_query_new(void);
void ref_query_free(RefQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RefQuery, ref_query_free)

/* Errors: CONFIG if `branch` cannot be a branch's name. */
bool ref_query_add_branch(RefQuery *query, const char *branch, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Errors: CONFIG unless `prefix` could begin a branch's name, has two bytes at
 * least and ends in one of `/ - _`. */
bool ref_query_add_prefix(RefQuery *query, const char *prefix, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* A branch of ours whose name tells nothing. Errors: CONFIG as above. */
bool ref_query_add_own(RefQuery *query, const char *branch, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* What there is. */
typedef struct {
	char *default_branch; /* NULL: HEAD names none that exists */
	char *head;           /* the commit HEAD leads to; NULL: none, the repository is empty */
	GTree *tips;          /* branch → commit id, of the branches asked for */
	GTree *tags;          /* tag → id of what it means in the end; empty unless wanted */
} Refs;

Refs *refs_new(void);
void refs_free(Refs *refs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Refs, refs_free)

/* Notes one ref as a server lists it: "HEAD" or a full name; `target` is what a
 * symbolic HEAD names, else NULL. Of a tag `id` is what it leads to; a list that
 * tells that in a line of its own ("refs/tags/v1^{}") does so after the tag's. What
 * was not asked for, or has no fit name, is left out: servers may list more than they
 * were asked.
 * Errors: LIMIT beyond LIMIT_REFS branches or LIMIT_VERSIONS tags. */
bool refs_note(Refs *refs, const RefQuery *query, const char *name, const char *id,
	       const char *target, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether `name` can be a branch's: git's own rules, UTF-8, no `-` in front,
 * at most LIMIT_BRANCH bytes. */
bool refs_is_branch(const char *name);

/* Whether `branch` is the default branch or one that was asked for as a base. */
bool refs_is_base(const Refs *refs, const RefQuery *query, const char *branch);

/* Whether `branch` is one of ours: it begins with a prefix of ours or was named as
 * ours, and is no base. */
bool refs_is_ours(const Refs *refs, const RefQuery *query, const char *branch);

/* The guard before every write, whatever configuration says: `branch` is one of
 * ours. Errors: CONFIG, with the reason. */
bool refs_check_ours(const Refs *refs, const RefQuery *query, const char *branch, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
