/* SPDX-License-Identifier: MIT */
#include "ecosystems/gomod/folder.h"
#include "ecosystems/gomod/records.h"
#include "ecosystems/gomod/sumdb.h"
#include "net/http.h"
#include "net/loopback.h"
#include "store/cache.h"

#define NOW       1790000000
#define MAX_PAGES 40

/* A database on a server of its own; everything is put together beforehand. */
typedef struct {
	Page pages[MAX_PAGES + 1];
	int n;
	GPtrArray *owned;
	Loopback *server;
} Database;

static Database *database_new(void)
{
	Database *database = g_new0(Database, 1);

	database->owned = g_ptr_array_new_with_free_func(g_free);
	return database;
}

static void database_free(Database *database)
{
	if (database->server != NULL)
		loopback_free(database->server);
	g_ptr_array_unref(database->owned);
	g_free(database);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Database, database_free)

/* Takes both texts. A page that stands there already gets one more answer. */
static void add_page(Database *database, char *path, char *answer)
{
	Page *page = database->pages;
	int a = 0;

	g_ptr_array_add(database->owned, path);
	g_ptr_array_add(database->owned, answer);
	while (page->path != NULL && strcmp(page->path, path) != 0)
		page++;
	if (page->path == NULL)
		g_assert_cmpint(++database->n, <=, MAX_PAGES);
	page->path = path;
	while (page->answers[a] != NULL)
		a++;
	page->answers[a] = answer;
}

static char *hex_answer(GBytes *bytes)
{
	gsize length;
	const uint8_t *data = g_bytes_get_data(bytes, &length);
	GString *text = g_string_new("200 hex\n\n");

	for (gsize i = 0; i < length; i++)
		g_string_append_printf(text, "%02x", data[i]);
	g_bytes_unref(bytes);
	return g_string_free(text, FALSE);
}

static void add_tile(Database *database, const char *history, const Tile *tile)
{
	g_autofree char *path = tile_path(tile);

	add_page(database, g_strconcat("/", path, NULL), hex_answer(record_tile(history, tile)));
}

/* The tiles that a tree of up to 65,536 records has. */
static void add_tiles(Database *database, const char *history, int64_t size)
{
	for (int64_t number = 0; number * TILE_WIDTH < size; number++) {
		Tile tile = { 0, number, (int)MIN(size - number * TILE_WIDTH, TILE_WIDTH) };

		add_tile(database, history, &tile);
	}
	if (size >= TILE_WIDTH) {
		Tile tile = { 1, 0, (int)(size / TILE_WIDTH) };

		add_tile(database, history, &tile);
	}
}

/* A look-up for module rI, answered with record `id` under the tree of `size`. */
static void add_lookup(Database *database, const char *history, int i, int id, int64_t size)
{
	Tree tree = record_tree(history, size);
	g_autofree char *record = record_text(history, id);
	g_autofree char *head = record_head(&tree);

	add_page(database, g_strdup_printf("/lookup/example.com/r%d@v1.0.0", i),
		 g_strdup_printf("200\n\n%d\n%s\n%s", id, record, head));
}

/* One run against the database; the store may outlive it. */
typedef struct {
	Http *http;
	World world;
	char *gosumdb;
	GoEnv *env;
	SumDb *db;
} Run;

static Run *run_new(Database *database, Store *store, const char *cache)
{
	HttpOptions options = { .backoff_ms = 1 };
	Run *run = g_new0(Run, 1);
	g_autoptr(GError) error = NULL;

	if (database->server == NULL)
		database->server = loopback_new(database->pages);
	run->gosumdb = g_strconcat(RECORDS_KEY " ", database->server->origin, NULL);
	run->http = http_new(&options, NULL, NOW);
	run->world = (World){ .http = run->http,
			      .store = store,
			      .now = NOW,
			      .goproxy = "off",
			      .gosumdb = run->gosumdb,
			      .goprivate = "private.example",
			      .netrc = "/nonexistent",
			      .cache_directory = cache };
	run->env = goenv_new(&run->world, &error);
	g_assert_no_error(error);
	run->db = sumdb_new(run->env, &error);
	g_assert_no_error(error);
	return run;
}

static void run_free(Run *run)
{
	sumdb_free(run->db);
	goenv_free(run->env);
	http_free(run->http);
	g_free(run->gosumdb);
	g_free(run);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Run, run_free)

static SumAsk *ask_for(Run *run, int i)
{
	g_autofree char *path = g_strdup_printf("example.com/r%d", i);
	g_autoptr(GPtrArray) asks = g_ptr_array_new();
	SumAsk *ask = sumask_new(path, "v1.0.0");

	g_ptr_array_add(asks, ask);
	sumdb_ask_all(run->db, asks);
	return ask;
}

