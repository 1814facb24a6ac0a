/* SPDX-License-Identifier: MIT */
/* Tokens and passwords, in a type that no %s accepts.
 *
 * Zeroed when freed. Only net/ and git/ may look inside (.ci/banned.sh), where
 * they hand it to the transport.
 */
#pragma once

#include "upkeepd/fail.h"

typedef struct Secret Secret;

/* Copies `length` bytes; trailing line ends are cut. */
Secret *secret_new(const char *bytes, size_t length);

/* From a file (0600 and ours, or a systemd credential), or the environment.
 * Errors: CONFIG. */
Secret *secret_from_file(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
Secret *secret_from_environment(const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

Secret *secret_copy(const Secret *secret);
void secret_free(Secret *secret);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Secret, secret_free)

/* `text` of a stranger without the secret's own bytes (NULL: no secret), nor anything
 * that has the shape of a forge's token; the caller's. For texts that are shown.
 * Source: forges.md 12. */
char *secret_hide(const Secret *secret, const char *text);

/* The bytes, NUL-terminated; for net/ and git/ alone. */
const char *secret_reveal(const Secret *secret);
