/* SPDX-License-Identifier: MIT */
/* What the files for GitHub share. */
#pragma once

#include "publish/api.h"

typedef struct {
	Api api;
	char *full_name; /* "acme/shop" */
	char *owner;
	char *web; /* "https://github.com/acme/shop", or of the owner */
} GitHub;

/* Errors: CONFIG if the repository's URL is none of GitHub's. */
bool github_init(GitHub *github, World *w, const Repository *repository, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
void github_clear(GitHub *github);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GitHub, github_clear)

/* Forge.automerge. */
bool github_automerge(World *w, const Repository *repository, const Proposal *proposal,
		      GString *trouble, GError **error) G_GNUC_WARN_UNUSED_RESULT;
