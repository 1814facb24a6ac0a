/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/stand.h"

static void a_list_is_read_page_by_page(void)
{
	static const Page pages[] = {
		{ LIST,
		  { "200\nLink: </v2/a/b/tags/list?n=1000&last=2>; rel=\"next\"\n\n"
		    "{\"tags\":[\"1\",\"2\"]}" } },
		{ "/v2/a/b/tags/list?n=1000&last=2", { "200\n\n{\"tags\":[\"3\"]}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);

	wants(s, "registry.test/a/b", "1", NULL);
	has_names(look_up(s), "1 2 3");
	g_assert_cmpuint(s->server->requests->len, ==, 2);
}

static void one_image_is_asked_for_once(void)
{
	static const Page pages[] = {
		{ LIST, { "200\n\n{\"tags\":[\"1\"]}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);

	wants(s, "registry.test/a/b", "1", NULL);
	wants(s, "registry.test/a/b", "2", NULL);
	look_up(s);
	g_assert_cmpuint(s->server->requests->len, ==, 1);
	g_assert_true(((Dependency *)s->dependencies->pdata[0])->offer ==
		      ((Dependency *)s->dependencies->pdata[1])->offer);
}

static void pages_in_a_circle_end(void)
{
	static const Page pages[] = {
		{ LIST,
		  { "200\nLink: </v2/a/b/tags/list?last=2>; rel=\"next\"\n\n"
		    "{\"tags\":[\"1\",\"2\"]}" } },
		{ "/v2/a/b/tags/list?last=2",
		  { "200\nLink: </v2/a/b/tags/list?n=1000>; rel=\"next\"\n\n"
		    "{\"tags\":[\"1\"]}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);

	wants(s, "registry.test/a/b", "1", NULL);
	has_names(look_up(s), "1 2");
	g_assert_cmpuint(s->server->requests->len, ==, 2);
}

static const struct {
	const char *answer;
	FailureKind kind;
} failures[] = {
	{ "404\n\n{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}", FAILURE_ABSENT },
	{ "403\n\n{}", FAILURE_DENIED },
	{ "401\n\n{}", FAILURE_DENIED },
	{ "400\n\n{}", FAILURE_NET },
	{ "200\n\n<html>", FAILURE_NET },
	{ "200\n\n{\"tags\":[\"1\"", FAILURE_NET },
};

static void what_fails_for_one_image_is_its_own(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(failures); i++) {
		const Page pages[] = {
			{ LIST, { failures[i].answer } },
			{ "/v2/c/d/tags/list?n=1000", { "200\n\n{\"tags\":[\"1\"]}" } },
			{ NULL, { NULL } },
		};
		g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);
		const Offer *offer;

		wants(s, "registry.test/a/b", "1", NULL);
		wants(s, "registry.test/c/d", "1", NULL);
		offer = look_up(s);
		g_test_message("%s", failures[i].answer);
		g_assert_error(offer->error, FAILURE, (int)failures[i].kind);
		has_names(((Dependency *)s->dependencies->pdata[1])->offer, "1");
	}
}

static const Page guarded[] = {
	{ LIST, { CHALLENGE, "200\n\n{\"tags\":[\"1\"]}" } },
	{ TOKEN, { "200\n\n{\"token\":\"t0k3n\",\"expires_in\":300}" } },
	{ NULL, { NULL } },
};

static GPtrArray *one(const char *url)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(list, g_strdup(url));
	return list;
}

/* A mirror that fails, or has half a list, has told nothing. */
static void the_next_place_is_asked_where_one_fails(void)
{
	static const Page broken[] = {
		{ LIST,
		  { "200\nLink: </v2/a/b/tags/list?n=1000&last=2>; rel=\"next\"\n\n"
		    "{\"tags\":[\"1\",\"2\",\"gone\"]}" } },
		{ "/v2/a/b/tags/list?n=1000&last=2", { "403\n\n{}" } },
		{ NULL, { NULL } },
	};
	static const Page whole[] = {
		{ LIST, { "200\n\n{\"tags\":[\"1\",\"2\"]}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Loopback) other = loopback_new(whole);
	g_autoptr(Stand) s = stand_new("registry.test", broken, NULL);
	const Offer *offer;

	s->upstream.fallbacks = one(other->origin);
	add_credential(s, "me", "pass");
	wants(s, "registry.test/a/b", "1", NULL);
	has_names(look_up(s), "1 2");
	g_assert_null(strstr(loopback_request(other, 0), "Authorization"));
	/* The last one's answer is what is said. */
	g_ptr_array_unref(s->upstream.fallbacks);
	s->upstream.fallbacks = one(s->server->origin);
	offer = look_up(s);
	g_assert_error(offer->error, FAILURE, FAILURE_DENIED);
	g_ptr_array_unref(s->upstream.fallbacks);
}

static void manifests_may_be_elsewhere(void)
{
	static const Page tags[] = {
		{ LIST, { "200\n\n{\"tags\":[\"1\"]}" } },
		{ NULL, { NULL } },
	};
	static const Page manifests[] = {
		{ "/v2/a/b/manifests/1", { "200\nDocker-Content-Digest: " A "\n" INDEX_TYPE } },
		{ NULL, { NULL } },
	};
	g_autoptr(Loopback) other = loopback_new(manifests);
	g_autoptr(Stand) s = stand_new("registry.test", tags, NULL);
	Release *release;

	s->upstream.manifests = other->origin;
	wants(s, "registry.test/a/b", "1", NULL);
	release = listing_find(look_up(s), "1");
	describe(s, release, NULL, false);
	g_assert_cmpstr(release->digest, ==, A);
	g_assert_cmpuint(s->server->requests->len, ==, 1);
	g_assert_cmpuint(other->requests->len, ==, 1);
}

static void what_a_prefix_stands_for_is_looked_up(void)
{
	static const Page pages[] = {
		{ LIST, { "200\n\n{\"tags\":[\"1\"]}" } },
		{ NULL, { NULL } },
	};
	Upstream outer = { .host = (char[]){ "proxy.test" }, .stands_for = (char[]){ "x.test" } };
	Upstream inner = { .host = (char[]){ "proxy.test/in" },
			   .stands_for = (char[]){ "registry.test/a" } };
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);

	g_ptr_array_add(s->upstreams, &inner);
	g_ptr_array_add(s->upstreams, &outer);
	wants(s, "proxy.test/in/b", "1", NULL);
	has_names(look_up(s), "1");
	g_assert_cmpstr(look_up(s)->key, ==, "registry.test/a/b");
	g_assert_cmpstr(((Dependency *)s->dependencies->pdata[0])->key, ==, "proxy.test/in/b");
}

static void a_challenge_is_answered_with_a_token(void)
{
	g_autoptr(Stand) s = stand_new("registry.test", guarded, NULL);

	wants(s, "registry.test/a/b", "1", NULL);
	has_names(look_up(s), "1");
	g_assert_cmpuint(s->server->requests->len, ==, 3);
	g_assert_false(was_sent(s, 0, "Authorization"));
	g_assert_false(was_sent(s, 1, "Authorization"));
	g_assert_true(was_sent(s, 2, "Authorization: Bearer t0k3n\r\n"));
}

static void a_credential_is_shown_to_the_token_service_only(void)
{
	g_autoptr(Stand) s = stand_new("registry.test", guarded, NULL);

	add_credential(s, "me", "pass");
	wants(s, "registry.test/a/b", "1", NULL);
	has_names(look_up(s), "1");
	g_assert_false(was_sent(s, 0, "Authorization"));
	g_assert_true(was_sent(s, 1, "Authorization: Basic bWU6cGFzcw=="));
	g_assert_true(was_sent(s, 2, "Authorization: Bearer t0k3n\r\n"));
}

static void an_identity_token_is_exchanged_for_one_of_the_image(void)
{
	static const Page pages[] = {
		{ LIST, { CHALLENGE, "200\n\n{\"tags\":[\"1\"]}" } },
		{ "/token", { "200\n\n{\"access_token\":\"t0k3n\",\"refresh_token\":\"x\"}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);

	add_credential(s, "<token>", "1d");
	((Credential *)s->credentials->pdata[0])->is_identity = true;
	wants(s, "registry.test/a/b", "1", NULL);
	has_names(look_up(s), "1");
	g_assert_true(was_sent(s, 1, "POST /token "));
	g_assert_true(was_sent(s, 1,
			       "\r\n\r\ngrant_type=refresh_token&client_id=upkeepd"
			       "&scope=repository%3Aa%2Fb%3Apull&service=reg&refresh_token=1d"));
	g_assert_true(was_sent(s, 2, "Authorization: Bearer t0k3n\r\n"));
}

static void an_identity_token_is_a_password_where_nothing_exchanges_it(void)
{
	static const Page pages[] = {
		{ LIST, { CHALLENGE, "200\n\n{\"tags\":[\"1\"]}" } },
		{ "/token", { "405\n\n{}" } },
		{ TOKEN, { "200\n\n{\"token\":\"t0k3n\"}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);

	add_credential(s, "<token>", "1d");
	((Credential *)s->credentials->pdata[0])->is_identity = true;
	wants(s, "registry.test/a/b", "1", NULL);
	has_names(look_up(s), "1");
	g_assert_true(was_sent(s, 1, "POST /token "));
	g_assert_true(was_sent(s, 2, "GET " TOKEN " "));
	g_assert_true(was_sent(s, 2, "Authorization: Basic PHRva2VuPjoxZA=="));
	g_assert_true(was_sent(s, 3, "Authorization: Bearer t0k3n\r\n"));
}

#define ECR "123456789012.dkr.ecr.eu-west-1.amazonaws.com"

/* One exchange for all images of a registry, none of which sees the key; with the key
 * push dates are to be had. */
static void an_access_key_is_exchanged_for_a_password(void)
{
	static const Page api[] = {
		{ "/",
		  { "200\n\n{\"authorizationData\":[{\"authorizationToken\":"
		    "\"QVdTOnBhc3M=\"}]}",
		    "200\n\n{\"imageDetails\":[{\"imageDigest\":\"" A
		    "\",\"imagePushedAt\":1777593600}]}" } },
		{ NULL, { NULL } },
	};
	static const Page pages[] = {
		{ LIST, { "200\n\n{\"tags\":[\"1\"]}" } },
		{ "/v2/a/b/manifests/1", { "200\nDocker-Content-Digest: " A "\n" INDEX_TYPE } },
		{ "/v2/c/d/tags/list?n=1000", { "200\n\n{\"tags\":[\"2\"]}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Loopback) other = loopback_new(api);
	Upstream endpoint = { .host = (char[]){ "api.ecr.eu-west-1.amazonaws.com" },
			      .registry = other->origin };
	g_autoptr(Stand) s = stand_new(ECR, pages, NULL);
	Release *release;

	g_ptr_array_add(s->upstreams, &endpoint);
	add_credential(s, "AKIDEXAMPLE", "s3cr3t");
	wants(s, ECR "/a/b", "1", NULL);
	wants(s, ECR "/c/d", "2", NULL);
	has_names(look_up(s), "1");
	g_assert_cmpuint(other->requests->len, ==, 1);
	g_assert_nonnull(strstr(loopback_request(other, 0), "Credential=AKIDEXAMPLE/"));
	for (guint i = 0; i < 2; i++)
		g_assert_true(was_sent(s, i, "Authorization: Basic QVdTOnBhc3M="));
	g_assert_null(strstr(loopback_request(other, 0), "s3cr3t"));
	release = listing_find(((Dependency *)s->dependencies->pdata[0])->offer, "1");
	describe(s, release, NULL, false);
	g_assert_cmpint(release->published_at, ==, 1777593600);
}

static void an_access_key_that_is_refused_is_not_tried_again(void)
{
	static const Page api[] = { { "/", { "400\n\n{}" } }, { NULL, { NULL } } };
	static const Page pages[] = {
		{ LIST, { "401\nWWW-Authenticate: Basic realm=\"x\"\n\n{}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Loopback) other = loopback_new(api);
	Upstream endpoint = { .host = (char[]){ "api.ecr.eu-west-1.amazonaws.com" },
			      .registry = other->origin };
	g_autoptr(Stand) s = stand_new(ECR, pages, NULL);
	const Offer *offer;

	g_ptr_array_add(s->upstreams, &endpoint);
	add_credential(s, "AKIDEXAMPLE", "s3cr3t");
	wants(s, ECR "/a/b", "1", NULL);
	offer = look_up(s);
	g_assert_error(offer->error, FAILURE, FAILURE_DENIED);
	g_assert_cmpuint(other->requests->len, ==, 1);
	g_assert_cmpuint(s->server->requests->len, ==, 1);
	g_assert_false(was_sent(s, 0, "Authorization"));
}

static void a_realm_elsewhere_sees_nothing(void)
{
	static const Page other_pages[] = {
		{ TOKEN, { "200\n\n{\"token\":\"stolen\"}" } },
		{ NULL, { NULL } },
	};
	static const Page pages[] = {
		{ LIST,
		  { "401\nWWW-Authenticate: Bearer realm=\"@OTHER/token\",service=\"reg\","
		    "scope=\"repository:a/b:pull\"\n\n{}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Loopback) other = loopback_new(other_pages);
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);
	const Offer *offer;

	s->server->other = other;
	add_credential(s, "me", "pass");
	wants(s, "registry.test/a/b", "1", NULL);
	offer = look_up(s);
	g_assert_error(offer->error, FAILURE, FAILURE_DENIED);
	g_assert_cmpuint(other->requests->len, ==, 0);
}

static void a_warning_of_the_registry_is_logged(void)
{
	static const Page pages[] = {
		{ LIST,
		  { "200\nWarning: 299 - \"a/b moves\tto c/d\"\nWarning: 110 - \"stale\"\n\n"
		    "{\"tags\":[\"1\"]}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);

	wants(s, "registry.test/a/b", "1", NULL);
	g_test_expect_message("docker", G_LOG_LEVEL_DEBUG,
			      "registry.test warns of 'a/b': - \"a/b moves to c/d\"");
	has_names(look_up(s), "1");
	g_test_assert_expected_messages();
}

static void basic_is_answered_with_the_credential(void)
{
	static const Page pages[] = {
		{ LIST,
		  { "401\nWWW-Authenticate: Basic realm=\"x\"\n\n{}",
		    "200\n\n{\"tags\":[\"1\"]}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);

	add_credential(s, "me", "pass");
	wants(s, "registry.test/a/b", "1", NULL);
	has_names(look_up(s), "1");
	g_assert_true(was_sent(s, 1, "Authorization: Basic bWU6cGFzcw=="));
}

static void a_known_challenge_is_not_asked_for_again(Directory *directory, gconstpointer data)
{
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Stand) s = stand_new("registry.test", guarded, store);

	(void)data;
	wants(s, "registry.test/a/b", "1", NULL);
	look_up(s);
	g_assert_cmpuint(s->server->requests->len, ==, 3);
	has_names(look_up(s), "1");
	g_assert_cmpuint(s->server->requests->len, ==, 5);
	g_assert_true(was_sent(s, 3, TOKEN));
}

static void a_token_that_ran_out_is_replaced(void)
{
	static const Page pages[] = {
		{ LIST, { CHALLENGE, "200\n\n{\"tags\":[\"1\"]}" } },
		{ "/v2/a/b/manifests/1",
		  { CHALLENGE, "200\nDocker-Content-Digest: " A "\n" INDEX_TYPE } },
		{ TOKEN, { "200\n\n{\"token\":\"one\"}", "200\n\n{\"access_token\":\"two\"}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);
	Release *release;

	wants(s, "registry.test/a/b", "1", NULL);
	release = listing_find(look_up(s), "1");
	describe(s, release, NULL, false);
	g_assert_cmpstr(release->digest, ==, A);
	g_assert_true(was_sent(s, 3, "Bearer one"));
	g_assert_true(was_sent(s, 5, "Bearer two"));
}

static void a_digest_is_learnt_without_fetching(void)
{
	static const Page pages[] = {
		{ LIST, { "200\n\n{\"tags\":[\"1\"]}" } },
		{ "/v2/a/b/manifests/1",
		  { "200\nDocker-Content-Digest: " A "\n" INDEX_TYPE
		    "Last-Modified: Sat, 01 Aug 2026 12:00:00 GMT" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);
	Release *release;

	wants(s, "registry.test/a/b", "1", NULL);
	release = listing_find(look_up(s), "1");
	describe(s, release, NULL, false);
	g_assert_true(release->is_described);
	g_assert_cmpstr(release->digest, ==, A);
	g_assert_cmpint(release->published_at, ==, 1785585600);
	g_assert_true(content_find(((Dependency *)s->dependencies->pdata[0])->offer, A)->is_index);
	g_assert_cmpuint(s->server->requests->len, ==, 2);
	g_assert_true(was_sent(s, 1, "HEAD /v2/a/b/manifests/1"));
	g_assert_true(was_sent(s, 1, "Accept: application/vnd.oci.image.index.v1+json, "));
}

static void without_the_header_the_body_tells_the_digest(void)
{
	static const char body[] = "{\"manifests\":[]}";
	static const Page pages[] = {
		{ LIST, { "200\n\n{\"tags\":[\"1\"]}" } },
		{ "/v2/a/b/manifests/1", { "200\n" INDEX_TYPE "\n{\"manifests\":[]}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);
	g_autofree char *hex = sha256_hex(body, strlen(body));
	Release *release;

	wants(s, "registry.test/a/b", "1", NULL);
	release = listing_find(look_up(s), "1");
	describe(s, release, NULL, false);
	g_assert_nonnull(release->digest);
	g_assert_cmpstr(release->digest + strlen("sha256:"), ==, hex);
}

static void a_tag_that_is_gone_and_one_that_fails_are_told_apart(void)
{
	static const Page pages[] = {
		{ LIST, { "200\n\n{\"tags\":[\"1\",\"2\"]}" } },
		{ "/v2/a/b/manifests/1", { "404\n\n{}" } },
		{ "/v2/a/b/manifests/2", { "400\n\n{}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);
	Release *gone, *failing;
	Offer *offer;

	wants(s, "registry.test/a/b", "1", NULL);
	offer = look_up(s);
	gone = listing_find(offer, "1");
	failing = listing_find(offer, "2");
	describe(s, gone, NULL, false);
	describe(s, failing, NULL, false);
	g_assert_true(listed_of(gone)->is_absent);
	g_assert_null(listed_of(gone)->trouble);
	g_assert_false(listed_of(failing)->is_absent);
	g_assert_nonnull(listed_of(failing)->trouble);
}

static void a_digest_that_is_gone_is_known_to_be(void)
{
	static const Page pages[] = {
		{ LIST, { "200\n\n{\"tags\":[\"1\"]}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);
	Offer *offer;

	wants(s, "registry.test/a/b", "1", A);
	offer = look_up(s);
	describe(s, NULL, A, false);
	g_assert_true(content_find(offer, A)->is_gone);
}

/* Docker Hub. */

#define RECORDS \
	"/v2/namespaces/library/repositories/golang/tags?page_size=100&ordering=last_updated"
#define RECORD(tag, digest, at)                                                        \
	"{\"name\":\"" tag "\",\"digest\":\"" digest "\",\"last_updated\":\"" at "\"," \
	"\"tag_last_pushed\":\"" at "\",\"images\":[{\"os\":\"linux\","                \
	"\"architecture\":\"amd64\",\"digest\":\"" digest "\"},{\"os\":\"linux\","     \
	"\"architecture\":\"arm64\",\"digest\":\"" digest "\"}]}"
#define JULY   "2026-07-01T00:00:00Z"
#define AUGUST "2026-08-01T00:00:00Z"

static void one_page_of_records_tells_all(void)
{
	static const Page pages[] = {
		{ RECORDS,
		  { "200\n\n{\"count\":2,\"next\":null,\"results\":[" RECORD(
			  "1.1", A, AUGUST) "," RECORD("1.0", B, JULY) "]}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("docker.io", pages, NULL);
	Offer *offer;

	wants(s, "docker.io/library/golang", "1.0", NULL);
	offer = look_up(s);
	has_names(offer, "1.1 1.0");
	g_assert_true(listing_find(offer, "1.1")->is_described);
	g_assert_true(content_find(offer, A)->is_whole);
	g_assert_cmpuint(s->server->requests->len, ==, 1);
}

#define NAMES "/v2/library/golang/tags/list?n=1000"
#define FIRST                                                                                      \
	"200\n\n{\"count\":3,\"next\":\"more\",\"results\":[" RECORD("1.1", A, AUGUST) "," RECORD( \
		"1.0", B, JULY) "]}"

static void an_unchanged_repository_costs_one_request(Directory *directory, gconstpointer data)
{
	static const Page pages[] = {
		{ RECORDS, { FIRST } },
		{ NAMES, { "200\n\n{\"tags\":[\"0.9\",\"1.0\",\"1.1\"]}" } },
		{ "/v2/namespaces/library/repositories/golang/tags/0.9",
		  { "200\n\n" RECORD("0.9", B, JULY) } },
		{ NULL, { NULL } },
	};
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Stand) s = stand_new("docker.io", pages, store);
	Offer *offer;

	(void)data;
	wants(s, "docker.io/library/golang", "0.9", NULL);
	offer = look_up(s);
	g_assert_cmpuint(offer->releases->len, ==, 3);
	g_assert_cmpuint(s->server->requests->len, ==, 2);
	describe(s, listing_find(offer, "0.9"), NULL, false);
	g_assert_cmpuint(s->server->requests->len, ==, 3);
	offer = look_up(s);
	g_assert_cmpuint(s->server->requests->len, ==, 4);
	g_assert_cmpuint(offer->releases->len, ==, 3);
	g_assert_true(listing_find(offer, "0.9")->is_described);
	g_assert_cmpstr(listing_find(offer, "0.9")->digest, ==, B);
}

static void what_changed_since_is_taken_from_the_page(Directory *directory, gconstpointer data)
{
	static const Page pages[] = {
		{ RECORDS,
		  { FIRST,
		    "200\n\n{\"count\":4,\"next\":\"more\",\"results\":[" RECORD(
			    "1.2", B, "2026-08-20T00:00:00Z") "," RECORD("1.1", A, JULY) "]}" } },
		{ NAMES, { "200\n\n{\"tags\":[\"0.9\",\"1.0\",\"1.1\"]}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Stand) s = stand_new("docker.io", pages, store);
	Offer *offer;

	(void)data;
	wants(s, "docker.io/library/golang", "1.0", NULL);
	look_up(s);
	offer = look_up(s);
	g_assert_cmpuint(s->server->requests->len, ==, 3);
	g_assert_cmpuint(offer->releases->len, ==, 4);
	g_assert_cmpstr(listing_find(offer, "1.2")->digest, ==, B);
}

static void a_tag_that_was_deleted_is_noticed(Directory *directory, gconstpointer data)
{
	static const Page pages[] = {
		{ RECORDS,
		  { FIRST,
		    "200\n\n{\"count\":3,\"next\":\"more\",\"results\":[" RECORD(
			    "1.2", B, "2026-08-20T00:00:00Z") "," RECORD("1.1", A, JULY) "]}" } },
		{ NAMES,
		  { "200\n\n{\"tags\":[\"0.9\",\"1.0\",\"1.1\"]}",
		    "200\n\n{\"tags\":[\"1.0\",\"1.1\",\"1.2\"]}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Stand) s = stand_new("docker.io", pages, store);
	Offer *offer;

	(void)data;
	wants(s, "docker.io/library/golang", "1.0", NULL);
	look_up(s);
	offer = look_up(s);
	g_assert_null(listing_find(offer, "0.9"));
	g_assert_nonnull(listing_find(offer, "1.2"));
	g_assert_cmpuint(offer->releases->len, ==, 3);
}

static void refused_records_are_done_without(void)
{
	static const Page pages[] = {
		{ RECORDS, { "403\n\n{}" } },
		{ NAMES, { "200\n\n{\"tags\":[\"1.0\",\"1.1\"]}" } },
		{ "/v2/library/golang/manifests/1.1",
		  { "200\nDocker-Content-Digest: " A "\n" INDEX_TYPE } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("docker.io", pages, NULL);
	Release *release;

	wants(s, "docker.io/library/golang", "1.0", NULL);
	release = listing_find(look_up(s), "1.1");
	describe(s, release, NULL, false);
	g_assert_cmpstr(release->digest, ==, A);
	g_assert_cmpuint(s->server->requests->len, ==, 3);
}

static void the_first_sight_of_a_digest_is_remembered(Directory *directory, gconstpointer data)
{
	static const Page pages[] = {
		{ LIST, { "200\n\n{\"tags\":[\"1\"]}" } },
		{ "/v2/a/b/manifests/1",
		  { "200\nDocker-Content-Digest: " A "\n" INDEX_TYPE,
		    "200\nDocker-Content-Digest: " B "\n" INDEX_TYPE } },
		{ NULL, { NULL } },
	};
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Stand) s = stand_new("registry.test", pages, store);
	Release *release;

	(void)data;
	wants(s, "registry.test/a/b", "1", A);
	describe(s, listing_find(look_up(s), "1"), NULL, false);
	s->world.now = NOW + 86400;
	release = listing_find(look_up(s), "1");
	describe(s, release, NULL, false);
	g_assert_cmpstr(release->digest, ==, B);
	g_assert_cmpint(listed_since(release), ==, NOW + 86400);
	g_assert_cmpuint(listed_of(release)->seen->len, ==, 2);
	g_assert_cmpint(((SeenDigest *)listed_of(release)->seen->pdata[1])->since, ==, NOW);
	/* And the digest alone finds its tag again. */
	wants(s, "registry.test/a/b", NULL, A);
	look_up(s);
	g_assert_cmpstr(content_find(((Dependency *)s->dependencies->pdata[1])->offer, A)->tag, ==,
			"1");
}

/* The tag had A before anybody asked; B is newer, whatever the clock says. */
static void a_digest_of_a_file_is_older_than_what_is_seen_later(Directory *directory,
								gconstpointer data)
{
	static const Page pages[] = {
		{ LIST, { "200\n\n{\"tags\":[\"1\"]}" } },
		{ "/v2/a/b/manifests/1", { "200\nDocker-Content-Digest: " B "\n" INDEX_TYPE } },
		{ NULL, { NULL } },
	};
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Stand) s = stand_new("registry.test", pages, store);
	Release *release;

	(void)data;
	wants(s, "registry.test/a/b", "1", A);
	release = listing_find(look_up(s), "1");
	describe(s, release, NULL, false);
	g_assert_cmpint(listed_find_seen(release, B), ==, 0);
	g_assert_cmpint(listed_find_seen(release, A), ==, 1);
	g_assert_true(((SeenDigest *)listed_of(release)->seen->pdata[1])->is_only_written);
	/* It is no history to look a digest up in. */
	wants(s, "registry.test/a/b", NULL, A);
	look_up(s);
	g_assert_null(content_find(((Dependency *)s->dependencies->pdata[1])->offer, A));
}

static void offline_the_last_list_will_do(Directory *directory, gconstpointer data)
{
	static const Page pages[] = {
		{ RECORDS, { FIRST } },
		{ NAMES, { "200\n\n{\"tags\":[\"0.9\",\"1.0\",\"1.1\"]}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Store) store = directory_open(directory);
	g_autoptr(Stand) s = stand_new("docker.io", pages, store);
	Offer *offer;

	(void)data;
	wants(s, "docker.io/library/golang", "0.9", NULL);
	look_up(s);
	http_free(s->world.http);
	s->world.http = http_new(&(HttpOptions){ .is_offline = true }, store, NOW);
	s->world.is_offline = true;
	offer = look_up(s);
	g_assert_cmpuint(offer->releases->len, ==, 3);
	g_assert_no_error(offer->error);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name)        g_test_add_func("/docker/registry/" #name, name)
#define ADD_STORED(name) store_test("/docker/registry/" #name, name)
	ADD(a_list_is_read_page_by_page);
	ADD(one_image_is_asked_for_once);
	ADD(pages_in_a_circle_end);
	ADD(what_fails_for_one_image_is_its_own);
	ADD(the_next_place_is_asked_where_one_fails);
	ADD(manifests_may_be_elsewhere);
	ADD(what_a_prefix_stands_for_is_looked_up);
	ADD(a_challenge_is_answered_with_a_token);
	ADD(a_credential_is_shown_to_the_token_service_only);
	ADD(an_identity_token_is_exchanged_for_one_of_the_image);
	ADD(an_identity_token_is_a_password_where_nothing_exchanges_it);
	ADD(an_access_key_is_exchanged_for_a_password);
	ADD(an_access_key_that_is_refused_is_not_tried_again);
	ADD(a_realm_elsewhere_sees_nothing);
	ADD(a_warning_of_the_registry_is_logged);
	ADD(basic_is_answered_with_the_credential);
	ADD_STORED(a_known_challenge_is_not_asked_for_again);
	ADD(a_token_that_ran_out_is_replaced);
	ADD(a_digest_is_learnt_without_fetching);
	ADD(without_the_header_the_body_tells_the_digest);
	ADD(a_tag_that_is_gone_and_one_that_fails_are_told_apart);
	ADD(a_digest_that_is_gone_is_known_to_be);
	ADD(one_page_of_records_tells_all);
	ADD_STORED(an_unchanged_repository_costs_one_request);
	ADD_STORED(what_changed_since_is_taken_from_the_page);
	ADD_STORED(a_tag_that_was_deleted_is_noticed);
	ADD(refused_records_are_done_without);
	ADD_STORED(the_first_sight_of_a_digest_is_remembered);
	ADD_STORED(a_digest_of_a_file_is_older_than_what_is_seen_later);
	ADD_STORED(offline_the_last_list_will_do);
	return g_test_run();
}
