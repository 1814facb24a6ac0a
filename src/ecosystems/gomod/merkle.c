/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/merkle.h"

#include "base/crypto.h"

#include <string.h>

#define TILE_HEIGHT 8

bool treehash_equal(const TreeHash *a, const TreeHash *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool treehash_parse(const char *text, TreeHash *hash)
{
	g_autofree uint8_t *bytes = NULL;
	size_t length = 0;

	if (!base64_decode(text, &bytes, &length) || length != sizeof(hash->bytes))
		return false;
	memcpy(hash->bytes, bytes, length);
	return true;
}

TreeHash merkle_leaf(const void *text, size_t length)
{
	g_autoptr(Sha256) sha = sha256_new();
	TreeHash hash = { 0 };

	sha256_add(sha, "\0", 1);
	sha256_add(sha, text, length);
	sha256_finish(g_steal_pointer(&sha), hash.bytes);
	return hash;
}

static TreeHash node(const TreeHash *left, const TreeHash *right)
{
	uint8_t text[1 + 2 * sizeof(TreeHash)] = { 1 };
	TreeHash hash = { 0 };

	memcpy(text + 1, left->bytes, sizeof(left->bytes));
	memcpy(text + 1 + sizeof(left->bytes), right->bytes, sizeof(right->bytes));
	sha256(text, sizeof(text), hash.bytes);
	return hash;
}

char *tile_path(const Tile *tile)
{
	g_autoptr(GString) path = g_string_new(NULL);
	int64_t number = tile->number;

	g_string_printf(path, "%03d", (int)(number % 1000));
	while ((number /= 1000) > 0) {
		g_autofree char *part = g_strdup_printf("x%03d/", (int)(number % 1000));

		g_string_prepend(path, part);
	}
	if (tile->width < TILE_WIDTH)
		g_string_append_printf(path, ".p/%d", tile->width);
	return g_strdup_printf("tile/%d/%d/%s", TILE_HEIGHT, tile->level, path->str);
}

void merkle_places(int64_t size, GArray *places)
{
	int64_t first = 0;

	/* The largest complete sub-tree, then that of what is left, and so on. */
	for (int level = 62; level >= 0; level--) {
		TreePlace place = { level, first >> level };

		if (((size >> level) & 1) == 0)
			continue;
		g_array_append_val(places, place);
		first += (int64_t)1 << level;
	}
}

TreeHash merkle_fold(const TreeHash *hashes, size_t n)
{
	TreeHash hash = { 0 };

	if (n == 0) {
		sha256("", 0, hash.bytes);
		return hash;
	}
	hash = hashes[n - 1];
	for (size_t i = n - 1; i > 0; i--)
		hash = node(&hashes[i - 1], &hash);
	return hash;
}

static bool tile_equal(const Tile *a, const Tile *b)
{
	return a->level == b->level && a->number == b->number && a->width == b->width;
}

/* The tile `up` levels of tiles above, as wide as the tree makes it. */
static Tile parent(Tile tile, int up, int64_t size)
{
	int64_t hashes;

	tile.level += up;
	tile.number >>= up * TILE_HEIGHT;
	hashes = (size >> (tile.level * TILE_HEIGHT)) - tile.number * TILE_WIDTH;
	tile.width = (int)MIN(hashes, TILE_WIDTH);
	return tile;
}

/* The tile that holds what the hash at `place` is made of, and which of its
 * hashes these are. */
static Tile tile_of(TreePlace place, int64_t size, int *from, int *to)
{
	int above = place.level % TILE_HEIGHT;
	int64_t first = place.number << above;
	Tile tile = { place.level / TILE_HEIGHT, first / TILE_WIDTH, 0 };

	*from = (int)(first % TILE_WIDTH);
	*to = *from + (1 << above);
	return parent(tile, 0, size);
}

static bool find_tile(const TilePlan *plan, const Tile *tile, guint *at)
{
	for (*at = 0; *at < plan->tiles->len; (*at)++)
		if (tile_equal(&g_array_index(plan->tiles, Tile, *at), tile))
			return true;
	return false;
}

/* Plans for `tile` and, before it, those of its parents that prove it. */
static void plan_tile(TilePlan *plan, Tile tile)
{
	int up = 0;
	guint at;

	for (Tile above = tile; !find_tile(plan, &above, &at);)
		above = parent(tile, ++up, plan->tree.size);
	while (up-- > 0) {
		Tile needed = parent(tile, up, plan->tree.size);

		g_array_append_val(plan->tiles, needed);
	}
}

void tileplan_free(TilePlan *plan)
{
	if (plan == NULL)
		return;
	g_array_unref(plan->places);
	g_array_unref(plan->tiles);
	g_free(plan);
}

TilePlan *tileplan_new(const Tree *tree, GArray *places, GError **error)
{
	g_autoptr(TilePlan) plan = g_new0(TilePlan, 1);
	g_autoptr(GArray) edge = g_array_new(FALSE, FALSE, sizeof(TreePlace));
	int from, to;
	guint at;

	plan->tree = *tree;
	plan->places = places;
	plan->tiles = g_array_new(FALSE, FALSE, sizeof(Tile));
	merkle_places(tree->size, edge);
	for (guint i = 0; i < edge->len; i++) {
		Tile tile = tile_of(g_array_index(edge, TreePlace, i), tree->size, &from, &to);

		if (!find_tile(plan, &tile, &at))
			g_array_append_val(plan->tiles, tile);
	}
	plan->n_tree = plan->tiles->len;
	for (guint i = 0; i < places->len; i++) {
		TreePlace place = g_array_index(places, TreePlace, i);

		if (place.level < 0 || place.level > 56 || place.number < 0 ||
		    place.number >= tree->size >> place.level)
			return fail_null(error, FAILURE_NET,
					 "record %" G_GINT64_FORMAT " is not in a tree of "
					 "%" G_GINT64_FORMAT " records",
					 place.number, tree->size);
		plan_tile(plan, tile_of(place, tree->size, &from, &to));
	}
	return g_steal_pointer(&plan);
}

/* The hash over the hashes `from` to `to` of a tile, 2^n of them. */
static TreeHash hash_in_tile(GBytes *data, int from, int to)
{
	const TreeHash *stored = (const TreeHash *)g_bytes_get_data(data, NULL) + from;
	TreeHash hashes[TILE_WIDTH];
	int n = to - from;

	memcpy(hashes, stored, (size_t)n * sizeof(TreeHash));
	for (; n > 1; n /= 2)
		for (int i = 0; i < n / 2; i++)
			hashes[i] = node(&hashes[2 * i], &hashes[2 * i + 1]);
	return hashes[0];
}

/* The hash at a place whose tile is among those of the plan. */
static TreeHash hash_at(const TilePlan *plan, const GPtrArray *data, TreePlace place)
{
	int from, to;
	Tile tile = tile_of(place, plan->tree.size, &from, &to);
	guint at;
	bool is_planned = find_tile(plan, &tile, &at);

	g_assert(is_planned);
	return hash_in_tile(g_ptr_array_index(data, at), from, to);
}

static bool check_lengths(const TilePlan *plan, const GPtrArray *data, GError **error)
{
	for (guint i = 0; i < plan->tiles->len; i++) {
		const Tile *tile = &g_array_index(plan->tiles, Tile, i);
		g_autofree char *path = tile_path(tile);

		if (g_bytes_get_size(g_ptr_array_index(data, i)) !=
		    (size_t)tile->width * sizeof(TreeHash))
			return fail(error, FAILURE_NET, "%s has another length", path);
	}
	return true;
}

/* Whether the tree's own hash follows from the tiles at its right edge. */
static bool check_edge(const TilePlan *plan, const GPtrArray *data)
{
	g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(TreePlace));
	g_autofree TreeHash *hashes = NULL;
	TreeHash whole;

	merkle_places(plan->tree.size, places);
	hashes = g_new0(TreeHash, places->len + 1);
	for (guint i = 0; i < places->len; i++)
		hashes[i] = hash_at(plan, data, g_array_index(places, TreePlace, i));
	whole = merkle_fold(hashes, places->len);
	return treehash_equal(&whole, &plan->tree.hash);
}

bool tileplan_prove(const TilePlan *plan, const GPtrArray *data, TreeHash *hashes, GError **error)
{
	if (!check_lengths(plan, data, error))
		return false;
	if (!check_edge(plan, data))
		return fail(error, FAILURE_NET,
			    "the tiles at its end do not make up the signed tree of "
			    "%" G_GINT64_FORMAT " records",
			    plan->tree.size);
	for (guint i = plan->n_tree; i < plan->tiles->len; i++) {
		const Tile *tile = &g_array_index(plan->tiles, Tile, i);
		TreePlace place = { (tile->level + 1) * TILE_HEIGHT, tile->number };
		TreeHash told = hash_at(plan, data, place);
		TreeHash own = hash_in_tile(g_ptr_array_index(data, i), 0, TILE_WIDTH);
		g_autofree char *path = tile_path(tile);

		if (!treehash_equal(&told, &own))
			return fail(error, FAILURE_NET, "%s does not belong to the signed tree",
				    path);
	}
	for (guint i = 0; i < plan->places->len; i++)
		hashes[i] = hash_at(plan, data, g_array_index(plan->places, TreePlace, i));
	return true;
}
