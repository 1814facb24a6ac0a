/* SPDX-License-Identifier: MIT */
/* Titles, commit messages, and the trailer by which we know our own commits.
 *
 * With the branch prefix "dependabot" everything is as Dependabot has it, byte for
 * byte, so that what reads its proposals reads ours. Pure.
 * Source: pull-requests.md 3 to 5; dependabot-core, message_builder.rb; what
 * dependabot/fetch-metadata parses.
 */
#pragma once

#include "base/json.h"
#include "publish/style.h"
#include "publish/topic.h"

/* Of titles, in characters: the least bound of a forge is 255, "[Draft] " in front included
 * (forges.md 2.4). */
#define TEXT_TITLE_LENGTH 247

/* "Bump golang from 1.21.6-alpine to 1.26.3-alpine in /build"; the caller's. */
char *text_title(const Topic *topic, const Style *style);

/* The title as first line of a commit: without emoji, and clipped by parts if it
 * has more than 72 characters. The caller's. */
char *text_subject(const char *title);

/* Which sections a body shows: all of a lesser kind, and of `kind` those of the first
 * `items` items. */
typedef struct {
	SectionKind kind;
	guint items;
} Fit;

/* The sentences that say what is moved, as paragraphs, with links where the items have
 * them. A section that is shown takes the place of its link; `fit` NULL: none is, as in
 * a message. The caller's. */
char *text_intro(const Topic *topic, const Fit *fit);

/* The list under `updated-dependencies:`, an object for each item. */
Json *text_trailer(const Topic *topic);

/* Who signs off where everything is like Dependabot's. */
#define DEPENDABOT_SIGNER "dependabot[bot] <support@github.com>"

/* The whole message of a commit. `update_id` (identity.h) NULL: without that line;
 * `signer` ("Name <email>") NULL: without a sign-off. The caller's. */
char *text_message(const Topic *topic, const char *subject, const char *update_id,
		   const char *signer);

/* How a run words its proposals. */
typedef struct {
	const char *prefix;       /* of branches: "upkeepd", or "dependabot" for its likeness */
	const char *author_name;  /* signs off; NULL: nobody does */
	const char *author_email; /* of our commits */
	const GPtrArray *history; /* of PastCommit, of the target branch; NULL: unknown */
	const char *repository;   /* what identifies it on its forge: a number or a URL */
	size_t max_body;          /* Forge.max_body; 0: no bound */
	bool names_branch;        /* the body has to say what no branch is called */
	bool names_target;        /* titles say what they are for: there are several targets */
} Wording;

/* Who signs a commit off; NULL: nobody does; the caller's. */
char *text_signer(const Wording *wording);

/* Fills update_key, branch, title, message and body of a plan whose changes are
 * there. Errors: CONFIG if no branch name can be made. */
bool text_fill(Plan *plan, const Wording *wording, GError **error) G_GNUC_WARN_UNUSED_RESULT;
