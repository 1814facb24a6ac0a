/* SPDX-License-Identifier: MIT */
/* How we know our own work again, without any memory: a trailer in the commit,
 * and a marker in the body of the proposal.
 *
 * Both are claims that anybody can copy; they say what a branch is about, never
 * that it is ours (reconcile.h asks for two signs). Pure. What is read is bounded.
 * Source: forges.md 10; pull-requests.md 4.1.
 */
#pragma once

#include "upkeepd/plan.h"

#define IDENTITY_TRAILER "Upkeepd-Update-Id"

/* What a plan moves, whatever to: "docker|/cmd|main|golang", "gomod|/||group:minor"
 * (ecosystem, directory, target branch, what). Percent-escaped: without blanks and
 * line ends. The caller's. */
char *identity_key(const Plan *plan);

/* What the keys of all plans for one directory of an entry begin with; `directory` as
 * in a Manifest. The caller's. */
char *identity_scope(const char *ecosystem, const char *directory, const char *target_branch);

/* The key of the plan of a multi-ecosystem group; the caller's. */
char *identity_across_ecosystems(const char *group, const char *target_branch);

/* What the keys of all amendments begin with; the caller's. The rest of such a key is all
 * that identity_read_amendment() reads out of it, NULL: it is none; the caller's. */
char *identity_amendments(void);
Amendment *identity_read_amendment(const char *update_key);

/* The value of the trailer: the key (plan->update_key), a blank, and 32 hex digits
 * of the changed files: another content, another id. The caller's. */
char *identity_trailer(const Plan *plan);

/* Key and content in the message of a commit; false if it has none. The last such
 * line counts. Both are the caller's. */
bool identity_read(const char *message, char **key, char **content);

/* "<!-- upkeepd:v1 … -->" for the last line of a body. `names_branch`: it says what the
 * head is called, where no branch does. The caller's. */
char *identity_marker(const Plan *plan, const char *repository, bool names_branch);

/* What the last marker in `body` says that the head is called, UTF-8 of at most
 * LIMIT_BRANCH bytes; the caller's; NULL: it does not. */
char *identity_branch(const char *body);

/* Whether `body` has such a line at all, of whatever plan: the words are ours. */
bool identity_has_marker(const char *body);

/* "<!-- upkeepd:closed reason=WORD -->" for the last line of the comment on a
 * proposal that we close, so that it is told from one that a person closed; the
 * caller's. */
char *identity_farewell(const char *reason);

/* Whether a comment has such a line. */
bool identity_is_farewell(const char *comment);

/* `text` with "<!-- upkeepd:refused -->" for its last line: the comment on a proposal that
 * a person closed, so that it is made once; the caller's. */
char *identity_refusal(const char *text);

/* Whether a comment has such a line. */
bool identity_is_refusal(const char *comment);

/* Whether the last marker in `body` is of the plan with `update_key`. */
bool identity_is_marked(const char *body, const char *repository, const char *update_key);
