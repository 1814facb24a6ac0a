/* SPDX-License-Identifier: MIT */
/* Where an image is asked for, and as whom, before anybody is asked. */
#include "base/secret.h"
#include "ecosystems/docker/access.h"

#include <string.h>

static Upstream upstreams[] = {
	{ .host = (char *)"own.test", .registry = (char *)"https://own.test/base//" },
	{ .host = (char *)"tags.test",
	  .registry = (char *)"http://127.0.0.1:5000",
	  .tags = (char *)"https://records.test/" },
	{ .host = (char *)"named.test", .is_foreign = true },
	{ .host = (char *)"split.test", .manifests = (char *)"https://blobs.test" },
	{ .host = (char *)"cache.test/hub", .stands_for = (char *)"docker.io/library" },
	{ .host = (char *)"cache.test", .stands_for = (char *)"other.test/all" },
};

static World world(GPtrArray *list)
{
	for (size_t i = 0; i < G_N_ELEMENTS(upstreams); i++)
		g_ptr_array_add(list, &upstreams[i]);
	return (World){ .upstreams = list };
}

static const struct {
	const char *key, *host, *path, *registry, *tags;
	bool is_metered, is_foreign;
} places[] = {
	{ "docker.io/library/golang", "docker.io", "library/golang", "https://registry-1.docker.io",
	  "https://hub.docker.com", true, false },
	{ "ghcr.io/a/b/c", "ghcr.io", "a/b/c", "https://ghcr.io", NULL, false, true },
	{ "own.test/a", "own.test", "a", "https://own.test/base", NULL, false, false },
	{ "OWN.test/a", "OWN.test", "a", "https://own.test/base", NULL, false, false },
	{ "tags.test/a/b", "tags.test", "a/b", "http://127.0.0.1:5000", "https://records.test",
	  false, false },
	{ "named.test/a", "named.test", "a", "https://named.test", NULL, false, true },
	{ "localhost:5000/a", "localhost:5000", "a", "http://localhost:5000", NULL, false, true },
	{ "127.0.0.1:5000/a", "127.0.0.1:5000", "a", "http://127.0.0.1:5000", NULL, false, true },
	{ "10.0.0.1:5000/a", "10.0.0.1:5000", "a", "https://10.0.0.1:5000", NULL, false, true },
	{ "bare.test", "bare.test", "", "https://bare.test", NULL, false, true },
};

static void an_image_is_asked_for_at_its_place(void)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	World w = world(list);

	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autoptr(Access) access = access_new(&w, places[i].key);

		g_test_message("%s", places[i].key);
		g_assert_cmpstr(access->host, ==, places[i].host);
		g_assert_cmpstr(access->path, ==, places[i].path);
		g_assert_cmpstr(access->registry, ==, places[i].registry);
		g_assert_cmpstr(access->tags, ==, places[i].tags);
		g_assert_cmpint(access->is_metered, ==, places[i].is_metered);
		g_assert_cmpint(access->is_foreign, ==, places[i].is_foreign);
		g_assert_null(access->credential);
	}
}

#define ECR     "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
#define ECR_API "https://api.ecr.eu-west-1.amazonaws.com"

static const struct {
	const char *key, *mirror; /* NULL: none */
	const char *host, *username;
	const char *keys_endpoint, *region; /* NULL: what is configured is sent as it is */
} keys[] = {
	{ ECR "/a", NULL, ECR, "AKIDEXAMPLE", ECR_API, "eu-west-1" },
	{ ECR "/a", NULL, ECR, "AWS", NULL, NULL }, /* a password already */
	{ ECR "/a", "https://mirror.test", "mirror.test", "bot", NULL, NULL },
	{ "docker.io/library/a", "https://" ECR "/hub", ECR, "AKIDEXAMPLE", ECR_API, "eu-west-1" },
	{ "mirror.test/a", NULL, "mirror.test", "bot", NULL, NULL },
};

static void an_access_key_is_for_aws_alone(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *host = g_strndup(keys[i].key, strcspn(keys[i].key, "/"));
		Upstream mirror = { .host = host, .registry = (char *)keys[i].mirror };
		g_autoptr(GPtrArray) list = g_ptr_array_new(), credentials = g_ptr_array_new();
		World w = { .upstreams = list, .credentials = credentials };
		Credential credential = { .host = (char *)keys[i].host,
					  .username = (char *)keys[i].username };
		g_autoptr(Access) access = NULL;

		g_ptr_array_add(list, &mirror);
		g_ptr_array_add(credentials, &credential);
		access = access_new(&w, keys[i].key);
		g_assert_true(access->credential == &credential);
		g_assert_cmpstr(access->keys_endpoint, ==, keys[i].keys_endpoint);
		g_assert_cmpstr(access->region, ==, keys[i].region);
	}
}

