/* SPDX-License-Identifier: MIT */
/* The tree of a checksum database as far as it has been seen and proven.
 *
 * A claim is a record with the signed head it came with. Claims are proven
 * together: every record is in the newest tree, and every head seen, those of
 * earlier runs included, is a beginning of it. The newest head is kept in the
 * store, proven tiles in the cache directory. Heads that contradict each other
 * are kept as proof, and nothing is believed from then on.
 * Source: gomod.md d.3, d.5; golang/mod sumdb/client.go.
 */
#pragma once

#include "ecosystems/gomod/merkle.h"
#include "ecosystems/gomod/note.h"
#include "ecosystems/gomod/sumserver.h"

typedef struct SumTree SumTree;

/* `world` and `key` are borrowed. */
SumTree *sumtree_new(const World *world, const NoteKey *key);
void sumtree_free(SumTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SumTree, sumtree_free)

/* The tree that a signed head states.
 * Errors: NET if it is none, or not signed. */
bool sumtree_read_head(const NoteKey *key, const char *note, Tree *head, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
	int64_t id;    /* the record's number, below head.size */
	TreeHash leaf; /* what the record's text hashes to */
	Tree head;
	const char *note; /* the head as it was signed; borrowed */
	bool is_proven;   /* set: the record is in the tree */
	guint place;      /* the tree's own */
} SumClaim;

/* Proves `claims` (of SumClaim).
 *
 * Errors: NET if the server's tiles do not belong to the signed tree, or the signed
 * trees contradict each other (then for good); IO of the store; those of requests.
 * A record that is not in the tree is no error: its claim is not proven. */
bool sumtree_prove(SumTree *tree, const SumServer *server, GPtrArray *claims, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
