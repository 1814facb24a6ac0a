/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/sumtree.h"

#include "base/text.h"
#include "store/cache.h"

#include <string.h>

struct SumTree {
	const World *world;
	const NoteKey *key;
	Tree latest;       /* the newest head seen */
	char *latest_note; /* as it was signed; NULL: none yet */
	bool has_read_store;
	GTree *tiles;   /* proven ones of this run: path to GBytes */
	GError *broken; /* why nothing is believed any more */
};

SumTree *sumtree_new(const World *world, const NoteKey *key)
{
	SumTree *tree = g_new0(SumTree, 1);

	tree->world = world;
	tree->key = key;
	tree->tiles = g_tree_new_full(text_compare, NULL, g_free, (GDestroyNotify)g_bytes_unref);
	return tree;
}

void sumtree_free(SumTree *tree)
{
	if (tree == NULL)
		return;
	g_free(tree->latest_note);
	g_tree_unref(tree->tiles);
	g_clear_error(&tree->broken);
	g_free(tree);
}

/* The name of a value in the store. */
static char *value_name(const SumTree *tree, const char *what)
{
	return g_strconcat("gosumdb ", what, " ", tree->key->name, NULL);
}

bool sumtree_read_head(const NoteKey *key, const char *note, Tree *head, GError **error)
{
	g_autofree char *text = note_open(note, strlen(note), key, error);
	g_auto(GStrv) lines = NULL;
	guint64 size;

	if (text == NULL)
		return false;
	lines = g_strsplit(text, "\n", 4);
	if (g_strv_length(lines) != 4 || strcmp(lines[0], "go.sum database tree") != 0 ||
	    !g_ascii_string_to_unsigned(lines[1], 10, 0, MERKLE_MAX_SIZE, &size, NULL) ||
	    !treehash_parse(lines[2], &head->hash))
		return fail(error, FAILURE_NET, "'%s' signs something that is no tree", key->name);
	head->size = (int64_t)size;
	return true;
}

/* Takes up the head that earlier runs have seen. */
static bool read_store(SumTree *tree, GError **error)
{
	g_autofree char *name = value_name(tree, "head");
	Store *store = tree->world->store;

	if (tree->has_read_store || store == NULL)
		return true;
	if (!cache_value(store, name, &tree->latest_note, error))
		return false;
	tree->has_read_store = true;
	if (tree->latest_note == NULL ||
	    sumtree_read_head(tree->key, tree->latest_note, &tree->latest, error))
		return true;
	/* Another key under the same name, or a damaged value: one begins anew. */
	g_clear_error(error);
	g_clear_pointer(&tree->latest_note, g_free);
	return true;
}

/* Keeps the newest head, unless another worker has kept a newer one meanwhile. */
static bool write_store(const SumTree *tree, GError **error)
{
	g_autofree char *name = value_name(tree, "head");
	g_autofree char *kept = NULL;
	Store *store = tree->world->store;
	Tree head;

	if (store == NULL)
		return true;
	if (!cache_value(store, name, &kept, error))
		return false;
	if (kept != NULL && sumtree_read_head(tree->key, kept, &head, NULL) &&
	    head.size >= tree->latest.size)
		return true;
	return cache_set_value(store, name, tree->latest_note, error);
}

static char *tile_file(const SumTree *tree, const char *path)
{
	const char *cache = tree->world->cache_directory;

	return cache != NULL
		       ? g_build_filename(cache, "modules", "sumdb", tree->key->name, path, NULL)
		       : NULL;
}

/* A tile that has been proven before, in this run or an earlier one; NULL. */
static GBytes *find_tile(const SumTree *tree, const Tile *tile)
{
	g_autofree char *path = tile_path(tile);
	g_autofree char *file = tile_file(tree, path);
	GBytes *known = g_tree_lookup(tree->tiles, path);
	char *text;
	gsize length;

	if (known != NULL)
		return g_bytes_ref(known);
	if (tile->width < TILE_WIDTH || file == NULL ||
	    !g_file_get_contents(file, &text, &length, NULL))
		return NULL;
	return g_bytes_new_take(text, length);
}

