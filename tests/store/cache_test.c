/* SPDX-License-Identifier: MIT */
#include "store/cache.h"
#include "store/directory.h"

#define DAY INT64_C(86400)

#define MIB (INT64_C(1024) * 1024)

static CachedAnswer *answer_of(const char *body, const char *etag)
{
	CachedAnswer *answer = cached_answer_new();

	answer->etag = g_strdup(etag);
	answer->body = g_bytes_new(body, strlen(body));
	answer->stored_at = NOW;
	return answer;
}

static void keep(Store *store, const char *key, const char *body, int64_t max_bytes, int64_t now)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(CachedAnswer) answer = answer_of(body, NULL);

	g_assert_true(cache_keep(store, key, answer, max_bytes, now, &error));
	g_assert_no_error(error);
}

static CachedAnswer *find(Store *store, const char *key)
{
	g_autoptr(GError) error = NULL;
	CachedAnswer *answer = NULL;

	g_assert_true(cache_find(store, key, &answer, &error));
	g_assert_no_error(error);
	return answer;
}

static bool has(Store *store, const char *key)
{
	g_autoptr(CachedAnswer) answer = find(store, key);

	return answer != NULL;
}

static void an_answer_comes_back_as_it_was(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(CachedAnswer) answer = answer_of("", "\"1\"");
	g_autoptr(CachedAnswer) found = NULL;

	(void)data;
	g_assert_null(find(store, "https://registry.test/v2/"));
	answer->is_immutable = true;
	g_clear_pointer(&answer->body, g_bytes_unref);
	answer->body = g_bytes_new("a\0b", 3);
	g_ptr_array_add(answer->headers, g_strdup("link: </v2/?last=a>; rel=\"next\""));
	g_ptr_array_add(answer->headers, g_strdup("content-type: text/plain"));
	g_assert_true(cache_keep(store, "https://registry.test/v2/", answer, MIB, NOW, NULL));
	store_close(g_steal_pointer(&store));

	store = directory_open(directory);
	found = find(store, "https://registry.test/v2/");
	g_assert_nonnull(found);
	g_assert_cmpstr(found->etag, ==, "\"1\"");
	g_assert_null(found->last_modified);
	g_assert_true(g_bytes_equal(found->body, answer->body));
	g_assert_cmpint(found->stored_at, ==, NOW);
	g_assert_true(found->is_immutable);
	g_assert_cmpuint(found->headers->len, ==, 2);
	g_assert_cmpstr(found->headers->pdata[1], ==, "content-type: text/plain");
}

static void an_answer_replaces_the_one_before(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(CachedAnswer) found = NULL;

	(void)data;
	keep(store, "a", "old", MIB, NOW);
	keep(store, "a", "", MIB, NOW);
	found = find(store, "a");
	g_assert_cmpuint(g_bytes_get_size(found->body), ==, 0);
}

static void the_least_recently_used_answers_go(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);

	(void)data;
	keep(store, "a", "0123456789", 60, NOW - 500000);
	keep(store, "b", "0123456789", 60, NOW - 400000);
	keep(store, "c", "0123456789", 60, NOW - 300000);
	g_assert_true(has(store, "a")); /* is the newest by now */
	keep(store, "d", "0123456789", 60, NOW - 200000);
	keep(store, "e", "0123456789", 60, NOW - 100000);
	keep(store, "f", "0123456789", 60, NOW);
	g_assert_true(has(store, "a"));
	g_assert_false(has(store, "b"));
	g_assert_true(has(store, "c"));
	g_assert_true(has(store, "f"));
}

static void an_answer_that_would_drive_out_all_others_is_not_kept(Directory *directory,
								  gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);

	(void)data;
	keep(store, "a", "0123456789", 60, NOW);
	keep(store, "large", "01234567890123456789", 60, NOW);
	g_assert_false(has(store, "large"));
	g_assert_true(has(store, "a"));
}

static int64_t first_seen(Store *store, const char *version, const char *digest, int64_t now)
{
	g_autoptr(GError) error = NULL;
	int64_t at = 0;

	g_assert_true(cache_first_seen(store, "docker.io/library/golang", version, digest, now, &at,
				       &error));
	g_assert_no_error(error);
	return at;
}

