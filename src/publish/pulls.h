/* SPDX-License-Identifier: MIT */
/* What GitHub and Gitea have in common: Gitea's API is made after GitHub's.
 * Functions that are members of Forge or of a Conversation have their contract. */
#pragma once

#include "publish/conversation.h"

/* A pull request from branch `from` to `to`; NULL: it comes from another repository, or
 * makes no sense. */
Proposal *pulls_read(const Json *item, const Hosted *hosted, const char *from, const char *to);

Comment *pulls_read_comment(const Json *item, int64_t number);

bool pulls_update(Hosted *hosted, const Proposal *proposal, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool pulls_close(Hosted *hosted, const Proposal *proposal, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool pulls_nod(Hosted *hosted, const Comment *comment, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether an answer refuses so long a text, as some instances do. */
bool pulls_is_too_long(const ApiAnswer *answer);

/* The part of Forge.check that is about a repository that is there; `repository` is the
 * answer for it. */
bool pulls_check(Hosted *hosted, const Json *repository, Standing *standing, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
