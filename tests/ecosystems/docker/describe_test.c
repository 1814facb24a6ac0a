/* SPDX-License-Identifier: MIT */
/* What the answer to a wish for a tag or a digest is taken for. */
#include "ecosystems/docker/lookup.h"
#include "ecosystems/docker/registry.h"
#include "net/loopback.h"
#include "upkeepd/ecosystem.h"

#include <string.h>

#define KEY      "registry.test/a/b"
#define NOW      INT64_C(1780272000)
#define A        "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
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
	return g_test_run();
}
