/* SPDX-License-Identifier: MIT */
/* What this installation has seen of digests, across runs. */
#include "ecosystems/docker/lookup.h"
#include "store/directory.h"

#define KEY "registry.test/a/b"
#define A   "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B   "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C   "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

/* A run at `now` in which the tag has the digest, pushed at `pushed_at`. */
static void run(Store *store, int64_t now, const char *tag, const char *digest, int64_t pushed_at)
{
	World w = { .store = store, .now = now };
	g_autoptr(Offer) offer = lookup_new(&w, KEY);
	Release *release = listing_add(offer, tag);

	release->digest = g_strdup(digest);
	release->published_at = pushed_at;
	GOOD(lookup_observe(&w, offer, release, &error));
}

static void the_first_sight_of_a_digest_stays(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	World w = { .store = store, .now = NOW };
	g_autoptr(Offer) offer = lookup_new(&w, KEY);
	Release *release = listing_add(offer, "1.0");

	(void)data;
	run(store, NOW - 9, "1.0", A, 0);
	GOOD(lookup_observe(&w, offer, release, &error)); /* without a digest nothing is seen */
	g_assert_cmpint(listed_of(release)->first_seen_at, ==, 0);
	release->digest = g_strdup(A);
	GOOD(lookup_observe(&w, offer, release, &error));
	g_assert_cmpint(listed_of(release)->first_seen_at, ==, NOW - 9);
	g_assert_cmpint(listed_since(release), ==, NOW - 9);
}

static void all_digests_of_a_tag_are_recalled(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	World w = { .store = store, .now = NOW };
	g_autoptr(Offer) offer = lookup_new(&w, KEY);
	Release *release = listing_add(offer, "1.0");
	const GPtrArray *seen;

	(void)data;
	run(store, NOW - 30, "1.0", A, 0);
	run(store, NOW - 20, "1.0", B, NOW - 25);
	run(store, NOW - 10, "2.0", C, 0);
	GOOD(lookup_recall(&w, offer, release, &error));
	GOOD(lookup_recall(&w, offer, release, &error)); /* not twice */
	seen = listed_of(release)->seen;
	g_assert_cmpuint(seen->len, ==, 2);
	g_assert_cmpstr(((SeenDigest *)seen->pdata[0])->digest, ==, B);
	g_assert_cmpint(((SeenDigest *)seen->pdata[0])->since, ==, NOW - 25);
	g_assert_cmpint(((SeenDigest *)seen->pdata[1])->since, ==, NOW - 30);
}

static void what_a_file_has_is_told_apart(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	World w = { .store = store, .now = NOW - 40 };
	g_autoptr(Offer) offer = lookup_new(&w, KEY);
	Release *release = listing_add(offer, "1.0");
	const SeenDigest *written;

	(void)data;
	GOOD(lookup_note_written(&w, offer, release, A, &error));
	GOOD(lookup_note_written(&w, offer, release, B, &error));
	run(store, NOW - 20, "1.0", B, 0);
	GOOD(lookup_recall(&w, offer, release, &error));
	g_assert_cmpuint(listed_of(release)->seen->len, ==, 2);
	written = listed_of(release)->seen->pdata[1];
	g_assert_cmpstr(written->digest, ==, A);
	g_assert_true(written->is_only_written);
	written = listed_of(release)->seen->pdata[0];
	g_assert_cmpstr(written->digest, ==, B);
	g_assert_false(written->is_only_written);
	GOOD(lookup_recall_tag(&w, offer, A, &error));
	g_assert_null(content_find(offer, A)); /* what is written tells no tag */
}

/* Of the tags that a digest was seen under. */
static const struct {
	const char *seen, *listed, *has_it_now, *wanted;
} tags[] = {
	{ "1.2", "1.2", NULL, "1.2" },
	{ "1 1.2.3 1.2", "1 1.2 1.2.3", NULL, "1.2.3" },               /* the most precise */
	{ "1.2.3-alpine 1.2.3", "1.2.3 1.2.3-alpine", NULL, "1.2.3" }, /* the plainer */
	{ "1.2.3 1.2", "1.2", NULL, "1.2" },                           /* that is still there */
	{ "1.2.3", "1.2", NULL, NULL },
	{ "latest", "latest", NULL, NULL }, /* says no version */
	{ "", "1.2 1.3", "1.3", "1.3" },
	{ "1.2", "1.2 1.3", "1.3", "1.2" }, /* what was seen comes first */
};

