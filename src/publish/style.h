/* SPDX-License-Identifier: MIT */
/* How a repository words its commits: the prefix of our titles.
 *
 * Found from what the rules say, else from the last hundred commits of the
 * target branch. Pure. Source: pull-requests.md 3.3, 3.4; dependabot-core,
 * pr_name_prefixer.rb.
 */
#pragma once

#include "upkeepd/rules.h"

typedef enum {
	BY_PERSON,
	BY_MERGE,      /* begins with "Merge" */
	BY_BOT,        /* any bot but: */
	BY_DEPENDABOT, /* or ourselves */
} CommitBy;

typedef struct {
	CommitBy by;
	char *subject;
	unsigned words; /* style_word() bits: those that stand before `:` or `(` in the message */
} PastCommit;

/* `subject` is copied. */
PastCommit *past_commit_new(CommitBy by, const char *subject, unsigned words);

/* From a commit as git has it; `own_email` is the author of our own commits. */
PastCommit *past_commit_read(const char *author_name, const char *author_email, const char *message,
			     const char *own_email);
void past_commit_free(PastCommit *commit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PastCommit, past_commit_free)

/* The bit of a type word ("fix", in lower case); 0 if it is none. */
unsigned style_word(const char *word);

typedef struct {
	char *prefix; /* "", or ending with a blank */
	bool is_capital;
} Style;

void style_clear(Style *style);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Style, style_clear)

/* `setting` NULL: none. `history` (of PastCommit, newest first) NULL: unknown, and
 * then titles begin with a lower-case letter. The caller's: style_clear(). */
Style style_find(const CommitMessage *setting, const GPtrArray *history);
