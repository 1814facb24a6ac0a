/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/taglist.h"

#include <string.h>

#define DIGEST_A "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define DIGEST_B "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static Offer *offer_of_golang(void)
{
	return listing_new("docker.io/library/golang", NULL);
}

static char *names_of(const Offer *offer)
{
	GString *names = g_string_new(NULL);

	for (guint i = 0; i < offer->releases->len; i++)
		g_string_append_printf(names, "%s%s", i > 0 ? " " : "",
				       ((Release *)offer->releases->pdata[i])->version);
	return g_string_free(names, FALSE);
}

static const struct {
	const char *json;
	const char *names; /* NULL: refused */
	bool is_all;
} lists[] = {
	{ "{\"name\":\"x\",\"tags\":[\"1.0\",\"latest\"]}", "1.0 latest", false },
	{ "{\"tags\":null}", "", false },
	{ "{\"tags\":[]}", "", false },
	{ "{\"tags\":[\"1\",\"1\",\"a b\",\"\",7,null,\"2\"]}", "1 2", false },
	{ "{\"tags\":[\"1\"],\"child\":[]}", "1", true },
	{ "{\"name\":\"x\"}", NULL, false },
	{ "{\"errors\":[{\"code\":\"DENIED\"}]}", NULL, false },
	{ "[\"1\"]", NULL, false },
	{ "{\"tags\":[\"1\"", NULL, false },
	{ "", NULL, false },
};

static void a_list_of_tags_is_read(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_autoptr(Offer) offer = offer_of_golang();
		g_autoptr(GError) error = NULL;
		g_autofree char *names = NULL;
		bool is_all = false;
		bool is_read =
			taglist_read(offer, lists[i].json, strlen(lists[i].json), &is_all, &error);

		g_test_message("%s", lists[i].json);
		g_assert_cmpint(is_read, ==, lists[i].names != NULL);
		if (!is_read) {
			g_assert_error(error, FAILURE, FAILURE_NET);
			continue;
		}
		names = names_of(offer);
		g_assert_cmpstr(names, ==, lists[i].names);
		g_assert_cmpint(is_all, ==, lists[i].is_all);
	}
}

static void a_map_of_digests_tells_dates(void)
{
	static const char json[] =
		"{\"tags\":[\"1\"],\"manifest\":{\"" DIGEST_A "\":{\"tag\":[\"1\",\"latest\"],"
		"\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
		"\"timeCreatedMs\":\"1\",\"timeUploadedMs\":\"1700000000500\"},"
		"\"sha1:x\":{\"tag\":[\"2\"]}}}";
	g_autoptr(Offer) offer = offer_of_golang();
	const Release *release;
	bool is_all = false;

	g_assert_true(taglist_read(offer, json, strlen(json), &is_all, NULL));
	g_assert_true(is_all);
	release = listing_find(offer, "latest");
	g_assert_cmpstr(release->digest, ==, DIGEST_A);
	g_assert_cmpint(release->published_at, ==, 1700000000);
	g_assert_true(content_find(offer, DIGEST_A)->is_index);
	g_assert_null(listing_find(offer, "2"));
}

static const struct {
	const char *link, *url, *next;
} links[] = {
	{ "link: </v2/x/tags/list?n=2&last=b>; rel=\"next\"", "https://r.test/v2/x/tags/list?n=2",
	  "https://r.test/v2/x/tags/list?n=2&last=b" },
	{ "link: <https://r.test/v2/x/tags/list?last=b>;rel=next", "https://r.test/v2/x/tags/list",
	  "https://r.test/v2/x/tags/list?last=b" },
	{ "link: </v2/x/tags/list?last=a>; rel=\"prev\", </v2/x/tags/list?last=b>; rel=\"next\"",
	  "https://r.test/v2/x/tags/list", "https://r.test/v2/x/tags/list?last=b" },
	{ "link: <https://evil.test/v2/x/tags/list?last=b>; rel=\"next\"",
	  "https://r.test/v2/x/tags/list", "https://r.test/v2/x/tags/list?n=1000&last=b" },
	{ "link: <https://evil.test/v2/x/tags/list>; rel=\"next\"", "https://r.test/v2/x/tags/list",
	  NULL },
	{ "link: </api/docker/v2/x/tags/list?n=5&last=b>; rel=\"next\"",
	  "https://r.test/v2/virtual/x/tags/list?n=5",
	  "https://r.test/v2/virtual/x/tags/list?n=1000&last=b" },
	{ "link: </v2/x/tags/list?last=b>; rel=\"next\"", "https://r.test/v2/x/tags/list?last=b",
	  NULL },
	{ "link: </v2/x/tags/list?last=b", "https://r.test/v2/x/tags/list", NULL },
	{ "link: </v2/x/tags/list?last=b>; rel=\"last\"", "https://r.test/v2/x/tags/list", NULL },
	{ "content-type: x", "https://r.test/v2/x/tags/list", NULL },
};

