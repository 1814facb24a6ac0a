/* SPDX-License-Identifier: MIT */
/* The socket that is listened at. */
#pragma once

#include "upkeepd/fail.h"

/* The one that the service manager has opened for us; -1: there is none.
 * Source: systemd, sd_listen_fds(3). */
int socket_inherited(void);

/* One at `address`, "127.0.0.1:9080", "[::1]:9080" or "localhost:9080"; the caller's.
 * Errors: IO. */
bool socket_open(const char *address, int *opened, GError **error) G_GNUC_WARN_UNUSED_RESULT;
