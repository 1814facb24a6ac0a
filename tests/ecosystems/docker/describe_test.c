/* SPDX-License-Identifier: MIT */
/* What the answer to a wish for a tag or a digest is taken for. */
#include "ecosystems/docker/stand.h"
#include "upkeepd/limits.h"

#define KEY      "registry.test/a/b"
#define INDEX    "Content-Type: application/vnd.oci.image.index.v1+json; charset=utf-8\n"
#define MANIFEST "Content-Type: application/vnd.oci.image.manifest.v1+json\n"
#define DIGEST   "Docker-Content-Digest: " A "\n"

/* A registry of one page that is asked for what it is wished for. */
static Offer *ask(const char *path, const char *answer, const char *tag, const char *digest,
		  guint *requests)
{
	const Page pages[] = { { path, { answer } }, { NULL, { NULL } } };
	Loopback *server = loopback_new(pages);
	Upstream upstream = { .host = (char *)"registry.test", .registry = server->origin };
	g_autoptr(GPtrArray) upstreams = g_ptr_array_new(), questions = g_ptr_array_new();
	g_autoptr(GPtrArray) wishes = g_ptr_array_new_with_free_func((GDestroyNotify)wish_free);
	g_autoptr(Dependency) dependency = dependency_new();
	g_autoptr(GError) error = NULL;
	Question q = { .dependency = dependency, .wishes = wishes };
	World w = { .now = NOW,
		    .upstreams = upstreams,
		    .http = http_new(&(HttpOptions){ .backoff_ms = 1 }, NULL, NOW) };

	g_ptr_array_add(upstreams, &upstream);
	g_ptr_array_add(questions, &q);
	dependency->offer = lookup_new(&w, KEY);
	if (tag != NULL)
		question_wish(&q, listing_add(dependency->offer, tag));
	else
		question_wish_digest(&q, digest, false);
	g_assert_true(registry_describe(&w, questions, &error));
	g_assert_no_error(error);
	g_assert_cmpuint(wishes->len, ==, 0);
	*requests = server->requests->len;
	http_free(w.http);
	loopback_free(server);
	return dependency->offer;
}

static const struct {
	const char *name, *answer, *digest;
	int64_t published_at;
	bool is_absent, has_trouble, is_index;
	guint requests;
} tags[] = {
	{ "an_index", "200\n" INDEX DIGEST "\n", A, 0, false, false, true, 1 },
	{ "a_manifest", "200\n" MANIFEST DIGEST "\n", A, 0, false, false, false, 1 },
	{ "a_date", "200\n" INDEX DIGEST "Last-Modified: Fri, 01 May 2026 00:00:00 GMT\n\n", A,
	  1777593600, false, false, true, 1 },
	{ "a_date_that_is_none", "200\n" INDEX DIGEST "Last-Modified: yesterday\n\n", A, 0, false,
	  false, true, 1 },
	{ "a_digest_of_another_kind", "200\n" INDEX "Docker-Content-Digest: md5:aa\n\n",
	  "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 0, false,
	  false, true, 2 },
	{ "what_is_not_there", "404\n\n{}", NULL, 0, true, false, false, 1 },
	{ "a_refusal", "403\n\n{}", NULL, 0, false, true, false, 1 },
};

static void a_tag_is_described(gconstpointer data)
{
	size_t row = GPOINTER_TO_SIZE(data);
	guint requests;
	g_autoptr(Offer) offer =
		ask("/v2/a/b/manifests/1.0", tags[row].answer, "1.0", NULL, &requests);
	const Release *release = listing_find(offer, "1.0");
	const Content *content =
		release->digest != NULL ? content_find(offer, release->digest) : NULL;

	g_assert_true(release->is_described);
	g_assert_cmpstr(release->digest, ==, tags[row].digest);
	g_assert_cmpint(release->published_at, ==, tags[row].published_at);
	g_assert_cmpint(listed_of(release)->is_absent, ==, tags[row].is_absent);
	g_assert_cmpint(listed_of(release)->trouble != NULL, ==, tags[row].has_trouble);
	g_assert_cmpint(content != NULL && content->is_index, ==, tags[row].is_index);
	g_assert_cmpuint(requests, ==, tags[row].requests);
}

