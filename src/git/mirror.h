/* SPDX-License-Identifier: MIT */
/* libgit2's own transports: ssh, and servers without protocol version 2.
 *
 * It knows no partial fetch, so the branches that matter are mirrored with their
 * history; learning brings what has moved. It has no time-outs before 1.7: only
 * the lease of a worker ends one that a silent server holds (operations.md 2.3).
 */
#pragma once

#include "git/endpoint.h"
#include "git/transport.h"

/* Borrows all arguments. `endpoint` is NULL for ssh; else pushes go by it. Host keys
 * must be in `known_hosts` (NULL: /etc/ssh/ssh_known_hosts).
 * Errors: CONFIG for an address of no use, IO. */
Transport *mirror_open(const Repository *repository, Endpoint *endpoint, const char *directory,
		       const char *known_hosts, GError **error) G_GNUC_WARN_UNUSED_RESULT;
