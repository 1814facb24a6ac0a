/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/hub.h"

#include "ecosystems/docker/taglist.h"

#include <string.h>

/* How long what is kept is believed without reading all names again. */
enum { LISTED_FOR = 7 * 24 * 60 * 60 };

/* "…/v2/namespaces/library/repositories/golang" */
char *hub_repository_url(const Access *access)
{
	const char *slash = strchr(access->path, '/');
	int length = slash != NULL ? (int)(slash - access->path) : 0;

	return g_strdup_printf("%s/v2/namespaces/%.*s/repositories/%s", access->tags, length,
			       access->path, slash != NULL ? slash + 1 : access->path);
}

static char *tags_url(const Access *access)
{
	g_autofree char *repository = hub_repository_url(access);

	return g_strconcat(repository, "/tags", NULL);
}

char *hub_record_url(const Access *access, const char *tag)
{
	g_autofree char *tags = tags_url(access);

	return g_strdup_printf("%s/%s", tags, tag);
}

static char *page_url(const Access *access)
{
	g_autofree char *tags = tags_url(access);

	return g_strdup_printf("%s?page_size=100&ordering=last_updated", tags);
}

static bool read_page(Offer *offer, const HttpRequest *request, TagPage *page)
{
	g_autoptr(GError) error = NULL;

	return request->error == NULL && request->status == 200 &&
	       taglist_read_hub(offer, (const char *)request->answer->data, request->answer->len,
				page, &error);
}

/* Completes the offer from what is kept, if the page shows all that changed since.
 * What is known is then the whole; else the offer holds the page alone. */
static bool complete_from_kept(const World *w, Offer *offer, const HttpRequest *request,
			       const TagPage *page)
{
	Lookup *lookup = lookup_of(offer);
	g_autofree char *from = access_source(lookup->access);
	TagPage again = { 0 };
	Cursor old;
	bool is_same;

	if (!kept_list(w, from, offer->key, NULL, &old) || old.listed_at <= w->now - LISTED_FOR)
		return false;
	is_same = old.count == page->count && old.newest_at == page->newest_at;
	if (!is_same && page->oldest_at >= old.newest_at)
		return false;
	if (!kept_list(w, from, offer->key, offer, &old))
		return false;
	lookup->cursor.listed_at = old.listed_at;
	lookup->is_changed = !is_same;
	if (is_same || offer->releases->len == page->count)
		return true;
	/* Something was deleted, and only a new list tells what. */
	listing_clear(offer);
	(void)read_page(offer, request, &again);
	tag_page_clear(&again);
	return false;
}

static bool observe_page(const World *w, Offer *offer, const TagPage *page, GError **error)
{
	for (guint i = 0; i < page->names->len; i++) {
		Release *release = listing_find(offer, g_ptr_array_index(page->names, i));

		if (release != NULL && !lookup_observe(w, offer, release, error))
			return false;
	}
	return true;
}

static bool read_answer(const World *w, Offer *offer, const HttpRequest *request,
			GPtrArray *unlisted, GError **error)
{
	g_auto(TagPage) page = { 0 };
	Lookup *lookup = lookup_of(offer);

	if (!read_page(offer, request, &page)) {
		listing_clear(offer);
		g_ptr_array_add(unlisted, offer);
		return true;
	}
	lookup->has_records = lookup->is_changed = true;
	lookup->is_tracked = page.count >= 0 && page.is_newest_first;
	lookup->cursor = (Cursor){ page.count, page.newest_at, w->now };
	if (page.has_next &&
	    !(lookup->is_tracked && complete_from_kept(w, offer, request, &page))) {
		lookup->cursor.listed_at = w->now;
		g_ptr_array_add(unlisted, offer);
	}
	return !lookup->is_changed || observe_page(w, offer, &page, error);
}

static bool read_answers(const World *w, const GPtrArray *asks, GPtrArray *unlisted, GError **error)
{
	for (guint i = 0; i < asks->len; i++) {
		const Ask *ask = g_ptr_array_index(asks, i);

		if (!read_answer(w, ask->about, ask->request, unlisted, error))
			return false;
	}
	return true;
}

bool hub_poll(World *w, const GPtrArray *offers, GPtrArray *unlisted, GError **error)
{
	g_autoptr(GPtrArray) asks = asks_new();

	for (guint i = 0; i < offers->len; i++) {
		Offer *offer = g_ptr_array_index(offers, i);
		Access *access = lookup_of(offer)->access;

		if (access->tags != NULL)
			g_ptr_array_add(asks,
					ask_new(access, HTTP_GET, page_url(access), NULL, offer));
		else
			g_ptr_array_add(unlisted, offer);
	}
	access_ask_all(w, asks, HTTP_RECENT);
	return lookup_enter(w, error) &&
	       lookup_leave(w, read_answers(w, asks, unlisted, error), error);
}
