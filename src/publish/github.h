/* SPDX-License-Identifier: MIT */
/* What the files for GitHub share. */
#pragma once

#include "publish/conversation.h"

/* Asks GraphQL, which lies beside REST; `query` is taken. What it calls an error stands in
 * a good answer, but for one that says to come later (BUSY). */
bool github_graphql(const Hosted *hosted, Json *query, const char *doing, ApiAnswer *answer,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Our login as people see it, an App's too ("upkeepd[bot]"); the caller's. */
char *github_viewer(const Hosted *hosted, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether one of the errors of an answer has this code, for this field (NULL: any). */
bool github_has_error(const ApiAnswer *answer, const char *field, const char *code);

/* Forge.dress. */
bool github_dress(Hosted *hosted, const Proposal *proposal, const Dress *wanted, GString *trouble,
		  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Forge.automerge and Forge.cancel_automerge. */
bool github_automerge(Hosted *hosted, const Proposal *proposal, GString *trouble, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool github_cancel_automerge(Hosted *hosted, int64_t number, GString *trouble, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
