/* SPDX-License-Identifier: MIT */
/* Where secrets lie, and reading them when they are needed.
 *
 * Settings never hold a secret, only where it is: a systemd credential, a file
 * of ours that nobody else can read, or an environment variable.
 * Source: cli.md 3, operations.md 7, forges.md 12.
 */
#pragma once

#include "config/reader.h"
#include "upkeepd/world.h"

/* Where one secret lies; of the first three at most one is set. */
typedef struct {
	char *credential; /* name of a systemd credential: [A-Za-z0-9_.-], no leading dot */
	char *file;       /* absolute path */
	char *environment;
	char *app; /* the secret is the private key of the GitHub App with this id; NULL */
	Place place;
} SecretSource;

/* `{ credential: NAME }`, `{ file: PATH }` or `{ env: NAME }`, into a SecretSource. */
extern const Block secret_source_block;

/* The same, with `app: ID` for the private key of a GitHub App. */
extern const Block token_source_block;

bool secret_source_is_given(const SecretSource *source);
void secret_source_clear(SecretSource *source);

/* Reads the secret. A credential is the file of its name in $CREDENTIALS_DIRECTORY,
 * or `credentials_NAME`, as systemd names those of a loaded directory.
 * Errors: CONFIG, with the source's place. */
Secret *secret_source_read(const SecretSource *source, GError **error) G_GNUC_WARN_UNUSED_RESULT;