static void the_next_page_is_on_the_same_host(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
		g_autoptr(GPtrArray) list = g_ptr_array_new();
		g_autofree char *next = NULL;

		g_ptr_array_add(list, (char *)links[i].link);
		next = taglist_next(list, links[i].url);
		g_test_message("%s", links[i].link);
		g_assert_cmpstr(next, ==, links[i].next);
	}
}

static void records_tell_digests_dates_and_platforms(void)
{
	static const char json[] =
		"{\"count\":3,\"next\":\"x\",\"results\":["
		"{\"name\":\"1.1\",\"digest\":\"" DIGEST_A "\",\"last_updated\":"
		"\"2026-08-01T00:00:00Z\",\"tag_last_pushed\":\"2026-08-01T12:00:00.5Z\","
		"\"images\":[{\"os\":\"linux\",\"architecture\":\"amd64\",\"digest\":\"" DIGEST_B
		"\"},{\"os\":\"windows\",\"architecture\":\"amd64\",\"os_version\":"
		"\"10.0.17763.1\"},{\"os\":\"unknown\",\"architecture\":\"unknown\"}]},"
		"{\"name\":\"1.0\",\"last_updated\":\"2026-07-01T00:00:00Z\",\"images\":[{"
		"\"os\":\"linux\",\"architecture\":\"arm64\",\"digest\":\"" DIGEST_B "\"}]},"
		"{\"name\":\"odd\",\"digest\":\"sha256:x\",\"last_updated\":null}]}";
	g_autoptr(Offer) offer = offer_of_golang();
	g_auto(TagPage) page = { 0 };
	const Release *release;
	const Content *content;

	g_assert_true(taglist_read_hub(offer, json, strlen(json), &page, NULL));
	g_assert_cmpint(page.count, ==, 3);
	g_assert_true(page.has_next && page.is_newest_first);
	release = listing_find(offer, "1.1");
	g_assert_cmpint(release->published_at, ==, 1785585600);
	g_assert_true(release->is_described);
	content = content_find(offer, DIGEST_A);
	g_assert_true(content->is_index && content->is_whole);
	g_assert_cmpuint(content->platforms->len, ==, 2);
	g_assert_cmpstr(((Platform *)content->platforms->pdata[1])->os_version, ==, "10.0.17763.1");
	release = listing_find(offer, "1.0");
	g_assert_cmpstr(release->digest, ==, DIGEST_B);
	g_assert_false(content_find(offer, DIGEST_B)->is_index);
	release = listing_find(offer, "odd");
	g_assert_null(release->digest);
	g_assert_false(release->is_described);
}

static void records_out_of_order_are_noticed(void)
{
	static const char json[] = "{\"count\":2,\"results\":["
				   "{\"name\":\"1\",\"last_updated\":\"2026-07-01T00:00:00Z\"},"
				   "{\"name\":\"2\",\"last_updated\":\"2026-08-01T00:00:00Z\"}]}";
	g_autoptr(Offer) offer = offer_of_golang();
	g_auto(TagPage) page = { 0 };

	g_assert_true(taglist_read_hub(offer, json, strlen(json), &page, NULL));
	g_assert_false(page.is_newest_first);
}

