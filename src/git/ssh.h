/* SPDX-License-Identifier: MIT */
/* Which ssh addresses are fit for use, and whose host keys are known.
 *
 * Pure. libgit2's transport has passed paths to the other side's shell unescaped
 * (forges.md 8.1), so only harmless ones get that far.
 */
#pragma once

#include "upkeepd/fail.h"

typedef struct {
	char *user; /* "git" where none is given */
	char *host; /* lower case */
	int port;
	char *url; /* ssh://user@host:port/path */
} SshAddress;

/* Reads "ssh://[user@]host[:port]/path" or "[user@]host:path".
 * Errors: CONFIG for anything else, or letters that have no place there. */
SshAddress *ssh_parse(const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ssh_address_free(SshAddress *address);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SshAddress, ssh_address_free)

/* Whether `known`, the text of a known_hosts file, has `key` (a raw public key) for
 * the host; hashed names are understood, patterns and certificates are not. A key
 * marked @revoked is not known, whatever else is said.
 * Source: sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
bool ssh_is_known(const char *known, const SshAddress *address, const void *key, size_t length);
