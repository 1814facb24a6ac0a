/* SPDX-License-Identifier: MIT */
/* From an element of the settings to a repository at work. */
#pragma once

#include "git/remote.h"
#include "worker/session.h"

/* The repository of `settings`, or the one at the URL `below` that was found below the
 * owner there, with the owner's token and rules; its token read, its forge known. Where
 * a GitHub App looks after it, that has signed in, and is to be signed out. The
 * caller's. Errors: CONFIG; of an App also DENIED, NET, BUSY. */
Repository *watched_repository(Session *session, const RepositorySettings *settings,
			       const char *below, const Forge **forge, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* How its remote is opened. */
RemoteOptions watched_options(const Session *session, const Forge *forge);
