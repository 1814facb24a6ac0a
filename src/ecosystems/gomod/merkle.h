/* SPDX-License-Identifier: MIT */
/* Trees of hashes, as a checksum database proves its records with them.
 *
 * The hash at (level, number) covers the 2^level records from number * 2^level on.
 * Hashes are served in tiles: 256 of them, of one level in eight, in a row; only
 * the last tile of a level may have fewer. What a reader needs is planned first
 * (which tiles), then fetched by the caller, then checked as a whole against the hash
 * of a signed tree. Nothing here knows the network.
 * Source: gomod.md d.3, d.5; RFC 6962; golang/mod sumdb/tlog.
 */
#pragma once

#include "upkeepd/fail.h"

typedef struct {
	uint8_t bytes[32];
} TreeHash;

/* A tree of `size` records, as a signed head states it. */
typedef struct {
	int64_t size; /* 0 to MERKLE_MAX_SIZE */
	TreeHash hash;
} Tree;

#define MERKLE_MAX_SIZE ((int64_t)1 << 56)

typedef struct {
	int level;
	int64_t number;
} TreePlace;

/* Hashes of the records' level of the tile: 8 * level; `width` of them, from
 * 256 * number on. */
typedef struct {
	int level;
	int64_t number;
	int width;
} Tile;

#define TILE_WIDTH 256
#define TILE_HASH  sizeof(TreeHash) /* bytes of one hash in a tile */

bool treehash_equal(const TreeHash *a, const TreeHash *b);

/* Reads "BASE64"; false if it is no hash. */
bool treehash_parse(const char *text, TreeHash *hash);

/* The hash of one record's text. */
TreeHash merkle_leaf(const void *text, size_t length);

/* "tile/8/0/x001/234.p/5": below the database's address. The caller's. */
char *tile_path(const Tile *tile);

/* The places whose hashes make up the hash of the first `size` records; appended to
 * `places` (of TreePlace). */
void merkle_places(int64_t size, GArray *places);

/* The hash of a tree from the hashes at its merkle_places(). */
TreeHash merkle_fold(const TreeHash *hashes, size_t n);

/* What has to be fetched to know, and to prove, the hashes at some places. */
typedef struct {
	Tree tree;
	GArray *places; /* of TreePlace, all within the tree */
	GArray *tiles;  /* of Tile: to fetch; parents before their children */
	guint n_tree;   /* the first so many are proven by the tree's hash itself */
} TilePlan;

/* `places` is taken. Errors: NET if one lies beyond the tree. */
TilePlan *tileplan_new(const Tree *tree, GArray *places, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tileplan_free(TilePlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TilePlan, tileplan_free)

/* Checks the tiles (of GBytes, as planned) and writes the hash of each place to
 * `hashes`.
 * Errors: NET if a tile has another length, or does not belong to the tree. */
bool tileplan_prove(const TilePlan *plan, const GPtrArray *data, TreeHash *hashes, GError **error)
	G_GNUC_WARN_UNUSED_RESULT;
