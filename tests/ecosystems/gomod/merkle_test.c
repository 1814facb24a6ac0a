/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/merkle.h"
#include "ecosystems/gomod/records.h"

static void tiles_have_the_paths_of_the_document(void)
{
	static const struct {
		Tile tile;
		const char *path;
	} cases[] = {
		{ { 0, 0, 11 }, "tile/8/0/000.p/11" },
		{ { 1, 1234067, 1 }, "tile/8/1/x001/x234/067.p/1" },
		{ { 0, 1000, 7 }, "tile/8/0/x001/000.p/7" },
		{ { 0, 171, 256 }, "tile/8/0/171" },
		{ { 0, 1171, 225 }, "tile/8/0/x001/171.p/225" },
		{ { 0, 999, 256 }, "tile/8/0/999" },
		{ { 0, 1000000, 256 }, "tile/8/0/x001/x000/000" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = tile_path(&cases[i].tile);

		g_assert_cmpstr(path, ==, cases[i].path);
	}
}

static void records_hash_as_in_the_document(void)
{
	g_autofree char *zero = record_text("", 0);
	g_autofree char *five = record_text("", 5);

	g_assert_nonnull(strstr(zero, " h1:yEv0ctUNONQVcEOO17em+vMoMe9jOlut3yE7Wq+DaMI=\n"));
	g_assert_nonnull(strstr(zero, " h1:bQeVUsAdvRpF+oHfWSNFHhFt/0LEQ9uUMMj27xPDwkI=\n"));
	g_assert_nonnull(strstr(five, " h1:l4o0mGmtGtA14X4yWLD1fbsXl8fzGJixUH4eDpKHofc=\n"));
	g_assert_nonnull(strstr(five, " h1:JGA8Gz4KEGdU2318ba8ZSclRkrdlHYyAmteAprDwQH8=\n"));
}

static void trees_hash_as_in_the_document(void)
{
	static const struct {
		int64_t size;
		const char *hash;
	} cases[] = {
		{ 0, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" },
		{ 1, "+RgLLzqiQ54PMw+yhTKmIPV1PRSEVGo1gKEva9HM6V8=" },
		{ 2, "6bq7JMI+C+aqCkDKwVhzsBCH4hrdOl3RaL01hpuCaHs=" },
		{ 3, "IuD90Dal1AKxqXkCUbRRhJs6SnmhJbPGkVqhPVa36hQ=" },
		{ 5, "1LL2ipXMi2d2G7/uFNyUoGtXR5hz9ZWGX/2m24iAXrQ=" },
		{ 8, "gKx8HHOxl7VZ2n5GJftyGq+PoXCDOGmrqkRD6LC5LzQ=" },
		{ 11, "QaB1yL2wLtswJ5s+k0SxXGkDAN34HIORoNC9iOfLtzw=" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		Tree tree = record_tree("", cases[i].size);
		TreeHash hash;

		g_assert_true(treehash_parse(cases[i].hash, &hash));
		g_assert_true(treehash_equal(&tree.hash, &hash));
	}
}

/* The tiles of a plan, as an honest server has them. */
static GPtrArray *honest_tiles(const TilePlan *plan)
{
	GPtrArray *data = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

	for (guint i = 0; i < plan->tiles->len; i++)
		g_ptr_array_add(data, record_tile("", &g_array_index(plan->tiles, Tile, i)));
	return data;
}

/* A plan for every record of a tree, and for the beginnings of it. */
static TilePlan *full_plan(const Tree *tree)
{
	GArray *places = g_array_new(FALSE, FALSE, sizeof(TreePlace));
	g_autoptr(GError) error = NULL;
	TilePlan *plan;

	for (int64_t i = 0; i<tree->size; i += tree->size> 20 ? 37 : 1) {
		TreePlace place = { 0, i };

		g_array_append_val(places, place);
		merkle_places(i, places);
	}
	plan = tileplan_new(tree, places, &error);
	g_assert_no_error(error);
	return plan;
}

static void honest_tiles_prove_every_record(void)
{
	static const int64_t sizes[] = { 1, 2, 3, 5, 8, 11, 255, 256, 257, 511, 512, 600 };

	for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
		Tree tree = record_tree("", sizes[s]);
		g_autoptr(TilePlan) plan = full_plan(&tree);
		g_autoptr(GPtrArray) data = honest_tiles(plan);
		g_autofree TreeHash *hashes = g_new0(TreeHash, plan->places->len);
		g_autoptr(GError) error = NULL;

		g_test_message("%d records, %u tiles", (int)sizes[s], plan->tiles->len);
		g_assert_true(tileplan_prove(plan, data, hashes, &error));
		for (guint i = 0; i < plan->places->len; i++) {
			TreeHash hash = record_hash("", g_array_index(plan->places, TreePlace, i));

			g_assert_true(treehash_equal(&hashes[i], &hash));
		}
	}
}

static void any_bit_changed_in_any_tile_is_noticed(void)
{
	Tree tree = record_tree("", 300);
	g_autoptr(TilePlan) plan = full_plan(&tree);
	g_autoptr(GPtrArray) data = honest_tiles(plan);
	g_autofree TreeHash *hashes = g_new0(TreeHash, plan->places->len);

	g_assert_cmpint(plan->tiles->len, ==, 3);
	for (guint t = 0; t < plan->tiles->len; t++) {
		GBytes *honest = g_ptr_array_index(data, t);
		gsize length = g_bytes_get_size(honest);

		for (gsize at = 0; at < length; at += 101) {
			char *bytes = g_memdup2(g_bytes_get_data(honest, NULL), length);
			g_autoptr(GBytes) changed = g_bytes_new_take(bytes, length);
			g_autoptr(GError) error = NULL;

			bytes[at] ^= 1;
			g_ptr_array_index(data, t) = changed;
			g_assert_false(tileplan_prove(plan, data, hashes, &error));
			g_assert_error(error, FAILURE, FAILURE_NET);
		}
		g_ptr_array_index(data, t) = honest;
	}
}

static void a_tile_of_another_length_is_refused(void)
{
	Tree tree = record_tree("", 11);
	g_autoptr(TilePlan) plan = full_plan(&tree);
	g_autoptr(GPtrArray) data = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_autofree TreeHash *hashes = g_new0(TreeHash, plan->places->len);
	g_autoptr(GError) error = NULL;

	g_ptr_array_add(data, g_bytes_new("short", 5));
	g_assert_false(tileplan_prove(plan, data, hashes, &error));
	g_assert_nonnull(strstr(error->message, "another length"));
}

static void a_record_beyond_the_tree_cannot_be_planned(void)
{
	Tree tree = record_tree("", 11);
	GArray *places = g_array_new(FALSE, FALSE, sizeof(TreePlace));
	TreePlace place = { 0, 11 };
	g_autoptr(GError) error = NULL;

	g_array_append_val(places, place);
	g_assert_null(tileplan_new(&tree, places, &error));
	g_assert_error(error, FAILURE, FAILURE_NET);
}

/* A tree of the public database's size, of which only the shape matters. */
static void a_plan_for_a_large_tree_is_small(void)
{
	Tree tree = { .size = 50123456 };
	GArray *places = g_array_new(FALSE, FALSE, sizeof(TreePlace));
	TreePlace place = { 0, 12345678 };
	g_autoptr(GError) error = NULL;
	g_autoptr(TilePlan) plan = NULL;

	g_array_append_val(places, place);
	plan = tileplan_new(&tree, places, &error);
	g_assert_no_error(error);
	g_assert_cmpint(plan->tiles->len, <=, 8);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/merkle/tiles_have_the_paths_of_the_document",
			tiles_have_the_paths_of_the_document);
	g_test_add_func("/gomod/merkle/records_hash_as_in_the_document",
			records_hash_as_in_the_document);
	g_test_add_func("/gomod/merkle/trees_hash_as_in_the_document",
			trees_hash_as_in_the_document);
	g_test_add_func("/gomod/merkle/honest_tiles_prove_every_record",
			honest_tiles_prove_every_record);
	g_test_add_func("/gomod/merkle/any_bit_changed_in_any_tile_is_noticed",
			any_bit_changed_in_any_tile_is_noticed);
	g_test_add_func("/gomod/merkle/tile_of_another_length_is_refused",
			a_tile_of_another_length_is_refused);
	g_test_add_func("/gomod/merkle/record_beyond_the_tree_cannot_be_planned",
			a_record_beyond_the_tree_cannot_be_planned);
	g_test_add_func("/gomod/merkle/plan_for_a_large_tree_is_small",
			a_plan_for_a_large_tree_is_small);
	return g_test_run();
}