static void assert_known(Run *run, int i)
{
	g_autoptr(SumAsk) ask = ask_for(run, i);
	g_autofree char *record = record_text("", i);

	g_assert_no_error(ask->error);
	g_assert_nonnull(strstr(record, ask->zip_sum));
	g_assert_nonnull(strstr(record, ask->gomod_sum));
}

static void assert_refused(Run *run, int i, FailureKind kind, const char *why)
{
	g_autoptr(SumAsk) ask = ask_for(run, i);

	g_assert_error(ask->error, FAILURE, (gint)kind);
	g_test_message("%s", ask->error->message);
	g_assert_nonnull(strstr(ask->error->message, why));
	g_assert_null(ask->zip_sum);
	g_assert_null(ask->gomod_sum);
}

static void a_record_of_the_signed_tree_is_believed(void)
{
	g_autoptr(Database) database = database_new();
	g_autoptr(Run) run = NULL;
	g_autoptr(SumAsk) ask = NULL;

	add_lookup(database, "", 5, 5, 11);
	add_tiles(database, "", 11);
	run = run_new(database, NULL, NULL);
	ask = ask_for(run, 5);
	g_assert_no_error(ask->error);
	g_assert_cmpstr(ask->zip_sum, ==, "h1:l4o0mGmtGtA14X4yWLD1fbsXl8fzGJixUH4eDpKHofc=");
	g_assert_cmpstr(ask->gomod_sum, ==, "h1:JGA8Gz4KEGdU2318ba8ZSclRkrdlHYyAmteAprDwQH8=");
	g_assert_cmpint(database->server->requests->len, ==, 2);
}

static void heads_of_one_batch_may_differ(void)
{
	g_autoptr(Database) database = database_new();
	g_autoptr(GPtrArray) asks = g_ptr_array_new_with_free_func((GDestroyNotify)sumask_free);
	g_autoptr(Run) run = NULL;

	add_lookup(database, "", 0, 0, 1);
	add_lookup(database, "", 5, 5, 300);
	add_lookup(database, "", 7, 7, 299);
	add_tiles(database, "", 300);
	run = run_new(database, NULL, NULL);
	g_ptr_array_add(asks, sumask_new("example.com/r0", "v1.0.0"));
	g_ptr_array_add(asks, sumask_new("example.com/r5", "v1.0.0"));
	g_ptr_array_add(asks, sumask_new("example.com/r7", "v1.0.0"));
	sumdb_ask_all(run->db, asks);
	for (guint i = 0; i < asks->len; i++)
		g_assert_no_error(((SumAsk *)g_ptr_array_index(asks, i))->error);
	g_assert_cmpint(database->server->requests->len, ==, 6); /* three tiles */
}

/* What the store and the cache directory keep from run to run. */
static void a_grown_tree_must_contain_what_was_seen_before(void)
{
	g_autoptr(Database) old = database_new();
	g_autoptr(Database) new = database_new();
	g_autoptr(Database) forked = database_new();
	g_autoptr(Folder) folder = folder_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = store_open(folder->path, NOW, &error);
	g_autofree char *proof = NULL;

	g_assert_no_error(error);
	add_lookup(old, "", 5, 5, 300);
	add_tiles(old, "", 300);
	add_lookup(new, "", 7, 7, 600);
	add_tiles(new, "", 600);
	add_lookup(new, "", 2, 2, 300); /* a head from before: fine, if it is a beginning */
	add_lookup(forked, "x", 8, 8, 700);
	add_tiles(forked, "x", 700);
	{
		g_autoptr(Run) run = run_new(old, store, folder->path);

		assert_known(run, 5);
	}
	{
		g_autoptr(Run) run = run_new(new, store, folder->path);

		assert_known(run, 7);
		g_assert_cmpint(new->server->requests->len, ==, 1 + 3); /* 000 was kept */
		assert_known(run, 2);
	}
	{
		g_autoptr(Run) run = run_new(forked, store, folder->path);

		assert_refused(run, 8, FAILURE_NET, "contradicts itself");
		assert_refused(run, 8, FAILURE_NET, "contradicts itself");
	}
	g_assert_true(cache_value(store, "gosumdb fork sumdb.example", &proof, &error));
	g_assert_nonnull(strstr(proof, "\n600\n"));
	g_assert_nonnull(strstr(proof, "\n700\n"));
}

