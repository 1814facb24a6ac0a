/* SPDX-License-Identifier: MIT */
/* One watched repository, as upkeepd.yml has it. */
#pragma once

#include "upkeepd/plan.h"
#include "upkeepd/world.h"

typedef struct {
	char *url;  /* of the git remote, without user or password; NULL if `path` */
	char *path; /* a local repository; NULL if `url` */
	char *forge_name, *forge_root; /* "gitlab", …; its path on its host, "/lab", or NULL */
	Credential *credential;        /* NULL: anonymous */
	char *app_id;       /* of the GitHub App that signs in; NULL: `credential` is all */
	Secret *app_key;    /* its private key; NULL */
	char *rules_path;   /* rules where the repository has none; NULL */
	bool has_dashboard; /* one issue says how things stand */
	bool discover;      /* `url` is an owner: every repository in it */
	GPtrArray *include, *exclude; /* of char *, glob patterns; NULL */
	Place place;
} Repository;

void repository_free(Repository *repository);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Repository, repository_free)
