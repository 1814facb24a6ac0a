/* SPDX-License-Identifier: MIT */
/* What a call may touch of the outside: settings, state, network; opened once. */
#pragma once

#include "config/settings.h"
#include "git/depots.h"
#include "net/http.h"
#include "store/store.h"
#include "worker/worker.h"

typedef struct {
	Settings *settings;
	Store *store;           /* NULL: nothing is kept */
	Store *own_store;       /* the same, if it is to be closed with the session */
	Http *http;             /* NULL without anything that needs the network */
	GPtrArray *credentials; /* of Credential */
	GPtrArray *trusted;     /* of char *: hosts that the operator named */
	char *cache;            /* directory */
	Depots *depots;
	World world; /* what look-ups are handed; borrows the above */
} Session;

/* Opens what `invocation` says. `store` is borrowed; NULL: the state database is
 * opened, and where it cannot be (a person without rights to it) a warning says
 * that nothing is kept. What is wrong with the settings is said on standard error.
 * Errors: CONFIG if the settings cannot be used. */
Session *session_open(const Invocation *invocation, Store *store, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
void session_free(Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_free)