static const struct {
	const char *name, *answer;
	bool is_gone, is_index;
} digests[] = {
	{ "that_is_an_index", "200\n" INDEX DIGEST "\n", false, true },
	{ "that_is_a_manifest", "200\n" MANIFEST DIGEST "\n", false, false },
	{ "that_is_gone", "404\n\n{}", true, false },
	{ "that_is_refused", "403\n\n{}", false, false },
};

static void a_digest_is_described(gconstpointer data)
{
	size_t row = GPOINTER_TO_SIZE(data);
	guint requests;
	g_autoptr(Offer) offer =
		ask("/v2/a/b/manifests/" A, digests[row].answer, NULL, A, &requests);
	const Content *content = content_find(offer, A);

	g_assert_true(content->is_known); /* asked is asked */
	g_assert_cmpint(content->is_gone, ==, digests[row].is_gone);
	g_assert_cmpint(content->is_index, ==, digests[row].is_index);
	g_assert_false(content->is_whole);
	g_assert_cmpuint(requests, ==, 1);
}

/* The pages of a digest whose body is `index`, and of what it leads to. */
static void serve(GArray *pages, const char *kind, const char *body, char **digest)
{
	g_autofree char *hex = sha256_hex(body, strlen(body));
	Page page = { g_strdup_printf("/v2/a/b/%s/sha256:%s", kind, hex),
		      { g_strdup_printf("200\n\n%s", body) } };

	*digest = g_strconcat("sha256:", hex, NULL);
	g_array_append_val(pages, page);
}

static void free_pages(GArray *pages)
{
	for (guint i = 1; i + 1 < pages->len; i++) {
		g_free((char *)g_array_index(pages, Page, i).path);
		g_free((char *)g_array_index(pages, Page, i).answers[0]);
	}
	g_array_unref(pages);
}

static GArray *pages_new(void)
{
	GArray *pages = g_array_new(TRUE, TRUE, sizeof(Page));
	const Page list = { LIST, { "200\n\n{\"tags\":[\"1\"]}" } };

	g_array_append_val(pages, list);
	return pages;
}

static void platforms_are_those_of_what_hashes_to_the_digest(void)
{
	GArray *pages = pages_new();
	g_autofree char *index = NULL, *config = NULL, *manifest = NULL, *body = NULL;
	const Page end = { 0 };

	serve(pages, "manifests",
	      "{\"manifests\":[{\"digest\":\"" B
	      "\",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\"}}]}",
	      &index);
	serve(pages, "blobs", "{\"os\":\"linux\",\"architecture\":\"amd64\"}", &config);
	body = g_strdup_printf("{\"config\":{\"digest\":\"%s\"}}", config);
	serve(pages, "manifests", body, &manifest);
	g_array_append_val(pages, end);
	{
		g_autoptr(Stand) s = stand_new("registry.test", (Page *)(void *)pages->data, NULL);
		const Content *content;
		Offer *offer;

		wants(s, "registry.test/a/b", "1", NULL);
		offer = look_up(s);
		describe(s, NULL, index, true);
		content = content_find(offer, index);
		g_assert_true(content->is_index && content->is_whole);
		g_assert_cmpuint(content->platforms->len, ==, 1);
		describe(s, NULL, manifest, true);
		content = content_find(offer, manifest);
		g_assert_false(content->is_index);
		g_assert_cmpuint(content->platforms->len, ==, 1);
		g_assert_cmpstr(((Platform *)content->platforms->pdata[0])->digest, ==, manifest);
	}
	free_pages(pages);
}

static void a_manifest_of_too_many_bytes_is_not_read(void)
{
	GArray *pages = pages_new();
	g_autofree char *body = g_strnfill(LIMIT_MANIFEST_BODY + 1, ' '), *digest = NULL;
	const Page end = { 0 };

	serve(pages, "manifests", body, &digest);
	g_array_append_val(pages, end);
	{
		g_autoptr(Stand) s = stand_new("registry.test", (Page *)(void *)pages->data, NULL);
		const Content *content;
		Offer *offer;

		wants(s, "registry.test/a/b", "1", NULL);
		offer = look_up(s);
		describe(s, NULL, digest, true);
		content = content_find(offer, digest);
		g_assert_cmpuint(content->platforms->len, ==, 0);
		g_assert_nonnull(strstr(content->trouble, "more than 4194304 bytes"));
	}
	free_pages(pages);
}