static void a_proven_record_is_not_asked_for_again(void)
{
	g_autoptr(Database) database = database_new();
	g_autoptr(Folder) folder = folder_new();

	add_lookup(database, "", 5, 5, 11);
	add_lookup(database, "x", 6, 6, 11);
	add_tiles(database, "", 11);
	for (int round = 0; round < 2; round++) {
		g_autoptr(Run) run = run_new(database, NULL, folder->path);

		assert_known(run, 5);
		g_assert_cmpint(database->server->requests->len, ==, 2);
	}
	for (guint round = 0; round < 2; round++) { /* what was not proven is not kept */
		g_autoptr(Run) run = run_new(database, NULL, folder->path);
		g_autoptr(SumAsk) ask = ask_for(run, 6);

		g_assert_nonnull(ask->error);
		g_assert_cmpint(database->server->requests->len, >=, 3 + round);
	}
}

static void two_heads_of_one_size_are_a_fork(void)
{
	g_autoptr(Database) database = database_new();
	g_autoptr(Run) run = NULL;

	add_lookup(database, "", 5, 5, 11);
	add_tiles(database, "", 11);
	add_lookup(database, "x", 6, 6, 11);
	run = run_new(database, NULL, NULL);
	assert_known(run, 5);
	assert_refused(run, 6, FAILURE_NET, "contradicts itself");
	assert_refused(run, 5, FAILURE_NET, "contradicts itself");
}

static void a_record_that_is_not_in_the_tree_is_refused(void)
{
	g_autoptr(Database) database = database_new();
	g_autoptr(Run) run = NULL;
	Tree tree = record_tree("", 11);
	g_autofree char *head = record_head(&tree);
	g_autofree char *other = record_text("x", 5);

	add_page(database, g_strdup("/lookup/example.com/r5@v1.0.0"),
		 g_strdup_printf("200\n\n5\n%s\n%s", other, head));
	add_lookup(database, "", 6, 7, 11);  /* another module's record */
	add_lookup(database, "", 8, 11, 11); /* a number beyond the tree */
	add_lookup(database, "", 9, 9, 11);
	add_tiles(database, "", 11);
	run = run_new(database, NULL, NULL);
	assert_refused(run, 5, FAILURE_NET, "not in the tree signed by 'sumdb.example'");
	assert_refused(run, 6, FAILURE_NET, "the record of another module");
	assert_refused(run, 8, FAILURE_NET, "record 11 is not in the signed tree of 11 records");
	assert_refused(run, 10, FAILURE_ABSENT, "does not know 'example.com/r10@v1.0.0'");
	assert_known(run, 9);
}

static void an_answer_that_is_not_signed_is_refused(void)
{
	g_autoptr(Database) database = database_new();
	g_autoptr(Run) run = NULL;
	Tree tree = record_tree("", 11);
	g_autofree char *head = record_head(&tree);
	g_autofree char *record = record_text("", 5);
	g_autofree char *forged = g_strdup(head);

	forged[strlen(forged) - 20] ^= 1;
	add_page(database, g_strdup("/lookup/example.com/r1@v1.0.0"),
		 g_strdup_printf("200\n\n5\n%s\n%s", record, forged));
	add_page(database, g_strdup("/lookup/example.com/r2@v1.0.0"),
		 g_strdup_printf("200\n\n5\n%s", record));
	add_page(database, g_strdup("/lookup/example.com/r3@v1.0.0"), g_strdup("200\n\n<html>"));
	add_page(database, g_strdup("/lookup/example.com/r4@v1.0.0"),
		 g_strdup_printf("200\n\nfive\n%s\n%s", record, head));
	run = run_new(database, NULL, NULL);
	assert_refused(run, 1, FAILURE_NET, "not genuine");
	assert_refused(run, 2, FAILURE_NET, "no record with a signed head");
	assert_refused(run, 3, FAILURE_NET, "no record with a signed head");
	assert_refused(run, 4, FAILURE_NET, "no record with a signed head");
}

static void tiles_that_do_not_fit_are_refused_and_not_kept(void)
{
	g_autoptr(Database) database = database_new();
	g_autoptr(Folder) folder = folder_new();
	g_autoptr(Run) run = NULL;
	Tile tile = { 0, 0, TILE_WIDTH };

	add_lookup(database, "", 5, 5, 300);
	add_tile(database, "x", &tile); /* once another history's, then the true one */
	add_tiles(database, "", 300);
	run = run_new(database, NULL, folder->path);
	assert_refused(run, 5, FAILURE_NET, "tile/8/0/000 does not belong to the signed tree");
	assert_known(run, 5);
}

static void a_partial_tile_that_is_gone_is_cut_from_the_full_one(void)
{
	g_autoptr(Database) database = database_new();
	g_autoptr(Run) run = NULL;

	add_lookup(database, "", 299, 299, 300);
	for (int64_t number = 0; number < 2; number++) {
		Tile tile = { 0, number, TILE_WIDTH };

		add_tile(database, "", &tile);
	}
	add_tile(database, "", &(Tile){ 1, 0, 1 });
	run = run_new(database, NULL, NULL);
	assert_known(run, 299);
}

