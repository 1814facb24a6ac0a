/* SPDX-License-Identifier: MIT */
#include "ecosystems/docker/registry.h"

#include "ecosystems/docker/hub.h"
#include "ecosystems/docker/taglist.h"
#include "upkeepd/limits.h"

#include <string.h>

/* What one request of a list is about. */
typedef struct {
	Offer *offer;
	int page; /* from 1; of Quay's records */
	bool is_quay;
} Part;

static Part *part_new(Offer *offer, bool is_quay, int page)
{
	Part *part = g_new0(Part, 1);

	part->offer = offer;
	part->is_quay = is_quay;
	part->page = page;
	return part;
}

/* Docker Hub answers with all names at once if it is not asked for fewer; others
 * have small pages, or refuse, unless they are asked for a thousand. */
static char *list_url(const Part *part)
{
	const Access *access = lookup_of(part->offer)->access;

	if (part->is_quay)
		return g_strdup_printf("%s/api/v1/repository/%s/tag/?limit=100&page=%d"
				       "&onlyActiveTags=true",
				       access->registry, access->path, part->page);
	return g_strdup_printf("%s/v2/%s/tags/list%s", access->registry, access->path,
			       access->is_metered ? "" : "?n=1000");
}

/* The rounds of a list: what is asked now and, by the answers, in the next round. */
typedef struct {
	GPtrArray *asks, *next; /* of Ask */
	GPtrArray *parts;       /* of Part, of both */
} Rounds;

static void ask_for(GPtrArray *asks, Rounds *rounds, Part *part, char *url)
{
	g_ptr_array_add(rounds->parts, part);
	g_ptr_array_add(asks, ask_new(lookup_of(part->offer)->access, HTTP_GET,
				      url != NULL ? url : list_url(part), NULL, part));
}

/* Half a list is none: registries that sort by age have the newest tags on the last
 * page, so what is chosen from the first ones would be old. */
static bool is_too_long(Offer *offer)
{
	if (offer->releases->len < LIMIT_TAGS)
		return false;
	fail(&offer->error, FAILURE_LIMIT, "there are %d tags or more", LIMIT_TAGS);
	return true;
}

static void read_names(Rounds *rounds, const Ask *ask, Part *part)
{
	const HttpRequest *request = ask->request;
	guint before = part->offer->releases->len;
	g_autofree char *next = NULL;
	bool is_all = false;

	if (!taglist_read(part->offer, (const char *)request->answer->data, request->answer->len,
			  &is_all, &part->offer->error) ||
	    is_too_long(part->offer) || is_all)
		return;
	next = taglist_next(request->answer_headers, ask->url);
	/* A page without anything new is a circle. */
	if (next != NULL && part->offer->releases->len > before)
		ask_for(rounds->next, rounds, part_new(part->offer, false, 1),
			g_steal_pointer(&next));
}

static void read_quay(Rounds *rounds, const Ask *ask, Part *part)
{
	const HttpRequest *request = ask->request;
	g_auto(TagPage) page = { 0 };

	if (taglist_read_quay(part->offer, (const char *)request->answer->data,
			      request->answer->len, &page, &part->offer->error) &&
	    !is_too_long(part->offer) && page.has_next && page.names->len > 0)
		ask_for(rounds->next, rounds, part_new(part->offer, true, part->page + 1), NULL);
}

static void read_answer(Rounds *rounds, const Ask *ask)
{
	Part *part = ask->about;
	const HttpRequest *request = ask->request;

	if (request->error == NULL && request->status == 200) {
		(part->is_quay ? read_quay : read_names)(rounds, ask, part);
		return;
	}
	if (request->error == NULL && request->status == 404 &&
	    access_turn_library(lookup_of(part->offer)->access)) {
		ask_for(rounds->next, rounds, part_new(part->offer, false, 1), NULL);
	} else if (request->error == NULL && part->is_quay) {
		ask_for(rounds->next, rounds, part_new(part->offer, false, 1), NULL);
	} else {
		part->offer->error = ask_error(ask);
	}
}

static void give_up(const GPtrArray *asks)
{
	for (guint i = 0; i < asks->len; i++) {
		const Part *part = ((const Ask *)asks->pdata[i])->about;

		fail(&part->offer->error, FAILURE_LIMIT, "the list of tags has more than %d pages",
		     LIMIT_TAG_PAGES);
	}
}