static void keep_tile(SumTree *tree, const Tile *tile, GBytes *bytes)
{
	char *path = tile_path(tile);
	g_autofree char *file = tile_file(tree, path);
	g_autofree char *folder = file != NULL ? g_path_get_dirname(file) : NULL;

	/* What cannot be written is asked for again another time. */
	if (tile->width == TILE_WIDTH && file != NULL && g_mkdir_with_parents(folder, 0700) == 0)
		g_file_set_contents_full(file, g_bytes_get_data(bytes, NULL),
					 (gssize)g_bytes_get_size(bytes),
					 G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
	g_tree_replace(tree->tiles, path, g_bytes_ref(bytes));
}

/* The bytes of an answer for `tile`, which may be those of the full tile. */
static GBytes *take_tile(const HttpRequest *request, const Tile *tile, bool is_whole,
			 GError **error)
{
	size_t length = (size_t)tile->width * TILE_HASH;

	if (request->error != NULL || request->status != 200) {
		g_propagate_error(error, sumserver_failure(request));
		return NULL;
	}
	if (request->answer->len != (is_whole ? TILE_WIDTH * TILE_HASH : length))
		return fail_null(error, FAILURE_NET, "%s has another length", request->url);
	return g_bytes_new(request->answer->data, length);
}

/* Fetches, at once, the tiles that `data` (of GBytes) lacks. Partial tiles vanish
 * once the full one is there: `is_whole` asks for those then. */
static bool fetch_tiles(const SumServer *server, const TilePlan *plan, GPtrArray *data,
			bool is_whole, GError **error)
{
	g_autoptr(GPtrArray) requests =
		g_ptr_array_new_with_free_func((GDestroyNotify)http_request_free);
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint));

	for (guint i = 0; i < plan->tiles->len; i++) {
		Tile tile = g_array_index(plan->tiles, Tile, i);
		g_autofree char *path = NULL;

		if (g_ptr_array_index(data, i) != NULL)
			continue;
		if (is_whole)
			tile.width = TILE_WIDTH;
		path = tile_path(&tile);
		g_ptr_array_add(requests, sumserver_request(server, path, TILE_WIDTH * TILE_HASH));
		g_array_append_val(numbers, i);
	}
	if (requests->len == 0)
		return true;
	http_get_all(server->env->world->http, requests, HTTP_NO_CACHE);
	for (guint r = 0; r < requests->len; r++) {
		const HttpRequest *request = g_ptr_array_index(requests, r);
		guint i = g_array_index(numbers, guint, r);
		const Tile *tile = &g_array_index(plan->tiles, Tile, i);

		if (!is_whole && tile->width < TILE_WIDTH && sumserver_is_absent(request))
			continue;
		g_ptr_array_index(data, i) = take_tile(request, tile, is_whole, error);
		if (g_ptr_array_index(data, i) == NULL)
			return false;
	}
	return is_whole || fetch_tiles(server, plan, data, true, error);
}

/* The hashes at the places of `plan`, proven; with tiles of this run and earlier ones
 * where `uses_known`, and then `*has_used` says whether there were any. */
static bool prove(SumTree *tree, const SumServer *server, const TilePlan *plan, bool uses_known,
		  bool *has_used, TreeHash *hashes, GError **error)
{
	g_autoptr(GPtrArray) data = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

	for (guint i = 0; i < plan->tiles->len; i++) {
		const Tile *tile = &g_array_index(plan->tiles, Tile, i);
		GBytes *known = uses_known ? find_tile(tree, tile) : NULL;

		*has_used |= known != NULL;
		g_ptr_array_add(data, known);
	}
	if (!fetch_tiles(server, plan, data, false, error) ||
	    !tileplan_prove(plan, data, hashes, error))
		return false;
	for (guint i = 0; i < data->len; i++)
		keep_tile(tree, &g_array_index(plan->tiles, Tile, i), g_ptr_array_index(data, i));
	return true;
}

/* A head that has to be a beginning of the newest, and where the hashes that show
 * it begin. */
typedef struct {
	Tree tree;
	const char *note; /* borrowed */
	guint place;
} Head;

/* What one call has to show. */
typedef struct {
	Tree newest;
	const char *newest_note; /* borrowed */
	GArray *heads;           /* of Head, all different */
	GArray *places;          /* of TreePlace */
} Proof;

static void add_head(Proof *proof, const Tree *tree, const char *note)
{
	Head head = { *tree, note, 0 };

	for (guint i = 0; i < proof->heads->len; i++) {
		const Head *other = &g_array_index(proof->heads, Head, i);

		if (other->tree.size == tree->size &&
		    treehash_equal(&other->tree.hash, &tree->hash))
			return;
	}
	g_array_append_val(proof->heads, head);
	if (proof->newest_note == NULL || tree->size > proof->newest.size) {
		proof->newest = *tree;
		proof->newest_note = note;
	}
}

static void plan_proof(const SumTree *tree, Proof *proof, GPtrArray *claims)
{
	if (tree->latest_note != NULL)
		add_head(proof, &tree->latest, tree->latest_note);
	for (guint i = 0; i < claims->len; i++) {
		const SumClaim *claim = g_ptr_array_index(claims, i);

		add_head(proof, &claim->head, claim->note);
	}
	for (guint i = 0; i < proof->heads->len; i++) {
		Head *head = &g_array_index(proof->heads, Head, i);

		head->place = proof->places->len;
		if (head->tree.size < proof->newest.size)
			merkle_places(head->tree.size, proof->places);
	}
	for (guint i = 0; i < claims->len; i++) {
		SumClaim *claim = g_ptr_array_index(claims, i);
		TreePlace place = { 0, claim->id };

		claim->place = proof->places->len;
		g_array_append_val(proof->places, place);
	}
}