static void quays_records_tell_digests_and_dates(void)
{
	static const char json[] =
		"{\"has_additional\":true,\"tags\":[{\"name\":\"v1\",\"start_ts\":1700000000,"
		"\"manifest_digest\":\"" DIGEST_A "\"},{\"name\":\"v2\"}]}";
	g_autoptr(Offer) offer = listing_new("quay.io/a/b", NULL);
	g_auto(TagPage) page = { 0 };

	g_assert_true(taglist_read_quay(offer, json, strlen(json), &page, NULL));
	g_assert_true(page.has_next);
	g_assert_cmpint(listing_find(offer, "v1")->published_at, ==, 1700000000);
	g_assert_true(listing_find(offer, "v1")->is_described);
	g_assert_false(listing_find(offer, "v2")->is_described);
}

static void a_record_of_another_tag_is_refused(void)
{
	static const char json[] = "{\"name\":\"2\"}";
	g_autoptr(Offer) offer = offer_of_golang();
	g_autoptr(GError) error = NULL;

	g_assert_false(
		taglist_read_record(offer, listing_add(offer, "1"), json, strlen(json), &error));
	g_assert_error(error, FAILURE, FAILURE_NET);
}

static void an_index_and_a_manifest_are_told_apart(void)
{
	static const char index[] =
		"{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"" DIGEST_B
		"\",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm\",\"variant\":\"v7\"}},"
		"{\"digest\":\"" DIGEST_A "\",\"platform\":{\"os\":\"unknown\","
		"\"architecture\":\"unknown\"}},{\"digest\":\"" DIGEST_A "\"}],"
		"\"annotations\":{\"org.opencontainers.image.version\":\"1.2.3\"}}";
	static const char manifest[] = "{\"config\":{\"digest\":\"" DIGEST_A "\"},\"layers\":[]}";
	static const char config[] =
		"{\"os\":\"linux\",\"architecture\":\"arm64\",\"variant\":\"v8\"}";
	g_autoptr(Offer) offer = offer_of_golang();
	Content *content = content_need(offer, DIGEST_A), *single = content_need(offer, DIGEST_B);
	g_autofree char *none = NULL, *digest = NULL;

	g_assert_true(taglist_read_manifest(content, index, strlen(index), &none, NULL));
	g_assert_null(none);
	g_assert_true(content->is_index);
	g_assert_cmpuint(content->platforms->len, ==, 1);
	g_assert_cmpstr(content->tag, ==, "1.2.3");
	g_assert_true(taglist_read_manifest(single, manifest, strlen(manifest), &digest, NULL));
	g_assert_cmpstr(digest, ==, DIGEST_A);
	g_assert_true(taglist_read_config(single, config, strlen(config), NULL));
	g_assert_cmpuint(single->platforms->len, ==, 1);
	g_assert_cmpstr(((Platform *)single->platforms->pdata[0])->digest, ==, DIGEST_B);
}

static const struct {
	const char *type;
	bool is_index;
} types[] = {
	{ "application/vnd.oci.image.index.v1+json", true },
	{ "application/vnd.docker.distribution.manifest.list.v2+json; charset=utf-8", true },
	{ "application/vnd.oci.image.manifest.v1+json", false },
	{ "application/vnd.oci.image.index.v1+jsonx", false },
	{ NULL, false },
};

static void a_content_type_tells_an_index(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		g_assert_cmpint(taglist_is_index(types[i].type), ==, types[i].is_index);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/docker/taglist/" #name, name)
	ADD(a_list_of_tags_is_read);
	ADD(a_map_of_digests_tells_dates);
	ADD(the_next_page_is_on_the_same_host);
	ADD(records_tell_digests_dates_and_platforms);
	ADD(records_out_of_order_are_noticed);
	ADD(quays_records_tell_digests_and_dates);
	ADD(a_record_of_another_tag_is_refused);
	ADD(an_index_and_a_manifest_are_told_apart);
	ADD(a_content_type_tells_an_index);
	return g_test_run();
}