static void a_digest_is_traced_to_its_tag(gconstpointer data)
{
	size_t row = GPOINTER_TO_SIZE(data);
	Directory directory = { 0 };
	g_auto(GStrv) seen = g_strsplit(tags[row].seen, " ", -1);
	g_auto(GStrv) listed = g_strsplit(tags[row].listed, " ", -1);

	directory_make(&directory, NULL);
	{
		g_autoptr(Store) store = directory_open(&directory);
		World w = { .store = store, .now = NOW };
		g_autoptr(Offer) offer = lookup_new(&w, KEY);
		const Content *content;

		for (char **tag = seen; *tag != NULL; tag++)
			run(store, NOW - 9, *tag, A, 0);
		for (char **tag = listed; *tag != NULL; tag++)
			(void)listing_add(offer, *tag);
		if (tags[row].has_it_now != NULL)
			listing_find(offer, tags[row].has_it_now)->digest = g_strdup(A);
		GOOD(lookup_recall_tag(&w, offer, A, &error));
		content = content_find(offer, A);
		g_assert_cmpstr(content != NULL ? content->tag : NULL, ==, tags[row].wanted);
	}
	directory_remove(&directory, NULL);
}

/* A file has put a registry of its own in Docker Hub's place. */
static void what_a_replacement_says_is_no_news_of_the_image(Directory *directory,
							    gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) upstreams = g_ptr_array_new();
	Upstream foreign = { .host = (char *)"registry.test",
			     .registry = (char *)"https://own.test",
			     .is_foreign = true };
	World theirs = { .store = store, .now = NOW - 40, .upstreams = upstreams };
	World ours = { .store = store, .now = NOW };
	g_autoptr(Offer) fake = NULL, offer = lookup_new(&ours, KEY);
	Release *forged, *release = listing_add(offer, "1.0");

	(void)data;
	g_ptr_array_add(upstreams, &foreign);
	fake = lookup_new(&theirs, KEY);
	forged = listing_add(fake, "1.0");
	forged->digest = g_strdup(A);
	GOOD(lookup_observe(&theirs, fake, forged, &error));
	GOOD(lookup_note_written(&theirs, fake, forged, B, &error));
	release->digest = g_strdup(A);
	GOOD(lookup_observe(&ours, offer, release, &error));
	g_assert_cmpint(listed_of(release)->first_seen_at, ==, NOW);
	GOOD(lookup_recall(&ours, offer, release, &error));
	g_assert_cmpuint(listed_of(release)->seen->len, ==, 1);
	GOOD(lookup_recall(&theirs, fake, forged, &error));
	g_assert_cmpuint(listed_of(forged)->seen->len, ==, 2);
}

static void what_fails_halfway_is_not_kept(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	World w = { .store = store, .now = NOW }, none = { 0 };
	g_autoptr(Offer) offer = lookup_new(&w, KEY);
	Release *release = listing_add(offer, "1.0");
	g_autoptr(GError) failed = NULL;

	(void)data;
	GOOD(lookup_enter(&w, &error));
	run(store, NOW, "1.0", A, 0);
	g_assert_false(lookup_leave(&w, false, &failed));
	GOOD(lookup_recall(&w, offer, release, &error));
	g_assert_null(listed_of(release)->seen);
	GOOD(lookup_enter(&none, &error));
	GOOD(lookup_leave(&none, true, &error));
}

static void lookup_test(const char *path, void (*test)(Directory *, gconstpointer))
{
	g_test_add(path, Directory, NULL, directory_make, test, directory_remove);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	lookup_test("/lookup/the_first_sight_of_a_digest_stays", the_first_sight_of_a_digest_stays);
	lookup_test("/lookup/all_digests_of_a_tag_are_recalled", all_digests_of_a_tag_are_recalled);
	lookup_test("/lookup/what_a_file_has_is_told_apart", what_a_file_has_is_told_apart);
	lookup_test("/lookup/what_a_replacement_says_is_no_news_of_the_image",
		    what_a_replacement_says_is_no_news_of_the_image);
	lookup_test("/lookup/what_fails_halfway_is_not_kept", what_fails_halfway_is_not_kept);
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
		g_autofree char *path =
			g_strdup_printf("/lookup/a_digest_is_traced_to_its_tag/%zu", i + 1);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), a_digest_is_traced_to_its_tag);
	}
	return g_test_run();
}
