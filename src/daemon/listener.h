/* SPDX-License-Identifier: MIT */
/* The page's process: upkeepd-listen is kept running beside the service where the
 * settings want a page. What becomes of it never matters to the service. */
#pragma once

#include "daemon/daemon.h"

typedef struct Listener Listener;

/* One that runs nothing yet; `call` is borrowed. */
Listener *listener_new(const Call *call);

/* Stops it; it takes nothing with it that would be missed. */
void listener_free(Listener *listener);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Listener, listener_free)

/* Runs it, anew if it was running, so that it reads the settings again; or stops it. */
void listener_follow(Listener *listener, bool is_wanted);
