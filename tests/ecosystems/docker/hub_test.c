/* SPDX-License-Identifier: MIT */
/* What one page of tag records tells, and when the names must be listed after all. */
#include "ecosystems/docker/hub.h"
#include "net/loopback.h"
#include "store/directory.h"

#include <string.h>

#define KEY  "docker.io/team/app"
#define PAGE "/v2/namespaces/team/repositories/app/tags?page_size=100&ordering=last_updated"
#define A    "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define RECORD(tag, at) \
	"{\"name\":\"" tag "\",\"digest\":\"" A "\",\"last_updated\":\"2026-" at "T00:00:00Z\"}"

/* A poll of one repository that gives `answer`. */
typedef struct {
	Upstream upstream;
	GPtrArray *upstreams, *offers, *unlisted;
	Loopback *server;
	World world;
	Offer *offer;
} Poll;

static void poll_begin(Poll *p, const Page *pages, const char *key, Store *store)
{
	*p = (Poll){ .server = loopback_new(pages) };
	p->upstream = (Upstream){ .host = (char *)"docker.io",
				  .registry = p->server->origin,
				  .tags = p->server->origin };
	p->upstreams = g_ptr_array_new();
	g_ptr_array_add(p->upstreams, &p->upstream);
	p->world = (World){ .store = store,
			    .now = NOW,
			    .upstreams = p->upstreams,
			    .http = http_new(&(HttpOptions){ .backoff_ms = 1 }, NULL, NOW) };
	p->offer = lookup_new(&p->world, key);
	p->offers = g_ptr_array_new();
	p->unlisted = g_ptr_array_new();
	g_ptr_array_add(p->offers, p->offer);
	GOOD(hub_poll(&p->world, p->offers, p->unlisted, &error));
}

static void poll_end(Poll *p)
{
	offer_free(p->offer);
	http_free(p->world.http);
	g_ptr_array_unref(p->upstreams);
	g_ptr_array_unref(p->offers);
	g_ptr_array_unref(p->unlisted);
	loopback_free(p->server);
}

static const struct {
	const char *name, *answer;
	bool is_whole, has_records, is_tracked;
	guint tags;
} rows[] = {
	{ "a_last_page_tells_all",
	  "200\n\n{\"count\":2,\"next\":null,\"results\":[" RECORD("2", "05-02") "," RECORD(
		  "1", "05-01") "]}",
	  true, true, true, 2 },
	{ "of_more_pages_the_names_are_listed",
	  "200\n\n{\"count\":9,\"next\":\"more\",\"results\":[" RECORD("2", "05-02") "]}", false,
	  true, true, 1 },
	{ "what_is_not_newest_first_tells_no_change",
	  "200\n\n{\"count\":2,\"next\":null,\"results\":[" RECORD("1", "05-01") "," RECORD(
		  "2", "05-02") "]}",
	  true, true, false, 2 },
	{ "nor_does_what_has_no_count",
	  "200\n\n{\"next\":null,\"results\":[" RECORD("1", "05-01") "]}", true, true, false, 1 },
	{ "a_refusal_is_no_record", "403\n\n{}", false, false, false, 0 },
	{ "nor_is_nonsense", "200\n\n<html>", false, false, false, 0 },
};

static void a_page_is_judged(gconstpointer data)
{
	size_t row = GPOINTER_TO_SIZE(data);
	const Page pages[] = { { PAGE, { rows[row].answer } }, { NULL, { NULL } } };
	const Lookup *lookup;
	Poll p;

	poll_begin(&p, pages, KEY, NULL);
	lookup = lookup_of(p.offer);
	g_assert_cmpint(p.unlisted->len == 0, ==, rows[row].is_whole);
	g_assert_cmpint(lookup->has_records, ==, rows[row].has_records);
	g_assert_cmpint(lookup->is_tracked, ==, rows[row].is_tracked);
	g_assert_cmpuint(p.offer->releases->len, ==, rows[row].tags);
	g_assert_cmpuint(p.server->requests->len, ==, 1);
	poll_end(&p);
}

static void without_records_nobody_is_asked(void)
{
	const Page pages[] = { { NULL, { NULL } } };
	Poll p;

	poll_begin(&p, pages, "registry.test/team/app", NULL);
	g_assert_cmpuint(p.unlisted->len, ==, 1);
	g_assert_cmpuint(p.server->requests->len, ==, 0);
	poll_end(&p);
}

static void what_a_page_shows_is_seen(Directory *directory, gconstpointer data)
{
	const Page pages[] = { { PAGE, { rows[0].answer } }, { NULL, { NULL } } };
	g_autoptr(Store) store = directory_open(directory);
	Poll p;

	(void)data;
	poll_begin(&p, pages, KEY, store);
	g_assert_cmpint(listed_of(listing_find(p.offer, "2"))->first_seen_at, ==, NOW);
	poll_end(&p);
}

static void records_have_their_urls(void)
{
	Access access = { .path = (char *)"team/app", .tags = (char *)"https://records.test" };
	g_autofree char *repository = hub_repository_url(&access);
	g_autofree char *record = hub_record_url(&access, "1.2");

	g_assert_cmpstr(repository, ==, "https://records.test/v2/namespaces/team/repositories/app");
	g_assert_cmpstr(record, ==,
			"https://records.test/v2/namespaces/team/repositories/app/tags/1.2");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *path = g_strconcat("/hub/", rows[i].name, NULL);

		g_test_add_data_func(path, GSIZE_TO_POINTER(i), a_page_is_judged);
	}
	g_test_add_func("/hub/without_records_nobody_is_asked", without_records_nobody_is_asked);
	g_test_add("/hub/what_a_page_shows_is_seen", Directory, NULL, directory_make,
		   what_a_page_shows_is_seen, directory_remove);
	g_test_add_func("/hub/records_have_their_urls", records_have_their_urls);
	return g_test_run();
}