/* What one place does not tell another one may. */
static void read_part(const World *w, Rounds *rounds, const Ask *ask)
{
	Offer *offer = ((const Part *)ask->about)->offer;

	read_answer(rounds, ask);
	if (offer->error != NULL && lookup_turn(w, offer))
		ask_for(rounds->next, rounds, part_new(offer, false, 1), NULL);
}

/* Reads the names of all tags of `offers` (of Offer). What fails for one is its error. */
static void list_names(World *w, const GPtrArray *offers)
{
	Rounds rounds = { asks_new(), asks_new(), g_ptr_array_new_with_free_func(g_free) };

	for (guint i = 0; i < offers->len; i++) {
		Offer *offer = g_ptr_array_index(offers, i);
		const Access *access = lookup_of(offer)->access;
		bool is_quay = strcmp(access->registry, "https://quay.io") == 0;

		ask_for(rounds.asks, &rounds, part_new(offer, is_quay, 1), NULL);
	}
	for (int page = 0; rounds.asks->len > 0; page++) {
		GPtrArray *done = rounds.asks;

		if (page == LIMIT_TAG_PAGES) {
			give_up(done);
			break;
		}
		access_ask_all(w, done, HTTP_RECENT);
		for (guint i = 0; i < done->len; i++)
			read_part(w, &rounds, g_ptr_array_index(done, i));
		rounds.asks = rounds.next;
		rounds.next = done;
		g_ptr_array_set_size(done, 0);
	}
	g_ptr_array_unref(rounds.asks);
	g_ptr_array_unref(rounds.next);
	g_ptr_array_unref(rounds.parts);
}

/* Without a network the last list will do. */
static void fall_back(const World *w, Offer *offer)
{
	g_autofree char *from = access_source(lookup_of(offer)->access);
	Cursor cursor;

	if (w->is_offline && offer->error != NULL && kept_list(w, from, offer->key, offer, &cursor))
		g_clear_error(&offer->error);
}

static bool keep_list(const World *w, Offer *offer, GError **error)
{
	Lookup *lookup = lookup_of(offer);
	g_autofree char *from = access_source(lookup->access);

	if (w->is_offline || offer->error != NULL || (lookup->is_tracked && !lookup->is_changed))
		return true;
	lookup->is_changed = false;
	return kept_put_list(w, from, offer, &lookup->cursor, error);
}

/* Recalls what the history of the reference's digest is needed for, and adds to it. */
static bool recall(const World *w, Dependency *dep, GError **error)
{
	Offer *offer = dep->offer;
	const Lookup *lookup = lookup_of(offer);
	Release *release;
	const Content *content;

	if (dep->digest == NULL || offer->error != NULL)
		return true;
	if (dep->version == NULL)
		return lookup_recall_tag(w, offer, dep->digest, error);
	release = listing_find(offer, dep->version);
	if (release == NULL)
		return true;
	content = release->digest != NULL ? content_find(offer, release->digest) : NULL;
	return lookup_observe(w, offer, release, error) &&
	       lookup_note_written(w, offer, release, dep->digest, error) &&
	       lookup_recall(w, offer, release, error) &&
	       (content == NULL || !content->is_whole || !lookup->is_changed ||
		kept_put_content(w, content, error));
}

static bool conclude(const World *w, const GPtrArray *dependencies, const GPtrArray *offers,
		     GError **error)
{
	for (guint i = 0; i < offers->len; i++)
		fall_back(w, g_ptr_array_index(offers, i));
	for (guint i = 0; i < dependencies->len; i++)
		if (!recall(w, g_ptr_array_index(dependencies, i), error))
			return false;
	for (guint i = 0; i < offers->len; i++)
		if (!keep_list(w, g_ptr_array_index(offers, i), error))
			return false;
	return true;
}

bool registry_look_up(World *w, GPtrArray *dependencies, GTree *offers, GError **error)
{
	g_autoptr(GPtrArray) new = g_ptr_array_new(), unlisted = g_ptr_array_new();

	for (guint i = 0; i < dependencies->len; i++) {
		Dependency *dep = g_ptr_array_index(dependencies, i);

		dep->offer = g_tree_lookup(offers, dep->key);
		if (dep->offer != NULL)
			continue;
		dep->offer = lookup_new(w, dep->key);
		g_tree_insert(offers, g_strdup(dep->key), dep->offer);
		g_ptr_array_add(new, dep->offer);
	}
	if (!hub_poll(w, new, unlisted, error))
		return false;
	list_names(w, unlisted);
	return lookup_enter(w, error) &&
	       lookup_leave(w, conclude(w, dependencies, new, error), error);
}
