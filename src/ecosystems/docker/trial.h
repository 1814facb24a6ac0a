/* SPDX-License-Identifier: MIT */
/* Whether a registry accepts a credential, found out without reading any image.
 * Source: docker.md 5.1; distribution auth/token.md. */
#pragma once

#include "net/http.h"

typedef enum {
	TRIAL_ACCEPTED,
	TRIAL_NOT_NEEDED, /* the registry asks nobody who they are */
	TRIAL_REFUSED,
	TRIAL_NO_REGISTRY, /* the host does not speak as one */
} Trial;

/* Signs in to the registry `host`, as references name it, with what `w` has for it and
 * images below `path` ("": for all of it).
 * Errors: NET, BUSY; CONFIG if `w` has nothing that would be sent there. */
bool trial_make(World *w, const char *host, const char *path, Trial *trial, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
