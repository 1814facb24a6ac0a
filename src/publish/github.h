/* SPDX-License-Identifier: MIT */
/* What the files for GitHub share. */
#pragma once

#include "publish/api.h"

typedef struct {
	Api api;
	char *full_name; /* "acme/shop" */
	char *owner;
	char *web;   /* "https://github.com/acme/shop", or of the owner */
	bool is_app; /* the token is an App's, which has no user */
} GitHub;

/* Errors: CONFIG if the repository's URL is none of GitHub's. */
bool github_init(GitHub *github, World *w, const Repository *repository, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
void github_clear(GitHub *github);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GitHub, github_clear)

/* Asks GraphQL, which lies beside REST; `query` is taken. What it calls an error stands in
 * a good answer, but for one that says to come later (BUSY). */
bool github_graphql(const GitHub *github, Json *query, const char *doing, ApiAnswer *answer,
		    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Our login as people see it, an App's too ("upkeepd[bot]"); the caller's. */
char *github_viewer(const GitHub *github, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Forge.automerge and Forge.cancel_automerge. */
bool github_automerge(World *w, const Repository *repository, const Proposal *proposal,
		      GString *trouble, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool github_cancel_automerge(World *w, const Repository *repository, int64_t number,
			     GString *trouble, GError **error) G_GNUC_WARN_UNUSED_RESULT;
