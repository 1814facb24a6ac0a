/* SPDX-License-Identifier: MIT */
/* Signatures of commits by an SSH key, as `git verify-commit` and the forges take them.
 *
 * Ed25519 alone: its signatures are a function of key and text, so that a commit has
 * the same id however often it is built.
 * Source: OpenSSH, PROTOCOL.key and PROTOCOL.sshsig; forges.md 8.4.
 */
#pragma once

#include "base/secret.h"

typedef struct Signer Signer;

/* From a private key as ssh-keygen writes it, without a passphrase.
 * Errors: CONFIG if it is something else. */
Signer *signer_new(const Secret *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void signer_free(Signer *signer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Signer, signer_free)

/* The signature over `text`, armoured, without a line end after its last line; the
 * caller's. */
char *signer_sign(const Signer *signer, const void *text, size_t length);
