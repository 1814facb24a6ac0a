/* SPDX-License-Identifier: MIT */
/* Signed notes: text that a known key has signed, as checksum databases sign the
 * heads of their trees.
 *
 * A note is text, an empty line, and lines "— NAME BASE64"; the signature is over
 * the text with its last line end. Signatures of unknown keys count for nothing.
 * Source: gomod.md d.3; golang/mod sumdb/note/note.go.
 */
#pragma once

#include "upkeepd/fail.h"

/* A public key: "NAME+HASH+BASE64". */
typedef struct {
	char *name;
	uint32_t hash; /* of name and key: which of a name's keys it is */
	uint8_t key[32];
} NoteKey;

/* Errors: CONFIG if `text` is no such key, or its hash is not its own. */
NoteKey *notekey_parse(const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void notekey_free(NoteKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NoteKey, notekey_free)

/* The text of the note in `length` bytes, if `key` has signed it. The caller's.
 * Errors: NET if it is no note, not signed by the key, or signed wrongly. */
char *note_open(const char *bytes, size_t length, const NoteKey *key, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
