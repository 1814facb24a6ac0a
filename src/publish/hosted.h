/* SPDX-License-Identifier: MIT */
/* A repository where its forge hosts it: what the members of a forge are handed.
 *
 * Forge.begin makes it, and says in which words that forge is spoken to. What is learnt
 * on the way is NULL or 0 until it was asked for, and is asked for once.
 */
#pragma once

#include "publish/address.h"
#include "publish/api.h"

struct Hosted {
	const Repository *repository; /* borrowed */
	Api api;
	const struct Conversation *conversation; /* conversation.h */
	const struct BoardHome *board;           /* board.h */
	char *owner;                             /* "acme", of GitLab "group/sub" */
	char *full_name;                         /* "acme/shop"; NULL: an owner was opened */
	char *web; /* "https://git.example.org/acme/shop"; of an owner what its
		    * repositories' begin with */

	/* Learnt. */
	char *login;                       /* whose the token is */
	GTree *labels;                     /* there are: lower-case name to id as text */
	int64_t project;                   /* GitLab's number of it */
	bool has_requests;                 /* GitLab: merge requests are not switched off */
	bool has_trains, are_trains_known; /* GitLab: what is merged has to queue */
};

/* One whose API lies at `base`, which is taken. */
Hosted *hosted_new(World *w, const Repository *repository, char *base);

/* Forge.begin of what has no API. */
Hosted *hosted_begin(World *w, const Repository *repository, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Names it as all but GitLab do. `root` is the forge's own address. */
void hosted_name(Hosted *hosted, const ForgeAddress *address, const char *root);

/* Whose the token is; borrowed. Without it our own work is not told from a stranger's. */
const char *hosted_login(Hosted *hosted, GError **error) G_GNUC_WARN_UNUSED_RESULT;