/* The hashes that `proof` needs, proven to be of the newest tree. The caller's. */
static TreeHash *prove_places(SumTree *tree, const SumServer *server, const Proof *proof,
			      GError **error)
{
	g_autoptr(TilePlan) plan = tileplan_new(&proof->newest, g_array_ref(proof->places), error);
	g_autofree TreeHash *hashes = g_new0(TreeHash, proof->places->len + 1);
	g_autoptr(GError) first = NULL;
	bool has_used = false;

	if (plan == NULL)
		return NULL;
	if (prove(tree, server, plan, true, &has_used, hashes, &first))
		return g_steal_pointer(&hashes);
	/* Tiles of a history that is no longer served do not fit the new one; whether
	 * that one is a fork shows with its own tiles. */
	if (!has_used)
		g_propagate_error(error, g_steal_pointer(&first));
	else if (prove(tree, server, plan, false, &has_used, hashes, error))
		return g_steal_pointer(&hashes);
	return NULL;
}

/* Two heads, signed by the same key, that cannot both be true. */
static void note_fork(SumTree *tree, const SumServer *server, const Proof *proof, const Head *head)
{
	Store *store = tree->world->store;
	g_autofree char *name = value_name(tree, "fork");
	g_autofree char *both = g_strconcat(head->note, "\n", proof->newest_note, NULL);
	bool is_kept = store != NULL && cache_set_value(store, name, both, NULL);

	fail(&tree->broken, FAILURE_NET,
	     "the checksum database '%s' contradicts itself: its key has signed a tree of "
	     "%" G_GINT64_FORMAT " records and another of %" G_GINT64_FORMAT
	     " that does not contain it, so somebody may be hiding a changed module; nothing "
	     "from %s is believed any more%s",
	     tree->key->name, head->tree.size, proof->newest.size, server->base,
	     is_kept ? ", and both heads are kept in the state database as proof" : "");
}

/* Whether all heads are beginnings of the newest; without `hashes` only those are
 * looked at that are as long as it is. */
static bool check_heads(SumTree *tree, const SumServer *server, const Proof *proof,
			const TreeHash *hashes)
{
	for (guint i = 0; i < proof->heads->len; i++) {
		const Head *head = &g_array_index(proof->heads, Head, i);
		g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(TreePlace));
		TreeHash hash = proof->newest.hash;

		if (head->tree.size < proof->newest.size) {
			if (hashes == NULL)
				continue;
			merkle_places(head->tree.size, places);
			hash = merkle_fold(hashes + head->place, places->len);
		}
		if (treehash_equal(&hash, &head->tree.hash))
			continue;
		note_fork(tree, server, proof, head);
		return false;
	}
	return true;
}

/* Takes up the newest head, here and for later runs. */
static bool adopt(SumTree *tree, const Proof *proof, GError **error)
{
	if (tree->latest_note != NULL && tree->latest.size >= proof->newest.size)
		return true;
	g_free(tree->latest_note);
	tree->latest_note = g_strdup(proof->newest_note);
	tree->latest = proof->newest;
	return write_store(tree, error);
}

static bool fail_broken(const SumTree *tree, GError **error)
{
	g_propagate_error(error, g_error_copy(tree->broken));
	return false;
}

bool sumtree_prove(SumTree *tree, const SumServer *server, GPtrArray *claims, GError **error)
{
	g_autoptr(GArray) heads = g_array_new(FALSE, FALSE, sizeof(Head));
	g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(TreePlace));
	Proof proof = { .heads = heads, .places = places };
	g_autofree TreeHash *hashes = NULL;

	if (tree->broken != NULL)
		return fail_broken(tree, error);
	if (!read_store(tree, error))
		return false;
	plan_proof(tree, &proof, claims);
	/* Two heads of one length need no tiles to contradict each other. */
	if (!check_heads(tree, server, &proof, NULL))
		return fail_broken(tree, error);
	hashes = prove_places(tree, server, &proof, error);
	if (hashes == NULL) {
		g_prefix_error(error, "the checksum database '%s' at %s: ", tree->key->name,
			       server->base);
		return false;
	}
	if (!check_heads(tree, server, &proof, hashes))
		return fail_broken(tree, error);
	for (guint i = 0; i < claims->len; i++) {
		SumClaim *claim = g_ptr_array_index(claims, i);

		claim->is_proven = treehash_equal(&claim->leaf, &hashes[claim->place]);
	}
	return adopt(tree, &proof, error);
}