/* Blobs lie in a storage of somebody else, which signs its own URLs. */
static void a_storage_elsewhere_gives_blobs_and_sees_no_token(void)
{
	static const char text[] = "{\"os\":\"linux\",\"architecture\":\"amd64\"}";
	static const Page storage[] = { { "/blob",
					  { "200\n\n{\"os\":\"linux\","
					    "\"architecture\":\"amd64\"}" } },
					{ NULL, { NULL } } };
	GArray *pages = pages_new();
	g_autofree char *config = NULL, *body = NULL, *manifest = NULL;
	g_autoptr(Loopback) other = loopback_new(storage);
	const Page end = { 0 };
	Page *blob, token = { g_strdup(TOKEN), { g_strdup("200\n\n{\"token\":\"t0k3n\"}") } };

	serve(pages, "blobs", text, &config);
	body = g_strdup_printf("{\"config\":{\"digest\":\"%s\"}}", config);
	serve(pages, "manifests", body, &manifest);
	g_array_append_val(pages, token);
	g_array_append_val(pages, end);
	g_array_index(pages, Page, 0).answers[0] = CHALLENGE;
	g_array_index(pages, Page, 0).answers[1] = "200\n\n{\"tags\":[\"1\"]}";
	blob = &g_array_index(pages, Page, 1);
	g_free((char *)blob->answers[0]);
	blob->answers[0] = g_strdup("307\nLocation: @OTHER/blob\n\n");
	{
		g_autoptr(Stand) s = stand_new("registry.test", (Page *)(void *)pages->data, NULL);
		const Content *content;
		Offer *offer;

		s->server->other = other;
		add_credential(s, "me", "pass");
		wants(s, "registry.test/a/b", "1", NULL);
		offer = look_up(s);
		describe(s, NULL, manifest, true);
		content = content_find(offer, manifest);
		g_assert_cmpstr(content->trouble, ==, NULL);
		g_assert_cmpuint(content->platforms->len, ==, 1);
		g_assert_true(was_sent(s, s->server->requests->len - 1, "Authorization: Bearer"));
		g_assert_cmpuint(other->requests->len, ==, 1);
		g_assert_null(strstr(loopback_request(other, 0), "uthorization"));
	}
	free_pages(pages);
}

static void what_does_not_hash_to_its_digest_is_not_believed(void)
{
	static const Page pages[] = {
		{ LIST, { "200\n\n{\"tags\":[\"1\"]}" } },
		{ "/v2/a/b/manifests/" A,
		  { "200\nDocker-Content-Digest: " A "\n" INDEX_TYPE
		    "\n{\"manifests\":[{\"digest\":\"" B "\",\"platform\":{\"os\":\"linux\","
		    "\"architecture\":\"amd64\"}}]}" } },
		{ NULL, { NULL } },
	};
	g_autoptr(Stand) s = stand_new("registry.test", pages, NULL);
	const Content *content;
	Offer *offer;

	wants(s, "registry.test/a/b", "1", NULL);
	offer = look_up(s);
	describe(s, NULL, A, true);
	content = content_find(offer, A);
	g_assert_true(content->is_whole);
	g_assert_cmpuint(content->platforms->len, ==, 0);
	g_assert_cmpstr(content->trouble, ==,
			"what registry.test gives for sha256:aaaaaaaaaaaa… is something else");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
		g_autofree char *path = g_strconcat("/describe/tag/", tags[i].name, NULL);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), a_tag_is_described);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(digests); i++) {
		g_autofree char *path = g_strconcat("/describe/digest/", digests[i].name, NULL);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), a_digest_is_described);
	}
	g_test_add_func("/describe/platforms_are_those_of_what_hashes_to_the_digest",
			platforms_are_those_of_what_hashes_to_the_digest);
	g_test_add_func("/describe/a_manifest_of_too_many_bytes_is_not_read",
			a_manifest_of_too_many_bytes_is_not_read);
	g_test_add_func("/describe/a_storage_elsewhere_gives_blobs_and_sees_no_token",
			a_storage_elsewhere_gives_blobs_and_sees_no_token);
	g_test_add_func("/describe/what_does_not_hash_to_its_digest_is_not_believed",
			what_does_not_hash_to_its_digest_is_not_believed);
	return g_test_run();
}