static void first_seen_stays_whatever_is_seen_later(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);

	(void)data;
	g_assert_cmpint(first_seen(store, "1.22", "", NOW), ==, NOW);
	g_assert_cmpint(first_seen(store, "1.22", "", NOW + 5), ==, NOW);
	g_assert_cmpint(first_seen(store, "1.23", "", NOW + 6), ==, NOW + 6);
	g_assert_cmpint(first_seen(store, "1.22", "sha256:aa", NOW + 7), ==, NOW + 7);
}

static void digests_of_a_version_come_newest_first(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) digests = NULL;
	const DigestSeen *newest = NULL;

	(void)data;
	(void)first_seen(store, "1.22", "", NOW);
	(void)first_seen(store, "1.22", "sha256:aa", NOW);
	(void)first_seen(store, "1.22", "sha256:bb", NOW + 9);
	(void)first_seen(store, "1.23", "sha256:cc", NOW + 9);
	g_assert_true(cache_set_pushed(store, "docker.io/library/golang", "1.22", "sha256:bb",
				       NOW + 3, NULL));
	digests = cache_digests(store, "docker.io/library/golang", "1.22", NULL);
	g_assert_cmpuint(digests->len, ==, 2);
	newest = digests->pdata[0];
	g_assert_cmpstr(newest->digest, ==, "sha256:bb");
	g_assert_cmpint(newest->first_seen_at, ==, NOW + 9);
	g_assert_cmpint(newest->pushed_at, ==, NOW + 3);
}

static void versions_with_a_digest_are_found_again(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) versions = NULL;

	(void)data;
	(void)first_seen(store, "1.22", "sha256:aa", NOW);
	(void)first_seen(store, "1", "sha256:aa", NOW + 9);
	(void)first_seen(store, "1.23", "sha256:bb", NOW + 9);
	versions = cache_versions(store, "docker.io/library/golang", "sha256:aa", NULL);
	g_assert_cmpuint(versions->len, ==, 2);
	g_assert_cmpstr(versions->pdata[0], ==, "1");
	g_assert_cmpstr(versions->pdata[1], ==, "1.22");
}

static void a_pause_only_grows(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) pauses = NULL;
	int64_t until = -1;

	(void)data;
	g_assert_true(cache_paused_until(store, "registry.test", &until, NULL));
	g_assert_cmpint(until, ==, 0);
	g_assert_true(cache_pause(store, "registry.test", NOW + 60, NULL));
	g_assert_true(cache_pause(store, "registry.test", NOW + 30, NULL));
	g_assert_true(cache_pause(store, "old.test", NOW - 1, NULL));
	g_assert_true(cache_paused_until(store, "registry.test", &until, NULL));
	g_assert_cmpint(until, ==, NOW + 60);
	pauses = cache_pauses(store, NOW, NULL);
	g_assert_cmpuint(pauses->len, ==, 1);
	g_assert_cmpstr(((HostPause *)pauses->pdata[0])->host, ==, "registry.test");
}

static void a_paused_account_is_not_shown(Directory *directory, gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) pauses = NULL;
	const HostPause *first;

	g_assert_true(cache_pause(store, "b.test", NOW + 60, NULL));
	g_assert_true(cache_pause(store, "a.test:5000 for 0123456789abcdef", NOW + 90, NULL));
	g_assert_true(cache_pause(store, "a.test:5000", NOW + 30, NULL));
	pauses = cache_pauses(store, NOW, NULL);
	g_assert_cmpuint(pauses->len, ==, 2);
	first = g_ptr_array_index(pauses, 0);
	g_assert_cmpstr(first->host, ==, "a.test:5000");
	g_assert_cmpint(first->until, ==, NOW + 90);
}

static void a_value_can_be_set_and_removed(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autofree char *value = NULL;
	g_autofree char *gone = NULL;

	(void)data;
	g_assert_true(cache_set_value(store, "head", "one", NULL));
	g_assert_true(cache_set_value(store, "head", "two", NULL));
	g_assert_true(cache_value(store, "head", &value, NULL));
	g_assert_cmpstr(value, ==, "two");
	g_assert_true(cache_set_value(store, "head", NULL, NULL));
	g_assert_true(cache_value(store, "head", &gone, NULL));
	g_assert_null(gone);
}