static void a_token_of_the_settings_is_for_either_path(void)
{
	Upstream mirror = { .host = (char *)"docker.io",
			    .registry = (char *)"https://mirror.test",
			    .is_foreign = true };
	g_autoptr(Secret) secret = secret_new("t0ken", strlen("t0ken"));
	Credential credential = { .host = (char *)"mirror.test", .secret = secret };
	g_autoptr(GPtrArray) list = g_ptr_array_new(), credentials = g_ptr_array_new();
	World w = { .upstreams = list, .credentials = credentials };
	g_autoptr(Access) access = NULL;

	g_ptr_array_add(list, &mirror);
	g_ptr_array_add(credentials, &credential);
	access = access_new(&w, "docker.io/library/golang");
	g_assert_cmpstr(access->path, ==, "golang");
	g_assert_nonnull(access->token);
	g_assert_true(access_turn_library(access));
	g_assert_cmpstr(access->path, ==, "library/golang");
	g_assert_nonnull(access->token);
}

static void a_token_that_was_fetched_is_for_one_path(void)
{
	Upstream mirror = { .host = (char *)"docker.io",
			    .registry = (char *)"https://mirror.test" };
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	World w = { .upstreams = list };
	g_autoptr(Access) access = NULL;

	g_ptr_array_add(list, &mirror);
	access = access_new(&w, "docker.io/library/golang");
	access->token = secret_new("t0ken", strlen("t0ken"));
	g_assert_true(access_turn_library(access));
	g_assert_cmpstr(access->path, ==, "golang");
	g_assert_null(access->token);
}

static void a_prefix_stands_for_another_image(void)
{
	static const char *const rows[][2] = {
		{ "cache.test/hub/golang", "docker.io/library/golang" }, /* the longest */
		{ "CACHE.test/hub/golang", "docker.io/library/golang" },
		{ "cache.test/hubble", "other.test/all/hubble" }, /* whole words */
		{ "cache.test/hub", "other.test/all/hub" },
		{ "cache.test.example/a", "cache.test.example/a" },
		{ "own.test/a", "own.test/a" },
	};
	g_autoptr(GPtrArray) list = g_ptr_array_new();
	World w = world(list);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *key = access_key(&w, rows[i][0]);

		g_assert_cmpstr(key, ==, rows[i][1]);
	}
}

static void the_list_may_lie_elsewhere_than_the_manifests(void)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new(), fallbacks = g_ptr_array_new();
	World w = world(list);
	g_autoptr(Access) manifests = access_new_manifests(&w, "split.test/a");
	g_autoptr(Access) first = NULL, second = NULL;

	g_assert_cmpstr(manifests->registry, ==, "https://blobs.test");
	g_assert_cmpstr(manifests->path, ==, "a");
	g_assert_null(access_new_manifests(&w, "own.test/a"));
	g_assert_null(access_new_manifests(&w, "unknown.test/a"));
	g_assert_null(access_new_fallback(&w, "split.test/a", 1));
	g_ptr_array_add(fallbacks, (char *)"https://one.test/");
	g_ptr_array_add(fallbacks, (char *)"https://two.test");
	upstreams[3].fallbacks = fallbacks;
	first = access_new_fallback(&w, "split.test/a", 1);
	second = access_new_fallback(&w, "split.test/a", 2);
	g_assert_cmpstr(first->registry, ==, "https://one.test");
	g_assert_cmpstr(second->registry, ==, "https://two.test");
	g_assert_null(access_new_fallback(&w, "split.test/a", 3));
	upstreams[3].fallbacks = NULL;
}

static const struct {
	int status;
	int kind;
} answers[] = {
	{ 401, FAILURE_DENIED }, { 403, FAILURE_DENIED }, { 404, FAILURE_ABSENT },
	{ 400, FAILURE_NET },    { 500, FAILURE_NET },
};

static void a_status_says_what_is_wrong(void)
{
	World w = { 0 };
	g_autoptr(Access) access = access_new(&w, "registry.test/a/b");

	for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
		Ask *ask = ask_new(access, HTTP_GET, g_strdup("https://registry.test/v2/"), NULL,
				   NULL);
		g_autoptr(GError) error = NULL;

		ask->request = http_request_new(HTTP_GET, ask->url);
		ask->request->status = answers[i].status;
		error = ask_error(ask);
		g_assert_error(error, FAILURE, answers[i].kind);
		g_assert_nonnull(strstr(error->message, "'a/b'"));
		ask_free(ask);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/access/an_image_is_asked_for_at_its_place",
			an_image_is_asked_for_at_its_place);
	g_test_add_func("/access/an_access_key_is_for_aws_alone", an_access_key_is_for_aws_alone);
	g_test_add_func("/access/a_token_of_the_settings_is_for_either_path",
			a_token_of_the_settings_is_for_either_path);
	g_test_add_func("/access/a_token_that_was_fetched_is_for_one_path",
			a_token_that_was_fetched_is_for_one_path);
	g_test_add_func("/access/a_prefix_stands_for_another_image",
			a_prefix_stands_for_another_image);
	g_test_add_func("/access/the_list_may_lie_elsewhere_than_the_manifests",
			the_list_may_lie_elsewhere_than_the_manifests);
	g_test_add_func("/access/a_status_says_what_is_wrong", a_status_says_what_is_wrong);
	return g_test_run();
}
