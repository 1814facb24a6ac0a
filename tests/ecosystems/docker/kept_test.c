/* SPDX-License-Identifier: MIT */
/* What is kept of a registry comes back as it was, and nothing else does. */
#include "ecosystems/docker/kept.h"
#include "store/cache.h"
#include "store/directory.h"

#include <string.h>

#define BASE "https://hub.test"
#define KEY  "docker.io/library/golang"
#define A    "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static World world(Store *store)
{
	return (World){ .store = store, .now = NOW };
}

static void a_list_comes_back_with_digests_and_dates(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Offer) offer = listing_new(KEY, NULL), again = listing_new(KEY, NULL);
	World w = world(store);
	Release *release = listing_add(offer, "1.22");
	Cursor cursor = { 3, NOW - 5, NOW }, found = { 0 };

	(void)data;
	release->digest = g_strdup(A);
	release->published_at = NOW - 9;
	(void)listing_add(offer, "1.21");
	listing_add(offer, "1.20")->digest = g_strdup("sha512:abc"); /* of a kind not kept */
	GOOD(kept_put_list(&w, BASE, offer, &cursor, &error));
	g_assert_true(kept_list(&w, BASE, KEY, again, &found));
	g_assert_cmpint(found.count, ==, 3);
	g_assert_cmpint(found.newest_at, ==, NOW - 5);
	g_assert_cmpint(found.listed_at, ==, NOW);
	g_assert_cmpuint(again->releases->len, ==, 3);
	release = listing_find(again, "1.22");
	g_assert_cmpstr(release->digest, ==, A);
	g_assert_cmpint(release->published_at, ==, NOW - 9);
	g_assert_true(release->is_described);
	g_assert_false(listing_find(again, "1.21")->is_described);
	g_assert_null(listing_find(again, "1.20")->digest);
}

static void what_is_known_already_is_not_overwritten(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Offer) offer = listing_new(KEY, NULL), again = listing_new(KEY, NULL);
	World w = world(store);
	Cursor cursor = { 1, 2, 3 };

	(void)data;
	listing_add(offer, "1.22")->digest = g_strdup(A);
	GOOD(kept_put_list(&w, BASE, offer, &cursor, &error));
	listing_add(again, "1.22")->digest = g_strdup("sha256:new");
	g_assert_true(kept_list(&w, BASE, KEY, again, &cursor));
	g_assert_cmpuint(again->releases->len, ==, 1);
	g_assert_cmpstr(listing_find(again, "1.22")->digest, ==, "sha256:new");
}

static void lists_of_other_places_are_others(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Offer) offer = listing_new(KEY, NULL);
	World w = world(store), none = world(NULL);
	Cursor cursor = { 1, 2, 3 };

	(void)data;
	GOOD(kept_put_list(&w, BASE, offer, &cursor, &error));
	GOOD(kept_put_list(&none, BASE, offer, &cursor, &error));
	g_assert_true(kept_list(&w, BASE, KEY, NULL, &cursor));
	g_assert_false(kept_list(&w, "https://mirror.test", KEY, NULL, &cursor));
	g_assert_false(kept_list(&w, BASE, "docker.io/library/redis", NULL, &cursor));
	g_assert_false(kept_list(&none, BASE, KEY, NULL, &cursor));
}

/* A store that another version has written, or that is broken. */
static void a_list_that_makes_no_sense_is_none(Directory *directory, gconstpointer data)
{
	static const struct {
		const char *text;
		bool is_list;
		guint tags; /* of those that are */
	} rows[] = {
		{ "", false, 0 },
		{ "1 2", false, 0 },
		{ "1 2 x", false, 0 },
		{ "-1 2 3", false, 0 },
		{ "1 2 99999999999999999999", false, 0 },
		{ "1 2 3", true, 0 },
		{ "1 2 3\n\n\n", true, 0 },
		{ "1 2 3\n1.22\n1.22\n", true, 1 },
		{ "1 2 3\n1.22 aa\n1.23 aa x\n1.24 aa 5 6\n", true, 3 }, /* names alone */
		{ "1 2 3\n.no/tag\n", true, 0 },
	};
	g_autoptr(Store) store = directory_open(directory);
	World w = world(store);

	(void)data;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(CachedAnswer) answer = cached_answer_new();
		g_autoptr(Offer) offer = listing_new(KEY, NULL);
		Cursor cursor;

		g_test_message("'%s'", rows[i].text);
		answer->body = g_bytes_new_static(rows[i].text, strlen(rows[i].text));
		GOOD(cache_keep(store, "docker list " BASE " " KEY, answer, 1 << 20, NOW, &error));
		g_assert_cmpint(kept_list(&w, BASE, KEY, offer, &cursor), ==, rows[i].is_list);
		g_assert_cmpuint(offer->releases->len, ==, rows[i].tags);
		for (guint k = 0; k < offer->releases->len; k++)
			g_assert_null(((Release *)offer->releases->pdata[k])->digest);
	}
}

static void a_content_comes_back_whole(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Offer) offer = listing_new(KEY, NULL), again = listing_new(KEY, NULL);
	World w = world(store);
	Content *content = content_need(offer, A), *found = content_need(again, A);
	const Platform *platform;

	(void)data;
	content->is_index = true;
	content_add_platform(content, "linux", "arm", "v7", NULL, "sha256:arm");
	content_add_platform(content, "windows", "amd64", NULL, "10.0.20348.1", NULL);
	GOOD(kept_put_content(&w, content, &error));
	g_assert_false(kept_content(&w, content_need(again, "sha256:other")));
	g_assert_true(kept_content(&w, found));
	g_assert_true(found->is_whole);
	g_assert_true(found->is_index);
	g_assert_false(found->is_known); /* whether it is served is another question */
	g_assert_cmpuint(found->platforms->len, ==, 2);
	platform = found->platforms->pdata[0];
	g_assert_cmpstr(platform->variant, ==, "v7");
	g_assert_null(platform->os_version);
	g_assert_cmpstr(platform->digest, ==, "sha256:arm");
	platform = found->platforms->pdata[1];
	g_assert_cmpstr(platform->os, ==, "windows");
	g_assert_cmpstr(platform->os_version, ==, "10.0.20348.1");
	g_assert_null(platform->digest);
}

static void kept_test(const char *path, void (*test)(Directory *, gconstpointer))
{
	g_test_add(path, Directory, NULL, directory_make, test, directory_remove);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	kept_test("/kept/a_list_comes_back_with_digests_and_dates",
		  a_list_comes_back_with_digests_and_dates);
	kept_test("/kept/what_is_known_already_is_not_overwritten",
		  what_is_known_already_is_not_overwritten);
	kept_test("/kept/lists_of_other_places_are_others", lists_of_other_places_are_others);
	kept_test("/kept/a_list_that_makes_no_sense_is_none", a_list_that_makes_no_sense_is_none);
	kept_test("/kept/a_content_comes_back_whole", a_content_comes_back_whole);
	return g_test_run();
}
