/* SPDX-License-Identifier: MIT */
/* Objects on their way out (to a remote, to the disk) and in (from a remote). */
#pragma once

#include "git/objects.h"

/* A pack of what `commits` (of char *) add to their first parents: commits, changed
 * trees and files. `*count` (may be NULL) is the number of objects.
 * Errors: ABSENT if one of them is not here; IO. */
GBytes *pack_new(const Objects *objects, const GPtrArray *commits, unsigned *count, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* Writes the same objects to the disk, as git does on a push: up to 100 loose,
 * more as a pack. */
bool pack_keep(Objects *objects, const GPtrArray *commits, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

/* A pack on its way in. Pieces come in order; only after pack_receive_end()
 * its objects are here; freed before, it leaves nothing.
 * Errors: NET for what is no pack or lacks a delta's base; LIMIT; IO. */
typedef struct PackReceiver PackReceiver;
PackReceiver *pack_receive(Objects *objects, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool pack_receive_piece(PackReceiver *receiver, const void *bytes, size_t length, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
bool pack_receive_end(PackReceiver *receiver, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void pack_receiver_free(PackReceiver *receiver);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PackReceiver, pack_receiver_free)