static void what_is_old_is_forgotten(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	int64_t until = -1;

	(void)data;
	keep(store, "a", "body", MIB, NOW - 100 * DAY);
	keep(store, "b", "body", MIB, NOW - 80 * DAY);
	g_assert_true(cache_pause(store, "registry.test", NOW - 1, NULL));
	g_assert_true(cache_forget(store, NOW, NULL));
	g_assert_false(has(store, "a"));
	g_assert_true(has(store, "b"));
	g_assert_true(cache_paused_until(store, "registry.test", &until, NULL));
	g_assert_cmpint(until, ==, 0);
}

static void a_digest_is_forgotten_long_after_another_took_its_place(Directory *directory,
								    gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(GPtrArray) digests = NULL, alone = NULL;

	(void)data;
	(void)first_seen(store, "1.22", "", NOW - 900 * DAY);
	(void)first_seen(store, "1.22", "sha256:aa", NOW - 800 * DAY);
	(void)first_seen(store, "1.22", "sha256:bb", NOW - 401 * DAY);
	(void)first_seen(store, "1.22", "sha256:cc", NOW - 399 * DAY);
	(void)first_seen(store, "1.21", "sha256:dd", NOW - 800 * DAY);
	g_assert_true(cache_forget(store, NOW, NULL));
	digests = cache_digests(store, "docker.io/library/golang", "1.22", NULL);
	g_assert_cmpuint(digests->len, ==, 2);
	g_assert_cmpstr(((DigestSeen *)digests->pdata[0])->digest, ==, "sha256:cc");
	g_assert_cmpstr(((DigestSeen *)digests->pdata[1])->digest, ==, "sha256:bb");
	alone = cache_digests(store, "docker.io/library/golang", "1.21", NULL);
	g_assert_cmpuint(alone->len, ==, 1);
	g_assert_cmpint(first_seen(store, "1.22", "", NOW), ==, NOW - 900 * DAY);
}

static void without_a_store_nothing_is_kept(void)
{
	g_autoptr(GPtrArray) digests = NULL;
	g_autofree char *value = NULL;
	int64_t until = -1;

	keep(NULL, "a", "body", MIB, NOW);
	g_assert_null(find(NULL, "a"));
	g_assert_cmpint(first_seen(NULL, "1.22", "", NOW), ==, NOW);
	g_assert_true(cache_set_pushed(NULL, "k", "v", "d", NOW, NULL));
	digests = cache_digests(NULL, "k", "v", NULL);
	g_assert_cmpuint(digests->len, ==, 0);
	g_assert_true(cache_pause(NULL, "h", NOW, NULL));
	g_assert_true(cache_paused_until(NULL, "h", &until, NULL));
	g_assert_cmpint(until, ==, 0);
	g_assert_true(cache_set_value(NULL, "n", "v", NULL));
	g_assert_true(cache_value(NULL, "n", &value, NULL));
	g_assert_null(value);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	store_test("/cache/an_answer_comes_back_as_it_was", an_answer_comes_back_as_it_was);
	store_test("/cache/an_answer_replaces_the_one_before", an_answer_replaces_the_one_before);
	store_test("/cache/the_least_recently_used_answers_go", the_least_recently_used_answers_go);
	store_test("/cache/an_answer_that_would_drive_out_all_others_is_not_kept",
		   an_answer_that_would_drive_out_all_others_is_not_kept);
	store_test("/cache/first_seen_stays_whatever_is_seen_later",
		   first_seen_stays_whatever_is_seen_later);
	store_test("/cache/digests_of_a_version_come_newest_first",
		   digests_of_a_version_come_newest_first);
	store_test("/cache/versions_with_a_digest_are_found_again",
		   versions_with_a_digest_are_found_again);
	store_test("/cache/a_pause_only_grows", a_pause_only_grows);
	store_test("/cache/a_paused_account_is_not_shown", a_paused_account_is_not_shown);
	store_test("/cache/a_value_can_be_set_and_removed", a_value_can_be_set_and_removed);
	store_test("/cache/what_is_old_is_forgotten", what_is_old_is_forgotten);
	store_test("/cache/a_digest_is_forgotten_long_after_another_took_its_place",
		   a_digest_is_forgotten_long_after_another_took_its_place);
	g_test_add_func("/cache/without_a_store_nothing_is_kept", without_a_store_nothing_is_kept);
	return g_test_run();
}