static void a_proxy_that_can_is_asked_instead(void)
{
	static const Page proxy_pages[] = {
		{ "/sumdb/sumdb.example/supported", { "200\n\n" } },
		{ NULL, { NULL } },
	};
	static const Page other_pages[] = { { NULL, { NULL } } };
	Loopback *without = loopback_new(other_pages);
	Loopback *with = loopback_new(proxy_pages);
	g_autofree char *goproxy = g_strdup_printf("%s,%s,direct", without->origin, with->origin);
	HttpOptions options = { .backoff_ms = 1 };
	g_autoptr(Http) http = http_new(&options, NULL, NOW);
	World world = {
		.http = http, .goproxy = goproxy, .gosumdb = RECORDS_KEY, .netrc = "/nonexistent"
	};
	g_autoptr(GoEnv) env = goenv_new(&world, NULL);
	Run run = { .db = sumdb_new(env, NULL) };
	g_autoptr(SumAsk) ask = ask_for(&run, 5);

	g_assert_error(ask->error, FAILURE, FAILURE_ABSENT);
	g_assert_cmpint(without->requests->len, ==, 1);
	g_assert_cmpint(with->requests->len, ==, 2);
	g_assert_nonnull(strstr(g_ptr_array_index(with->requests, 1),
				"GET /sumdb/sumdb.example/lookup/example.com/r5@v1.0.0 "));
	sumdb_free(run.db);
	loopback_free(without);
	loopback_free(with);
}

static void gosumdb_is_off_a_name_or_a_key(void)
{
	static const struct {
		const char *gosumdb;
		const char *error; /* NULL: fine */
		bool covers;
	} cases[] = {
		{ NULL, NULL, true },
		{ "off", NULL, false },
		{ "sum.golang.org", NULL, true },
		{ "sum.golang.google.cn", NULL, true },
		{ "sum.golang.org https://mirror.example/sumdb", NULL, true },
		{ RECORDS_KEY, NULL, true },
		{ RECORDS_KEY " https://mirror.example", NULL, true },
		{ "sumdb.example", "is no key", false },
		{ RECORDS_KEY " https://mirror.example more", "too many words", false },
		{ RECORDS_KEY " mirror", "no address", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		World world = { .gosumdb = cases[i].gosumdb,
				.goprivate = "private.example",
				.netrc = "/nonexistent" };
		g_autoptr(GError) error = NULL;
		g_autoptr(GoEnv) env = goenv_new(&world, &error);
		g_autoptr(SumDb) db = sumdb_new(env, &error);

		g_test_message("%s", cases[i].gosumdb);
		if (cases[i].error != NULL) {
			g_assert_error(error, FAILURE, FAILURE_CONFIG);
			g_assert_nonnull(strstr(error->message, cases[i].error));
			continue;
		}
		g_assert_no_error(error);
		g_assert_cmpint(sumdb_covers(db, "example.com/a"), ==, cases[i].covers);
		g_assert_false(sumdb_covers(db, "private.example/a"));
		g_assert_true(sumdb_covers(db, "golang.org/toolchain"));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/gomod/sumdb/record_of_the_signed_tree_is_believed",
			a_record_of_the_signed_tree_is_believed);
	g_test_add_func("/gomod/sumdb/heads_of_one_batch_may_differ",
			heads_of_one_batch_may_differ);
	g_test_add_func("/gomod/sumdb/grown_tree_must_contain_what_was_seen_before",
			a_grown_tree_must_contain_what_was_seen_before);
	g_test_add_func("/gomod/sumdb/proven_record_is_not_asked_for_again",
			a_proven_record_is_not_asked_for_again);
	g_test_add_func("/gomod/sumdb/two_heads_of_one_size_are_a_fork",
			two_heads_of_one_size_are_a_fork);
	g_test_add_func("/gomod/sumdb/record_that_is_not_in_the_tree_is_refused",
			a_record_that_is_not_in_the_tree_is_refused);
	g_test_add_func("/gomod/sumdb/answer_that_is_not_signed_is_refused",
			an_answer_that_is_not_signed_is_refused);
	g_test_add_func("/gomod/sumdb/tiles_that_do_not_fit_are_refused_and_not_kept",
			tiles_that_do_not_fit_are_refused_and_not_kept);
	g_test_add_func("/gomod/sumdb/partial_tile_that_is_gone_is_cut_from_the_full_one",
			a_partial_tile_that_is_gone_is_cut_from_the_full_one);
	g_test_add_func("/gomod/sumdb/proxy_that_can_is_asked_instead",
			a_proxy_that_can_is_asked_instead);
	g_test_add_func("/gomod/sumdb/gosumdb_is_off_a_name_or_a_key",
			gosumdb_is_off_a_name_or_a_key);
	return g_test_run();
}
