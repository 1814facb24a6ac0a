/* SPDX-License-Identifier: MIT */
/* From the URL of a git remote to the address of its forge's API. Pure.
 * Source: forges.md 3.1, 4.1, 5.1. */
#pragma once

#include "upkeepd/forge.h"

typedef struct {
	char *origin; /* scheme://host[:port] of the remote */
	char *prefix; /* path above the repository, "" or "/git" */
	char *owner;  /* "acme", of GitLab "group/subgroup" */
	char *name;   /* "shop", without .git; NULL where the URL names an owner */
} ForgeAddress;

/* Takes the URL apart. The path's last part is the repository (none for an
 * `is_owner` URL), what is before it the owner: `owner_parts` parts of it, the
 * rest being the forge's own prefix; 0: all of it.
 * Errors: CONFIG if it is NULL or no https or http URL, or has too few parts. */
ForgeAddress *forge_address(const char *url, bool is_owner, unsigned owner_parts, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
void forge_address_free(ForgeAddress *address);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ForgeAddress, forge_address_free)

/* Base of GitHub's REST API for a remote's origin: github.com, a data-residency
 * host below ghe.com, or an Enterprise Server; the caller's. */
char *github_api(const char *origin);

/* What forge a host most likely is, for settings that do not say; "plain" where
 * the name tells nothing. */
const char *forge_guess(const char *url);
